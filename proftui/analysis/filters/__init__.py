"""Filters over profiles: focus, ignore, hide, show, show-from and only my code."""

from proftui.analysis.filters.expressions import ONLY_MY_CODE, Filter, FilterError, Word, named, parse
from proftui.analysis.filters.my_code import MyCode
from proftui.analysis.filters.stack import Filtered, filtered

__all__ = ["ONLY_MY_CODE", "Filter", "FilterError", "Filtered", "MyCode", "Word", "filtered", "named", "parse"]
