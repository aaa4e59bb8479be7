"""`proftui formats`: what can be read and written."""

from __future__ import annotations

import textwrap
from shutil import get_terminal_size

import click

_FIGURES = {"traced": "exact", "sampled": "sampled", "either": "either"}


@click.command()
def command() -> None:
    """List the formats that can be read and written."""
    from proftui.formats import FORMATS
    from proftui.formats.archives import TAR, ZIP
    from proftui.report.documents import DOCUMENTS

    rows = [("NAME", "READ", "WRITE", "FIGURES", "SUFFIXES", "WHAT")]
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
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    print()
    for line in textwrap.wrap(_EXPLAINED, min(get_terminal_size().columns, 120)):
        print(line)


_EXPLAINED = (
    "Formats are known by their content, never by the file's name. Files may be compressed with gzip, bz2, xz or zstd;"
    " - is standard input. Figures are exact where each call was seen, sampled where stacks were looked at at times."
)
