"""The Ray engine: the same bytes as the local one, whatever happens to processes and machines."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import corpuskit as ck
from corpuskit.package.release import checksums
from tests.run.builds import (
    ARCHIVED,
    FAULTS,
    HERE,
    SETTINGS,
    check_ctrl_c,
    check_full_disk,
    check_kills,
    check_unwritable,
    start,
    wait_for_parts,
    write_archives,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.pipeline import State

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed: it is an extra"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning"),
]

PAGES = 160
LOST = sum(lost for _, _, lost in FAULTS)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Return a cluster of a head that does nothing, and two machines of one core each."""
    os.environ |= {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
        # The loopback interface alone: what Ray does by itself on other systems.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        # Its processes import what tests bring.
        "PYTHONPATH": os.pathsep.join((str(HERE), *filter(None, sys.path))),
    }
    from ray.cluster_utils import Cluster

    made = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "include_dashboard": False, "node_ip_address": "127.0.0.1"},
    )
    for _ in range(2):
        made.add_node(num_cpus=1)
    yield made
    made.shutdown()


@pytest.fixture
def many(corpus: Path) -> Path:
    """Return a corpus of good pages and some that do harm."""
    for number in range(PAGES):
        page = (corpus / "pages" / "a.txt").read_text().replace("ferry", f"ferry {number}")
        (corpus / "pages" / f"good{number}.txt").write_text(page)
    for word, _, _ in FAULTS:
        (corpus / "pages" / f"{word}.txt").write_text(f"!{word}!")
    write_archives(corpus / "pages")
    with (corpus / "corpus.toml").open("a") as file:
        file.write('include = ["**/*"]\n' + SETTINGS)
    return corpus


@pytest.fixture
def few(corpus: Path) -> Path:
    """Return a corpus of 3 + 60 good pages and one that kills its worker."""
    for number in range(60):
        page = (corpus / "pages" / "a.txt").read_text().replace("ferry", f"ferry {number}")
        (corpus / "pages" / f"good{number}.txt").write_text(page)
    (corpus / "pages" / "deadly.txt").write_text("!SIGKILL!")
    return corpus


@pytest.fixture
def expected(many: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the checksums of what the local engine makes of it."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setattr("corpuskit.pipeline.PagePass", importlib.import_module("faulty").FaultyPass)
    report = ck.build(many, dist=many / "local", work=many / "local-work", workers=2)
    assert report.lost == LOST
    return checksums(report.path)


def test_the_same_bytes_though_a_machine_is_taken_away(many: Path, expected: dict[str, str], cluster: Any) -> None:  # noqa: ANN401 - ray has no types
    """Pages that hang, crash and eat memory, and a machine that is removed in the middle."""
    doomed = cluster.add_node(num_cpus=1)
    removed = threading.Event()

    def remove(state: State) -> None:
        if state.units_done > PAGES // 5 and not removed.is_set():
            removed.set()
            cluster.remove_node(doomed, allow_graceful=False)

    report = ck.build(many, engine="ray", address=cluster.address, workers=3, progress=remove)
    assert removed.is_set()
    assert report.pages["read"] == PAGES + 3 + len(FAULTS) + ARCHIVED
    assert report.pages["quarantined"] == len(FAULTS) + 3
    assert report.lost == LOST
    assert checksums(report.path) == expected


def test_a_driver_that_is_killed_goes_on(many: Path, expected: dict[str, str], cluster: Any) -> None:  # noqa: ANN401 - see above
    """The driver is killed in the middle; so is a process of Ray's while the next driver runs."""
    first = start(many, *on(cluster))
    wait_for_parts(many, first)
    first.kill()
    first.communicate()
    second = start(many, *on(cluster))
    killed = False
    while not killed and second.poll() is None:
        for pid in ray_processes():
            os.kill(pid, signal.SIGKILL)
            killed = True
        time.sleep(0.05)
    assert killed
    said, complained = second.communicate(timeout=300)
    assert (second.returncode, bool(said)) == (1, True), complained
    report = json.loads(said)
    assert (report["lost"], report["reused"] > 0) == (LOST, True)
    assert checksums(many / "dist" / "ferry-0.1.0") == expected


@pytest.mark.parametrize("seed", [4, 5])
def test_drivers_killed_at_many_moments_give_the_same_bytes(few: Path, cluster: Any, seed: int) -> None:  # noqa: ANN401 - see above
    check_kills(few, 10, seed, on(cluster))


def test_ctrl_c_ends_with_130_and_the_next_run_goes_on(few: Path, cluster: Any) -> None:  # noqa: ANN401 - see above
    check_ctrl_c(few, on(cluster))


def test_a_full_disk_ends_with_2_and_the_next_run_goes_on(few: Path, cluster: Any) -> None:  # noqa: ANN401 - see above
    check_full_disk(few, 12_000, on(cluster))


def test_an_output_that_cannot_be_written_ends_with_2(few: Path, cluster: Any) -> None:  # noqa: ANN401 - see above
    check_unwritable(few, on(cluster))


def on(cluster: Any) -> tuple[str, ...]:  # noqa: ANN401 - see above
    """Return the options that have a build run there."""
    return ("--engine", "ray", "--address", cluster.address)


def ray_processes() -> list[int]:
    """Return the processes in which tasks of this cluster run, if any does just now."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().startswith(b"ray::_do"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found[:1]
