"""A clean release has no finding, however its rows are cut into batches and its records into files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit.check import examine, join
from corpuskit.check.join import Join, Tag
from corpuskit.select.sketch import similarity

if TYPE_CHECKING:
    from pathlib import Path

    from tests.check.conftest import Release


def test_a_clean_release_has_no_finding(clean_release: Path) -> None:
    assert ck.validate(clean_release) == []


def in_pieces(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("corpuskit.check.tables.BATCH", size)
    monkeypatch.setattr("corpuskit.check.join.BUCKET", size)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_batches_and_files_make_no_difference(clean_release: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    in_pieces(monkeypatch, size)
    assert examine(clean_release).clean


@pytest.mark.parametrize("size", [1, 3])
def test_faults_between_batches_are_found(release: Release, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    in_pieces(monkeypatch, size)
    rows = release.rows("blocks")
    release.write("blocks", [*rows[:3], *rows[4:]])
    release.write("repairs", [{**row, "start": 5, "end": 7} for row in release.rows("repairs")])
    documents = release.rows("documents")
    release.write("documents", [documents[1], documents[0], *documents[1:]])
    release.seal()
    found = set(examine(release.path).counts)
    assert {"index-gap", "repair-span", "row-order", "id-duplicate", "text-not-main-blocks"} == found


@given(st.lists(st.integers(0, 20), max_size=60), st.integers(1, 60))
def test_records_of_a_key_are_together_and_none_is_lost(numbers: list[int], expected: int) -> None:
    with Join(expected) as records:
        records.add(join.keys([f"{number:032x}" for number in numbers]), Tag.CHILD, value=numbers)
        buckets = [bucket["value"].tolist() for bucket in records.buckets()]
    assert sorted(value for bucket in buckets for value in bucket) == sorted(numbers)
    assert all(bucket == sorted(bucket) for bucket in buckets)
    assert sum(len(set(bucket)) for bucket in buckets) == len(set(numbers))


@given(st.integers(0, 2**128 - 1))
def test_keys_are_ids_and_lead_back_to_them(number: int) -> None:
    identifier = f"{number:032x}"
    (high, low), *_ = join.keys([identifier]).tolist()
    assert join.name(high, low) == identifier
    assert join.keys([identifier, "no id"]).tolist()[0] == [high, low]


def test_similarity_is_of_runs_of_words() -> None:
    text = "one two three four five six seven eight nine ten"
    assert similarity(text, text.upper()) == 1
    assert similarity(text, "eleven twelve thirteen fourteen fifteen sixteen") == 0
    assert similarity(text, text + " eleven") == 6 / 7
