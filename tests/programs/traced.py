"""What tests/data/trace holds of VizTracer: recursion in two threads, a counter and a mark, with arguments.

viztracer --log_func_args --log_func_retval --ignore_frozen --ignore_multiprocess tests/programs/traced.py

of which paths were made short and the texts of files taken out.
"""

from __future__ import annotations

import threading

from viztracer import get_tracer  # type: ignore[import-not-found,unused-ignore]


def fibonacci(number: int) -> int:
    """Calls itself 2 F(n + 1) - 1 times in all."""
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


def work() -> None:
    """25 calls of fibonacci."""
    get_tracer().log_var("progress", fibonacci(6))


def main() -> None:
    """50 calls of fibonacci in all."""
    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
    get_tracer().log_instant("half way")
    work()


main()
