"""Faults: whatever is done to a build, every page is accounted for and nothing is half-written."""

from __future__ import annotations

import gzip
import importlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpuskit.passes.pages import Piece

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, /proc")

HERE = Path(__file__).parent

FAULTS = [
    # what the page is; what its decision says; whether it went down with its worker
    ("raise", "LookupError: as told", False),
    ("hang", "took longer than limits.page_seconds (4 s)", True),
    ("hang in a library", "took longer than limits.page_seconds (4 s)", True),
    ("SIGKILL", "its process ended: SIGKILL", True),
    ("SIGSEGV", "its process ended: SIGSEGV", True),
    ("SIGABRT", "its process ended: SIGABRT", True),
    ("exit", "its process ended: exit code 3", True),
    ("memory", "needed more than limits.worker_memory (500,000,000 bytes)", True),
]
"""Each is a page among others."""

SETTINGS = """
[limits]
page_seconds = 4
worker_memory = 500000000
[select]
min_main_characters = 20
min_survival = 0
"""


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


BUILD = """
import sys
sys.path.insert(0, {here!r})
import faulty
from corpuskit import pipeline
from corpuskit.cli import main
pipeline.PagePass = faulty.FaultyPass
sys.argv = ["corpuskit", "build", "--workers", "2", "--json", *{more!r}]
main()
"""


def start(
    corpus: Path, *more: str, preexec_fn: Callable[[], None] | None = None, start_new_session: bool = False
) -> subprocess.Popen[str]:
    code = BUILD.format(here=str(HERE), more=more)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=corpus,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=preexec_fn,  # noqa: PLW1509 - it sets a limit and nothing else
        start_new_session=start_new_session,
    )


def finish(running: subprocess.Popen[str]) -> tuple[int, str, str]:
    said, complained = running.communicate(timeout=120)
    return running.returncode, said, complained


@pytest.fixture
def many(corpus: Path) -> Path:
    """Return a corpus of 3 + 60 good pages and one that kills its worker."""
    for number in range(60):
        page = (corpus / "pages" / "a.txt").read_text().replace("ferry", f"ferry {number}")
        (corpus / "pages" / f"good{number}.txt").write_text(page)
    (corpus / "pages" / "deadly.txt").write_text("!SIGKILL!")
    return corpus


def check_kills(corpus: Path, kills: int, seed: int) -> None:
    """Kill the builder ``kills`` times, at moments of an undisturbed run; then let it end, and compare."""
    began = time.monotonic()
    code, said, complained = finish(start(corpus, "--work", "undisturbed", "--dist", "undisturbed"))
    assert code == 1, complained
    assert json.loads(said)["lost"] == 1
    length = time.monotonic() - began
    moments = random.Random(seed)  # noqa: S311 - moments, not secrets
    for _ in range(kills):
        running = start(corpus)
        try:
            running.wait(timeout=moments.uniform(0, length))
        except subprocess.TimeoutExpired:
            running.kill()
        running.communicate()
    code, said, complained = finish(start(corpus))
    assert code == 1, complained
    assert json.loads(said)["pages"] == {"read": 64, "kept": 63, "rejected": 0, "quarantined": 1}
    name = "ferry-0.1.0"
    assert checksums(corpus / "dist" / name) == checksums(corpus / "undisturbed" / name)
    assert sorted(path.name for path in (corpus / "dist").iterdir()) == [".corpuskit.lock", name]


def test_killed_and_run_again_gives_the_same_bytes(many: Path) -> None:
    check_kills(many, 2, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_killed_at_many_moments_and_run_again_gives_the_same_bytes(many: Path, seed: int) -> None:
    check_kills(many, 20, seed)


def wait_for_parts(corpus: Path, running: subprocess.Popen[str]) -> None:
    while running.poll() is None and not list(corpus.glob(".corpuskit/ferry/parts/*.parquet")):
        time.sleep(0.02)


def test_ctrl_c_ends_with_130_and_the_next_run_goes_on(many: Path) -> None:
    (many / "pages" / "slow.txt").write_text("!hang!")
    running = start(many, start_new_session=True)
    wait_for_parts(many, running)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: everybody gets it
    code, said, complained = finish(running)
    assert (code, said) == (130, "")
    assert complained == "corpuskit: interrupted; nothing was left half-written, and the next run goes on from here\n"
    assert [path.name for path in (many / "dist").iterdir()] == [".corpuskit.lock"]
    (many / "pages" / "slow.txt").unlink()
    code, said, complained = finish(start(many))
    assert (code, json.loads(said)["pages"]["read"]) == (1, 64)
    assert json.loads(said)["reused"] > 0


@pytest.mark.parametrize("bytes_", [pytest.param(200, marks=pytest.mark.slow), 12_000])
def test_a_full_disk_ends_with_2_and_the_next_run_goes_on(many: Path, bytes_: int) -> None:
    """No file can grow over a size, as on a disk that is full; the sizes hit parts, tables and the card."""
    import resource

    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (bytes_, bytes_))
    code, said, complained = finish(start(many, preexec_fn=limit))
    assert (code, said) == (2, "")
    assert "could not be written" in complained or "cannot be written to" in complained
    assert "Traceback" not in complained
    assert [path.name for path in (many / "dist").iterdir()] == [".corpuskit.lock"]
    assert finish(start(many))[0] == 1


def test_an_output_that_cannot_be_written_ends_with_2(many: Path) -> None:
    for option in ("--dist", "--work"):
        code, said, complained = finish(start(many, option, "/proc/nowhere"))
        assert (code, said) == (2, "")
        assert "/proc/nowhere" in complained
        assert option in complained


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
    pages = corpus / "pages"
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name in "abc":
            archive.add(pages / f"{name}.txt", arcname=f"{name}.txt")
    (pages / "cut.tar").write_bytes(whole.getvalue()[:1_500])
    (pages / "bomb.txt.gz").write_bytes(gzip.compress(bytes(100_000_000), 9))
    (pages / "noise.jsonl.gz").write_bytes(gzip.compress(b'{"text": "no end')[:-9])
    with (corpus / "corpus.toml").open("a") as file:
        file.write('include = ["**/*"]\n' + SETTINGS)
    report = ck.build(corpus)
    quarantined = {page.removeprefix("pages/").partition(".")[0] for page, _ in report.not_kept}
    assert quarantined == {"cut", "bomb", "noise"}
    assert {decision.stage for _, decision in report.not_kept} == {"read"}
    assert report.pages["read"] == report.pages["kept"] + report.pages["quarantined"]
    assert report.clean


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>Text" * 30, "is over limits.max_elements (20): 31"),
        ("<div>" * 12 + "Text", "is over limits.max_depth (10): 13"),
    ],
)
def test_too_many_or_too_deep_elements_are_quarantined(corpus: Path, page: str, said: str) -> None:
    (corpus / "pages" / "big.html").write_text(page)
    with (corpus / "corpus.toml").open("a") as file:
        file.write("[limits]\nmax_elements = 20\nmax_depth = 10\n")
    ((where, decision),) = ck.build(corpus).not_kept
    assert (where, decision.stage, decision.error) == ("pages/big.html", "segment", said)
