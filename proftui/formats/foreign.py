"""What to tell of files that people try and that cannot be read: what they are, and what makes a profile of them.

Told by the bytes alone. Magic numbers are those of the tools themselves and of file(1).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection
from typing import NamedTuple

from proftui.formats.encoding import utf8_head
from proftui.formats.svg.sniff import is_picture

UNKNOWN = "no known profile format; 'proftui formats' lists what can be read"
NO_KNOWN_JSON = "is JSON, but no profile that is known"


class _Kind(NamedTuple):
    """`sentence` goes on from the file's name; {} in it is the file's path, as a shell takes it, or FILE."""

    pattern: bytes
    sentence: str
    flags: re.RegexFlag = re.DOTALL

    def fits(self, text: bytes) -> bool:
        """Whether the pattern is found; it is compiled only here, as most files are known."""
        return re.search(self.pattern, text, self.flags) is not None


def _begin(pattern: bytes, sentence: str) -> _Kind:
    return _Kind(rb"\A(?:%b)" % pattern, sentence)


def _hold(pattern: bytes, sentence: str) -> _Kind:
    return _Kind(pattern, sentence, re.DOTALL | re.IGNORECASE)


_BINARY = (
    _begin(
        rb"PERF(?:FILE|ILE2)|2ELIFREP", "is perf's recording; 'perf script -i {} > out.perf.txt' makes a file to open"
    ),
    _begin(
        rb"FLR\0",
        ("is a recording of Java's Flight Recorder; async-profiler's 'jfrconv {} out.collapsed' makes a file to open"),
    ),
    _begin(rb"JAVA PROFILE 1\.0", "is a dump of Java's heap, not a profile"),
    _begin(
        rb"gmon",
        (
            "is gprof's gmon.out, which needs its program to be read; 'perf record -g' or 'valgrind"
            " --tool=callgrind' over that program makes a file to open"
        ),
    ),
    _begin(rb"NVR\0", ("is a report of NVIDIA Nsight Compute, which 'ncu --import {}' prints; it has no call stacks")),
    _begin(rb"MMPD", "is rustc's self-profile; 'crox {}' of rust-lang/measureme makes a Chrome trace to open"),
    _begin(
        rb"\x7fELF[\x01\x02]\x01.{10}\x04\0|\x7fELF[\x01\x02]\x02.{10}\0\x04",
        "is the core dump of a program, not a profile",
    ),
    _begin(
        rb"\x7fELF|MZ.{0,400}PE\0\0|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe|\xfe\xed\xfa[\xce\xcf]",
        ("is a program, not a profile; 'perf record -g' or 'valgrind --tool=callgrind' over it makes one"),
    ),
    _begin(
        rb"SQLite format 3\0.*coverage_schema", "is the data of coverage.py, which tell what ran, not how long it took"
    ),
    _begin(
        rb"SQLite format 3\0.*(?:StringIds|CUPTI_|TARGET_INFO)",
        ("is an SQLite export of NVIDIA Nsight Systems, which 'nsys stats {}' prints; it cannot be read here"),
    ),
    _begin(rb"SQLite format 3\0", "is an SQLite database, not a profile"),
    _begin(rb"..\r\n(?:.{4}){1,3}[\xe3c]\0{4}", "is compiled Python; 'proftui run' over its source makes a profile"),
    _begin(rb"\x80[\x02-\x05].", "is a pickle, and not one of a profiler that is known; nothing in it was run"),
    _begin(
        rb"\x89PNG|GIF8|\xff\xd8\xff|%PDF-",
        "is a picture or a document; the profile that it was drawn from can be opened",
    ),
    _begin(rb"7z\xbc\xaf\x27\x1c|Rar!", "is an archive of a kind that is not read; zip and tar archives are"),
)

_NAMED: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        (".nsys-rep", ".qdrep"),
        ("is a report of NVIDIA Nsight Systems, which 'nsys stats {}' prints; it cannot be read here"),
    ),
    (
        (".etl", ".etlx"),
        ("is an event trace of Windows; PerfView saves its stacks for speedscope, which can be opened"),
    ),
    ((".dtps", ".diagsession"), "is a session of Visual Studio, which alone reads it"),
)
"""Of binary files whose beginning is not documented."""

_TEXT = (
    _hold(
        rb"function calls (?:\([0-9,]+ primitive calls\) )?in [0-9.]+ seconds|ncalls +tottime +percall +cumtime",
        ("is cProfile's table as it was printed; 'python -m cProfile -o out.prof ...' saves the profile itself"),
    ),
    _hold(
        rb"^\s*Total time: [0-9.e+-]+ s\s+File: |Line #\s+Hits\s+Time\s+Per Hit",
        ("is line_profiler's table as it was printed; 'kernprof -l' saves an .lprof file, which can be opened"),
    ),
    _hold(
        rb"Line #\s+Mem usage\s+Increment",
        "is memory_profiler's table as it was printed; 'mprof run' saves a file to open",
    ),
    _hold(
        rb"Each sample counts as [0-9.]+ seconds|%\s+cumulative\s+self\s+self\s+total",
        ("is gprof's report; 'perf record -g' or 'valgrind --tool=callgrind' over that program makes a file to open"),
    ),
    _hold(
        rb"\Adesc: .*\ncmd: .*\ntime_unit: ",
        "is a profile of the heap by valgrind's massif, which 'ms_print {}' prints",
    ),
    _hold(
        rb"\A# (?:To display the perf\.data header info|=+).*?\n# (?:Overhead|Samples:|Children)|\n# Overhead ",
        "is the output of 'perf report'; 'perf script > out.perf.txt' makes a file to open",
    ),
    _hold(
        rb"Time and Allocation Profiling Report", "is a report of GHC; 'ghc-prof-flamegraph' makes folded stacks of it"
    ),
    _hold(
        rb"\A!coverage\.py:|<coverage [^>]*line-rate",
        "is the data of coverage.py, which tell what ran, not how long it took",
    ),
)

_PAGES = (
    _hold(rb"memray", "is a page that memray made of its capture; the capture itself (.bin) can be opened"),
    _hold(
        rb"pyinstrument",
        ("is pyinstrument's page; 'pyinstrument -r session -o out.pyisession ...' saves a file to open"),
    ),
    _hold(rb"scalene", "is Scalene's page; 'scalene --json' saves a file to open"),
    _hold(rb"viztracer|perfetto", "is VizTracer's page; 'viztracer -o result.json ...' saves a file to open"),
    _hold(rb"snakeviz|tuna", "is a viewer's page; the .prof file that it shows can be opened"),
    _hold(rb"speedscope", "is speedscope's page; what was opened in it can be opened, as can what its Export saves"),
    _hold(
        rb"tachyon|profiling\.sampling",
        ("is a page of Python's sampling profiler; its --pstats, --collapsed or --gecko save a file to open"),
    ),
    _hold(
        rb"async-profiler|d3-?flame-?graph|flame ?graph",
        ("is a flame graph as a page; folded stacks ('collapsed') or an SVG of the same profile can be opened"),
    ),
    _hold(rb"", "is a web page, not a profile"),
)

_MEMBERS: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(names.split()), sentence)
    for names, sentence in (
        (
            "nodes startTime endTime",
            (
                "is a CPU profile of V8 (Node.js, Chrome); https://www.speedscope.app opens it, and its"
                " Export saves a file to open here"
            ),
        ),
        (
            "head samples",
            (
                "is a heap profile of V8 (Node.js, Chrome); https://www.speedscope.app opens it, and its"
                " Export saves a file to open here"
            ),
        ),
        ("snapshot nodes edges", "is a snapshot of V8's heap, not a profile"),
        ("dhatFileVersion", "is a profile of the heap by valgrind's DHAT, which its dh_view.html shows"),
        ("meta files totals", "is the data of coverage.py, which tell what ran, not how long it took"),
        (
            "metadata benchmarks version",
            "holds the times of pyperf, which 'pyperf stats {}' prints; they have no functions",
        ),
        ("context benchmarks", "holds the times of Google Benchmark, which have no functions"),
        ("cells nbformat", "is a notebook, not a profile; '%prun -D out.prof ...' in it saves one"),
    )
)

_PAGE = re.compile(rb"\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_JSON = re.compile(rb'\s*[{\[]\s*(?:["{}\[\]]|-?[0-9]|true|false|null)')
_PYTHON = re.compile(
    rb"\A#![^\n]*python|^(?:import [\w.]+|from [\w.]+ import .+|def \w+\(.*|class \w[^:\n]*:|async def .*)$",
    re.MULTILINE,
)


def told(path: str, head: bytes, members: Collection[str]) -> str:
    """What a file is that begins so, as the rest of a sentence that begins with its name.

    What its name says counts only where its bytes say no more than that it is binary.
    `members` are the names of the outermost members of a JSON object.
    """
    return _sentence(path.lower(), head, frozenset(members)).replace("{}", "FILE" if path == "-" else shlex.quote(path))


def _sentence(name: str, head: bytes, members: frozenset[str]) -> str:
    for kind in _BINARY:
        if kind.fits(head):
            return kind.sentence
    text = utf8_head(head)
    if b"\0" in text:
        return next((sentence for endings, sentence in _NAMED if name.endswith(endings)), UNKNOWN)
    if members:
        return _of_json(members)
    if _PAGE.match(text):
        return next(kind.sentence for kind in _PAGES if kind.fits(text))
    if is_picture(text):
        return "is a picture, and no flame graph whose boxes have titles"
    for kind in _TEXT:
        if kind.fits(text):
            return kind.sentence
    if _JSON.match(text):
        return NO_KNOWN_JSON
    if _PYTHON.search(text):
        return "is Python source; 'proftui run {}' profiles it"
    return UNKNOWN


def _of_json(members: frozenset[str]) -> str:
    return next((sentence for names, sentence in _MEMBERS if names <= members), NO_KNOWN_JSON)
