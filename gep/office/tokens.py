"""Tokens of programs: bearer tokens with the role and place of a person, made by an administrator, shown once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say
from gep.office.journal import note_act, now
from gep.office.people import LONGEST_NAME, check_scope
from gep.office.rights import Person, Role
from gep.office.sessions import hash_token

if TYPE_CHECKING:
    from gep.office.database import Office


@dataclass(frozen=True)
class Token:
    """A token as it is listed: what it is for and may do, until when (UTC), and whether it still holds."""

    label: str
    role: Role
    place: str
    department: str
    made_at: str
    made_by: str
    ends_at: str
    active: bool


def make_token(
    office: Office, label: str, role: Role, place: str, ends_at: str, by: str, department: str = "", address: str = ""
) -> str:
    """Return a new token; only its hash is stored.

    Parameters
    ----------
    label : what the token is for, unique
    ends_at : ISO date, the last day on which it holds

    Raises
    ------
    Problems : a label that is taken or empty, a date that is none or is past, or an unknown place or department
    """
    problems = check_scope(role, place, department)
    plain = label.strip() and label.isprintable() and len(label) <= LONGEST_NAME
    if not plain or office.rows("SELECT 1 FROM token WHERE label = ?", (label,)):
        problems.append(Problem("LABEL", 0, say("the label is {label!r}", label=label), "a label that no other token has"))
    if role is Role.ADMINISTRATOR:
        problems.append(
            Problem("ROLE", 0, "a token cannot be an administrator", "a role that people have who work with accounts")
        )
    try:
        if len(ends_at) != len("2027-12-31") or date.fromisoformat(ends_at) < datetime.now(UTC).date():
            raise ValueError
    except ValueError:
        problems.append(Problem("ENDS", 0, say("the end is {text!r}", text=ends_at), "a day to come, such as 2027-12-31"))
    refuse(problems)
    token = f"gep_{secrets.token_urlsafe(32)}"
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (hash_token(token), label, role, place, department, now(), by, ends_at),
        )
        note_act(connection, by, address, "token made", label, f"{role} {place} {ends_at}")
    return token


def close_token(office: Office, label: str, by: str, address: str = "") -> None:
    """End a token at once.

    Raises
    ------
    Problems : no such token
    """
    if not office.rows("SELECT 1 FROM token WHERE label = ?", (label,)):
        refuse_one("LABEL", say("the label is {label!r}", label=label), "the label of a token")
    with office.changing() as connection:
        connection.execute("UPDATE token SET active = 0 WHERE label = ?", (label,))
        note_act(connection, by, address, "token closed", label)


def find_token(office: Office, token: str) -> Person | None:
    """Return whom a token stands for; None where it is unknown, closed or has ended."""
    found = office.rows("SELECT * FROM token WHERE token = ? AND active", (hash_token(token),))
    if not found or found[0]["ends_at"] < datetime.now(UTC).date().isoformat():
        return None
    row = found[0]
    return Person(f"token:{row['label']}", row["label"], Role(row["role"]), row["place"], row["department"])


def list_tokens(office: Office) -> list[Token]:
    """Return all tokens by label, the closed ones too."""
    return [
        Token(
            row["label"],
            Role(row["role"]),
            row["place"],
            row["department"],
            row["made_at"],
            row["made_by"],
            row["ends_at"],
            bool(row["active"]),
        )
        for row in office.rows("SELECT * FROM token ORDER BY label")
    ]
