"""Where source files are, as the command line says."""

from __future__ import annotations

from collections.abc import Sequence

import click

from proftui.report.source_map import BadSourceMap, SourceMap


def source_rules(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(path as recorded, path here) of each FROM=TO."""
    try:
        return SourceMap.of(texts).rules
    except BadSourceMap as error:
        raise click.BadParameter(str(error), param_hint="--source-map") from None
