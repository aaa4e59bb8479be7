"""Source files, as they are found and read: of other machines, in all encodings, hostile, huge, or none at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from proftui.model import Functions
from proftui.report import source as source_module
from proftui.report.highlight import highlighted
from proftui.report.source import NoSource, Sources, SourceText, read_source, source_sentence
from proftui.report.source_map import BadSourceMap, SourceMap


@pytest.mark.parametrize(
    ("rules", "file", "here"),
    [
        (["/srv/app=./"], "/srv/app/views/a.py", "./views/a.py"),
        (["/srv/app=./"], "/srv/app", "./"),
        (["/srv/app=/home/me"], "/srv/application/a.py", None),
        (["/srv=/one", "/srv/app=/two"], "/srv/app/a.py", "/two/a.py"),
        (["/srv/app=/two", "/srv=/one"], "/srv/app/a.py", "/two/a.py"),
        (["/srv/app/=/two/"], "/srv/app/a.py", "/two/a.py"),
        (["/=/mnt"], "/srv/a.py", "/mnt/srv/a.py"),
        (["/srv=/"], "/srv/etc/a.py", "/etc/a.py"),
        (["build=src"], "build/a.py", "src/a.py"),
        (["build=src"], "./build/a.py", "src/a.py"),
        ([r"C:\work\app=./"], r"c:\Work\App\views\a.py", "./views/a.py"),
        (["C:/work/app=./"], r"C:\work\app\a.py", "./a.py"),
        (["/srv/app=C:/app"], "/srv/app/a.py", "C:/app/a.py"),
        (["/srv/APP=./"], "/srv/app/a.py", None),
        ([], "/srv/app/a.py", None),
    ],
)
def test_source_maps(rules: list[str], file: str, here: str | None) -> None:
    assert SourceMap.of(rules).mapped(file) == here


@pytest.mark.parametrize("text", ["/srv/app", "=here", ""])
def test_a_rule_that_maps_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadSourceMap, match="write FROM=TO"):
        SourceMap.of([text])


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"), "x = 'é'"),
        ("# vim: set fileencoding=cp1251 :\nx = 'ж'\n".encode("cp1251"), "x = 'ж'"),
        ("\ufeff#\nx = 'é'\n".encode(), "x = 'é'"),
        ("#\nx = '名'\n".encode(), "x = '名'"),
        ("#\nx = 'é'\n".encode("utf-16"), "x = 'é'"),
        (b"#\nx = '\xe9'\n", "x = 'é'"),
        (b"# coding: no-such-codec\nx = 'a'\n", "x = 'a'"),
        (b"# coding: punycode\nx = 'a'\n", "x = 'a'"),
        (b"# coding: rot13\nx = 'a'\n", "x = 'a'"),
        (b"# coding: undefined\nx = 'a'\n", "x = 'a'"),
        (b"#\r\nx\t= 1\r\n", "x       = 1"),
        (b"#\rx = 1\r", "x = 1"),
    ],
)
def test_texts_are_decoded_as_python_does(tmp_path: Path, content: bytes, line: str) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(content)
    assert read_source(str(file)).lines[1] == line


def test_lines_end_where_python_ends_them(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("a = 1\x0c\nb = '\u2028'\n\nc = 3", "utf-8", newline="")
    assert read_source(str(file)).lines == ("a = 1\x0c", "b = '\u2028'", "", "c = 3")


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(b"\x7fELF\0\0")
    with pytest.raises(NoSource, match=r"a\.so is no text"):
        read_source(str(tmp_path / "a.so"))
    with pytest.raises(NoSource, match="is no plain file"):
        read_source(str(tmp_path))
    with pytest.raises(NoSource, match="is not here; --source-map"):
        read_source(str(tmp_path / "missing.py"))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no FIFOs on Windows")
def test_what_never_ends_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    for path in (str(tmp_path / "pipe.py"), "/dev/zero"):
        with pytest.raises(NoSource, match="is no plain file"):
            read_source(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1")
    file.chmod(0)
    with pytest.raises(NoSource, match="cannot be read: Permission denied"):
        read_source(str(file))


def test_of_a_huge_file_the_first_lines_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "LARGEST", 1 << 20)
    file = tmp_path / "a.py"
    file.write_text("x = 1\n" * 200_000)
    text = read_source(str(file))
    assert len(text.lines) == (1 << 20) // 6
    assert text.notes == (f"{file} is larger than 1 MiB; its first lines are shown",)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "names no source file"),
        ("~", "names no source file"),
        ("<frozen importlib._bootstrap>", "is frozen into the interpreter"),
        ("<string>", "is no file"),
        ("<ipython-input-1-abc>", "is no file"),
        ("???", "without debugging information"),
        ("a\0b.py", "NUL"),
    ],
)
def test_what_is_no_file_is_told_in_a_sentence(file: str, said: str) -> None:
    assert said in source_sentence(Functions.of([("f", file, 1, "")]), 0)
    with pytest.raises(NoSource, match=said):
        Sources().read(file)


@pytest.mark.skipif(sys.platform == "win32", reason="there such a path may be one")
@pytest.mark.parametrize("file", [r"C:\app\a.py", r"\\host\share\a.py", "//host/share/a.py"])
def test_other_machines_are_not_asked(file: str) -> None:
    with pytest.raises(NoSource, match="--source-map FROM=TO says where it is here"):
        Sources().path(file)


def test_files_are_looked_for_beside_the_profile(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_text("x = 1\n")
    profile = tmp_path / "out.prof"
    profile.write_bytes(b"")
    assert Sources(str(profile)).read("app/a.py").lines == ("x = 1",)
    mapped = Sources(str(profile), SourceMap.of([f"/srv={tmp_path}"]))
    assert mapped.read("/srv/app/a.py").path == f"{tmp_path}/app/a.py"


def test_a_file_is_read_once_until_it_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    sources = Sources()
    first = sources.read(str(file))
    file.write_text("x = 2\n")
    assert sources.read(str(file)) is first
    sources.forget()
    assert sources.read(str(file)).lines == ("x = 2",)
    assert sources.find(str(tmp_path / "b.py")) is None


def test_a_file_that_is_newer_than_the_profile_is_told(tmp_path: Path) -> None:
    profile, file = tmp_path / "out.prof", tmp_path / "a.py"
    profile.write_bytes(b"")
    file.write_text("x = 1\n")
    os.utime(profile, (1_000_000, 1_000_000))
    os.utime(file, (2_000_000, 2_000_000))
    sources = Sources(str(profile))
    said = sources.newer(sources.read(str(file)))
    assert "a.py was changed 1970-01-24" in said
    assert said.endswith("lines may have moved")
    os.utime(file, (500_000, 500_000))
    sources.forget()
    assert sources.newer(sources.read(str(file))) == ""
    assert Sources("-").newer(read_source(str(file))) == "", "nobody knows when a pipe's profile was made"


def test_sentences_are_safe_to_draw(tmp_path: Path) -> None:
    with pytest.raises(NoSource) as raised:
        read_source(str(tmp_path / "\x1b[31mred.py"))
    assert "\x1b" not in str(raised.value)


# ------------------------------------------------------------------ syntax


def text_of(text: str, path: str = "a.py") -> SourceText:
    return SourceText(path, text, 0.0)


def test_syntax_of_python() -> None:
    source = text_of('def f(x):\n    """What\n    it is."""\n    return len("a") + 1  # so\n')
    spans = highlighted(source, 1)
    words = {(source.lines[line - 1][start:end], kind) for line, found in spans.items() for start, end, kind in found}
    assert {
        ("def", "keyword"), ("f", "definition"), ("return", "keyword"), ("len", "builtin"), ("1", "number"),
        ("# so", "comment"), ('"""What', "comment"),
    } <= words  # fmt: skip
    assert any(kind == "comment" for _, _, kind in spans[3]), "a text over lines is one on each"


def test_syntax_of_c_and_of_nothing_known() -> None:
    assert any(kind == "comment" for _, _, kind in highlighted(text_of("/* a\n b */ int f;\n", "a.c"), 1)[2])
    assert highlighted(text_of("some words\n", "a.unknown"), 1) == {}


def test_of_a_long_file_the_part_around_a_line_is_coloured() -> None:
    source = text_of("def f():\n    return 1\n" * 5_000)
    spans = highlighted(source, 6_001)
    assert min(spans) >= 4_900
    assert max(spans) <= 7_100
    assert (source.lines[6_000][:3], spans[6_001][0][2]) == ("def", "keyword")


def test_offsets_are_those_of_lines_with_tabs_expanded() -> None:
    source = text_of("if x:\n\treturn\n")
    assert spans_of(source, 2) == ["return"]


def spans_of(source: SourceText, line: int) -> list[str]:
    return [source.lines[line - 1][start:end] for start, end, _ in highlighted(source, line)[line]]
