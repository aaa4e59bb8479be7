"""Files on their way to the screen. Nothing here needs Textual, so reading can begin while that is imported."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from proftui.tui.jobs import Reporter, begin
from proftui.tui.settings import Settings
from proftui.tui.watching import stamps

if TYPE_CHECKING:
    from proftui.formats import Progress
    from proftui.model import Profile
    from proftui.tui.session import Session


class Opening:
    """Files that are being read in a thread, up to the rows of the first view.

    `paths` are those given ("-" is standard input); `single`: without the other dumps of the same run.
    """

    def __init__(
        self,
        paths: tuple[str, ...],
        read: Callable[[Reporter], Profile] | None = None,
        *,
        single: bool = False,
        settings: Settings | None = None,
    ) -> None:
        """`read` gives the profile, reporting progress; by default what the files hold."""
        self.paths = paths
        self.single = single
        self.settings = settings or Settings()
        self.reporter = Reporter()
        self.read = read or self._load
        # before the first byte is read: what changes from now on is a change
        self.seen = stamps(paths)
        self.reading: Future[Session] = begin(self._session)

    def rereader(self, profile: Profile) -> Callable[[Progress], Profile]:
        """Gives the profile with all that its files hold."""

        def reread(progress: Progress) -> Profile:
            from proftui.tui.exporting import with_lines

            return with_lines(profile, self.paths, self.single, progress)

        return reread

    def _load(self, reporter: Reporter) -> Profile:
        from proftui.formats import load_all

        return load_all(self.paths, single=self.single, progress=reporter)

    def _session(self) -> Session:
        profile = self.read(self.reporter)
        from proftui.tui.session import Session

        return Session(profile, self.settings).primed()
