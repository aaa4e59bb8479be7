"""What the viewer's parts and threads tell those above them."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class Dived(Message):
    """A function (id) was chosen to look into."""

    function: int


@dataclass
class Progressed(Message):
    """A reader has read this share (0 to 1) of its file."""

    share: float


@dataclass
class Said(Message):
    """A sentence for the line under the rows, until the cursor moves on."""

    sentence: str


@dataclass
class FilesChosen(Message):
    """Files to open, as one profile."""

    paths: tuple[str, ...]


@dataclass
class DemoAsked(Message):
    """The demo is to be made and opened."""
