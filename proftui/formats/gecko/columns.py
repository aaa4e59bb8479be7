"""The columns of a table, as arrays."""

from __future__ import annotations

import sys

import msgspec
import numpy as np
import numpy.typing as npt

from proftui.errors import Malformed
from proftui.formats.gecko.document import Table
from proftui.formats.json_arrays import BETWEEN_ARRAYS, BETWEEN_NUMBERS, Array
from proftui.formats.json_faults import ERRORS, fault
from proftui.model import Floats

Indices = npt.NDArray[np.int64]

MOST_COLUMNS = 50
"""Of rows; Firefox has some ten."""

_LARGEST = sys.float_info.max

_NUMBERS = msgspec.json.Decoder(list[float | None])
_ROWS = msgspec.json.Decoder(list[list[object]])
_TEXT = msgspec.json.Decoder(str | None)
_SCHEMA = msgspec.json.Decoder(dict[str, int])
_NULL = b"null"


class Columns:
    """A table at a place in the file. Its methods raise Malformed."""

    def __init__(self, table: Table, place: str) -> None:
        self._table = table
        self._place = place
        self._rows: dict[str, Floats] | None = None

    def numbers(self, name: str) -> Floats | None:
        """A column, NaN for nulls; None where there is none."""
        if "schema" in self._table:
            return self._by_schema().get(name)
        raw = self._table.get(name)
        if raw is None or bytes(memoryview(raw)[:4]) == _NULL:
            return None
        array = Array(raw, f"{self._place}.{name}", BETWEEN_NUMBERS, _untold)
        return np.concatenate([np.zeros(0), *(np.array(piece, np.float64) for piece in array.items(_NUMBERS))])

    def indices(self, name: str, below: int) -> Indices | None:
        """A column of indices, -1 for none; None where there is no column."""
        numbers = self.numbers(name)
        if numbers is None:
            return None
        numbers = np.where(np.isnan(numbers), -1.0, numbers)
        wrong = (numbers < -1) | (numbers >= below) | (numbers != np.floor(numbers))
        if wrong.any():
            raise Malformed("an index is out of range", f"{self._place}.{name}[{int(np.argmax(wrong))}]")
        return numbers.astype(np.int64)

    def needed(self, name: str, below: int) -> Indices:
        """As `indices`, of a column that every file has."""
        column = self.indices(name, below)
        if column is None:
            raise Malformed(f"{name!r} is missing", self._place)
        return column

    def text(self, name: str) -> str | None:
        """A member that is a text; None where there is none."""
        try:
            text: str | None = _TEXT.decode(self._table.get(name, _NULL))
        except ERRORS as error:
            raise fault(error, f"{self._place}.{name}", 0) from None
        return text

    def _by_schema(self) -> dict[str, Floats]:
        """The columns of rows; of cells that are no numbers, or too large ones, NaN."""
        if self._rows is None:
            try:
                schema = _SCHEMA.decode(self._table["schema"])
            except ERRORS as error:
                raise fault(error, f"{self._place}.schema", 0) from None
            if len(schema) > MOST_COLUMNS:
                raise Malformed(f"has more than {MOST_COLUMNS} columns", f"{self._place}.schema")
            raw = self._table.get("data", msgspec.Raw(b"[]"))
            data = Array(raw, f"{self._place}.data", BETWEEN_ARRAYS, _untold)
            pieces = [[np.zeros(0)] for _ in schema]
            for rows in data.items(_ROWS):
                for column, at in zip(pieces, schema.values(), strict=True):
                    column.append(np.array([_number(row[at] if 0 <= at < len(row) else None) for row in rows]))
            self._rows = {name: np.concatenate(column) for name, column in zip(schema, pieces, strict=True)}
        return self._rows


def _untold(size: int) -> None:
    """Progress is told by threads."""
    del size


def _number(cell: object) -> float:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and -_LARGEST <= cell <= _LARGEST:
        return float(cell)
    return np.nan
