"""Austin's samples, as text and in its binary format MOJO."""

from proftui.formats.austin.reader import read
from proftui.formats.austin.sniff import sniff
from proftui.formats.base import Format

__all__ = ["AUSTIN"]

AUSTIN = Format(
    name="austin", title="Austin (text, MOJO)", suffixes=(".austin", ".mojo"), sniff=sniff, read=read, kind="sampled"
)
