"""What commands import, which a static check cannot see where imports are deferred."""

from __future__ import annotations

import marshal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from proftui.cli import main
try:
    main()
except SystemExit as left:
    assert not left.code, left.code
names = {name.partition(".")[0] for name in sys.modules} | set(sys.modules)
costly = {"textual", "numpy", "rich", "importlib.metadata", "tomllib", "tomli", "platformdirs"}
print(*sorted(names & costly), file=sys.stderr)
"""


def imported(words: list[str], folder: Path) -> set[str]:
    """Which of the costly packages a command imports."""
    (folder / "run.prof").write_bytes(marshal.dumps({("a.py", 1, "f"): (1, 1, 1.0, 1.0, {})}))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["--help"],
        ["open", "--help"],
        ["report", "--help"],
        ["export", "--help"],
        ["attach", "--help"],
        ["run", "--help"],
        ["record", "--help"],
        ["completion", "fish"],
    ],
    ids=" ".join,
)
def test_what_answers_at_once_imports_nothing_costly(words: list[str], tmp_path: Path) -> None:
    assert imported(words, tmp_path) == set()


@pytest.mark.parametrize(
    "words",
    [
        ["report", "run.prof"],
        ["report", "run.prof", "--view", "tree", "--format", "json"],
        ["export", "run.prof", "-o", "out.prof"],
        ["export", "run.prof", "-o", "out.csv"],
        ["check", "run.prof"],
        ["formats"],
        ["demo", "--no-tui"],
    ],
    ids=" ".join,
)
def test_only_the_viewer_imports_textual(words: list[str], tmp_path: Path) -> None:
    assert "textual" not in imported(words, tmp_path)


def test_the_test_would_notice() -> None:
    program = PROGRAM.replace("from proftui.cli import main", "import textual; main = sys.exit")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "textual" in done.stderr.split()
