"""The bottom-up view: functions, and who pays for them."""

from __future__ import annotations

from typing import ClassVar

from proftui.analysis.calltree import TreeSource
from proftui.report.neighbours import Base
from proftui.tui.session import Session
from proftui.tui.state import ViewState
from proftui.tui.views.tree import ContextsView


class BottomUpView(ContextsView):
    """Functions by self cost; below each its callers, and theirs, with what it costs when called by them."""

    view = "bottom-up"
    number = 5
    title = "Bottom-up"
    bases: ClassVar[dict[Base, str]] = {"total": "% of total", "parent": "% of callee", "absolute": "costs"}
    opens_focus = True

    def source(self, session: Session, state: ViewState) -> TreeSource:
        """The call tree turned over."""
        return session.bottom_up(state)
