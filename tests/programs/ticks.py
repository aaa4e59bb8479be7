"""Writes tests/data/pstats/ticks_*.prof and pure_*.prof: a program under a clock that ticks whenever it is read.

    PYTHON tests/programs/ticks.py cProfile|profile OUT.prof

Runs under Python 2.7 too. A profiler reads the clock once at each call and each return, and each reading is 1 ms
later than the one before, so all times can be worked out by hand.
"""

import cProfile
import profile
import sys

PROGRAM = """\
def leaf():
    pass
def branch(depth):
    leaf()
    if depth:
        branch(depth - 1)
def main():
    branch(2)
    leaf()
    len("")
"""


class Clock(object):  # noqa: UP004  # Python 2.7 needs the base
    """Seconds, one millisecond later at each reading."""

    def __init__(self):
        # type: () -> None
        self.readings = 0

    def __call__(self):
        # type: () -> float
        """The time."""
        self.readings += 1
        return self.readings / 1000.0


def run(kind, path):
    # type: (str, str) -> None
    """Profile `main` with cProfile, or a code object that calls it with the `profile` module."""
    program = {}  # type: dict[str, object]
    exec(compile(PROGRAM, "ticks.py", "exec"), program)  # noqa: S102  # the text above
    if kind == "cProfile":
        profiler = cProfile.Profile(Clock())
        profiler.runcall(program["main"])  # type: ignore[arg-type]  # a function
        profiler.dump_stats(path)
    else:
        pure = profile.Profile(Clock(), 0)
        pure.runctx(compile("main()", "ticks.py", "exec"), program, {})  # type: ignore[arg-type]  # it may be code
        pure.dump_stats(path)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
