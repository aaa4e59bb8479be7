"""`proftui export`: profiles in another format."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from proftui.cli.failures import say
from proftui.cli.filtering import filter_options, filters_of, through
from proftui.cli.reading import import_numpy, read
from proftui.errors import Unwritable

if TYPE_CHECKING:
    from proftui.model import Profile


def _targets() -> list[str]:
    """The names of all that can be written."""
    from proftui.formats import FORMATS
    from proftui.report.documents import DOCUMENTS

    return [known.name for known in FORMATS if known.write] + list(DOCUMENTS)


def _complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:  # noqa: ARG001
    return [CompletionItem(name) for name in _targets() if name.startswith(begun)]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--output", "-o", "path", required=True, metavar="OUT", help='The file to write; "-" is standard output.')
@click.option("--to", metavar="FORMAT", shell_complete=_complete, help="By default what the suffix of OUT suggests.")
@click.option("--parts", type=click.Choice(["files", "merge"]), default="files", show_default=True,
              help="Several parts as OUT, OUT.1, ... where a file holds one, or added up.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option("--compat", is_flag=True, help="callgrind exactly as the pyprof2calltree package writes it.")
@click.option("--single", is_flag=True, help="Read only the files given, not other dumps of the same run.")
@filter_options
def command(
    files: tuple[str, ...], path: str, to: str | None, parts: str, force: bool, compat: bool, single: bool,
    expressions: tuple[str, ...], mine: bool,
) -> None:  # fmt: skip
    """Write profiles in another format, such as callgrind for KCachegrind; "-" is standard input.

    `proftui formats` lists the formats.
    """
    import_numpy()
    from proftui.formats import write_files

    if path == "-" and sys.stdout.isatty():
        raise click.UsageError("A profile on the screen helps nobody; send the output to a file or a program.")
    filters = filters_of(expressions, mine)
    if compat and filters:
        raise click.UsageError("--compat converts the file as it is; filters do not apply.")

    def given(lines: bool) -> Profile:
        return through(read(files, lines=lines, single=single), filters)

    contents = _compatible(files) if compat else _exported(given, path, to, merge=parts == "merge")
    if path != "-":
        say(f"wrote {', '.join(write_files(path, contents, force=force))}")
    elif len(contents) > 1:
        raise Unwritable(f"{len(contents)} parts need as many files; --parts merge makes them one")
    else:
        sys.stdout.buffer.write(contents[0])
        sys.stdout.buffer.flush()


def _compatible(files: tuple[str, ...]) -> list[bytes]:
    from proftui.formats.compat import compat

    if len(files) > 1:
        raise click.UsageError("--compat converts one file, as pyprof2calltree does.")
    return [compat(files[0])]


def _exported(given: Callable[[bool], Profile], path: str, to: str | None, *, merge: bool) -> list[bytes]:
    """The contents of the files to write; `given` reads the profile, with costs by line or without."""
    from proftui.formats import for_path, named
    from proftui.model import flatten
    from proftui.report.documents import DOCUMENTS, document_for

    known = named(to) if to else for_path(path)
    if known and known.write:
        profile = given(True)
        if known.needs == "tree":
            profile = _stacks(profile, merge=merge)
        elif merge:
            profile = flatten(profile)
        for loss in known.losses(profile):
            say(loss)
        return known.write(profile)
    document = DOCUMENTS.get(to) if to else document_for(path)
    if document is None:
        asked = f"{to!r}" if to else f"the suffix of {path!r}"
        raise click.UsageError(f"There is no format to write for {asked}; --to takes {', '.join(_targets())}.")
    return [document.contents(given(False))]


def _stacks(profile: Profile, *, merge: bool) -> Profile:
    """The profile with call trees; what there is to know of them is said on standard error."""
    from proftui.analysis.stacks import in_one_part, remarks, with_stacks

    made = with_stacks(profile)
    for remark in remarks(made):
        say(remark)
    return in_one_part(made) if merge else made
