"""What a program has printed, on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from proftui.live.printed import Printed
from proftui.tui.screens.program_output import OutputScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Open, Opened


class Printing:
    """A program's output, which grows when it is told to."""

    def __init__(self, *lines: str) -> None:
        self.printed = Printed("".join(f"{line}\n" for line in lines).encode())

    def __call__(self) -> Printed:
        return self.printed

    def more(self, *lines: str, drop: int = 0) -> None:
        kept = [*self.printed, *lines][drop:]
        dropped = sum(len(line) + 1 for line in self.printed[:drop])
        text = "".join(f"{line}\n" for line in kept).encode()
        self.printed = Printed(b"\n" * bool(drop) + text, dropped, self.printed.first + drop - bool(drop))


async def shown(screen: Opened, printing: Printing) -> OutputScreen:
    page = OutputScreen(printing)
    screen.app.push_screen(page)
    await screen.settle()
    return page


async def look(screen: Opened, page: OutputScreen) -> None:
    """Half a second later."""
    page._look()
    await screen.settle()


NUMBERED = [f"line {number}" for number in range(100)]


async def test_the_end_is_shown_and_followed(opened: Open) -> None:
    async with opened(size=(80, 24)) as screen:
        printing = Printing(*NUMBERED)
        page = await shown(screen, printing)
        assert screen.lines[0] == " Output  100 lines  following"
        assert screen.lines[-3].startswith("▌line 99")
        printing.more("\x1b[31mlast\x1b[0m one")
        await look(screen, page)
        assert screen.lines[-3].startswith("▌last one")
        assert screen.lines[-2] == " last one"


async def test_who_looks_elsewhere_stays_there(opened: Open) -> None:
    async with opened(size=(80, 24)) as screen:
        printing = Printing(*NUMBERED)
        page = await shown(screen, printing)
        await screen.press("k", "k", "k")
        before = [line[:40].rstrip() for line in screen.lines[2:-3]]
        assert screen.lines[0].endswith("G follows again")
        printing.more(*("more",) * 50)
        await look(screen, page)
        assert [line[:40].rstrip() for line in screen.lines[2:-3]] == before
        assert screen.lines[-2] == " line 96"
        printing.more("more", drop=90)
        await look(screen, page)
        assert screen.lines[-2] == " line 96"
        assert "the newest 61 lines  " in screen.lines[0]
        assert "before are not kept" in screen.lines[0]
        await screen.press("G")
        assert "following" in screen.lines[0]
        printing.more("new")
        await look(screen, page)
        assert screen.lines[-2] == " new"


async def test_nothing_is_drawn_where_there_is_nothing_new(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(size=(80, 24)) as screen:
        page = await shown(screen, Printing("a"))
        drawn: list[object] = []
        monkeypatch.setattr(type(page.grid), "show", lambda *_, **__: drawn.append(1))
        await look(screen, page)
        assert drawn == []


async def test_a_program_that_says_nothing(opened: Open) -> None:
    async with opened(size=(80, 24)) as screen:
        printing = Printing()
        page = await shown(screen, printing)
        assert "the program has printed nothing so far" in screen.text
        assert "Copy" not in screen.lines[-1]
        await screen.press("y", "slash", "right")
        printing.more("something")
        await look(screen, page)
        assert "▌something" in screen.text
        assert "y Copy, Y all" in screen.lines[-1]


async def test_long_lines_move_sideways(opened: Open) -> None:
    async with opened(size=(80, 24)) as screen:
        await shown(screen, Printing("0123456789" * 10, "short"))
        assert screen.lines[2].endswith("0123456…")
        await screen.press("l")
        assert screen.lines[2].startswith(" 8901234567")
        assert screen.lines[3] == "▌"
        await screen.press("right", "right", "right", "right", "right")
        assert screen.lines[2].endswith("56789"), "and no farther than its end"
        await screen.press(*["h"] * 6)
        assert screen.lines[2].startswith(" 0123456789")


async def test_search_and_copy(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proftui.tui.screens.page.program", lambda: None)
    async with opened(size=(80, 24)) as screen:
        printing = Printing(*NUMBERED, "\x1b[1ma\x1b[0mb \u202e", "an end")
        page = await shown(screen, printing)
        await screen.press("g", "slash", *"ab", "enter")
        assert screen.lines[-2].endswith("match 1 of 1")
        await screen.press("y")
        assert screen.app.clipboard == "ab \N{REPLACEMENT CHARACTER}"
        assert "sent to the terminal" in screen.lines[-2]
        printing.more("more")
        await look(screen, page)
        assert "sent to the terminal" in screen.lines[-2], "it stays for a while"
        await screen.press("Y")
        assert screen.app.clipboard.splitlines()[-3:] == ["ab \N{REPLACEMENT CHARACTER}", "an end", "more"]
        assert len(screen.app.clipboard.splitlines()) == 103


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_it_closes(opened: Open, key: str) -> None:
    async with opened(size=(80, 24)) as screen:
        await shown(screen, Printing("a"))
        await screen.press(key)
        assert not isinstance(screen.app.screen, OutputScreen)
        assert screen.app.is_running
