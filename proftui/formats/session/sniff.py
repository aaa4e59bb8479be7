"""Whether a file is a session: it says so."""

from __future__ import annotations

from proftui.formats.session.table import MAGIC


def sniff(head: bytes, name: str) -> bool:
    """Whether the file begins as sessions of any version do."""
    del name
    return head.startswith(MAGIC)
