"""What runs in child processes: the one that workers split off from (:class:`ForkServer`), and each :class:`Worker`."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import struct
import sys
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final

from corpuskit.process import OBJECTS
from corpuskit.run.desk import Desk, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpuskit.run.desk import Work

NUMBER: Final = struct.Struct("=q")
"""What goes through the socket: :data:`FORK` or a process id, then a process id or an exit code."""

FORK: Final = 0


def main(parent: int) -> None:
    """Get ready for work, then split off workers until nobody asks for one: what is asked comes by standard input."""
    # A Ctrl-C reaches every process of the terminal: the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
    connection = socket.socket(fileno=_taken(0))
    work: Work[Any] = pickle.loads(connection.recv(received(connection), socket.MSG_WAITALL))  # noqa: S301 - from the parent
    # Not all work has something to prepare.
    getattr(work, "prepare", lambda: None)()
    # What is here now stays, and is shared as long as nobody writes to it.
    gc.freeze()
    gc.set_threshold(OBJECTS)
    while True:
        data, files, _, _ = socket.recv_fds(connection, NUMBER.size, 3)
        if not data:
            return  # nobody is there any more
        (asked,) = NUMBER.unpack(data)
        if asked == FORK:
            connection.sendall(NUMBER.pack(split_off(partial(_serve, work, os.getpid()), files)))
            for file in files:
                os.close(file)
        else:
            connection.sendall(NUMBER.pack(_ended(asked)))


def split_off(do: Callable[[], object], files: Sequence[int]) -> int:
    """Fork a process that does ``do``, has ``files`` as its standard input, output and errors, and no others.

    Returns its process id.
    """
    import fcntl  # POSIX, as forks are

    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        for place, file in enumerate([fcntl.fcntl(file, fcntl.F_DUPFD, len(files)) for file in files]):
            os.dup2(file, place)
        os.closerange(len(files), os.sysconf("SC_OPEN_MAX"))
        do()
        code = 0
    except KeyboardInterrupt:
        pass  # the parent has it too
    except BaseException:  # noqa: BLE001 - nothing may reach the frames of the parent, which this process has too
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def received(connection: socket.socket) -> int:
    """Return the number that comes next.

    Raises:
        ConnectionError: the other end has ended.
    """
    data = connection.recv(NUMBER.size, socket.MSG_WAITALL)
    if len(data) < NUMBER.size:
        raise ConnectionResetError
    (number,) = NUMBER.unpack(data)
    return int(number)


def _ended(pid: int) -> int:
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _taken(file: int) -> int:
    """Return another number for ``file``, in whose place there is nothing from now on, for libraries to read."""
    taken = os.dup(file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), file)
    return taken


def _serve(work: Work[Any], parent: int) -> None:
    """Do tasks until there are no more: the other end of :class:`Worker`."""
    _die_with(parent)
    out = os.dup(1)
    # What libraries print must not end up among the messages.
    os.dup2(2, 1)
    # What stands below on the stack, which is not the same on every machine, leaves a page as much of it.
    sys.setrecursionlimit(sys.getrecursionlimit() + _CALLS - _room())
    with os.fdopen(_taken(0), "rb") as given:
        _do(work, given, out)


_CALLS: Final = 950
"""How deep calls may go on a page: about what Python has by itself."""


def _room(depth: int = 0) -> int:
    """Return how deep calls can go from here."""
    try:
        return _room(depth + 1)
    except RecursionError:
        return depth


def _do(work: Work[Any], given: IO[bytes], out: int) -> None:
    """Do the tasks that are ``given``, and say of each what becomes of it."""

    def send(message: tuple[str, Any]) -> None:
        try:
            view = memoryview(pickle.dumps(message))
            while view:
                view = view[os.write(out, view) :]
        except BrokenPipeError:
            os._exit(1)  # nobody is there to hear it

    while True:
        try:
            task, lost, reported = pickle.load(given)  # noqa: S301 - from the parent
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
