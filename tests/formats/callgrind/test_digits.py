"""Numbers read many at a time, against int()."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import example, given

from proftui.formats.callgrind.digits import Block, number
from proftui.formats.callgrind.marks import KEYS, Mark, _slot

tokens = st.one_of(
    st.integers(0, 10**17).map(lambda value: str(value).encode()),
    st.binary(max_size=20).map(lambda raw: raw.translate(None, b" \n")),
    st.text("0123456789", max_size=18).map(str.encode),
)


@given(words=st.lists(tokens, max_size=20))
@example(words=[b"", b"/", b":", b"00000000", b"99999999", b"\xff1", b"1\xb0", b"1\x80", b"123456789\x000123456"])
def test_numbers(words: list[bytes]) -> None:
    block = Block(b"".join(word + b" " for word in words))
    length = np.array([len(word) for word in words], np.int64)
    end = np.cumsum(length + 1) - 1
    values, odd = block.numbers(end, length)
    plain = [word == b"" or (word.isdigit() and len(word) <= 16) for word in words]
    assert odd.tolist() == [not each for each in plain]
    assert [value for value, each in zip(values.tolist(), plain, strict=True) if each] == [
        int(word or b"0") for word, each in zip(words, plain, strict=True) if each
    ]


@given(lines=st.lists(st.lists(tokens, min_size=1, max_size=4), max_size=20))
def test_last_numbers(lines: list[list[bytes]]) -> None:
    raw = [b" ".join(words) for words in lines]
    block = Block(b"".join(line + b"\n" for line in raw))
    length = np.array([len(line) for line in raw], np.int64)
    end = np.cumsum(length + 1) - 1
    values, blanks, odd = block.last_numbers(end, length)
    assert blanks.tolist() == [line[-8:].count(b" ") for line in raw]
    assert block.blanks(end, length).tolist() == blanks.tolist()
    for line, value, refused in zip(raw, values.tolist(), odd.tolist(), strict=True):
        last = line.rpartition(b" ")[2]
        seen = last[-8:]
        assert bool(refused) == (not (seen == b"" or seen.isdigit()))
        assert refused or value == int(seen or b"0")


@given(words=st.lists(tokens, min_size=1, max_size=10), between=st.sampled_from([b" ", b"\n", b"\t"]))
def test_token_lengths(words: list[bytes], between: bytes) -> None:
    words = [bytes(byte for byte in word if byte > 32) for word in words]
    block = Block(b"".join(word + between for word in words))
    start = np.cumsum([0, *(len(word) + 1 for word in words)])[:-1]
    assert block.token_length(start).tolist() == [min(len(word), 8) for word in words]


def test_single_numbers() -> None:
    assert [number(word) for word in (b"0x1F", b"-3", b"+3", b"1.5", b"1e3", b"-0x10")] == [31, -3, 3, 1.5, 1000, -16]
    assert [number(word) for word in (b"", b"x", b"nan", b"inf", b"1_0", b"1e999", b"0x", b"--1", b"1 ")] == [None] * 9


def test_keys_of_marks_differ_in_their_slots() -> None:
    words = np.array([int.from_bytes(key, "little") for key in KEYS], np.uint64)
    assert len(set(_slot(words).tolist())) == len(KEYS)
    assert set(KEYS.values()) == set(Mark) - {Mark.NONE}
