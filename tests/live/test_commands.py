"""What command lines run, in a few words."""

from __future__ import annotations

import shlex

import pytest

from proftui.live.commands import is_interpreter, version_in, what_of


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("python3 /srv/app.py --port 80", "app.py --port 80"),
        ("python -X dev -u app.py", "app.py"),
        ("python -m http.server 8000", "-m http.server 8000"),
        ("python -Im package.tool", "-m package.tool"),
        ("python -c 'import time\ntime.sleep(9)'", "-c import time time.sleep(9)"),
        ("python", "interactive"),
        ("python -i", "interactive"),
        ("python -", "program from standard input"),
        ("/v/bin/python3.12 /v/bin/gunicorn --workers 4 shop.wsgi:application", "gunicorn shop.wsgi:application"),
        ("python -m uvicorn main:app --reload", "uvicorn main:app"),
        ("python /v/bin/gunicorn -c conf.py", "gunicorn"),
        ("python /v/bin/celery -A shop worker -l info", "celery worker shop"),
        ("python -m celery --app=shop beat", "celery beat shop"),
        ("python manage.py runserver 0.0.0.0:8000", "Django runserver 0.0.0.0:8000"),
        ("python -m django migrate", "Django migrate"),
        ("python -m pytest -x tests", "pytest -x tests"),
        ("python /v/bin/py.test tests", "pytest tests"),
        ("python -m ipykernel_launcher -f /run/kernel-1.json", "Jupyter kernel"),
        ("python /v/bin/jupyter-lab --no-browser", "jupyter lab"),
        ("python /v/bin/jupyter notebook", "jupyter notebook"),
        ("python -c 'from multiprocessing.spawn import spawn_main; spawn_main(5)' --multiprocessing-fork",
         "multiprocessing worker"),
        ("python -c 'from multiprocessing.resource_tracker import main;main(7)'", "multiprocessing resource tracker"),
        ("python -u -c 'import sys;exec(eval(sys.stdin.readline()))'", "execnet worker"),
        ("'gunicorn: master [shop.wsgi]'", "gunicorn: master [shop.wsgi]"),
        ("uwsgi --ini shop.ini", "uwsgi --ini shop.ini"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_runs(command: str, what: str) -> None:
    assert what_of(shlex.split(command)) == what


def test_interpreters_are_told_by_their_names() -> None:
    for name in ("python", "python3", "python3.11", "python3.13t", "python2.7", "Python", "pythonw.exe", "python3-dbg"):
        assert is_interpreter(name), name
    for name in ("pythonic", "ipython", "python3.py", "py-spy", "python-config", "pypy3", ""):
        assert not is_interpreter(name), name


def test_versions_stand_in_names() -> None:
    names = ("python3.11", "python3.13t", "python2.7", "python3", "python")
    assert list(map(version_in, names)) == ["3.11", "3.13", "2.7", None, None]
