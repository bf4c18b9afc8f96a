"""What passes between work and those who watch over it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Item: TypeAlias = "tuple[int | str, ...]"
"""Names an item within its task; what the parts mean is the work's own affair."""

T_contra = TypeVar("T_contra", contravariant=True)


class Cause(StrEnum):
    """How an item was lost with the process that worked on it."""

    TIME = "time"
    MEMORY = "memory"
    DEATH = "death"


@dataclass(frozen=True, slots=True)
class Loss:
    """What an item did to its process: ``how`` is the signal or the exit code of a process that died."""

    cause: Cause
    how: str = ""


class WorkerError(RuntimeError):
    """Workers cannot do their work: they end before they begin, or on items they were told not to touch."""


class Desk:
    """Where a worker finds what it must know of a task, and leaves what others must know of its work.

    Attributes:
        lost: the items of this task that took an earlier process down. Work must account for them and not touch them.
        reported: what that process reported of this task: it need not be done again.
    """

    def __init__(
        self, lost: Mapping[Item, Loss], reported: Sequence[Any], send: Callable[[tuple[str, Any]], None]
    ) -> None:
        self.lost = lost
        self.reported = reported
        self._send = send

    def starting(self, item: Item) -> None:
        """Say that ``item`` is touched from now on: its time begins, and what happens next is its doing."""
        self._send(("item", item))

    def resting(self) -> None:
        """Say that no item is touched: what takes time now, such as writing to a disk, is nobody's doing."""
        self._send(("item", None))

    def report(self, report: object) -> None:
        """Pass on what is done, for good: it reaches whoever runs the work even if this process dies next."""
        self._send(("report", report))


class Work(Protocol[T_contra]):
    """What is done with a task.  It is pickled, and so must be its tasks, items and reports.

    What it raises ends the whole run: what is wrong with one item is its own to report.  If it has a method
    ``prepare``, that is called once, before any process splits off to do tasks: what is loaded there is there for all.
    """

    def __call__(self, task: T_contra, desk: Desk, /) -> None:
        """Do ``task``."""
