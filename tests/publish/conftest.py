"""What the tests of publishing share: releases, a Hub on loopback, and what goes wrong with it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

import corpuskit as ck
from corpuskit.package.release import write_sums
from corpuskit.publish.hub import HubRepository
from corpuskit.publish.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

# The Xet client's own retries begin at three seconds.
os.environ |= {"HF_XET_CLIENT_RETRY_BASE_DELAY": "10ms", "HF_XET_CLIENT_RETRY_MAX_ATTEMPTS": "2"}

Loopback: TypeAlias = Any
"""Something of the module of the loopback Hub, which is found by its path and so has no types here."""

TOKEN = "hf_" + "loopbackloopback"
OPEN = "\n\nThis article is published under CC BY 4.0.\n"
PAGE = (
    "{title}\n\nBy Ada Marsh\n\n"
    "The ferry to the island had not run for eleven days when the harbour master opened the ticket office again.\n\n"
    "Nobody on the quay believed the notice at first, since the last three had been taken down within the hour.\n\n"
    "By noon, though, the queue reached the fish market, and the first crossing left with every bench full.\n\n"
    "{more}\n\n© 2024 The Harbour Post. This article is licensed under CC BY 4.0.\n"
)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def server() -> Loopback:
    """The module in examples/ that is the Hub."""
    return _module(Path(__file__).parents[2] / "examples" / "hub.py")


@pytest.fixture(autouse=True)
def _pages_here(pages_here: None) -> None:
    """Who does the pages is not what these tests are about."""


def make_release(folder: Path, version: str = "1.0.0", *, more: str = "The last boat back was at six.") -> Path:
    """Build a release of two open pages below ``folder``."""
    pages = folder / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    for name, title in (("a", "The ferry runs again"), ("b", "A lighthouse is for sale")):
        (pages / f"{name}.txt").write_text(PAGE.format(title=title, more=more), encoding="utf-8")
    (folder / "corpus.toml").write_text(
        f'[dataset]\nname = "ferry"\nversion = "{version}"\ntitle = "Ferry"\ndescription = "Two pages."\n'
        '[[source]]\nname = "pages"\npath = "pages"\n',
        encoding="utf-8",
    )
    return ck.build(folder / "corpus.toml", workers=1).path


def slim(release: Path, folder: Path) -> Path:
    """Copy what of a release its checks ask for, to ``folder``: each file costs a request or more."""
    kept = {"README.md", "data/documents", "data/blocks"}
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    manifest["configs"] = {name: entry for name, entry in manifest["configs"].items() if f"data/{name}" in kept}
    manifest["files"] = [
        entry for entry in manifest["files"] if entry["path"].rpartition("/train")[0] in kept or entry["path"] in kept
    ]
    copy = folder / release.name
    for entry in manifest["files"]:
        (copy / entry["path"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(release / entry["path"], copy / entry["path"])
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    write_sums(copy)
    return copy


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases of one dataset, 1.0.0 and 1.1.0, whose documents differ."""
    folder = tmp_path_factory.mktemp("ferry")
    return make_release(folder), make_release(folder, "1.1.0", more="The first boat back was at seven.")


@pytest.fixture(scope="session")
def releases(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same with fewer files."""
    folder = tmp_path_factory.mktemp("slim")
    return slim(built[0], folder), slim(built[1], folder)


@dataclass
class Waits:
    """A patience that waits for nothing and notes how long it would have waited."""

    waited: list[float] = field(default_factory=list)

    def patience(self, attempts: int = 4) -> Patience:
        return Patience(attempts=attempts, longest=120.0, sleep=self.waited.append)


@dataclass
class Fault:
    """What goes wrong with requests of one route: ``kind`` is a status, or one of the words below.

    ``drop``: the connection is closed before the request is acted on; ``lose``: after.  ``cut``: the answer's bytes
    are not the file's.  ``skip`` requests of the route pass before, ``times`` are hit.
    """

    route: str
    kind: str
    times: int = 1
    skip: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    hit: int = 0

    def meddler(self, server: Loopback) -> Callable[[Loopback], Callable[[Loopback], Loopback] | None]:
        def meddle(request: Loopback) -> Callable[[Loopback], Loopback] | None:
            if request.route != self.route:
                return None
            if self.skip:
                self.skip -= 1
                return None
            if self.hit >= self.times:
                return None
            self.hit += 1
            if self.kind == "drop":
                raise server.Dropped
            if self.kind == "lose":

                def lose(_: Loopback) -> Loopback:
                    raise server.Dropped

                return lose
            if self.kind == "cut":
                return lambda answer: server.Answer(answer.body[:-1] + b"?", answer.status, answer.headers)
            raise server.Refusal(int(self.kind), f"made to fail with {self.kind}", **self.headers)

        return meddle


@pytest.fixture
def hub(server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    """A Hub on loopback that the clients in this process talk to."""
    import datasets
    from huggingface_hub import HfFileSystem, constants

    with server.Hub(tmp_path / "hub", {TOKEN: ("ada", "harbour"), "hf_strangerstranger": ("eve",)}) as running:
        for module, name, value in (
            (constants, "HF_HUB_OFFLINE", False),
            (constants, "ENDPOINT", running.url),
            (constants, "HUGGINGFACE_CO_URL_TEMPLATE", running.url + "/{repo_id}/resolve/{revision}/{filename}"),
            (datasets.config, "HF_ENDPOINT", running.url),
            (datasets.config, "HF_HUB_OFFLINE", False),
        ):
            monkeypatch.setattr(module, name, value)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        running.module = server
        HfFileSystem.clear_instance_cache()  # one of an earlier test knows that test's Hub
        # The client's own retries wait too; here they need not.
        monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda _: None)
        yield running


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Skip loading back with datasets, which other tests do, and note what would have been loaded."""
    asked: list[str] = []
    monkeypatch.setattr(HubRepository, "_load_one", lambda _, revision, *__: asked.append(revision))
    return asked
