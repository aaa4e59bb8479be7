"""Pickles of plain values come out as pickle has them; what is more than that is refused, and quickly."""

from __future__ import annotations

import io
import pickle
import pickletools
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proftui.errors import Cancelled, Malformed
from proftui.formats.plain_pickle import Instance, unpickled

NONE: frozenset[str] = frozenset()
NUMBERS = st.integers(-(2**63), 2**63 - 1)
KEYS = st.text() | NUMBERS | st.tuples(st.text(), NUMBERS, st.text())
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=30,
)


class Stats:
    """An instance to be pickled."""

    def __init__(self) -> None:
        self.unit = 0.5
        self.itself = [self.unit]


@given(VALUES, st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_plain_values(value: object, protocol: int) -> None:
    assert unpickled(pickle.dumps(value, protocol), NONE) == value


def test_one_value_in_several_places_is_one() -> None:
    inner = (1, 2)
    found = unpickled(pickle.dumps([inner, inner]), NONE)
    assert isinstance(found, list)
    assert found[0] is found[1]


def test_many_values_need_long_numbers_in_the_memo() -> None:
    value = [f"text {number}" for number in range(1000)] * 2
    data = pickle.dumps(value, 2)
    assert {"LONG_BINPUT", "LONG_BINGET"} <= {step.name for step, _, _ in pickletools.genops(data)}
    assert unpickled(data, NONE) == value


@pytest.mark.parametrize("protocol", [2, 4])
def test_instances_are_their_attributes(protocol: int) -> None:
    name = f"{Stats.__module__}.Stats"
    found = unpickled(pickle.dumps(Stats(), protocol), frozenset({name}))
    assert isinstance(found, Instance)
    assert (found.of, found.state) == (name, {"unit": 0.5, "itself": [0.5]})


class Runs:
    """Creates a file where it is unpickled by what runs code."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self) -> tuple[object, ...]:
        return io.open, (self.path, "w")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_code_is_run(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "was_run"
    data = pickle.dumps([Runs(path)], protocol)
    with pytest.raises(Malformed):
        unpickled(data, frozenset({"io.open", "_io.open"}))
    assert not path.exists()
    pickle.loads(data)[0].close()  # noqa: S301  # our own
    assert path.exists()


def uint32(value: int) -> bytes:
    return struct.pack("<I", value)


def doubled(times: int) -> bytes:
    """A pair of the pair before, and so on: 2^times values in three bytes each time."""
    return b"".join(b"\x94j" + uint32(number) + b"\x86" for number in range(times))


BOMBS = {
    "a number in the memo that asks for gigabytes": (b"Kr" + b"\xff" * 4 + b".", None),
    "a text of 4 GB": (b"X" + uint32(2**32 - 1) + b"abc.", "ends too early"),
    "a frame of 2^63 bytes": (b"\x95" + b"\xff" * 8, "ends too early"),
    "a number of 2,040 bits": (b"\x8a\xff" + b"\x7f" * 255 + b".", "64 bits"),
    "a tuple in a million tuples as a key": (b"})" + b"\x85" * 1_000_000 + b"K\x01s.", "not put together"),
    "a key of 2^60 items": (b"})" + doubled(60) + b"K\x01s.", "not put together"),
    "a list as a key": (b"}]K\x01s.", "not put together"),
    "an int without end": (b"I" + b"9" * 100_000 + b"\n.", "plain values"),
    "a class of another's": (b"cposix\nsystem\n.", "wants code"),
    "a class without a name": (b"K\x01K\x01\x93.", "not put together"),
    "a call": (b"ctracemalloc\nSnapshot\n)R.", "plain values"),
    "an instance with arguments": (b"ctracemalloc\nSnapshot\nK\x01\x85\x81.", "not put together"),
    "an instance of nothing": (b"K\x01)\x81.", "not put together"),
    "attributes of a number": (b"K\x01}b.", "not put together"),
    "attributes that are no dict": (b"ctracemalloc\nSnapshot\n)\x81)b.", "not put together"),
    "what is not in the memo": (b"h\x07.", "not put together"),
    "nothing": (b"\x80\x04.", "not put together"),
    "no end": (b"\x80\x04K\x01", "ends too early"),
    "a tuple without a beginning": (b"K\x01t.", None),
}


@pytest.mark.timeout(5)
@pytest.mark.parametrize(("data", "said"), BOMBS.values(), ids=BOMBS.keys())
def test_bombs_are_refused(data: bytes, said: str | None) -> None:
    with pytest.raises(Malformed, match=said):
        unpickled(data, frozenset({"tracemalloc.Snapshot"}))


@pytest.mark.timeout(60)
def test_deep_nesting_and_much_sharing_take_no_more_than_their_bytes() -> None:
    deep = unpickled(b"]" * 500_000 + b"a" * 499_999 + b".", NONE)
    assert isinstance(deep, list)
    shared = unpickled(b")" + doubled(100_000) + b".", NONE)
    assert isinstance(shared, tuple)
    itself = unpickled(b"]\x94h\x00a.", NONE)
    assert isinstance(itself, list)
    assert itself[0] is itself


def test_long_work_can_be_ended() -> None:
    data = pickle.dumps([*map(str, range(200_000))])
    shares: list[float] = []

    def report(share: float) -> None:
        shares.append(share)
        if share > 0.4:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        unpickled(data, NONE, report)
    assert 0 < shares[0] < shares[-1] < 0.9
