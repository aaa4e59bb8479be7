"""Opening files in the viewer. Reading begins before Textual is imported, which takes as long as a small file does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from proftui.tui.opening import Opening
from proftui.tui.settings import Settings

SWITCH = 0.001
"""Seconds after which a busy thread gives way to the screen's; Python's own 5 ms are felt while a file is read."""


def run(
    paths: Sequence[str] = (),
    *,
    single: bool = False,
    settings: Settings | None = None,
    demo: Callable[[], str] | None = None,
    keep_theme: Callable[[str], str] | None = None,
) -> int:
    """Show files, or without any the start screen, until the user leaves. The exit code.

    `single` reads no other dumps of the same run; `demo` makes a profile to look at and gives its path; `keep_theme`
    remembers a theme for other times and says where.
    Raises ProftuiError when the files cannot be read, if possible before anything is drawn.
    """
    opening = Opening(tuple(paths), single=single, settings=settings) if paths else None

    from proftui.tui.app import ProftuiApp

    if opening is not None and opening.reading.done() and (failure := opening.reading.exception()) is not None:
        raise failure
    sys.setswitchinterval(SWITCH)
    app = ProftuiApp(opening, settings=settings, demo=demo, keep_theme=keep_theme)
    app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
