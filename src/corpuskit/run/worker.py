"""One worker: a process that does one task after another, and the handle by which it is watched and ended.

It is a plain child process that talks through its own standard input and output, not one of ``multiprocessing``'s or
of a pool's, for reasons that were tried (pebble 5.2): those import the caller's script again, so that a script without
``if __name__ == "__main__"`` cannot build; a limit holds for a task and not for an item of it, so that each item must
be a task, at .4 ms each; and none watches memory.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from corpuskit.run.desk import Cause, Desk, Item, Loss, Work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")

Message = tuple[str, Any]
Inbox = queue.SimpleQueue[tuple["Worker[Any]", "Message | None"]]
"""Messages of all workers, each with its sender; ``None`` is the last of a worker, whose process has ended."""

_START: Final = "import sys; sys.path[:] = {path!r}; from corpuskit.run.worker import main; main({parent})"


_THREADS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What libraries ask how many threads to compute with.

A worker is one of as many as there are cores: more threads in each wait for each other, and the same page costs up to
four times the processor time.  What the user has set stays.
"""


class WorkerError(RuntimeError):
    """Workers cannot do their work: they end before they begin, or on items they were told not to touch."""


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

    work: Work[T]
    inbox: Inbox
    task: T | None = None
    lost: Mapping[Item, Loss] = field(default_factory=dict)
    reported: list[Any] = field(default_factory=list)
    touching: tuple[Item | None, float] = (None, 0.0)
    ended_for: Cause | None = None
    _silent: bool = False
    _process: subprocess.Popen[bytes] = field(init=False)
    _errors: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        start = _START.format(path=[str(entry) for entry in sys.path], parent=os.getpid())
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and nothing from outside
            [sys.executable, "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**dict.fromkeys(_THREADS, "1"), **os.environ},
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self._tell(self.work)

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
            with open(f"/proc/{self._process.pid}/statm", "rb") as file:  # noqa: PTH123 - twenty times a second
                return int(file.read().split()[1]) * _PAGE_BYTES
        except (OSError, IndexError):
            return 0

    def end(self, cause: Cause | None = None) -> None:
        """End its process at once."""
        self.ended_for = self.ended_for or cause
        self._process.kill()

    def how_it_ended(self) -> Loss:
        """Return what its process died of; it must have ended."""
        code = self._process.wait()
        if self.ended_for is not None:
            return Loss(self.ended_for)
        if code < 0:
            with contextlib.suppress(ValueError):
                return Loss(Cause.DEATH, signal.Signals(-code).name)
        return Loss(Cause.DEATH, f"exit code {code}")

    def last_words(self) -> str:
        """Return the end of what it wrote to its standard error."""
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 2_000))
        return self._errors.read().decode(errors="replace").strip()

    def close(self) -> None:
        """End the process if it has not ended, and let go of everything."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()
        self._errors.close()

    def _tell(self, message: object) -> None:
        stdin = cast("IO[bytes]", self._process.stdin)
        # One that has ended already is found out by its silence.
        with contextlib.suppress(OSError):
            pickle.dump(message, stdin)
            stdin.flush()

    def _listen(self) -> None:
        # Whatever a dying process leaves half said is the end of what it said.
        with cast("IO[bytes]", self._process.stdout) as stdout, contextlib.suppress(Exception):
            while True:
                kind, content = pickle.load(stdout)  # noqa: S301 - from our own process
                if kind == "item":
                    # Noted here, so that one who is slow to read the inbox blames nobody for it.
                    self.touching = (content, time.monotonic())
                else:
                    self.inbox.put((self, (kind, content)))
        self._silent = True
        self.inbox.put((self, None))


_OBJECTS: Final = 50_000
"""Objects that a worker makes before the garbage collector looks for cycles among them."""

_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def main(parent: int) -> None:
    """Do tasks until there are no more: the other end of :class:`Worker`."""
    # A Ctrl-C reaches every process of the terminal: the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
    tasks, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    # What libraries print must not end up among the messages.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)

    def send(message: Message) -> None:
        try:
            view = memoryview(pickle.dumps(message))
            while view:
                view = view[out.write(view) :]
        except BrokenPipeError:
            os._exit(1)  # nobody is there to hear it

    work: Work[Any] = pickle.load(tasks)  # noqa: S301 - from the parent
    # What is here now stays; an item makes thousands of objects that all go together when it is done, and looking for
    # cycles among them every 700 objects takes a twentieth of the time.
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    while True:
        try:
            task, lost, reported = pickle.load(tasks)  # noqa: S301 - from the parent
        except EOFError:
            return
        try:
            work(task, Desk(lost, reported, send))
        except Exception as error:  # noqa: BLE001 - it is the parent's to raise
            send(("raised", _portable(error)))
        else:
            send(("done", None))


def _portable(error: Exception) -> Exception:
    """Return ``error`` if it survives the way between processes, or one that says what it said."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - just made here
    except Exception:  # noqa: BLE001 - whatever hinders it
        return WorkerError(f"{type(error).__name__}: {error}")
    return error


def _die_with(parent: int) -> None:
    """Have the system end this process when its parent ends, even while a library hangs (Linux).

    Elsewhere it ends when it next speaks.
    """
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
