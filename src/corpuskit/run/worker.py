"""One worker: a process that does one task after another, and the handle by which it is watched and ended.

It is a process of our own that talks through pipes, not one of ``multiprocessing``'s or of a pool's, for reasons that
were tried (pebble 5.2): those import the caller's script again, so that a script without ``if __name__ == "__main__"``
cannot build; a limit holds for a task and not for an item of it, so that each item must be a task, at .4 ms each; and
none watches memory.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final, Generic, TypeVar

from corpuskit.run.desk import Cause, Item, Loss, WorkerError
from corpuskit.run.forkserver import last_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpuskit.run.forkserver import ForkServer

T = TypeVar("T")

Message = tuple[str, Any]
Inbox = queue.SimpleQueue[tuple["Worker[Any]", "Message | None"]]
"""Messages of all workers, each with its sender; ``None`` is the last of a worker, whose process has ended."""


@dataclass(slots=True, eq=False)
class Worker(Generic[T]):
    """The handle on a worker's process.

    Attributes:
        task: what it is doing, if anything.
        lost: the items that this task lost to earlier processes.
        reported: what was reported of this task.
        touching: the item it touches, if any, and since when, on the monotonic clock.
        ended_for: why it was ended from here.
    """

    server: ForkServer[T]
    inbox: Inbox
    task: T | None = None
    lost: Mapping[Item, Loss] = field(default_factory=dict)
    reported: list[Any] = field(default_factory=list)
    touching: tuple[Item | None, float] = (None, 0.0)
    ended_for: Cause | None = None
    _silent: bool = False
    _code: int | None = None
    _pid: int = field(init=False)
    _tasks: IO[bytes] = field(init=False)
    _messages: IO[bytes] = field(init=False)
    _errors: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        (theirs, tasks), (messages, out) = os.pipe(), os.pipe()
        self._tasks, self._messages = os.fdopen(tasks, "wb"), os.fdopen(messages, "rb")
        try:
            self._pid = self.server.fork((theirs, out, self._errors.fileno()))
        except WorkerError:
            for file in (self._tasks, self._messages, self._errors):
                file.close()
            raise
        finally:
            os.close(theirs)
            os.close(out)
        threading.Thread(target=self._listen, daemon=True).start()

    def give(self, task: T, lost: Mapping[Item, Loss], reported: Sequence[Any] = ()) -> None:
        """Give it a task to do, with what earlier processes lost and reported of it."""
        self.task, self.lost, self.reported, self.touching = task, lost, list(reported), (None, 0.0)
        self._tell((task, lost, reported))

    def answers_to(self, inbox: Inbox) -> bool:
        """Have it send to another inbox from now on; false if it has ended."""
        self.inbox = inbox
        return not self._silent

    def overdue(self, seconds: float) -> bool:
        """Whether it has touched one item for longer than ``seconds``."""
        item, since = self.touching
        return item is not None and time.monotonic() - since > seconds

    def memory(self) -> int:
        """Return the bytes of memory that its process has in use, or 0 where the system does not say (not Linux).

        Resident memory is what counts: address space is of no use as a measure, as a worker that holds 100 MB maps
        ten times as much, nor is a limit set in the process, as what a library does when memory is refused to it may
        well be to crash, and then it is not known that memory was why.
        """
        try:
            with open(f"/proc/{self._pid}/statm", "rb") as file:  # noqa: PTH123 - twenty times a second
                return int(file.read().split()[1]) * _PAGE_BYTES
        except (OSError, IndexError):
            return 0

    def end(self, cause: Cause | None = None) -> None:
        """End its process at once."""
        self.ended_for = self.ended_for or cause
        if self._code is None:  # its number is nobody else's until it has been waited for
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def how_it_ended(self) -> Loss:
        """Return what its process died of; it must have ended."""
        code = self._wait()
        if self.ended_for is not None:
            return Loss(self.ended_for)
        if code < 0:
            with contextlib.suppress(ValueError):
                return Loss(Cause.DEATH, signal.Signals(-code).name)
        return Loss(Cause.DEATH, f"exit code {code}")

    def last_words(self) -> str:
        """Return the end of what it wrote to its standard error."""
        return last_words(self._errors)

    def close(self) -> None:
        """End the process if it has not ended, and let go of everything."""
        self.end()
        self._wait()
        with contextlib.suppress(OSError):
            self._tasks.close()
        self._errors.close()

    def _wait(self) -> int:
        if self._code is None:
            self._code = self.server.wait(self._pid)
        return self._code

    def _tell(self, message: object) -> None:
        # One that has ended already is found out by its silence.
        with contextlib.suppress(OSError):
            pickle.dump(message, self._tasks)
            self._tasks.flush()

    def _listen(self) -> None:
        # Whatever a dying process leaves half said is the end of what it said.
        with self._messages as messages, contextlib.suppress(Exception):
            while True:
                kind, content = pickle.load(messages)  # noqa: S301 - from our own process
                if kind == "item":
                    # Noted here, so that one who is slow to read the inbox blames nobody for it.
                    self.touching = (content, time.monotonic())
                else:
                    self.inbox.put((self, (kind, content)))
        self._silent = True
        self.inbox.put((self, None))


_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
