"""Work in processes: order, isolation, and nothing lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from corpuskit.run import run_local

if TYPE_CHECKING:
    from collections.abc import Iterator


def work(item: object) -> str:
    """Do what the item says: workers import this by name."""
    if item == "raise":
        message = "as told"
        raise RuntimeError(message)
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "hang":
        time.sleep(600)
    return f"done {item}"


def failed(item: object, error: BaseException) -> str:
    return f"{item}: {type(error).__name__}"


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order(workers: int) -> None:
    items = list(range(50))
    found = list(run_local(work, items, workers=workers, seconds=60, failed=failed))
    assert found == [f"done {item}" for item in items]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_item_that_raises_disturbs_no_other(workers: int) -> None:
    found = list(run_local(work, [1, "raise", 2], workers=workers, seconds=60, failed=failed))
    assert found == ["done 1", "raise: RuntimeError", "done 2"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_worker_that_is_killed_or_hangs_costs_one_item() -> None:
    items = [1, "die", 2, "hang", 3, 4, 5]
    found = list(run_local(work, items, workers=2, seconds=3, failed=failed))
    assert found == ["done 1", "die: ProcessExpired", "done 2", "hang: TimeoutError", "done 3", "done 4", "done 5"]


def test_the_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def items() -> Iterator[object]:
        for number in range(1_000):
            taken.append(number)
            yield number

    results = run_local(work, items(), workers=2, seconds=60, failed=failed)
    with closing(results) as opened:  # type: ignore[type-var] # it is a generator, which says more than it promises
        next(opened)
    assert len(taken) < 100
