"""Pictures give back the stacks that they were drawn from."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proftui.errors import Malformed, ProftuiError
from proftui.formats import FORMATS, Source, detect, load
from proftui.units import BYTES, COUNT, TIME

from .conftest import DATA, Read, Stacks, drawn, stacks

# of the folded stacks, by a few lines of awk
SAMPLES_OWN = {
    "inner.<locals>.<genexpr>": 397, "inner": 115, "main": 39, "spin": 8, "Condition.wait": 1,
}  # fmt: skip


def figures(path: Path) -> dict[str, tuple[float, float]]:
    """{name: (self, inclusive)} of a picture of one part."""
    profile = load(path)
    (part,) = profile.parts
    columns = zip(part.graph.function.tolist(), part.graph.self_cost[0], part.graph.inclusive[0], strict=True)
    found: dict[str, tuple[float, float]] = {}
    for function, own, inclusive in columns:
        name = profile.functions.name[function]
        before = found.get(name, (0.0, 0.0))
        found[name] = (before[0] + float(own), before[1] + float(inclusive))
    assert profile.check() == []
    return found


@pytest.mark.parametrize("name", ["flamegraph_pl.svg", "flamegraph_pl_inverted.svg"])
def test_flamegraph_pl(name: str) -> None:
    found = figures(DATA / name)
    assert sum(own for own, _ in found.values()) == 561
    for function, own in SAMPLES_OWN.items():
        assert found[function][0] == own, function
    assert found["spin"][1] == 513
    assert found["recurse"][1] == 7
    assert load(DATA / name).notes == ("2 samples without a frame in the picture left out of the total",)


def test_proftuis_own_picture() -> None:
    found = figures(DATA / "proftui.svg")
    assert found["main"] == (39, 48)
    assert found["recurse"] == (0, 7)
    assert found["spin"][1] == 513
    assert sum(own for own, _ in found.values()) == 561
    assert load(DATA / "proftui.svg").origin.kind == "sampled"


def test_pyspy() -> None:
    """py-spy said: Samples: 243."""
    found = figures(DATA / "pyspy.svg")
    assert sum(own for own, _ in found.values()) == 243
    assert found["inner.<locals>.<genexpr>"] == (163, 163)
    assert found["inner"] == (50, 213)
    assert found["main"] == (20, 20)


def test_pyspys_threads_are_parts() -> None:
    profile = load(DATA / "pyspy_threads.svg")
    assert [part.kind for part in profile.parts] == ["thread"] * 3
    assert sum(float(part.graph.totals[0]) for part in profile.parts) == 261
    assert sorted(part.label for part in profile.parts) == ["MainThread", "worker 1", "worker 2"]
    assert all(part.tid is not None for part in profile.parts)


NAMES = st.sampled_from(["a", "b", "<module>", "f (x) (1 samples, 2.0%)", "all", 'q"&', "λ"])
STACKS = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=5).map(tuple), st.integers(1, 900), min_size=1, max_size=9
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counted=STACKS, inverted=st.booleans(), inferno=st.booleans())
def test_what_is_drawn_is_read(counted: Stacks, inverted: bool, inferno: bool, read: Read) -> None:
    assert stacks(read(drawn(counted, inverted=inverted, inferno=inferno))) == counted


def test_frames_too_narrow_for_their_place_to_tell(read: Read) -> None:
    """Ten thousand callers and callees of 0.1 pixel each: their edges are rounded, their counts are not."""
    counted: Stacks = {(f"caller {number:05}", f"callee {number:05}"): 1 for number in range(10_000)}
    assert stacks(read(drawn(counted, inferno=True))) == counted


@pytest.mark.parametrize(
    ("word", "name", "unit", "scale"),
    [("ms", "time", TIME, 1e6), ("bytes", "bytes", BYTES, 1), ("cache-misses", "cache-misses", COUNT, 1)],
)
def test_what_is_counted(read: Read, word: str, name: str, unit: object, scale: float) -> None:
    profile = read(drawn({("a", "b"): 5}, word=word))
    (metric,) = profile.metrics
    assert (metric.name, metric.unit) == (name, unit)
    assert profile.parts[0].graph.totals[0] == 5 * scale


def test_what_is_counted_may_have_no_name(read: Read) -> None:
    """flamegraph.pl --countname=''."""
    counted: Stacks = {("a", "b"): 5, ("a",): 2, ("c",): 4}
    profile = read(drawn(counted, word=""))
    assert (profile.metrics[0].name, stacks(profile), profile.notes) == ("count", counted, ())


def test_what_is_too_narrow_to_draw_is_told(read: Read) -> None:
    assert read(drawn({("a",): 10_000})).notes == ()
    (note,) = read(drawn({("a",): 100_000})).notes
    assert "narrower than some 10" in note


def test_a_picture_of_two_profiles(read: Read) -> None:
    profile = read(drawn({("a", "b"): 5}).replace("%)", "%; +1.50%)"))
    assert stacks(profile) == {("a", "b"): 5}
    assert "the picture compares two profiles; only the one that its widths show was read" in profile.notes


def test_the_own_of_a_cycle_counts_once(read: Read) -> None:
    """proftui draws it upon the cycle, as the shares of its members."""
    row = 'x="0" y="{}" width="9"'
    profile = read(
        picture(
            box("main  a.py:1  8.851 ms 100.0%, self 2.709 ms 30.6%; exact", row.format(0)),
            box("&lt;cycle: odd, even&gt;  6.142 ms 69.4%, self 6.142 ms 69.4%; exact", row.format(18)),
            box("(inside the cycle)  6.142 ms 69.4%, 100.0% of cycle; exact", row.format(36)),
            box("odd  a.py:12  3.143 ms 35.5%, 51.2% of cycle's own; exact", 'x="0" y="54" width="4.6"'),
            box("even  a.py:8  2.999 ms 33.9%, 48.8% of cycle's own; exact", 'x="4.6" y="54" width="4.4"'),
        )
    )
    assert profile.parts[0].graph.totals[0] == pytest.approx(8_851_000)


def test_proftuis_callees_may_be_rounded_up(read: Read) -> None:
    """Two callees of 1,000.5 each seem to have more than their caller, and still lie on it."""
    profile = read(
        picture(
            box("main  a.py:1  2,001 100.0%, self 0 0.0%; exact", 'x="0" y="0" width="9"'),
            box("one  a.py:2  1,001 50.0%, self 1,001 50.0%; exact", 'x="0" y="18" width="4.5"'),
            box("two  a.py:3  1,001 50.0%, self 1,001 50.0%; exact", 'x="4.5" y="18" width="4.5"'),
        )
    )
    assert stacks(profile) == {("main", "one"): 1_001, ("main", "two"): 1_001}


def test_proftuis_thinnest_frame_lies_in_the_gap_beside_its_caller(read: Read) -> None:
    profile = read(
        picture(
            box("main  a.py:1  5,110 99.0%, self 4,600 90.0%; exact", 'x="1179.52" y="0" width="4.61"'),
            box("rest  a.py:2  10 1.0%, self 10 1.0%; exact", 'x="1184.83" y="0" width="4.47"'),
            box("1 frame too thin to draw, together 510 9.9%", 'x="1184.3" y="18" width="0.26"'),
        )
    )
    assert stacks(profile)["main", "1 frame too thin to draw"] == 510


def box(title: str, place: str = 'x="0" y="0" width="9"') -> str:
    return f"<g><title>{title}</title><rect {place}/></g>"


def picture(*boxes: str, before: str = "") -> str:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg">{"".join(boxes)}</svg>'


SOUND = box("a (5 samples, 100%)")
LAUGHS = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (picture(SOUND)[:-9], r"not well-formed XML \(line 1\)"),
        (picture(SOUND, "&b;", before=LAUGHS), "declares entities"),
        (picture(SOUND, "&b;").replace("<g>", "<g>&nbsp;", 1), "not well-formed"),
        (picture(box("a (5 samples, 100%)", 'x="0" y="0"')), "no width"),
        (picture(box("a (5 samples, 100%)", 'x="nan" y="0" width="1"')), "no place"),
        (picture(box("a (5 samples, 100%)", 'x="0" y="0" width="-1"')), "no width"),
        (picture(box("a (5 samples, 100%)", 'x="0" y="1e999" width="1"')), "no place"),
        (picture(box("a (5.5.5 samples, 100%)")), "a number that is none"),
        (picture(box(f"a ({'9' * 400} samples, 100%)")), "above 2^53"),
        (picture(SOUND, box("b (5 bytes, 100%)")), "count different things"),
        (picture(SOUND, box("b (1 samples, 1%)", 'x="500" y="-16" width="9"')), "lies on no other"),
        (drawn({("deep",) * 10_001: 1}), "more than 10,000 rows"),
        (picture(box("f  a.py:1  ~3.000 ms 5.0%, self 0; estimated, 1.0 ms to 2.0 ms")), "a picture of estimates"),
        (picture(box("f  a.py:1  420 350.0%, self -300 -250.0%; exact")), "or of costs below zero"),
        (picture(SOUND, before='<?xml version="1.0" encoding="no-such"?>'), "encoding|well-formed"),
    ],
)  # fmt: skip
def test_damage_is_one_sentence(read: Read, content: str, sentence: str) -> None:
    with pytest.raises(ProftuiError, match=sentence.replace("^", r"\^")):
        read(content)


def test_entities_are_refused_also_where_they_come_late(read: Read) -> None:
    """What is refused is the declaration: no text is ever expanded."""
    with pytest.raises(Malformed, match="declares entities"):
        read(f'<?xml version="1.0"?><!DOCTYPE svg SYSTEM "a>b" [<!ENTITY b "c">]>{picture(SOUND)}')


def test_nothing_that_a_file_names_is_opened(read: Read, tmp_path: Path) -> None:
    other = tmp_path / "secret.dtd"
    other.write_text("<!ENTITY name 'secret'>")
    profile = read(f'<!DOCTYPE svg SYSTEM "{other}">{picture(SOUND)}')
    assert profile.functions.name == ("a",)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.svg")), ids=lambda path: str(path.name))
def test_one_format_recognises_them(path: Path, tmp_path: Path) -> None:
    head = path.read_bytes()[: 1 << 16]
    assert [known.name for known in FORMATS if known.sniff(head, "unknown")] == ["svg"]
    packed = tmp_path / "unknown"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert detect(Source(str(packed))).name == "svg"


def test_another_picture_is_none(read: Read) -> None:
    with pytest.raises(ProftuiError):
        read(picture("<title>A drawing (1)</title><rect/>"))
