"""What can be read back: one module per format, reader and writer together, and the registry."""

from proftui.formats.base import Format, ReadOptions
from proftui.formats.files import write_files
from proftui.formats.loading import load, load_all, save
from proftui.formats.registry import FORMATS, detect, for_path, named, writer
from proftui.formats.source import Progress, Source

__all__ = [
    "FORMATS", "Format", "Progress", "ReadOptions", "Source", "detect", "for_path", "load", "load_all", "named",
    "save", "write_files", "writer",
]  # fmt: skip
