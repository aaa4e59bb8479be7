"""Programs that are started: how they end, what is kept of what they print, and that nothing of them stays."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from proftui.live import program as subject
from proftui.live.interpreter import Unstartable
from proftui.live.printed import MOST
from proftui.live.program import Program, start

pty = pytest.importorskip("pty", reason="needs pseudo-terminals")

Run = Callable[..., Program]


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts Python text as a program whose output is kept, and ends it after the test."""
    started: list[Program] = []

    def begin(text: str, *, capture: bool = True) -> Program:
        words = [sys.executable, "-c", textwrap.dedent(text)]
        started.append(start(words, capture=capture, traceable=True))
        return started[-1]

    yield begin
    for program in started:
        program.stop(0.0)


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for something that another process brings."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        select.select([], [], [], 0.01)


def ready(program: Program, lines: int = 1) -> list[str]:
    """What it has printed, once that is so many lines with a full stop at the end."""
    until(lambda: sum(line.endswith(".") for line in program.output()) >= lines)
    return list(program.output())


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


# ---------------------------------------------------------------------- ends


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pass", 0),
        ("raise SystemExit(3)", 3),
        ("1 / 0", 1),
        ("import os; os._exit(200)", 200),
        ("import os; os.kill(os.getpid(), 9)", 137),
        ("import os; os.kill(os.getpid(), 15)", 143),
        ("import os; os.kill(os.getpid(), 2); input()", 130),
    ],
)
def test_the_exit_code_is_as_in_a_shell(run: Run, text: str, code: int) -> None:
    program = run(text)
    assert program.wait(30) == code
    assert (program.poll(), program.exit_code) == (code, code)


def test_waiting_has_a_limit(run: Run) -> None:
    program = run("import time; time.sleep(60)")
    assert program.poll() is None
    with pytest.raises(TimeoutError):
        program.wait(0.01)


@pytest.mark.parametrize(
    ("handlers", "code"),
    [
        ((), 130),
        (("SIGINT",), 143),
        (("SIGINT", "SIGTERM"), 137),
    ],
)
def test_stopping_asks_first_and_ends_in_any_case(run: Run, handlers: tuple[str, ...], code: int) -> None:
    ignore = "".join(f"signal.signal(signal.{name}, signal.SIG_IGN)\n" for name in handlers)
    program = run(f"import signal\n{ignore}print('ready.')\nwhile True: signal.pause()")
    ready(program)
    program.stop(0.2)
    assert program.exit_code == code


def test_a_program_that_handles_ctrl_c_ends_as_it_likes(run: Run) -> None:
    program = run("""
        import os, time
        try:
            os.write(1, b"ready.\\n")
            time.sleep(60)
        except KeyboardInterrupt:
            print("saved")
            raise SystemExit(7)
    """)
    ready(program)
    program.stop()
    assert program.exit_code == 7
    assert list(program.output()) == ["ready.", "saved"]
    program.stop()


def test_a_halted_program_can_be_stopped(run: Run) -> None:
    program = run("import time; print('ready.'); time.sleep(60)")
    ready(program)
    os.kill(program.pid, signal.SIGSTOP)
    until(lambda: psutil.Process(program.pid).status() == psutil.STATUS_STOPPED)
    program.stop(5)
    assert program.exit_code == 130


WAIT = (
    "import signal, os; signal.signal(2, signal.SIG_IGN); print('ready', os.getpid(), '.', flush=True); signal.pause()"
)
FAMILY = f"""
    import os, subprocess, sys, signal
    subprocess.Popen([sys.executable, "-c", {WAIT!r}], start_new_session=bool(sys.argv[1:]))
    if os.fork() == 0:
        os.setpgid(0, 0)
        print("ready", os.getpid(), ".", flush=True)
    signal.pause()
"""


def test_grandchildren_go_with_it(run: Run) -> None:
    program = run(FAMILY)
    pids = [int(line.split()[1]) for line in ready(program, 2)]
    assert len(pids) == 2
    assert all(map(alive, pids))
    program.stop(0.3)
    assert not any(map(alive, [program.pid, *pids]))


def test_what_made_itself_a_session_goes_on(run: Run) -> None:
    program = run(FAMILY.replace("bool(sys.argv[1:])", "True"))
    pids = [int(line.split()[1]) for line in ready(program, 2)]
    program.stop(0.3)
    (daemon,) = filter(alive, [program.pid, *pids])
    os.kill(daemon, signal.SIGKILL)


def test_what_an_ended_program_left_behind_goes_too(run: Run) -> None:
    program = run("""
        import subprocess, sys
        wait = "import signal, os; print('ready', os.getpid(), '.', flush=True); signal.pause()"
        subprocess.Popen([sys.executable, "-c", wait], stdin=subprocess.DEVNULL)
    """)
    child = int(ready(program)[0].split()[1])
    program.wait(30)
    assert alive(child)
    program.stop(5)
    assert not alive(child)


def test_it_does_not_outlive_us(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a process of its parent's death")
    starter = """
        import sys, signal
        from proftui.live.program import start
        program = start([sys.executable, "-c", "import signal; signal.pause()"], capture=True, traceable=True)
        print(program.pid, flush=True)
        signal.pause()
    """
    command = [sys.executable, "-c", textwrap.dedent(starter)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as us:
        assert us.stdout is not None
        pid = int(us.stdout.readline())
        assert alive(pid)
        us.kill()
    until(lambda: not alive(pid))


def test_one_that_another_thread_starts_outlives_the_thread(run: Run) -> None:
    started: list[Program] = []
    thread = threading.Thread(target=lambda: started.append(run("import time; print('ready.'); time.sleep(60)")))
    thread.start()
    thread.join()
    assert ready(started[0]) == ["ready."]
    assert started[0].poll() is None


# ---------------------------------------------------------------------- not started


def test_what_cannot_be_started_says_so(tmp_path: Path) -> None:
    plain, broken, asks = tmp_path / "plain", tmp_path / "broken", tmp_path / "asks"
    plain.write_text("")
    broken.write_bytes(b"\x7fELF no more")
    broken.chmod(0o755)
    asks.write_text("#!/no/such/interpreter\n")
    asks.chmod(0o755)
    cases = {str(tmp_path / "none"): 127, str(plain): 126, str(broken): 126, str(asks): 126, str(tmp_path): 126}
    before = signal.getsignal(signal.SIGINT)
    for path, code in cases.items():
        for capture in (True, False):
            with pytest.raises(Unstartable, match=path) as caught:
                start([path], capture=capture, traceable=True)
            assert caught.value.exit_code == code, path
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(Unstartable, match="cannot be started") as caught:
        start([sys.executable, "a\0b"], capture=True, traceable=False)
    assert caught.value.exit_code == 125


# ---------------------------------------------------------------------- what it finds and prints


def test_a_captured_program_has_a_terminal_to_print_on_and_nothing_to_read(run: Run) -> None:
    program = run("""
        import os, sys
        print(sys.stdout.isatty(), sys.stderr.isatty(), os.read(0, 1), os.get_terminal_size(1).columns)
        print("an error", file=sys.stderr)
        try:
            open("/dev/tty")
        except OSError:
            print("no one to ask")
        sys.stdout.write("open end")
    """)
    assert program.wait(30) == 0
    columns = os.environ.get("COLUMNS", "80")
    assert list(program.output()) == [f"True True b'' {columns}", "an error", "no one to ask", "open end"]
    assert program.captured


def test_a_pipe_where_there_is_no_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> tuple[int, int]:
        raise OSError("out of pty devices")

    monkeypatch.setattr(os, "openpty", none)
    program = run("import time, sys; print(sys.stdout.isatty(), '.'); time.sleep(60)")
    assert ready(program) == ["False ."], "it is not kept back"
    program.stop(1)


def test_of_a_flood_the_newest_is_kept(run: Run) -> None:
    program = run("""
        line = "x" * 99
        for number in range(500_000):
            print(f"{number:06}", line[7:])
        print("the end")
    """)
    before = psutil.Process().memory_info().rss
    assert program.wait(120) == 0
    printed = program.output()
    assert printed[-1] == "the end"
    assert len(printed) == MOST // 100
    assert printed[0].startswith(f"{500_000 - len(printed) + 1:06}")
    assert printed.dropped + sum(len(line) + 1 for line in printed) == 500_000 * 100 + len("the end\n")
    assert psutil.Process().memory_info().rss - before < 8 * MOST


def test_nothing_of_ours_reaches_it(run: Run) -> None:
    program = run("""
        import os, signal
        print(sorted(map(int, os.listdir("/dev/fd")))[:4], [n.name for n in signal.Signals
              if n.name not in ("SIGKILL", "SIGSTOP", "SIGPIPE", "SIGXFSZ", "SIGINT") and signal.getsignal(n) != 0
              and signal.getsignal(n) is not None], signal.getsignal(2).__name__)
    """)
    assert program.wait(30) == 0
    (line,) = program.output()
    assert line.endswith("[] default_int_handler")
    assert line.startswith("[0, 1, 2, 3]"), "the fourth is the listing's own"


# ---------------------------------------------------------------------- allowed to be traced


@pytest.mark.skipif(sys.platform != "linux", reason="Yama is Linux's")
@pytest.mark.parametrize(("scope", "calls"), [("0\n", 1), ("1\n", 2), ("2\n", 1), (None, 1)])
def test_tracing_is_allowed_where_only_ancestors_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: str | None, calls: int
) -> None:
    file = tmp_path / "ptrace_scope"
    if scope is not None:
        file.write_text(scope)
    monkeypatch.setattr(subject, "YAMA", file)
    made: list[tuple[int, ...]] = []

    class Libc:
        def __init__(self, _name: None) -> None:
            pass

        @staticmethod
        def prctl(*arguments: object) -> None:
            made.append(tuple(argument.value for argument in arguments))  # type: ignore[attr-defined]

    monkeypatch.setattr(ctypes, "CDLL", Libc)
    prepare = subject._before_exec(traceable=True)
    assert prepare is not None
    monkeypatch.setattr(os, "getppid", os.getpid)
    prepare()
    # linux/prctl.h: PR_SET_PDEATHSIG 1, PR_SET_PTRACER "Yama", PR_SET_PTRACER_ANY (unsigned long) -1
    assert made == [(1, signal.SIGTERM, 0, 0, 0), (int.from_bytes(b"Yama", "big"), 2**64 - 1, 0, 0, 0)][:calls]


# ---------------------------------------------------------------------- in our terminal

IN_TERMINAL = """
    import sys
    from proftui.live.program import start
    program = start([sys.executable, "-c", {!r}], capture=False, traceable=True)
    print("code", program.wait(), flush=True)
"""


class Terminal:
    """A program of ours that is the leader of a session with a pseudo-terminal, and starts another in it."""

    def __init__(self, text: str) -> None:
        command = [sys.executable, "-c", textwrap.dedent(IN_TERMINAL).format(textwrap.dedent(text))]
        self.pid, self._ours = pty.fork()
        if self.pid == 0:
            os.execv(command[0], command)  # noqa: S606  # this interpreter
        self.seen = ""

    def read_until(self, wanted: str) -> str:
        while wanted not in self.seen:
            assert select.select([self._ours], [], [], 30)[0], self.seen
            self.seen += os.read(self._ours, 4096).decode()
        return self.seen

    def write(self, text: bytes) -> None:
        os.write(self._ours, text)

    def close(self) -> None:
        os.close(self._ours)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@pytest.fixture
def terminal() -> Iterator[Callable[[str], Terminal]]:
    """Opens terminals, and closes them."""
    opened: list[Terminal] = []

    def open_one(text: str) -> Terminal:
        opened.append(Terminal(text))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def test_it_reads_what_is_typed(terminal: Callable[[str], Terminal]) -> None:
    one = terminal("import sys; print('name', sys.stdin.isatty()); print('hello', input()); sys.exit(5)")
    one.read_until("name True")
    one.write(b"you\n")
    assert "hello you\r\ncode 5" in one.read_until("code 5")


def test_ctrl_c_is_the_program_s_and_does_not_end_us(terminal: Callable[[str], Terminal]) -> None:
    one = terminal("""
        import time
        for word in ("first", "second"):
            try:
                print(word)
                time.sleep(60)
            except KeyboardInterrupt:
                print("interrupted")
        raise SystemExit(9)
    """)
    one.read_until("first")
    one.write(b"\x03")
    one.read_until("second")
    one.write(b"\x03")
    assert one.read_until("code").count("interrupted") == 2
    one.read_until("code 9")


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_other_signals_are_passed_on(terminal: Callable[[str], Terminal], name: str, code: int) -> None:
    one = terminal("import time; print('ready'); time.sleep(60)")
    one.read_until("ready")
    os.kill(one.pid, getattr(signal, name))
    one.read_until(f"code {code}")


def test_without_a_terminal_ctrl_c_is_passed_on_too() -> None:
    text = "import signal, time; signal.signal(2, signal.SIG_DFL); print('ready', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", textwrap.dedent(IN_TERMINAL).format(text)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as us:
        assert us.stdout is not None
        assert us.stdout.readline() == "ready\n"
        us.send_signal(signal.SIGINT)
        assert us.stdout.readline() == "code 130\n"


def test_in_our_terminal_grandchildren_go_with_it_too() -> None:
    text = f"""
        import os, subprocess, sys
        from proftui.live.program import start
        grandchild = {WAIT!r}
        child = "import subprocess, sys, signal; subprocess.Popen([sys.executable, '-c', sys.argv[1]]); signal.pause()"
        program = start([sys.executable, "-c", child, grandchild], capture=False, traceable=False)
        sys.stdin.readline()
        program.stop(0.3)
        print("code", program.exit_code, flush=True)
    """
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(text)], stdin=pipe, stdout=pipe, text=True) as us:
        assert us.stdout is not None
        pid = int(us.stdout.readline().split()[1])
        assert alive(pid)
        out, _ = us.communicate("\n", timeout=30)
        assert out == "code 130\n"
        assert not alive(pid)


def test_signals_are_ours_again_afterwards(run: Run) -> None:
    names = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]
    before = [signal.getsignal(name) for name in names]
    program = run("pass", capture=False)
    assert [signal.getsignal(name) for name in names] != before
    assert program.wait(30) == 0
    assert [signal.getsignal(name) for name in names] == before
    assert list(program.output()) == []
    assert not program.captured


def test_as_a_context_it_ends(run: Run) -> None:
    with run("import time; time.sleep(60)", capture=False) as program:
        assert program.poll() is None
    assert program.poll() is not None
