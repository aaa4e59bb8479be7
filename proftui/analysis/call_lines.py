"""On which lines of a function its callees are called: told from their names and the function's syntax tree.

A profile of functions says that `f` called `g` and what that cost, but not where. Where the text of `f` has one place
that can call `g`, it was called there; where it has several, any of them may have; where it has none, it was called in
a way that cannot be read off (through a variable, a callback, a hook), and nothing is said.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from proftui.analysis.call_sites import CallSite, Sites, sites_of
from proftui.analysis.operators import BUILTIN_TYPES
from proftui.analysis.outline import Definition

_COMPILED = re.compile(
    r"<(?:built-in (?:method|function)|method|method-wrapper|slot wrapper|wrapper|class ?method|function) "
    r"'?(?P<name>[\w.<>]+)'?(?: (?:of|at) (?P<of>.*))?>"
)
"""How Python's profilers name a function that is written in C."""

_EXCEPTIONS = frozenset(
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
)


@dataclass(frozen=True, slots=True)
class Callee:
    """A function that was called: `name` as the profile has it, and its `definition` where its source was read.

    `compiled`: it has no source, as it is written in C.
    """

    name: str
    compiled: bool = False
    definition: Definition | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The lines that call something of a callee's name, ascending, and those that `perhaps` call it under another.

    `certain` where it can only have been that one line.
    """

    lines: tuple[int, ...] = ()
    perhaps: tuple[int, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether there is one line, and no other that it could be."""
        return len(self.lines) == 1 and not self.perhaps


NOWHERE = Placement()

_MANAGING = ("__enter__", "__exit__", "__aenter__", "__aexit__")
"""The special methods that are recorded even where they are written in C, as `with` calls them by their names."""

_NEVER_PASSED = frozenset({
    "isinstance", "issubclass", "hasattr", "getattr", "setattr", "delattr", "locals", "globals", "vars", "exec", "eval",
    "compile", "open", "print", "input", "__import__",
})  # fmt: skip
"""Built-in functions that nobody keeps in variables under other names."""

_CLASSES = frozenset({"cls", "klass"})
"""Variables that hold a class by convention."""


def place(callers: Sequence[Definition], callees: Sequence[Callee], *, inlined: bool) -> list[Placement]:
    """Where each callee is called in the definitions (more than one where lambdas share a line).

    `inlined`: the program's Python ran list comprehensions as part of the function, as 3.12 and later do.
    """
    found = [_Placer(sites_of(caller, inlined=inlined), caller, callees) for caller in callers]
    return [_together([placer.placement(callee) for placer in found]) for callee in callees]


def _together(placements: Sequence[Placement]) -> Placement:
    lines = {line for placement in placements for line in placement.lines}
    perhaps = {line for placement in placements for line in placement.perhaps}
    return Placement(tuple(sorted(lines)), tuple(sorted(perhaps - lines)))


@dataclass(frozen=True)
class _Found:
    """Lines that call a function, and lines that perhaps do."""

    surely: frozenset[int] = frozenset()
    perhaps: frozenset[int] = frozenset()

    def placement(self) -> Placement:
        return Placement(tuple(sorted(self.surely)), tuple(sorted(self.perhaps - self.surely)))


def compiled_name(label: str) -> tuple[str, str]:
    """(what it belongs to, its own name) of a C function: ("builtins", "len") of "<built-in method builtins.len>"."""
    found = _COMPILED.fullmatch(label)
    if found is None:
        return "", label
    module, _, name = found["name"].rpartition(".")
    return module, name


class _Placer:
    """The sites of one definition, and what its callees make of them."""

    def __init__(self, sites: Sites, caller: Definition, callees: Sequence[Callee]) -> None:
        self.sites = sites
        self.caller = caller
        self.callees = callees

    def placement(self, callee: Callee) -> Placement:
        if callee.compiled:
            return self._compiled(callee).placement()
        name = callee.name.rpartition(".")[2] if not callee.name.endswith(">") else callee.name
        if name.startswith("<"):
            return self._unnamed(callee, name).placement()
        if callee.definition is not None and callee.definition.is_class:
            return NOWHERE  # the body of a class is run by __build_class__
        if special := _SPECIAL.get(name):
            return special(self, callee).placement()
        if name.startswith("__") and name.endswith("__"):
            return self._operator(name).placement()
        return self._named(callee, name).placement()

    # ------------------------------------------------------------------ by kind of callee

    def _compiled(self, callee: Callee) -> _Found:
        module, name = compiled_name(callee.name)
        if name == "__build_class__":
            return _Found(frozenset(self.sites.classes))
        sites = [site for site in self.sites.calls if name in site.names and site.target is None]
        if module == "builtins":
            sites = [site for site in sites if not site.attribute or site.base in ("builtins", "__builtin__")]
        if name in _MANAGING:
            return _Found(_lines(sites) | frozenset(self.sites.operators.get(name, ())))
        perhaps = frozenset(self.sites.mentions.get(name, ()))
        if module == "builtins" and name in _NEVER_PASSED:
            return _Found(_lines(sites), perhaps)
        return _Found(_lines(sites), perhaps | self._mystery)

    def _unnamed(self, callee: Callee, name: str) -> _Found:
        """A comprehension or generator runs where it stands, or is consumed; a lambda where its name is called."""
        definition = callee.definition
        if definition is None:
            return _Found()
        if name == "<lambda>":
            return self._lambda(definition)
        if definition.parent is not self.caller:
            return _Found()
        lines = self.sites.comprehensions.get((name, definition.line), set())
        if 0 in lines:
            return _Found(frozenset(), frozenset(self.sites.iterations) | frozenset(lines - {0}))
        return _Found(frozenset(lines))

    def _lambda(self, definition: Definition) -> _Found:
        names: Collection[str] = self.sites.lambdas.get(id(definition.node), frozenset())
        direct = frozenset(line for line, node in self.sites.applied if node is definition.node)
        return _Found(direct | _lines([site for site in self.sites.calls if site.names.intersection(names)]))

    def _named(self, callee: Callee, name: str) -> _Found:
        definition = callee.definition
        sites = [site for site in self.sites.calls if name in site.names and self._fits(site, definition)]
        reads: frozenset[int] = frozenset()
        writes: frozenset[int] = frozenset()
        if definition is None or definition.is_property:
            reads = frozenset(self.sites.reads.get(name, ())) - _lines(sites)
            writes = frozenset(self.sites.writes.get(name, ()))
        if definition is not None and definition.is_property:
            return _Found(_lines(sites) | reads | writes if definition.owner else _lines(sites))
        perhaps = frozenset(self.sites.mentions.get(name, ())) | reads | writes | self._mystery
        if definition is not None and definition.resumes:
            return self._resumed(sites, perhaps)
        return _Found(_lines(sites), perhaps)

    def _resumed(self, sites: Sequence[CallSite], perhaps: frozenset[int]) -> _Found:
        """A generator or coroutine runs on the line that iterates or awaits it."""
        if sites and all(site.loops for site in sites) and not perhaps:
            return _Found(frozenset(site.loops for site in sites))
        # Python 3.11 counts making a generator as a call too, on the line where that is done
        return _Found(frozenset(self.sites.iterations) | _lines(sites), _lines(self._unexplained))

    def _fits(self, site: CallSite, definition: Definition | None) -> bool:
        """Whether the site may call the definition: where it is known what the site calls, it must be this one."""
        if site.target is None or definition is None:
            return site.target is None or definition is None
        return site.target.node is definition.node or (
            site.target.name == definition.name and site.target.line == definition.line
        )

    def _operator(self, name: str) -> _Found:
        explicit = _lines([site for site in self.sites.calls if name in site.names])
        return _Found(explicit | frozenset(self.sites.operators.get(name, ())), _lines(self._unexplained))

    def _made(self, callee: Callee) -> _Found:
        """`__init__` and `__new__` are called by the name of the class, or of one that inherits them."""
        name = callee.name.rpartition(".")[2]
        owner = callee.definition.owner if callee.definition is not None else ""
        explicit = _lines([site for site in self.sites.calls if name in site.names])
        own = _lines([site for site in self.sites.calls if owner and owner in site.names])
        raised = frozenset(self.sites.raised.get(owner, ()))
        others = [site for site in self._unexplained if owner not in site.names and not self._unrelated(site)]
        return _Found(explicit | own | raised, _lines(others))

    def _called(self, callee: Callee) -> _Found:
        return _Found(
            _lines([site for site in self.sites.calls if "__call__" in site.names]), _lines(self._unexplained)
        )

    def _imported(self, callee: Callee) -> _Found:
        return _Found(frozenset(self.sites.imports) | _lines([s for s in self.sites.calls if callee.name in s.names]))

    def _fetched(self, callee: Callee) -> _Found:
        return _Found(frozenset(self.sites.fetches) | _lines([s for s in self.sites.calls if callee.name in s.names]))

    # ------------------------------------------------------------------ what is left over

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names of all callees that are functions."""
        names = {
            compiled_name(each.name)[1] if each.compiled else each.name.rpartition(".")[2] for each in self.callees
        }
        return frozenset(names)

    @cached_property
    def _makers(self) -> frozenset[str]:
        """The classes whose `__init__` or `__new__` are among the callees."""
        return frozenset(
            callee.definition.owner
            for callee in self.callees
            if callee.definition is not None and callee.definition.name in ("__init__", "__new__")
        )

    @cached_property
    def _unexplained(self) -> list[CallSite]:
        """The calls of what is no callee by name: of classes and callable objects, or such as were never made."""
        return [
            site
            for site in self.sites.calls
            if not site.names & self._names and (site.attribute or site.written not in BUILTIN_TYPES)
        ]

    @cached_property
    def _mystery(self) -> frozenset[int]:
        """The lines that call what a variable holds, which may be any function."""
        return _lines([site for site in self._unexplained if site.variable and site.written not in _CLASSES])

    def _unrelated(self, site: CallSite) -> bool:
        """Whether a call makes something whose class is known to have its own way of being made."""
        if site.written in _EXCEPTIONS:
            return True
        return bool(site.names & self._makers)


def _lines(sites: Sequence[CallSite]) -> frozenset[int]:
    return frozenset(site.line for site in sites)


_SPECIAL: dict[str, Callable[[_Placer, Callee], _Found]] = {
    "__init__": _Placer._made,
    "__new__": _Placer._made,
    "__call__": _Placer._called,
    "_find_and_load": _Placer._imported,
    "_handle_fromlist": _Placer._fetched,
}
