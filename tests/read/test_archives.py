"""Tar and zip archives."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from corpuskit.config import LimitSettings

from . import made
from .made import COMPRESS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .made import Found

    Reading = Callable[..., Found]

MEMBERS = [
    ("a.txt", b"The ferry."),
    ("sub/b.html", b"<p>The lighthouse.</p>"),
    ("sub/c.md", b"# Herring"),
    ("rows.jsonl.gz", COMPRESS[".gz"](made.jsonl(made.ROWS[:1]))),
    ("records.warc", made.warc([made.Record(warc={"WARC-Record-ID": "<1>"})], gzipped=False)),
    ("d.html.zst", COMPRESS[".zst"](b"<p>Packed.</p>")),
    ("image.png", b"\x89PNG"),
    ("sub/.hidden.txt", b"hidden"),
]
EXPECTED = {
    "{}/a.txt": ("text/plain", "The ferry."),
    "{}/sub/b.html": ("text/html", "<p>The lighthouse.</p>"),
    "{}/sub/c.md": ("text/plain", "# Herring"),
    "https://port.example/0": ("text/plain", made.TEXTS[0]),
    "1": ("text/html", "<p>The ferry runs again.</p>"),
    "{}/d.html.zst": ("text/html", "<p>Packed.</p>"),
}
ARCHIVES = {
    **{f"a.tar{ending}": compress(made.tar(MEMBERS)) for ending, compress in COMPRESS.items()},
    "a.tgz": COMPRESS[".gz"](made.tar(MEMBERS)),
    "a.zip": made.zipped(MEMBERS),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_members_are_read_as_files_are(name: str, tmp_path: Path, reading: Reading) -> None:
    (tmp_path / name).write_bytes(ARCHIVES[name])
    found = reading()
    pages = {page.locator: (page.media_type, page.raw.decode()) for page in found.pages}
    assert pages == {locator.format(name): page for locator, page in EXPECTED.items()}
    assert found.skipped == {"members of archives that are no pages by their names": 2}
    assert found.unreadable == []


def test_the_settings_may_choose_members(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "a.zip").write_bytes(made.zipped([("a.txt", b"a"), ("sub/page", b"b"), ("sub/c.txt", b"c")]))
    assert reading(members=("sub/*",)).texts == ["b", "c"]


TRICKS = {
    "../../etc/x.txt": "etc/x.txt",
    "/etc/y.txt": "etc/y.txt",
    "a/./b//../z.txt": "a/b/z.txt",
    "C:\\w.txt": "C:/w.txt",
}


@pytest.mark.parametrize("name", ["a.tar", "a.zip"])
def test_names_that_lead_elsewhere_are_only_names(name: str, tmp_path: Path, reading: Reading) -> None:
    members = [(trick, b"text") for trick in TRICKS]
    (tmp_path / name).write_bytes((made.tar if name == "a.tar" else made.zipped)(members))
    assert [page.locator for page in reading().pages] == [f"{name}/{meant}" for meant in TRICKS.values()]
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["a.tar", "a.zip"])
def test_a_second_member_of_a_name_is_quarantined_under_its_own(name: str, tmp_path: Path, reading: Reading) -> None:
    members = [("a.txt", b"first"), ("a.txt", b"second"), ("./a.txt", b"third")]
    (tmp_path / name).write_bytes((made.tar if name == "a.tar" else made.zipped)(members))
    found = reading()
    assert found.texts == ["first"]
    assert found.errors == {
        f"{name}/a.txt#2": "is member 2 of the archive that has this name",
        f"{name}/a.txt#3": "is member 3 of the archive that has this name",
    }


def test_links_and_devices_are_no_pages(tmp_path: Path, reading: Reading) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE):
            member = tarfile.TarInfo(f"{kind.decode()}.txt")
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
        packed.writestr("folder/", "")
    found = reading()
    assert found.pages == found.unreadable == []
    assert found.skipped == {"links and devices in archives": 4 + 1}


def test_a_name_that_is_no_utf8_is_written_so_that_tables_can_hold_it(tmp_path: Path, reading: Reading) -> None:
    made_tar = io.BytesIO()
    with tarfile.open(fileobj=made_tar, mode="w", format=tarfile.GNU_FORMAT) as archive:
        member = tarfile.TarInfo("caf\udce9.txt")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    (tmp_path / "a.tar").write_bytes(made_tar.getvalue())
    assert [page.locator for page in reading().pages] == ["a.tar/caf%E9.txt"]


def test_archives_in_archives_and_what_needs_a_whole_file_are_quarantined(tmp_path: Path, reading: Reading) -> None:
    inner = made.tar([("a.txt", b"a")])
    members = [("in.tar", inner), ("p.parquet", made.parquet(made.ROWS)), ("b.txt", b"b")]
    (tmp_path / "a.tar").write_bytes(made.tar(members))
    found = reading()
    assert found.texts == ["b"]
    assert found.errors == {
        "a.tar/in.tar": "is a file of the format tar, which is not read within an archive",
        "a.tar/p.parquet": "is a file of the format parquet, which is not read within an archive",
    }


def test_an_encrypted_or_large_member_costs_itself(tmp_path: Path, reading: Reading) -> None:
    data = bytearray(made.zipped([("a.txt", b"a" * 50), ("b.txt", b"b" * 5_000), ("c.txt", b"c")]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1  # the flag that says that a member is encrypted
    (tmp_path / "a.zip").write_bytes(data)
    found = reading(limits=LimitSettings(max_page_bytes=1_000))
    assert found.texts == ["c"]
    assert "encrypted" in found.errors["a.zip/a.txt"]
    assert "larger" in found.errors["a.zip/b.txt"]


def test_a_sparse_member_is_not_filled_up(tmp_path: Path, reading: Reading) -> None:
    header = tarfile.TarInfo("a.txt")
    header.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    block[386:398] = b"00000000000\0"  # one piece at 0
    block[398:410] = b"00000000000\0"  # of no bytes
    block[483:495] = b"77777777777\0"  # of a file of 8 GB
    block[148:156] = b"        "
    block[148:156] = b"%06o\0 " % sum(block)
    (tmp_path / "a.tar").write_bytes(bytes(block) + bytes(1024))
    assert reading().errors == {"a.tar/a.txt": "is a sparse file, whose holes could be of any size"}
