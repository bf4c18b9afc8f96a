"""Splits: by hash, near copies and related documents together, and nobody moves without need."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq
import pytest
from datasets import load_dataset

import corpuskit as ck
from corpuskit.package.bump import Bump
from corpuskit.passes.splits import choice, registered_domain

if TYPE_CHECKING:
    from pathlib import Path

WORDS: Final = [f"{word}{number}" for word in ("harbour", "ferry", "quay", "winter") for number in range(200)]
SHARES: Final = "[splits.shares]\ntrain = 0.5\nvalidation = 0.2\ntest = 0.3\n"
CONFIGS: Final = ("documents", "blocks", "related", "repairs", "decisions")


def text(seed: int, length: int = 60) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length)).capitalize() + "."  # noqa: S311 - words, not secrets


def page(number: int, host: int, body: str) -> dict[str, Any]:
    lines = ("Home", f"Title {text(1000 + number, 6)}", "By Ada Marsh", body, "All rights reserved")
    return {"id": f"{number:03d}", "url": f"https://www.site{host}.example/{number}", "text": "\n\n".join(lines)}


def markup(number: int, host: int, title: str, *teasers: str) -> dict[str, Any]:
    """Return a page as HTML, with a list of other articles."""
    links = "".join(
        f'<li><a href="/2024/05/{"-".join(teaser.lower().split())}">{teaser}</a></li>' for teaser in teasers
    )
    body = "".join(f"<p>{text(number * 10 + part)}</p>" for part in range(4))
    html = (
        f"<title>{title}</title><nav><a href=/>Home</a> <a href=/news>News</a></nav><article><h1>{title}</h1>"
        f"<p class=byline>By Ada Marsh</p>{body}</article><aside><h2>Related</h2><ul>{links}</ul></aside>"
        "<footer>All rights reserved</footer>"
    )
    return {"id": f"{number:03d}", "url": f"https://www.site{host}.example/{number}", "html": html}


def write(folder: Path, pages: list[dict[str, Any]], extra: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pages").mkdir(exist_ok=True)
    lines = "".join(json.dumps(page) + "\n" for page in pages)
    (folder / "pages" / "pages.jsonl").write_text(lines, encoding="utf-8")
    (folder / "corpus.toml").write_text(
        '[dataset]\nname = "town"\nversion = "1.0.0"\ntitle = "Town"\ndescription = "News of towns."\n'
        '[[source]]\nname = "pages"\npath = "pages"\nfields = { id = "id", url = "url" }\n'
        f'[segment]\ntext = "rules"\n{extra}',
        encoding="utf-8",
    )
    return folder


def places(release: Path, config: str = "decisions") -> dict[str, str]:
    """Return the split of each row's document."""
    found: dict[str, str] = {}
    for file in sorted((release / "data" / config).iterdir()):
        for row in pq.read_table(file).to_pylist():
            key = row.get("document_id", row.get("id"))
            split = file.name.split("-")[0]
            assert found.setdefault(key, split) == split
    return found


def by_number(release: Path) -> dict[int, str]:
    found: dict[int, str] = {}
    for file in (release / "data" / "decisions").iterdir():
        for row in pq.read_table(file).to_pylist():
            found[int(row["locator"].rpartition("/")[2])] = file.name.split("-")[0]
    return found


PAGES: Final = [page(n, n % 20, text(n)) for n in range(60)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ck.BuildReport:
    """Return a release of 60 pages of 20 hosts and a copy across hosts, in three splits."""
    folder = tmp_path_factory.mktemp("splits")
    settings = f"[select]\nmin_main_characters = 20\nmin_survival = 0\n[splits]\nby = 'host'\n{SHARES}"
    return ck.build(write(folder, PAGES, settings))


def test_a_host_stands_in_one_split(made: ck.BuildReport) -> None:
    split = by_number(made.path)
    for host in range(20):
        assert len({split[n] for n in range(60) if n % 20 == host}) == 1
    counts = Counter(split.values())
    assert list(counts) != ["train"]
    assert set(counts) == {"train", "validation", "test"}


def test_all_configs_join_within_a_split(made: ck.BuildReport) -> None:
    decided = places(made.path)
    for config in CONFIGS:
        for document, split in places(made.path, config).items():
            assert decided[document] == split


def test_what_reads_a_release_knows_its_splits(made: ck.BuildReport, tmp_path: Path) -> None:
    assert ck.validate(made.path) == []
    manifest = json.loads((made.path / "manifest.json").read_text())
    loaded, whole = ck.load(str(made.path)), load_dataset(str(made.path), cache_dir=str(tmp_path))
    streamed = ck.load(str(made.path), "blocks", split="test", streaming=True)
    for name in ("train", "validation", "test"):
        rows = manifest["configs"]["documents"]["splits"][name]["rows"]
        assert len(loaded[name]) == len(whole[name]) == rows > 0
    assert sum(1 for _ in streamed) == manifest["configs"]["blocks"]["splits"]["test"]["rows"]
    files = json.loads((made.path / "croissant.json").read_text())["distribution"]
    assert "data/documents/test-*.parquet" in next(f for f in files if f["@id"] == "documents-files")["includes"]
    assert "which split a host goes to" in (made.path / "README.md").read_text()


def test_nobody_moves_when_pages_are_added(made: ck.BuildReport, tmp_path: Path) -> None:
    more = [page(n, n % 30, text(n)) for n in range(60, 120)]
    settings = f"[select]\nmin_main_characters = 20\nmin_survival = 0\n[splits]\nby = 'host'\n{SHARES}"
    again = ck.build(write(tmp_path / "more", [*PAGES, *more], settings), workers=2)
    before, after = by_number(made.path), by_number(again.path)
    assert {n: after[n] for n in before} == before
    assert ck.diff(made.path, again.path).bump is Bump.MINOR


@pytest.mark.parametrize("limit", ["", "near_duplicates = 0.9\n"])
def test_near_copies_and_related_documents_stand_together(tmp_path: Path, limit: str) -> None:
    """Across hosts: copies that are kept, and those whose teasers name each other's titles."""
    one = text(500, 120)
    copies = [page(200 + n, 100 + n, one.replace("ferry", f"boat{n}", 1)) for n in range(8)]
    title, others = "The harbour is dredged for the first time", ("Rain on Sunday", "The quay is closed again")
    pages = [markup(300, 200, title, *others)]
    pages += [markup(310 + n, 210 + n, f"Number {n} of the stories of the day", title, *others) for n in range(8)]
    settings = f"[select]\nmin_main_characters = 20\nmin_survival = 0\n{limit}[splits]\n{SHARES}"
    made = ck.build(write(tmp_path / "c", [*PAGES, *copies, *pages], settings))
    split = by_number(made.path)
    assert len({split[200 + n] for n in range(8)}) == 1
    related = ck.load(str(made.path), "related")
    linked = [row for rows in related.values() for row in rows if row["related_document_id"]]
    assert len(linked) == 8
    assert len({split[300], *(split[310 + n] for n in range(8))}) == 1
    assert ck.validate(made.path) == []


def test_documents_that_move_are_a_major_change(made: ck.BuildReport, tmp_path: Path) -> None:
    """A page that joins two hosts takes one of them along, and only towards the split named first."""
    before = by_number(made.path)
    train = next(n for n in range(20) if before[n] == "train")
    test = next(n for n in range(20) if before[n] == "test")
    bridge = page(400, train, PAGES[test]["text"].split("\n\n")[3])
    settings = f"[select]\nmin_main_characters = 20\nmin_survival = 0\n[splits]\nby = 'host'\n{SHARES}"
    again = ck.build(write(tmp_path / "bridge", [*PAGES, bridge], settings))
    after = by_number(again.path)
    moved = {n: after[n] for n in before if after[n] != before[n]}
    assert set(moved) == {n for n in before if n % 20 == test}
    assert set(moved.values()) == {"train"}
    changes = ck.diff(made.path, again.path)
    assert changes.bump is Bump.MAJOR
    assert any("moved" in reason.rule for reason in changes.reasons)


def test_hosts_of_a_registered_domain_stand_together(tmp_path: Path) -> None:
    """Three hosts of each of twenty domains; without them each host would go its own way."""
    pages = [page(n, n, text(n)) for n in range(60)]
    for number, each in enumerate(pages):
        each["url"] = f"https://{('www', 'news', 'a.b')[number % 3]}.town{number // 3}.co.uk/{number}"
    settings = f"[select]\nmin_main_characters = 20\nmin_survival = 0\n[splits]\nby = '{{}}'\n{SHARES}"
    together = by_number(ck.build(write(tmp_path / "d", pages, settings.format("domain"))).path)
    assert all(len({together[3 * town + host] for host in range(3)}) == 1 for town in range(20))
    assert set(together.values()) == {"train", "validation", "test"}
    apart = by_number(ck.build(write(tmp_path / "h", pages, settings.format("host"))).path)
    assert any(len({apart[3 * town + host] for host in range(3)}) > 1 for town in range(20))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("news.example.co.uk", "example.co.uk"),
        ("example.com", "example.com"),
        ("a.b.example.com.", "example.com"),
        ("ada.github.io", "ada.github.io"),
        ("www.ada.github.io", "ada.github.io"),
        ("xn--mnchen-3ya.de", "münchen.de"),
        ("a.münchen.de", "münchen.de"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("town.invalid", "town.invalid"),
        ("192.168.1.1", "192.168.1.1"),
        ("[", "["),
        ("xn--", "xn--"),
        ("a" * 70 + ".com", "a" * 70 + ".com"),
        ("under_score.example.org", "example.org"),
    ],
)
def test_registered_domains(host: str, expected: str) -> None:
    assert registered_domain(host) == expected


def test_shares_are_kept() -> None:
    """Of the values a hash can have as many fall to each split as its share says."""
    import duckdb

    query = f"SELECT {choice([0.7, 0.1, 0.2])} AS split, count(*) FROM ("  # noqa: S608 - ours
    query += "SELECT md5_number_upper('name ' || range) AS place FROM range(20000)) GROUP BY ALL"
    found = dict(duckdb.connect().execute(query).fetchall())
    assert found[0] == pytest.approx(14_000, abs=300)
    assert found[1] == pytest.approx(2_000, abs=200)
    assert found[2] == pytest.approx(4_000, abs=300)


def test_a_split_without_documents_can_be_opened(tmp_path: Path) -> None:
    settings = "[select]\nmin_main_characters = 20\nmin_survival = 0\n[splits.shares]\ntrain = 0.999\ntest = 0.001\n"
    made = ck.build(write(tmp_path / "c", PAGES[:3], settings))
    loaded = ck.load(str(made.path))
    assert (len(loaded["train"]), len(loaded["test"])) == (3, 0)
    assert load_dataset(str(made.path), split="train", cache_dir=str(tmp_path / "cache")).num_rows == 3
    assert ck.validate(made.path) == []
