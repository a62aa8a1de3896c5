"""Jobs of people, kept in the office: what was asked, how far it is, and what came of it; a stop of the server loses none."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.office.journal import note_act, now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from gep.office.database import Office

WAITING, RUNNING, DONE, FAILED, STOPPED = "waiting", "running", "done", "failed", "stopped"
OPEN = (WAITING, RUNNING)
SHOWN = 100
"""Jobs of a person that are listed."""


@dataclass(frozen=True)
class Job:
    """A job and how far it is.

    Attributes
    ----------
    kind, given : what is made, of what
    state  : waiting, running, done, failed or stopped
    said   : the last stage that was told
    done, total : parts, where it has parts
    result : path of what it made, or its problems as JSON where it failed
    made_at, ended_at : UTC
    """

    id: str
    kind: str
    given: Mapping[str, str]
    lang: str
    person: str
    state: str
    said: str
    done: int
    total: int
    result: str
    made_at: str
    ended_at: str

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What was wrong, of a job that failed."""
        found: list[dict[str, Any]] = json.loads(self.result)["problems"] if self.state == FAILED else []
        return found


def add_job(office: Office, kind: str, given: Mapping[str, str], lang: str, person: str, address: str = "") -> Job:
    """Keep a job that waits, and return it."""
    job = secrets.token_hex(8)
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO job VALUES (?, ?, ?, ?, ?, ?, '', 0, 0, '', ?, '')",
            (job, kind, json.dumps(given, ensure_ascii=False), lang, person, WAITING, now()),
        )
        note_act(connection, person, address, "job", job, f"{kind} {' '.join(given.values())}")
        return _read(connection.execute("SELECT * FROM job WHERE job = ?", (job,)).fetchone())


def find_job(office: Office, job: str) -> Job | None:
    """Return a job; None where there is none of the id."""
    found = office.rows("SELECT * FROM job WHERE job = ?", (job,))
    return _read(found[0]) if found else None


def list_jobs(office: Office, person: str) -> list[Job]:
    """Return the last jobs of a person, the newest first."""
    found = office.rows("SELECT * FROM job WHERE person = ? ORDER BY made_at DESC, rowid DESC LIMIT ?", (person, SHOWN))
    return [_read(row) for row in found]


def list_open_jobs(office: Office) -> list[Job]:
    """Return the jobs of all people that are not at their end, the oldest first."""
    found = office.rows("SELECT * FROM job WHERE state IN (?, ?) ORDER BY made_at, rowid", OPEN)
    return [_read(row) for row in found]


def tell_job(office: Office, job: str, said: str, done: int, total: int) -> None:
    """Keep how far a job is."""
    with office.changing() as connection:
        connection.execute("UPDATE job SET said = ?, done = ?, total = ? WHERE job = ?", (said, done, total, job))


def turn_job(office: Office, job: str, state: str, result: str = "", by: str = "", address: str = "") -> None:
    """Bring a job into a state; its end is an entry of the journal.

    Parameters
    ----------
    result : path of what it made, or its problems as JSON
    by     : who did it; empty: the server
    """
    with office.changing() as connection:
        ended = "" if state in OPEN else now()
        connection.execute("UPDATE job SET state = ?, result = ?, ended_at = ? WHERE job = ?", (state, result, ended, job))
        if state != RUNNING:
            note_act(connection, by, address, "job", job, state)


def _read(row: sqlite3.Row) -> Job:
    return Job(row["job"], row["kind"], json.loads(row["given"]), *tuple(row)[3:])
