"""Where the source text of a function calls something: by what name, or by which operator."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from proftui.analysis.operators import dunders_of, starred, unpacks
from proftui.analysis.outline import COMPREHENSIONS, TRANSPARENT, Definition, decorator_name, own_nodes, terminal


@dataclass(frozen=True, eq=False)
class CallSite:
    """One call expression: the `line` it is made on, and the `names` that what it calls may have.

    written    the last word of what is called as it is written, "" where it is no name
    attribute  it is written with a dot
    base       the name before the dot, where it is a plain name
    target     the definition in the same text that the name stands for, where that is certain
    variable   it calls what a variable holds
    loops      the line on which the result is iterated, awaited or entered right away; 0 = it is not
    """

    line: int
    names: frozenset[str]
    written: str
    attribute: bool
    base: str = ""
    target: Definition | None = None
    variable: bool = False
    loops: int = 0


Lines = defaultdict[str, set[int]]


def _lines() -> Lines:
    return defaultdict(set)


@dataclass(eq=False)
class Sites:
    """All of a definition: calls; by name where attributes are read, written and where a name is only mentioned.

    classes         lines with a class statement
    operators       by special method, the lines with an operator or statement that may call it
    imports         lines with an import statement; `fetches` those that take names out of a module
    iterations      lines on which something is iterated or awaited
    comprehensions  by (name, line) of the code object, the line on which it runs, 0 where that is not known
    raised          by name of a class, the lines that raise it without making an instance of it
    lambdas         by id of the node, the names that a lambda is bound to; `applied` are called where they stand
    """

    calls: list[CallSite] = field(default_factory=list)
    reads: Lines = field(default_factory=_lines)
    writes: Lines = field(default_factory=_lines)
    mentions: Lines = field(default_factory=_lines)
    operators: Lines = field(default_factory=_lines)
    imports: set[int] = field(default_factory=set)
    fetches: set[int] = field(default_factory=set)
    iterations: set[int] = field(default_factory=set)
    classes: set[int] = field(default_factory=set)
    comprehensions: dict[tuple[str, int], set[int]] = field(default_factory=dict)
    raised: Lines = field(default_factory=_lines)
    lambdas: dict[int, set[str]] = field(default_factory=dict)
    applied: list[tuple[int, ast.Lambda]] = field(default_factory=list)


HARMLESS = frozenset({"isinstance", "issubclass", "hasattr", "cast", "super", "type"})
"""What calls none of its arguments."""

_NESTING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def sites_of(definition: Definition, *, inlined: bool) -> Sites:
    """What a definition calls, read off its syntax tree; `inlined`: its list comprehensions are part of it."""
    return _Reader(definition, inlined).read()


class _Reader:
    """Goes over a definition's own nodes once, knowing each one's parent."""

    def __init__(self, definition: Definition, inlined: bool) -> None:
        self.definition = definition
        self.nodes = list(own_nodes(definition, inlined=inlined))
        self.own = {id(node) for node in self.nodes}
        self.parents = {id(child): node for node in self.nodes for child in ast.iter_child_nodes(node)}
        self.aliases = Aliases(definition, self.nodes)
        self.sites = Sites()

    def read(self) -> Sites:
        for node in self.nodes:
            for method, line in dunders_of(node):
                self.sites.operators[method].add(line)
            self._calls(node)
            self._names(node)
            self._statements(node)
        self.sites.lambdas = self.aliases.lambdas
        return self.sites

    def _calls(self, node: ast.AST) -> None:
        if isinstance(node, ast.Call):
            self.sites.calls.append(self._site(node.func, node))
            if isinstance(node.func, ast.Lambda):
                self.sites.applied.append((node.lineno, node.func))
        for decorator in getattr(node, "decorator_list", []) if isinstance(node, _NESTING) else []:
            self.sites.calls.append(self._decoration(decorator))
        if isinstance(node, ast.Raise) and node.exc is not None and terminal(node.exc):
            # a class that is raised is made an instance of
            self.sites.raised[terminal(node.exc)].add(node.lineno)

    def _site(self, function: ast.expr, call: ast.Call) -> CallSite:
        written = terminal(function)
        attribute = isinstance(function, ast.Attribute)
        base = terminal(function.value) if isinstance(function, ast.Attribute) else ""
        # a call that spans lines is made where the method's name stands
        line = (function.end_lineno if isinstance(function, ast.Attribute) else call.lineno) or call.lineno
        if isinstance(function, ast.Call):
            written_names = _partial(function) | _fetched(function)
        else:
            written_names = self.aliases.names(written, attribute=attribute)
        return CallSite(
            line, written_names, written, attribute, base,
            None if attribute else self.aliases.definition_of(written),
            not written or (not attribute and self.aliases.is_variable(written)),
            self._use(call),
        )  # fmt: skip

    def _decoration(self, decorator: ast.expr) -> CallSite:
        """A decorator is called with what it decorates; one that is called itself makes the decorator."""
        name = decorator_name(decorator)
        made = isinstance(decorator, ast.Call)
        names = frozenset({"update_wrapper"}) if made and name == "wraps" else frozenset()
        if not made:
            names = self.aliases.names(name, attribute=isinstance(decorator, ast.Attribute))
        target = None if made or isinstance(decorator, ast.Attribute) else self.aliases.definition_of(name)
        return CallSite(
            decorator.lineno, names, name if not made else "", isinstance(decorator, ast.Attribute), "", target,
            made and name not in TRANSPARENT,
        )  # fmt: skip

    def _use(self, call: ast.AST) -> int:
        """The line on which the value of an expression is iterated, awaited or entered right away, or 0."""
        above = self.parents.get(id(call))
        if isinstance(above, ast.Call) and call in above.args and terminal(above.func) in _PASSING:
            return above.lineno if terminal(above.func) in _CONSUMING else self._use(above)
        if isinstance(above, (ast.For, ast.AsyncFor, ast.comprehension)) and above.iter is call:
            return _line(call)
        if isinstance(above, ast.Starred):
            # what holds the star iterates: a call, a list, a tuple
            return _line(self.parents.get(id(above), above))
        return above.lineno if isinstance(above, (ast.Await, ast.YieldFrom)) else 0

    def _names(self, node: ast.AST) -> None:
        if not isinstance(node, (ast.Name, ast.Attribute)):
            return
        above = self.parents.get(id(node))
        name, line = terminal(node), node.end_lineno or node.lineno
        if isinstance(node.ctx, ast.Load):
            called = isinstance(above, ast.Call) and above.func is node
            if isinstance(node, ast.Attribute):
                self.sites.reads[name].add(line)
            if not called and not self._passes_by(node, above):
                self.sites.mentions[name].add(line)
                for other in self.aliases.names(name, attribute=isinstance(node, ast.Attribute)) - {name}:
                    self.sites.mentions[other].add(line)
        elif isinstance(node, ast.Attribute):
            self.sites.writes[name].add(line)
            if isinstance(above, ast.AugAssign):
                self.sites.reads[name].add(line)

    def _passes_by(self, node: ast.AST, above: ast.AST | None) -> bool:
        """Whether a name is mentioned where nothing calls it: before a dot, in a test of its type, in an alias."""
        if isinstance(above, ast.Attribute):
            return True
        if isinstance(above, (ast.Compare, ast.ExceptHandler, ast.Raise, ast.AnnAssign, ast.ClassDef)):
            return True
        if isinstance(above, ast.Tuple):
            return self._passes_by(above, self.parents.get(id(above)))
        if isinstance(above, ast.Call):
            return terminal(above.func) in HARMLESS
        if isinstance(above, _NESTING):
            return node in above.decorator_list
        return isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name)

    def _statements(self, node: ast.AST) -> None:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            if set(names) - {"sys", "builtins"}:
                self.sites.imports.add(node.lineno)
            if isinstance(node, ast.ImportFrom):
                self.sites.fetches.add(node.lineno)
                self.sites.operators["__getattr__"].add(node.lineno)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self.sites.iterations.add(node.iter.lineno)
        elif _iterates(node):
            self.sites.iterations.add(_line(node))
        elif isinstance(node, ast.ClassDef):
            self.sites.classes.add(node.lineno)
        elif type(node) in COMPREHENSIONS:
            self._comprehension(node)

    def _comprehension(self, node: ast.AST) -> None:
        line = _line(node)
        if isinstance(node, ast.GeneratorExp):
            runs = self._use(node)
            above = self.parents.get(id(node))
            if not runs and isinstance(above, ast.Call) and node in above.args:
                runs = above.lineno
            self.sites.comprehensions.setdefault(("<genexpr>", line), set()).add(runs)
        else:
            self.sites.comprehensions.setdefault((COMPREHENSIONS[type(node)], line), set()).add(line)
        for generator in node.generators:  # type: ignore[attr-defined]
            self.sites.iterations.add(generator.iter.lineno)


def _iterates(node: ast.AST) -> bool:
    """Whether a node that is no loop iterates or awaits something."""
    if isinstance(node, (ast.Await, ast.YieldFrom)) or starred(node) or unpacks(node):
        return True
    return isinstance(node, ast.Call) and terminal(node.func) in _CONSUMING


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


_PASSING = frozenset({"enumerate", "zip", "map", "filter", "reversed", "iter", "list", "tuple", "set", "frozenset",
                      "dict", "deque", "chain", "islice", "takewhile", "dropwhile", "tqdm"})  # fmt: skip
"""Types that iterate what they are given: without a frame of their own between it and who uses them."""

_CONSUMING = frozenset({"list", "tuple", "set", "frozenset", "dict", "deque", "Counter", "OrderedDict", "bytes"})


def _partial(call: ast.Call) -> frozenset[str]:
    """What `partial(f, ...)(...)` calls."""
    named = terminal(call.func) in ("partial", "partialmethod") and call.args
    return frozenset({terminal(call.args[0])}) - {""} if named else frozenset()


def _fetched(call: ast.Call) -> frozenset[str]:
    """What `getattr(x, "name")(...)` calls."""
    if terminal(call.func) == "getattr" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
        return frozenset({str(call.args[1].value)})
    return frozenset()


class Aliases:
    """What else a name may stand for in a definition: assignments, imports and defaults in it and around it."""

    def __init__(self, definition: Definition, nodes: Iterable[ast.AST]) -> None:
        self._definition = definition
        self._local: defaultdict[str, set[str]] = defaultdict(set)
        self._class: defaultdict[str, set[str]] = defaultdict(set)
        self.lambdas: defaultdict[int, set[str]] = defaultdict(set)
        self._parameters: set[str] = set()
        self._defaults: set[str] = set()
        self._take(nodes, self._local)
        self._assigned = self._unclear(nodes)
        around: Definition | None = definition
        while around is not None:
            self._arguments(around)
            around = around.parent
            if around is not None:
                self._take(own_nodes(around, inlined=False), self._class if around.is_class else self._local)

    def _take(self, nodes: Iterable[ast.AST], found: defaultdict[str, set[str]]) -> None:
        for node in nodes:
            for name, value in _bindings(node):
                if isinstance(value, ast.Lambda):
                    self.lambdas[id(value)].add(name)
                for source in _sources(value):
                    found[name].add(source)

    def _unclear(self, nodes: Iterable[ast.AST]) -> set[str]:
        """The names that are assigned something whose name, as a function, does not follow from the text."""
        stored = Counter(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        clear: Counter[str] = Counter()
        for node in nodes:
            for name, value in _bindings(node):
                sources = list(_sources(value))
                # `append = found.append` and `Kind = other.Kind` are clear, `write = self.file_write` may be anything
                clear[name] += bool(sources) and all(each in (name, f"_{name}") or _is_class(each) for each in sources)
        return {name for name, times in stored.items() if times > clear[name]}

    def _arguments(self, definition: Definition) -> None:
        node = definition.node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        positional = [*node.args.posonlyargs, *node.args.args]
        defaults: list[tuple[ast.arg, ast.expr | None]] = [
            *zip(reversed(positional), reversed(node.args.defaults), strict=False),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]
        for argument, default in defaults:
            for source in _sources(default) if default is not None else ():
                self._local[argument.arg].add(source)
                self._defaults.add(argument.arg)
        extra = [each for each in (node.args.vararg, node.args.kwarg) if each is not None]
        self._parameters |= {argument.arg for argument in [*positional, *node.args.kwonlyargs, *extra]}

    def names(self, written: str, *, attribute: bool) -> frozenset[str]:
        """The names that a function may have which is called as `written`."""
        if not written:
            return frozenset()
        found, pending = {written}, [written]
        table = self._class if attribute else self._local
        while pending:
            for source in table.get(pending.pop(), ()):
                if source not in found:
                    found.add(source)
                    pending.append(source)
        return frozenset(found)

    def is_variable(self, name: str) -> bool:
        """Whether a plain name is a parameter or assigned in the definition."""
        return name in self._assigned or (name in self._parameters and name not in self._defaults)

    def definition_of(self, name: str) -> Definition | None:
        """What a plain name stands for, where it is defined once in a scope around and nowhere assigned."""
        if not name or self.is_variable(name) or name in self._local:
            return None
        scope: Definition | None = self._definition
        while scope is not None:
            if not scope.is_class or scope is self._definition:
                found = [child for child in scope.children if child.name == name]
                if found:
                    return found[0] if len(found) == 1 and not found[0].replaced else None
            scope = scope.parent
        return None


def _is_class(name: str) -> bool:
    """Whether a name looks like that of a class."""
    return name.lstrip("_")[:1].isupper()


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr | str]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=False)
                yield from ((each.id, value) for each, value in pairs if isinstance(each, ast.Name))
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name) and node.value:
        yield node.target.id, node.value
    elif isinstance(node, ast.ImportFrom):
        yield from ((alias.asname, alias.name) for alias in node.names if alias.asname)


def _sources(value: ast.expr | str) -> Iterator[str]:
    """The names that a value may have come from."""
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, ast.IfExp):
            pending += [value.orelse, value.body]
        elif isinstance(value, ast.BoolOp):
            pending += value.values
        elif isinstance(value, ast.Call):
            yield from _partial(value) | _fetched(value)
        elif name := terminal(value):
            yield name
