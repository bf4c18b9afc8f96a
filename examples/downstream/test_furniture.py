"""The pin holds, both ways of reading give the same, and the classifier learns something."""

from pathlib import Path

import datasets
import furniture
import pytest

import corpuskit as ck


@pytest.fixture(scope="module")
def blocks() -> list[furniture.Block]:
    return list(furniture.read(furniture.pinned()))


def test_the_version_is_the_one_that_the_project_names() -> None:
    pin = furniture.pinned()
    documents = ck.load(pin.dataset, version=pin.version, split="train")
    assert str(documents.info.version) == pin.version
    with pytest.raises(ck.CorpuskitError, match="there is no version 99"):
        ck.load(pin.dataset, version="99.0.0")


def test_streamed_rows_are_the_loaded_ones(blocks: list[furniture.Block]) -> None:
    assert blocks == list(furniture.read(furniture.pinned(), streaming=False))


def test_plain_datasets_opens_the_same_rows(blocks: list[furniture.Block]) -> None:
    pin = furniture.pinned()
    loaded = datasets.load_dataset(f"{pin.dataset}-{pin.version}", "blocks", split="train")
    assert [row["text"] for row in loaded] == [block.text for block in blocks]


def test_ids_join_the_configs(blocks: list[furniture.Block]) -> None:
    pin = furniture.pinned()
    documents = {row["id"]: row["text"] for row in ck.load(pin.dataset, version=pin.version, split="train")}
    for identifier, text in documents.items():
        assert text == "\n\n".join(b.text for b in blocks if b.document_id == identifier and b.is_main)


def test_it_learns_and_says_the_same_every_time(blocks: list[furniture.Block]) -> None:
    report = furniture.evaluate(blocks)
    assert report == furniture.evaluate(list(blocks))
    assert report.accuracy > report.majority
    assert report.f1 > 0.8


def test_it_prints_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    furniture.main()
    assert Path(furniture.pinned().dataset).name in capsys.readouterr().out
