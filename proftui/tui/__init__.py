"""The viewer in the terminal. Nothing above this layer but `run`, `follow` and the table of its keys is for others."""

from proftui.tui.launch import follow, run

__all__ = ["follow", "run"]
