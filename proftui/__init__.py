"""proftui: the terminal's profile viewer, and its small interface for programs.

    profile = proftui.load("out.prof")
    proftui.save(profile, "out.kgrind")
    with proftui.profiled("job-57.kgrind"): ...

Importing it is cheap: what these names need is imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proftui.formats import load, save
    from proftui.live.profiled import profiled

__version__ = "0.1.0"
__all__ = ["__version__", "load", "profiled", "save"]

_HOME = {"load": "proftui.formats", "save": "proftui.formats", "profiled": "proftui.live.profiled"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'proftui' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
