"""`proftui formats`: what can be read and written."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size

import click

_FIGURES = {"traced": "exact", "sampled": "sampled", "either": "either"}


@click.command()
def command() -> None:
    """List the formats that can be read and written."""
    from proftui.formats import FORMATS
    from proftui.formats.archives import TAR, ZIP
    from proftui.report.documents import DOCUMENTS

    rows: list[_Row] = [("NAME", "READ", "WRITE", "FIGURES", "SUFFIXES", "WHAT")]
    rows += [
        (
            known.name, "yes", "yes" if known.write or known.name in DOCUMENTS else "", _FIGURES[known.kind],
            " ".join(known.suffixes), known.title,
        )
        for known in FORMATS
    ]  # fmt: skip
    read = {known.name for known in FORMATS}
    rows += [
        (name, "", "yes", "", " ".join(document.suffixes), document.title)
        for name, document in DOCUMENTS.items()
        if name not in read
    ]
    rows += [(known.name, "yes", "", "", " ".join(known.suffixes), known.title) for known in (ZIP, TAR)]
    rows += [("folder", "yes", "", "", "", "folders of profiles: each file is a part")]
    # what reads a pipe line by line gets one line a format, as wide as that is
    width = get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    print("\n".join(_table(rows, width)))
    print()
    print(textwrap.fill(_EXPLAINED, min(get_terminal_size().columns, 120)))


_Row = tuple[str, str, str, str, str, str]


def _table(rows: Sequence[_Row], width: int) -> Iterator[str]:
    """The lines of a table; where the last two columns have no room side by side, one is below the other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    narrow = sum(widths) + 2 * (len(widths) - 1) > width
    for row in rows:
        *rest, suffixes, what = (text.ljust(size) for text, size in zip(row, widths, strict=True))
        start = "  ".join(rest) + "  "
        if not narrow:
            yield f"{start}{suffixes}  {what}".rstrip()
            continue
        room = max(width - len(start), 20)
        lines = [line for text in (what, suffixes) for line in textwrap.wrap(text.strip(), room)]
        yield (start + lines[0]).rstrip()
        yield from (" " * len(start) + line for line in lines[1:])


_EXPLAINED = (
    "Formats are known by their content, never by the file's name. Files may be compressed with gzip, bz2, xz or zstd;"
    " - is standard input. Figures are exact where each call was seen, sampled where stacks were looked at at times."
)
