"""Which functions filters find, and which are yours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from proftui.analysis.filters import MyCode, parse
from proftui.analysis.filters.matching import matching
from proftui.model import WALL_TIME, CallGraph, Functions, Metric, Origin, Part, Profile
from proftui.units import BYTES

FUNCTIONS = [
    ("main", "/home/me/app/main.py", 1, ""),
    ("load", "/home/me/app/io/json.py", 5, ""),
    ("loads", "/usr/lib/python3.11/json/__init__.py", 299, ""),
    ("render", "/home/me/.venv/lib/python3.12/site-packages/rich/table.py", 10, ""),
    ("<built-in method builtins.exec>", "~", -1, ""),
    ("_find_and_load", "<frozen importlib._bootstrap>", 1, ""),
]


def profile(metric: Metric = WALL_TIME) -> Profile:
    count = len(FUNCTIONS)
    own = np.array([[1.0, 2.0, 3.0, 4.0, 0.0, 90.0]])
    none = np.zeros(0, np.int32)
    graph = CallGraph(
        np.arange(count, dtype=np.int32), own * 1e6, own * 1e6, none, none, np.zeros((1, 0)),
        calls=np.array([1.0, 2000.0, 1000.0, 1.0, 1.0, 1.0]),
    )  # fmt: skip
    return Profile("p", Origin("p", "test"), (metric,), Functions.of(FUNCTIONS), (Part("p", graph),))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("json", [1, 2]),
        ("JSON", []),
        ("(?i)JSON", [1, 2]),
        ("~", []),
        ("name=load", [1, 2, 5]),
        ("name=^load$", [1]),
        ("file=json.py", [1]),
        ("file=*/json/*.py", [2]),
        ("file=app", []),
        ("file~app", [0, 1]),
        ("module=rich", [3]),
        ("module=json", [2]),
        ("module=ri", []),
        ("module=*.io", [1]),
        ("module=importlib", [5]),
        ("module~boot", [5]),
        ("show:self>3ms", [3, 5]),
        ("show:self>=3000us", [2, 3, 5]),
        ("show:self<2%", [0, 4]),
        ("show:inclusive>50%", [5]),
        ("show:calls>1000", [1]),
        ("show:calls>=1k", [1, 2]),
        ("show:self>1KiB", []),
    ],
)
def test_found(text: str, found: list[int]) -> None:
    condition = parse(text).condition
    assert condition is not None
    assert np.flatnonzero(matching(profile(), condition)).tolist() == found


def test_amounts_go_to_the_first_metric_with_such_a_unit() -> None:
    condition = parse("self>3MiB").condition
    assert condition is not None
    assert np.flatnonzero(matching(profile(Metric("memory", BYTES)), condition)).tolist() == [3, 5]


def test_what_was_not_measured_matches_nothing() -> None:
    unmeasured = profile()
    part = replace(unmeasured.parts[0], graph=replace(unmeasured.parts[0].graph, calls=None))
    condition = parse("calls<5").condition
    assert condition is not None
    assert not matching(replace(unmeasured, parts=(part,)), condition).any()


def test_paths_tell_what_is_mine() -> None:
    assert MyCode().among(Functions.of(FUNCTIONS)).tolist() == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("file", "binary", "mine"),
    [
        ("/srv/app/views.py", "", True),
        (r"C:\Users\me\app\views.py", "", True),
        (r"C:\Python311\Lib\json\decoder.py", "", False),
        (r"C:\Users\me\AppData\Local\Programs\Python\Python312\Lib\threading.py", "", False),
        ("/Library/Frameworks/Python.framework/Versions/3.11/lib/python3.11/re/_parser.py", "", False),
        ("/opt/conda/lib/python3.10/dataclasses.py", "", False),
        ("/usr/lib/python3/dist-packages/apt/cache.py", "", False),
        ("/usr/lib/python313.zip/json/decoder.py", "", False),
        ("/home/me/lib/python-tools/x.py", "", True),
        ("<string>", "", False),
        ("<frozen runpy>", "", False),
        ("<ipython-input-3-abc>", "", True),
        ("<stdin>", "", True),
        ("", "/usr/lib/x86_64-linux-gnu/libc.so.6", False),
        ("???", "/home/me/build/prog", True),
        ("???", "/home/me/.pyenv/versions/3.11.7/lib/libpython3.11.so.1.0", False),
        ("", "/opt/demo/env/bin/python3", False),
        ("", "/srv/python_tools/bin/serve", True),
        ("", "__main__", True),
        ("", "json.decoder", False),
        ("./malloc/malloc.c", "/usr/lib/x86_64-linux-gnu/libc.so.6", False),
        ("main.c", "/home/me/build/prog", True),
        ("/usr/include/c++/12/bits/stl_vector.h", "/home/me/build/prog", False),
    ],
)
def test_places(file: str, binary: str, mine: bool) -> None:
    # an absolute path elsewhere says that paths are whole
    functions = Functions.of([("f", file, 1, binary), ("g", "/srv/app/x.py", 1, "")])
    assert MyCode().among(functions).tolist()[0] is mine


def test_short_names_of_the_standard_library() -> None:
    short = Functions.of([("f", "threading.py", 1, ""), ("g", "json/decoder.py", 1, ""), ("h", "busy.py", 1, "")])
    assert MyCode().among(short).tolist() == [False, False, True]
    whole = Functions.of([("f", "profile.py", 1, ""), ("g", "/usr/lib/python3.11/re/__init__.py", 1, "")])
    assert MyCode().among(whole).tolist() == [True, False]


def test_patterns_say_otherwise() -> None:
    rules = MyCode(mine=("rich",), not_mine=("*/app/io/*",))
    assert rules.among(Functions.of(FUNCTIONS)).tolist() == [True, False, False, True, False, False]
    assert MyCode(mine=("json",), not_mine=("json", "main.py")).among(Functions.of(FUNCTIONS)).tolist() == [
        False, True, True, False, False, False,
    ]  # fmt: skip
