"""Blocks of a grid: how large they are within a bound of memory, and how they go through threads or a Dask cluster.

Results come back in the order of the blocks, and only a few are ever under way; whoever runs them, the same results are
added and written in the same order. A block is a pure function of the files: one whose worker was killed is run again
by Dask and was never written, so none is lost or doubled.
"""

from __future__ import annotations

import os
import pickle
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import say
from gep.space.grid import Grid, Window, split_windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gep.space.sources import Raster

TILE = 512
MEGABYTE = 1 << 20
DEFAULT_MEMORY, LEAST_MEMORY = 1024, 768
"""Megabytes the whole process may take: unless told, and at least."""
OF_LIBRARIES = 620
"""Megabytes of the process beside its blocks: libraries, GDAL's cache, zones, what is being written."""
UNDER_WAY = 12
"""Blocks in memory at a time on one machine, at most."""
OF_BLOCK = 40 * MEGABYTE
"""Bytes of a block: the same whatever memory is allowed, so that sums are added in the same order."""
Result = TypeVar("Result")


def count_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def plan_blocks(land: Raster, bytes_a_pixel: int) -> list[Window]:
    """Return the blocks of a raster: whole tiles of at most 40 MB, or 512 pixels to a side.

    They depend neither on the number of threads nor on the memory allowed, so that sums are added in the same order wherever
    they run.

    Parameters
    ----------
    bytes_a_pixel : what a pixel takes in a block, all layers and results
    """
    grid: Grid = land.grid
    pixels = OF_BLOCK // bytes_a_pixel
    in_strips = land.block[1] >= grid.width
    if in_strips and grid.width * TILE <= pixels:
        return list(split_windows(grid, pixels // grid.width // TILE * TILE, grid.width))
    side = TILE
    while (2 * side) ** 2 <= pixels:
        side *= 2
    return list(split_windows(grid, side, side))


def count_under_way(blocks: list[Window], bytes_a_pixel: int, memory: int, threads: int) -> int:
    """Return how many blocks may be in memory at a time.

    Parameters
    ----------
    memory : megabytes that the whole process may take

    Raises
    ------
    Problems : fewer than the least
    """
    if memory < LEAST_MEMORY:
        refuse_one("--memory", say("{memory} MB are allowed", memory=memory), say("at least {least} MB", least=LEAST_MEMORY))
    largest = max((one.rows * one.columns for one in blocks), default=1) * bytes_a_pixel
    room = (memory - OF_LIBRARIES) * MEGABYTE // largest
    return int(max(1, min(room, threads + 1, UNDER_WAY)))


@contextmanager
def make_block_runner(scheduler: str | None, threads: int, under_way: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """Give a function `run(task, shared, blocks)` that yields `task(shared, block)` in the order of the blocks.

    Parameters
    ----------
    scheduler : address of a running Dask scheduler (tcp://host:8786); None: threads of this process
    threads   : how many threads, where there is no scheduler
    under_way : blocks in memory at a time, at most

    Raises
    ------
    Problems : there is no scheduler at the address, it has no worker, or it lost too many
    """
    if scheduler is None:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(threads, max(1, under_way - 1))) as pool:
            yield lambda task, shared, blocks: _in_order(pool.submit, task, shared, blocks, under_way)
        return
    from distributed import Client
    from distributed.scheduler import KilledWorker

    try:
        client: Any = Client(scheduler, timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        refuse_one(
            "--scheduler",
            say("no Dask scheduler answers at {scheduler}: {error}", scheduler=scheduler, error=error),
            "an address such as tcp://10.0.0.5:8786",
            "dask scheduler starts one, dask worker ADDRESS a worker",
        )
    try:
        _wait_for_a_worker(client, scheduler)
        yield lambda task, shared, blocks: _on_cluster(client, task, shared, blocks)
    except KilledWorker as error:
        refuse_one(
            "--scheduler",
            say("a block was given up: the workers it ran on were killed again and again ({task})", task=error.task),
            "workers that stay alive",
            "they probably ran out of memory: --memory makes the blocks smaller",
        )
    finally:
        client.close()


def _wait_for_a_worker(client: Any, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        refuse_one(
            "--scheduler",
            say("the Dask scheduler at {scheduler} has no worker", scheduler=scheduler),
            "at least one",
            say("dask worker {scheduler} starts one", scheduler=scheduler),
        )


PATIENCE = 20.0
"""Seconds that a scheduler may be without any worker."""


def _on_cluster(client: Any, task: Callable[..., Result], shared: object, blocks: Sequence[Window]) -> Iterator[Result]:
    threads = max(1, sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values()))
    # a task, not scattered data: when the worker that holds it dies, Dask makes it again
    loaded = client.submit(pickle.loads, pickle.dumps(shared), pure=False)

    def submit(function: Callable[..., Result], shared: object, block: Window) -> Any:
        return client.submit(_attempted, function, shared, block, pure=False)

    for found in _in_order(submit, task, loaded, blocks, 2 * threads):
        if isinstance(found, Problems):
            raise found
        yield found


def _attempted(task: Callable[..., Result], shared: object, block: Window) -> Result | Problems:
    """Return a task's result or its problems as a value: what raised them in a library may not be sent to another process."""
    try:
        return task(shared, block)
    except Problems as error:
        return Problems(error.problems)


def _in_order(
    submit: Callable[..., Any], task: Callable[..., Result], shared: object, blocks: Sequence[Window], ahead: int
) -> Iterator[Result]:
    """Yield results in order, with at most `ahead` blocks under way."""
    waiting: deque[Any] = deque()
    try:
        for block in blocks:
            waiting.append(submit(task, shared, block))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
