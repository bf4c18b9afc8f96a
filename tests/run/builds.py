"""Builds in processes of their own, in which pages do harm, and what is done to them meanwhile: for every engine."""

from __future__ import annotations

import gzip
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
from typing import TYPE_CHECKING

from corpuskit.package.release import checksums

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


ARCHIVED = 4
"""Pages of the archives below: one that is whole, and three that are not."""


def write_archives(pages: Path) -> None:
    """Add an archive that is cut short, a bomb, and a line that has no end."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in "abc":
            archive.add(pages / f"{name}.txt", arcname=f"{name}.txt")
    (pages / "cut.tar").write_bytes(whole.getvalue()[:1_500])
    (pages / "bomb.txt.gz").write_bytes(gzip.compress(bytes(100_000_000), 9))
    (pages / "noise.jsonl.gz").write_bytes(gzip.compress(b'{"text": "no end')[:-9])


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
    said, complained = running.communicate(timeout=600)
    return running.returncode, said, complained


def wait_for_parts(corpus: Path, running: subprocess.Popen[str]) -> None:
    while running.poll() is None and not list(corpus.glob(".corpuskit/ferry/parts/*.parquet")):
        time.sleep(0.02)


def check_kills(corpus: Path, kills: int, seed: int, engine: Sequence[str] = ()) -> None:
    """Kill the builder ``kills`` times, at moments of an undisturbed run; then let it end, and compare."""
    began = time.monotonic()
    code, said, complained = finish(start(corpus, *engine, "--work", "undisturbed", "--dist", "undisturbed"))
    assert code == 1, complained
    assert json.loads(said)["lost"] == 1
    length = time.monotonic() - began
    moments = random.Random(seed)  # noqa: S311 - moments, not secrets
    for _ in range(kills):
        running = start(corpus, *engine)
        try:
            running.wait(timeout=moments.uniform(0, length))
        except subprocess.TimeoutExpired:
            running.kill()
        running.communicate()
    code, said, complained = finish(start(corpus, *engine))
    assert code == 1, complained
    assert json.loads(said)["pages"] == {"read": 64, "kept": 63, "rejected": 0, "quarantined": 1}
    name = "ferry-0.1.0"
    assert checksums(corpus / "dist" / name) == checksums(corpus / "undisturbed" / name)
    assert sorted(path.name for path in (corpus / "dist").iterdir()) == [".corpuskit.lock", name]


def check_ctrl_c(corpus: Path, engine: Sequence[str] = ()) -> None:
    """Interrupt a build as a terminal does, and let the next one end."""
    (corpus / "pages" / "slow.txt").write_text("!hang!")
    running = start(corpus, *engine, start_new_session=True)
    wait_for_parts(corpus, running)
    os.killpg(running.pid, signal.SIGINT)  # everybody gets it
    code, said, complained = finish(running)
    assert (code, said) == (130, ""), complained
    assert complained == "corpuskit: interrupted; nothing was left half-written, and the next run goes on from here\n"
    assert [path.name for path in (corpus / "dist").iterdir()] == [".corpuskit.lock"]
    (corpus / "pages" / "slow.txt").unlink()
    code, said, complained = finish(start(corpus, *engine))
    assert (code, json.loads(said)["pages"]["read"]) == (1, 64), complained
    assert json.loads(said)["reused"] > 0


def check_full_disk(corpus: Path, bytes_: int, engine: Sequence[str] = ()) -> None:
    """No file can grow over a size, as on a disk that is full; then let the next build end."""
    import resource

    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (bytes_, bytes_))
    code, said, complained = finish(start(corpus, *engine, preexec_fn=limit))
    assert (code, said) == (2, ""), complained
    assert "could not be written" in complained or "cannot be written to" in complained
    assert "Traceback" not in complained
    assert [path.name for path in (corpus / "dist").iterdir()] == [".corpuskit.lock"]
    assert finish(start(corpus, *engine))[0] == 1


def check_unwritable(corpus: Path, engine: Sequence[str] = ()) -> None:
    """Give folders that cannot be made."""
    for option in ("--dist", "--work"):
        code, said, complained = finish(start(corpus, *engine, option, "/proc/nowhere"))
        assert (code, said) == (2, "")
        assert "/proc/nowhere" in complained
        assert option in complained
