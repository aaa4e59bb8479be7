"""Reports written down: as text, JSON, Markdown, CSV, DOT, SVG and HTML, built from plain strings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from proftui.analysis.scope import Scope
from proftui.model import Profile
from proftui.report.documents import as_csv, as_dot, as_html, as_json, as_markdown, as_svg, as_text
from proftui.report.documents.report import Report, Style
from proftui.report.documents.views import report_of
from proftui.report.wanted import Wanted

__all__ = ["DOCUMENTS", "Document", "Report", "Style", "document_for", "report_of"]


@dataclass(frozen=True, slots=True)
class Document:
    """A way to write a report: (report, style) -> lines without their ends."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    lines: Callable[[Report, Style], Iterator[str]]

    def contents(self, profile: Profile) -> bytes:
        """All functions of a profile, as a file holds them."""
        lines = self.lines(report_of(Scope(profile), Wanted()), Style())
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")


DOCUMENTS: dict[str, Document] = {
    document.name: document
    for document in (
        Document("text", "plain text", (".txt",), as_text.lines),
        Document("json", f"JSON ({as_json.SCHEMA})", (".json",), as_json.lines),
        Document("markdown", "Markdown table", (".md",), as_markdown.lines),
        Document("csv", "CSV", (".csv",), as_csv.lines),
        Document("dot", "call graph (DOT of graphviz)", (".dot", ".gv"), as_dot.lines),
        Document("svg", "flame graph (SVG)", (".svg",), as_svg.lines),
        Document("html", "page for a browser (HTML)", (".html", ".htm"), as_html.lines),
    )
}


def document_for(path: str) -> Document | None:
    """The document whose suffix `path` has, or None."""
    fitting = (document for document in DOCUMENTS.values() if path.lower().endswith(document.suffixes))
    return next(fitting, None)
