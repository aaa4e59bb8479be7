"""pyinstrument's sessions, and the trees that it renders as JSON."""

from proftui.formats.base import Format, deferred_read
from proftui.formats.pyinstrument.sniff import claims, sniff

__all__ = ["PYINSTRUMENT"]

PYINSTRUMENT = Format(
    name="pyinstrument",
    title="pyinstrument (session or JSON)",
    suffixes=(".pyisession",),
    sniff=sniff,
    read=deferred_read("proftui.formats.pyinstrument.reader"),
    kind="sampled",
    claims=claims,
)
