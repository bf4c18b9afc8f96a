"""A release opens, with the declared columns, in every reader people use."""

from __future__ import annotations

import contextlib
import shutil
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pandas as pd  # type: ignore[import-untyped,unused-ignore]
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from datasets import Features, get_dataset_config_names, load_dataset

from corpuskit.check import examine
from corpuskit.package.parquet import TableWriter
from corpuskit.package.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.check.conftest import Release

CONFIGS = list(SCHEMAS)
DECLARED = {config: Features.from_arrow_schema(SCHEMAS[config]) for config in CONFIGS}


@pytest.fixture
def cache(tmp_path: Path) -> str:
    """A fresh cache."""
    return str(tmp_path / "cache")


def shards(release: Release, config: str, parts: list[list[dict[str, Any]]]) -> None:
    """Write the rows of a split as several files."""
    made = release.manifest["configs"][config]["splits"]["train"]
    (release.path / made["files"][0]).unlink()
    made.update(files=[], rows=0, bytes=0)
    for number, rows in enumerate(parts):
        file = f"data/{config}/train-{number:05d}-of-{len(parts):05d}.parquet"
        with TableWriter(config, release.path / file) as writer:
            writer.write(rows)
            writer.close()
        made["files"].append(file)
        made["rows"] += writer.rows
        made["bytes"] += writer.bytes
    release.manifest["configs"][config]["rows"] = made["rows"]


def clean(release: Release) -> None:
    """Leave the release as it is."""


def two_splits(release: Release) -> None:
    first = release.rows("documents")[0]["id"]
    release.split_in_two(first)
    release.seal()


def nulls_first(release: Release) -> None:
    """Two files: in the first, every column that may be null is null throughout."""
    rows = release.rows("documents")
    empty: dict[str, object] = {field.name: None for field in SCHEMAS["documents"] if field.nullable}
    empty |= {"evidence": [], "authors": [], "section": [], "keywords": []}
    rows = [
        {**row, **(empty if number < 5 else {"url": f"https://news.example/{number}"})}
        for number, row in enumerate(rows)
    ]
    shards(release, "documents", [rows[:5], rows[5:]])
    release.seal()


def empty_first(release: Release) -> None:
    """Two files, the first without rows."""
    shards(release, "blocks", [[], release.rows("blocks")])
    release.seal()


def no_related(release: Release) -> None:
    """Configs without rows."""
    for config in ("related", "repairs"):
        release.write(config, [])
    release.seal()


def no_pages(release: Release) -> None:
    """A corpus without a page: all configs without rows."""
    for config in CONFIGS:
        release.write(config, [])
    release.seal()


RELEASES: list[Callable[[Release], None]] = [clean, nulls_first, no_related, no_pages]
SLOW: list[Callable[[Release], None]] = [two_splits, empty_first]


@pytest.fixture(
    params=[*RELEASES, *(pytest.param(change, marks=pytest.mark.slow) for change in SLOW)],
    ids=[change.__name__ for change in (*RELEASES, *SLOW)],
)
def made(release: Release, request: pytest.FixtureRequest) -> Release:
    request.param(release)
    return release


def expected(release: Release, config: str, split: str) -> pa.Table:
    files = release.manifest["configs"][config]["splits"][split]["files"]
    return pa.concat_tables([pq.read_table(release.path / file, schema=SCHEMAS[config]) for file in files])


def splits(release: Release) -> list[tuple[str, str]]:
    return [(config, split) for config in CONFIGS for split in release.manifest["configs"][config]["splits"]]


def test_it_is_clean(made: Release) -> None:
    assert set(examine(made.path).counts) <= {"title-is-site"}


def no_data_is_refused(rows: list[Any]) -> AbstractContextManager[Any]:
    """``datasets`` up to 5.2 refuses to open a split without rows in memory (huggingface/datasets#8401); it streams it.

    When this fails, a release of ``datasets`` has mended it: the declared columns can be tested here too.
    """
    return contextlib.nullcontext() if rows else pytest.raises(ValueError, match="corresponds to no data")


def test_datasets_opens_every_config_and_split(made: Release, cache: str) -> None:
    assert get_dataset_config_names(str(made.path)) == CONFIGS
    for config, split in splits(made):
        wanted = expected(made, config, split).to_pylist()
        with no_data_is_refused(wanted):
            loaded = load_dataset(str(made.path), config, split=split, cache_dir=cache)
            assert loaded.features == DECLARED[config]
            assert loaded.to_list() == wanted
    with no_data_is_refused(made.rows("documents")):
        default = load_dataset(str(made.path), cache_dir=cache)
        assert default["train"].features == DECLARED["documents"]


def test_datasets_streams_every_config_and_split(made: Release, cache: str) -> None:
    for config, split in splits(made):
        stream = load_dataset(str(made.path), config, split=split, streaming=True, cache_dir=cache)
        assert stream.features == DECLARED[config]
        assert list(stream) == expected(made, config, split).to_pylist()


def test_datasets_reads_chosen_columns(made: Release, cache: str) -> None:
    for streaming in (False, True):
        wanted = expected(made, "documents", "train").select(["id", "title"]).to_pylist()
        with contextlib.nullcontext() if streaming else no_data_is_refused(wanted):
            options: dict[str, Any] = {"columns": ["id", "title"], "streaming": streaming, "cache_dir": cache}
            assert list(load_dataset(str(made.path), "documents", split="train", **options)) == wanted


def test_pyarrow_opens_every_config(made: Release) -> None:
    for config in CONFIGS:
        opened = ds.dataset(made.path / "data" / config, format="parquet")
        assert opened.schema.equals(SCHEMAS[config])
        assert opened.count_rows() == made.manifest["configs"][config]["rows"]


def test_pandas_opens_every_config(made: Release) -> None:
    for config in CONFIGS:
        frame = pd.read_parquet(made.path / "data" / config)
        assert list(frame.columns) == SCHEMAS[config].names
        assert len(frame) == made.manifest["configs"][config]["rows"]


def test_polars_opens_every_config(made: Release) -> None:
    polars = pytest.importorskip("polars")
    for config in CONFIGS:
        frame = polars.scan_parquet(made.path / "data" / config / "*.parquet").collect()
        assert frame.columns == SCHEMAS[config].names
        assert frame.height == made.manifest["configs"][config]["rows"]


def test_duckdb_opens_every_config(made: Release) -> None:
    duckdb = pytest.importorskip("duckdb")
    for config in CONFIGS:
        found = duckdb.read_parquet(str(made.path / "data" / config / "*.parquet"))
        assert found.columns == SCHEMAS[config].names
        assert found.shape[0] == made.manifest["configs"][config]["rows"]


def test_a_stale_cache_is_not_served(release: Release, clean_release: Path, tmp_path: Path, cache: str) -> None:
    """Another release of the same folder name was loaded before: its rows must not come back."""
    before = load_dataset(str(clean_release), "documents", split="train", cache_dir=cache)
    release.edit("documents", 0, publisher="Somebody Else")
    release.seal()
    assert release.path.name == clean_release.name
    after = load_dataset(str(release.path), "documents", split="train", cache_dir=cache)
    assert (before[0]["publisher"], after[0]["publisher"]) == (None, "Somebody Else")
    again = shutil.copytree(clean_release, tmp_path / "again" / clean_release.name)
    assert load_dataset(str(again), "documents", split="train", cache_dir=cache)[0] == before[0]
