"""`proftui.profiled`, in processes of their own where profilers and forks would disturb the tests."""

from __future__ import annotations

import os
import pstats
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import proftui
from proftui.errors import ProftuiError, Unwritable

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def ran(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A program run in a folder of its own, with the definition of some work before it."""
    work = "import os, proftui\ndef leaf(): return sum(range(50))\ndef work(n): return [leaf() for _ in range(n)]\n"
    (folder / "program.py").write_text(work + textwrap.dedent(program), "utf-8")
    return subprocess.run([sys.executable, "program.py"], cwd=folder, capture_output=True, text=True, check=False)


def calls(path: Path, name: str) -> int:
    """How often pstats says that a function was called; 0 where it knows none of that name."""
    stats = pstats.Stats(str(path)).stats  # type: ignore[attr-defined]  # typeshed omits it
    return sum(row[1] for (_, _, function), row in stats.items() if function == name)


def test_a_block_is_profiled_and_nothing_around_it(tmp_path: Path) -> None:
    done = ran(
        """
        work(5)
        with proftui.profiled("job.prof"):
            work(7)
        work(5)
        """,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(tmp_path / "job.prof", "leaf") == 7


@pytest.mark.parametrize("name", ["job.kgrind", "job.pstats", "job.prof"])
def test_every_format_holds_the_same_calls(name: str, tmp_path: Path) -> None:
    done = ran(f"with proftui.profiled({name!r}): work(7)", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    profile = proftui.load(tmp_path / name)
    leaf = profile.functions.name.index("leaf")
    graph = profile.parts[0].graph
    row = graph.row_of(leaf)
    assert row is not None
    assert graph.calls is not None
    assert graph.calls[row] == 7
    assert profile.functions.file[leaf].endswith("program.py")


def test_the_profile_is_written_when_the_block_raises(tmp_path: Path) -> None:
    done = ran(
        """
        with proftui.profiled("job.prof"):
            work(3)
            raise SystemExit(7)
        """,
        tmp_path,
    )
    assert done.returncode == 7
    assert calls(tmp_path / "job.prof", "leaf") == 3


def test_a_decorated_function_that_calls_itself_is_one_profile(tmp_path: Path) -> None:
    done = ran(
        """
        @proftui.profiled("job.prof")
        def down(n):
            return down(n - 1) if n else leaf()
        down(4)
        """,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(tmp_path / "job.prof", "down") == 5


def test_a_decorated_function_writes_anew_each_time(tmp_path: Path) -> None:
    done = ran("f = proftui.profiled('job.prof')(work)\nf(9)\nf(2)", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(tmp_path / "job.prof", "leaf") == 2


@forks
def test_a_forked_child_writes_a_file_of_its_own_with_its_own_work(tmp_path: Path) -> None:
    done = ran(
        """
        with proftui.profiled("job.prof"):
            work(100)
            child = os.fork()
            work(3 if child == 0 else 20)
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        print(child)
        """,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(tmp_path / "job.prof", "leaf") == 120
    assert calls(tmp_path / f"job.{done.stdout.strip()}.prof", "leaf") == 3


@forks
@pytest.mark.parametrize("outer", ["", "with proftui.profiled('parent.prof'): "])
def test_in_the_jobs_of_a_pool(outer: str, tmp_path: Path) -> None:
    """Below a profiled parent too: a child that ends by os._exit has written its file, and the parent its own."""
    done = ran(
        f"""
        import multiprocessing
        def job(n):
            with proftui.profiled(f"job-{{n}}.kgrind"):
                work(n)
            return os.getpid()
        if __name__ == "__main__":
            {outer}pids = multiprocessing.get_context("fork").Pool(1).map(job, [5, 6])
            print(*set(pids))
        """,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    inherited = f".{done.stdout.strip()}" if outer else ""
    for n in (5, 6):
        profile = proftui.load(tmp_path / f"job-{n}{inherited}.kgrind")
        graph = profile.parts[0].graph
        row = graph.row_of(profile.functions.name.index("leaf"))
        assert row is not None
        assert graph.calls is not None
        assert graph.calls[row] == n
    if outer:
        assert calls(tmp_path / "parent.prof", "leaf") == 0


@forks
def test_a_decorated_function_in_a_child_names_the_process(tmp_path: Path) -> None:
    done = ran(
        """
        import multiprocessing
        @proftui.profiled("job.prof")
        def job(n):
            work(n)
            return os.getpid()
        if __name__ == "__main__":
            print(*multiprocessing.get_context("fork").Pool(1).map(job, [4]))
        """,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(tmp_path / f"job.{done.stdout.strip()}.prof", "leaf") == 4


@pytest.mark.parametrize(
    "outer",
    [
        "import cProfile; p = cProfile.Profile(); p.enable()",
        "p = proftui.profiled('outer.prof'); p.__enter__()",
    ],
)
def test_another_active_profiler_is_an_error(outer: str, tmp_path: Path) -> None:
    done = ran(
        f"""
        {outer}
        try:
            with proftui.profiled("job.prof"):
                print("ran")
        except proftui.errors.ProftuiError as error:
            print(error)
        """,
        tmp_path,
    )
    assert done.stdout == "another profiler is active; only one can be at a time\n"
    assert not (tmp_path / "job.prof").exists()


def test_the_outer_profile_survives_a_refused_one(tmp_path: Path) -> None:
    done = ran(
        """
        with proftui.profiled("outer.prof"):
            try:
                proftui.profiled("inner.prof").__enter__()
            except proftui.errors.ProftuiError:
                work(6)
        """,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(tmp_path / "outer.prof", "leaf") == 6


def test_a_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "job.prof").write_text("what was there")
    assert ran("with proftui.profiled('job.prof'): work(1)", tmp_path).returncode == 0
    assert calls(tmp_path / "job.prof", "leaf") == 1


def test_what_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="no writable format"):
        proftui.profiled("job.xyz")
    with pytest.raises(Unwritable, match="no such folder"), proftui.profiled(tmp_path / "missing" / "job.prof"):
        pytest.fail("the block ran")


def test_what_cannot_be_written_at_the_end_is_kept(tmp_path: Path) -> None:
    done = ran(
        """
        import shutil
        os.mkdir("folder")
        try:
            with proftui.profiled("folder/job.kgrind"):
                work(8)
                os.rmdir("folder")
        except proftui.errors.Unwritable as error:
            print(str(error).rpartition(" ")[2])
        """,
        tmp_path,
    )
    assert done.stderr == ""
    kept = Path(done.stdout.strip())
    assert calls(kept, "leaf") == 8
    kept.unlink()


def test_the_error_of_the_block_goes_before_that_of_writing(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    @proftui.profiled(folder / "job.prof")
    def job() -> None:
        folder.rmdir()
        raise KeyError

    with pytest.warns(RuntimeWarning, match="the profile is kept in") as told, pytest.raises(KeyError):
        job()
    Path(str(told[0].message).rpartition(" ")[2]).unlink()


def test_a_function_that_returns_before_it_has_run_is_refused() -> None:
    async def later() -> None: ...

    with pytest.raises(TypeError, match="returns before it has run"):
        proftui.profiled("job.prof")(later)


def test_importing_proftui_is_cheap() -> None:
    program = "import sys, proftui; print([name for name in ('numpy', 'click', 'textual') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_errors_are_proftuis_own() -> None:
    assert issubclass(Unwritable, ProftuiError)
