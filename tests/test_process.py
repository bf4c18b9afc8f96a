"""Linear algebra in one thread while a page is read, and as many as before afterwards, whoever is inside."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from threadpoolctl import threadpool_info

from corpuskit import process

if TYPE_CHECKING:
    from collections.abc import Iterator


def threads() -> list[int]:
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Yield how many threads the libraries have, in a process that has not said that it wants one."""
    for name in process.NO_THREADS:
        monkeypatch.delenv(name, raising=False)
    process._linear_algebra.cache_clear()
    yield threads()
    process._linear_algebra.cache_clear()


def test_one_thread_inside_and_as_many_as_before_outside(several: list[int]) -> None:
    with process.one_thread():
        assert set(threads()) <= {1}
        with process.one_thread():
            assert set(threads()) <= {1}
    assert threads() == several


def test_threads_that_overlap_leave_what_they_found(several: list[int]) -> None:
    all_inside, first_left = Barrier(3), Barrier(3)

    def inside(number: int) -> list[int]:
        with process.one_thread():
            all_inside.wait(10)
            seen = threads()
            all_inside.wait(10)
            if number:
                first_left.wait(10)
        if not number:
            first_left.wait(10)
        return seen

    with ThreadPoolExecutor(3) as pool:
        assert all(set(seen) <= {1} for seen in list(pool.map(inside, range(3))))
    assert threads() == several


def test_a_process_of_the_program_s_own_has_one_thread_anyway() -> None:
    code = (
        "from corpuskit import process; process.claim(); import sys\n"
        "with process.one_thread(): pass\n"
        "sys.exit('threadpoolctl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
