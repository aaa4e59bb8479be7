"""Which special methods the syntax of Python may call without naming them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_BINARY: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or", ast.BitXor: "xor",
    ast.BitAnd: "and", ast.MatMult: "matmul",
}  # fmt: skip

_UNARY: dict[type[ast.AST], tuple[str, ...]] = {
    ast.USub: ("__neg__",), ast.UAdd: ("__pos__",), ast.Invert: ("__invert__",), ast.Not: ("__bool__", "__len__"),
}  # fmt: skip

_MEMBER = ("__contains__", "__iter__", "__next__", "__getitem__", "__eq__", "__hash__")

_COMPARED: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Eq: ("__eq__",), ast.NotEq: ("__ne__", "__eq__"), ast.Lt: ("__lt__", "__gt__"), ast.Gt: ("__gt__", "__lt__"),
    ast.LtE: ("__le__", "__ge__"), ast.GtE: ("__ge__", "__le__"), ast.In: _MEMBER, ast.NotIn: _MEMBER,
}  # fmt: skip

_TRUTH = ("__bool__", "__len__")
_ITERATED = ("__iter__", "__next__", "__getitem__", "__len__", "__length_hint__")
_TEXT = ("__str__", "__repr__", "__format__")
_KEYED = ("__hash__", "__eq__", "__index__")

_OF_TYPES: dict[str, tuple[str, ...]] = {
    "str": _TEXT, "bool": _TRUTH, "int": ("__int__", "__index__", "__trunc__"), "float": ("__float__", "__index__"),
    "complex": ("__complex__", "__float__"), "bytes": ("__bytes__", "__iter__", "__next__", "__index__"),
    "dict": ("keys", "__getitem__", "__hash__", "__eq__", *_ITERATED), "set": (*_KEYED, *_ITERATED),
    "frozenset": (*_KEYED, *_ITERATED), "list": _ITERATED, "tuple": _ITERATED, "enumerate": _ITERATED,
    "zip": _ITERATED, "map": _ITERATED, "filter": _ITERATED, "reversed": ("__reversed__", "__len__", "__getitem__"),
    "range": ("__index__",), "super": (), "type": (), "object": (), "property": (),
}  # fmt: skip
"""Types whose call runs methods of what they are given; calls of types are not recorded by Python's profilers."""

BUILTIN_TYPES = frozenset(_OF_TYPES) | {"bytearray", "memoryview", "slice", "staticmethod", "classmethod"}


def dunders_of(node: ast.AST) -> Iterator[tuple[str, int]]:
    """(special method, line) for each that a node itself may call."""
    for names, line in _dunders(node):
        for name in names:
            yield name, line


def _dunders(node: ast.AST) -> Iterator[tuple[tuple[str, ...], int]]:
    line = _line(node)
    if isinstance(node, ast.Call):
        yield from _called(node)
        yield from _iterated(node)
    elif isinstance(node, ast.BinOp):
        yield _binary(node.op, node.left), line
    elif isinstance(node, ast.AugAssign):
        yield (f"__i{_BINARY[type(node.op)]}__", *_binary(node.op, node.target)), line
    elif isinstance(node, ast.UnaryOp):
        yield _UNARY[type(node.op)], line
    elif isinstance(node, ast.Compare):
        for operator in node.ops:
            yield _COMPARED.get(type(operator), ()), line
    elif isinstance(node, ast.Subscript):
        yield _subscript(node), line
    elif isinstance(node, ast.Attribute):
        yield _attribute(node), node.end_lineno or line
    elif isinstance(node, ast.FormattedValue):
        yield _TEXT, line
    elif isinstance(node, (ast.Dict, ast.Set)):
        yield ("__hash__", "__eq__"), line
        yield from _iterated(node)
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            yield _MANAGED[isinstance(node, ast.AsyncWith)], item.context_expr.lineno
    else:
        yield from _iterated(node)
        yield from _tested(node)


_MANAGED = (("__enter__", "__exit__"), ("__aenter__", "__aexit__", "__await__"))


def _called(node: ast.Call) -> Iterator[tuple[tuple[str, ...], int]]:
    function = node.func
    line = (function.end_lineno if isinstance(function, ast.Attribute) else node.lineno) or node.lineno
    if isinstance(function, ast.Name):
        yield _OF_TYPES.get(function.id, ("__call__",)), line
    else:
        yield ("__call__",), line
    if any(keyword.arg is None for keyword in node.keywords):
        yield ("keys", "__getitem__"), node.lineno


def _binary(operator: ast.operator, left: ast.AST) -> tuple[str, ...]:
    name = _BINARY[type(operator)]
    own = (f"__{name}__", f"__r{name}__")
    text = isinstance(left, (ast.JoinedStr, ast.Name, ast.Attribute, ast.Call)) or (
        isinstance(left, ast.Constant) and isinstance(left.value, (str, bytes))
    )
    return (*own, *_TEXT, "__int__", "__float__", "__getitem__") if name == "mod" and text else own


def _subscript(node: ast.Subscript) -> tuple[str, ...]:
    if isinstance(node.ctx, ast.Load):
        return ("__getitem__", "__class_getitem__", "__missing__", *_KEYED)
    return ("__setitem__" if isinstance(node.ctx, ast.Store) else "__delitem__", *_KEYED)


def _attribute(node: ast.Attribute) -> tuple[str, ...]:
    if isinstance(node.ctx, ast.Load):
        return ("__getattr__", "__getattribute__", "__get__")
    return ("__setattr__", "__set__") if isinstance(node.ctx, ast.Store) else ("__delattr__", "__delete__")


def starred(node: ast.AST) -> bool:
    """Whether a call or display holds `*values`: it is on its line that they are iterated."""
    held = node.args if isinstance(node, ast.Call) else getattr(node, "elts", ())
    return any(isinstance(each, ast.Starred) for each in held)


def unpacks(node: ast.AST) -> bool:
    """Whether an assignment takes apart what is on its right."""
    return isinstance(node, ast.Assign) and any(isinstance(each, (ast.Tuple, ast.List)) for each in node.targets)


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _iterated(node: ast.AST) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(node, ast.For):
        yield _ITERATED, node.iter.lineno
    elif isinstance(node, ast.AsyncFor):
        yield ("__aiter__", "__anext__", "__await__"), node.iter.lineno
    elif isinstance(node, ast.comprehension):
        yield _ITERATED, node.iter.lineno
        for test in node.ifs:
            yield _TRUTH, test.lineno
    elif isinstance(node, ast.YieldFrom) or starred(node):
        yield _ITERATED, _line(node)
    elif isinstance(node, ast.Await):
        yield ("__await__",), node.lineno
    elif unpacks(node):
        yield _ITERATED, _line(node)


def _tested(node: ast.AST) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        yield _TRUTH, node.test.lineno
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield _TRUTH, value.lineno
    elif isinstance(node, ast.match_case) and node.guard is not None:
        yield _TRUTH, node.guard.lineno
