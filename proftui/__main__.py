"""`python -m proftui`."""

from proftui.cli import main

main()
