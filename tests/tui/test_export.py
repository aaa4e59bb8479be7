"""Writing the profile from the viewer."""

from __future__ import annotations

import pstats
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from proftui.errors import ProftuiError
from proftui.formats import load
from proftui.model import CallGraph, Profile
from proftui.tui.exporting import suggestion, targets, with_lines, write
from proftui.tui.jobs import Reporter
from proftui.tui.widgets.bars import DetailLine

if TYPE_CHECKING:
    from proftui.tui.opening import Opening
    from tests.tui.conftest import Open, Opened

NAMES = [target.name for target in targets("pstats")]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Suggested names have no folder."""
    monkeypatch.chdir(tmp_path)


async def choose(screen: Opened, name: str) -> str:
    """Open the dialog and choose a format; the suggested name."""
    await screen.press("e")
    names = [target.name for target in targets(screen.viewer.session.profile.origin.format)]
    await screen.press(*["j"] * names.index(name))
    return screen.app.screen.query_one(Input).value


def total_time(path: Path) -> float:
    """Seconds, as pstats adds them up."""
    total: float = vars(pstats.Stats(str(path)))["total_tt"]
    return total


def said(screen: Opened) -> str:
    return screen.app.screen.query_one(DetailLine).plain().strip()


def test_profiles_and_reports_can_be_written() -> None:
    assert {"pstats", "callgrind", "json", "csv"} <= set(NAMES)


def test_stacks_of_a_call_graph_are_estimated_and_said_to_be(profile: Profile, tmp_path: Path) -> None:
    (folded,) = [target for target in targets() if target.name == "folded"]
    sentence = write(profile, folded, str(tmp_path / "out.folded"), force=False)
    assert sentence.startswith(f"wrote {tmp_path / 'out.folded'}, its stacks estimated (")
    again = load(tmp_path / "out.folded")
    assert sum(part.graph.totals[0] for part in again.parts) == sum(part.graph.totals[0] for part in profile.parts)


def test_functions_that_call_nothing_known_are_stacks_of_their_own(tmp_path: Path) -> None:
    (folded,) = [target for target in targets() if target.name == "folded"]
    lines = load(Path(__file__).parents[1] / "data" / "lprof" / "lines.lprof")
    sentence = write(lines, folded, "out.folded", force=False)
    assert sentence.startswith("wrote out.folded, each function a stack of its own (")


def test_another_format_than_the_files_own_is_offered_first() -> None:
    assert targets("pstats")[0].name == "callgrind"
    assert targets("callgrind")[0].name == "pstats"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("run.prof", "run"),
        ("callgrind.out.12", "callgrind.out.12"),
        ("a.b.pstats", "a.b"),
        (".prof", ".prof"),
        ("a.prof and 5 more", "a"),
    ],
)
def test_the_suggested_name_takes_the_formats_suffix(single: Profile, name: str, expected: str) -> None:
    target = next(target for target in targets() if target.name == "json")
    renamed = Profile(name, single.origin, single.metrics, single.functions, single.parts)
    assert suggestion(renamed, target) == f"{expected}.json"


async def test_a_file_is_written_and_told(opened: Open, single: Profile, tmp_path: Path) -> None:
    async with opened(single) as screen:
        name = await choose(screen, "pstats")
        assert name == "run.prof"
        await screen.press("enter", "enter")
        assert said(screen).startswith("wrote run.prof (")
    assert total_time(tmp_path / "run.prof") == pytest.approx(0.016)


async def test_the_names_suffix_follows_the_format(opened: Open, single: Profile) -> None:
    async with opened(single) as screen:
        assert await choose(screen, "callgrind") == "run" + targets("pstats")[NAMES.index("callgrind")].suffix
        await screen.press("tab", *["backspace"] * 40, *"mine.txt")
        screen.app.screen.query_one("ChoiceGrid").focus()
        await screen.press("j")
        assert screen.app.screen.query_one(Input).value == "mine.txt", "a name of one's own stays"


async def test_an_existing_file_is_replaced_only_when_asked(opened: Open, single: Profile, tmp_path: Path) -> None:
    target = tmp_path / "run.prof"
    target.write_text("mine")
    async with opened(single) as screen:
        await choose(screen, "pstats")
        await screen.press("enter", "enter")
        assert "run.prof exists already. Replace it?" in screen.text
        await screen.press("n")
        assert target.read_text() == "mine"
        await screen.press("enter", "y")
        assert said(screen).startswith("wrote run.prof")
    assert load(target).functions.name == single.functions.name


async def test_what_cannot_be_written_is_told(opened: Open, single: Profile) -> None:
    async with opened(single, size=(120, 30)) as screen:
        await choose(screen, "json")
        await screen.press("tab")
        assert "Enter Write" in screen.text
        await screen.press(*["backspace"] * 40, *"no/such/folder.json", "enter")
        assert "no/such/folder.json: cannot be written" in said(screen)
        await screen.press(*["backspace"] * 40, "enter")
        assert said(screen) == "the file needs a name"


async def test_only_the_chosen_parts_are_written(opened: Open, profile: Profile, tmp_path: Path) -> None:
    async with opened(profile) as screen:
        await screen.press("p", "space", "enter")
        await choose(screen, "pstats")
        assert "Export 1 of 2 parts" in screen.text
        await screen.press("enter", "enter")
    assert total_time(tmp_path / "run.prof") == pytest.approx(0.004)


def test_files_that_changed_are_not_written_in_place_of_what_is_shown(single: Profile, tmp_path: Path) -> None:
    path = tmp_path / "run.prof"
    to_pstats = targets("pstats")[NAMES.index("pstats")]
    for target, part in (("run.prof", single.parts[0]), ("other.prof", replace(single.parts[0], graph=halved(single)))):
        profile = replace(single, metrics=single.metrics[:1], parts=(part,))
        write(profile, to_pstats, str(tmp_path / target), force=False)
    shown = load(path)
    assert with_lines(shown, [str(path)], False, Reporter()).functions.name == shown.functions.name
    (tmp_path / "other.prof").replace(path)
    with pytest.raises(ProftuiError, match="has changed since it was opened"):
        with_lines(shown, [str(path)], False, Reporter())


def halved(profile: Profile) -> CallGraph:
    graph = profile.parts[0].graph
    return replace(graph, self_cost=graph.self_cost / 2)


def test_standard_input_is_not_read_again(single: Profile) -> None:
    assert with_lines(single, ["-"], False, Reporter()) is single


async def test_exporting_reads_the_file_again_with_its_lines(
    opened: Open, read: Callable[..., Opening], tmp_path: Path
) -> None:
    path = tmp_path / "callgrind.out.1"
    path.write_text(
        "# callgrind format\nversion: 1\nevents: Ir\nfl=a.c\nfn=main\n1 2\n7 40\ncfn=f\ncalls=1 9\n8 3\nfn=f\n9 3\n"
    )
    async with opened(read(load(path), (str(path),))) as screen:
        name = await choose(screen, "callgrind")
        await screen.press("enter", "enter")
    again = load(tmp_path / name, lines=True)
    assert again.parts[0].lines is not None
    assert sorted(again.parts[0].lines.line.tolist()) == [1, 7, 9]
