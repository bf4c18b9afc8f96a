"""What a command and everything it starts cost: CPU-seconds, wall-clock seconds, memory."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

PR_SET_CHILD_SUBREAPER: Final = 36
"""Linux, prctl(2): orphans below this process become its children, so that their CPU is counted when they end."""

EVERY: Final = 0.25
"""Seconds between two looks at memory: a look costs some milliseconds, which a long run must not feel."""

GRACE: Final = 2.0
"""Seconds that processes left behind have to end."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run cost; ``megabytes`` is the most that all its processes held together (proportional set size)."""

    cpu: float
    wall: float
    megabytes: float


def cost(command: Sequence[str], folder: Path) -> Cost:
    """Run ``command`` in ``folder`` and return what it cost.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    _adopt_orphans()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    # A file and no pipe: processes that are left behind would keep a pipe open, and this one waiting.
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - the benchmark's own commands
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )
        most = _Watch(process.pid)
        most.start()
        process.wait()
        wall = time.perf_counter() - start
        most.stop()
        _reap(process.pid)
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    if process.returncode:
        error = subprocess.CalledProcessError(process.returncode, list(command), stderr=said)
        error.add_note(said)
        raise error
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(cpu, wall, most.megabytes)


def _adopt_orphans() -> None:
    """Make this process the parent of whatever its children leave behind, such as the servers that fork workers."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _reap(session: int) -> None:
    """Wait for the orphans of a session; those that do not end by themselves are ended, their CPU counted all the same.

    Nothing else that this process starts is running meanwhile.
    """
    until = time.monotonic() + GRACE
    while True:
        try:
            found, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not found:
            if time.monotonic() > until:
                for folder in _members(session):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(folder.name), signal.SIGKILL)
            time.sleep(EVERY)


class _Watch(threading.Thread):
    """Adds up the memory of a session's processes until it is stopped."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.megabytes = 0.0
        self._session = session
        self._over = threading.Event()

    def run(self) -> None:
        """Look every :data:`EVERY` seconds."""
        while not self._over.wait(EVERY):
            total = sum(map(_proportional, _members(self._session)))
            self.megabytes = max(self.megabytes, total / 1_000)

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()


def _members(session: int) -> list[Path]:
    """Return the /proc folders of the processes in a session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if int(fields[3]) == session:
                found.append(folder)
    return found


def _proportional(folder: Path) -> int:
    """Return the memory of a process in kB, pages it shares counted by their share."""
    try:
        text = (folder / "smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
