"""The application: which screen is shown, and what works on all of them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from proftui.errors import Cancelled, ProftuiError, SourceLost
from proftui.report.text import safe
from proftui.tui.attaching import Attached, Attaching
from proftui.tui.copying import osc52
from proftui.tui.glyphs import AsciiFilter, only_ascii
from proftui.tui.jobs import in_thread, later
from proftui.tui.keys import remapped, spelled
from proftui.tui.messages import AttachAsked, DemoAsked, FilesChosen, Pressed, ProcessChosen, Progressed, Said
from proftui.tui.opening import Opening
from proftui.tui.recent import recent_file, remember
from proftui.tui.screens.ask import AskScreen
from proftui.tui.session import Session
from proftui.tui.settings import Settings
from proftui.tui.themes import THEMES, fitting_theme

PATIENCE = 0.2
"""Seconds before a screen says that files are being read: most are by then, and a flash disturbs."""


class ProftuiApp(App[None]):
    """Begins with `opening`, or with what it is `attached` to, or without either on the start screen.

    When what it was started for cannot be read, `failure` says why, and it leaves.
    """

    TITLE = "proftui"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", id="app.help", tooltip="This page"),
        Binding("q", "quit", "Quit", id="app.quit", tooltip="Leave"),
        Binding("ctrl+c", "quit", "Leave, from dialogs too", show=False, priority=True, id="app.interrupt"),
        Binding("ctrl+p", "command_palette", "Palette of commands and themes", show=False, id="app.palette"),
    ]

    def __init__(
        self,
        opening: Opening | None = None,
        *,
        attached: Attached | None = None,
        attaching: Attaching | None = None,
        pick: bool = False,
        settings: Settings | None = None,
        demo: Callable[[], str] | None = None,
        keep_theme: Callable[[str], str] | None = None,
        folder: Path | None = None,
        record: Path | None = None,
    ) -> None:
        """`attaching` is how processes are attached to, with `pick` one is asked for; `demo` makes a profile and
        gives its path; `folder` is looked into, `record` keeps the files opened;
        `keep_theme` remembers a theme for other times and says where.
        """
        no_color = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=True if no_color else None)
        self.failure: BaseException | None = None
        self._opening = opening
        self.attached = attached
        self._attaching = attaching or Attaching()
        self._pick = pick
        self.settings = settings or Settings()
        self._demo = demo
        self._keep_theme = keep_theme
        self._folder = folder or Path.cwd()
        self._record = record or recent_file()
        self._ascii = AsciiFilter(only_ascii())
        for name in list(self.available_themes):
            self.unregister_theme(name)
        for own in THEMES:
            self.register_theme(own)
        self.theme = fitting_theme(self.settings.theme, self.console.color_system, no_color=no_color)
        self.set_keymap(dict(self.settings.keymap))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, and the one for terminals without UTF-8."""
        return [*super().get_line_filters(), self._ascii] if self._ascii.enabled else super().get_line_filters()

    async def on_mount(self) -> None:
        """Show what there is to show; restore the terminal when told to end."""
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, partial(self.exit, return_code=128 + number))
        if self._opening is not None:
            self.run_worker(later(self._show, self._opening, alone=True), group="open", exclusive=True)
        elif self.attached is not None:
            self.run_worker(later(self._follow, self.attached, alone=True), group="open", exclusive=True)
        elif self._pick:
            await self._go(self._picker())
        else:
            await self._go(self._start())

    # ------------------------------------------------------------------ opening

    def _start(self, sentence: str = "") -> Screen[None]:
        from proftui.tui.screens.start import StartScreen

        return StartScreen(self._folder, self._record, demo=self._demo is not None, sentence=sentence)

    async def _go(self, screen: Screen[None]) -> None:
        """Show a screen in place of the one on top; below all of them is an empty one."""
        if len(self.screen_stack) == 1:
            await self.push_screen(screen)
        else:
            await self.switch_screen(screen)

    async def _show(self, opening: Opening, *, alone: bool) -> None:
        """Show the profile once it is read; `alone`: the program was started for it."""
        from proftui.tui.screens.viewer import Viewer

        opening.reporter.listener = lambda share: self.screen.post_message(Progressed(share))
        try:
            session = await self._read(opening)
        except Cancelled:
            return  # who cancelled shows what comes next
        except (ProftuiError, MemoryError, RecursionError) as error:
            if alone:
                self.failure = error
                self.exit(return_code=1)
            else:
                await self._go(self._start(_sentence(error)))
        else:
            viewer = Viewer(session, opening.rereader(session.profile), self.settings.beginning(session.profile))
            await self._go(viewer)
            viewer.follow(opening)
            await in_thread(partial(remember, self._record, opening.paths, session.profile.origin.format))

    async def _read(self, opening: Opening) -> Session:
        """The profile and its first rows; where it takes time, how far it is read is shown meanwhile."""
        reading = asyncio.wrap_future(opening.reading)
        await asyncio.wait([reading], timeout=PATIENCE)
        if not reading.done():
            from proftui.tui.screens.loading import LoadingScreen

            await self._go(LoadingScreen(opening.paths))
        return await reading

    async def _open(self, paths: tuple[str, ...]) -> None:
        self._opening = Opening(paths, settings=self.settings)
        await self._show(self._opening, alone=False)

    def on_files_chosen(self, message: FilesChosen) -> None:
        """Open them."""
        self.run_worker(later(self._open, message.paths), group="open", exclusive=True)

    def on_demo_asked(self, message: DemoAsked) -> None:
        """Make the demo and open it."""
        message.stop()
        if self._demo is not None:
            self.run_worker(later(self._open_demo, self._demo), group="open", exclusive=True)

    async def _open_demo(self, demo: Callable[[], str]) -> None:
        from proftui.tui.screens.loading import LoadingScreen

        await self._go(LoadingScreen(["a demo"]))
        try:
            path = await in_thread(demo)
        except ProftuiError as error:
            await self._go(self._start(_sentence(error)))
        else:
            await self._open((path,))

    async def action_stop_reading(self) -> None:
        """Go to the start screen; the reader stops when it next reports, and is not waited for."""
        self._cancel_reader()
        self.workers.cancel_group(self, "open")
        await self._go(self._start("reading was stopped"))

    def _cancel_reader(self) -> None:
        if self._opening is not None:
            self._opening.reporter.cancel()

    # ------------------------------------------------------------------ attaching

    def _picker(self, sentence: str = "") -> Screen[None]:
        from proftui.tui.screens.pick import PickScreen

        return PickScreen(sentence=sentence)

    def on_attach_asked(self, message: AttachAsked) -> None:
        """Let a process be chosen."""
        message.stop()
        self.run_worker(later(self._go, self._picker()), group="open", exclusive=True)

    def on_process_chosen(self, message: ProcessChosen) -> None:
        """Attach to it."""
        message.stop()
        self.run_worker(later(self._attach_to, message.pid), group="open", exclusive=True)

    async def _attach_to(self, pid: int) -> None:
        try:
            self.attached = await in_thread(lambda: self._attaching.to(pid).start())
        except ProftuiError as error:
            await self._go(self._picker(_sentence(error)))
        else:
            await self._follow(self.attached, alone=False)

    async def action_stop_attaching(self) -> None:
        """Go to the list of processes."""
        self.workers.cancel_group(self, "open")
        if self.attached is not None:
            await in_thread(self.attached.live.stop)
        await self._go(self._picker())

    async def _follow(self, attached: Attached, *, alone: bool) -> None:
        """Show the process once there is something to show; `alone`: the program was started for it."""
        from proftui.tui.screens.viewer.live import LiveViewer

        if not await in_thread(lambda: attached.begun(PATIENCE)):
            from proftui.tui.screens.loading import AttachingScreen

            await self._go(AttachingScreen(attached.name))
            await in_thread(attached.begun)
        if (failure := attached.failure) is not None or not len(attached.live.recording().windows):
            await in_thread(attached.live.stop)
            failure = failure or SourceLost(f"{attached.name} ended before the first sample")
            if alone or not isinstance(failure, ProftuiError):
                self.failure = failure
                self.exit(return_code=1)
            else:
                await self._go(self._picker(_sentence(failure)))
            return
        session = await in_thread(lambda: attached.session(self.settings))
        await self._go(LiveViewer(attached, session, self.settings.state))

    # ------------------------------------------------------------------ everywhere

    async def action_quit(self) -> None:
        """Leave; a reader that is under way is not waited for, but should not stand in the way either.

        A program that was started here is not ended without a question.
        """
        program = self.attached.program if self.attached is not None else None
        if program is not None and program.poll() is None and not isinstance(self.screen, AskScreen):
            self.push_screen(AskScreen("The program still runs. End it and leave?"), self._leave_if)
            return
        self._leave_if(True)

    def _leave_if(self, yes: bool | None) -> None:
        if yes:
            self._cancel_reader()
            self.exit()

    def on_pressed(self, message: Pressed) -> None:
        """Press the user's own key where there is one."""
        message.stop()
        node = self.screen.focused or self.screen
        self.simulate_key(remapped(node, message.key, self.settings.keymap))

    def action_help(self) -> None:
        """All keys."""
        from proftui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.settings.keymap))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: what keys do here, what no key does, and the themes."""
        from proftui.tui.screens.viewer import Viewer

        seen: set[str | None] = set()
        for node, binding, enabled, _ in screen.active_bindings.values():
            if binding.id is not None and binding.id not in seen and enabled and binding.id != "app.palette":
                seen.add(binding.id)
                run = partial(self.run_action, binding.action, node)
                yield SystemCommand(binding.tooltip or binding.description, f"key {spelled(binding.key)}", run)
        if isinstance(screen, Viewer):
            yield from (SystemCommand(title, "", run) for title, run in screen.keyless().items())
        for theme in THEMES:
            yield SystemCommand(f"Theme: {theme.name}", "colours", partial(setattr, self, "theme", theme.name))
        if (keep := self._keep_theme) is not None:
            keeping = partial(self._remember_theme, keep)
            yield SystemCommand(f"Keep this theme: {self.theme}", "written to the config", keeping)

    def _remember_theme(self, keep: Callable[[str], str]) -> None:
        try:
            sentence = keep(self.theme)
        except ProftuiError as error:
            sentence = str(error)
        self.screen.post_message(Said(safe(sentence)))

    def copy_to_clipboard(self, text: str) -> None:
        """Ask the terminal to copy, through tmux where that stands between."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(osc52(text, tmux="TMUX" in os.environ))


def _sentence(error: BaseException) -> str:
    if isinstance(error, ProftuiError):
        return safe(str(error))
    return "there is not enough memory for this profile" if isinstance(error, MemoryError) else "nested too deeply"
