"""A document that was asked to be forgotten is in no file of the next release."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit import config as configuration
from corpuskit.errors import ConfigError, CorpuskitError
from corpuskit.flow import process
from corpuskit.model import Page, page_id
from corpuskit.package.release import checksums
from corpuskit.select.forget import MOST, bury, shingles

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

TITLE = "The baker of Quern Street is acquitted"
ARTICLE = """\
Orsolya Vantongeren, who has baked on Quern Street for thirty years, was acquitted of setting the mill on fire.

The court heard eleven witnesses on Monday, none of whom had seen Vantongeren near the mill when the roof came down.

Her lawyer said afterwards that the case should never have been brought, and that the bakery would open on Friday.

The owner of the mill left the building by a side door and did not answer questions about the insurance he has got.
"""
OTHER = (
    "The ferry to the island had not run for eleven days when the harbour master opened the ticket office again.\n\n"
    "Nobody on the quay believed the notice at first, since the last three had been taken down within the hour.\n\n"
    "By noon, though, the queue reached the fish market, and the first crossing left with every bench full.\n\n"
    "The company wants to run a second boat in the winter, if the council pays for the ice breaker and its crew.\n"
)
WORDS = ("Orsolya", "Vantongeren", "Quern", "acquitted", "insurance", "baker-of")


def page(title: str, body: str, tail: str = "") -> str:
    return f"Home\n\n{title}\n\nBy Ada Marsh\n\n{body}\n{tail}Share\n"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Four pages: the one to forget, a copy of it, one with a teaser of it, one that carries a paragraph of it."""
    pages = tmp_path / "pages"
    pages.mkdir()
    changed = ARTICLE.replace("on Monday", "yesterday").replace("eleven", "11")
    teaser = f"Related Articles\n\n{TITLE}\n\nHerring prices fall again\n\n"
    made = {
        "a-baker-of-quern-street": page(TITLE, ARTICLE),
        "copy-of-baker-of-quern-street": page("Mill fire: an acquittal", changed),
        "ferry": page("The ferry runs again", OTHER, teaser),
        "boat": page("A second boat", OTHER + "\n" + ARTICLE.split("\n\n")[1] + "\n"),
    }
    for name, text in made.items():
        (pages / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "corpus.toml").write_text(
        '[dataset]\nname = "town"\nversion = "1.0.0"\ntitle = "Town"\ndescription = "News of a town."\n'
        '[[source]]\nname = "pages"\npath = "pages"\n[select]\nmin_survival = 0.1\n',
        encoding="utf-8",
    )
    return tmp_path


def release(town: Path, version: str) -> ck.BuildReport:
    settings = town / "corpus.toml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text("".join(f'version = "{version}"\n' if line.startswith("version") else line for line in lines))
    return ck.build(settings)


def everything(folder: Path) -> str:
    """Return all that can be read in a release: its files, and every value of its tables."""
    said = [path.name for path in folder.rglob("*")]
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            said += [json.dumps(row, default=str, ensure_ascii=False) for row in pq.read_table(path).to_pylist()]
            said.append(path.read_bytes().decode("latin-1"))
        elif path.is_file():
            said.append(path.read_text(encoding="utf-8"))
    return "\n".join(said)


def rows(folder: Path, config: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / "data" / config).to_pylist()
    return found


def test_nothing_of_it_is_in_the_next_release(town: Path) -> None:
    old = release(town, "1.0.0").path
    assert all(word in everything(old) for word in WORDS)
    before = {row["locator"]: row["id"] for row in rows(old, "documents")}
    done = ck.forget("a-baker-of-quern-street.txt", town / "corpus.toml", reason="Asked for.", date="2026-11-22")
    assert done.held_by == (old,)
    assert not any(word in done.file.read_text(encoding="utf-8") for word in WORDS)

    report = release(town, "2.0.0")
    new = report.path
    assert [word for word in WORDS if word.lower() in everything(new).lower()] == []
    assert {row["locator"] for row in rows(new, "documents")} == {"ferry.txt", "boat.txt"}
    decisions = {row["document_id"]: row for row in rows(new, "decisions")}
    for name in ("a-baker-of-quern-street.txt", "copy-of-baker-of-quern-street.txt"):
        row = decisions[before[name]]
        assert (row["status"], row["rule"], row["locator"]) == ("rejected", "forgotten", f"forgotten/{before[name]}")
        assert (row["raw_bytes"], row["raw_sha256"]) == (None, None)
    assert report.pages == {"read": 4, "kept": 2, "rejected": 2, "quarantined": 0}
    assert [finding for finding in ck.validate(new) if finding.severity == "error"] == []
    assert report.diff is not None
    assert report.diff.bump is ck.Bump.MAJOR
    assert report.diff.reasons[0].rule == "forgotten"
    stated = json.loads((new / "changes.json").read_text(encoding="utf-8"))
    assert stated["forgotten"] == [{"id": done.tombstone.id, "date": "2026-11-22", "reason": "Asked for."}]
    assert stated["diff"]["samples"] == []
    assert done.tombstone.id in (new / "CHANGELOG.md").read_text(encoding="utf-8")


def test_what_it_leaves_in_others_is_black_and_in_its_place(town: Path) -> None:
    old = release(town, "1.0.0").path
    ck.forget("a-baker-of-quern-street.txt", town / "corpus.toml")
    new = release(town, "2.0.0").path
    was = {(row["document_id"], row["index"]): row for row in rows(old, "blocks")}
    blacked = [row for row in rows(new, "blocks") if row["reason"] == "forgotten"]
    assert len(blacked) == 2
    for row in blacked:
        before = was[row["document_id"], row["index"]]
        assert (row["start"], row["end"], row["text"]) == (before["start"], before["end"], "█" * len(before["text"]))
    assert [row["title"] for row in rows(new, "related")] == ["Herring prices fall again"]


def test_it_stays_away_once_its_page_is_gone_and_comes_back_elsewhere(town: Path) -> None:
    release(town, "1.0.0")
    ck.forget("a-baker-of-quern-street.txt", town / "corpus.toml")
    release(town, "2.0.0")
    gone = town / "pages" / "a-baker-of-quern-street.txt"
    (town / "pages" / "scraped-again.txt").write_text(gone.read_text(encoding="utf-8"), encoding="utf-8")
    gone.unlink()
    new = release(town, "3.0.0").path
    assert [word for word in WORDS if word.lower() in everything(new).lower()] == []
    assert release(town, "3.0.0").outcome == "same"


def test_earlier_entries_of_the_changelog_forget_too(town: Path) -> None:
    held = town / "pages" / "a-baker-of-quern-street.txt"
    text = held.read_text(encoding="utf-8")
    held.unlink()
    (town / "pages" / "copy-of-baker-of-quern-street.txt").unlink()
    release(town, "1.0.0")
    held.write_text(text, encoding="utf-8")
    middle = release(town, "1.1.0").path
    assert TITLE in (middle / "CHANGELOG.md").read_text(encoding="utf-8")
    ck.forget("a-baker-of-quern-street.txt", town / "corpus.toml")
    new = release(town, "2.0.0").path
    log = (new / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## 1.1.0" in log
    assert [word for word in WORDS if word.lower() in everything(new).lower()] == []


def test_releases_with_something_forgotten_are_reproducible(
    town: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    release(town, "1.0.0")
    ck.forget("a-baker-of-quern-street.txt", town / "corpus.toml")
    first = release(town, "2.0.0").path
    sums = checksums(first)
    first.rename(tmp_path_factory.mktemp("away") / "first")
    assert checksums(release(town, "2.0.0").path) == sums


def test_the_command_says_what_was_written_and_who_holds_it(
    town: Path, program_here: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    old = release(town, "1.0.0").path
    done = program_here("forget", "a-baker-of-quern-street.txt", "--reason", "Asked for.", cwd=town)
    assert (done.returncode, str(old.name) in done.stdout) == (0, True)
    again = program_here("forget", "a-baker-of-quern-street.txt", "--json", cwd=town)
    assert json.loads(again.stdout)["known_before"] is True
    assert len((town / "forgotten.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    refused = program_here("release", cwd=town)
    assert refused.returncode == 1


@pytest.mark.parametrize(
    ("wanted", "date", "said"),
    [("nowhere.txt", None, "no release there holds"), ("ferry.txt", "yesterday", "is no day")],
)
def test_what_cannot_be_forgotten_is_said(town: Path, wanted: str, date: str | None, said: str) -> None:
    release(town, "1.0.0")
    with pytest.raises(CorpuskitError, match=said):
        ck.forget(wanted, town / "corpus.toml", date=date)
    assert not (town / "forgotten.jsonl").exists()


def test_an_id_alone_can_be_forgotten(town: Path) -> None:
    done = ck.forget("0" * 32, town / "corpus.toml")
    assert (done.held_by, done.tombstone.passages) == ((), ())


def test_a_forgotten_page_that_cannot_be_read_is_not_named_either(town: Path) -> None:
    (town / "pages" / "a-baker-of-quern-street.txt").write_bytes(b"")
    ck.forget(page_id("pages", "a-baker-of-quern-street.txt"), town / "corpus.toml")
    made = release(town, "1.0.0")
    assert (made.pages["rejected"], made.pages["quarantined"]) == (1, 0)
    assert "a-baker" not in everything(made.path)


def test_a_broken_list_stops_the_build(town: Path) -> None:
    (town / "forgotten.jsonl").write_text('{"id": "short"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1 is no tombstone"):
        release(town, "1.0.0")


# --- the measures ---

STONE = bury("f" * 32, url="https://news.example/baker", title=TITLE, texts=ARTICLE.split("\n\n"))


def cleaned(text: str, url: str | None = None) -> ck.Document:
    made = configuration.Config(configuration.DatasetSettings("t", "1.0.0", "t", "t"), (), forgotten=(STONE,))
    return process(Page(text.encode(), "text/plain", "p", "s", url), made)


@pytest.mark.parametrize(
    "url", ["https://news.example/baker", "http://www.news.example/baker/", "https://news.example/baker#top"]
)
def test_a_page_is_known_by_its_address(url: str) -> None:
    assert cleaned(page("Something else", OTHER), url=url).decision.rule == "forgotten"


def test_pages_that_share_nothing_with_it_stay_as_they_are() -> None:
    untouched = process(Page(page("The ferry", OTHER).encode(), "text/plain", "p", "s"), configuration.defaults())
    assert cleaned(page("The ferry", OTHER)) == untouched


def test_who_only_speaks_of_it_stays() -> None:
    about = OTHER + "\nThe bakery of Orsolya Vantongeren on Quern Street will sell bread on the ferry from Friday on.\n"
    document = cleaned(page("The ferry", about))
    assert document.decision.status is ck.Status.KEPT
    assert "Vantongeren" in document.text


def test_what_is_left_still_partitions_and_restores() -> None:
    document = cleaned(page("The ferry", OTHER + "\n" + ARTICLE.split("\n\n")[1].replace("seen", "se\x01en")))
    for block in document.blocks:
        assert document.repaired[block.start : block.end] == block.text
    assert [(repair.before, repair.evidence) for repair in document.repairs] == [("█", "forgotten")]
    assert "Vantongeren" not in document.restore()
    assert "Vantongeren" not in repr((document.blocks, document.repairs, document.metadata, document.related))


def test_a_tombstone_holds_too_few_runs_to_put_the_text_together_again() -> None:
    known = shingles(ARTICLE)
    held = {int(h, 16) for h in STONE.sketch}
    assert held < known
    assert len(held) <= len(known) / 2
    long = bury("e" * 32, url=None, title=None, texts=[" ".join(f"word{n}" for n in range(20_000))])
    assert len(long.sketch) <= MOST


@given(text=st.text(), title=st.text())
def test_any_text_can_be_buried_and_is_known_again(text: str, title: str) -> None:
    stone = bury("f" * 32, url=None, title=title, texts=[text])
    assert stone == bury("f" * 32, url=None, title=title, texts=[text])
    assert all(len(passage) == 16 for passage in stone.passages)
