"""Values that are kept for the next time."""

from __future__ import annotations

from corpuskit.segment.kept import Kept


def test_a_value_is_made_once() -> None:
    asked: list[str] = []

    def measure(word: str) -> int:
        asked.append(word)
        return len(word)

    kept = Kept(measure)
    assert [kept[word] for word in ("tide", "ferry", "tide")] == [4, 5, 4]
    assert asked == ["tide", "ferry"]


def test_all_is_forgotten_when_there_is_too_much() -> None:
    kept = Kept(len, most=2)
    assert [kept[word] for word in ("a", "bb", "ccc")] == [1, 2, 3]
    assert kept == {"ccc": 3}
