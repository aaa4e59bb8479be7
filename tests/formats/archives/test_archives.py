"""The files in an archive become parts, and what an archive may do to its reader."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from proftui.errors import Cancelled, Malformed, ProftuiError, UnknownFormat
from proftui.formats import load, load_all
from proftui.formats.archives import member as members
from proftui.formats.archives import tarred as tars
from proftui.model import Profile, merge

from .conftest import CALLS, PROFILES, Files, Pack, profile, tarred, zipped

Packed = Callable[[Files], Path]


def calls(found: Profile) -> float:
    counted = merge(found).calls
    assert counted is not None
    return float(counted.sum())


def labels(found: Profile) -> list[str]:
    return [part.label for part in found.parts]


def test_each_file_is_a_part(packed: Packed) -> None:
    path = packed(PROFILES)
    found = load(path)
    assert labels(found) == list(PROFILES)
    assert calls(found) == CALLS
    assert found.notes == ()
    assert (found.name, found.origin.format, found.origin.path) == ("unknown", "pstats", str(path))


def test_compressed_files_within(packed: Packed) -> None:
    found = load(packed({"a.prof.gz": gzip.compress(profile(4)), "b.prof.xz": lzma.compress(profile(5))}))
    assert labels(found) == ["a.prof.gz", "b.prof.xz"]
    assert calls(found) == 9


def test_what_is_no_profile_is_left_out_and_told(packed: Packed) -> None:
    files = {
        "readme.md": b"# What this is\n", "one.prof": profile(1), "empty": b"", ".hidden": b"x",
        "__MACOSX/._one.prof": b"\0\5\26\7", "cut.prof": profile(3)[:-9], "inner.zip": zipped(PROFILES),
    }  # fmt: skip
    path = packed(files)
    found = load(path)
    assert labels(found) == ["one.prof"]
    assert found.notes[0] == "3 files that are no profiles left out; the first is 'readme.md'"
    assert found.notes[1].startswith(f"left out: {path}/cut.prof: ")
    assert len(found.notes) == 2


def test_parts_of_a_file_bear_its_name(packed: Packed) -> None:
    folded = b"thread (1): a;f 1\nthread (2): b;f 2\n"
    assert labels(load(packed({"sub/x.folded": folded, "one.prof": profile(1)}))) == [
        "sub/x.folded: a", "sub/x.folded: b", "one.prof",
    ]  # fmt: skip


def test_notes_of_single_files_say_of_which(packed: Packed) -> None:
    files = {"one.prof": profile(1), "more.prof": profile(1) + b"more"}
    assert load(packed(files)).notes == ("more.prof: 4 bytes after the table were not read",)


def test_no_profile_in_it(packed: Packed) -> None:
    path = packed({"a.txt": b"What I did\n", "b": b""})
    with pytest.raises(UnknownFormat, match=r"holds no profile, but 'a\.txt' and 1 file more") as refused:
        load(path)
    assert str(refused.value).startswith(str(path))


def test_nothing_in_it(tmp_path: Path) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(zipped({}))
    with pytest.raises(UnknownFormat, match="holds no file"):
        load(path)


def test_only_damaged_profiles(packed: Packed) -> None:
    with pytest.raises(Malformed, match=r"unknown/cut\.prof: the data end"):
        load(packed({"cut.prof": profile(1)[:-9]}))


def test_names_are_labels_and_nothing_is_unpacked(
    packed: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    names = ["../outside.prof", "/absolute.prof", "a/../../b.prof", "n\u00e4me \x1b[31m.prof"]
    path = packed({name: profile(1) for name in names})
    assert len(labels(load(path))) == 4
    assert sorted(tmp_path.rglob("*")) == sorted([below, path])


def test_long_names(packed: Packed) -> None:
    name = "/".join(["folder" * 4] * 9) + "/worker.prof"
    if 100 < len(name) < 256:
        assert labels(load(packed({name: profile(1)}))) == [name]


def test_links_are_not_followed(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE):
            header = tarfile.TarInfo(f"of {kind!r}")
            header.type, header.linkname = kind, "/etc/passwd"
            archive.addfile(header)
        header = tarfile.TarInfo("one.prof")
        header.size = len(profile(1))
        archive.addfile(header, io.BytesIO(profile(1)))
    path = tmp_path / "links.tar"
    path.write_bytes(packed.getvalue())
    assert labels(load(path)) == ["one.prof"]
    link = zipfile.ZipInfo("link.prof")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive_of_link:
        archive_of_link.writestr(link, "/etc/passwd")
        archive_of_link.writestr("one.prof", profile(1))
    assert labels(load(path)) == ["one.prof"]


def test_an_archive_among_other_files(tmp_path: Path) -> None:
    path, other = tmp_path / "x.zip", tmp_path / "y.prof"
    path.write_bytes(zipped(PROFILES))
    other.write_bytes(profile(7))
    found = load_all([path, other])
    assert labels(found) == [*PROFILES, "y.prof"]
    assert calls(found) == CALLS + 7


def test_encrypted_files(tmp_path: Path) -> None:
    """Only the flag tells; a zip archive of two files, of which one or both are marked."""
    path = tmp_path / "secret.zip"
    content = zipped({"a.prof": profile(1), "b.prof": profile(2)})
    for marked, central in ((2, 2), (1, 1)):
        data, at = bytearray(content), -1
        for _ in range(central):
            at = data.index(b"PK\x01\x02", at + 1)
            data[at + 8] |= 1
        path.write_bytes(data)
        if marked == 2:
            with pytest.raises(Malformed, match="its files are encrypted"):
                load(path)
        else:
            found = load(path)
            assert labels(found) == ["b.prof"]
            assert "a.prof: the archive is damaged here, or the file is encrypted" in found.notes[0]


def test_bytes_of_all_files_are_limited(packed: Packed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members.Budget, "bytes", 1 << 20)
    monkeypatch.setattr(members.Budget.__init__, "__defaults__", (1 << 20, 100))
    spaces = b"{" + b" " * (1 << 18)
    with pytest.raises(ProftuiError, match=r"more than 2 GiB|holds no profile"):
        load(packed({f"{number}.json": spaces for number in range(9)}))
    with pytest.raises(Malformed, match="more than 2 GiB"):
        load(packed({"bomb.gz": gzip.compress(b'{"traceEvents": [' + b" " * (1 << 22))}))


def test_the_number_of_files_is_limited(packed: Packed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members.Budget.__init__, "__defaults__", (1 << 20, 3))
    with pytest.raises(Malformed, match="more than 100,000 files"):
        load(packed(PROFILES))


def test_a_table_of_contents_of_a_million_files(tmp_path: Path) -> None:
    """46 bytes for each of a file that does not exist; the end of the archive says where they begin."""
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    table = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(table), 4, 0)
    path = tmp_path / "million.zip"
    path.write_bytes(b"PK\x03\x04" + table + end)
    with pytest.raises(Malformed, match="table of contents"):
        load(path)


def test_a_large_file_in_a_tar_archive_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tars, "MOST_MEMBER", 1 << 17)
    path = tmp_path / "large.tar.gz"
    path.write_bytes(tarred({"zeros": bytes(1 << 18), "one.prof": profile(1)}, "w:gz"))
    assert labels(load(path)) == ["one.prof"]
    path.write_bytes(tarred({"x.json": b"{" + b" " * (1 << 18), "one.prof": profile(1)}, "w:gz"))
    with pytest.raises(Malformed, match="a file in it has more than"):
        load(path)


def test_a_zip_archive_that_is_compressed_once_more(tmp_path: Path) -> None:
    path = tmp_path / "x.zip.bz2"
    path.write_bytes(bz2.compress(zipped(PROFILES)))
    with pytest.raises(Malformed, match="compressed once more"):
        load(path)


def test_a_tar_archive_that_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    whole = tarred({"a.prof": profile(1), "b.prof": bytes(2000)}, kind=tarfile.USTAR_FORMAT)
    path.write_bytes(whole[: 512 * 4])
    with pytest.raises(Malformed, match=r"x\.tar: the archive ends too early \(byte"):
        load(path)
    path.write_bytes(whole[: 512 * 2] + b"x" * 512)
    with pytest.raises(Malformed, match=r"the header of a file is none \(byte 1,024\)"):
        load(path)


def test_a_damaged_file_in_a_zip_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    content = zipped({"a.prof": profile(1), "b.prof": profile(2)})
    at = content.index(b"a.prof") + len("a.prof")
    path.write_bytes(content[:at] + bytes(byte ^ 255 for byte in content[at : at + 8]) + content[at + 8 :])
    found = load(path)
    assert labels(found) == ["b.prof"]
    assert len(found.notes) == 1


def test_reading_can_be_ended(packed: Packed) -> None:
    def stop(share: float) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        load(packed(PROFILES), progress=stop)


def test_a_file_without_a_name_and_one_that_steers_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"\x1b[31m.prof": profile(1)[:-9], "b.prof": profile(2)}))
    with zipfile.ZipFile(path, "a") as archive, archive.open(zipfile.ZipInfo(""), "w") as nameless:
        nameless.write(profile(1))
    found = load(path)
    assert labels(found)[0] == "b.prof"
    assert "\N{REPLACEMENT CHARACTER}[31m.prof" in found.notes[-1]
    assert found.notes[-1].isprintable()


def damaged(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 2, 8))):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\x80\0\0\1"))
            case 2:
                del data[at : at + chance.choice((1, 30))]
            case 3:
                del data[at:]
        if not data:
            break
    return bytes(data)


def outcome(path: Path) -> str:
    """The one sentence of a refusal, "" for a profile."""
    try:
        load(path)
    except ProftuiError as error:
        return str(error)
    return ""


def test_damaged_archives(pack: Pack, tmp_path: Path) -> None:
    """A profile or one sentence, whatever the bytes."""
    content, chance = pack(PROFILES), random.Random(1)
    path = tmp_path / "damaged"
    for _ in range(300):
        path.write_bytes(damaged(content, chance))
        assert outcome(path).isprintable()


@pytest.mark.timeout(5)
def test_digits_where_a_record_should_be(tmp_path: Path) -> None:
    """A pattern that is tried from each of them on to the last would take minutes."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 1 << 20
    path = tmp_path / "x.tar"
    path.write_bytes(header.tobuf(tarfile.USTAR_FORMAT) + b"1" * header.size + tarred({"a.prof": profile(1)}))
    assert labels(load(path)) == ["a.prof"]
