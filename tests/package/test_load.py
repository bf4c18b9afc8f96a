"""The release opens where people would open it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import datasets
import fsspec
import pytest

import corpuskit as ck
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Rows = Iterable[Mapping[str, str]]


@pytest.fixture
def release(root: Path, tmp_path: Path) -> Path:
    """Return a copy of the newest committed release of the default corpus."""
    newest = max((root / "dist").glob("sco-news-*"))
    return Path(shutil.copytree(newest, tmp_path / newest.name))


def test_load_dataset_gives_five_rows_with_the_declared_features(release: Path) -> None:
    loaded = datasets.load_dataset(str(release), split="train")
    assert loaded.num_rows == 5
    assert loaded.features == datasets.Features.from_arrow_schema(SCHEMAS["documents"])
    assert sorted(len(row["text"]) > 2_000 for row in loaded) == [True] * 5


@pytest.mark.parametrize("config", SCHEMAS)
def test_every_config_loads_and_streams(release: Path, config: str) -> None:
    loaded = ck.load(release, config, split="train")
    assert loaded.features == datasets.Features.from_arrow_schema(SCHEMAS[config])
    streamed = list(datasets.load_dataset(str(release), config, split="train", streaming=True))
    assert streamed == loaded.to_list()


def test_load_is_load_dataset(release: Path) -> None:
    assert ck.load(release, split="train").num_rows == 5
    assert ck.load(release, "blocks", split="train").num_rows == 120


def test_a_config_without_rows_loads_with_its_features(corpus: Path) -> None:
    release = ck.build(corpus / "corpus.toml").path
    assert ck.load(release, "repairs")["train"].features == datasets.Features.from_arrow_schema(SCHEMAS["repairs"])
    assert ck.load(release, "repairs", split="train").num_rows == 0


def test_load_says_where_there_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ck.CorpuskitError, match="no release"):
        ck.load(tmp_path)


def other(corpus: Path, title: str, *, dist: Path | None = None, replace: bool = False) -> Path:
    """Build the small corpus with another title on its first page."""
    page = corpus / "pages" / "a.txt"
    lines = page.read_text(encoding="utf-8").split("\n")
    page.write_text("\n".join([*lines[:2], title, *lines[3:]]), encoding="utf-8")
    return ck.build(corpus / "corpus.toml", dist=dist, replace=replace).path


def titles(loaded: Rows) -> set[str]:
    return {row["title"] for row in loaded}


def versioned(corpus: Path, version: str) -> None:
    text = (corpus / "corpus.toml").read_text(encoding="utf-8")
    (corpus / "corpus.toml").write_text(re.sub(r'version = "[\d.]+"', f'version = "{version}"', text), encoding="utf-8")


def with_load_dataset(release: Path) -> Rows:
    loaded: Rows = datasets.load_dataset(str(release), split="train")
    return loaded


def with_load(release: Path) -> Rows:
    loaded: Rows = ck.load(release, split="train")
    return loaded


OPENERS = pytest.mark.parametrize("opened", [with_load_dataset, with_load])


@OPENERS
def test_a_release_that_was_replaced_is_not_served_from_the_cache(corpus: Path, opened: Callable[[Path], Rows]) -> None:
    first = other(corpus, "The ferry is late")
    assert "The ferry is late" in titles(opened(first))
    second = other(corpus, "The ferry is early", replace=True)
    assert first == second
    assert titles(opened(second)) == {"The ferry is early", "A lighthouse is for sale", "Herring prices fall"}


@OPENERS
def test_two_versions_do_not_share_a_cache(corpus: Path, opened: Callable[[Path], Rows]) -> None:
    versioned(corpus, "1.0.0")
    first = other(corpus, "The ferry is late")
    versioned(corpus, "2.0.0")
    second = other(corpus, "The ferry is early")
    for _ in range(2):
        assert "The ferry is late" in titles(opened(first))
        assert "The ferry is early" in titles(opened(second))


@OPENERS
def test_folders_of_one_name_do_not_share_a_cache(corpus: Path, opened: Callable[[Path], Rows]) -> None:
    first = other(corpus, "The ferry is late", dist=corpus / "here")
    second = other(corpus, "The ferry is early", dist=corpus / "there")
    assert first.name == second.name
    for _ in range(2):
        assert "The ferry is late" in titles(opened(first))
        assert "The ferry is early" in titles(opened(second))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, write_corpus: Callable[[Path], Path]) -> Path:
    """A folder of three versions, each with its version in a title: to be copied, not changed."""
    corpus = write_corpus(tmp_path_factory.mktemp("versions"))
    for version in ("1.0.0", "2.0.0", "10.0.0"):
        versioned(corpus, version)
        other(corpus, f"The ferry runs for the {version} time")
    return corpus / "dist"


@pytest.fixture
def versions(built: Path, tmp_path: Path) -> Path:
    """A folder of three versions of the test's own."""
    return Path(shutil.copytree(built, tmp_path / "dist"))


def version_of(loaded: Rows) -> str:
    (found,) = (match[1] for title in titles(loaded) if (match := re.search(r"(\d+\.\d+\.\d+)", title)))
    return found


@pytest.mark.parametrize("where", ["dist", "dist/ferry", "dist/"])
def test_a_version_is_pinned_in_a_folder_of_releases(
    versions: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(versions.parent)
    assert version_of(ck.load(where, version="1.0.0", split="train")) == "1.0.0"
    assert version_of(ck.load(where, split="train", streaming=True)) == "10.0.0"
    with pytest.raises(ck.CorpuskitError, match=r"no version 3\.0\.0 of ferry; there are 1\.0\.0, 2\.0\.0, 10\.0\.0"):
        ck.load(where, version="3.0.0")
    (versions / "latest.json").write_text('{"name": "ferry", "version": "2.0.0", "manifest_sha256": ""}')
    assert version_of(ck.load(where, split="train", streaming=True)) == "2.0.0"


def test_a_version_is_pinned_for_one_release(versions: Path) -> None:
    release = versions / "ferry-2.0.0"
    assert ck.load(release, version="2.0.0", split="train").num_rows == 3
    assert str(ck.load(release, split="train").info.version) == "2.0.0"
    with pytest.raises(ck.CorpuskitError, match=r"is version 2\.0\.0, not 1\.0\.0"):
        ck.load(release, version="1.0.0")


def test_a_folder_of_two_datasets_asks_which(versions: Path) -> None:
    (versions / "ferry-2.0.0").rename(versions / "boat-2.0.0")
    with pytest.raises(ck.CorpuskitError, match=r"more than one dataset: boat, ferry"):
        ck.load(versions)


def test_a_store_is_a_folder_of_releases_too(versions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What keeps the tests off the Hub keeps `datasets` off every store.
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", False)
    store = fsspec.filesystem("memory")
    try:
        store.put(str(versions), "/bucket/news", recursive=True)
        assert version_of(ck.load("memory://bucket/news", version="1.0.0", split="train")) == "1.0.0"
        blocks = ck.load("memory://bucket/news/ferry-2.0.0", "blocks", split="train", streaming=True)
        assert {row["role"] for row in blocks} >= {"main", "boilerplate"}
        with pytest.raises(ck.CorpuskitError, match="no release"):
            ck.load("memory://bucket/nothing")
        # The layout that `publish` gives a store.
        for version in ("1.0.0", "2.0.0"):
            store.put(str(versions / f"ferry-{version}"), f"/bucket/store/ferry/{version}", recursive=True)
        manifest = store.cat_file("/bucket/store/ferry/1.0.0/manifest.json")
        pointer = {"name": "ferry", "version": "1.0.0", "manifest_sha256": hashlib.sha256(manifest).hexdigest()}
        store.pipe_file("/bucket/store/ferry/latest.json", json.dumps(pointer).encode())
        assert version_of(ck.load("memory://bucket/store/ferry", split="train", streaming=True)) == "1.0.0"
        assert version_of(ck.load("memory://bucket/store/ferry", version="2.0.0", split="train")) == "2.0.0"
        store.rm_file("/bucket/store/ferry/2.0.0/SHA256SUMS")
        with pytest.raises(ck.CorpuskitError, match=r"no version 2\.0\.0 of ferry; there are 1\.0\.0"):
            ck.load("memory://bucket/store/ferry", version="2.0.0")
        store.pipe_file("/bucket/store/ferry/1.0.0/manifest.json", manifest + b" ")
        with pytest.raises(ck.CorpuskitError, match="manifest is not the one"):
            ck.load("memory://bucket/store/ferry")
    finally:
        store.rm("/bucket", recursive=True)


def test_what_is_missing_or_cut_short_is_said(versions: Path) -> None:
    file = versions / "ferry-1.0.0" / "data" / "blocks" / "train-00000-of-00001.parquet"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ck.CorpuskitError, match=r"train-00000-of-00001.parquet has \d+ bytes, not"):
        ck.load(versions / "ferry-1.0.0", "blocks")
    file.unlink()
    with pytest.raises(ck.CorpuskitError, match="is missing"):
        ck.load(versions / "ferry-1.0.0", "blocks")
    assert ck.load(versions / "ferry-1.0.0", split="train").num_rows == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"config": "pages"}, "no config 'pages'.*documents, blocks"),
        ({"split": "test"}, "no split 'test'.*train"),
    ],
)
def test_what_there_is_not_is_said_with_what_there_is(corpus: Path, options: dict[str, str], said: str) -> None:
    release = ck.build(corpus / "corpus.toml").path
    with pytest.raises(ck.CorpuskitError, match=re.compile(said, re.DOTALL)):
        ck.load(release, options.get("config", "documents"), split=options.get("split"))


def test_without_a_network_the_hub_is_said_to_be_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ck.CorpuskitError, match="cannot be read from the Hub"):
        ck.load("nobody/nothing", version="1.0.0")


def test_a_tag_that_holds_another_version_is_refused(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = ck.build(corpus / "corpus.toml").path
    asked: list[tuple[str, str | None]] = []

    class Api:
        def dataset_info(self, repository: str, revision: str | None) -> SimpleNamespace:
            asked.append((repository, revision))
            return SimpleNamespace(sha="c0ffee")

    monkeypatch.setattr("huggingface_hub.HfApi", Api)
    monkeypatch.setattr("huggingface_hub.hf_hub_download", lambda *_, **__: release / "manifest.json")
    monkeypatch.setattr("datasets.load_dataset", lambda *names, **options: (names, options["revision"]))
    with pytest.raises(ck.CorpuskitError, match=r"the tag 0\.2\.0 holds version 0\.1\.0"):
        ck.load("sea/ferry", version="0.2.0")
    for version in ("0.1.0", "0.1.0-rc.1", None):
        assert ck.load("hf://datasets/sea/ferry", "blocks", version=version) == (("sea/ferry", "blocks"), "c0ffee")
    assert asked[-1] == ("sea/ferry", None)
