"""What tests share."""

from __future__ import annotations

import compileall
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import corpuskit
from corpuskit import pipeline, process
from corpuskit.cli import main
from corpuskit.passes.pages import PagePass
from corpuskit.run import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from corpuskit.config import Config
    from corpuskit.passes.pages import Piece
    from corpuskit.passes.parts import Part
    from corpuskit.passes.work import Work
    from corpuskit.pipeline import Crew
    from corpuskit.repair.votes import Votes

ROOT = Path(__file__).parents[1]

# Tests talk to nobody: a library that would reach for the network fails instead.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"

# No test is timed: a busy machine would fail it.
settings.register_profile("corpuskit", deadline=None)
settings.load_profile("corpuskit")

BODY = (
    "The ferry to the island had not run for eleven days when the harbour master opened the ticket office again.\n"
    "Nobody on the quay believed the notice at first, since the last three had been taken down within the hour.\n"
    "By noon, though, the queue reached the fish market, and the first crossing left with every bench full.\n"
)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the package once, as an installation does.

    Tests start hundreds of processes, each of which would compile it again where the environment asks for no bytecode.
    """
    if not hasattr(config, "workerinput"):  # not in each process of xdist's
        compileall.compile_dir(str(Path(corpuskit.__file__).parent), quiet=1)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give `datasets` a cache of the tests' own, before it is imported."""
    cache = tmp_path_factory.mktemp("cache")
    os.environ["HF_HOME"] = str(cache)
    os.environ["HF_DATASETS_CACHE"] = str(cache / "datasets")
    os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"


@pytest.fixture(scope="session")
def write_corpus() -> Callable[[Path], Path]:
    """Return a function that writes a corpus of three small pages and its settings to a folder."""

    def write(folder: Path) -> Path:
        pages = folder / "pages"
        pages.mkdir()
        titles = {"a": "The ferry runs again", "b": "A lighthouse is for sale", "c": "Herring prices fall"}
        for name, title in titles.items():
            text = f"Home\n\n{title}\n\nBy Ada Marsh\n\n{BODY}\nShare\n"
            (pages / f"{name}.txt").write_text(text, encoding="utf-8")
        (folder / "corpus.toml").write_text(
            '[dataset]\nname = "ferry"\nversion = "0.1.0"\ntitle = "Ferry"\ndescription = "Three pages."\n'
            '[[source]]\nname = "pages"\npath = "pages"\n',
            encoding="utf-8",
        )
        return folder

    return write


@pytest.fixture
def corpus(tmp_path: Path, write_corpus: Callable[[Path], Path]) -> Path:
    """Return a folder with a corpus of three small pages and its settings."""
    return write_corpus(tmp_path)


@pytest.fixture
def program() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the program in a process of its own."""

    def run(
        *arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "corpuskit", *map(str, arguments)],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            env={**os.environ, **(env or {})},
            timeout=120,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def pages_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have builds do their pages in this process, unless they are told of more than one worker.

    A process for pages takes a second to start, in which it imports what is here already.  For tests of what becomes
    of pages, not of who does them: that no byte depends on it is a test of its own (tests/run/test_local.py).
    """
    in_processes = pipeline._run

    def run(
        config: Config, votes: Mapping[str, Votes], missing: Sequence[Piece], place: Work, crew: Crew
    ) -> Iterator[Part]:
        if (crew.workers or 1) > 1:
            yield from in_processes(config, votes, missing, place, crew)
            return
        do = PagePass(config, str(place.parts), votes)
        for task in pipeline.tasks(missing, 1):
            said: list[tuple[str, Part]] = []
            do(task, Desk({}, (), said.append))
            yield from (content for kind, content in said if kind == "report")

    monkeypatch.setattr(pipeline, "_run", run)


@pytest.fixture
def program_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pages_here: None
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the program in this process: what it prints, and how it ends.

    A process of its own takes half a second, of a build two.  Tests of signals, of the environment and of an
    installation have those (``program``).
    """
    del pages_here
    monkeypatch.setattr(process, "claim", lambda: None)  # this one is the tests', and goes on

    def run(*arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "argv", ["corpuskit", *map(str, arguments)])
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
            if cwd is not None:
                patched.chdir(cwd)
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        said, complained = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv, int(ended.value.code or 0), said, complained)

    return run
