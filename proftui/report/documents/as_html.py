"""A profile as one page for a browser that needs nothing but itself: functions, callers and callees, a flame graph.

What the profile says is JSON that the page's script puts in as text. The policy (https://www.w3.org/TR/CSP3/) lets
nothing act but the page's own script and style, told by their hashes, and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Any

from proftui.report.documents.report import Report, Style
from proftui.report.text import safe

_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""What could end a script or begin a comment in HTML; all beyond ASCII is escaped by JSON."""


def lines(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # every document takes a style
    """The lines of the page."""
    from proftui.report.documents.page_data import page_data

    css, script, body = (_page(name) for name in ("page.css", "page.js", "page.html"))
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(css)}; base-uri 'none'; form-action 'none'"
    )
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{escape(safe(report.scope.profile.name))}: {escape(safe(report.measured.label))}</title>"
    yield f"<style>{css}</style>"
    yield "</head>"
    yield "<body>"
    yield body
    yield f'<script type="application/json" id="data">{embedded(page_data(report))}</script>'
    yield f"<script>{script}</script>"
    yield "</body>"
    yield "</html>"


def embedded(data: dict[str, Any]) -> str:
    """JSON that means the same within HTML, whatever the texts in it are."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for character, escaped in _ESCAPED.items():
        text = text.replace(character, escaped)
    return text


def _page(name: str) -> str:
    return (files("proftui.report.documents") / "page" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
