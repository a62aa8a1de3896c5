"""Requests of programs that are answered once: the same key again gets the answer that was given, and does nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one

if TYPE_CHECKING:
    from gep.office.database import Office

LONGEST_KEY = 200
OPEN, PATIENCE = 0, 600.0
"""Status of a request that is being answered; after so many seconds it is taken for one whose server was stopped."""


def begin_answer(office: Office, who: str, key: str, request: str) -> tuple[int, str] | None:
    """Return status and answer of a request that was answered already; None: it is to be answered now.

    Parameters
    ----------
    who     : name of the account or token
    key     : chosen by the program, one a request
    request : hash of what is asked

    Raises
    ------
    Problems : the key was used for something else, or the first request with it is being answered
    """
    if not key.isprintable() or len(key) > LONGEST_KEY:
        refuse_one("Idempotency-Key", "the key is too long or cannot be printed", "at most 200 characters")
    with office.changing() as connection:
        found = connection.execute("SELECT * FROM answered WHERE token = ? AND key = ?", (who, key)).fetchone()
        if found is not None and found["request"] != request:
            refuse_one("Idempotency-Key", "the key was used for another request", "a new key for each request")
        if found is not None and found["status"] != OPEN:
            return int(found["status"]), str(found["answer"])
        if found is not None and time.time() - found["at"] < PATIENCE:
            refuse_one("Idempotency-Key", "the first request with this key is being answered", "", "ask again in a moment")
        connection.execute("INSERT OR REPLACE INTO answered VALUES (?, ?, ?, ?, '', ?)", (key, who, request, OPEN, time.time()))
    return None


def end_answer(office: Office, who: str, key: str, status: int, answer: str) -> None:
    """Keep the answer to a request; status 0: there is none, and the request may be made again."""
    with office.changing() as connection:
        if status == OPEN:
            connection.execute("DELETE FROM answered WHERE token = ? AND key = ?", (who, key))
        else:
            connection.execute(
                "UPDATE answered SET status = ?, answer = ? WHERE token = ? AND key = ?", (status, answer, who, key)
            )
