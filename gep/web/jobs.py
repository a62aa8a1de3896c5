"""What takes long runs beside the pages, one job after another, with progress and a way to stop it."""

from __future__ import annotations

import queue
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gep.messages.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT = 50
"""Jobs that are remembered after they ended."""


class Stopped(Exception):
    """Raised inside a job that somebody stopped."""


@dataclass
class Job:
    """A job and how far it is.

    Attributes
    ----------
    state : waiting, running, done, failed or stopped
    said  : the last stage that was told
    done, total : parts, where it has parts
    result : what it made, a path or a text
    """

    id: str
    title: str
    person: str
    state: str = "waiting"
    said: str = ""
    done: int = 0
    total: int = 0
    result: object = None
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    def tell(self, said: str = "", done: int | None = None, total: int | None = None) -> None:
        """Note a stage; ends the job here if somebody stopped it.

        Raises
        ------
        Stopped : somebody stopped it
        """
        if self._stop.is_set():
            raise Stopped
        self.said = said or self.said
        self.done = self.done if done is None else done
        self.total = self.total if total is None else total

    def stop(self) -> None:
        """Ask the job to end at its next stage."""
        self._stop.set()
        if self.state == "waiting":
            self.state = "stopped"


class Jobs:
    """The jobs of a server, in a thread of their own."""

    def __init__(self) -> None:
        self._all: dict[str, Job] = {}
        self._waiting: queue.Queue[tuple[Job, Callable[[Job], object]] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def add(self, title: str, person: str, work: Callable[[Job], object]) -> Job:
        """Add a job at the end of the queue.

        Parameters
        ----------
        work : is given the job, tells it its stages, and returns the result
        """
        for old in list(self._all)[:-KEPT]:
            if self._all[old].state in {"done", "failed", "stopped"}:
                del self._all[old]
        job = Job(secrets.token_hex(8), title, person)
        self._all[job.id] = job
        self._waiting.put((job, work))
        return job

    def find(self, identity: str) -> Job | None:
        """Return a job; None where there is none of the id."""
        return self._all.get(identity)

    def list_all(self) -> list[Job]:
        """Return all jobs, the newest first."""
        return list(self._all.values())[::-1]

    def close(self) -> None:
        """Stop all jobs and wait for the one that runs."""
        for job in self._all.values():
            job.stop()
        self._waiting.put(None)
        self._thread.join(timeout=30)

    def _work(self) -> None:
        while (taken := self._waiting.get()) is not None:
            job, work = taken
            if job.state == "stopped":
                continue
            job.state = "running"
            try:
                job.result = work(job)
                job.state = "done"
            except Stopped:
                job.state = "stopped"
            except Problems as problems:
                job.state, job.result = "failed", problems
            except Exception as error:  # noqa: BLE001 - a job that fails must not end the thread of all jobs
                job.state, job.said = "failed", f"{type(error).__name__}: {error}"
