"""Costs by source line, where a format records them."""

from __future__ import annotations

from dataclasses import dataclass

from proftui.model.arrays import Floats, Ids


@dataclass(frozen=True, eq=False)
class LineCosts:
    """Self costs by line, and call sites. Rows are in file order and may repeat a (function, file, line).

    files                    names that the file columns index: inlined code lies in other files than its function
    function, file, line     k; `function` holds ids of the profile's Functions
    cost                     M x k, self cost
    site_caller, site_callee, site_file, site_line   c call sites; the first two hold function ids
    site_calls, site_cost    c and M x c: calls, and inclusive cost of the callee
    """

    files: tuple[str, ...]
    function: Ids
    file: Ids
    line: Ids
    cost: Floats
    site_caller: Ids
    site_callee: Ids
    site_file: Ids
    site_line: Ids
    site_calls: Floats
    site_cost: Floats
