"""The files that were opened last, remembered between runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from platformdirs import user_state_path

from proftui.errors import Unwritable
from proftui.formats.files import write_files

MOST = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened together, as absolute paths, and its format's name."""

    paths: tuple[str, ...]
    format: str


def recent_file() -> Path:
    """Where they are kept."""
    return user_state_path("proftui", appauthor=False) / "recent.json"


def recent(file: Path) -> list[Opened]:
    """What was opened, the last first; nothing where there is no readable record."""
    try:
        entries = json.loads(file.read_text("utf-8"))
        return [Opened(tuple(map(str, entry["paths"])), str(entry["format"])) for entry in entries][:MOST]
    except (OSError, ValueError, TypeError, KeyError):  # a missing or foreign record is no reason to stop
        return []


def remember(file: Path, paths: Sequence[str], kind: str) -> None:
    """Put files on top of the record. Where it cannot be written nothing is remembered."""
    if not paths or "-" in paths:
        return
    opened = Opened(tuple(str(Path(path).resolve()) for path in paths), kind)
    entries = [opened, *(entry for entry in recent(file) if entry.paths != opened.paths)][:MOST]
    content = json.dumps([asdict(entry) for entry in entries], indent=1).encode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_files(str(file), [content], force=True)
    except (OSError, Unwritable):  # a read-only home is no reason to stop
        return
