"""The viewer in the terminal. Nothing above this layer but `run` and the table of its keys is for others."""

from proftui.tui.launch import run

__all__ = ["run"]
