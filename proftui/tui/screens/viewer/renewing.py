"""Reading the files again, by key or because they changed, and going on where one was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from proftui.errors import Cancelled, ProftuiError
from proftui.report.text import safe
from proftui.tui.jobs import Reporter, in_thread, later
from proftui.tui.messages import FilesChanged, Progressed
from proftui.tui.opening import Opening
from proftui.tui.reloading import Renewal, renewal, told
from proftui.tui.screens.viewer.stage import Stage
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views import View
from proftui.tui.watching import Watch, Watcher, stamps
from proftui.tui.widgets.bars import profile_spans


class RenewKeys(Stage):
    """What is shown stays on screen, whole, until there is something to show in its place."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "reload", "Reload", show=False, id="viewer.reload", tooltip="Read the files again"),
    ]

    source: Opening | None = None
    """Where the profile comes from."""
    _watch: Watch | None = None
    _watcher: Watcher | None = None
    _reporter: Reporter | None = None

    def follow(self, source: Opening) -> None:
        """Know the files, and look after them where that is wanted."""
        self.source = source
        if source.settings.watch and not self._read_once:
            self._watch = Watch(source.paths, source.seen)
            self._watcher = Watcher(self._watch, lambda: self.post_message(FilesChanged()))

    def on_unmount(self) -> None:
        """Look no more."""
        if self._watcher is not None:
            self._watcher.end()

    @property
    def _read_once(self) -> bool:
        return self.source is None or "-" in self.source.paths

    def on_files_changed(self, message: FilesChanged) -> None:
        """Read them."""
        message.stop()
        self.action_reload()

    def action_reload(self) -> None:
        """Read the files again; a read that is under way gives way."""
        if self._read_once:
            self.say("standard input can be read only once")
            return
        self._stop_reading()
        self.run_worker(later(self._reload), group="reload", exclusive=True)

    def _stop_reading(self) -> bool:
        """Let a read that is under way end. Whether there was one."""
        if (reporter := self._reporter) is None:
            return False
        reporter.cancel()
        self._reporter = None
        return True

    def action_cancel(self) -> None:
        """Give up reading, or what else there is to give up."""
        if self._stop_reading():
            self.workers.cancel_group(self, "reload")
            self.say("reading was stopped; this is as it was before")
        else:
            super().action_cancel()

    def on_progressed(self, message: Progressed) -> None:
        """Say how far reading has come."""
        message.stop()
        if self._reporter is not None:
            self.say(f"reading again {message.share:4.0%}   Esc stops")

    async def _reload(self) -> None:
        if (source := self.source) is None:
            return
        self._reporter = reporter = Reporter()
        reporter.listener = lambda share: self.post_message(Progressed(share))
        if self._watch is not None:
            self._watch.seen = stamps(source.paths)
        session = self.session
        try:
            made = await in_thread(lambda: renewal(session, source.read(reporter)))
            if made is None:
                self.say("read again: nothing has changed")
            else:
                await self._renew(made)
        except Cancelled:
            return
        except (ProftuiError, MemoryError, RecursionError) as error:
            self.say(f"{_reason(error)}; this is as it was before")
        finally:
            if self._reporter is reporter:
                self._reporter = None

    async def _renew(self, made: Renewal) -> None:
        """Work until what is wanted is there in what was read, and then show that: all of it, or nothing."""
        wanted, prepared = None, None
        while prepared is None or wanted != (self.state, self.here().row):
            wanted = (self.state, self.here().row)
            state = made.state(replace(self.state, place=self.here()))
            view = await self._mounted(state.place.view)
            prepared = await in_thread(self._prepared(made, view, state))
        rows, title, sentence = prepared
        self.workers.cancel_group(self, "rows")
        self._busy = False
        self.session, self.state, self.history = made.session, state, made.history(self.history)
        self.renewed(made)
        self._draw(view, rows, title, state)
        for other in self.query(View):
            if other is not view:
                other.renew(made)
        # behind the cursor's own message, which takes sentences away
        if sentence:
            self.call_later(self.say, sentence)

    def sentence(self, session: Session, state: ViewState) -> str:
        """What there is to say about what is new."""
        return told(session, state)

    def _prepared(self, made: Renewal, view: View, state: Any) -> Any:
        """The work that gives the view's rows, the title and what to say."""
        session = made.session
        prepare = view.prepare_renewed(session, state, made)

        def work() -> Any:
            self.furnish(session)
            return prepare(), profile_spans(session, state), self.sentence(session, state)

        return work

    def furnish(self, session: Session) -> None:
        """Give a session what is the viewer's, from a thread."""

    def renewed(self, made: Renewal) -> None:
        """The session is another one."""
        if self.source is not None:
            self.reread = self.source.rereader(made.session.profile)

    def forget_comparison(self) -> None:
        """Show no changes any more."""
        self.session.earlier = None
        self.change(replace(self.state, place=self.here()))


def _reason(error: BaseException) -> str:
    if isinstance(error, ProftuiError):
        return safe(str(error))
    return "there is not enough memory" if isinstance(error, MemoryError) else "nested too deeply"
