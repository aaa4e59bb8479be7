"""The rules: what is looked for, from which share of the total on, and what is said of it.

Targets are dotted names: the module and the function's own name without its class (`json.encode` is any `encode` in the
module json), of a built-in function the name in its own brackets (`time.sleep`, `list.index`); `logging.*` is all of
a module and of those below it.

A sentence is filled in with the finding's figures: {cost} and {share} of the total, {calls} how often and {each} at
what cost, {name} the function, {caller} the heaviest caller, {times} how often that one called it;
{calls:date} is "1 date" or "20 dates". Where calls were not counted, `uncounted` stands in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Detector = Literal["set", "leaf", "imports", "explosion", "repeated", "recursion"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing worth telling.

    detector  "set": all that happens below the targets; "leaf": the targets' self cost, which is where a program
              waits; others are what they are called, in `detectors`
    targets   whom it is about
    share     the least share of the total, 0 to 1
    calls     the least number of calls, and `each` the least cost of one in stored units; more than 0 keeps the rule
              silent where calls were not counted, unless it has a sentence for that
    meaning   what it means, and `advice` what to try
    """

    key: str
    title: str
    detector: Detector
    sentence: str
    meaning: str
    advice: str
    targets: tuple[str, ...] = ()
    share: float = 0.05
    calls: float = 0
    each: float = 0
    uncounted: str = ""


US = 1e3
"""A microsecond, in stored nanoseconds."""

TINY = 2 * US
"""At most this much self cost a call makes a function tiny."""

LOOP = 50
"""How often one call of a function calls another one in a loop over items, at least."""

RECURSION = 20
"""How many calls, at least, one call from outside turns into where a function recurs."""

DEEP = 100
"""How many times a function is on one recorded stack where recursion is deep."""

RULES: tuple[Rule, ...] = (
    Rule(
        "imports", "Importing modules", "imports",
        "{cost} ({share}) went into importing; the heaviest: {name}",
        "Modules are found, read and executed once in a process; a short run may consist of little else.",
        "python -X importtime tells module by module; import what few runs need inside of the function that needs it.",
        targets=("importlib._bootstrap._find_and_load", "__import__", "builtins.__import__"), share=0.10,
        uncounted="{cost} ({share}) went into importing; the heaviest: {name}",
    ),
    Rule(
        "repeated-query", "A query for each item", "repeated",
        "{calls:database call} took {cost} ({share}): {caller} called {name} {times:time}",
        "One round trip an item: latency adds up, whatever the database is doing.",
        "Ask for all items in one query (IN, JOIN, executemany, select_related / selectinload).",
        targets=(
            "sqlite3.Cursor.execute", "sqlite3.Connection.execute", "psycopg2.extensions.cursor.execute",
            "psycopg.cursor.execute", "psycopg.connection.execute", "pymysql.cursors.execute",
            "MySQLdb.cursors.execute", "_mysql.connection.query", "sqlalchemy.engine.default.do_execute",
            "django.db.backends.utils.execute",
            "pymongo.pool.command", "redis.client.execute_command", "asyncpg.connection.execute",
            "asyncpg.connection.fetch", "cx_Oracle.Cursor.execute",
        ), calls=500,
    ),
    Rule(
        "repeated-request", "A request for each item", "repeated",
        "{calls:request} took {cost} ({share}): {caller} called {name} {times:time}",
        "One round trip over the network an item.",
        "Ask for many items at once, keep connections open (a session), or have several requests under way.",
        targets=(
            "requests.sessions.request", "httpx._client.send", "urllib.request.urlopen", "http.client.getresponse",
            "urllib3.connectionpool.urlopen", "aiohttp.client._request", "botocore.client._make_api_call",
        ), calls=200,
    ),
    Rule(
        "repeated-open", "A file opened for each item", "repeated",
        "{calls:opened file} took {cost} ({share}): {caller} called {name} {times:time}",
        "Opening costs a system call or several, and more on a network drive.",
        "Keep what was read, or open once outside of the loop.",
        targets=("io.open", "_io.open", "builtins.open", "posix.open", "nt.open"), calls=500,
    ),
    Rule(
        "regex", "Regular expressions compiled", "set",
        "compiling {calls:regular expression} took {cost} ({share}), {each} each",
        "Compiling takes a thousand times as long as looking a compiled pattern up; re keeps 512 of them.",
        "Compile constant patterns once; look for patterns built at run time, which are new ones each time.",
        targets=("re._compiler.compile", "sre_compile.compile"),
        uncounted="compiling regular expressions: {cost} ({share})",
    ),
    Rule(
        "regex-cache", "Patterns looked up in re's cache", "leaf",
        "{calls:look-up} of patterns took {cost} ({share})",
        "re.match(pattern, ...) looks its pattern up at each call.",
        "Compile the pattern outside of the loop and call its own methods.",
        targets=("re._compile",), calls=20_000,
    ),
    Rule(
        "deepcopy", "copy.deepcopy", "set",
        "{calls:call} of deepcopy took {cost} ({share}), {each} each",
        "deepcopy walks every object reachable, in Python.",
        "Copy only what changes (copy.copy, dict(x), dataclasses.replace), or share what nobody changes.",
        targets=(
            "copy.deepcopy", "copy._deepcopy_dict", "copy._deepcopy_list", "copy._deepcopy_tuple", "copy._reconstruct",
        ),
        uncounted="copy.deepcopy: {cost} ({share})",
    ),
    Rule(
        "json", "JSON", "set",
        "{calls:call} into json took {cost} ({share}), {each} each",
        "Encoding and decoding of JSON with the standard library.",
        "Decode once and pass objects on; orjson or msgspec do the same several times as fast.",
        targets=("json.*",), share=0.10, uncounted="encoding and decoding JSON: {cost} ({share})",
    ),
    Rule(
        "pickle", "Pickling", "set",
        "{calls:call} into pickle took {cost} ({share}), {each} each",
        "Objects are turned into bytes and back: for a cache, a file, or another process.",
        "Send less to other processes (paths, indices), larger pieces at a time; protocol 5 leaves buffers alone.",
        targets=("_pickle.*", "pickle.*"), share=0.10, uncounted="pickling: {cost} ({share})",
    ),
    Rule(
        "logging", "Logging", "set",
        "{calls:call} into logging took {cost} ({share}), {each} each",
        "A record that is written is formatted, and passed to each handler under a lock.",
        "Log less in loops, raise the level, pass arguments (log.debug('%s', x)) rather than finished strings.",
        targets=("logging.*",), uncounted="logging: {cost} ({share})",
    ),
    Rule(
        "dates", "Dates parsed by format", "set",
        "parsing {calls:date} by format took {cost} ({share}), {each} each",
        "strptime is written in Python, and dateutil guesses the format anew each time.",
        "datetime.fromisoformat is written in C; keep the result for texts that come again.",
        targets=(
            "strptime", "time.strptime", "_strptime._strptime", "_strptime._strptime_datetime",
            "_strptime._strptime_time", "dateutil.parser.*",
        ),
        calls=1000,
        uncounted="parsing dates by format: {cost} ({share})",
    ),
    Rule(
        "traceback", "Tracebacks formatted", "set",
        "{calls:call} into traceback took {cost} ({share}), {each} each",
        "Formatting a traceback reads source files and takes far longer than raising and catching does.",
        "Log expected failures without their traceback.",
        targets=("traceback.*",), uncounted="formatting tracebacks: {cost} ({share})",
    ),
    Rule(
        "inspect", "Introspection", "set",
        "{calls:call} into inspect took {cost} ({share}), {each} each",
        "inspect.stack reads source files; signatures are built anew at each call.",
        "sys._getframe(1) instead of inspect.stack(); keep signatures.",
        targets=("inspect.*",), calls=100, uncounted="introspection with inspect: {cost} ({share})",
    ),
    Rule(
        "code", "Code compiled at run time", "leaf",
        "{calls:call} of compile and eval took {cost} ({share}) of their own",
        "Source text is compiled: by eval and exec of strings, namedtuple, dataclasses, templates.",
        "Compile once and keep the code object; make classes once, not in each call.",
        targets=("builtins.compile", "builtins.eval"), calls=100,
    ),
    Rule(
        "paths", "pathlib", "set",
        "{calls:call} into pathlib took {cost} ({share}), {each} each",
        "Path objects are taken apart and put together in Python.",
        "Keep paths outside of loops; os.scandir and os.path work on plain strings.",
        targets=("pathlib.*",), share=0.10, calls=1000, uncounted="pathlib: {cost} ({share})",
    ),
    Rule(
        "stat", "Looking files up", "leaf",
        "{calls:question} to the system about files (stat, scandir, listdir) took {cost} ({share})",
        "Each is a system call, and far slower on a network drive.",
        "Ask once and keep the answer; os.scandir gives kind and size along with the names.",
        targets=(
            "posix.stat", "posix.lstat", "posix.scandir", "posix.listdir", "posix.access", "nt.stat", "nt.lstat",
            "nt.scandir", "nt.listdir", "nt._path_exists", "nt._path_isfile", "nt._path_isdir",
        ), calls=1000,
    ),
    Rule(
        "search", "Searching lists from the start", "leaf",
        "{calls:call} of list.index, remove, count or insert took {cost} ({share}), {each} each",
        "Each walks or shifts the list, so that the cost grows with the square of its length.",
        "A dict or set finds in one step, collections.deque gives at both ends.",
        targets=("list.index", "list.remove", "list.count", "list.insert"), calls=1000, each=2 * US,
    ),
    Rule(
        "sleep", "Sleeping", "leaf",
        "time.sleep: {cost} ({share}) in {calls:call}",
        "Waiting on purpose, not work.",
        "Wait for the event itself (Event.wait, select, a callback) where sleep polls for it.",
        targets=("time.sleep",), uncounted="time.sleep: {cost} ({share})",
    ),
    Rule(
        "locks", "Waiting for locks, queues or other threads", "leaf",
        "{cost} ({share}) went by in {calls:wait} for locks, queues or threads",
        "Time on the clock in which this thread did nothing: others hold the lock, or have not delivered yet.",
        "Look at what the others do meanwhile; hold locks for less. A worker that waits for work is no problem.",
        targets=(
            "_thread.lock.acquire", "_thread.RLock.acquire", "_thread.lock.__enter__", "_queue.SimpleQueue.get",
            "_multiprocessing.SemLock.acquire", "_multiprocessing.SemLock.__enter__", "threading.wait",
            "threading._wait_for_tstate_lock", "threading.join", "queue.get", "concurrent.futures._base.result",
        ), uncounted="{cost} ({share}) went by waiting for locks, queues or threads",
    ),
    Rule(
        "poll", "Waiting for input", "leaf",
        "{cost} ({share}) went by in {calls:wait} of select, poll or epoll",
        "The event loop, or whoever selects, had nothing to do: time on the clock, not work.",
        "Nothing, if the program is meant to wait. Else see what the other end does, or have more under way at once.",
        targets=(
            "select.select", "select.poll.poll", "select.epoll.poll", "select.kqueue.control", "selectors.select",
            "selectors._select",
        ),
        uncounted="{cost} ({share}) went by waiting in select, poll or epoll",
    ),
    Rule(
        "network", "Waiting for the network", "leaf",
        "{cost} ({share}) went by in {calls:socket call} (connect, send, receive, look up)",
        "Time on the clock: the other end or the way to it is slow.",
        "Keep connections open, ask for less at a time, or have several requests under way.",
        targets=(
            "_socket.socket.recv", "_socket.socket.recv_into", "_socket.socket.send", "_socket.socket.sendall",
            "_socket.socket.connect", "_socket.getaddrinfo", "_ssl._SSLSocket.read", "_ssl._SSLSocket.write",
            "_ssl._SSLSocket.do_handshake", "socket.readinto", "socket.getaddrinfo", "ssl.read", "ssl.recv_into",
            "ssl.do_handshake",
        ), uncounted="{cost} ({share}) went by in socket calls",
    ),
    Rule(
        "processes", "Running other programs", "set",
        "{calls:call} into subprocess took {cost} ({share})",
        "Starting a program takes milliseconds; then its end is waited for.",
        "A library instead of a program, one run for many items, or several at once.",
        targets=("subprocess.*", "posix.system", "nt.system", "posix.waitpid"),
        uncounted="running other programs: {cost} ({share})",
    ),
    Rule(
        "gc", "Collecting garbage", "leaf",
        "{calls:call} of gc.collect took {cost} ({share})",
        "Each full collection visits every object there is.",
        "Leave it to Python, or call it once after the work; gc.freeze() after start-up spares what stays.",
        targets=("gc.collect", "<GC>", ":GC:"), uncounted="collecting garbage: {cost} ({share})",
    ),
    Rule(
        "explosion", "A tiny function called very often", "explosion",
        "{name}: {calls:call} of {each}, {cost} ({share}) in all",
        "The number of calls is what costs; a tracer adds its own cost to each, so that the true share is less.",
        "Call it less often: move it out of the loop, keep its result, handle many items in one call.",
        calls=100_000,
    ),
    Rule(
        "recursion", "Recursion", "recursion",
        "{name} recurs: {times:call} from outside became {calls}; their own cost is {cost} ({share})",
        "The same function on the stack again and again.",
        "Keep results (functools.cache) where arguments come again; else a loop with its own stack is cheaper.",
        share=0.10, calls=10_000,
        uncounted="{name} is up to {times:time} on one stack; its own cost is {cost} ({share})",
    ),
)  # fmt: skip

MOST = 6
"""How many findings are told at most."""
