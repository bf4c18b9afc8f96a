"""How units are put together: each in one task, and the last tasks small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpuskit.passes.pages import Piece
from corpuskit.pipeline import LEAST_BYTES, LEAST_UNITS, SHARES, TASK_BYTES, TASK_UNITS, tasks
from corpuskit.read import Unit


def pieces(*sizes: int) -> list[Piece]:
    return [Piece(Unit("pages", str(n), "text", "", "", bytes=size), str(n)) for n, size in enumerate(sizes)]


def counts(workers: int, *sizes: int) -> list[int]:
    return [len(task) for task in tasks(pieces(*sizes), workers)]


@given(st.lists(st.integers(0, 2 * TASK_BYTES) | st.integers(0, 9_999), max_size=400), st.integers(1, 9))
def test_every_unit_is_in_one_task_the_large_ones_first(sizes: list[int], workers: int) -> None:
    made = tasks(pieces(*sizes), workers)
    given_out = [piece for task in made for piece in task]
    assert sorted(piece.key for piece in given_out) == sorted(map(str, range(len(sizes))))
    assert [piece.unit.bytes for piece in given_out] == sorted(sizes, reverse=True)
    for task in made:
        assert 0 < len(task) <= TASK_UNITS
        assert sum(piece.unit.bytes for piece in task[:-1]) < TASK_BYTES
    # The more is left, the more a task may hold.
    left = len(sizes)
    for task in made:
        small = len(task) <= LEAST_UNITS or sum(piece.unit.bytes for piece in task[:-1]) < LEAST_BYTES
        assert workers == 1 or small or len(task) < left / (workers * SHARES) + 1
        left -= len(task)


def test_tasks_become_smaller() -> None:
    made = counts(2, *[250_000] * 600)
    assert made[0] == 75
    assert made[-2] == 8
    assert made == sorted(made, reverse=True)


def test_large_units_and_those_of_no_known_size_are_not_put_together_at_the_end() -> None:
    assert counts(2, *[8_000_000] * 24)[-7:] == [1] * 7
    assert counts(2, *[0] * 10) == [2, 1, 1, 1, 1, 1, 1, 1, 1]


def test_one_worker_shares_with_nobody() -> None:
    assert counts(1, *[1_000] * 300) == [128, 128, 44]
