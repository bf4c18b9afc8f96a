"""Work on a Ray cluster: each of Ray's own processes keeps one watched worker, as there are on one machine.

Ray starts a task again whose process or machine is gone, a few times and no more; what an item does to a process is
found out by :mod:`corpuskit.run.local` inside the task, so that Ray never sees it.
"""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any, Final, TypeVar

from corpuskit.errors import CorpuskitError
from corpuskit.run.forkserver import ForkServer
from corpuskit.run.local import run_local

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from corpuskit.run.desk import Work
    from corpuskit.run.local import Limits

T = TypeVar("T")

RETRIES: Final = 5
"""How often Ray starts a task again whose process or machine is gone."""

AHEAD: Final = 2
"""Tasks that wait for each worker: enough that none stands idle, few enough that the queue stays short."""

_servers: dict[bytes, ForkServer[Any]] = {}
"""What this process keeps, with its worker, by the work it does; another work takes its place."""


def run_ray(
    work: Work[T], tasks: Iterable[T], *, workers: int, limits: Limits, address: str | None = None
) -> Generator[Any]:
    """Have a cluster do ``work`` on every task, and yield what is reported, task by task.

    ``workers`` is how many cores are used at a time.  Without an ``address`` a cluster of this machine alone is
    started, and stopped at the end.  Work and its reports must make sense on every machine of the cluster.

    Raises:
        CorpuskitError: Ray is not installed, or there is no cluster at ``address``.
        Exception: whatever ``work`` raises, or Ray when a task was lost too often.
    """
    # A build tells nobody of itself.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    if address is None:
        # A cluster of this machine is on its loopback interface alone: what Ray does by itself on other systems.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        import ray
    except ImportError as error:
        raise CorpuskitError(
            "the engine `ray` needs a package that is not installed",
            remedy="Install it with `pip install 'corpuskit[ray]'`, or leave out --engine.",
        ) from error
    own = not ray.is_initialized()
    if own:
        _connect(ray, address, workers)
    try:
        do = ray.remote(num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD")(_do)
        packed = ray.put(pickle.dumps(work))
        running: list[Any] = []
        for task in tasks:
            running.append(do.remote(packed, task, limits))
            while len(running) >= workers * (1 + AHEAD):
                done, running = ray.wait(running)
                yield from _reports(ray, done)
        while running:
            done, running = ray.wait(running)
            yield from _reports(ray, done)
    finally:
        if own:
            ray.shutdown()


def _connect(ray: Any, address: str | None, workers: int) -> None:  # noqa: ANN401 - a module that may not be there
    here = {"num_cpus": workers, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    try:
        ray.init(address or "local", log_to_driver=False, logging_level="error", **({} if address else here))
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise CorpuskitError(
            f"no Ray cluster answers: {error}", where=address, remedy="Give the --address that `ray start` printed."
        ) from error


def _reports(ray: Any, done: list[Any]) -> Generator[Any]:  # noqa: ANN401 - see _connect
    for reports in ray.get(done):
        if isinstance(reports, Exception):
            raise reports
        yield from reports


def _do(packed: bytes, task: Any, limits: Limits) -> list[Any] | Exception:  # noqa: ANN401 - whatever the work takes
    """Do one task in a process of Ray's."""
    if packed not in _servers:
        for server in _servers.values():
            server.close()
        _servers.clear()
        _servers[packed] = ForkServer(pickle.loads(packed))  # noqa: S301 - ours
    server = _servers[packed]
    try:
        return list(run_local(server.work, [task], workers=1, limits=limits, server=server))
    except Exception as error:  # noqa: BLE001 - raised where the run is: Ray would wrap it
        return error
