"""Drawing where the terminal's encoding has no more than ASCII."""

from __future__ import annotations

import locale

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from proftui.report.text import width

ASCII = str.maketrans(
    "│┃▌▸▾▲▼…✓↻µ±ΣΔ★→•█░▉▊▋▍▎▏─━▔▁▂▃▄▅▆▇┌┐└┘╭╮╰╯",
    "||>+-^v.x@u~Sd*>*#.##==-|--^__===##++++++++",
)
"""What stands for each character that the viewer itself draws."""


def only_ascii() -> bool:
    """Whether the locale's encoding, as the user set it, is not UTF-8."""
    # not getpreferredencoding() where there is better: it says UTF-8 in Python's UTF-8 mode, whatever the user set
    langinfo = getattr(locale, "nl_langinfo", None)
    name = langinfo(locale.CODESET) if langinfo else locale.getpreferredencoding(False)
    return str(name).upper().replace("-", "") not in ("UTF8", "CP65001")


def in_ascii(text: str) -> str:
    """`text` in as many cells, with a question mark for what has no likeness."""
    if text.isascii():
        return text
    text = text.translate(ASCII)
    return "".join(character if character.isascii() else "?" * width(character) for character in text)


class AsciiFilter(LineFilter):
    """Replaces every other character on its way to the screen, whatever drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments in ASCII."""
        return [Segment(in_ascii(text), style, control) for text, style, control in segments]
