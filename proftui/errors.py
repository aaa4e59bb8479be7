"""What can go wrong, each as one sentence that a person can act on.

The exit codes are part of the command line's interface: 1 failed, 3 source lost (2 is click's, for usage).
"""

from __future__ import annotations


class ProftuiError(Exception):
    """A failure to tell the user about; `str(error)` is the whole sentence, without the program's name."""

    exit_code = 1


class UnknownFormat(ProftuiError):
    """No reader recognises the file."""


class Malformed(ProftuiError):
    """A file of a known format breaks that format's rules."""

    def __init__(self, what: str, where: str = "") -> None:
        """`what` is wrong, `where`: "line 12" or "byte 340"."""
        super().__init__(f"{what} ({where})" if where else what)
        self.what = what
        self.where = where


class SourceLost(ProftuiError):
    """The file or process was there and is gone."""

    exit_code = 3


class Unwritable(ProftuiError):
    """A profile cannot be written there, or not in that format."""


class Cancelled(ProftuiError):
    """The user asked long work to stop."""
