"""What the viewer's parts and threads tell those above them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget

from proftui.tui.state import ViewName, ViewState


@dataclass
class Moved(Message):
    """The cursor of a widget stands on another row, or on a row of other rows."""

    widget: Widget


@dataclass
class Visit(Message):
    """Another place is to be shown: a view, with a function in focus (None: as it is), a row and a zoom."""

    view: ViewName
    focus: int | None = None
    row: Hashable = None
    zoom: tuple[int, ...] = ()


@dataclass
class Changed(Message):
    """Another state is wanted."""

    state: ViewState


@dataclass
class Dived(Message):
    """A function (id) was chosen to look into."""

    function: int


@dataclass
class Progressed(Message):
    """A reader has read this share (0 to 1) of its file."""

    share: float


@dataclass
class FilesChanged(Message):
    """The files of the profile have changed, and are whole."""


@dataclass
class Pressed(Message):
    """What a key does where nobody changed keys was clicked on."""

    key: str


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


@dataclass
class AttachAsked(Message):
    """A process to attach to is to be chosen."""


@dataclass
class ProcessChosen(Message):
    """A process to attach to."""

    pid: int
