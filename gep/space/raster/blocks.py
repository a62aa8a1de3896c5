"""Blocks of a grid: how large they are within a bound of memory, and how they go through threads or a Dask cluster.

Results come back in the order of the blocks, and only a few are ever under way; whoever runs them, the same results are
added and written in the same order. A block is a pure function of the files: one whose worker was killed is run again
by Dask and was never written, so none is lost or doubled.
"""

from __future__ import annotations

import ctypes
import os
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.space.raster.grid import Grid, Window, split_windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from gep.space.raster.sources import Raster

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


@dataclass(frozen=True)
class Work:
    """How a raster is worked through block by block.

    Attributes
    ----------
    scheduler : address of a running Dask scheduler; None: threads of this process
    threads   : None: as many as there are processors
    memory    : megabytes for the whole process
    progress  : is told each stage
    """

    scheduler: str | None = None
    threads: int | None = None
    memory: int = DEFAULT_MEMORY
    progress: Callable[[str], None] = lambda _: None


USUAL = Work()


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
def make_block_runner(
    scheduler: str | None, threads: int, under_way: int, beside: Path | None = None
) -> Iterator[Callable[..., Iterator[Any]]]:
    """Give a function `run(task, shared, blocks)` that yields `task(shared, block)` in the order of the blocks.

    Parameters
    ----------
    scheduler : address of a running Dask scheduler (tcp://host:8786); None: threads of this process
    threads   : how many threads, where there is no scheduler
    under_way : blocks in memory at a time, at most
    beside    : what is being made; blocks that a cluster finished are kept beside it for the next call should it break down

    Raises
    ------
    Problems : as `gep.space.raster.cluster.run_on_cluster`
    """
    if scheduler is not None:
        from gep.space.raster.cluster import run_on_cluster

        yield lambda task, shared, blocks: run_on_cluster(scheduler, task, shared, blocks, beside)
        return
    from concurrent.futures import ThreadPoolExecutor

    keep_freed_memory()
    with ThreadPoolExecutor(min(threads, max(1, under_way - 1))) as pool:
        yield lambda task, shared, blocks: _in_order(pool.submit, task, shared, blocks, under_way)


def keep_freed_memory() -> None:
    """Let the C library keep the memory of a block for the next one: else the system gives and clears every array anew, page by page.

    Half of what arrays of some megabytes cost. Only the GNU library takes the word; another has no such function.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_MMAP_THRESHOLD, 32 * MEGABYTE)
        set_option(_TRIM_THRESHOLD, KEPT * MEGABYTE)


_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Numbers of options in malloc.h."""
KEPT = 128
"""Megabytes that may be kept at the end of the heap."""


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
