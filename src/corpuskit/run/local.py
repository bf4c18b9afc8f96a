"""Work on one machine: a pool of long-lived workers, each of them watched."""

from __future__ import annotations

import queue
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from corpuskit.run.desk import Cause, Item, Loss
from corpuskit.run.worker import Inbox, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from corpuskit.run.desk import Work

T = TypeVar("T")

TICK: Final = 0.05
"""Seconds between two looks at the workers: in one, a process can take a few hundred megabytes of memory."""

TRIES: Final = 3
"""How often in a row a worker may die without touching an item before the run is given up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a worker may touch one item, in seconds, and how much memory it may have in use, in bytes."""

    seconds: float = 120
    memory: int = 4_000_000_000


def run_local(work: Work[T], tasks: Iterable[T], *, workers: int, limits: Limits) -> Iterator[Any]:
    """Have ``workers`` processes do ``work`` on every task, and yield what is reported, as it is reported.

    A process that touches an item for too long or with too much memory is ended.  However a process ends, its task is
    given to a new one, with that item among those that were lost: the other items of the task are done.  Tasks are
    taken as they are needed, and each worker is given its next one before it has to wait.

    Raises:
        WorkerError: processes cannot be started, or die without touching an item.
        Exception: whatever ``work`` raises.
    """
    inbox: Inbox = queue.SimpleQueue()
    waiting = iter(tasks)
    with ExitStack() as stack:

        def hire() -> Worker[T]:
            worker = Worker(work, inbox)
            stack.callback(worker.close)
            return worker

        busy: set[Worker[T]] = set()

        def assign(worker: Worker[T] | None) -> None:
            """Give the next task, if there is one, to ``worker`` or a new one."""
            for task in waiting:
                worker = worker or hire()
                worker.give(task, {})
                busy.add(worker)
                return
            if worker is not None:
                worker.close()

        for _ in range(workers):
            assign(None)
        next_look = 0.0
        while busy:
            if (now := time.monotonic()) >= next_look:
                _watch(busy, limits)
                next_look = now + TICK
            try:
                worker, message = inbox.get(timeout=TICK)
            except queue.Empty:
                continue
            if worker not in busy:
                continue
            match message:
                case None:
                    busy.remove(worker)
                    task, lost = worker.task, _lost(worker)
                    worker.close()
                    replacement = hire()
                    replacement.give(task, lost)  # type: ignore[arg-type] # a busy worker has a task
                    busy.add(replacement)
                case ("report", report):
                    yield report
                case ("raised", error):
                    raise error
                case ("done", _):
                    busy.remove(worker)
                    if worker.memory() > limits.memory / 2:  # what it has kept must not count against the next item
                        worker.close()
                        assign(None)
                    else:
                        assign(worker)


def _watch(busy: Iterable[Worker[Any]], limits: Limits) -> None:
    """End every worker that has gone over a limit."""
    for worker in busy:
        if worker.overdue(limits.seconds):
            worker.end(Cause.TIME)
        elif worker.touching[0] is not None and worker.memory() > limits.memory:
            worker.end(Cause.MEMORY)


_STILLBORN: Final = "stillborn"


def _lost(worker: Worker[Any]) -> Mapping[Item, Loss]:
    """Return what the task of a worker whose process has ended has lost, with what it lost now.

    Raises:
        WorkerError: that leads nowhere.
    """
    loss = worker.how_it_ended()
    item, _ = worker.touching
    if item is not None and item not in worker.lost:
        return {**worker.lost, item: loss}
    tries = sum(1 for known in worker.lost if known[0] == _STILLBORN) + 1
    if tries >= TRIES:
        words = worker.last_words()
        raise WorkerError(f"{TRIES} workers ended ({loss.how or loss.cause})" + (f":\n{words}" if words else ""))
    return {**worker.lost, (_STILLBORN, tries): loss}
