"""Sessions of people who logged in: a random token in a cookie, only its hash is stored; one a person, ended by half an hour of rest."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.journal import note_act
from gep.office.people import FAILURES, LOCKED_FOR, count_failure, is_locked, read_person, read_setting, verify_password

if TYPE_CHECKING:
    from gep.office.database import Office
    from gep.office.rights import Person

IDLE = 30 * 60.0
"""Seconds without a request after which a session has ended, unless the setting `idle_minutes` says otherwise."""
SEEN_AGAIN = 30.0
"""A session is marked as seen at most this often, in seconds: reading pages writes nothing."""


@dataclass(frozen=True)
class Session:
    """Somebody who is logged in, with the token that every form of theirs carries."""

    person: Person
    csrf: str
    token: str
    """Hash of the token in the cookie."""


def log_in(office: Office, name: str, password: str, address: str = "") -> str:
    """Return the token of a new session; an earlier one of the person ends.

    Raises
    ------
    Problems : name or password are not right (which of them is not said), or the name is locked after five failures
    """
    name = name.strip().lower()[:64]
    if is_locked(office, name):
        minutes = round(LOCKED_FOR / 60)
        found = say(
            "{count} logins in a row were refused; the name is locked for {minutes} minutes", count=FAILURES, minutes=minutes
        )
        refuse_one("NAME", found, "", "wait, or ask the administrator for a new password")
    if not verify_password(office, name, password):
        count_failure(office, name, address)
        refuse_one("NAME", "name or password is not right")
    token = secrets.token_urlsafe(32)
    at = time.time()
    with office.changing() as connection:
        if str(read_setting(office, "one_session", "1")) == "1":
            connection.execute("DELETE FROM session WHERE person = ?", (name,))
        connection.execute("DELETE FROM failure WHERE name = ?", (name,))
        connection.execute(
            "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)", (hash_token(token), name, secrets.token_urlsafe(24), at, at, address)
        )
        note_act(connection, name, address, "login", name, "accepted")
    return token


def find_session(office: Office, token: str) -> Session | None:
    """Return the session of a token, kept awake by this; None where it has ended or the account was closed."""
    if not token:
        return None
    found = office.rows(
        "SELECT p.*, s.token, s.csrf, s.seen_at FROM session s JOIN person p ON p.name = s.person WHERE s.token = ?",
        (hash_token(token),),
    )
    at = time.time()
    idle = float(read_setting(office, "idle_minutes", IDLE / 60)) * 60
    if not found or not found[0]["active"] or at - found[0]["seen_at"] > idle:
        return None
    row = found[0]
    if at - row["seen_at"] > SEEN_AGAIN:
        with office.changing(flushed=False) as connection:
            connection.execute("UPDATE session SET seen_at = ? WHERE token = ?", (at, row["token"]))
    return Session(read_person(row), row["csrf"], row["token"])


def log_out(office: Office, session: Session, address: str = "") -> None:
    """End a session."""
    with office.changing() as connection:
        connection.execute("DELETE FROM session WHERE token = ?", (session.token,))
        note_act(connection, session.person.name, address, "logout", session.person.name)


def hash_token(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
