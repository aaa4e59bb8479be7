r"""Sessions: recordings over time, whole, in proftui's own format.

A file is a line of ASCII and a zlib stream (RFC 1950):

    proftui session 1\n      the number is the version, of which this is the first

What the stream holds, numbers little-endian:

    sizes      a column of 8 numbers of 64 bits: windows W, entries E, rows R, frames F, functions N, threads T,
               marks K, sayings A
    columns    in the order of the table below, each of as many numbers as it says
    texts      each one's length in bytes, a column of 32 bits; then all of them in UTF-8 ("surrogatepass"), end to end

A column is stored byte by byte: the lowest byte of all its numbers, then the next byte of all, up to the highest.

    column     of      bits   what it holds
    start      W       float  when each window began, in seconds since the recording's start; never before another's
    seconds    W       float  how long samples were taken
    errors     W       float  samples that failed
    cpu        W       float  seconds of processor time of the target's processes       NaN: not known
    memory     W       float  resident bytes of the target's processes                  NaN: not known
    sampler    W       float  seconds of processor time of the sampler                  NaN: not known
    entries    W       32     how many entries the window has
    leaf       E       32     the row that a sampled stack ends in
    count      E       32     how many samples of the window had that stack
    frame      R       32     the frame of each row, which is one node of a thread's call tree
    above      R       32     how many rows before it the row is that called it; 0 for a root
    thread     R       32     the thread of the row, which is its caller's
    function   F       32     the function of each frame
    line       F       32     its line, -1 where unknown
    defined    N       32     the line at which each function is defined, -1 where unknown
    pid, tid   T       64     of each thread, -1 where unknown; two columns
    moment     K       float  the seconds of each mark

    texts      names of functions N, their files N, their objects N; names of threads T, their processes T; labels of
               marks K; of what else is known of the recording ("command", "rate", ...) the keys A and the values A

Ids count from 0 in the order in which things come. Floats have 64 bits (IEEE 754). No two rows have the same
caller, thread and frame. Nothing follows the texts.
"""

from proftui.formats.base import Format, deferred_read, deferred_write
from proftui.formats.session.sniff import sniff

__all__ = ["SESSION"]

SESSION = Format(
    name="session",
    title="proftui session",
    suffixes=(".proftui",),
    sniff=sniff,
    read=deferred_read("proftui.formats.session.reader"),
    kind="sampled",
    write=deferred_write("proftui.formats.session.writer"),
    needs="tree",
)
"""Keeps windows, marks and threads; other formats hold the sum."""
