"""Which group a function is in."""

from __future__ import annotations

import pytest

from proftui.analysis.grouping import GROUPS, Group
from proftui.analysis.groupkeys import class_of, grouping
from proftui.model import Functions

LIB = "/usr/lib/python3.11"

FUNCTIONS = Functions.of([
    ("<module>", "/srv/app/run.py", 1, ""),
    ("Order.total", "/srv/app/shop/orders.py", 9, ""),
    ("Order.total.<locals>.<lambda>", "/srv/app/shop/orders.py", 10, ""),
    ("Order.pay", "/srv/app/shop/old/orders.py", 9, ""),
    ("render", "/v/site-packages/rich/table.py", 5, ""),
    ("decode", f"{LIB}/json/decoder.py", 5, ""),
    ("<built-in method time.sleep>", "~", 0, ""),
    ("<method 'append' of 'list' objects>", "~", 0, ""),
    ("_find", "<frozen importlib._bootstrap>", 5, ""),
    ("std::list<a::b>::push(int)", "list.h", 5, "/bin/tool"),
    ("std::list<a::b>::~list()", "list.cc", 7, "/bin/tool"),
    ("sort.part", "sort.c", 7, "/bin/tool"),
    ("???", "???", -1, "???"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("class", ["(no class)", "Order", "Order", "Order", "(no class)", "(no class)", "(no class)", "list",
                   "(no class)", "std::list<a::b>", "std::list<a::b>", "(no class)", "(no class)"]),
        ("file", ["/srv/app/run.py", "/srv/app/shop/orders.py", "/srv/app/shop/orders.py",
                  "/srv/app/shop/old/orders.py", "/v/site-packages/rich/table.py", f"{LIB}/json/decoder.py",
                  "(no file)", "(no file)", "<frozen importlib._bootstrap>", "list.h", "list.cc", "sort.c",
                  "(no file)"]),
        ("module", ["srv.app.run", "srv.app.shop.orders", "srv.app.shop.orders", "srv.app.shop.old.orders",
                    "rich.table", "json.decoder", "time", "(no module)", "importlib._bootstrap", "/bin/tool",
                    "/bin/tool", "/bin/tool", "(no module)"]),
        ("package", ["srv.app", "srv.app.shop", "srv.app.shop", "srv.app.shop.old", "rich", "json", "time",
                     "(no package)", "importlib", "/bin/tool", "/bin/tool", "/bin/tool", "(no package)"]),
        ("directory", ["/srv/app", "/srv/app/shop", "/srv/app/shop", "/srv/app/shop/old", "/v/site-packages/rich",
                       f"{LIB}/json", "(no directory)", "(no directory)", "(no directory)", "(no directory)",
                       "(no directory)", "(no directory)", "(no directory)"]),
        ("object", ["(no object)"] * 9 + ["/bin/tool"] * 3 + ["(no object)"]),
    ],
)  # fmt: skip
def test_every_function_is_in_the_group_that_its_name_file_or_object_says(by: Group, expected: list[str]) -> None:
    groups = grouping(FUNCTIONS, by)
    assert [groups.names[group] for group in groups.of] == expected
    assert groups.unknown is None or groups.names[groups.unknown] == f"(no {by})"
    assert (groups.unknown is None) == (f"(no {by})" not in expected)


def test_classes_of_one_name_in_two_files_are_two_groups_and_a_class_in_two_files_of_a_binary_is_one() -> None:
    groups = grouping(FUNCTIONS, "class")
    assert groups.of[1] == groups.of[2] != groups.of[3]
    assert groups.places[groups.of[3]] == "/srv/app/shop/old/orders.py"
    assert groups.of[9] == groups.of[10]


def test_functions_are_no_groups() -> None:
    with pytest.raises(ValueError, match="something else"):
        grouping(FUNCTIONS, "function")
    assert GROUPS[0] == "function"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("A.b", "A"), ("A.B.c", "A.B"), ("plain", ""), ("f.<locals>.g", ""), ("f.<locals>.C.m", "f.<locals>.C"),
        ("C.m.<locals>.inner", "C"), ("sort.part.0", ""), ("Thread.join /lib/threading.py:1087", ""),
        ("{built-in method time.sleep}", ""), ("{method 'get' of 'dict' objects}", "dict"),
        ("<slot wrapper '__init__' of 'object' objects>", "object"), ("<lambda>", ""), ("<module>", ""),
        ("ns::(anonymous namespace)::foo(int, std::string)", "ns::(anonymous namespace)"),
        ("foo(std::string)", ""), ("bool operator<(a::b const&, c)", ""), ("ns::A::operator()(int)", "ns::A"),
        ("A::operator->() const", "A"), ("<alloc::X<a::b> as T>::drop", "<alloc::X<a::b> as T>"),
        ("core::ptr::drop::<u8>", "core::ptr"), ("Foo->bar", "Foo"), ("", ""), (".", ""), ("::", ""), ("<>", ""),
    ],
)  # fmt: skip
def test_the_class_is_what_the_qualified_name_says(name: str, expected: str) -> None:
    assert class_of(name) == expected
