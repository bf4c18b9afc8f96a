"""How work reaches processes, and what happens to those that do it.  This room knows nothing of pages.

Work is cut into tasks, a task into items.  A :class:`Work` does one task at a time in a process of its own and says
through its :class:`Desk` which item it is about to touch; so when that process hangs, dies or eats memory, it is known
which item did it.  The task is then given to a fresh process, which is told what was :class:`Loss` before.
"""

from corpuskit.run.desk import Cause, Desk, Item, Loss, Work, WorkerError
from corpuskit.run.forkserver import ForkServer
from corpuskit.run.local import Limits, run_local

__all__ = ["Cause", "Desk", "ForkServer", "Item", "Limits", "Loss", "Work", "WorkerError", "run_local"]
