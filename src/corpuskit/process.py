"""What may be done to a process that is the program's own, and not a script's or a notebook's that called the library.

There nobody else's code runs: so libraries need start no threads, Arrow need look for no data frames, and the process
may fork where others must start an interpreter anew and import everything again.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from corpuskit.arrow import without_pandas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadpoolctl import ThreadpoolController

NO_THREADS: Final = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""The environment in which libraries start no threads.

A worker is one of as many as there are cores: more threads that compute in each wait for each other, and the same page
costs up to four times the processor time.  And a process with threads must not fork: one of them may hold a lock that
the child then waits for.  (Arrow's jemalloc starts one whether it is used or not.)
"""

OBJECTS: Final = 50_000
"""Objects made before the garbage collector looks for cycles among them.

Imports make many that stay, and a page thousands that all go together when it is done: looking every 700 objects
takes a twentieth of the time.
"""

_claims: list[int] = []


def claim() -> None:
    """Take this process for the program's own, before it imports what it works with; what the user has set stays."""
    _claims.append(os.getpid())
    for name, value in NO_THREADS.items():
        os.environ.setdefault(name, value)
    gc.set_threshold(OBJECTS)
    without_pandas()


def may_fork() -> bool:
    """Whether a fork is as good as a new process: this one is :func:`claim`'s, and has one thread (Linux tells)."""
    return os.getpid() in _claims and sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


@contextmanager
def one_thread() -> Iterator[None]:
    """Multiply the matrices of a page in one thread.

    They are small: on two cores a page costs four times the processor time in two threads, which wait for each other,
    and takes no less time.  A process of the program's own (:func:`claim`) has one thread anyway.  The number is one
    for the whole process: of threads that overlap here the first one sets it, and sets it back.
    """
    libraries = _linear_algebra()
    if libraries is None or not _limiting.acquire(blocking=False):
        yield
        return
    try:
        with libraries.limit(limits=1):
            yield
    finally:
        _limiting.release()


_limiting: Final = Lock()


@cache
def _linear_algebra() -> ThreadpoolController | None:
    """Return what sets the threads of the libraries of linear algebra, if they may have more than one."""
    if all(os.environ.get(name) == "1" for name in NO_THREADS if name.endswith("NUM_THREADS")):
        return None
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
