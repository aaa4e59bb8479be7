"""profile.proto as the protobuf library has it, out of a table of its fields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from proftui.formats import load
from proftui.formats.base import ReadOptions
from proftui.formats.pprof import PPROF
from proftui.formats.source import Source
from proftui.model import Profile

DATA = Path(__file__).parents[2] / "data" / "pprof"

MESSAGES = {
    "ValueType": "1 int64 type; 2 int64 unit",
    "Label": "1 int64 key; 2 int64 str; 3 int64 num; 4 int64 num_unit",
    "Sample": "1 uint64* location_id; 2 int64* value; 3 Label* label",
    "Mapping": "1 uint64 id; 2 uint64 memory_start; 3 uint64 memory_limit; 4 uint64 file_offset; 5 int64 filename;"
    "6 int64 build_id; 7 bool has_functions; 8 bool has_filenames; 9 bool has_line_numbers; 10 bool has_inline_frames",
    "Line": "1 uint64 function_id; 2 int64 line; 3 int64 column",
    "Location": "1 uint64 id; 2 uint64 mapping_id; 3 uint64 address; 4 Line* line; 5 bool is_folded",
    "Function": "1 uint64 id; 2 int64 name; 3 int64 system_name; 4 int64 filename; 5 int64 start_line",
    "Profile": "1 ValueType* sample_type; 2 Sample* sample; 3 Mapping* mapping; 4 Location* location;"
    "5 Function* function; 6 string* string_table; 7 int64 drop_frames; 8 int64 keep_frames; 9 int64 time_nanos;"
    "10 int64 duration_nanos; 11 ValueType period_type; 12 int64 period; 13 int64* comment;"
    "14 int64 default_sample_type; 15 int64 doc_url",
}
"""As https://github.com/google/pprof/blob/main/proto/profile.proto has it; a star is for repeated fields."""

KINDS = {"int64": 3, "uint64": 4, "bool": 8, "string": 9}
MESSAGE, OPTIONAL, REPEATED = 11, 1, 3


def described() -> Any:
    """The class of the outermost message."""
    file = descriptor_pb2.FileDescriptorProto(name="profile.proto", package="perftools.profiles", syntax="proto3")
    for name, columns in MESSAGES.items():
        message = file.message_type.add(name=name)
        for column in columns.split(";"):
            number, kind, field = column.split()
            described: Any = message.field.add(name=field, number=int(number))
            described.label = REPEATED if kind.endswith("*") else OPTIONAL
            described.type = KINDS.get(kind.strip("*"), MESSAGE)
            if described.type == MESSAGE:
                described.type_name = f".perftools.profiles.{kind.strip('*')}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("perftools.profiles.Profile"))


@pytest.fixture(scope="session")
def message_class() -> Any:
    """The protobuf library's class of profiles."""
    return described()


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Profile]:
    """Reads the bytes of a file, or a message of the protobuf library."""

    def reading(content: Any, name: str = "some.pb") -> Profile:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.SerializeToString())
        return load(path)

    return reading


@pytest.fixture
def read_as_pprof(tmp_path: Path) -> Callable[[bytes], Profile]:
    """Reads bytes of which is known that they should be of this format."""

    def reading(content: bytes) -> Profile:
        path = tmp_path / "some.pb"
        path.write_bytes(content)
        return PPROF.read(Source(str(path)), ReadOptions())

    return reading
