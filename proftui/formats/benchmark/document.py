"""The members of pytest-benchmark's JSON that are read.

The format: `as_dict` in https://github.com/ionelmc/pytest-benchmark/blob/master/src/pytest_benchmark/stats.py
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from proftui.formats.json_bytes import decoded
from proftui.formats.source import Source

Number = int | float
Count = Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)]


class Row(msgspec.Struct, gc=False):
    """A function as cProfile saw it: times in seconds, `calls` as "335/1" of all and primitive ones, or "167"."""

    function: str = msgspec.field(name="function_name")
    calls: str = msgspec.field(name="ncalls_recursion")
    own: Number = msgspec.field(name="tottime")
    inclusive: Number = msgspec.field(name="cumtime")


class Stats(msgspec.Struct, gc=False):
    """Seconds for one call of what is measured, over the rounds; each round calls it `iterations` times."""

    mean: Number
    median: Number
    min: Number
    max: Number
    rounds: Count
    iterations: Count = 1


class Benchmark(msgspec.Struct):
    """`fullname` is file::test; `cprofile` is missing without `--benchmark-cprofile`."""

    name: str
    fullname: str
    stats: Stats
    cprofile: list[Row] = []


class Document(msgspec.Struct):
    """A whole file."""

    benchmarks: list[Benchmark]
    version: str = ""


_DOCUMENT = msgspec.json.Decoder(Document)


def document_of(source: Source) -> Document:
    """The document in a file. Raises Malformed."""
    return decoded(source, _DOCUMENT)
