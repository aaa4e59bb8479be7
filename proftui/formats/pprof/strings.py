"""The texts of a profile, which all else names by number."""

from __future__ import annotations

from proftui.errors import Malformed
from proftui.formats.pprof.wire import Fields


class Strings:
    """The string table; a text is decoded when it is asked for."""

    def __init__(self, top: Fields, number: int) -> None:
        self._data = top.data.data
        _, self._begin, self._stop = top.delimited(number)
        self._known: dict[int, str] = {}
        if not len(self._begin) or self._begin[0] != self._stop[0]:
            raise Malformed("has no string table, or one that does not begin with an empty text")

    def __getitem__(self, index: int) -> str:
        """The text of that number; raises Malformed where there is none."""
        text = self._known.get(index)
        if text is None:
            if not 0 <= index < len(self._begin):
                raise Malformed(f"there is no text {index:,}; there are {len(self._begin):,}", "string table")
            raw = bytes(self._data[int(self._begin[index]) : int(self._stop[index])])
            text = self._known[index] = raw.decode("utf-8", "surrogateescape")
        return text
