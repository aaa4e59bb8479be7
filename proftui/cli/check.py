"""`proftui check`: whether files can be read, and whether their figures are sound."""

from __future__ import annotations

import sys

import click

from proftui.cli.reading import read
from proftui.errors import ProftuiError


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--single", is_flag=True, help="Read only the files given, not other dumps of the same run.")
def command(files: tuple[str, ...], single: bool) -> None:
    """Read each file, and state which invariants of a profile hold and what breaches the others.

    The exit code is 0 when all hold in all files, else 1.
    """
    sound = [_check(file, single=single) for file in files]
    sys.exit(0 if all(sound) else 1)


def _check(file: str, *, single: bool) -> bool:
    """Print what a file holds and how sound it is; whether it is."""
    from proftui.report.text import safe

    try:
        profile = read([file], single=single)
    except ProftuiError as error:
        print(f"{safe(file)}: unreadable\n  {safe(str(error))}")
        return False
    from proftui.model.check import INVARIANTS

    breaches = profile.breaches()
    arcs = sum(part.graph.arcs for part in profile.parts)
    print(
        f"{safe(file)}: {profile.origin.format}, {profile.origin.kind}: {len(profile.functions):,} functions, "
        f"{arcs:,} arcs, parts: {len(profile.parts):,}, metrics: {len(profile.metrics):,}"
    )
    for invariant in INVARIANTS:
        sentences = [breach.sentence for breach in breaches if breach.invariant == invariant]
        print(f"  {'breached' if sentences else 'holds   '}  {invariant}")
        for sentence in sentences:
            print(f"            {safe(sentence)}")
    said = {breach.sentence for breach in breaches}
    for note in profile.notes:
        if note not in said:
            print(f"  note      {safe(note)}")
    return not breaches
