"""Source text in the colours of its syntax, as spans of each line; the lexers are those that Rich brings."""

from __future__ import annotations

from typing import Literal

from proftui.report.source import SourceText

Kind = Literal["keyword", "string", "comment", "number", "definition", "builtin", "decorator"]

KINDS: tuple[tuple[str, Kind], ...] = (
    ("Token.Comment.Preproc", "decorator"),
    ("Token.Comment", "comment"),
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Literal.String.Doc", "comment"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "number"),
    ("Token.Name.Function", "definition"),
    ("Token.Name.Class", "definition"),
    ("Token.Name.Builtin", "builtin"),
    ("Token.Name.Decorator", "decorator"),
)
"""The beginnings of the names of tokens, the first that fits counts."""

Span = tuple[int, int, Kind]
"""From and to which character of a line."""

MOST_LINES = 4_000
"""A file of more lines is highlighted around the function in focus alone."""

AROUND = 1_000


def highlighted(source: SourceText, line: int) -> dict[int, tuple[Span, ...]]:
    """The spans by line, none for a text whose language is not known; of a long file those around `line`."""
    from rich.syntax import Syntax

    first, last = _window(source, line)
    text = "\n".join(source.lines[first - 1 : last])
    lexer = Syntax("", Syntax.guess_lexer(source.path, text[:4096])).lexer
    if lexer is None or lexer.name in ("Text only", "Text output"):
        return {}
    spans: dict[int, list[Span]] = {}
    column = 0
    at = first
    for token, value in lexer.get_tokens(text):
        kind = _kind(str(token))
        for part, piece in enumerate(value.split("\n")):
            if part:
                at, column = at + 1, 0
            if kind is not None and piece.strip():
                spans.setdefault(at, []).append((column, column + len(piece), kind))
            column += len(piece)
    return {number: tuple(found) for number, found in spans.items()}


def _window(source: SourceText, line: int) -> tuple[int, int]:
    """The lines to look at: of a long file from a line that begins a statement, so that no text is torn."""
    count = len(source.lines)
    if count <= MOST_LINES:
        return 1, count
    first = max(1, line - AROUND)
    while first > 1 and not source.lines[first - 1][:1].isalpha():
        first -= 1
    return first, min(count, line + AROUND)


def _kind(token: str) -> Kind | None:
    return next((kind for beginning, kind in KINDS if token.startswith(beginning)), None)
