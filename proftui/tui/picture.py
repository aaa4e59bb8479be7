"""The screen as a picture: SVG that needs nothing but itself."""

from __future__ import annotations

import re
from pathlib import Path

from proftui.errors import Unwritable
from proftui.formats import write_files

_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def without_fonts(svg: str) -> str:
    """The picture without the fonts that it would load from the network: the reader's own will do."""
    return _FONT_FACE.sub("", svg)


def save(svg: str, name: str, folder: Path | None = None) -> str:
    """The path of a new file with the picture, NAME.svg or NAME-2.svg and so on. Raises Unwritable."""
    folder = folder or Path()
    number = 1
    while True:
        path = folder / (f"{name}.svg" if number == 1 else f"{name}-{number}.svg")
        if not path.exists():
            break
        number += 1
        if number > 1000:
            raise Unwritable(f"{path}: there are a thousand pictures already")
    return write_files(str(path), [without_fonts(svg).encode()])[0]
