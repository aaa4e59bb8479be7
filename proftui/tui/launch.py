"""Opening files in the viewer. Reading begins before Textual is imported, which takes as long as a small file does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from proftui.tui.memory import give_back_arrays
from proftui.tui.opening import Opening
from proftui.tui.settings import Settings

if TYPE_CHECKING:
    from proftui.tui.app import ProftuiApp
    from proftui.tui.attaching import Attached, Attaching

SOON = 0.5
"""Seconds in which the first samples should be there, or the reason why there will be none: nothing is drawn before."""

SWITCH = 0.001
"""Seconds after which a busy thread gives way to the screen's; Python's own 5 ms are felt while a file is read."""


def run(
    paths: Sequence[str] = (),
    *,
    single: bool = False,
    settings: Settings | None = None,
    attaching: Attaching | None = None,
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
    return _shown(ProftuiApp(opening, settings=settings, attaching=attaching, demo=demo, keep_theme=keep_theme))


def follow(
    attached: Attached | None,
    attaching: Attaching,
    *,
    settings: Settings | None = None,
    keep_theme: Callable[[str], str] | None = None,
) -> tuple[int, Attached | None]:
    """Show a process, or without one let one be chosen, until the user leaves.

    The exit code, and what was attached to last, which is stopped but has its samples.
    Raises ProftuiError when the process cannot be sampled, if possible before anything is drawn.
    """
    give_back_arrays()
    if attached is not None:
        attached.start()
    app = None
    try:
        from proftui.tui.app import ProftuiApp

        if attached is not None and attached.begun(SOON) and (failure := attached.failure) is not None:
            raise failure
        app = ProftuiApp(
            attached=attached, attaching=attaching, pick=attached is None, settings=settings, keep_theme=keep_theme
        )
        return _shown(app), app.attached
    finally:
        for one in (attached, app.attached if app is not None else None):
            if one is not None:
                one.live.stop()


def _shown(app: ProftuiApp) -> int:
    """Run the application. Its exit code."""
    sys.setswitchinterval(SWITCH)
    app.run()
    if app.attached is not None:
        app.attached.live.stop()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
