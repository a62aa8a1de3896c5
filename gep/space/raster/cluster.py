"""Blocks on a Dask cluster: what goes wrong there is one sentence soon after, and what was finished is kept for the next call."""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import re
import shutil
import stat
import time
from collections import deque
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from distributed import Client, get_worker
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from gep.files.writing import write_whole
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.paths import print_path
from gep.space.raster.sources import Raster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gep.space.raster.grid import Window

PATIENCE = 20.0
"""Seconds that a scheduler may be without any worker, or without an answer."""
STEP = 2.0
"""Seconds between two looks at the cluster while a block is waited for."""
NAMED = 3
KEPT = ".unfinished-blocks"
Result = TypeVar("Result")


def run_on_cluster(
    scheduler: str, task: Callable[..., Result], shared: object, blocks: Sequence[Window], beside: Path | None
) -> Iterator[Result]:
    """Yield the results of all blocks in their order, those that an earlier call finished from disk.

    Parameters
    ----------
    scheduler : address of a running Dask scheduler
    beside    : what is being made; finished blocks are kept beside it until all are; None: they are not kept

    Raises
    ------
    Problems : no scheduler, no worker, or none any more; a worker of another version, or that does not see the files; blocks that kill their workers
    """
    client = _connect(scheduler)
    kept = None if beside is None else _Kept(beside, task, shared, blocks)
    try:
        _wait_for_a_worker(client, scheduler)
        _check_workers(client, scheduler, shared)
        yield from _run(client, scheduler, task, shared, blocks, kept)
    except Problems:
        if kept is not None and not kept.wanted:
            kept.remove()
        raise
    except KilledWorker as error:
        refuse_one(
            "--scheduler",
            say("a block was given up: the workers it ran on were killed again and again ({task})", task=error.task),
            "workers that stay alive",
            "they probably ran out of memory: dask worker ADDRESS --nthreads 1 computes one block at a time",
        )
    else:
        if kept is not None:
            kept.remove()
    finally:
        client.close(timeout=STEP)


_ADDRESS = re.compile(r"(?:(?:tcp|tls|wss?|ucx)://)?(?:\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+)(?::\d{1,5})?/?")
"""What Dask can connect to; of another protocol its client leaves a traceback behind."""


def _connect(scheduler: str) -> Any:
    if _ADDRESS.fullmatch(scheduler) is None:
        refuse_one(
            "--scheduler", say("the address is {scheduler!r}", scheduler=scheduler), "an address such as tcp://10.0.0.5:8786"
        )
    for name in ("distributed", "distributed.client"):  # what goes wrong is said here, in one sentence
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(scheduler, timeout="10s", set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        refuse_one(
            "--scheduler",
            say("no Dask scheduler answers at {scheduler}: {error}", scheduler=scheduler, error=error),
            "an address such as tcp://10.0.0.5:8786",
            "dask scheduler starts one, dask worker ADDRESS a worker",
        )
    # tasks of the client that nobody waits for any more when workers are lost: asyncio prints a traceback of each
    loop: Any = client.loop
    loop.asyncio_loop.set_exception_handler(lambda _loop, _context: None)
    return client


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


def _check_workers(client: Any, scheduler: str, shared: object) -> None:
    """Refuse workers of another version, and those that do not see the files."""
    files = {path: Path(path).stat().st_size for path in sorted(_list_files(shared))}
    found = client.run(look_around, list(files), on_error="return")
    problems = []
    for worker, said in found.items():
        if isinstance(said, BaseException):
            told = say("the worker {worker} cannot run gep: {error}", worker=worker, error=str(said).partition("\n")[0])
            hint = say("start it in the environment of this gep: dask worker {scheduler}", scheduler=scheduler)
            problems.append(Problem("--scheduler", 0, told, "workers with gep installed", hint))
            continue
        version, sizes = said
        if version != digest_program():
            told = say("the worker {worker} has another version of gep", worker=worker)
            problems.append(Problem("--scheduler", 0, told, "the same gep everywhere: its numbers would be of two programs"))
        lost = [path for path, size in files.items() if sizes.get(path) != size]
        if lost:
            names = join_list(print_path(Path(path)) for path in lost[:NAMED])
            told = say("the worker {worker} does not see {files}, or sees other ones", worker=worker, files=names)
            problems.append(Problem("--scheduler", 0, told, "files at the same paths on every machine"))
    refuse(problems)


def look_around(paths: Sequence[str]) -> tuple[str, dict[str, int]]:
    """Return, on a worker, which gep it has, and the sizes of the files that it sees."""
    return digest_program(), {path: Path(path).stat().st_size for path in paths if Path(path).is_file()}


@cache
def digest_program() -> str:
    """Return a digest of the program's own files."""
    found = hashlib.sha256()
    root = Path(__file__).parent.parent
    for path in sorted(root.rglob("*.py")):
        found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _list_files(value: object, depth: int = 6) -> set[str]:
    """Return the files of all rasters inside a value."""
    if isinstance(value, Raster):
        parts = getattr(value, "parts", ())
        inner = [one for one in (*parts, getattr(value, "land", None), getattr(value, "second", None)) if one is not None]
        return {value.path}.union(*(_list_files(one, depth - 1) for one in inner))
    if depth and isinstance(value, (tuple, list)):
        return set().union(*(_list_files(one, depth - 1) for one in value))
    if depth and is_dataclass(value):
        return set().union(*(_list_files(getattr(value, one.name), depth - 1) for one in fields(value)))
    return set()


def _run(
    client: Any, scheduler: str, task: Callable[..., Result], shared: object, blocks: Sequence[Window], kept: _Kept | None
) -> Iterator[Result]:
    threads = max(1, sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values()))
    # a task, not scattered data: when the worker that holds it dies, Dask makes it again
    loaded = client.submit(pickle.loads, pickle.dumps(shared), pure=False)
    waiting: deque[tuple[int, Any]] = deque()
    try:
        for at, block in enumerate(blocks):
            done = kept is not None and kept.has(at)
            waiting.append((at, None if done else client.submit(_attempt, task, loaded, block, pure=False)))
            if len(waiting) >= 2 * threads:
                yield _take(client, scheduler, *waiting.popleft(), kept, shared)
        while waiting:
            yield _take(client, scheduler, *waiting.popleft(), kept, shared)
    finally:
        for _, future in waiting:
            if future is not None and client.status == "running":
                future.cancel()


def _take(client: Any, scheduler: str, at: int, future: Any, kept: _Kept | None, shared: object) -> Any:
    """Return the result of a block, and keep it; look at the cluster while it is waited for."""
    if future is None:
        assert kept is not None  # noqa: S101 - only kept results have no future
        return kept.read(at)
    heard, newest, answers = time.monotonic(), 0.0, True
    while True:
        try:
            found = future.result(timeout=STEP)
            break
        except TimeoutError:
            seen = _find_last_beat(client)
            answers = seen is not None
            if seen is not None and seen > newest:
                heard, newest = time.monotonic(), seen
        except (CommClosedError, OSError):
            pass
        except Exception as error:  # Dask's own cancellations when the scheduler goes
            if type(error).__name__ not in {"CancelledError", "FutureCancelledError"}:
                if not isinstance(error, KilledWorker):
                    _check_workers(client, scheduler, shared)  # one that came later and has no gep, or an older one
                raise
        gone = client.status == "closed" or (client.status == "running" and future.cancelled())
        if gone or time.monotonic() - heard > PATIENCE:
            _refuse_lost(client, scheduler, kept, answers=answers)
        if future.cancelled():
            time.sleep(STEP)
    result = _take_from_worker(found, scheduler)
    if isinstance(result, Problems):
        _check_workers(client, scheduler, shared)  # a file that only one of them does not see is not broken
        raise result
    if kept is not None:
        kept.write(at, result)
    return result


def _find_last_beat(client: Any) -> float | None:
    """Return when a worker was last heard of by the scheduler's clock, 0 where there is none; None where the scheduler does not answer.

    One that is frozen or cut off stands in the scheduler's list for minutes.
    """
    if client.status != "running":
        return None
    try:
        known = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=STEP)
    except (CommClosedError, OSError, TimeoutError):
        return None
    return max((worker["last_seen"] for worker in known["workers"].values()), default=0.0)


def _take_from_worker(found: object, scheduler: str) -> Any:
    """Return what a block came to on a worker, its problems as a value.

    Raises
    ------
    Problems : another gep computed it: a worker that came after all were asked
    """
    if not isinstance(found, Attempt) or found.version != digest_program():
        worker = found.worker if isinstance(found, Attempt) else scheduler
        refuse_one(
            "--scheduler",
            say("the worker {worker} has another version of gep", worker=worker),
            "the same gep everywhere: its numbers would be of two programs",
        )
    return found.result


def _refuse_lost(client: Any, scheduler: str, kept: _Kept | None, *, answers: bool) -> None:
    if kept is not None:
        kept.wanted = True
    found = (
        say("all workers of {scheduler} are gone", scheduler=scheduler)
        if client.status == "running" and answers
        else say("the Dask scheduler at {scheduler} is gone", scheduler=scheduler)
    )
    hint = (
        say(
            "{count} finished blocks are kept in {folder}: the same call goes on from there", count=kept.count, folder=kept.folder
        )
        if kept is not None and kept.count
        else ""
    )
    refuse_one("--scheduler", found, "a scheduler and workers that stay alive", hint)


@dataclass(frozen=True)
class Attempt:
    """What a block came to: on which worker, by which gep, and its result or problems."""

    worker: str
    version: str
    result: Any


def _attempt(task: Callable[..., Any], shared: object, block: Window) -> Attempt:
    """Return, on a worker, a task's result, or its problems as a value: what raised them in a library may not be sent to another process."""
    try:
        result = task(shared, block)
    except Problems as error:
        result = Problems(error.problems)
    return Attempt(get_worker().address, digest_program(), result)


class _Kept:
    """Finished blocks on disk, of one task over one set of blocks by one program; only of this user, since they are unpickled."""

    def __init__(self, beside: Path, task: Callable[..., Any], shared: object, blocks: Sequence[Window]) -> None:
        self.folder = beside.with_name(beside.name + KEPT)
        key = hashlib.sha256(f"{digest_program()}{task.__module__}.{task.__name__}".encode())
        key.update(pickle.dumps((shared, tuple(blocks))))
        self.key = key.hexdigest()[:16]
        self.count, self.wanted = 0, False
        if self.folder.exists():
            known = self.folder.stat()
            if known.st_uid != os.getuid() or stat.S_IMODE(known.st_mode) & 0o022:
                refuse_one(
                    print_path(self.folder), say("the folder is not of this user alone"), say("none of this name"), "remove it"
                )
            for old in self.folder.iterdir():
                if not old.name.startswith(self.key):
                    old.unlink()
        self.count = len(list(self.folder.glob(f"{self.key}-*"))) if self.folder.exists() else 0

    def _name(self, at: int) -> Path:
        return self.folder / f"{self.key}-{at}"

    def has(self, at: int) -> bool:
        return self._name(at).is_file()

    def read(self, at: int) -> Any:
        return pickle.loads(self._name(at).read_bytes())  # noqa: S301 - written by this user, see above

    def write(self, at: int, result: object) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with write_whole(self._name(at), "table") as temporary:
            temporary.write_bytes(pickle.dumps(result))
        self.count += 1

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
