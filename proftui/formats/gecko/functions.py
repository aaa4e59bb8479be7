"""The functions of a table's frames."""

from __future__ import annotations

import re

import numpy as np

from proftui.errors import Malformed
from proftui.formats.frame_ids import FrameIds
from proftui.formats.gecko.columns import Columns, Indices
from proftui.formats.gecko.document import Tables
from proftui.model import NO_LINE, Floats

_IN_BINARY = re.compile(r"(.+) \(in ([^()]+)\)(?: \(?\+ ?(?:0x)?[0-9a-fA-F]+\)?)?", re.DOTALL)
_IN_FILE = re.compile(r"(?:(.+) \()?([^()]+?):([0-9]{1,9})(?::[0-9]{1,9})?(?(1)\))", re.DOTALL)
_MOST_LINE = (1 << 31) - 1

Identity = tuple[str, str, int, str]


class FrameNames:
    """What the frames of a thread, or of a file's threads together, are. Its methods raise Malformed.

    With `definitions`, lines of functions are those where they are defined; Python 3.15's sampler writes others.
    """

    def __init__(self, tables: Tables, place: str, *, definitions: bool) -> None:
        self._place = place
        self._texts = tables.stringArray if tables.stringArray is not None else tables.stringTable or []
        self._libs = [lib.name or lib.path or "" for lib in tables.libs] if isinstance(tables.libs, list) else []
        self._definitions = definitions
        frames = Columns(tables.frameTable or {}, f"{place}.frameTable")
        self.func: Indices
        if tables.funcTable is None:
            self.func = frames.needed("location", len(self._texts))
            self._identities = [located(text) for text in self._texts]
        else:
            self._identities = list(self._processed(tables))
            self.func = frames.needed("func", len(self._identities))
        self._line = lines_of(frames.numbers("line"), len(self.func))
        self._lib = frames.indices("lib", len(self._libs))
        columns = [self._line] if self._lib is None else [self._line, self._lib]
        if (self.func < 0).any() or any(len(column) != len(self.func) for column in columns):
            raise Malformed("columns are not equally long, or frames have no function", f"{place}.frameTable")

    def __len__(self) -> int:
        """How many frames there are."""
        return len(self.func)

    @property
    def size(self) -> int:
        """How many frames and functions, or texts that may be some, were looked into."""
        return len(self.func) + len(self._identities)

    def into(self, ids: FrameIds, frames: Indices) -> Indices:
        """The numbers in `ids` of these frames."""
        different, which = np.unique(frames, return_inverse=True)
        numbers = [
            ids.frame(ids.function(*self._identity(frame, function)), line)
            for frame, function, line in zip(
                different.tolist(), self.func[different].tolist(), self._line[different].tolist(), strict=True
            )
        ]
        return np.array(numbers, np.int64)[which]

    def _identity(self, frame: int, function: int) -> Identity:
        """Of a frame's function; from version 70 on it is the frame that is of a binary."""
        identity = self._identities[function]
        if self._lib is None or self._lib[frame] < 0:
            return identity
        return (*identity[:3], self._libs[self._lib[frame]])

    def _processed(self, tables: Tables) -> list[Identity]:
        table = Columns(tables.funcTable or {}, f"{self._place}.funcTable")
        name = table.needed("name", len(self._texts))
        count = len(name)
        file = self._files(table, tables, count)
        objects = self._objects(table, tables, count)
        line = lines_of(table.numbers("lineNumber") if self._definitions else None, count)
        if not len(name) == len(file) == len(objects) == len(line):
            raise Malformed("columns are not equally long", f"{self._place}.funcTable")
        return [
            (self._text(text), self._text(path), number, self._libs[binary] if binary >= 0 else "")
            for text, path, number, binary in zip(
                name.tolist(), file.tolist(), line.tolist(), objects.tolist(), strict=True
            )
        ]

    def _files(self, table: Columns, tables: Tables, count: int) -> Indices:
        """The texts of the files; from version 58 or so on by way of a table of sources."""
        file = table.indices("fileName", len(self._texts))
        if file is not None:
            return file
        sources = Columns(tables.sources or {}, f"{self._place}.sources").indices("filename", len(self._texts))
        source = table.indices("source", 0 if sources is None else len(sources))
        if source is None or sources is None or not len(sources):
            return np.full(count, -1, np.int64)
        return np.where(source < 0, -1, sources[source])

    def _objects(self, table: Columns, tables: Tables, count: int) -> Indices:
        """The binaries, by way of a table of resources."""
        resources = Columns(tables.resourceTable or {}, f"{self._place}.resourceTable")
        libs = resources.indices("lib", len(self._libs))
        if libs is None or not len(libs):
            return np.full(count, -1, np.int64)
        names = resources.indices("name", len(self._texts))  # old files end the other column early
        libs = np.append(libs, np.full(max(len(libs) if names is None else len(names), len(libs)) - len(libs), -1))
        resource = table.indices("resource", len(libs))
        return np.full(count, -1, np.int64) if resource is None else np.where(resource < 0, -1, libs[resource])

    def _text(self, index: int) -> str:
        return self._texts[index] if index >= 0 else ""


def lines_of(numbers: Floats | None, count: int) -> Indices:
    """Numbers of lines, NO_LINE for what is none."""
    if numbers is None:
        return np.full(count, NO_LINE, np.int64)
    valid = (numbers > 0) & (numbers < _MOST_LINE)
    return np.where(valid, numbers, NO_LINE).astype(np.int64)


def located(text: str) -> Identity:
    """What a raw file's location says: "name (in binary) (+ offset)", "name (file:line:column)" or just a name."""
    if match := _IN_BINARY.fullmatch(text):
        return match[1], "", NO_LINE, match[2]
    if match := _IN_FILE.fullmatch(text):
        return match[1] or match[2], match[2], int(match[3]) or NO_LINE, ""
    return text, "", NO_LINE, ""
