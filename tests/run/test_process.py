"""A process that is the program's own forks where it may, and does the same work as one that is started anew."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SPELLING = """
import os, sys, threading
def spell(task, desk):
    for place, letter in enumerate(task):
        if (place,) in desk.lost:
            continue
        desk.starting((place,))
        if letter == "K":
            os.kill(os.getpid(), 9)
        if letter == "F":
            os.kill(os.getppid(), 9)
            threading.Event().wait()
        desk.report(letter)
    desk.report((os.path.exists("/proc/self/fd/777"), sys.stdin is None or sys.stdin.read(1), deepest(0)))
def deepest(depth):
    try:
        return deepest(depth + 1)
    except RecursionError:
        return depth
"""

SCRIPT = """
import os, sys, threading
from corpuskit import process
from corpuskit.run import Limits, forkserver, run_local
{before}
import spelling
os.dup2(os.open(os.devnull, os.O_RDONLY), 777)
started = []
start, fork = forkserver._started, forkserver._forked
forkserver._started = lambda files: started.append("new") or start(files)
forkserver._forked = lambda files: started.append("fork") or fork(files)
def below(calls):
    return below(calls - 1) if calls else list(run_local(spelling.spell, ["aKb", "cFd"], workers=1, limits=Limits()))
print(started, below(100))
"""

CASES = {
    "a script": ("", "new"),
    "the program": ("process.claim()", "fork"),
    "the program, with a thread": (
        "process.claim(); threading.Thread(target=threading.Event().wait, daemon=True).start()",
        "new",
    ),
}
"""What a process does before it has work done, and how the process that workers split off from then comes to be.

It is replaced once on the way; whether a thread that listens to the first has ended by then is the machine's affair.
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing forks")
def test_work_is_the_same_however_its_process_came_to_be(tmp_path: Path) -> None:
    (tmp_path / "spelling.py").write_text(SPELLING)
    said = {}
    for name, (before, way) in CASES.items():
        script = tmp_path / "script.py"
        script.write_text(SCRIPT.format(before=before))
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)
        assert done.stderr == ""
        assert done.stdout.startswith(f"['{way}', "), name
        said[name] = done.stdout.partition("] ")[2]
    assert len(set(said.values())) == 1
