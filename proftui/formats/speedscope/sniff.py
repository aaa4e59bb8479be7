"""Whether a file is speedscope's: by its `$schema`, or by how it begins where that comes later."""

from __future__ import annotations

import re

from proftui.formats.encoding import utf8_head

_SCHEMA = re.compile(rb'"\$schema"\s*:\s*"https?://(?:www\.)?speedscope\.app/file-format-schema\.json"')

_TEXT = rb'"(?:[^"\\]|\\.)*"'
_MEMBERS = rb"(?:%b\s*:\s*(?:%b|[-+.\w]+)\s*,\s*)*" % (_TEXT, _TEXT)
"""Members of an object that are texts, numbers or words, each with the comma behind it."""

_FRAMES = rb'"shared"\s*:\s*\{\s*"frames"\s*:\s*\[\s*(?:\]|\{\s*"(?:name|file|line|col)"\s*:)'
_PROFILES = rb'"profiles"\s*:\s*\[\s*\{\s*(?P<profile>%b)"(?:samples|events|weights)"\s*:\s*\[' % _MEMBERS
_BEGINNING = re.compile(rb"\s*\{\s*%b(?:%b|%b)" % (_MEMBERS, _FRAMES, _PROFILES), re.DOTALL)
_OF_PROFILES = re.compile(rb'"(?:startValue|endValue)"\s*:|"type"\s*:\s*"(?:sampled|evented)"')


def sniff(head: bytes, name: str) -> bool:
    """Whether an object names the schema, or else begins with frames or a profile as the schema has them."""
    del name
    text = utf8_head(head)
    if not text.lstrip().startswith(b"{"):
        return False
    if _SCHEMA.search(text):
        return True
    beginning = _BEGINNING.match(text)
    if beginning is None:
        return False
    profile = beginning["profile"]
    return profile is None or _OF_PROFILES.search(profile) is not None
