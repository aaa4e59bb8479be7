"""What a format is: a name, a sniffer, a reader and, where the format can be written, a writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

import msgspec

from proftui.errors import Unwritable
from proftui.formats.source import Source
from proftui.model import Profile


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """`lines`: keep costs by source line (a table of its own; views of functions do not need it)."""

    lines: bool = False


Sniff = Callable[[bytes, str], bool]
"""(first bytes, base name) -> whether the bytes look like this format. It never raises."""

Claims = Callable[[Mapping[str, msgspec.Raw]], bool]
"""Members of a JSON object, not looked into -> whether it is of this format. It never raises."""

Read = Callable[[Source, ReadOptions], Profile]
"""Raises Malformed, with what is wrong and where, and no other error on any bytes."""

Write = Callable[[Profile], "list[bytes]"]
"""The files that hold the profile: one, or for formats that hold one part a file one for each part."""


Losses = Callable[[Profile], "list[str]"]
"""What of a profile a format has no words for, a sentence each."""


def _no_losses(profile: Profile) -> list[str]:  # noqa: ARG001  # a Losses
    return []


@dataclass(frozen=True, slots=True)
class Format:
    """One line of the registry.

    suffixes  what files of this format are called, the first being the one to suggest; never used to detect
    claims    the same of the outermost members of a JSON object, for what its first bytes do not show
    kind      whether its files hold what was traced, samples, or some one and some the other
    losses    what is not to be seen in a file of this format
    needs     what a profile must have to be written: a "graph" (every profile has one), a "tree", or one
              that knows when what ran: its "time"
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Sniff
    read: Read
    write: Write | None = None
    needs: Literal["graph", "tree", "time"] = "graph"
    kind: Literal["traced", "sampled", "either"] = "either"
    claims: Claims | None = None
    losses: Losses = _no_losses


def deferred_read(module: str, name: str = "read") -> Read:
    """The reader of that name in a module that is imported when the reader is called: a run needs few of them."""

    def read(source: Source, options: ReadOptions) -> Profile:
        profile: Profile = getattr(import_module(module), name)(source, options)
        return profile

    return read


def deferred_write(module: str, name: str = "write") -> Write:
    """The same of a writer. It raises Unwritable for a profile without functions, which is in none of the formats."""

    def write(profile: Profile) -> list[bytes]:
        if profile.only_over_time:
            raise Unwritable(f"{profile.name}: holds quantities over time and nothing else, which no other format does")
        contents: list[bytes] = getattr(import_module(module), name)(profile)
        return contents

    return write
