"""Shares of functions in the samples of a recording, and how far they are known."""

from proftui.analysis.shares.figures import INCLUSIVE, SELF, Change, Shares
from proftui.analysis.shares.spread import LEAST, settled
from proftui.analysis.shares.tally import Tally

__all__ = ["INCLUSIVE", "LEAST", "SELF", "Change", "Shares", "Tally", "settled"]
