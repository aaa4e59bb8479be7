"""Runs a program and writes the line on which each of its calls is made: python tracer.py PROGRAM OUTPUT."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FrameType, ModuleType
from typing import Any

seen: dict[tuple[str, int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
stack: list[FrameType | None] = []
"""What is running, None for a function that is written in C."""


def label(function: BuiltinFunctionType) -> str:
    """What cProfile calls a function that is written in C."""
    owner, name = getattr(function, "__self__", None), function.__name__
    if owner is None or isinstance(owner, ModuleType):
        module = getattr(function, "__module__", None)
        return f"<built-in method {module}.{name}>" if module else f"<built-in method {name}>"
    kept = next((kind.__dict__[name] for kind in type(owner).__mro__ if name in kind.__dict__), None)
    return repr(kept) if kept is not None and "object at" not in repr(kept) else f"<built-in method {name}>"


def key(code: CodeType) -> tuple[str, int, str]:
    """What cProfile knows a function by."""
    return code.co_filename, code.co_firstlineno, code.co_name


def hook(frame: FrameType, event: str, arg: Any) -> None:
    """Called by the interpreter for every call and return."""
    caller = frame if event == "c_call" else frame.f_back
    if event == "call":
        if caller is not None and stack and stack[-1] is caller:
            seen[key(caller.f_code)][f"{json.dumps(key(frame.f_code))}@{caller.f_lineno}"] += 1
        stack.append(frame)
    elif event == "c_call":
        seen[key(frame.f_code)][f"{json.dumps(('~', 0, label(arg)))}@{frame.f_lineno}"] += 1
        stack.append(None)
    elif stack:
        stack.pop()


program, output = sys.argv[1:]
code = compile(Path(program).read_text(), program, "exec")
sys.setprofile(hook)
exec(code, {"__name__": "__main__", "__file__": program})  # noqa: S102  # it is one of the programs beside this
sys.setprofile(None)
Path(output).write_text(json.dumps([[caller, dict(calls)] for caller, calls in seen.items()]))
