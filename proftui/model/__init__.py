"""What a profile is. Everything here is frozen, columnar and free of I/O."""

from proftui.model.arrays import NO_LINE, Bools, Floats, Ids, grouped
from proftui.model.combine import combine, flatten, merge
from proftui.model.functions import NO_FILE, Functions
from proftui.model.graph import CallGraph, GraphBounds
from proftui.model.lines import LineCosts
from proftui.model.metric import HITS, WALL_TIME, Metric
from proftui.model.part import Part, PartKind
from proftui.model.profile import Kind, Origin, Profile
from proftui.model.recording import SAMPLES, Moment, Recording, Span, Thread, Windows
from proftui.model.series import Series
from proftui.model.timeline import Samples, Timeline
from proftui.model.tree import CallTree, Frames

__all__ = [
    "HITS", "NO_FILE", "NO_LINE", "SAMPLES", "WALL_TIME", "Bools", "CallGraph", "CallTree", "Floats", "Frames",
    "Functions", "GraphBounds", "Ids", "Kind", "LineCosts", "Metric", "Moment", "Origin", "Part", "PartKind", "Profile",
    "Recording", "Samples", "Series", "Span", "Thread", "Timeline", "Windows", "combine", "flatten", "grouped", "merge",
]  # fmt: skip
