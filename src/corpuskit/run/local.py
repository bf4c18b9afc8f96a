"""Work on one machine: in this process, or in a pool of long-lived workers.

The pool is pebble's: unlike ``concurrent.futures`` it survives a worker that is killed or crashes, names the task that
was lost with it, and ends a task that takes too long.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")

WINDOW: Final = 16
"""Tasks in flight for each worker: enough that none waits, few enough that memory does not grow with the run."""


def run_local(
    work: Callable[[T], R],
    items: Iterable[T],
    *,
    workers: int,
    seconds: float,
    failed: Callable[[T, BaseException], R],
) -> Iterator[R]:
    """Yield ``work(item)`` for each item, in the order of the items.

    An item whose work raises, hangs for more than ``seconds`` or takes its worker down yields ``failed(item, error)``
    and does not disturb the others.  With one worker everything happens in this process, where a hang cannot be
    ended.
    """
    if workers <= 1:
        for item in items:
            try:
                result = work(item)
            except Exception as error:  # noqa: BLE001 - one item's failure is its own
                result = failed(item, error)
            yield result
    else:
        yield from _run_pool(work, items, workers, seconds, failed)


def _run_pool(
    work: Callable[[T], R],
    items: Iterable[T],
    workers: int,
    seconds: float,
    failed: Callable[[T, BaseException], R],
) -> Iterator[R]:
    import pebble  # one process needs no pool

    pending: deque[tuple[T, Any]] = deque()
    with pebble.ProcessPool(max_workers=workers, context=_context()) as pool:
        try:
            for item in items:
                pending.append((item, pool.schedule(work, args=[item], timeout=seconds)))
                if len(pending) >= workers * WINDOW:
                    yield _result(*pending.popleft(), failed)
            while pending:
                yield _result(*pending.popleft(), failed)
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call] # pebble has no types for it
            raise


def _result(item: T, future: Any, failed: Callable[[T, BaseException], R]) -> R:  # noqa: ANN401 - pebble's future is untyped
    try:
        result: R = future.result()
    except Exception as error:  # noqa: BLE001 - one item's failure is its own
        return failed(item, error)
    return result


def _context() -> multiprocessing.context.BaseContext:
    """Return how workers start: from a clean server where there is one, as forking a process with threads may hang."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
