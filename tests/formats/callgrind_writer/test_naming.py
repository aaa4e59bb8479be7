"""How functions are named in callgrind files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.formats.callgrind.naming import escaped, identity, unescaped, written_names
from proftui.model import NO_LINE, Functions

Identity = tuple[str, str, int, str]

texts = st.text(st.characters(codec=None), max_size=6) | st.sampled_from(
    ["???", "%{A}", "f [m:1]", "<module>", " f", "(2)"]
)
identities = st.tuples(
    texts,
    st.sampled_from(
        ["/a/m.py", "/b/m.py", "/x/lib/python3.11/m.py", "/y/lib/python3.11/m.py", "~", "<string>", "/t/i.html"]
    ),
    st.sampled_from([NO_LINE, 0, 1, 12]),
    st.sampled_from(["", "", "", "m", "/usr/lib/libm.so"]),
)


def names(*rows: Identity) -> list[str]:
    return [row.name for row in written_names(Functions.of(rows))]


def test_a_name_gets_module_and_line_by_a_rule_that_looks_at_it_alone() -> None:
    table = "/venv/lib/python3.11/site-packages/rich/table.py"
    rows = [
        ("get", table, 12, ""),
        ("get", table, 40, ""),
        ("<module>", table, 1, ""),
        ("<built-in method builtins.exec>", "~", NO_LINE, ""),
        ("root", "/srv/templates/index.html", 5, ""),
        ("<module>", "<string>", 1, ""),
        ("f", "<string>", 1, ""),
    ]
    expected = [
        "get [rich.table:12]",
        "get [rich.table:40]",
        "<module>",
        "<built-in method builtins.exec>",
        "root [/srv/templates/index.html:5]",
        "<module>",
        "f [<string>:1]",
    ]
    assert names(*rows) == expected
    assert [names(row)[0] for row in rows] == expected


def test_callgrinds_own_names_stay() -> None:
    rows = [
        ("operator new(unsigned long)", "/src/new.cc", NO_LINE, "/usr/lib/libstdc++.so"),
        ("f'2", "/src/f.c", NO_LINE, "/bin/f"),
        ("???", "", NO_LINE, ""),
        ("(below main)", "./csu/libc-start.c", NO_LINE, ""),
    ]
    assert names(*rows) == [row[0] for row in rows]


def test_one_library_in_two_environments_is_told_apart_by_path() -> None:
    one, other = "/a/lib/python3.11/site-packages/x.py", "/b/lib/python3.11/site-packages/x.py"
    assert names(("f", one, 3, ""), ("f", other, 3, ""), ("g", one, 4, "")) == [
        f"f [{one}:3]",
        f"f [{other}:3]",
        "g [x:4]",
    ]


@given(st.lists(identities, unique=True, max_size=12))
def test_no_two_functions_become_one(rows: list[Identity]) -> None:
    """But for those without a line, which keep their names whatever they are, and odd objects on one line."""
    lined = [row for row in rows if row[2] != NO_LINE and row[3] == ""]
    seen = set()
    for row in written_names(Functions.of(lined)):
        seen.add((row.name, row.file.rpartition("/")[2], row.object.rpartition("/")[2]))
    assert len(seen) == len(lined)


@given(texts)
def test_any_text_stands_in_a_line_and_comes_back(text: str) -> None:
    line = escaped(text)
    assert not set("\n\r\0") & set(line)
    assert line
    assert line == line.strip()
    raw = line.encode("utf-8", "surrogateescape")
    assert unescaped(raw.decode("utf-8", "surrogateescape")) == ("" if text == "???" else text)


@pytest.mark.parametrize(
    "text", ["f", "naïve", "名前", "a\tb", "x\u2028y", "\x1b[31mred", "50%", "%{g}", r"C:\new\x0a.py"]
)
def test_what_is_harmless_to_the_file_is_not_touched(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\nb", "a%{A}b"), (" f ", "%{20}f%{20}"), ("%{A}", "%{25}{A}"), ("\ud800", "%{D800}"), ("", "???")],
)
def test_what_breaks_a_line_is_written_by_its_code(text: str, line: str) -> None:
    assert escaped(text) == line


def test_identity_undoes_the_names() -> None:
    rows = [
        ("get", "/srv/app/m.py", 12, ""),
        ("<module>", "/srv/app/m.py", 1, ""),
        ("<module>", "/srv/app/m.py", 0, ""),
        ("f", "<string>", 1, ""),
        ("a [b:1]", "/srv/app/m.py", 3, ""),
        ("<built-in method len>", "~", NO_LINE, ""),
    ]
    assert [identity(row, modules_implied=True) for row in written_names(Functions.of(rows))] == rows
