"""Reports of many counties, in as many processes as there are cores; one that fails does not stop the others.

A list beside the reports, `.gep-reports.json`, says what each was made from. `resume` leaves out what is there unchanged
and was made from the same results, state of review, neighbours, templates and options.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import json
import os
import shutil
import signal
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from gep.files.overwriting import begin_call, get_call
from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import join_list, say
from gep.paths import TEMPLATES
from gep.reports.content import make_report
from gep.reports.writing import FORMATS, Options, make, write
from gep.standards.standard import DEFAULT
from gep.store.around import list_report_bases
from gep.store.county_figures import list_totals
from gep.store.newest import list_standards, list_years
from gep.store.store import Store
from gep.store.transfers import count_postings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.files.overwriting import Call

LIST = ".gep-reports.json"


@dataclass(frozen=True)
class Task:
    """One report to make, and what it is made from."""

    run: int
    account: int
    county: str
    year: int
    name_zh: str
    name_en: str
    file: str
    fingerprint: str


@dataclass(frozen=True)
class Done:
    """One report that was made, was there already (`skipped`), or failed (`problem`)."""

    task: Task
    seconds: float = 0.0
    memory: int = 0
    """Resident bytes of the worker after the report."""
    worker: int = 0
    sha256: str = ""
    skipped: bool = False
    problem: str = ""


def plan(store: Path, year: int, standard: str | None, options: Options) -> list[Task]:
    """Return the reports to be made: one for every county with an account of a year.

    Parameters
    ----------
    store    : its file
    standard : id; None: the default one, or the first there is

    Raises
    ------
    Problems : no account of that year and standard
    """
    with Store(store) as opened:
        chosen = _standard(opened, year, standard)
        neighbours = _text([(one.county, one.gep_per_km2, one.services_accounted) for one in list_totals(opened, year, chosen)])
        bases = list_report_bases(opened, year, chosen)
        booked = [count_postings(opened, year)]
    common = _text([asdict(options) | {"templates": _folder(options.templates)}, _folder(TEMPLATES), neighbours, booked])
    return [
        Task(
            one.run,
            one.account,
            one.county,
            one.year,
            one.name_zh or one.county,
            one.name_en or one.county,
            f"{one.county}-{one.year}{FORMATS[options.format]}",
            hashlib.sha256(
                _text([common, one.run, one.results_sha256, one.others or None, one.events or None]).encode()
            ).hexdigest(),
        )
        for one in bases
    ]


def make_many(
    store: Path, tasks: list[Task], folder: Path, options: Options, *, jobs: int, resume: bool = False
) -> Iterator[Done]:
    """Make reports and yield each as it is done.

    Parameters
    ----------
    store : its file
    tasks : what `plan` returned
    jobs : processes; 1: in this one
    resume : leave out what is there and was made from the same

    Raises
    ------
    Problems : the folder cannot be written
    """
    made = _read_list(folder)
    _write_list(folder, made)
    waiting = []
    for task in tasks:
        if resume and _fresh(folder, task, made):
            yield Done(task, skipped=True)
        else:
            waiting.append(task)
    if not waiting:
        return
    with tempfile.TemporaryDirectory(prefix="gep-") as kept:
        copy = Path(kept) / "store.duckdb"
        with Store(store):  # no program writes meanwhile; from then on every program may, however long the reports take
            shutil.copyfile(store, copy)
        for done in _run(copy, waiting, folder, options, jobs):
            if not done.problem:
                made[done.task.file] = {"fingerprint": done.task.fingerprint, "sha256": done.sha256}
                _write_list(folder, made)
            yield done


def _run(store: Path, tasks: list[Task], folder: Path, options: Options, jobs: int) -> Iterator[Done]:
    if jobs <= 1 or len(tasks) <= 1:
        with Store(store, still=True) as opened:
            for task in tasks:
                yield _one(opened, task, folder, options)
        return
    pool = ProcessPoolExecutor(
        min(jobs, len(tasks)), mp_context=get_context("spawn"), initializer=_start, initargs=(str(store), get_call())
    )
    futures = {pool.submit(_work, task, str(folder), options): task for task in tasks}
    try:
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                yield Done(
                    futures[future],
                    problem="a process of the reports ended unexpectedly (out of memory?); --resume makes what is missing",
                )
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_open = ExitStack()
_stores: list[Store] = []


def _start(store: str, call: Call) -> None:
    """Open the store once in a worker, which may write over what the call may."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started the processes is told, and stops them
    _open.enter_context(begin_call(call))
    _stores.append(_open.enter_context(Store(store, still=True)))
    gc.collect()
    gc.freeze()
    atexit.register(_stop)


def _stop() -> None:
    """Close the store and let go of what was frozen, so that the process ends without a word."""
    _stores.clear()
    _open.close()
    gc.unfreeze()
    gc.collect()


def _work(task: Task, folder: str, options: Options) -> Done:
    return _one(_stores[0], task, Path(folder), options)


def _one(store: Store, task: Task, folder: Path, options: Options) -> Done:
    began = time.perf_counter()
    try:
        content = make(make_report(store, task.run, task.account, options.lang, options.templates), options)
        write(content, folder / task.file)
    except Problems as error:
        return Done(task, problem="; ".join(" ".join(one.text(options.lang).split()) for one in error.problems))
    except Exception as error:  # noqa: BLE001 - one report must not stop the others; it is listed with its reason
        return Done(task, problem=f"{type(error).__name__}: {error}")
    return Done(task, time.perf_counter() - began, _memory(), os.getpid(), hashlib.sha256(content).hexdigest())


def _memory() -> int:
    """Return the resident bytes of this process."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _standard(store: Store, year: int, standard: str | None) -> str:
    known = list_standards(store, year)
    if standard is None and known:
        return DEFAULT if DEFAULT in known else known[0]
    if standard in known and standard is not None:
        return standard
    years = [str(one) for one in list_years(store)]
    refuse_one(
        "YEAR",
        say("there is no account of {year} under {standard}", year=year, standard=standard)
        if standard
        else say("there is no account of {year}", year=year),
        say("the store has accounts of {years}", years=join_list(years) if years else say("no year")),
    )


def _text(found: object) -> str:
    return json.dumps(found, sort_keys=True, default=str, ensure_ascii=False)


def _folder(folder: Path | None) -> list[tuple[str, str]]:
    """Return the files of a folder of templates with the hashes of what is in them."""
    if folder is None:
        return []
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return [(path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]


def _fresh(folder: Path, task: Task, made: dict[str, dict[str, str]]) -> bool:
    known, path = made.get(task.file), folder / task.file
    if known is None or known["fingerprint"] != task.fingerprint or not path.exists():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == known["sha256"]


def _read_list(folder: Path) -> dict[str, dict[str, str]]:
    try:
        found = json.loads((folder / LIST).read_text("utf-8"))
        return {name: one for name, one in found.items() if isinstance(one, dict) and {"fingerprint", "sha256"} <= set(one)}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def _write_list(folder: Path, made: dict[str, dict[str, str]]) -> None:
    write((json.dumps(made, indent=0, sort_keys=True) + "\n").encode(), folder / LIST)
