"""The release opens where people would open it."""

from __future__ import annotations

import shutil
from pathlib import Path

import datasets
import pytest

import corpuskit as ck
from corpuskit.package.tables import SCHEMAS


@pytest.fixture
def release(root: Path, tmp_path: Path) -> Path:
    """Return a copy of the committed release of the default corpus."""
    (newest,) = (root / "dist").glob("sco-news-*")
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


def test_two_releases_of_one_name_do_not_share_a_cache(corpus: Path) -> None:
    """`datasets` goes by name, version and card: a changed release must not give the rows of the one before."""
    first = ck.build(corpus / "corpus.toml").path
    before = ck.load(first, split="train")["title"]
    page = corpus / "pages" / "a.txt"
    page.write_text(page.read_text().replace("The ferry runs again", "The ferry is late"))
    second = ck.build(corpus / "corpus.toml", replace=True).path
    after = ck.load(second, split="train")["title"]
    assert first == second
    assert set(after) - set(before) == {"The ferry is late"}
