"""The process that workers split off from: what they need is imported once, and one that died is soon replaced.

It is a plain child process that has no threads and does nothing but fork, as in ``multiprocessing``, whose own fork
server imports the caller's script again (:mod:`corpuskit.run.worker`).  It forks itself from the program where that
may be done (:func:`corpuskit.process.may_fork`), and is started anew everywhere else.  Whoever runs the work talks to
it through a socket, one question at a time: pipes go in with the request for a worker, its process id comes back; later
a process id goes in, and how that process ended comes back.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from functools import partial
from typing import IO, TYPE_CHECKING, Final, Generic, TypeVar

from corpuskit import process
from corpuskit.run.child import FORK, NUMBER, main, received, split_off
from corpuskit.run.desk import WorkerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.run.desk import Work
    from corpuskit.run.worker import Worker

T = TypeVar("T")

_START: Final = "import sys; sys.path[:] = {path!r}; from corpuskit.run.child import main; main({parent})"

TRIES: Final = 3
"""How often in a row the process may end before the run is given up."""


class ForkServer(Generic[T]):
    """The handle on the process.

    Attributes:
        work: what its workers do.
        idle: those that have no task, kept for whoever has more.
    """

    def __init__(self, work: Work[T]) -> None:
        self.idle: list[Worker[T]] = []
        self.work = work
        self._process: subprocess.Popen[bytes] | _Forked | None = None
        self._socket: socket.socket
        self._errors: IO[bytes]

    def fork(self, files: Sequence[int]) -> int:
        """Have a worker split off, with ``files`` as its standard input, output and errors; return its process id.

        Raises:
            WorkerError: that process does not start.
        """
        ended = ""
        for _ in range(TRIES):
            self.start()
            try:
                socket.send_fds(self._socket, [NUMBER.pack(FORK)], list(files))
                return received(self._socket)
            except OSError:
                ended = last_words(self._errors)
                self.close()
        raise WorkerError(f"{TRIES} processes ended before a worker could split off" + (f":\n{ended}" if ended else ""))

    def wait(self, pid: int) -> int:
        """Return the exit code of a worker once it has ended, as ``subprocess`` has it: a signal is negative."""
        try:
            self._socket.sendall(NUMBER.pack(pid))
            return received(self._socket)
        except OSError:
            return -signal.SIGKILL  # what its workers die of when this process does

    def close(self) -> None:
        """End the process, and what is idle."""
        for worker in self.idle:
            worker.close()
        self.idle.clear()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._socket.close()
            self._errors.close()

    def start(self) -> None:
        """Start the process, if it is not there: it gets ready while others go on with what they do."""
        if self._process is not None:
            return
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `close`
        self._socket, theirs = socket.socketpair()
        with theirs, open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - as for Popen
            files = (theirs.fileno(), nowhere.fileno(), self._errors.fileno())
            self._process = _forked(files) if process.may_fork() else _started(files)
        packed = pickle.dumps(self.work)
        # One that has ended already is found out by its silence.
        with contextlib.suppress(OSError):
            self._socket.sendall(NUMBER.pack(len(packed)) + packed)


class _Forked:
    """The handle on a process that split off from this one."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> None:
        os.waitpid(self._pid, 0)


def _forked(files: Sequence[int]) -> _Forked:
    """Split a process off that has what is imported here already."""
    return _Forked(split_off(partial(main, os.getpid()), files))


def _started(files: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start a process that imports everything by itself."""
    start = _START.format(path=[str(entry) for entry in sys.path], parent=os.getpid())
    stdin, stdout, stderr = files
    return subprocess.Popen(  # noqa: S603 - this interpreter, and nothing from outside
        [sys.executable, "-c", start],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env={**process.NO_THREADS, **os.environ},
    )


def last_words(errors: IO[bytes]) -> str:
    """Return the end of what a process wrote to its standard error."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - 2_000))
    return errors.read().decode(errors="replace").strip()
