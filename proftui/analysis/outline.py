"""The outline of a Python source text: what in it becomes a function of a profile. Nothing is compiled or run."""

from __future__ import annotations

import ast
import sys
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property

from proftui.errors import ProftuiError

COMPREHENSIONS: dict[type[ast.AST], str] = {
    ast.ListComp: "<listcomp>",
    ast.SetComp: "<setcomp>",
    ast.DictComp: "<dictcomp>",
    ast.GeneratorExp: "<genexpr>",
}
"""The names of the functions that comprehensions are; from Python 3.12 on only generators still are."""

_CODE = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, *COMPREHENSIONS)

TRANSPARENT = frozenset({
    "staticmethod", "classmethod", "property", "cached_property", "abstractmethod", "abstractproperty", "setter",
    "getter", "deleter", "lru_cache", "cache", "overload", "final", "override", "total_ordering", "dataclass",
    "dataclass_transform", "wraps", "coroutine", "runtime_checkable", "unique", "deprecated",
})  # fmt: skip
"""Decorators that put no Python function of their own in front of the one that they decorate."""


class Unparsable(ProftuiError):
    """The text is not Python as this interpreter knows it."""


@dataclass(frozen=True, eq=False)
class Definition:
    """What becomes one code object: `name` and `line` (the first decorator's, where there is one) are as it has them.

    `parent` is the definition that it stands in; `children` stand in it. A module is its own root, without a parent.
    """

    name: str
    line: int
    last: int
    node: ast.AST
    parent: Definition | None
    children: list[Definition] = field(default_factory=list)

    @property
    def owner(self) -> str:
        """The name of the class that a method belongs to, or ""."""
        return self.parent.name if self.parent is not None and isinstance(self.parent.node, ast.ClassDef) else ""

    @property
    def is_function(self) -> bool:
        """Whether it was written with `def`."""
        return isinstance(self.node, (ast.FunctionDef, ast.AsyncFunctionDef))

    @property
    def is_class(self) -> bool:
        """Whether it is the body of a class."""
        return isinstance(self.node, ast.ClassDef)

    @cached_property
    def decorators(self) -> frozenset[str]:
        """The names of its decorators, without what they are called with and where they come from."""
        nodes: list[ast.expr] = getattr(self.node, "decorator_list", [])
        return frozenset(name for node in nodes if (name := decorator_name(node)))

    @property
    def replaced(self) -> bool:
        """Whether its name may stand for what a decorator made of it."""
        return bool(self.decorators - TRANSPARENT)

    @property
    def is_property(self) -> bool:
        """Whether mentioning it as an attribute calls it."""
        return any("property" in name or name in ("setter", "getter", "deleter") for name in self.decorators)

    @cached_property
    def resumes(self) -> bool:
        """Whether it is a generator or coroutine: it runs where it is iterated or awaited, not where it is called."""
        if isinstance(self.node, (ast.AsyncFunctionDef, ast.GeneratorExp)):
            return True
        if not isinstance(self.node, (ast.FunctionDef, ast.Lambda)):
            return False
        return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own_nodes(self, inlined=False))


@dataclass(frozen=True, eq=False)
class Outline:
    """All definitions of a text, in the order of their lines; the first is the module."""

    definitions: tuple[Definition, ...]

    @cached_property
    def _by_place(self) -> dict[tuple[str, int], list[Definition]]:
        places: dict[tuple[str, int], list[Definition]] = {}
        for definition in self.definitions:
            places.setdefault((definition.name, definition.line), []).append(definition)
        return places

    @property
    def module(self) -> Definition:
        """The whole text."""
        return self.definitions[0]

    def at(self, name: str, line: int) -> list[Definition]:
        """The definitions of that name that begin on that line; of lambdas and comprehensions there may be several.

        A module begins on line 1, and on line 0 where Python 3.11 and later wrote it. A qualified name, as samplers
        have it, counts by its last word.
        """
        if name == "<module>":
            return [self.module] if line <= 1 else []
        short = name.rpartition(".")[2] if not name.endswith(">") else name[name.rfind("<") :]
        return self._by_place.get((short, line), [])

    def around(self, line: int) -> Definition:
        """The innermost function or class whose lines hold `line`, else the module."""
        found = self.module
        for definition in self.definitions:
            if definition.line > line:
                break
            if definition.last >= line and (definition.is_function or definition.is_class):
                found = definition
        return found


def outline_of(text: str) -> Outline:
    """The outline of a text. Raises Unparsable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the text: they would be printed over the screen
            module = _parsed(text)
        return Outline(tuple(_definitions(module)))
    except SyntaxError as error:
        raise Unparsable(f"not Python as {_version()} reads it (line {error.lineno or 1})") from None
    except (ValueError, RecursionError, MemoryError):
        raise Unparsable("not to be parsed: it is nested too deeply, or holds NUL characters") from None


STACK = 1 << 30
"""Bytes of stack, of which only those that are used are there: enough for any nesting in a text of 2 MiB."""


def _parsed(text: str) -> ast.Module:
    if sys.version_info >= (3, 11):
        return ast.parse(text)
    # Python 3.10 ends with a segmentation fault where a chain of some ten thousand calls or operators fills the stack
    result: Future[ast.Module] = Future()

    def parse() -> None:
        try:
            result.set_result(ast.parse(text))
        except BaseException as error:  # the one who waits gets it
            result.set_exception(error)

    before = threading.stack_size(STACK)
    try:
        threading.Thread(target=parse, daemon=True).start()
    finally:
        threading.stack_size(before)
    return result.result()


def _version() -> str:
    return f"Python {sys.version_info[0]}.{sys.version_info[1]}"


def _definitions(module: ast.Module) -> list[Definition]:
    root = Definition("<module>", 1, 2**31, module, None)
    found = [root]
    pending: list[tuple[ast.AST, Definition]] = [(module, root)]
    while pending:
        node, parent = pending.pop()
        for below in ast.iter_child_nodes(node):
            inside = parent
            if isinstance(below, _CODE):
                inside = Definition(_name(below), first_line(below), last_line(below), below, parent)
                parent.children.append(inside)
                found.append(inside)
            pending.append((below, inside))
    for definition in found:
        definition.children.sort(key=lambda child: child.line)
    return sorted(found, key=lambda definition: (definition.line, -definition.last))


def _name(node: ast.AST) -> str:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    return COMPREHENSIONS.get(type(node), "<lambda>")


def first_line(node: ast.AST) -> int:
    """The line on which a node begins, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)]) if hasattr(node, "lineno") else 1


def last_line(node: ast.AST) -> int:
    """The line on which a node ends."""
    last: int | None = getattr(node, "end_lineno", None)
    return first_line(node) if last is None else last


def decorator_name(node: ast.expr) -> str:
    """The last word of what a decorator is: "lru_cache" of `@functools.lru_cache(None)`."""
    return terminal(node.func if isinstance(node, ast.Call) else node)


def terminal(node: ast.AST | None) -> str:
    """The last word of a name or attribute, "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def own_nodes(definition: Definition, *, inlined: bool) -> Iterator[ast.AST]:
    """The nodes that run as part of a definition, in the order of the text, without the bodies of what it defines.

    Decorators, defaults and bases of those run here, and the outermost iterable of a generator does. With `inlined`
    (from Python 3.12 on) the other comprehensions do as a whole.
    """
    pending = list(reversed(_body(definition.node)))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            below = _outside(node)
        elif isinstance(node, ast.ClassDef):
            below = [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]
        elif type(node) in COMPREHENSIONS and not (inlined and not isinstance(node, ast.GeneratorExp)):
            below = [node.generators[0].iter]  # type: ignore[attr-defined]
        else:
            below = list(ast.iter_child_nodes(node))
        pending.extend(reversed(below))


def _body(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Lambda):
        return [node.body]
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
        first, *others = node.generators
        element = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return [first.target, *first.ifs, *others, *element]
    return list(node.body)  # type: ignore[attr-defined]


def _outside(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.AST]:
    """What of a function runs where it is defined; annotations do too, but call next to nothing."""
    arguments = node.args
    defaults: list[ast.AST] = [*arguments.defaults, *(default for default in arguments.kw_defaults if default)]
    return defaults if isinstance(node, ast.Lambda) else [*node.decorator_list, *defaults]
