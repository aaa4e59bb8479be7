"""Syntax trees printed."""

import ast
import inspect
import textwrap

tree = ast.parse(inspect.getsource(textwrap))
ast.unparse(tree)
ast.dump(tree, indent=1)
ast.get_docstring(tree)
for node in ast.walk(tree):
    ast.iter_child_nodes(node)
