"""Tables, Markdown and source text drawn."""

import io

from rich.console import Console
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.table import Table

console = Console(file=io.StringIO(), width=100, force_terminal=True)
table = Table("a", "b", title="t")
for row in range(30):
    table.add_row(str(row), "[bold]text[/] " * 5)
console.print(table)
console.print(Markdown("# h\n\n* a\n* b\n\n`c`"))
console.print({"a": [1, 2, {"b": 3}]})
console.print(Syntax("def f(x):\n    return x + 1\n", "python"))
