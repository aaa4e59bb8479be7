"""What Google's older forms of profiles hold, and the profile of that.

Their rules are those of pprof itself (https://github.com/google/pprof/blob/main/profile/legacy_profile.go).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from proftui.errors import Malformed
from proftui.formats.frame_ids import FrameIds
from proftui.formats.pprof.document import About
from proftui.formats.pprof.locations import Locations, named
from proftui.formats.pprof.memory_map import MemoryMap
from proftui.formats.pprof.owners import MOST_PARTS, Owner
from proftui.formats.pprof.stacks import Stacks
from proftui.model import NO_LINE

Place = tuple[str, str, int]
"""The name, the file and the current line of what is at an address."""

HIGHEST = 0xFFFF_FFFF_FFFF_FFFF


@dataclass(eq=False)
class Recorded:
    """Samples as they were read: addresses from the leaf on, values, and whose they are.

    places   what is known of an address, the innermost function first
    """

    about: About
    samples: list[tuple[Sequence[int], Sequence[float]]] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=lambda: [Owner()])
    places: dict[int, list[Place]] = field(default_factory=dict)
    mapped: MemoryMap = field(default_factory=MemoryMap)

    def add(self, addresses: Sequence[int], values: Sequence[float], owner: int = 0) -> None:
        """One more sample."""
        if max(values, default=0) >= 2**63:
            raise Malformed("a sample has a value of more than 64 bits")
        self.samples.append((addresses, values))
        self.owner.append(owner)

    def stacks(self) -> tuple[Stacks, Locations]:
        """The stacks of all samples. Raises Malformed."""
        known = {address: index for index, address in enumerate(dict.fromkeys(a for s, _ in self.samples for a in s))}
        locations = self._locations(list(known))
        stacks = Stacks(locations, len(self.about.types))
        if len(self.owners) > MOST_PARTS:
            self.owners = [Owner()]
        count = np.array([len(addresses) for addresses, _ in self.samples], np.int64)
        location = np.array([known[address] for addresses, _ in self.samples for address in addresses], np.int64)
        values = np.array([values for _, values in self.samples], np.float64).reshape(-1, len(self.about.types))
        if len(self.samples):
            stacks.add(np.array(self.owner, np.int64), location, count, np.ascontiguousarray(values.T))
        return stacks, locations

    def _locations(self, addresses: Sequence[int]) -> Locations:
        ids = FrameIds()
        frame: list[int] = []
        count: list[int] = []
        bare = 0
        for address in addresses:
            binary = self.mapped.at(address)
            places = self.places.get(address, [])
            bare += not places
            for name, file, line in places or [(named(address, binary), "", NO_LINE)]:
                frame.append(ids.frame(ids.function(name, file, object=binary), line))
            count.append(max(len(places), 1))
        counts = np.array(count, np.int64)
        return Locations(
            ids.functions(), ids.frames(), np.array(frame, np.int32), np.cumsum(counts) - counts, counts, bare
        )  # fmt: skip


def before(addresses: Sequence[int], *, leaf: bool) -> list[int]:
    """Addresses of calls out of those that they return to, one less each; but not of a `leaf`, which is no call."""
    return [(address - (index >= leaf)) & HIGHEST for index, address in enumerate(addresses)]
