"""What may be done to a process that is the program's own, and not a script's or a notebook's that called the library.

There nobody else's code runs: so libraries need start no threads, Arrow need look for no data frames, and the process
may fork where others must start an interpreter anew and import everything again.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Final

from corpuskit.arrow import without_pandas

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
