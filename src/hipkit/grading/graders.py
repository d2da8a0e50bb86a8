"""Where submissions are graded: in processes on this machine, or on the workers of a Dask cluster that is there."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from hipkit.errors import KitError
from hipkit.grading.marker import Assignment, Marker

# A dead worker's orders go to another one so often; an order that ends every worker it meets is then given up.
DASK_TRIES = 3
DASK_SECONDS = 20
_here = threading.local()


class Graders(Protocol):
    """Takes orders (`marking.Job`, `feedback.Page`); how many it works on at a time is `size`."""

    size: int

    def submit(self, order: Any, then: Callable[[Any], None]) -> None:
        """Have an order carried out; `then` is called, in any thread, with a future that is done."""

    def close(self) -> None:
        """Give up what is not done, and end what was started."""


class LocalGraders:
    """Processes on this machine.

    Args:
        assignment: what they grade.
        jobs: how many; more than there are cores, because each waits for its kernel now and then.
    """

    def __init__(self, assignment: Assignment, jobs: int | None = None) -> None:
        self.size = jobs or 2 * (os.cpu_count() or 1)
        self._assignment = assignment
        self._markers: list[Marker] = []
        self._pool = ThreadPoolExecutor(self.size)

    def submit(self, order: Any, then: Callable[[Future], None]) -> None:
        self._pool.submit(self._ask, order).add_done_callback(then)

    def _ask(self, order: Any) -> Any:
        marker = getattr(_here, "marker", None)
        if marker is None or marker not in self._markers:
            marker = _here.marker = Marker(self._assignment)
            self._markers.append(marker)
        return marker.ask(order)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for marker in self._markers:
            marker.end()


class DaskGraders:
    """The workers of a Dask cluster; each needs the kit installed, and bubblewrap.

    Args:
        assignment: what they grade.
        address: of the cluster's scheduler.

    Raises:
        KitError: nobody answers there, or there are no workers.
    """

    def __init__(self, assignment: Assignment, address: str) -> None:
        from distributed import Client

        try:
            self._client = Client(address, timeout=DASK_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            message = f"There is no Dask scheduler at {address} ({error}). Start one: dask scheduler"
            raise KitError(message) from error
        threads = sum(self._client.nthreads().values())
        if not threads:
            self._client.close()
            raise KitError(f"The Dask scheduler at {address} has no workers. Start one: dask worker {address}")
        self.size = 2 * threads
        self._assignment = self._client.scatter(assignment, broadcast=True, hash=False)
        self._pending: set[Any] = set()

    def submit(self, order: Any, then: Callable[[Any], None]) -> None:
        future = self._client.submit(_ask_here, self._assignment, order, pure=False, retries=DASK_TRIES)
        self._pending.add(future)  # Dask forgets work that nobody holds on to

        def done(finished: Any) -> None:
            self._pending.discard(finished)
            then(finished)

        future.add_done_callback(done)

    def close(self) -> None:
        self._client.cancel(list(self._pending))
        self._client.close()


def _ask_here(assignment: Assignment, order: Any) -> Any:
    """On a worker: have an order carried out by the grading process of this thread."""
    if getattr(_here, "assignment", None) is not assignment:
        if (old := getattr(_here, "marker", None)) is not None:
            old.end()
        _here.assignment, _here.marker = assignment, Marker(assignment)
    return _here.marker.ask(order)
