"""A process that is watched, as the lines above the views tell of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from proftui.live.live import Live
from proftui.model import Recording, Span
from proftui.report.vitals import Sampling, Vitals, recorded

if TYPE_CHECKING:
    from proftui.live.program import Program


def watched(
    live: Live, recording: Recording, span: Span | None, program: Program | None, *, still: bool
) -> tuple[Vitals, Sampling]:
    """How the process is now, and how the range of time was sampled; `still`: the screen does not follow."""
    vitals, sampling = recorded(recording, span)
    status = live.status
    now = live.vitals
    if now is not None:
        vitals = replace(
            vitals, command=now.command or vitals.command, state=now.state, cpu=now.cpu, memory=now.memory,
            threads=now.threads, files=now.files, children=now.children,
        )  # fmt: skip
    ended = status.end[1] if status.end is not None else str(status.failure or "")
    if program is not None and program.poll() is not None:
        ended = f"the program has ended with code {program.exit_code}"
    return vitals, replace(sampling, paused=status.paused, still=still, ended=ended)
