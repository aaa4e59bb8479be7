"""A process while it runs: what is shown follows it, stands still when asked to, and remembers moments."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from proftui.live.live import Live
from proftui.model import Recording
from proftui.report.text import safe
from proftui.report.timeline import clock
from proftui.tui.attaching import Attached
from proftui.tui.jobs import in_thread, later
from proftui.tui.reloading import Grown, Renewal
from proftui.tui.screens.viewer import Viewer
from proftui.tui.screens.viewer.spans import SpanKeys
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views import View
from proftui.tui.watched import watched
from proftui.tui.widgets.bars import DetailLine
from proftui.tui.widgets.process_lines import ProcessLines
from proftui.tui.widgets.time_strip import TimeStrip

if TYPE_CHECKING:
    from proftui.live.program import Program

LEISURE = 8
"""How many times as long as it took nothing is refreshed after a refresh: large profiles must not eat the machine."""

HELD = 4.0
"""Seconds that a sentence stays in spite of refreshes."""


class LiveKeys(SpanKeys):
    """Keys that only a process that runs has a use for. `still`: the screen does not follow it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause", id="live.pause", tooltip="Let the screen stand still; sampling goes on"),
        Binding(
            "P", "pause_sampling", "Pause sampling", show=False, id="live.pause-sampling",
            tooltip="Take no samples for a while",
        ),
        Binding("x", "mark", "Mark", id="live.mark", tooltip="Mark this moment, and show what is since"),
        Binding("d", "stacks", "Stacks", id="live.stacks", tooltip="Each thread's stack now, with local variables"),
        Binding("O", "output", "Output", show=False, id="live.output", tooltip="What the program has printed"),
    ]  # fmt: skip

    live: Live
    program: Program | None = None
    take_stacks: Callable[[], Any] | None = None
    still = False

    def hear(self) -> None:
        """Look for what is new."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a program that was started here has output here, and nothing is sampled of one that has ended."""
        if action == "output":
            return self.program is not None
        if action in ("pause", "pause_sampling", "stacks"):
            return not self.live.ended
        return super().check_action(action, parameters)

    def action_pause(self) -> None:
        """Let the screen stand still, or follow again."""
        self.still = not self.still
        self.draw_time()
        if not self.still:
            self.hear()
        self.say("the screen stands still; sampling goes on" if self.still else "following again")

    def action_pause_sampling(self) -> None:
        """Take no samples, or go on taking them."""
        if self.live.status.paused:
            self.live.resume()
            self.say("sampling goes on")
        else:
            self.live.pause()
            self.say("no samples are taken from the end of this window on")
        self.draw_time()

    def action_mark(self) -> None:
        """Mark this moment; what is shown from now on is what is since."""
        moment = self.live.mark()
        self.change(replace(self.state, span=(moment.seconds, None), place=self.here()))
        self.say(f"marked {clock(moment.seconds)}: figures are since then; Esc shows all again")

    def action_reload(self) -> None:
        """Forget what was sampled, and begin anew."""
        self.live.reset()
        self.state = replace(self.state, span=None)
        self.hear()
        self.say("all samples so far are forgotten")

    def action_stacks(self) -> None:
        """Show what each thread does at this moment."""
        from proftui.tui.screens.stacks import StacksScreen

        if self.take_stacks is not None:
            self.app.push_screen(StacksScreen(self.take_stacks))

    def action_output(self) -> None:
        """Show what the program has printed."""
        from proftui.tui.screens.program_output import OutputScreen

        if self.program is not None:
            self.app.push_screen(OutputScreen(self.program.output))


class LiveViewer(LiveKeys, Viewer):
    """The viewer of a process that is sampled meanwhile."""

    @dataclass
    class Heard(Message):
        """There is a new window, or the process was looked at."""

    def __init__(self, attached: Attached, session: Session, state: ViewState) -> None:
        super().__init__(session, lambda _progress: self.session.profile, state)
        self.live = attached.live
        self.program = attached.program
        self.take_stacks = attached.stacks
        self._heard = False
        self._refreshing = False
        self._rest_until = 0.0
        self._remark = ""
        self._held_until = 0.0
        self._said_on: Hashable = None

    def on_mount(self) -> None:
        """Follow the process."""
        super().on_mount()
        self.live.listener = self.hear
        self.hear()

    def on_unmount(self) -> None:
        """Follow it no more."""
        super().on_unmount()
        self.live.listener = None

    def hear(self) -> None:
        """Called from the thread that samples too; what comes while a message is under way needs no other."""
        if not self._heard:
            self._heard = True
            self.post_message(self.Heard())

    def on_live_viewer_heard(self, message: Heard) -> None:
        """Draw what moves, and work on what is new."""
        message.stop()
        self._heard = False
        self.draw_time()
        if (remark := self.live.sampler.remark) != self._remark:
            self._remark = remark
            self.say(safe(remark))
        follows = not self.still and (self.state.span is None or self.state.span[1] is None)
        if follows and not self._refreshing and (time.monotonic() >= self._rest_until or self.live.ended):
            self._refreshing = True
            self.run_worker(later(self._refresh), group="live", exclusive=False)

    async def _refresh(self) -> None:
        began = time.monotonic()
        try:
            recording, shown = self.live.recording(), self.recording
            if shown is None or shown.windows.end.tobytes() != recording.windows.end.tobytes():
                await self._renew(await in_thread(partial(self._grown, recording, self.session, self.state)))
        finally:
            self._refreshing = False
            now = time.monotonic()
            self._rest_until = now + LEISURE * (now - began) - 1

    def _grown(self, recording: Recording, before: Session, state: ViewState) -> Renewal:
        profile = recording.profile(state.span, before.profile.name, before.profile.origin)
        return Grown.over(before.grown(profile, state.span), before)

    def sentence(self, session: Session, state: ViewState) -> str:
        """Nothing: that there is more is no news."""
        return ""

    def _detail(self, view: View) -> None:
        line = self.query_one(DetailLine)
        kept = line.sentence if time.monotonic() < self._held_until and view.row() == self._said_on else ""
        super()._detail(view)
        if kept:
            line.say(kept)

    def say(self, sentence: str) -> None:
        """Show a sentence until the cursor moves on, or for a while."""
        self._held_until, self._said_on = time.monotonic() + HELD, self.view.row() if self.view is not None else None
        super().say(sentence)

    def draw_time(self) -> None:
        """Draw the newest windows, whatever range the views are of; a screen that stands still does not move."""
        recording = (self.recording if self.still else None) or self.live.recording()
        span = self.state.span
        self.query_one(ProcessLines).show(*watched(self.live, recording, span, self.program, still=self.still))
        self.query_one(TimeStrip).show(recording.windows, span, recording.marks, live=not self.live.ended)
