"""README says what is so: its commands and options exist, and its keys are those of the bindings.

`python tests/test_readme.py` writes the table of keys.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from proftui.cli.group import proftui
from proftui.tui.keys import sections

README = Path(__file__).parent.parent / "README.md"
KEYS = re.compile(r"(<!-- keys: .* -->\n)(.*?)(<!-- end of keys -->)", re.DOTALL)


def keys_as_markdown() -> str:
    """The keys of the viewer as a table."""
    rows = [
        (title if at == 0 else "", entry.keys, entry.description)
        for title, entries in sections()
        for at, entry in enumerate(entries)
    ]
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(["", "| | keys | |", "|---|---|---|", *(f"| {line} |" for line in lines), "", ""])


def used_commands() -> list[list[str]]:
    """The words of each call of proftui in a block of code."""
    lines = re.findall(r"^    (?:.*\| |\$ )?(proftui(?: [^|#>\n]*)?)", README.read_text("utf-8"), re.MULTILINE)
    return [shlex.split(line)[1:] for line in lines]


def test_the_table_of_keys_is_that_of_the_bindings() -> None:
    found = KEYS.search(README.read_text("utf-8"))
    assert found is not None
    assert found[2] == keys_as_markdown(), "run `make keys`"


def test_there_are_examples() -> None:
    assert {words[0] for words in used_commands() if words} >= {"report", "export", "completion"}


@pytest.mark.parametrize("words", used_commands(), ids=" ".join)
def test_every_example_is_valid(words: list[str]) -> None:
    """Parsed as the command line would, without running it."""
    context = click.Context(proftui)
    name, *rest = words if words and words[0] in proftui.list_commands(context) else ["open", *words]
    command = proftui.get_command(context, name)
    assert command is not None
    assert command.make_context(name, rest).params


def main() -> None:
    """Write the table into README."""
    text = README.read_text("utf-8")
    README.write_text(KEYS.sub(lambda found: found[1] + keys_as_markdown() + found[3], text), "utf-8")


if __name__ == "__main__":
    main()
