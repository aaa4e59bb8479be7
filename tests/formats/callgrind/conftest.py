from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from proftui.formats import ReadOptions, Source
from proftui.formats.callgrind import CALLGRIND
from proftui.model import Profile

Parse = Callable[..., Profile]


@pytest.fixture(scope="session")
def parse(tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """The profile in some text or bytes, with costs by line."""
    path: Path = tmp_path_factory.mktemp("callgrind") / "dump"

    def parse(data: str | bytes, *, recognised: bool = True) -> Profile:
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        source = Source(str(path))
        assert CALLGRIND.sniff(source.head, source.name) == recognised
        return CALLGRIND.read(source, ReadOptions(lines=True))

    return parse
