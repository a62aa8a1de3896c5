"""Accounts of people: made by an administrator with a one-time password, never deleted, only closed."""

from __future__ import annotations

import re
import secrets
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from gep.files.written_names import check_person
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say
from gep.office.journal import note_act, now
from gep.office.rights import ROLES, Person, Role
from gep.reference.regions import read_regions
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    import sqlite3

    from argon2 import PasswordHasher

    from gep.office.database import Office

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
"""Of one-time passwords: none that look alike on paper."""
FAILURES, LOCKED_FOR = 5, 15 * 60.0
"""After so many failures in a row a name is locked for so many seconds, whether there is such an account or not."""
LONGEST_NAME = 60
LENGTH, CLASSES, LONGEST = 10, 3, 200
"""A password has at least so many characters of so many classes (small, capital, digits, others); the settings may ask for more."""


def add_person(office: Office, person: Person, by: str, address: str = "") -> str:
    """Make an account and return its one-time password, which is stored nowhere.

    Parameters
    ----------
    by : name of the administrator, or what the server's own machine says

    Raises
    ------
    Problems : a name that is taken or cannot be one, an unknown place or department, a clerk without a department
    """
    refuse(_check(office, person))
    password = make_password()
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, 1, 1, ?, ?)",
            (person.name, person.shown, person.role, person.place, person.department, _hasher().hash(password), now(), by),
        )
        note_act(
            connection, by, address, "account made", person.name, f"{person.role} {person.place} {person.department}".strip()
        )
    return password


def change_person(office: Office, person: Person, by: str, address: str = "") -> None:
    """Change role, place, department, shown name or whether an account is open; whoever is logged in there is logged out.

    Raises
    ------
    Problems : no such account, or what `add_person` refuses
    """
    if find_person(office, person.name) is None:
        refuse_one("NAME", say("there is no account {name!r}", name=person.name))
    refuse(_check(office, person, new=False))
    if not (person.active and person.role is Role.ADMINISTRATOR):
        _keep_an_administrator(office, person.name)
    with office.changing() as connection:
        connection.execute(
            "UPDATE person SET shown = ?, role = ?, place = ?, department = ?, active = ? WHERE name = ?",
            (person.shown, person.role, person.place, person.department, int(person.active), person.name),
        )
        connection.execute("DELETE FROM session WHERE person = ?", (person.name,))
        now_is = f"{person.role} {person.place} {person.department}".strip() if person.active else "closed"
        note_act(connection, by, address, "account changed", person.name, now_is)


def reset_password(office: Office, name: str, by: str, address: str = "") -> str:
    """Give an account a new one-time password and return it; whoever is logged in there is logged out.

    Raises
    ------
    Problems : no such account
    """
    if find_person(office, name) is None:
        refuse_one("NAME", say("there is no account {name!r}", name=name))
    password = make_password()
    with office.changing() as connection:
        connection.execute("UPDATE person SET password = ?, must_change = 1 WHERE name = ?", (_hasher().hash(password), name))
        connection.execute("DELETE FROM session WHERE person = ?", (name,))
        connection.execute("DELETE FROM failure WHERE name = ?", (name,))
        note_act(connection, by, address, "password reset", name)
    return password


def set_password(office: Office, name: str, old: str, new: str, address: str = "") -> None:
    """Change one's own password.

    Raises
    ------
    Problems : the old one is wrong, the new one is too simple or the same
    """
    if not verify_password(office, name, old):
        refuse_one("PASSWORD", "the password is not right", "", "give the one that you logged in with")
    refuse(check_password(office, name, new, old))
    with office.changing() as connection:
        connection.execute("UPDATE person SET password = ?, must_change = 0 WHERE name = ?", (_hasher().hash(new), name))
        note_act(connection, name, address, "password changed", name)


def check_password(office: Office, name: str, new: str, old: str = "") -> list[Problem]:
    """Return what is wrong with a new password: too short, too few classes of characters, the name or the old one in it."""
    least, classes = int(read_setting(office, "password_length", LENGTH)), int(read_setting(office, "password_classes", CLASSES))
    kinds = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    have = sum(any(kind(letter) for letter in new) for kind in kinds)
    rule = say(
        "at least {length} characters of {classes} kinds: small and capital letters, digits, signs", length=least, classes=classes
    )
    if not least <= len(new) <= LONGEST:
        return [Problem("PASSWORD", 0, say("the new password has {count} characters", count=len(new)), rule)]
    if have < classes:
        return [Problem("PASSWORD", 0, say("the new password has characters of {count} kinds", count=have), rule)]
    if name.lower() in new.lower() or new == old:
        return [Problem("PASSWORD", 0, "the new password is the old one, or has the name in it", rule)]
    return []


def verify_password(office: Office, name: str, password: str) -> bool:
    """Whether a password is that of an open account; takes as long for a name that nobody has."""
    from argon2.exceptions import VerificationError

    found = office.rows("SELECT password, active FROM person WHERE name = ?", (name,))
    try:
        _hasher().verify(found[0]["password"] if found else _nobody(), password[:LONGEST])
    except VerificationError:
        return False
    return bool(found and found[0]["active"])


def find_person(office: Office, name: str) -> Person | None:
    """Return an account, open or closed; None where there is none of the name."""
    found = office.rows("SELECT * FROM person WHERE name = ?", (name,))
    return read_person(found[0]) if found else None


def list_people(office: Office) -> list[Person]:
    """Return all accounts by name, the closed ones too."""
    return [read_person(row) for row in office.rows("SELECT * FROM person ORDER BY name")]


def read_person(row: sqlite3.Row) -> Person:
    """Return the person of a row that has the columns of the table of people."""
    return Person(
        row["name"],
        row["shown"],
        Role(row["role"]),
        row["place"],
        row["department"],
        bool(row["must_change"]),
        bool(row["active"]),
    )


def is_locked(office: Office, name: str) -> bool:
    """Whether a name failed so often that it must wait."""
    found = office.rows("SELECT count, last FROM failure WHERE name = ?", (name,))
    return bool(found) and found[0]["count"] >= FAILURES and time.time() - found[0]["last"] < LOCKED_FOR


def count_failure(office: Office, name: str, address: str) -> None:
    """Note a failed login of a name, whether there is such an account or not."""
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO failure VALUES (?, 1, ?) ON CONFLICT (name) DO UPDATE SET "
            "count = CASE WHEN excluded.last - last > ? THEN 1 ELSE count + 1 END, last = excluded.last",
            (name, time.time(), LOCKED_FOR),
        )
        note_act(connection, name, address, "login", name, "refused")


def read_setting(office: Office, name: str, default: object) -> Any:
    """Return a setting as text, or the default where it was never set."""
    found = office.rows("SELECT value FROM setting WHERE name = ?", (name,))
    return found[0][0] if found else default


def write_setting(office: Office, name: str, value: str, by: str, address: str = "") -> None:
    """Set a setting."""
    with office.changing() as connection:
        connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))
        note_act(connection, by, address, "setting", name, value)


def make_password() -> str:
    """Return a new one-time password of 14 letters and digits in three groups, easy to read out."""
    while True:
        drawn = "".join(secrets.choice(LETTERS) for _ in range(12))
        if any(map(str.islower, drawn)) and any(map(str.isupper, drawn)) and any(map(str.isdigit, drawn)):
            return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def _keep_an_administrator(office: Office, name: str) -> None:
    others = [one for one in list_people(office) if one.role is Role.ADMINISTRATOR and one.active]
    if [one.name for one in others] == [name]:
        refuse_one(
            "NAME", "this is the only administrator", "another one first", "make a second administrator, then change this account"
        )


def check_scope(role: Role, place: str, department: str) -> list[Problem]:
    """Return what is wrong with the place and department that a role is given."""
    found = []
    if place and place not in read_regions():
        found.append(Problem("PLACE", 0, say("the place is {place!r}", place=place), "a six-digit GB/T 2260 code"))
    if department and department not in DEPARTMENTS:
        found.append(Problem("DEPARTMENT", 0, say("the department is {name!r}", name=department), "、".join(DEPARTMENTS)))
    if role is Role.CLERK and not department:
        found.append(Problem("DEPARTMENT", 0, "a department clerk has no department", "、".join(DEPARTMENTS)))
    if role in {Role.CLERK, Role.ACCOUNTANT} and not place:
        found.append(Problem("PLACE", 0, say("a {role} has no place", role=ROLES[role].en), "a six-digit GB/T 2260 code"))
    return found


def _check(office: Office, person: Person, *, new: bool = True) -> list[Problem]:
    found = []
    if not NAME.fullmatch(person.name):
        rule = "2 to 32 small Latin letters, digits, dots and dashes"
        found.append(Problem("NAME", 0, say("the name is {name!r}", name=person.name), rule))
    elif new and find_person(office, person.name) is not None:
        hint = "choose another; names of closed accounts are never given again"
        found.append(Problem("NAME", 0, say("there is an account {name!r} already", name=person.name), "a new name", hint))
    if not person.shown.strip() or not person.shown.isprintable() or len(person.shown) > LONGEST_NAME:
        found.append(
            Problem("SHOWN", 0, "the person's own name is empty or cannot be printed", "the name as it stands on reports")
        )
    else:
        found += check_person("SHOWN", person.shown, "the name as it stands on reports")
    found += check_scope(person.role, person.place, person.department)
    return found


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())
