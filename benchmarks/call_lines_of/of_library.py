"""A little of many modules of the standard library."""

import collections
import configparser
import contextlib
import copy
import csv
import dataclasses
import datetime
import decimal
import difflib
import email.message
import email.parser
import enum
import fractions
import functools
import html.parser
import io
import logging
import pathlib
import pickle
import random
import re
import shlex
import statistics
import string
import tempfile
import textwrap
import urllib.parse
import uuid
import xml.etree.ElementTree as ET
import zipfile


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0
    z: list = dataclasses.field(default_factory=list)


sorted([Point(3), Point(1), Point(2)])
copy.deepcopy([Point(1, 2, [3])] * 9)
dataclasses.asdict(Point(1))


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


Colour(1), Colour["BLUE"], list(Colour), Colour.RED in Colour
c = configparser.ConfigParser()
c.read_string("[a]\nb = 1\nc = %(b)s\n")
c.getint("a", "b")
c.get("a", "c")
c.write(io.StringIO())
list(csv.DictReader(io.StringIO("a,b\n1,2\n")))
w = csv.DictWriter(io.StringIO(), ["a"])
w.writeheader()
w.writerow({"a": 1})
datetime.datetime.strptime("2020-01-02", "%Y-%m-%d").isoformat()
fractions.Fraction(3, 7) + fractions.Fraction("0.5")
list(difflib.unified_diff(["a", "b", "c", "d"], ["a", "c", "d", "e"]))
difflib.get_close_matches("appel", ["ape", "apple"])
m = email.message.EmailMessage()
m["To"] = "a@b.c"
m.set_content("x")
email.parser.Parser().parsestr(m.as_string())
log = logging.getLogger("x")
log.addHandler(logging.StreamHandler(io.StringIO()))
log.warning("a %s", 1)
log.debug("no")
p = pathlib.Path(tempfile.mkdtemp())
(p / "a" / "b").mkdir(parents=True)
(p / "a" / "f.txt").write_text("x")
list(p.rglob("*"))
with zipfile.ZipFile(p / "z.zip", "w") as z:
    z.write(p / "a" / "f.txt")
    z.writestr("k", "v" * 99)
random.seed(1)
random.sample(range(100), 5)
random.choices("ab", k=3)
random.shuffle(list(range(30)))
random.gauss(0, 1)
re.compile(r"(a|b)*c+(?P<n>\d+)[^x-z]{2,3}")
re.sub("a+", lambda m: m[0].upper(), "aabaa")
shlex.split("a 'b c' d")
statistics.stdev([1, 2, 3.5])
statistics.median([3, 1, 2])
string.Template("$a").substitute(a=1)
textwrap.fill("word " * 99)
urllib.parse.urlsplit("http://a/b?c=d#e").geturl()
urllib.parse.urlencode({"a": [1, 2]}, doseq=True)
uuid.uuid4()
root = ET.fromstring("<a><b c='1'>t</b></a>")
ET.tostring(root)
list(root.iter("b"))
ET.indent(root)


class P(html.parser.HTMLParser):
    pass


P().feed("<a href='x'>y</a><!-- z -->")
decimal.Decimal("1.1") + 1
collections.Counter("abca").most_common(2)


@contextlib.contextmanager
def managed():
    yield 1


with managed() as v, contextlib.suppress(ValueError):
    int("x")


@functools.singledispatch
def show(x):
    return str(x)


show.register(int)(lambda x: "i")
show(1)
show("a")
functools.lru_cache(lambda x: x)(1)
pickle.loads(pickle._dumps([1, {"a": (2, 3)}]))
