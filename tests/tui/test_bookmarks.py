"""Bookmarks: setting them, finding them in a later run, and the file beside the profile."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from proftui.errors import Unwritable
from proftui.model import Functions, Profile
from proftui.tui.bookmarks import LARGEST, Bookmark, Bookmarks, Unsound, file_of, read, write
from proftui.tui.jobs import Reporter
from proftui.tui.opening import Opening
from proftui.tui.settings import Settings

if TYPE_CHECKING:
    from tests.tui.conftest import Open

F, G = ("f", "/srv/a.py", 3, ""), ("g", "/srv/a.py", 9, "")


def test_one_of_each_function() -> None:
    marks = Bookmarks().set(Bookmark(F, "slow")).set(Bookmark(G)).set(Bookmark(F, "why?"))
    assert [(mark.function[0], mark.note) for mark in marks.all] == [("f", "why?"), ("g", "")]
    assert marks.of(G) == Bookmark(G)
    assert marks.without(F) == Bookmarks((Bookmark(G),))
    assert marks.without(F).of(F) is None


def test_they_are_found_where_an_edit_moved_them() -> None:
    marks = Bookmarks((Bookmark(F, "slow"), Bookmark(G), Bookmark(("h", "/srv/b.py", 1, ""), "gone")))
    functions = Functions.of([("g", "/srv/a.py", 14, ""), ("x", "~", 0, ""), ("f", "/srv/a.py", 8, "")])
    assert marks.ids(functions) == [2, 0, None]
    assert [mark.function[2] for mark in marks.found(functions).all] == [8, 14, 1]
    assert Bookmarks().found(functions) == Bookmarks()


def test_the_file_lies_beside_the_profile() -> None:
    assert file_of(["a/out.prof", "b.prof"]) == Path("a/out.prof.proftui.json")
    assert file_of(["-"]) is None
    assert file_of([]) is None


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "out.prof.proftui.json"
    marks = Bookmarks((Bookmark(F, "slow \u202e\x1b[31m"), Bookmark(("漢字", "", -1, "libc.so"))))
    assert read(path) == Bookmarks(), "there is none at first"
    assert write(path, marks) == f"wrote {path}"
    assert read(path) == marks
    assert json.loads(path.read_text())["proftui_session"] == 1
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    write(path, Bookmarks())
    assert read(path) == Bookmarks()


def document(**entry: object) -> bytes:
    sound = {"name": "f", "file": "a.py", "line": 1, "object": "", "note": ""}
    return json.dumps({"proftui_session": 1, "bookmarks": [{**sound, **entry}]}).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no JSON"),
        (b"\xff\xfe\x00", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "holds no bookmarks"),
        (b"null", "holds no bookmarks"),
        (b'{"proftui_session": true}', "holds no bookmarks"),
        (b'{"proftui_session": 2, "bookmarks": []}', "was written by a later version of proftui"),
        (b'{"proftui_session": 1, "bookmarks": {}}', "holds no list of bookmarks"),
        (b'{"proftui_session": 1, "bookmarks": [7]}', "bookmark 1 is none"),
        (b'{"proftui_session": 1, "bookmarks": [{}]}', "bookmark 1 is none"),
        (document(name=None), "bookmark 1 is none"),
        (document(line="1"), "bookmark 1 is none"),
        (document(line=True), "bookmark 1 is none"),
        (document(line=10**30), "bookmark 1 is none"),
        (document(note=["x"]), "bookmark 1 is none"),
        (b" " * (LARGEST + 1), "is too large to be bookmarks"),
    ],
)
def test_a_file_that_is_none_gives_a_sentence_and_stays(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "x.proftui.json"
    path.write_bytes(content)
    with pytest.raises(Unsound, match=f"{path}: {sentence}"):
        read(path)
    with pytest.raises(Unwritable, match="it stays as it is"):
        write(path, Bookmarks())
    assert path.read_bytes() == content


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unsound, match="is no plain file"):
        read(tmp_path)


def test_notes_are_cut_and_functions_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "x.proftui.json"
    entry = json.loads(document(note="n" * 5000))["bookmarks"][0]
    path.write_text(json.dumps({"proftui_session": 1, "bookmarks": [entry, {**entry, "note": "last"}, entry]}))
    assert len(read(path)) == 1
    assert len(read(path).all[0].note) == 2000


# ---------------------------------------------------------------------- in the viewer


def opening(profile: Profile, path: Path, *later: Profile) -> Opening:
    runs = [profile, *later]

    def give(_: Reporter) -> Profile:
        return runs.pop(0) if len(runs) > 1 else runs[0]

    made = Opening((str(path),), give, settings=Settings(theme="dark"))
    made.reading.result(10)
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.prof"


async def test_setting_noting_and_taking_away(opened: Open, profile: Profile, path: Path) -> None:
    async with opened(opening(profile, path), (100, 24)) as screen:
        await screen.press("2", "home", "down", "B")
        assert "Bookmark step" in screen.text
        await screen.press(*"slow", "enter")
        assert [row for row in screen.rows if "★" in row] == [screen.rows[1]]
        assert screen.rows[1].endswith("step") or "step" in screen.rows[1]
        assert "★ slow" in screen.lines[-2]
        await screen.press("down")
        assert "★" not in screen.lines[-2]
        await screen.press("3", "2", "up", "B")
        assert "★" not in "".join(screen.rows)
        assert "bookmark taken away; B sets it again" in screen.text
        await screen.press("B")
        assert "slow" in screen.text, "the note comes back"
        await screen.press("escape")
        assert "★" not in "".join(screen.rows)


async def test_the_list_leads_there(opened: Open, profile: Profile, path: Path) -> None:
    async with opened(opening(profile, path), (100, 24)) as screen:
        await screen.press("apostrophe")
        assert "there are no bookmarks; B sets one" in screen.text
        await screen.press("2", "home", "B", "enter", "down", "down", "B", *"hot", "enter", "home")
        await screen.press("apostrophe")
        assert "Bookmarks" in screen.text
        assert "hot" in screen.text
        await screen.press("down", "enter")
        assert screen.viewer.view is not None
        assert screen.viewer.view.function() == screen.viewer.state.place.focus
        assert "★ hot" in screen.lines[-2]
        await screen.press("3", "apostrophe", "enter")
        assert screen.viewer.state.place.view == "neighbours"
        assert screen.lines[2].split()[0] == "load"
        await screen.press("apostrophe", "d", "escape", "2")
        assert len([row for row in screen.rows if "★" in row]) == 1


async def test_they_are_kept_only_when_asked(opened: Open, profile: Profile, path: Path) -> None:
    async with opened(opening(profile, path), (240, 24)) as screen:
        await screen.press("2", "home", "B", *"slow", "enter")
        assert list(path.parent.glob("*.json")) == []
        await screen.press("apostrophe", "w")
        assert f"wrote {path.name}.proftui.json" in screen.text.replace(f"{path.parent}/", "")
    lines = Functions.of((name, file, line + 7, of) for name, file, line, of in profile.functions.identities())
    async with opened(opening(replace(profile, functions=lines), path), (100, 24)) as screen:
        await screen.press("2", "home")
        assert "★ slow" in screen.lines[-2]
        await screen.press("B", "apostrophe")
        await screen.press("w")
    assert len(read(file_of([str(path)]) or path)) == 0


async def test_they_survive_reading_again(opened: Open, profile: Profile, path: Path) -> None:
    turned = profile.functions.identities()[::-1]
    graph = profile.parts[0].graph
    later = replace(
        profile,
        functions=Functions.of(turned),
        parts=(replace(profile.parts[1], graph=replace(profile.parts[1].graph, function=6 - graph.function[1:2])),),
    )
    async with opened(opening(profile, path, later), (100, 24)) as screen:
        await screen.press("2", "home", "B", *"slow", "enter", "R")
        assert "1 gone" not in screen.lines[0]
        await screen.press("down", "up")
        assert "★ slow" in screen.lines[-2]


async def test_a_hostile_file_gives_a_sentence_and_nothing_else(opened: Open, profile: Profile, path: Path) -> None:
    kept = path.with_name("run.prof.proftui.json")
    kept.write_bytes(b"[" * 100_000)
    async with opened(opening(profile, path), (160, 24)) as screen:
        assert "is no JSON" in screen.text
        await screen.press("2", "home", "B", "enter", "apostrophe", "w")
        assert "it stays as it is" in screen.text
    assert kept.read_bytes() == b"[" * 100_000
