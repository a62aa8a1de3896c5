"""Makes what takes long in a process of its own, from a copy of the store, so that a server goes on answering."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from gep.store.log import find_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.store.keeper import Keeper

Given = ParamSpec("Given")
Made = TypeVar("Made")

NICENESS = 5
"""How much less than the server the process gets of a busy machine."""
KEPT = 2
"""Copies that are kept: whoever has just been given the older one may still open it."""


class Workshop:
    """A process beside the server; it is started when something is first asked of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._folder: Path | None = None
        self._copies: list[tuple[object, Path]] = []

    def make(self, function: Callable[Given, Made], *args: Given.args, **named: Given.kwargs) -> Made:
        """Return what a function of a module returns, called in the process.

        Raises
        ------
        Problems : what the function raises
        """
        try:
            return self._get_pool().submit(function, *args, **named).result()
        except BrokenProcessPool:  # it was ended from outside: a new one is tried once
            with self._lock:
                self._pool = None
            return self._get_pool().submit(function, *args, **named).result()

    def copy(self, keeper: Keeper) -> Path:
        """Return a copy of the store as it is now, for the process to read.

        Raises
        ------
        OSError : there is no room for it
        """
        with keeper.still():
            state = keeper.path.stat()
            mark = (state.st_mtime_ns, state.st_size)
            with self._lock:
                found = next((path for made, path in self._copies if made == mark), None)
                if found is None and self._folder is None:
                    self._folder = Path(tempfile.mkdtemp(prefix="gep-"))
                folder, number = self._folder, len(self._copies)
            if found is not None or folder is None:
                return found or keeper.path
            target = folder / f"{state.st_mtime_ns}-{number}.duckdb"
            self.make(copy_store, keeper.path, target)
        with self._lock:
            self._copies.append((mark, target))
            for _, old in self._copies[:-KEPT]:
                old.unlink(missing_ok=True)
        return target

    def _get_pool(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_start)
            return self._pool

    def close(self) -> None:
        """End the process and remove the copies."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)
                self._pool = None
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None


def copy_store(store: Path, target: Path) -> None:
    """Copy the file of a store, with its log where it has one.

    Raises
    ------
    OSError : there is no room for it
    """
    shutil.copyfile(store, target)
    with suppress(FileNotFoundError):
        shutil.copyfile(find_log(store), find_log(target))


def make_report_file(store: Path, run: int, account: int, format: str, lang: str) -> bytes:
    """Return the report of an account of a copied store in one of its forms.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    format  : one of `gep.reports.writing.FORMATS`
    lang    : zh or en
    """
    from gep.reports.content import make_report
    from gep.reports.writing import Options, make
    from gep.store.store import Store

    with Store(store) as opened:
        return make(make_report(opened, run, account, lang), Options(format, lang))


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
