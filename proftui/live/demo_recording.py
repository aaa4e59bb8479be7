"""Two minutes of two workers of a web shop that never was: for tests, pictures and trying things out."""

from __future__ import annotations

import random
from collections.abc import Iterator

from proftui.live.recorder import Recorder
from proftui.live.sampling import Frame, Sampled, Stack
from proftui.model import Recording, Thread

SECONDS = 120

SAMPLES_A_SECOND = 100

COMMAND = "gunicorn --workers 2 shop.wsgi:app"

WORKERS = (4101, 4121)

REPORT_FROM, REPORT_TO = 60, 85
"""The seconds in which one of the workers makes a report."""

_SHOP, _LIBRARIES = "/srv/shop/", "/srv/venv/lib/python3.12/site-packages/"

_SERVING = (
    ("run", _LIBRARIES + "gunicorn/workers/sync.py", 125),
    ("SyncWorker.handle_request", _LIBRARIES + "gunicorn/workers/sync.py", 178),
    ("Flask.wsgi_app", _LIBRARIES + "flask/app.py", 1511),
    ("Flask.dispatch_request", _LIBRARIES + "flask/app.py", 902),
)
_CATALOGUE = ("catalogue", _SHOP + "views.py", 31)
_CHECKOUT = ("checkout", _SHOP + "views.py", 58)
_QUERY = (
    ("Session.execute", _LIBRARIES + "sqlalchemy/orm/session.py", 2351),
    ("Cursor.execute", _LIBRARIES + "psycopg/cursor.py", 97),
)
_TREE = ("render_category", _SHOP + "menus.py")

STACKS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "importing": (
        ("<module>", "/srv/venv/bin/gunicorn", 8), ("import_module", "/usr/lib/python3.12/importlib/__init__.py", 90),
        ("<module>", _SHOP + "wsgi.py", 3), ("<module>", _SHOP + "models.py", 12),
    ),
    "templates": (
        *_SERVING, _CATALOGUE, ("render_template", _LIBRARIES + "flask/templating.py", 150),
        ("Template.render", _LIBRARIES + "jinja2/environment.py", 1293), ("root", _SHOP + "templates/list.html", 14),
    ),
    "menus": (
        *_SERVING, _CATALOGUE, ("menu", _SHOP + "menus.py", 9), (*_TREE, 17), (*_TREE, 21), (*_TREE, 21), (*_TREE, 23),
    ),
    "stock": (*_SERVING, _CATALOGUE, ("in_stock", _SHOP + "stock.py", 40), *_QUERY),
    "paying": (
        *_SERVING, _CHECKOUT, ("charge", _SHOP + "payment.py", 72),
        ("Session.post", _LIBRARIES + "requests/sessions.py", 637),
        ("SSLSocket.read", "/usr/lib/python3.12/ssl.py", 1103),
    ),
    "baskets": (*_SERVING, _CHECKOUT, ("total", _SHOP + "basket.py", 27), ("quantize", "", -1)),
    "orders": (*_SERVING, ("report", _SHOP + "views.py", 90), ("orders_of", _SHOP + "reports.py", 18), *_QUERY),
    "rows": (
        *_SERVING, ("report", _SHOP + "views.py", 91), ("write_csv", _SHOP + "reports.py", 44),
        ("format_row", _SHOP + "reports.py", 61),
    ),
    "metrics": (
        ("Thread._bootstrap", "/usr/lib/python3.12/threading.py", 1030), ("publish", _SHOP + "metrics.py", 19),
        ("dumps", "/usr/lib/python3.12/json/__init__.py", 231),
    ),
}  # fmt: skip
"""(name, file, line) of the frames of each kind of work, root first."""


def demo_recording() -> Recording:
    """The same each time: windows of a second, a mark where the report begins."""
    recorder = Recorder({
        "command": COMMAND, "pid": "4100", "python": "3.12.1", "rate": str(SAMPLES_A_SECOND), "sampler": "demo",
        "options": "child processes too", "started": "2026-01-05T09:00:00+00:00", "ended": "the process has exited",
    })  # fmt: skip
    chance = random.Random(1)  # noqa: S311  # the same numbers each time
    stacks = {
        (pid, work): Stack(
            Thread(pid, pid + (work == "metrics"), "metrics" if work == "metrics" else "MainThread", COMMAND),
            tuple(Frame(*frame) for frame in frames),
        )
        for pid in WORKERS
        for work, frames in STACKS.items()
    }
    for second in range(SECONDS):
        if second == REPORT_FROM:
            recorder.mark("the report begins")
        counted = [(stacks[pid, work], count) for pid, work, count in _worked(second, chance) if count]
        samples = sum(count for _, count in counted)
        cpu, memory = samples / SAMPLES_A_SECOND, (180.0 + min(second, 40) + 2 * _report_seconds(second)) * 1e6
        recorder.add(Sampled(float(second), 0.98, counted, sampler=0.04), cpu, memory)
    return recorder.recording()


def _report_seconds(second: int) -> int:
    """For how long the report has been under way, or was."""
    return min(max(second - REPORT_FROM, 0), REPORT_TO - REPORT_FROM)


def _worked(second: int, chance: random.Random) -> Iterator[tuple[int, str, int]]:
    """(process, what it worked at, how many samples) of a second."""
    for pid in WORKERS:
        if second < 6:
            shares = {"importing": 95}
        elif pid == WORKERS[0] and REPORT_FROM <= second < REPORT_TO:
            shares = {"rows": 62, "orders": 30}
        else:
            shares = {"templates": 28, "menus": 14, "stock": 12, "paying": 6, "baskets": 3}
        for work, share in shares.items():
            yield pid, work, max(0, share + chance.randint(-share // 5, share // 5))
        if second % 10 == 5:
            yield pid, "metrics", 4
