"""Which files a source has, on disk and in stores."""

from __future__ import annotations

import errno
import http.server
import os
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpuskit import read
from corpuskit.config import LimitSettings, SourceSettings
from corpuskit.errors import SourceError
from corpuskit.read import jsonl, parquet
from corpuskit.read.patterns import matches
from corpuskit.read.unit import Skipped, Unreadable

from . import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .made import Found

    Reading = Callable[..., Found]

TREE = ["a.txt", "b.md", "c.pdf", "d.jsonl", "sub/e.html", "sub/f.TXT", "sub/deep/g.txt", ".h.txt", ".i/j.txt", "k"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in TREE:
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"path": "tree"}, ["a.txt", "b.md", "d.jsonl", "sub/deep/g.txt", "sub/e.html", "sub/f.TXT"]),
        ({"path": "tree/sub"}, ["deep/g.txt", "e.html", "f.TXT"]),
        ({"path": "tree/a.txt"}, ["a.txt"]),
        ({"path": "tree/k"}, ["k"]),
        ({"path": "tree", "include": ("*.txt",)}, ["a.txt"]),
        ({"path": "tree", "include": ("**/*.txt", "k")}, ["a.txt", "k", "sub/deep/g.txt"]),
        ({"path": "tree", "include": ("**/*.txt",), "exclude": ("sub/**",)}, ["a.txt"]),
        ({"path": "tree", "exclude": ("**/*.[th]*", "**/f*")}, ["b.md", "d.jsonl"]),
        ({"path": "tree/**/*.txt"}, ["a.txt", "sub/deep/g.txt"]),
        ({"path": "tree/s?b/*"}, ["sub/e.html", "sub/f.TXT"]),
        ({"path": "tree", "format": "files"}, ["a.txt", "b.md", "sub/deep/g.txt", "sub/e.html", "sub/f.TXT"]),
        ({"path": "tree", "format": "jsonl"}, ["d.jsonl"]),
    ],
)
def test_a_source_has_the_files_that_it_says(settings: dict[str, object], expected: list[str], tree: Path) -> None:
    found = read.units(SourceSettings("s", **settings), tree)  # type: ignore[arg-type] # cases as data
    assert [unit.name.removeprefix("sub/" if "s?b" in str(settings) else "") for unit in found] == [
        name.removeprefix("sub/" if "s?b" in str(settings) else "") for name in expected
    ]
    assert {unit.reader for unit in found} <= {"files", "jsonl"}


def test_links_are_taken_where_they_stay_within(tree: Path) -> None:
    (tree / "secret.txt").write_text("secret")
    (tree / "tree" / "out.txt").symlink_to(tree / "secret.txt")
    (tree / "tree" / "in.txt").symlink_to(tree / "tree" / "a.txt")
    (tree / "tree" / "dangling.txt").symlink_to(tree / "nowhere")
    (tree / "tree" / "folder").symlink_to(tree)
    names = [unit.name for unit in read.units(SourceSettings("s", "tree", include=("**/*.txt",)), tree)]
    assert names == ["a.txt", "in.txt", "sub/deep/g.txt"]


@pytest.fixture
def closed(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that nobody may list; root, who may, is told the same."""
    folder, listing = tree / "tree" / "sub", os.scandir

    def scandir(path: str) -> object:
        if Path(path) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return folder


def test_a_folder_that_cannot_be_listed_is_quarantined(closed: Path, tree: Path) -> None:
    source = SourceSettings("s", "tree")
    units = read.units(source, tree)
    assert [unit.name for unit in units] == ["a.txt", "b.md", "d.jsonl", closed.name]
    (found,) = read.pages(units[-1], source, LimitSettings())
    assert isinstance(found, Unreadable)
    assert found.locator == closed.name
    assert "sub" not in [unit.name for unit in read.units(SourceSettings("s", "tree", exclude=("sub/**",)), tree)]
    with pytest.raises(SourceError, match="cannot be listed"):
        read.units(SourceSettings("s", "tree/sub"), tree)


def test_what_cannot_be_read_is_tried_again_by_the_next_run(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert {unit.fingerprint for unit in read.units(SourceSettings("s", "tree"), tree)} == {""}


def test_names_that_are_no_utf8_are_written_as_in_urls(tmp_path: Path, reading: Reading) -> None:
    try:
        (tmp_path / "caf\udce9.txt").write_text("x")
    except (OSError, UnicodeError):
        pytest.skip("this file system has names in UTF-8 only")
    assert [page.locator for page in reading().pages] == ["caf%E9.txt"]


def test_the_fingerprint_changes_with_the_file(tree: Path) -> None:
    source = SourceSettings("s", "tree/a.txt")
    (before,) = read.units(source, tree)
    assert read.units(source, tree) == [before]
    (tree / "tree" / "a.txt").write_text("longer")
    (after,) = read.units(source, tree)
    assert before.fingerprint != after.fingerprint


PATTERNS = [
    ("*.txt", "a.txt", True),
    ("*.txt", "sub/a.txt", False),
    ("**/*.txt", "a.txt", True),
    ("**/*.txt", "x/y/a.txt", True),
    ("**", "x/y/a.txt", True),
    ("x/**", "x/y/a.txt", True),
    ("x/**/a.txt", "x/a.txt", True),
    ("x/**/a.txt", "xa.txt", False),
    ("?.txt", "/.txt", False),
    ("[a-c].txt", "b.txt", True),
    ("[!a-c].txt", "b.txt", False),
    ("[!a].txt", "/.txt", False),
    ("[.txt", "[.txt", True),
    ("a+(b).txt", "a+(b).txt", True),
    ("a.txt", "aXtxt", False),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), PATTERNS)
def test_patterns(pattern: str, path: str, expected: bool) -> None:  # noqa: FBT001 - cases as data
    assert matches(path, [pattern]) is expected


@given(pattern=st.text(alphabet="ab[]!-*?/^\\", max_size=12), path=st.text(alphabet="ab/", max_size=9))
def test_any_pattern_is_one(pattern: str, path: str) -> None:
    assert matches(path, [pattern]) in {True, False}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(group=st.integers(1, 9), least=st.integers(1, 4_000))
def test_however_a_file_is_cut_the_pages_are_the_same(tmp_path: Path, group: int, least: int) -> None:
    rows = [{"text": f"The ferry, crossing {number}."} for number in range(20)]
    (tmp_path / "p.parquet").write_bytes(made.parquet(rows, row_group_size=group))
    source = SourceSettings("s", "p.parquet")
    (unit,) = read.units(source, tmp_path)
    whole = made.sort(read.pages(unit, source, LimitSettings())).pages
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "CUT", 0)
        patch.setattr(parquet, "PART", least)
        units = read.units(source, tmp_path)
    assert len({unit.name for unit in units}) == len(units)
    parts = made.sort(item for unit in reversed(units) for item in read.pages(unit, source, LimitSettings())).pages
    assert sorted(parts, key=lambda page: page.id) == sorted(whole, key=lambda page: page.id)
    assert len(whole) == 20


LINES = [b'{"text": "The ferry, crossing."}', b"", b"no JSON", b'{"text": "' + b"x" * 900]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.sampled_from(LINES), max_size=12), ended=st.booleans(), least=st.integers(1, 400))
def test_however_a_file_of_lines_is_cut_its_rows_are_the_same(
    tmp_path: Path,
    lines: list[bytes],
    ended: bool,  # noqa: FBT001 - drawn
    least: int,
) -> None:
    (tmp_path / "p.jsonl").write_bytes(b"\n".join(lines) + b"\n" * ended)
    source, limits = SourceSettings("s", "p.jsonl"), LimitSettings(max_page_bytes=100)
    (unit,) = read.units(source, tmp_path)
    whole = [(item.locator, type(item)) for item in read.pages(unit, source, limits) if not isinstance(item, Skipped)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "CUT", 0)
        patch.setattr(jsonl, "PART", least)
        patch.setattr(jsonl, "_CHUNK", 7)
        units = read.units(source, tmp_path)
    assert len({unit.name for unit in units}) == len(units)
    assert sum(unit.bytes for unit in units) == unit.bytes
    parts = [item for unit in units for item in read.pages(unit, source, limits) if not isinstance(item, Skipped)]
    assert [(item.locator, type(item)) for item in parts] == whole


@pytest.mark.parametrize("name", ["p.jsonl.gz", "p.ndjson.zst"])
def test_a_compressed_file_is_not_cut(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "CUT", 0)
    monkeypatch.setattr(jsonl, "PART", 1)
    (tmp_path / name).write_bytes(made.COMPRESS[name[name.rindex(".") :]](made.jsonl(made.ROWS)))
    assert len(read.units(SourceSettings("s", name), tmp_path)) == 1


FILES = {
    "a.html": b"<p>The ferry.</p>",
    "sub/b.jsonl.gz": made.COMPRESS[".gz"](made.jsonl(made.ROWS[:1])),
    "sub/c.parquet": made.parquet(made.ROWS[1:2]),
    "d.warc.gz": made.warc([made.Record(warc={"WARC-Record-ID": "<1>"})]),
    "e.zip": made.zipped([("f.txt", b"text")]),
    "g.png": b"",
}
LOCATORS = ["a.html", "1", "e.zip/f.txt", "https://port.example/0", "https://port.example/1"]


@pytest.fixture
def memory() -> Iterator[str]:
    import fsspec

    system = fsspec.filesystem("memory")
    for name, data in FILES.items():
        system.pipe(f"/crawl/{name}", data)
    yield "memory://crawl"
    system.rm("/crawl", recursive=True)


def test_a_store_is_read_as_a_folder_is(memory: str, reading: Reading) -> None:
    assert [page.locator for page in reading(memory).pages] == LOCATORS
    assert [page.locator for page in reading(f"{memory}/**/*.parquet").pages] == ["https://port.example/1"]
    assert [page.locator for page in reading(f"{memory}/a.html").pages] == ["a.html"]
    assert all(unit.fingerprint for unit in read.units(SourceSettings("s", memory), Path()))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    for name, data in FILES.items():
        path = tmp_path / "www" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "www")) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("name", "locator"),
    [("a.html", "a.html"), ("sub/b.jsonl.gz", "https://port.example/0"), ("d.warc.gz", "1")],
)
def test_a_file_on_a_server_is_read(server: str, name: str, locator: str, reading: Reading) -> None:
    assert [page.locator for page in reading(f"{server}/{name}").pages] == [locator]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nowhere", "does not exist"),
        ("nowhere/*.txt", "does not exist"),
        ("memory://nowhere/x.txt", "cannot be listed"),
        ("nothing://x", "cannot be listed"),
        ("empty", "holds no page"),
    ],
)
def test_what_cannot_be_listed_is_an_error(path: str, said: str, tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=said):
        reading(path)


def test_files_that_stand_for_no_format_are_counted(tmp_path: Path) -> None:
    for name in ("a.php", "sub/b.PHP", "c.pdf", "noending", ".hidden.php", "left/out.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>A page.")
    source = SourceSettings("s", ".", exclude=("left/**",))
    assert read.passed_over(source, tmp_path) == {"files whose names stand for no format (.php, .pdf, none)": 4}
    assert read.passed_over(replace(source, include=("**/*.php",)), tmp_path) == {}
    with pytest.raises(SourceError, match=r"holds no page: .*; there are 4 files .* \(\.php, \.pdf, none\)"):
        read.units(source, tmp_path)


def test_a_file_that_is_gone_when_it_is_read_is_quarantined(tree: Path) -> None:
    source = SourceSettings("s", "tree/a.txt")
    (unit,) = read.units(source, tree)
    (tree / "tree" / "a.txt").unlink()
    found = made.sort(read.pages(unit, source, LimitSettings()))
    assert found.errors == {"a.txt": "cannot be read: No such file or directory"}
