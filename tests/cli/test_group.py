"""Which command a first word means, help, version and the exit code of nonsense."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import proftui as package
from proftui.cli.group import proftui

if TYPE_CHECKING:
    from tests.cli.conftest import Run, Spawn


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"proftui {package.__version__}\n", "")


def test_help_lists_every_command(run: Run) -> None:
    ran = run("--help")
    context = click.Context(proftui)
    assert ran.code == 0
    for name in proftui.list_commands(context):
        assert f"\n  {name} " in ran.out


@pytest.mark.parametrize("name", proftui.list_commands(click.Context(proftui)))
def test_every_command_has_help(run: Run, name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0
    assert f"Usage: proftui {name}" in ran.out


def test_a_first_word_that_is_no_command_is_a_file(run: Run) -> None:
    for words in (["out.prof"], ["./report"], ["--single", "out.prof"], []):
        ran = run(*words)
        assert ran.code == 2
        assert "the viewer needs a terminal; 'proftui report FILE' prints the same figures" in ran.err


def test_a_misspelt_command_is_recognised(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert "did you mean 'report'?" in run("reprot", "out.prof").err
    (tmp_path / "reprot").touch()
    assert "needs a terminal" in run("reprot").err


def test_the_package_runs_as_a_module(spawn: Spawn) -> None:
    done = spawn("--version")
    assert (done.returncode, done.stdout.decode().split()) == (0, ["proftui", package.__version__])
