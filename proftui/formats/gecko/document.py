"""The members of a Firefox Profiler's file that are read.

There are two formats. What Firefox itself, perf's gecko.py and some others write has rows, each an array, and a schema
that tells the places in them ("raw"). What the profiler's page saves, and samply and Python 3.15's sampler write, has
columns ("processed"). From version 56 on threads share their texts, later the other tables as well.

https://github.com/firefox-devtools/profiler/blob/main/src/types/profile.ts and gecko-profile.ts
"""

from __future__ import annotations

import msgspec

from proftui.errors import Malformed
from proftui.formats.json_bytes import decoded
from proftui.formats.source import Source

Table = dict[str, msgspec.Raw]
"""Columns by name; or "schema" and "data"."""


class Meta(msgspec.Struct):
    """`interval` in milliseconds; `startTime` in milliseconds since 1970, or since whenever."""

    interval: float | None = None
    importedFrom: str | None = None  # noqa: N815  # as the file has it
    product: str | None = None
    startTime: float | None = None  # noqa: N815


class Lib(msgspec.Struct):
    """A binary."""

    name: str | None = None
    path: str | None = None


class Tables(msgspec.Struct, kw_only=True):
    """What a thread has, or all threads share; texts are called otherwise in raw files."""

    stackTable: Table | None = None  # noqa: N815
    frameTable: Table | None = None  # noqa: N815
    funcTable: Table | None = None  # noqa: N815
    resourceTable: Table | None = None  # noqa: N815
    sources: Table | None = None
    stringArray: list[str] | None = None  # noqa: N815
    stringTable: list[str] | None = None  # noqa: N815
    libs: list[Lib] | str | None = None


class Thread(Tables, kw_only=True):
    """A thread and what was sampled of it."""

    name: str | None = None
    processName: str | None = None  # noqa: N815
    pid: int | str | None = None
    tid: int | str | None = None
    samples: Table = {}
    markers: Table = {}
    jsAllocations: Table | None = None  # noqa: N815
    nativeAllocations: Table | None = None  # noqa: N815


class Document(msgspec.Struct):
    """A whole file, or in raw ones another process."""

    meta: Meta
    threads: list[Thread]
    libs: list[Lib] | str | None = None
    shared: Tables = msgspec.field(default_factory=Tables)
    processes: list[Document] | None = None


class _File(msgspec.Struct):
    """Either a document, or what the developer tools saved."""

    meta: Meta | None = None
    threads: list[Thread] | None = None
    libs: list[Lib] | str | None = None
    shared: Tables = msgspec.field(default_factory=Tables)
    processes: list[Document] | None = None
    profile: Document | None = None


_FILE = msgspec.json.Decoder(_File)


def document_of(source: Source) -> Document:
    """The document in a file, its columns not looked into. Raises Malformed."""
    file = decoded(source, _FILE)
    if file.meta is not None and file.threads is not None:
        return Document(file.meta, file.threads, file.libs, file.shared, file.processes)
    if file.profile is None:
        raise Malformed("'meta' or 'threads' is missing")
    return file.profile
