"""Folded stacks are told by their lines, and what belongs to other formats is left to them."""

from __future__ import annotations

import pytest

from proftui.formats.folded import FOLDED

FOLDED_HEADS = [
    b"a;b 1\n",
    b"main 12\n",
    b"<module> (x.py:3) 7",
    b"\xff\xfea\0;\0b\0 \x001\0\n\0",
    b"\xef\xbb\xbfa;b 1\r\n",
    b"# a remark\n\na;b 1\nno count\n",
    b"{main};App->run 12\n",
    b"[unknown];[libc.so.6] 3\n",
    b";".join(b"f%d" % frame for frame in range(20_000))[: 1 << 16],
    b"a;b 10 4\nc 1 2\n",
    b"#; 1\n",
    b"(no stack) 5\n",
    b"memset (x86_64/memset.S) 77\nf(int, char const*) (???) 3\n??? (???) 2\n",
    b"main (a.c) 3\n" * 9 + b"operator new(unsigned long) (/usr/include/c++/12/new) 2\n",
]

OTHERS = [
    b"",
    b"\n\n",
    b"a;b;c\na;b\n",
    b"# austin: 3.7.0\n# mode: wall\n\nP1;T2;a.py:f:3 100\n",
    b"P1;T2;a.py:f:3 100\nP1;T0:3 5\n",
    b"MEM 1.5 100.0\nMEM 2.5 100.5\n",
    b"CMDLINE python a.py; b 3\nMEM 1.5 100.0\n",
    b"name,calls\nmain,3\n",
    b"name;calls\nmain;3\nb;4\n",
    b'{"name": "x;y", "calls": 3}\n',
    b'{\n  "a": 1,\n  "b": 2\n}\n',
    b"In the year 1999\nthey met; and that was that.\nThe end was near in 2001.\n",
    b"events: Ir\nfn=main\n1 5\n2 400\n",
    b"perf 123 [000] 1.5: 10 cycles:\n\tffff main (/bin/x)\n\n",
    b"1 5\n2 400\n",
    b"main 3\n" * 8 + b"Port number 22\n",
    b"#define LEFT 1\n#define RIGHT 2\n",
    b"{\x83\xa90",
    b"var a=1;b=2;" * 6000,
    b"function () { return 1; }\n" * 3000,
]


@pytest.mark.parametrize("head", FOLDED_HEADS)
def test_folded(head: bytes) -> None:
    assert FOLDED.sniff(head, "unknown")


@pytest.mark.parametrize("head", OTHERS)
def test_other(head: bytes) -> None:
    assert not FOLDED.sniff(head[: 1 << 16], "x.folded")
