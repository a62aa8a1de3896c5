"""What SQLite says when the file of the office fails, as a problem with a hint that repairs it."""

from __future__ import annotations

from contextlib import contextmanager
from sqlite3 import DatabaseError
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SAYINGS = {
    "SQLITE_FULL": ("the disk is full", "nothing was changed; make room and try again"),
    "SQLITE_IOERR": ("the disk cannot be read or written, or is full", "nothing was changed; make room and try again"),
    "SQLITE_READONLY": (
        "the office cannot be written by this user",
        "let the user of this program write the file and its folder, and try again",
    ),
    "SQLITE_CANTOPEN": (
        "the office cannot be opened by this user",
        "let the user of this program write the file and its folder, and try again",
    ),
    "SQLITE_BUSY": ("another program holds the office", "try again when it has finished"),
    "SQLITE_LOCKED": ("another program holds the office", "try again when it has finished"),
    "SQLITE_NOTADB": ("the file is no office of this program, or is damaged", "take it from the backup"),
    "SQLITE_CORRUPT": ("the file is no office of this program, or is damaged", "take it from the backup"),
}
"""How SQLite's name of a failure begins → what was found, and what to do."""
_CHANGED = ("no such table", "no such column", "has no column", "already exists")
"""What SQLite says where tables are not those of this program."""


@contextmanager
def tell_failures(path: Path) -> Iterator[None]:
    """Tell what the machine or the file does to an office as a problem; a mistake of our own stays one.

    Raises
    ------
    Problems : the disk is full, the file cannot be written, somebody holds it, it is damaged, or its tables are not of this program
    """
    try:
        yield
    except DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        for begin, (found, hint) in _SAYINGS.items():
            if name.startswith(begin):
                refuse_one(str(path), found, "", hint)
        if any(one in str(error) for one in _CHANGED):
            refuse_one(str(path), "the tables of the office are not those of this program", "", "take it from the backup")
        raise
