"""Numbers read many at a time, against int()."""

from __future__ import annotations

from itertools import pairwise

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


def blank(line: bytes) -> list[bool]:
    return [byte <= 32 for byte in line]


@given(lines=st.lists(st.binary(max_size=20).map(lambda raw: raw.replace(b"\n", b" ")), max_size=20))
@example(lines=[b"+3 0 13", b"* 0 12345678", b"1  2", b"1 ", b"12345678", b"", b"0x1 5", b"1\t2"])
def test_last_numbers(lines: list[bytes]) -> None:
    block = Block(b"".join(line + b"\n" for line in lines) or b"\n")
    length = np.array([len(line) for line in lines], np.int64)
    end = np.cumsum(length + 1) - 1
    values, blanks, odd = block.last_numbers(end, length)
    for line, value, count, refused in zip(lines, values.tolist(), blanks.tolist(), odd.tolist(), strict=True):
        seen = line[-8:]
        token = bytes(seen).translate(bytes(32 if byte < 32 else byte for byte in range(256))).rpartition(b" ")[2]
        assert count == sum(blank(seen))
        in_a_row = any(one and other for one, other in pairwise(blank(seen)))
        assert bool(refused) == (in_a_row or not (token == b"" or token.isdigit()))
        assert refused or value == int(token or b"0")


@given(lines=st.lists(st.binary(min_size=1, max_size=9).map(lambda raw: raw.replace(b"\n", b" ")), max_size=20))
def test_blanks_before_the_last_byte(lines: list[bytes]) -> None:
    block = Block(b"".join(line + b"\n" for line in lines) or b"\n")
    length = np.array([len(line) - 1 for line in lines], np.int64)
    end = np.cumsum(length + 2) - 2
    blanks, doubled = block.blanks(end, length)
    for line, count, in_a_row in zip(lines, blanks.tolist(), doubled.tolist(), strict=True):
        assert count == sum(blank(line[-8:-1]))
        assert bool(in_a_row) == any(one and other for one, other in pairwise(blank(line[-8:])))


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
