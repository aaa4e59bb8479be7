"""What holds for every test."""

from __future__ import annotations

import signal
import sys

from hypothesis import HealthCheck, settings

# however busy the machine is, time fails no test
settings.register_profile("full", deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("brief", settings.get_profile("full"), max_examples=25)
settings.load_profile("full")

# a shell's background jobs, and what they start, ignore what keys send; programs that are tested must not inherit that
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
