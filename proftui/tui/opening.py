"""Files on their way to the screen. Nothing here needs Textual, so reading can begin while that is imported."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from proftui.tui.jobs import Reporter, begin

if TYPE_CHECKING:
    from proftui.model import Profile
    from proftui.tui.session import Session


class Opening:
    """Files that are being read in a thread, up to the rows of the first view.

    `paths` are those given ("-" is standard input); `single`: without the other dumps of the same run.
    """

    def __init__(
        self, paths: tuple[str, ...], read: Callable[[Reporter], Profile] | None = None, *, single: bool = False
    ) -> None:
        """`read` gives the profile, reporting progress; by default what the files hold."""
        self.paths = paths
        self.single = single
        self.reporter = Reporter()
        self._read = read or self._load
        self.reading: Future[Session] = begin(self._session)

    def _load(self, reporter: Reporter) -> Profile:
        from proftui.formats import load_all

        return load_all(self.paths, single=self.single, progress=reporter)

    def _session(self) -> Session:
        profile = self._read(self.reporter)
        from proftui.tui.session import Session

        return Session(profile).primed()
