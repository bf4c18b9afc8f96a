"""Workers: every task is done, and what an item does to its process costs that item alone."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import corpuskit as ck
from corpuskit.config import defaults
from corpuskit.package.release import checksums
from corpuskit.passes.pages import PagePass
from corpuskit.run import Cause, Limits, Loss, WorkerError, run_local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpuskit.passes.pages import Piece
    from corpuskit.run import Desk

LIMITS = Limits(seconds=60, memory=2_000_000_000)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def spell(task: str, desk: Desk) -> None:
    """Report each letter of a task; some letters do harm."""
    for place, letter in enumerate(task):
        if loss := desk.lost.get((place,)):
            desk.report((letter, loss.cause, loss.how))
            continue
        desk.starting((place,))
        harm = HARM.get(letter)
        if harm is not None:
            harm()
        desk.report(letter)
    desk.resting()


def hoard() -> None:
    held = []
    while True:
        held.append(bytearray(b"x" * 10_000_000))


def end_the_parent() -> None:
    """End the process that this one split off from, which takes this one with it."""
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


HARM: dict[str, Callable[[], object]] = {
    "K": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "S": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "E": lambda: os._exit(3),
    "H": lambda: time.sleep(600),
    "C": lambda: ctypes.PyDLL(None).sleep(600),  # it holds the interpreter's lock
    "M": hoard,
    "F": end_the_parent,
    "P": lambda: print("what a library prints is no message"),  # noqa: T201
}


def fail(_: str, desk: Desk) -> None:
    desk.starting((0,))
    message = "as told"
    raise LookupError(message)


def die_at_once(_: str, __: Desk) -> None:
    os.write(2, b"no such luck")
    os._exit(7)


@dataclass(frozen=True, slots=True)
class Threads(PagePass):
    """Says how many threads the process has that it split off from, which has got ready for pages."""

    def __call__(self, _: Sequence[Piece], desk: Desk) -> None:
        status = Path(f"/proc/{os.getppid()}/status").read_text(encoding="ascii")
        desk.report(int(status.partition("Threads:")[2].split()[0]))


def run(tasks: list[str], workers: int = 1, limits: Limits = LIMITS) -> list[object]:
    return list(run_local(spell, tasks, workers=workers, limits=limits))


@pytest.mark.parametrize("workers", [1, 3])
def test_every_task_is_done_once(workers: int) -> None:
    tasks = ["abc", "", "d", "ef"] * 10
    assert sorted(map(str, run(tasks, workers))) == sorted("".join(tasks))


@pytest.mark.parametrize(
    ("letter", "cause", "how"),
    [("K", Cause.DEATH, "SIGKILL"), ("S", Cause.DEATH, "SIGSEGV"), ("E", Cause.DEATH, "exit code 3")],
)
def test_an_item_that_ends_its_process_costs_no_other(letter: str, cause: Cause, how: str) -> None:
    found = run([f"ab{letter}c"])
    assert found == ["a", "b", "a", "b", (letter, cause, how), "c"]


@pytest.mark.parametrize("letter", ["H", "C"])
def test_an_item_that_hangs_is_ended(letter: str) -> None:
    found = run([f"a{letter}b", "c"], limits=Limits(seconds=1, memory=LIMITS.memory))
    assert found == ["a", "a", (letter, Cause.TIME, ""), "b", "c"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of a process")
def test_an_item_that_eats_memory_is_ended() -> None:
    found = run(["aMb"], limits=Limits(seconds=60, memory=300_000_000))
    assert found == ["a", "a", ("M", Cause.MEMORY, ""), "b"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_the_process_that_workers_split_off_from_is_replaced() -> None:
    found = run(["aFb", "cd"])
    assert found == ["a", "a", ("F", Cause.DEATH, "SIGKILL"), "b", "c", "d"]


def test_several_items_of_a_task_may_be_lost() -> None:
    assert run(["KaSbE"])[-5:] == [
        ("K", Cause.DEATH, "SIGKILL"),
        "a",
        ("S", Cause.DEATH, "SIGSEGV"),
        "b",
        ("E", Cause.DEATH, "exit code 3"),
    ]


def test_what_is_printed_does_not_disturb_the_messages() -> None:
    assert run(["aPb"]) == ["a", "P", "b"]


def test_an_error_of_the_work_itself_ends_the_run() -> None:
    with pytest.raises(LookupError, match="as told"):
        list(run_local(fail, ["a"], workers=1, limits=LIMITS))


def test_workers_that_die_before_they_begin_end_the_run() -> None:
    with pytest.raises(WorkerError, match=r"exit code 7.*\n.*no such luck"):
        list(run_local(die_at_once, ["a"], workers=1, limits=LIMITS))


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = []

    def tasks() -> Iterator[str]:
        for _ in range(1_000):
            taken.append(1)
            yield "a"

    with closing(run_local(spell, tasks(), workers=2, limits=LIMITS)) as found:
        next(found)
    assert len(taken) < 100


def test_a_script_without_a_main_guard_can_use_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from corpuskit.run import Limits, run_local\n"
        "from spelling import spell\n"
        "print(list(run_local(spell, ['ab'], workers=1, limits=Limits())))\n"
    )
    (tmp_path / "spelling.py").write_text(
        "def spell(task, desk):\n    for letter in task:\n        desk.report(letter)\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("['a', 'b']\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_worker_that_hangs_does_not_outlive_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from corpuskit.run import Limits, run_local\n"
        "from hanging import hang\n"
        "for pid in run_local(hang, [''], workers=1, limits=Limits()):\n"
        "    print(pid, flush=True)\n"
    )
    (tmp_path / "hanging.py").write_text(
        "import ctypes, os\ndef hang(task, desk):\n    desk.report(os.getpid())\n    ctypes.PyDLL(None).sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        if not _runs(worker):
            break
        time.sleep(0.05)
    assert not _runs(worker)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:  # noqa: PTH123
            return file.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the threads of a process")
def test_workers_split_off_from_a_process_without_threads() -> None:
    assert list(run_local(Threads(defaults(), None), [()], workers=1, limits=LIMITS)) == [1]


def test_losses_are_values() -> None:
    assert Loss(Cause.DEATH, "SIGKILL") == Loss(Cause.DEATH, "SIGKILL")


def test_pages_done_here_as_tests_do_them_give_the_same_bytes(corpus: Path, request: pytest.FixtureRequest) -> None:
    """What spares other tests a process changes nothing that they look at."""
    in_processes = ck.build(corpus, dist=corpus / "processes", work=corpus / "one")
    request.getfixturevalue("pages_here")
    here = ck.build(corpus, dist=corpus / "here", work=corpus / "other")
    assert checksums(here.path) == checksums(in_processes.path)
