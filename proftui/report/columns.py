"""The columns that tables of functions and call trees share."""

from __future__ import annotations

from proftui.report.rows import Column

SELF = Column("self", "Self", 9, priority=3, sort="self")
SELF_SHARE = Column("self_share", "Self%", 6, sort="self")
INCLUSIVE = Column("inclusive", "Incl", 9, priority=2, sort="inclusive")
INCLUSIVE_SHARE = Column("inclusive_share", "Incl%", 8, sort="inclusive")
SELF_CHANGE = Column("self_change", "ΔSelf", 10, sort="self_change")
INCLUSIVE_CHANGE = Column("inclusive_change", "ΔIncl", 10, priority=2, sort="inclusive_change")
CALLS = Column("calls", "Calls", 9, sort="calls")
SELF_PER_CALL = Column("self_per_call", "Self/call", 9, priority=6, sort="self_per_call")
INCLUSIVE_PER_CALL = Column("inclusive_per_call", "Incl/call", 9, priority=5, sort="inclusive_per_call")
NAME = Column("name", "Function", 30, "left", flexible=True, sort="name")
LOCATION = Column("location", "File:line", 26, "left", priority=4, sort="location", cut="start")
MODULE = Column("module", "Module", 22, "left", priority=7, sort="module")
SECOND_SELF = Column("second_self", "Self", 9, priority=1, sort="second_self")
SECOND_INCLUSIVE = Column("second_inclusive", "Incl", 9, priority=1, sort="second_inclusive")
BOOKMARK = Column("bookmark", "", 1, "left")
MEMBERS = Column("members", "Funcs", 5, priority=1)
