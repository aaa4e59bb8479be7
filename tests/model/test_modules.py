"""Dotted modules out of paths."""

from __future__ import annotations

import pytest

from proftui.model.modules import module_of, package_of


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("/usr/lib/python3.11/json/encoder.py", "json.encoder"),
        ("/home/ann/.pyenv/versions/3.11.7/lib/python3.11/random.py", "random"),
        ("/venv/lib/python3.12/site-packages/rich/__init__.py", "rich"),
        ("/usr/lib/python3/dist-packages/apt/cache.py", "apt.cache"),
        ("C:\\Python311\\Lib\\asyncio\\base_events.py", "asyncio.base_events"),
        ("/opt/pypy3.9/lib/pypy3.9/threading.py", "threading"),
        ("<frozen importlib._bootstrap>", "importlib._bootstrap"),
        ("/venv/lib/python3.11/site-packages/numpy/core/_multiarray.cpython-311-x86_64-linux-gnu.so",
         "numpy.core._multiarray"),
        ("/srv/app/orders/views.py", "srv.app.orders.views"),
        ("/home/ann/shop/orders/views.py", "shop.orders.views"),
        ("/home/ann/shop/src/shop/orders.py", "shop.orders"),
        ("mutual.py", "mutual"),
        ("./pkg/mod.py", "pkg.mod"),
        ("~", ""),
        ("", ""),
        ("<string>", ""),
        ("/usr/lib/x86_64-linux-gnu/libc.so.6", ""),
        ("./nptl/pthread_create.c", ""),
    ],
)  # fmt: skip
def test_module_of(path: str, module: str) -> None:
    assert module_of(path) == module


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("/usr/lib/python3.11/json/decoder.py", "json"),
        ("/usr/lib/python3.11/argparse.py", "argparse"),
        ("/v/lib/python3.11/site-packages/pip/_vendor/rich/table.py", "pip"),
        ("/home/me/shop/src/shop/models/order.py", "shop"),
        ("/srv/app/shop/views.py", "srv.app.shop"),
        ("/srv/app/shop/__init__.py", "srv.app.shop"),
        ("C:\\work\\shop\\views.py", "work.shop"),
        ("views.py", "views"),
        ("<frozen importlib._bootstrap>", "importlib"),
        ("/usr/bin/true", ""),
        ("~", ""),
    ],
)
def test_package_of(path: str, package: str) -> None:
    assert package_of(path) == package
