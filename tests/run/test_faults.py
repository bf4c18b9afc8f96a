"""Faults: whatever is done to a build, every page is accounted for and nothing is half-written."""

from __future__ import annotations

import importlib
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit import pipeline
from corpuskit.errors import ReleaseError
from corpuskit.package.release import checksums
from corpuskit.passes.pages import PagePass
from tests.run.builds import (
    FAULTS,
    HERE,
    SETTINGS,
    check_ctrl_c,
    check_full_disk,
    check_kills,
    check_unwritable,
    finish,
    start,
    wait_for_parts,
    write_archives,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.passes.pages import Piece

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, /proc")


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have builds use the pass in which pages do what they say."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setattr(pipeline, "PagePass", importlib.import_module("faulty").FaultyPass)


@pytest.fixture
def sick(corpus: Path) -> Path:
    """Return a corpus of 3 + 12 good pages and one page of every fault."""
    for number in range(12):
        page = (corpus / "pages" / "a.txt").read_text().replace("ferry", f"ferry {number}")
        (corpus / "pages" / f"good{number}.txt").write_text(page)
    for word, _, _ in FAULTS:
        (corpus / "pages" / f"{word}.txt").write_text(f"!{word}!")
    with (corpus / "corpus.toml").open("a") as file:
        file.write(SETTINGS)
    return corpus


def decisions(release: Path) -> dict[str, dict[str, Any]]:
    rows = pq.read_table(release / "data" / "decisions").to_pylist()
    return {row["locator"].removesuffix(".txt"): row for row in rows}


def check_sick(report: ck.BuildReport) -> None:
    found = decisions(report.path)
    for word, said, _ in FAULTS:
        assert (found[word]["status"], found[word]["stage"]) == ("quarantined", "run")
        assert said in found[word]["error"], word
        assert found[word]["raw_bytes"] == len(word) + 2
    assert report.pages == {"read": 23, "kept": 15, "rejected": 0, "quarantined": len(FAULTS)}
    assert report.lost == sum(lost for _, _, lost in FAULTS)
    assert not report.clean


@pytest.mark.usefixtures("faulty")
def test_every_fault_costs_its_page_alone(sick: Path) -> None:
    check_sick(ck.build(sick, workers=2))


@pytest.mark.usefixtures("faulty")
def test_lost_pages_are_tried_again(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that hung once is like any other once it does not."""
    page = corpus / "pages" / "hang.txt"
    page.write_text("!hang!")
    with (corpus / "corpus.toml").open("a") as file:
        file.write(SETTINGS)
    assert ck.build(corpus).lost == 1
    monkeypatch.setattr(pipeline, "PagePass", PagePass)
    report = ck.build(corpus, replace=True)
    assert (report.lost, report.clean, report.reused) == (0, True, 3)


@pytest.fixture
def many(corpus: Path) -> Path:
    """Return a corpus of 3 + 60 good pages and one that kills its worker."""
    for number in range(60):
        page = (corpus / "pages" / "a.txt").read_text().replace("ferry", f"ferry {number}")
        (corpus / "pages" / f"good{number}.txt").write_text(page)
    (corpus / "pages" / "deadly.txt").write_text("!SIGKILL!")
    return corpus


def test_killed_and_run_again_gives_the_same_bytes(many: Path) -> None:
    check_kills(many, 2, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_killed_at_many_moments_and_run_again_gives_the_same_bytes(many: Path, seed: int) -> None:
    check_kills(many, 20, seed)


def test_ctrl_c_ends_with_130_and_the_next_run_goes_on(many: Path) -> None:
    check_ctrl_c(many)


@pytest.mark.parametrize("bytes_", [pytest.param(200, marks=pytest.mark.slow), 12_000])
def test_a_full_disk_ends_with_2_and_the_next_run_goes_on(many: Path, bytes_: int) -> None:
    """The sizes hit parts, tables and the card."""
    check_full_disk(many, bytes_)


def test_an_output_that_cannot_be_written_ends_with_2(many: Path) -> None:
    check_unwritable(many)


@pytest.mark.parametrize("option", ["dist", "work"])
@pytest.mark.parametrize("where", ["s3://bucket/releases", Path("s3://bucket/releases")])
def test_an_address_as_output_is_refused(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, option: str, where: Path | str
) -> None:
    """Such a release is built here and then published."""
    monkeypatch.chdir(corpus)
    with pytest.raises(ReleaseError, match=rf"--{option} must be a folder"):
        ck.build(corpus, **{option: where})  # type: ignore[arg-type]
    assert not Path("s3:").exists()


def test_two_builds_at_once_do_not_meet(many: Path) -> None:
    (many / "pages" / "slow.txt").write_text("!hang!")
    first = start(many)
    wait_for_parts(many, first)
    code, _, complained = finish(start(many))
    assert (code, "another run" in complained) == (2, True)
    code, _, complained = finish(start(many, "--dist", "elsewhere"))
    assert (code, "another run" in complained) == (2, True)
    first.kill()
    first.communicate()


@pytest.mark.usefixtures("faulty")
def test_a_damaged_part_is_done_again(corpus: Path) -> None:
    before = checksums(ck.build(corpus).path)
    part = next((corpus / ".corpuskit" / "ferry" / "parts").iterdir())
    part.write_bytes(part.read_bytes()[:-9])
    (corpus / ".corpuskit" / "ferry" / "release.json").unlink()
    assert checksums(ck.build(corpus).path) == before


def test_workers_that_cannot_start_are_said(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ck.CorpuskitError, match="corpuskit doctor"):
        ck.build(corpus)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_same_bytes_however_work_is_cut_and_ordered(many: Path, faulty: None, data: st.DataObject) -> None:  # noqa: ARG001 - it patches
    """Whatever the tasks, their order, the workers and the parts are."""
    patch = pytest.MonkeyPatch()

    def cut(pieces: Sequence[Piece], _: int) -> list[tuple[Piece, ...]]:
        mixed = data.draw(st.permutations(pieces))
        made: list[tuple[Piece, ...]] = []
        while mixed:
            size = data.draw(st.integers(1, 30))
            made.append(tuple(mixed[:size]))
            mixed = mixed[size:]
        return made

    (many / "pages" / "deadly.txt").unlink(missing_ok=True)
    expected = many / "expected"
    if not expected.exists():
        ck.build(many, dist=expected, work=many / "first")
    with patch.context() as patched:
        patched.setattr(pipeline, "tasks", cut)
        most = data.draw(st.integers(1, 20))
        patched.setattr(pipeline, "PagePass", partial(importlib.import_module("faulty").FaultyPass, most_pages=most))
        report = ck.build(many, fresh=True, replace=True, workers=data.draw(st.integers(1, 3)))
    assert checksums(report.path) == checksums(expected / "ferry-0.1.0")


def test_a_run_that_fails_in_the_end_keeps_what_it_did(corpus: Path) -> None:
    for name in "defghij":
        (corpus / "pages" / f"{name}.txt").write_bytes(b"")
    with pytest.raises(ReleaseError, match="only 3 of 10 pages survived"):
        ck.build(corpus)
    for name in "defghij":
        (corpus / "pages" / f"{name}.txt").unlink()
    assert ck.build(corpus).reused == 3


def test_damaged_and_hostile_archives_cost_what_they_hold(corpus: Path) -> None:
    """An archive that is cut short gives the pages before the cut; a bomb is not blown up."""
    write_archives(corpus / "pages")
    with (corpus / "corpus.toml").open("a") as file:
        file.write('include = ["**/*"]\n' + SETTINGS)
    report = ck.build(corpus)
    quarantined = {page.removeprefix("pages/").partition(".")[0] for page, _ in report.not_kept}
    assert quarantined == {"cut", "bomb", "noise"}
    assert {decision.stage for _, decision in report.not_kept} == {"read"}
    assert report.pages["read"] == report.pages["kept"] + report.pages["quarantined"]
    assert report.clean


@pytest.mark.parametrize(
    ("name", "page", "said"),
    [
        ("big.html", "<p>Text" * 30, "is over limits.max_elements (20): 31"),
        ("big.html", "<div>" * 12 + "Text", "is over limits.max_depth (10): 13"),
        ("big.txt", "Text\n\n" * 30, "is over limits.max_elements (20): 30"),
    ],
)
def test_too_many_or_too_deep_elements_are_quarantined(corpus: Path, name: str, page: str, said: str) -> None:
    (corpus / "pages" / name).write_text(page)
    with (corpus / "corpus.toml").open("a") as file:
        file.write("[limits]\nmax_elements = 20\nmax_depth = 10\n")
    ((where, decision),) = ck.build(corpus).not_kept
    assert (where, decision.stage, decision.error) == (f"pages/{name}", "segment", said)
