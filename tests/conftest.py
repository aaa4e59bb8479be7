"""What holds for every test."""

from __future__ import annotations

import signal

# a shell's background jobs, and what they start, ignore Ctrl-C; programs that are tested must not inherit that
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
