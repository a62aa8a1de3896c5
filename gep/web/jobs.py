"""What takes long runs beside the pages, one job after another, with progress and a way to stop it; a new server goes on where one was stopped."""

from __future__ import annotations

import json
import logging
import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, Problems
from gep.office.jobs import (
    DONE,
    FAILED,
    OPEN,
    RUNNING,
    STOPPED,
    WAITING,
    Job,
    add_job,
    find_job,
    list_open_jobs,
    tell_job,
    turn_job,
)
from gep.office.page_texts import list_on_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gep.messages.texts import Text
    from gep.office.database import Office

log = logging.getLogger("gep.web")


class Stopped(Exception):
    """Raised inside a job that somebody stopped, or whose server ends."""


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    Attributes
    ----------
    title : says what it makes
    work  : is given what was asked, the language, and a function to tell stages to; returns the path of what it made
    """

    title: Callable[[Mapping[str, str]], Text]
    work: Callable[[Mapping[str, str], str, Callable[[str, int, int], None]], Path]


class Jobs:
    """The jobs of a server, in a thread of their own.

    Parameters
    ----------
    office : keeps them
    kinds  : what there is to do
    """

    def __init__(self, office: Office, kinds: Mapping[str, Kind]) -> None:
        self._office, self._kinds = office, kinds
        self._stop: dict[str, threading.Event] = {}
        self._ends = threading.Event()
        self._waiting: queue.Queue[Job | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def title(self, job: Job) -> Text | str:
        """Return what a job makes, in words."""
        return self._kinds[job.kind].title(job.given) if job.kind in self._kinds else job.kind

    def add(self, kind: str, given: Mapping[str, str], lang: str, person: str, address: str) -> Job:
        """Keep a job and put it at the end of the queue; one of the person's that is the same and not at its end is returned as it is."""
        for one in list_open_jobs(self._office):
            if (one.kind, one.given, one.lang, one.person) == (kind, given, lang, person):
                return one
        job = add_job(self._office, kind, given, lang, person, address)
        self._waiting.put(job)
        return job

    def go_on(self) -> None:
        """Put the jobs at which an earlier server was stopped into the queue; what they made is not made again."""
        if self._office.exists:
            for job in list_open_jobs(self._office):
                turn_job(self._office, job.id, WAITING)
                self._waiting.put(job)

    def again(self, job: Job, by: str, address: str) -> None:
        """Put a job that was stopped or that failed into the queue again."""
        self._stop.pop(job.id, None)
        turn_job(self._office, job.id, WAITING, by=by, address=address)
        self._waiting.put(job)

    def stop(self, job: Job, by: str, address: str) -> None:
        """End a job at its next stage."""
        self._stop.setdefault(job.id, threading.Event()).set()
        if job.state == WAITING:
            turn_job(self._office, job.id, STOPPED, by=by, address=address)

    def close(self) -> None:
        """End the job that runs at its next stage; the next server goes on with it."""
        self._ends.set()
        self._waiting.put(None)
        self._thread.join(timeout=30)

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None and not self._ends.is_set():
            there = find_job(self._office, job.id)
            if there is None or there.state != WAITING:
                continue
            try:
                self._do(job)
            except Stopped:
                if not self._ends.is_set():
                    turn_job(self._office, job.id, STOPPED)
            except Problems as problems:
                self._fail(job, problems)
            except Exception as error:  # a job that fails must not end the thread of all jobs
                log.exception("job %s", job.id)
                self._fail(job, Problems([Problem(job.kind, 0, f"{type(error).__name__}: {error}")]))

    def _do(self, job: Job) -> None:
        stop = self._stop.setdefault(job.id, threading.Event())

        def tell(said: str, done: int, total: int) -> None:
            if stop.is_set() or self._ends.is_set():
                raise Stopped
            tell_job(self._office, job.id, said, done, total)

        turn_job(self._office, job.id, RUNNING)
        made = self._kinds[job.kind].work(job.given, job.lang, tell)
        turn_job(self._office, job.id, DONE, str(made))

    def _fail(self, job: Job, problems: Problems) -> None:
        turn_job(self._office, job.id, FAILED, json.dumps(list_on_page(problems), ensure_ascii=False))


def is_open(job: Job) -> bool:
    """Whether a job is not at its end."""
    return job.state in OPEN
