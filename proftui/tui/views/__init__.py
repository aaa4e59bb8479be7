"""The ways to look at a profile, in the order of their keys; the keys in between are taken by views to come."""

from __future__ import annotations

from proftui.tui.views.base import View
from proftui.tui.views.bottom_up import BottomUpView
from proftui.tui.views.flame import FlameView
from proftui.tui.views.functions import FunctionsView
from proftui.tui.views.neighbours import NeighboursView
from proftui.tui.views.parts import PartsView
from proftui.tui.views.source import SourceView
from proftui.tui.views.summary import SummaryView
from proftui.tui.views.tree import TreeView

VIEWS: tuple[type[View], ...] = (
    SummaryView,
    FunctionsView,
    NeighboursView,
    TreeView,
    BottomUpView,
    FlameView,
    SourceView,
    PartsView,
)

__all__ = ["VIEWS", "View"]
