"""Runs a program under cProfile: `python -c THIS_TEXT FILE SCRIPT|-m MODULE [ARGS]...` writes FILE when it ends.

The text is given to the program's own interpreter, whichever version that is; nothing of proftui is imported there.
`python -m cProfile` does nearly the same, but ends with 0 where the program ends by sys.exit(3), and pickle does not
find what the program's main module defines. The file is written also when the program raises, calls sys.exit or is
interrupted; it is not when the program ends by os._exit or by a signal that it does not handle.
"""

# ruff: noqa: PTH100, PTH109, PTH112, PTH120
# the program is to find the interpreter as it is when it starts, without pathlib
import os
import sys


def main() -> None:
    """Do what `python SCRIPT|-m MODULE` does, and measure."""
    if sys.path[:1] == [""]:  # what lies in the current folder must not be imported in place of cProfile
        del sys.path[0]
    import cProfile
    import runpy

    pid, file, kind = os.getpid(), os.path.abspath(sys.argv[1]), sys.argv[2]
    isolated = sys.flags.isolated or getattr(sys.flags, "safe_path", False)
    del sys.argv[: 3 if kind == "-m" else 2]
    if not isolated and not os.path.isdir(kind):
        sys.path.insert(0, os.getcwd() if kind == "-m" else os.path.dirname(os.path.realpath(kind)))
    profiler = cProfile.Profile()
    profiler.enable()
    try:
        if kind == "-m":
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(kind, run_name="__main__")
    finally:
        profiler.disable()
        if os.getpid() == pid:  # a forked child has no file of its own
            profiler.dump_stats(file)


if __name__ == "__main__":
    main()
