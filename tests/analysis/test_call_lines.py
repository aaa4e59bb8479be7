"""Where callees stand in a caller's text: a case by hand for each way that Python calls something."""

from __future__ import annotations

import textwrap

import pytest

from proftui.analysis.call_lines import Callee, Placement, compiled_name, place
from proftui.analysis.outline import Definition, Outline, Unparsable, outline_of

NAMED = "<lambda>", "<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>"


def outline(text: str) -> Outline:
    return outline_of(textwrap.dedent(text).strip("\n") + "\n")


def definition(of: Outline, name: str, number: int = 0) -> Definition:
    return [each for each in of.definitions if each.name == name][number]


def placed(text: str, *callees: str, inlined: bool = False, caller: str = "f") -> list[Placement]:
    """Places in `f`; a callee that the text defines has its definition, one in `<...>` that is none is compiled."""
    of = outline(text)
    known = []
    for name in callees:
        found = [each for each in of.definitions if each.name == name.rpartition(".")[2]]
        found = [each for each in found if not each.owner or "." not in name or each.owner == name.split(".")[0]]
        compiled = name.startswith("<") and name not in NAMED
        short = name if compiled else name.rpartition(".")[2]
        known.append(Callee(short, compiled, found[0] if found and not compiled else None))
    return place([definition(of, caller)], known, inlined=inlined)


def lines(text: str, *callees: str, inlined: bool = False, caller: str = "f") -> list[tuple[int, ...]]:
    return [each.lines for each in placed(text, *callees, inlined=inlined, caller=caller)]


CALLS = """
def f(x):
    g(x)
    x.method(1)
    first().second()
    a.b.deep(
        x,
    )
    (x
     .chained())
"""


@pytest.mark.parametrize(
    ("name", "line"), [("g", 2), ("method", 3), ("first", 4), ("second", 4), ("deep", 5), ("chained", 9)]
)
def test_calls_by_name_and_attribute(name: str, line: int) -> None:
    assert placed(CALLS, name) == [Placement((line,))]


def test_what_is_called_nowhere_is_placed_nowhere() -> None:
    assert placed(CALLS, "h", "<built-in method builtins.len>") == [Placement(), Placement()]


def test_several_calls_are_several_places() -> None:
    text = """
        def f(x):
            g(1)
            return g(2)
        """
    [found] = placed(text, "g")
    assert (found.lines, found.certain) == ((2, 3), False)


def test_two_calls_on_one_line_are_one_place() -> None:
    text = """
        def f(x):
            return g(g(2))
        """
    [found] = placed(text, "g")
    assert (found.lines, found.certain) == ((2,), True)


COMPILED = """
def f(x):
    n = len(x)
    console.print(n)
    time.sleep(1)
    x.append(1)
    with lock:
        print(n)
    builtins.abs(1)
    object.__new__(cls)
"""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("<built-in method builtins.len>", (2,)),
        ("<built-in method builtins.print>", (7,)),
        ("<built-in method time.sleep>", (4,)),
        ("<method 'append' of 'list' objects>", (5,)),
        ("<method '__exit__' of '_thread.lock' objects>", (6,)),
        ("<method '__enter__' of '_thread.lock' objects>", (6,)),
        ("<built-in method builtins.abs>", (8,)),
        ("<built-in method __new__ of type object at 0x7f0123456789>", (9,)),
        ("<method '__contains__' of 'frozenset' objects>", ()),
    ],
)
def test_functions_written_in_c(name: str, found: tuple[int, ...]) -> None:
    assert lines(COMPILED, name) == [found]


def test_names_of_functions_written_in_c() -> None:
    assert compiled_name("<built-in method builtins.len>") == ("builtins", "len")
    assert compiled_name("<method 'append' of 'list' objects>") == ("", "append")
    assert compiled_name("<built-in method fromkeys>") == ("", "fromkeys")
    assert compiled_name("<built-in method posix.stat>") == ("posix", "stat")
    assert compiled_name("len") == ("", "len")


CLASSES = """
class Base:
    def __init__(self): ...
class Other(Base):
    def __init__(self): ...
    def __new__(cls): ...
def f():
    Base()
    Other()
    raise ValueError(1)
def g():
    Base()
    Unknown()
def h(self):
    super().__init__()
def i():
    raise Base
"""


def test_classes_are_made_where_they_are_called() -> None:
    assert placed(CLASSES, "Base.__init__", "Other.__init__", "Other.__new__") == [
        Placement((7,)), Placement((8,)), Placement((8,)),
    ]  # fmt: skip


def test_a_class_that_is_not_known_may_inherit_its_making() -> None:
    assert placed(CLASSES, "Base.__init__", caller="g") == [Placement((11,), (12,))]


def test_classes_are_made_by_super_and_by_raise() -> None:
    assert placed(CLASSES, "Base.__init__", caller="h") == [Placement((14,))]
    assert placed(CLASSES, "Base.__init__", caller="i") == [Placement((16,))]


def test_a_class_statement_builds_a_class() -> None:
    text = """
        def f():
            @decorated
            class A(base()):
                def m(self): g()
        """
    found = placed(text, "<built-in method builtins.__build_class__>", "decorated", "base", "g")
    assert [each.lines for each in found] == [(3,), (2,), (3,), ()]


COMPREHENSIONS = """
def f(xs):
    a = [g(x) for x in xs]
    b = {h(x) for x in first()}
    c = {x: i(x) for x in xs}
    return tuple(
        j(x) for x in xs)
"""


def test_comprehensions_are_functions_of_their_own() -> None:
    assert lines(COMPREHENSIONS, "<listcomp>", "<setcomp>", "<dictcomp>") == [(2,), (3,), (4,)]
    assert lines(COMPREHENSIONS, "g", "h", "i", "j", "first") == [(), (), (), (), (3,)]
    assert lines(COMPREHENSIONS, "g", caller="<listcomp>") == [(2,)]
    assert lines(COMPREHENSIONS, "j", caller="<genexpr>") == [(6,)]


def test_comprehensions_are_part_of_the_function_from_3_12_on() -> None:
    assert lines(COMPREHENSIONS, "g", "h", "i", "j", "first", inlined=True) == [(2,), (3,), (4,), (), (3,)]


def test_a_generator_expression_runs_where_it_is_consumed() -> None:
    assert lines(COMPREHENSIONS, "<genexpr>") == [(5,)]
    text = """
        def f(xs):
            lazy = (x for x in xs)
            for each in lazy:
                pass
        """
    [found] = placed(text, "<genexpr>")
    assert 3 in found.lines + found.perhaps
    assert not found.certain


def test_lambdas_run_where_the_name_they_are_bound_to_is_called() -> None:
    text = """
        def f(xs):
            double = lambda x: g(x)
            other = 1
            return double(2)
        """
    assert lines(text, "<lambda>") == [(4,)]
    assert lines(text, "g") == [()]
    assert lines("def f(xs):\n    return sorted(xs, key=lambda x: x)\n", "<lambda>") == [()]
    assert lines("def f():\n    return (lambda: 1)()\n", "<lambda>") == [(2,)]


def test_decorators_are_called_where_they_stand() -> None:
    text = """
        def f():
            @simple
            @factory(make())
            def inner(default=compute()):
                inside()
            return inner
        """
    assert lines(text, "simple", "factory", "make", "compute", "inside") == [(2,), (3,), (3,), (4,), ()]


def test_with_enters_and_leaves_on_its_line() -> None:
    text = """
        def f():
            with manager() as m:
                work(m)
        """
    assert lines(text, "__enter__", "__exit__", "manager", "work") == [(2,), (2,), (2,), (3,)]


OPERATORS = """
def f(a, b):
    a + b
    a[b]
    a[b] = 1
    b in a
    a < b
    f"{a}"
    -a
    a += b
    del a[b]
    a.x = 1
"""


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("__add__", (2, 9)), ("__radd__", (2, 9)), ("__iadd__", (9,)), ("__getitem__", (3, 5)), ("__setitem__", (4,)),
        ("__contains__", (5,)), ("__lt__", (6,)), ("__gt__", (6,)), ("__format__", (7,)), ("__str__", (7,)),
        ("__neg__", (8,)), ("__delitem__", (10,)), ("__setattr__", (11,)), ("__mul__", ()),
    ],
)  # fmt: skip
def test_operators_call_special_methods(name: str, found: tuple[int, ...]) -> None:
    assert lines(OPERATORS, name) == [found]


ITERATION = """
def f(xs):
    for x in xs:
        g(x)
    a, b = xs
    h(*xs)
    list(xs)
    yield from xs
"""


def test_what_iterates() -> None:
    assert lines(ITERATION, "__next__", "__iter__") == [(2, 4, 5, 6, 7)] * 2


GENERATORS = """
def gen():
    yield 1
async def coroutine(): ...
def f():
    for x in gen():
        pass
async def g():
    await coroutine()
def h():
    lazy = gen()
    other()
    for x in lazy:
        pass
"""


def test_generators_run_where_they_are_iterated() -> None:
    assert placed(GENERATORS, "gen") == [Placement((5,))]
    assert placed(GENERATORS, "coroutine", caller="g") == [Placement((8,))]
    [found] = placed(GENERATORS, "gen", caller="h")
    assert found.lines == (10, 12)


PROPERTIES = """
class A:
    @property
    def size(self): ...
    @size.setter
    def size(self, value): ...
    def method(self): ...
def f(a):
    print(a.size)
    a.method()
    callback(a.method)
"""


def test_properties_are_called_by_mentioning_them() -> None:
    assert placed(PROPERTIES, "A.size") == [Placement((8,))]


def test_a_function_that_is_also_passed_on_is_not_certain() -> None:
    assert placed(PROPERTIES, "A.method") == [Placement((9,), (10,))]


def test_a_function_that_is_only_passed_on_is_perhaps_called_there() -> None:
    [found] = placed("def f(xs):\n    return list(map(g, xs))\n", "g")
    assert (found.lines, found.perhaps, found.certain) == ((), (2,), False)


def test_a_variable_may_hold_any_function() -> None:
    text = """
        def f(x, handler):
            g(x)
            handler(x)
        """
    assert placed(text, "g") == [Placement((2,), (3,))]
    assert placed(text, "g", "handler") == [Placement((2,)), Placement((3,))], "it is known what that call was"
    assert placed(text, "<built-in method builtins.isinstance>") == [Placement()]


def test_names_that_stand_for_others() -> None:
    text = """
        from m import real as other
        def f(x, size=len):
            append = x.append
            append(1)
            other(2)
            size(x)
            partial(bound, 1)()
            getattr(x, "fetched")()
        """
    names = ("<method 'append' of 'list' objects>", "real", "<built-in method builtins.len>", "bound", "fetched")
    found = placed(text, *names)
    assert [each.lines for each in found] == [(4,), (5,), (6,), (7,), (8,)]


def test_a_name_that_is_defined_once_calls_nothing_else() -> None:
    text = """
        def g(): ...
        class A:
            def g(self): ...
        def f(a):
            g()
            a.g()
        """
    of = outline(text)
    method = definition(of, "g", 1)
    assert method.owner == "A"
    assert place([definition(of, "f")], [Callee("g", False, method)], inlined=False) == [Placement((6,))]


def test_imports() -> None:
    text = """
        import sys
        import json
        from os import path
        def f(): ...
        """
    found = lines(text, "_find_and_load", "_handle_fromlist", caller="<module>")
    assert found == [(2, 3), (3,)]
    assert placed("import json\n", "_find_and_load", caller="<module>") == [Placement((1,))]


def test_lambdas_on_one_line_are_looked_at_together() -> None:
    of = outline("pair = (lambda: g(), lambda: h())\n")
    callers = of.at("<lambda>", 1)
    assert len(callers) == 2
    assert place(callers, [Callee("g"), Callee("h")], inlined=False) == [Placement((1,)), Placement((1,))]


# ------------------------------------------------------------------ outlines


def test_definitions_are_found_by_name_and_first_line() -> None:
    of = outline("""
        @decorated
        def f():
            class A:
                async def g(self):
                    yield [x for x in ()]
        """)
    [f] = of.at("f", 1)
    assert (f.line, f.last, f.replaced, f.resumes) == (1, 5, True, False)
    [g] = of.at("f.<locals>.A.g", 4)
    assert (g.owner, g.resumes) == ("A", True)
    assert of.at("f.<locals>.A.g.<locals>.<listcomp>", 5)[0].parent is g
    assert of.at("f", 2) == []
    assert (of.at("<module>", 0), of.at("<module>", 1)) == ([of.module], [of.module])
    assert (of.around(5).name, of.around(3).name, of.around(99).name) == ("g", "A", "<module>")


@pytest.mark.parametrize("text", ["print 'x'\n", "def f(:\n", "(" * 500 + ")" * 500, "x = 1\0\n"])
def test_what_is_no_python_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Unparsable, match="not"):
        outline_of(text)


def test_warnings_about_the_text_are_not_shown() -> None:
    assert len(outline_of("x = '\\d' is 1\n").definitions) == 1


@pytest.mark.parametrize(
    "text",
    ["v = " + "a if b else " * 700 + "c", "-" * 3000 + "1", "+".join("1" * 3000), "f" + "()" * 3000, "a" + ".b" * 3000],
)
def test_deep_texts_are_read_or_refused(text: str) -> None:
    try:
        of = outline_of(text)
    except Unparsable:
        return
    assert place([of.module], [Callee("f")], inlined=True)
