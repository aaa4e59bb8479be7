"""Both ways to read marshalled tables say what the marshal module says, and bombs are refused."""

from __future__ import annotations

import marshal
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Malformed
from proftui.formats.pstats.packed import packed_table
from proftui.formats.pstats.table import Table, decoded_table
from tests.mutations import mutation

DATA = Path(__file__).parents[2] / "data" / "pstats"

names = st.one_of(st.text(max_size=8), st.sampled_from(["f", "<lambda>", "x" * 300, "é" * 90, "\ud800", "\x00{0"]))
files = st.one_of(st.sampled_from(["~", "a.py", "/srv/größe.py", "b" * 256]), st.text(max_size=4))
keys = st.tuples(files, st.integers(-(2**31), 2**31 - 1), names)
counts = st.one_of(st.integers(0, 300), st.integers(-(2**70), 2**70))
times = st.floats(allow_nan=False)
callers = st.dictionaries(keys, st.one_of(counts, st.tuples(counts, counts, times, times)), max_size=4)
tables = st.dictionaries(keys, st.tuples(counts, counts, times, times, callers), max_size=6)
plain_counts = st.integers(-(2**31), 2**31 - 1)
plain_callers = st.dictionaries(keys, st.tuples(plain_counts, plain_counts, times, times), max_size=4)
plain_tables = st.dictionaries(
    keys, st.tuples(plain_counts, plain_counts, times, times, plain_callers), min_size=1, max_size=6
)

Key = tuple[str, int, str]


def as_dict(table: Table) -> dict[Key, tuple[Any, ...]]:
    """The table as pstats holds it; what only occurs as a caller is not in it."""
    key = list(zip(table.file, table.line.tolist(), table.name, strict=True))
    held: dict[Key, tuple[Any, ...]] = {
        key[function]: (primitive, calls, own, cumulative, {})
        for function, (calls, primitive, own, cumulative) in zip(
            table.function.tolist(), table.numbers.T.tolist(), strict=True
        )
    }
    for caller, callee, value in zip(
        table.caller.tolist(), table.callee.tolist(), table.arc_numbers.T.tolist(), strict=True
    ):
        held[key[callee]][4][key[caller]] = tuple(value) if value[1] == value[1] else value[0]
    return held


def as_floats(table: dict[Key, tuple[Any, ...]]) -> dict[Key, tuple[Any, ...]]:
    """`table` with counts as the numbers that a profile holds."""

    def value(number: Any) -> Any:
        return tuple(map(float, number)) if isinstance(number, tuple) else float(number)

    return {key: (*map(float, row[:4]), {k: value(v) for k, v in row[4].items()}) for key, row in table.items()}


@given(tables, st.integers(0, 4))
def test_decoder(table: dict[Key, tuple[Any, ...]], version: int) -> None:
    data = marshal.dumps(table, version)
    read = decoded_table(data)
    assert as_dict(read) == as_floats(marshal.loads(data)) == as_floats(table)  # noqa: S302  # just dumped
    assert read.trailing == 0


def unshared(table: dict[Key, tuple[Any, ...]]) -> dict[Key, tuple[Any, ...]]:
    """`table` with a float object of its own for each time, as a profiler has: marshal writes shared ones once."""

    def costs(first: int, second: int, own: float, cumulative: float) -> tuple[int, int, float, float]:
        return first, second, own * 1.0, cumulative * 1.0

    return {
        key: (*costs(*row), {caller: costs(*value) for caller, value in callers.items()})
        for key, (*row, callers) in table.items()
    }


@given(plain_tables)
def test_packed(table: dict[Key, tuple[Any, ...]]) -> None:
    read = packed_table(marshal.dumps(unshared(table), 4))
    assert read is not None
    assert as_dict(read) == as_floats(table)


@given(st.integers(0, 2**32))
def test_packed_refuses_what_the_decoder_refuses(number: int) -> None:
    originals = [path.read_bytes() for path in sorted(DATA.glob("ticks_py3*.prof"))]
    data = mutation(originals, 0, number)
    if (read := packed_table(data)) is not None:
        assert repr(as_dict(read)) == repr(as_dict(decoded_table(data)))  # by repr: there may be NaN


@pytest.mark.parametrize("path", sorted(DATA.glob("ticks_py3*.prof")), ids=lambda path: path.name)
def test_cprofile_dumps_take_the_fast_way(path: Path) -> None:
    data = path.read_bytes()
    read = packed_table(data)
    assert read is not None
    assert as_dict(read) == as_floats(marshal.loads(data))  # noqa: S302  # our own sample


def test_packed_over_many_blocks() -> None:
    key = [(f"m{number % 70}.py", number, f"f{number}") for number in range(9000)]
    table: dict[Key, tuple[Any, ...]] = {
        one: (number, number + 1, number / 3, number / 2, {key[number - 1]: (7, 5, number / 7, number / 5)})
        for number, one in enumerate(key)
    }
    data = marshal.dumps(table, 4)
    assert len(data) > 3 << 18
    read = packed_table(data)
    assert read is not None
    assert as_dict(read) == as_floats(table)


def test_text_that_looks_like_costs() -> None:
    costs = b")\x05" + b"i\1\0\0\0" * 2 + b"g" + bytes(8) + b"g" + bytes(8)
    table: dict[Key, tuple[Any, ...]] = {("a.py", 1, (costs + b"{0").decode("latin-1")): (1, 1, 0.0, 0.0, {})}
    data = marshal.dumps(table)
    assert packed_table(data) is None
    assert as_dict(decoded_table(data)) == as_floats(table)


def number(value: int) -> bytes:
    """A 32-bit length or integer as marshal writes it."""
    return struct.pack("<i", value)


@pytest.mark.parametrize(
    "data",
    [
        b"{(" + number(3) + b"s" + number(2**31 - 1),
        b"{(" + number(2**31 - 1),
        b"{(" + number(-1),
        b"{)\xff" + b"N",
        b"{(" + number(1 << 20) + b"N" * (1 << 20),
        b"{" + b")" * (1 << 20),
        b"{" + b")\x01" * 5000,
        b"{" + b"{" * 5000,
        b"{)\x03z\x01al" + number(2**31 - 1),
        b"{)\x03z\x01al" + number(-(2**31)),
        b"\xfb\xa9\x03r" + number(1),
        b"\xfb\xa9\x03r" + number(0),
        b"{)\x03r" + number(0),
        b"{)\x03R" + number(-1),
        b"{)\x03z\x01af\x031_0",
        b"{)\x03z\x01a0",
        b"{00",
        b"{)\x030",
        b"{",
        b"",
        b"i" + number(1),
        b"{)\x03z\x01ai" + number(1) + b"c" + bytes(400),
    ],
    ids=lambda data: repr(data[:30]),
)
def test_bombs_and_nonsense(data: bytes) -> None:
    assert packed_table(data) is None
    if data == b"{00":
        assert decoded_table(data).trailing == 1
    else:
        with pytest.raises(Malformed):
            decoded_table(data)
