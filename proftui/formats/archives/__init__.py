"""Archives of profiles, of which each file becomes a part. Nothing is ever unpacked onto the disk."""

from proftui.formats.archives.reader import TAR, ZIP, archive_of

__all__ = ["TAR", "ZIP", "archive_of"]
