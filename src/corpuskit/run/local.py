"""Work on one machine: a pool of long-lived workers, each of them watched."""

from __future__ import annotations

import queue
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from corpuskit.run.desk import Cause, Item, Loss, WorkerError
from corpuskit.run.forkserver import ForkServer
from corpuskit.run.worker import Inbox, Worker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

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


def run_local(
    work: Work[T], tasks: Iterable[T], *, workers: int, limits: Limits, server: ForkServer[T] | None = None
) -> Generator[Any]:
    """Have ``workers`` processes do ``work`` on every task, and yield what is reported, as it is reported.

    A process that touches an item for too long or with too much memory is ended.  However a process ends, its task is
    given to a new one, with that item among those that were lost: the other items of the task are done.  Tasks are
    taken as they are needed.  Workers split off from ``server``, if there is one already, and those that are left at
    the end stay with it.

    Raises:
        WorkerError: processes cannot be started, or die without touching an item.
        Exception: whatever ``work`` raises.
    """
    with ExitStack() as ends:
        keep = server is not None
        if server is None:
            server = ends.enter_context(closing(ForkServer(work)))
        pool = ends.enter_context(closing(_Pool(server, iter(tasks), limits, keep=keep)))
        for _ in range(workers):
            pool.hire()
        yield from pool.run()


class _Pool(Generic[T]):
    """Workers, and the tasks they have not been given."""

    def __init__(self, server: ForkServer[T], tasks: Iterator[T], limits: Limits, *, keep: bool) -> None:
        self._server = server
        self._tasks = tasks
        self._limits = limits
        self._keep = keep
        self._inbox: Inbox = queue.SimpleQueue()
        self._workers: set[Worker[T]] = set()

    def hire(self) -> None:
        """Start a worker, if there is a task for it."""
        for task in self._tasks:
            self._start(task, {})
            return

    def run(self) -> Iterator[Any]:
        """Yield reports until every task is done."""
        next_look = 0.0
        while self._workers:
            if (now := time.monotonic()) >= next_look:
                self._watch()
                next_look = now + TICK
            try:
                worker, message = self._inbox.get(timeout=TICK)
            except queue.Empty:
                continue
            if worker not in self._workers:
                continue
            match message:
                case ("report", report):
                    worker.reported.append(report)
                    yield report
                case ("raised", error):
                    raise error
                case ("done", _):
                    self._next(worker)
                case None:
                    self._replace(worker)

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.close()

    def _start(self, task: T, lost: Mapping[Item, Loss], reported: Sequence[Any] = ()) -> None:
        worker = self._server.idle.pop() if self._server.idle else None
        if worker is None or not worker.answers_to(self._inbox):
            worker = Worker(self._server, self._inbox)
        self._workers.add(worker)
        worker.give(task, lost, reported)

    def _watch(self) -> None:
        """End every worker that has gone over a limit."""
        for worker in self._workers:
            if worker.overdue(self._limits.seconds):
                worker.end(Cause.TIME)
            elif worker.touching[0] is not None and worker.memory() > self._limits.memory:
                worker.end(Cause.MEMORY)

    def _next(self, worker: Worker[T]) -> None:
        """Give a worker that has done its task the next one."""
        if worker.memory() <= self._limits.memory / 2:
            for task in self._tasks:
                worker.give(task, {})
                return
            if self._keep:
                self._workers.remove(worker)
                self._server.idle.append(worker)
                return
        # There is no more to do, or it has kept so much memory that it would count against the next item.
        self._dismiss(worker)
        self.hire()

    def _replace(self, worker: Worker[T]) -> None:
        """Give the task of a worker whose process has ended to a new one."""
        task, lost = worker.task, _lost(worker)
        self._dismiss(worker)
        self._start(cast("T", task), lost, worker.reported)

    def _dismiss(self, worker: Worker[T]) -> None:
        self._workers.remove(worker)
        worker.close()


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
