"""The words for what functions can be grouped by. Cheap to import: the command line's help needs them."""

from __future__ import annotations

from typing import Literal, get_args

Group = Literal["function", "class", "file", "module", "package", "directory", "object"]
"""What the rows of a table of functions are; "function" groups nothing."""

GROUPS: tuple[Group, ...] = get_args(Group)
