"""Labels by hand: the file that holds them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpuskit.model import Kind, Role
from corpuskit.train.hand import HandLabels, read_labels

if TYPE_CHECKING:
    from collections.abc import Iterable

SHIPPED = Path(__file__).parents[3] / "bench" / "extraction" / "hand_labels.toml"


def _file(folder: Path, lines: Iterable[str]) -> Path:
    file = folder / "labels.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_ranges_are_read(tmp_path: Path) -> None:
    file = _file(tmp_path, ['["news/1"]', "blocks = 9", '"metadata title" = "0"', '"main paragraph" = "2-4 7"'])
    title, text = (Role.METADATA, Kind.TITLE), (Role.MAIN, Kind.PARAGRAPH)
    assert read_labels(file) == {"news/1": HandLabels(9, {0: title, 2: text, 3: text, 4: text, 7: text})}


WRONG = {
    "a block that is not there": ['"main paragraph" = "9"'],
    "a block that is labelled twice": ['"main paragraph" = "1-3"', '"main heading" = "3"'],
    "a role that there is not": ['"advertisement banner" = "1"'],
    "a kind of another role": ['"main caption" = "1"'],
}


@pytest.mark.parametrize("lines", WRONG.values(), ids=WRONG)
def test_wrong_labels_are_refused_by_the_name_of_the_page(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(ValueError, match="news/1"):
        read_labels(_file(tmp_path, ['["news/1"]', "blocks = 9", *lines]))


def test_labels_of_another_cut_of_the_page_do_not_fit() -> None:
    assert HandLabels(9, {}).fit(9)
    assert not HandLabels(9, {}).fit(10)


def test_the_labels_of_the_benchmark_can_be_read() -> None:
    labels = read_labels(SHIPPED)
    assert len(labels) > 1000
    assert all(hand.pairs for hand in labels.values())
