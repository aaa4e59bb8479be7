"""Austin's samples, as text and in its binary format MOJO."""

from proftui.formats.austin.sniff import sniff
from proftui.formats.base import Format, deferred_read

__all__ = ["AUSTIN"]

AUSTIN = Format(
    name="austin",
    title="Austin (text, MOJO)",
    suffixes=(".austin", ".mojo"),
    sniff=sniff,
    read=deferred_read("proftui.formats.austin.reader"),
    kind="sampled",
)
