"""`proftui formats`: what can be read and written."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """List the formats that can be read and written."""
    from proftui.formats import FORMATS
    from proftui.report.documents import DOCUMENTS

    rows = [("NAME", "READ", "WRITE", "SUFFIXES", "WHAT")]
    rows += [
        (known.name, "yes", "yes" if known.write else "", " ".join(known.suffixes), known.title) for known in FORMATS
    ]
    rows += [(name, "", "yes", " ".join(document.suffixes), document.title) for name, document in DOCUMENTS.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    print(
        "\nFormats are known by their content. Files may be compressed with gzip, bz2, xz or zstd; - is standard input."
    )
