"""What a Python process runs, told from its command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath

from proftui.live.interpreter import Target, Unstartable, target_of

_INTERPRETER = re.compile(r"python(w|\d+(\.\d+)?)?[dmtu]*(\.exe)?(-(dbg|debug))?", re.IGNORECASE)
_VERSION = re.compile(r"python(\d\.\d+)", re.IGNORECASE)
_APPLICATION = re.compile(r"[A-Za-z_][\w.]*:[\w.]+(\(.*\))?")
"""The way gunicorn, uvicorn and others name what they serve: MODULE:NAME."""

_BY_CODE = (
    ("multiprocessing.spawn", "multiprocessing worker"),
    ("multiprocessing.forkserver", "multiprocessing forkserver"),
    ("multiprocessing.resource_tracker", "multiprocessing resource tracker"),
    ("multiprocessing.semaphore_tracker", "multiprocessing resource tracker"),
    ("exec(eval(sys.stdin.readline()))", "execnet worker"),
)
"""What is in the code of `-c`, and who starts such processes."""


def is_interpreter(name: str) -> bool:
    """Whether a file of this name is Python by its looks."""
    return _INTERPRETER.fullmatch(name) is not None


def version_in(name: str) -> str | None:
    """The version in an interpreter's file name, None where there is none."""
    match = _VERSION.match(name)
    return match[1] if match else None


def what_of(command: Sequence[str]) -> str:
    """What a command line runs, in short: the well-known by their name, else script or module and its arguments."""
    if not command:
        return ""
    if not is_interpreter(PurePath(command[0]).name):
        return " ".join(command).strip()  # it gave itself a title, or Python is a part of it
    try:
        target = target_of([word for word in command if word])
    except Unstartable:
        return "interactive"
    if target.kind == "-":
        return "program from standard input"
    if target.kind == "-c":
        code = " ".join(target.name.split())
        return next((who for part, who in _BY_CODE if part in code), f"-c {code}")
    name = PurePath(target.name).name
    if known := _KNOWN.get(name.removesuffix(".py")):
        return known(target)
    return " ".join(["-m", target.name] if target.kind else [name, *target.arguments]) + (
        " " + " ".join(target.arguments) if target.kind and target.arguments else ""
    )


def _server(target: Target) -> str:
    """A web server and the application that it serves."""
    served = next(filter(_APPLICATION.fullmatch, target.arguments), "")
    return f"{PurePath(target.name).name} {served}".strip()


def _celery(target: Target) -> str:
    words = target.arguments
    role = next((word for word in words if word in ("worker", "beat", "flower", "events", "inspect")), "")
    application = next((value.partition("=")[2] for value in words if value.startswith("--app=")), "")
    for flag, value in pairwise(words):
        if flag in ("-A", "--app"):
            application = value
    return " ".join(filter(None, ("celery", role, application)))


def _django(target: Target) -> str:
    return " ".join(["Django", *target.arguments])


def _pytest(target: Target) -> str:
    return " ".join(["pytest", *target.arguments])


def _jupyter(target: Target) -> str:
    name = PurePath(target.name).name
    if name.startswith("ipykernel"):
        return "Jupyter kernel"
    words = [word for word in target.arguments if not word.startswith("-")]
    return " ".join([name.replace("-", " "), *words])


_KNOWN: Mapping[str, Callable[[Target], str]] = {
    **dict.fromkeys(("gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "flask", "granian"), _server),
    "celery": _celery,
    **dict.fromkeys(("manage", "django", "django-admin"), _django),
    **dict.fromkeys(("pytest", "py.test"), _pytest),
    **dict.fromkeys(
        ("ipykernel_launcher", "ipykernel", "jupyter", "jupyter-lab", "jupyter-notebook", "jupyter-server"), _jupyter
    ),
}
