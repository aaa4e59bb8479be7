"""Which functions the marks of a part name: by name, file and object, as the lines before say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from proftui.formats.callgrind.digits import Places
from proftui.formats.callgrind.marks import FILES, FUNCTIONS, OBJECTS, Mark, Marks
from proftui.formats.callgrind.names import Named, named
from proftui.model import Bools, Ids

Identity = tuple[bytes, bytes, bytes]
"""Name, file and object of a function, as in the dump."""

_NOWHERE: Identity = (b"???", b"", b"")


@dataclass(frozen=True, eq=False)
class Functions:
    """The functions of a part.

    identities   the different ones; the last is that of costs and calls before any `fn=` or `cfn=`
    entered      the place in `identities` that holds after so many (0, 1, 2, ...) marks FUNCTION
    called       the same for marks CALLED_FUNCTION
    undefined    how many numbers of names are nowhere defined
    """

    identities: list[Identity]
    entered: Places
    called: Places
    undefined: int


class Spelling:
    """The marks of a part, and the names they spell: by `number`, or where that is -1 the `texts` at `text`."""

    def __init__(self, mark: Marks, number: Places, text: Ids, texts: Sequence[bytes]) -> None:
        self.mark = mark
        self._number = number
        self._text = text
        self._texts = texts
        self._places: dict[tuple[Mark, ...], Places] = {}

    def places(self, *kinds: Mark) -> Places:
        """Where the marks of some kinds are."""
        if kinds not in self._places:
            wanted = self.mark == kinds[0]
            for kind in kinds[1:]:
                wanted |= self.mark == kind
            self._places[kinds] = np.flatnonzero(wanted)
        return self._places[kinds]

    def last_before(self, at: Places, *kinds: Mark) -> Places:
        """The last mark of some kinds before each place, or -1."""
        places = self.places(*kinds)
        return np.append(-1, places)[np.searchsorted(places, at)]

    def next_after(self, at: Places, *kinds: Mark) -> Places:
        """The next mark of some kinds after each place, or the number of marks."""
        places = self.places(*kinds)
        return np.append(places, len(self.mark))[np.searchsorted(places, at, side="right")]

    def names(self, at: Places) -> Named:
        """The names of the marks at some places, all of one kind of name."""
        return named(self._number.take(at), self._text.take(at), self._texts)


def identify(spelling: Spelling, costly: Bools) -> Functions:
    """The functions of a part; `costly`: for each mark FUNCTION, whether lines of costs follow before the next.

    A number stands for the function that its definition names, file and object included: valgrind gives a function
    one number, and old ones (3.10) do not always repeat the right file. Only where the definition is a mere list
    entry (yappi's, all of which stand at the start) does the first use tell the file.
    """
    at = spelling.places(*FUNCTIONS)
    functions = spelling.names(at)
    spelled = np.flatnonzero(np.bincount(functions.source, minlength=len(at)))
    telling = at[_first_uses(spelling.mark[at], functions.source, spelled, costly)]
    files, file = _file(spelling, telling)
    objects, named_object = _object(spelling, telling)
    place, place_of = np.unique(file * (len(objects.names) + 1) + named_object, return_inverse=True)
    keys = functions.name[spelled] * len(place) + place_of
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    identities = [
        (functions.names[a], files.names[b] if b >= 0 else b"", objects.names[c] if c >= 0 else b"")
        for a, b, c in zip(
            functions.name[spelled[first]].tolist(), file[first].tolist(), named_object[first].tolist(), strict=True
        )
    ]
    function = np.full(len(at), -1)
    function[spelled] = which
    function = function[functions.source]
    kind = spelling.mark[at]
    undefined = functions.undefined + files.undefined + objects.undefined
    nowhere = len(identities)
    return Functions(
        identities=[*identities, _NOWHERE],
        entered=np.append(nowhere, function[kind == Mark.FUNCTION]),
        called=np.append(nowhere, function[kind == Mark.CALLED_FUNCTION]),
        undefined=undefined,
    )


def _first_uses(kind: Marks, source: Places, spelled: Places, costly: Bools) -> Places:
    """For each of the `spelled` marks itself, or where it is a mere list entry the first mark that refers to it."""
    mere = np.zeros(len(kind), np.bool_)
    mere[kind == Mark.FUNCTION] = ~costly
    if not mere[spelled].any():
        return spelled
    uses = np.flatnonzero(mere[source] & ~mere)[::-1]
    first = np.arange(len(kind))
    first[source[uses]] = uses
    return first[spelled]


def _file(spelling: Spelling, at: Places) -> tuple[Named, Places]:
    """The names of files, and the file of each function mark: a place among them, or -1.

    A function's own file is that of the last `fl=`; `fi=` and `fe=` change the file of costs alone (but some
    writers know no `fl=`). A called one's is that of `cfi=` since the last call, else the current file of costs.
    """
    files, name_of = names_of(spelling, FILES)
    own = spelling.last_before(at, Mark.FILE)
    inlined = spelling.last_before(at, Mark.INLINED)
    called = _of_call(spelling, at, Mark.CALLED_FILE, current_file(spelling, at))
    entered = np.where(own >= 0, own, inlined)
    return files, name_of[np.where(spelling.mark[at] == Mark.CALLED_FUNCTION, called, entered)]


def _of_call(spelling: Spelling, at: Places, kind: Mark, otherwise: Places) -> Places:
    """The mark of a kind that belongs to the call that each mark names the function of.

    It stands before, since the last call, or (lsprofcalltree's) behind, before the next one.
    """
    before = spelling.last_before(at, kind)
    behind = spelling.next_after(at, kind)
    following = np.where(behind < spelling.next_after(at, Mark.CALLS), behind, otherwise)
    return np.where(before > spelling.last_before(at, Mark.CALLS), before, following)


def current_file(spelling: Spelling, at: Places) -> Places:
    """The mark that tells the file of costs at each place, or -1; `fn=` returns from inlined code."""
    own = spelling.last_before(at, Mark.FILE)
    latest = np.maximum(own, spelling.last_before(at, Mark.INLINED))
    returned = (spelling.last_before(at, Mark.FUNCTION) > latest) & (own >= 0)
    return np.where(returned, own, latest)


def _object(spelling: Spelling, at: Places) -> tuple[Named, Places]:
    """The names of objects, and the object of each function mark: a place among them, or -1."""
    objects, name_of = names_of(spelling, OBJECTS)
    current = spelling.last_before(at, Mark.OBJECT)
    called = _of_call(spelling, at, Mark.CALLED_OBJECT, current)
    return objects, name_of[np.where(spelling.mark[at] == Mark.CALLED_FUNCTION, called, current)]


def names_of(spelling: Spelling, kinds: tuple[Mark, ...]) -> tuple[Named, Places]:
    """The names of some kinds of marks, and for every mark of the part its name; -1 also at the place -1."""
    at = spelling.places(*kinds)
    names = spelling.names(at)
    name_of = np.full(len(spelling.mark) + 1, -1)
    name_of[at] = names.name
    return names, name_of
