"""The profile: what every reader gives and every view and writer takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from proftui.errors import Malformed
from proftui.model.check import LARGEST, Breach, breaches, countable
from proftui.model.functions import Functions
from proftui.model.metric import HITS, Metric
from proftui.model.part import Part
from proftui.model.series import Series

if TYPE_CHECKING:
    from proftui.model.recording import Recording

Kind = Literal["traced", "sampled"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a profile came from: `path` as given, the `format`'s name, and what the file says of its making."""

    path: str
    format: str
    kind: Kind = "traced"
    creator: str = ""
    command: str = ""


@dataclass(frozen=True, eq=False)
class Profile:
    """One or more parts over shared functions and metrics. `notes` are sentences for the user, never errors.

    `recording` holds what it was like over time, where that is known; the functions are the same.
    `series` are quantities over time by themselves; a profile of nothing else has a part without functions.
    """

    name: str
    origin: Origin
    metrics: tuple[Metric, ...]
    functions: Functions
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    recording: Recording | None = None
    series: tuple[Series, ...] = ()

    @property
    def only_over_time(self) -> bool:
        """Whether there are quantities over time and no functions."""
        return bool(self.series) and not len(self.functions)

    def breaches(self) -> list[Breach]:
        """The invariants that do not hold, part by part: column lengths, ids in range, arcs sorted and unique,
        self <= inclusive <= total within 1 %, trees in preorder. Empty for a sound profile.
        """
        return [breach for part in self.parts for breach in breaches(part, len(self.functions), self.metrics)]

    def check(self) -> list[str]:
        """One sentence for each breached invariant."""
        return [breach.sentence for breach in self.breaches()]

    def checked(self) -> Profile:
        """This profile with a note for each breached invariant; what a reader returns.

        Raises Malformed for costs that cannot be added up.
        """
        if not all(map(countable, self.parts)):
            raise Malformed(f"costs above {LARGEST:.0e} are none that anything can have had")
        return replace(self, notes=self.notes + tuple(self.check()))

    @property
    def beside(self) -> int | None:
        """The metric that is shown beside the first one unasked: how often lines were hit, where that was counted."""
        return self.metrics.index(HITS) if HITS in self.metrics[1:] else None

    def metric(self, name: str) -> int | None:
        """The index of a metric by name or title, or None."""
        wanted = name.casefold()
        for index, metric in enumerate(self.metrics):
            if wanted in (metric.name.casefold(), metric.label.casefold()):
                return index
        return None
