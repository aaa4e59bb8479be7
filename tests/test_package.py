"""The package as it is installed, and the files around it."""

from __future__ import annotations

import re
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

import proftui

ROOT = Path(__file__).parent.parent


def test_the_version_is_that_of_the_distribution() -> None:
    assert distribution("proftui").version == proftui.__version__


def test_the_script_is_installed() -> None:
    (script,) = distribution("proftui").entry_points
    assert (script.name, script.value) == ("proftui", "proftui.cli:main")


def test_data_goes_with_the_package() -> None:
    for package, path in (
        ("proftui", "py.typed"),
        ("proftui.report", "schema/report-1.json"),
        ("proftui.tui", "app.tcss"),
    ):
        assert files(package).joinpath(path).is_file()


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == proftui.__version__


def test_each_dependency_has_its_reason() -> None:
    required = {
        re.split(r"[^\w.-]", line)[0] for line in distribution("proftui").requires or [] if "extra ==" not in line
    }
    explained = re.findall(r"^\| ([\w.-]+) \|", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    assert {name.replace(".", "-") for name in required | {"package"}} == {name.replace(".", "-") for name in explained}


def test_the_names_for_programs_are_there() -> None:
    assert callable(proftui.load)
    assert callable(proftui.save)
    assert callable(proftui.profiled)
    assert set(proftui.__all__) == {"__version__", "load", "save", "profiled"}
