"""Shards, row groups and digests are decided by the rows alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit.package import parquet
from corpuskit.package.parquet import ShardWriter, TableWriter, logical_digest, shard_name
from corpuskit.package.release import checksums
from corpuskit.package.tables import SCHEMAS, to_table

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]


def repair(index: int, before: str = "Ã¤") -> Row:
    return {
        "document_id": f"{index // 10:032x}",
        "index": index % 10,
        "start": 0,
        "end": 2,
        "after_start": 0,
        "after_end": 1,
        "before": before,
        "after": "ä",
        "rule": "mojibake",
        "evidence": "utf-8 read as windows-1252",
    }


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row groups of seven rows or 100 bytes of text."""
    monkeypatch.setattr(parquet, "ROW_GROUP", 7)
    monkeypatch.setattr(parquet, "ROW_GROUP_BYTES", 100)


def write(folder: Path, rows: list[Row], sizes: list[int], shard_bytes: int) -> ShardWriter:
    """Write ``rows`` in batches of ``sizes``, the rest at once; every other batch as a table."""
    with ShardWriter("repairs", folder, "train", shard_bytes) as writer:
        start = 0
        for number, size in enumerate([*sizes, len(rows)]):
            batch = rows[start : start + size]
            if number % 2:
                writer.write_table(to_table("repairs", batch))
            else:
                writer.write(batch)
            start += size
        writer.close()
    return writer


@settings(max_examples=25)
@given(
    lengths=st.lists(st.integers(0, 60), max_size=60),
    sizes=st.lists(st.integers(0, 20), max_size=8),
    shard_bytes=st.sampled_from([1, 1_500, 4_000, 10**9]),
)
def test_bytes_do_not_depend_on_batches_nor_digests_on_shards(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], sizes: list[int], shard_bytes: int
) -> None:
    rows = [repair(index, "x" * length) for index, length in enumerate(lengths)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "ROW_GROUP", 7)
        patch.setattr(parquet, "ROW_GROUP_BYTES", 100)
        folders = [tmp_path_factory.mktemp("release") for _ in range(3)]
        one = write(folders[0], rows, [], shard_bytes)
        many = write(folders[1], rows, sizes, shard_bytes)
        whole = write(folders[2], rows, sizes, 10**9)
        digests = {
            logical_digest("repairs", *(folder / file for file in made.files))
            for folder, made in zip(folders, (one, many, whole), strict=True)
        }
    assert checksums(folders[0]) == checksums(folders[1])
    assert one.files == many.files == sorted(checksums(folders[0]))
    assert (one.rows, one.bytes) == (many.rows, many.bytes) == (whole.rows, whole.bytes)
    assert len(digests) == 1
    read = [row for file in one.files for row in pq.read_table(folders[0] / file).to_pylist()]
    assert read == rows


@pytest.mark.usefixtures("small")
def test_a_row_group_is_full_by_rows_or_by_bytes(tmp_path: Path) -> None:
    rows = [*(repair(index, "") for index in range(10)), *(repair(10 + index, "x" * 90) for index in range(4))]
    made = write(tmp_path, rows, [], 10**9)
    file = pq.ParquetFile(tmp_path / made.files[0])
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [7, 5, 2]


@pytest.mark.usefixtures("small")
def test_shards_are_numbered_whole_and_declared(tmp_path: Path) -> None:
    made = write(tmp_path, [repair(index) for index in range(30)], [], 1)
    assert made.files == [shard_name("repairs", "train", number, 5) for number in range(5)]
    assert made.files[0] == "data/repairs/train-00000-of-00005.parquet"
    for file in made.files:
        parts = pq.ParquetFile(tmp_path / file)
        assert parts.schema_arrow.equals(SCHEMAS["repairs"])
        assert parts.metadata.num_rows
    assert [row["index"] for row in pq.read_table(tmp_path / made.files[1]).to_pylist()] == [7, 8, 9, 0, 1, 2, 3]


def test_no_rows_make_one_shard_without_rows(tmp_path: Path) -> None:
    made = write(tmp_path, [], [], 1)
    assert made.files == ["data/repairs/train-00000-of-00001.parquet"]
    assert pq.read_table(tmp_path / made.files[0]).schema.equals(SCHEMAS["repairs"])


def test_a_writer_that_fails_leaves_no_name_of_a_shard(tmp_path: Path) -> None:
    with pytest.raises(pa.ArrowInvalid):
        write(tmp_path, [repair(0), {**repair(1), "start": "first"}], [], 1)
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.mark.usefixtures("small")
def test_a_single_file_has_the_digest_of_its_shards(tmp_path: Path) -> None:
    rows = [repair(index) for index in range(30)]
    shards = write(tmp_path / "a", rows, [], 1)
    with TableWriter("repairs", tmp_path / "b.parquet") as writer:
        writer.write(rows)
        digest = writer.close()
    assert digest == logical_digest("repairs", *(tmp_path / "a" / file for file in shards.files))


@pytest.mark.usefixtures("small")
def test_a_release_in_many_shards_is_sound_and_has_the_same_rows(corpus: Path) -> None:
    before = ck.build(corpus / "corpus.toml", dist=corpus / "one")
    with (corpus / "corpus.toml").open("a", encoding="utf-8") as file:
        file.write("[package]\nshard_bytes = 1\n")
    after = ck.build(corpus / "corpus.toml", dist=corpus / "many")
    assert after.content_sha256 == before.content_sha256
    assert len(list((after.path / "data" / "blocks").iterdir())) > 1
    assert [finding for finding in ck.validate(after.path) if finding.severity == "error"] == []
    for config in ("documents", "blocks"):
        assert (
            ck.load(after.path, config, split="train").to_list()
            == ck.load(before.path, config, split="train").to_list()
        )
