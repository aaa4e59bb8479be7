"""A dump in blocks of whole lines, as UTF-8 with newlines, whatever its encoding and line ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proftui.formats.callgrind.digits import Block
from proftui.formats.encoding import utf8_chunks
from proftui.formats.source import Source

SIZE = 1 << 20
_COST_STARTS = frozenset(b"0123456789+-*")
_WAITING = (b"calls=", b"rcalls=", b"jump=", b"jcnd=")
_STEPS_BACK = 1000


def blocks(source: Source) -> Iterator[Block]:
    """Blocks of about SIZE bytes.

    A block ends after a cost line where there is one near, as such a line belongs to a `calls=` line before it.
    """
    held: list[bytes] = []
    crlf = source.head.partition(b"\n")[0].endswith(b"\r")
    for chunk in utf8_chunks(source, SIZE):
        cut = _cut(chunk)
        if not cut:
            held.append(chunk)
            continue
        yield _block([*held, memoryview(chunk)[:cut]], crlf)
        held = [chunk[cut:]]
    if any(held):
        yield _block([piece for piece in held if piece], crlf)


def _cut(chunk: bytes) -> int:
    """Where to end a block in `chunk`: after its last cost line; 0 for nowhere.

    Where there is none for a long way, after the last line that waits for none.
    """
    end = chunk.rfind(b"\n") + 1
    fitting = 0
    for _ in range(_STEPS_BACK):
        start = chunk.rfind(b"\n", 0, max(end - 1, 0)) + 1
        if start == 0:
            return 0
        if chunk[start] in _COST_STARTS:
            return end
        if not fitting and not chunk.startswith(_WAITING, start):
            fitting = end
        end = start
    return fitting


def _block(pieces: Sequence[bytes | memoryview], crlf: bool) -> Block:
    return Block(b"".join(pieces).replace(b"\r\n", b"\n")) if crlf else Block(*pieces)
