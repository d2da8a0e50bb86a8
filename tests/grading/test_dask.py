"""A class graded by the workers of a real Dask cluster, one of which is killed halfway."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from distributed import Client, LocalCluster
from handed_in import hand_in_class
from test_batch import SLUG, WORTH, points

from hipkit.errors import KitError
from hipkit.grading.batch import run


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """A scheduler on loopback, with no worker yet."""
    with LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1", scheduler_port=0) as one:
        yield one


def worker(cluster: LocalCluster) -> subprocess.Popen:
    """A worker as its own process, as on another machine; with no nanny that would start it again."""
    command = [sys.executable, "-m", "distributed.cli.dask_worker", cluster.scheduler_address]
    options = ["--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard"]
    return subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL)


def test_a_worker_that_is_killed_halfway_loses_no_grade(
    counting: Path, cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = hand_in_class(counting, SLUG, 12)
    workers = [worker(cluster), worker(cluster)]
    started: list[psutil.Process] = []

    def progress(done: int, total: int) -> None:
        if done == 3 and not started:
            started.extend(psutil.Process(workers[0].pid).children(recursive=True))
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()

    try:
        with Client(cluster) as client:
            client.wait_for_workers(2, timeout=60)
        outcome = run(SLUG, counting, dask=cluster.scheduler_address, progress=progress)
        assert started and workers[1].poll() is None
        assert sorted(outcome.graded) == sorted(due) and not outcome.failed
        for student, loses in due.items():
            assert points(counting, student) == {test: worth - loses.get(test, 0) for test, worth in WORTH.items()}
            assert (counting / "feedback" / student / SLUG / f"{SLUG}.html").is_file()
        started += psutil.Process(workers[1].pid).children(recursive=True)
    finally:
        for one in workers:
            one.kill()
            one.wait()
    # What the workers had started ends with them.
    assert len(started) >= 4
    _, left = psutil.wait_procs(started, timeout=20)
    assert not left


def test_nobody_at_the_address(counting: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hipkit.grading import graders

    monkeypatch.setattr(graders, "DASK_SECONDS", 1)
    hand_in_class(counting, SLUG, 1)
    with pytest.raises(KitError, match=r"There is no Dask scheduler at tcp://127.0.0.1:1 "):
        run(SLUG, counting, dask="tcp://127.0.0.1:1")


def test_a_scheduler_without_workers(counting: Path, cluster: LocalCluster) -> None:
    hand_in_class(counting, SLUG, 1)
    with pytest.raises(KitError, match=r"has no workers. Start one: dask worker tcp://127"):
        run(SLUG, counting, dask=cluster.scheduler_address)
