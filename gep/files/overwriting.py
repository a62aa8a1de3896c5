"""Decides whether a file may be written: what stands there is destroyed only if this program made it, or if that was asked for.

A store, an input of the same call, a folder and a special file (a device, a pipe) are never written over.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from gep.files.written import is_own
from gep.messages.problems import Problem, refuse
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

STORE = b"DUCK"
"""What a file of DuckDB has from its ninth byte on."""
OFFICE = b"SQLite format 3\0"
"""What a file of SQLite begins with: the office beside a store is one, and no command writes one as its output."""
LOGS = (".wal", "-wal", "-shm", "-journal")
"""What the names of logs add to the name of the store or office that they belong to."""
SIBLINGS = {".shp", ".shx", ".dbf", ".prj", ".cpg", ".tif", ".tfw"}
"""Endings of data sets of several files: with one of them as an input the others are inputs too."""
_SYSTEM = {"dev", "proc", "sys"}
_ELSEWHERE = "name another file with -o"


@dataclass(frozen=True)
class Call:
    """What one call may write over.

    Attributes
    ----------
    force  : whether files that this program did not make are written over
    inputs : files and folders that the call reads
    """

    force: bool = False
    inputs: tuple[Path, ...] = ()


_NO_CALL = Call()
_CALL: ContextVar[Call] = ContextVar("gep_call")


def get_call() -> Call:
    """Return what this call may write over."""
    return _CALL.get(_NO_CALL)


@contextmanager
def begin_call(call: Call) -> Iterator[None]:
    """Let everything written below be judged by what a call reads and asks for."""
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)


def refuse_overwriting(target: Path, what: str) -> None:
    """Refuse a target that must not be written.

    Parameters
    ----------
    what : what is to be written, such as `report`

    Raises
    ------
    Problems : a special file, a folder, a store or an input stands there; or a file this program did not make, without --force
    """
    found = find_overwriting(target, what)
    refuse([found] if found else [])


def find_overwriting(target: Path, what: str | None) -> Problem | None:
    """Return why a target must not be written, or None where it may be.

    Parameters
    ----------
    what : what is to be written, such as `report`; None: not known yet
    """
    shown = str(target)
    if _is_of_the_system(target):
        return Problem(shown, 0, "a device, a pipe or another special file stands there", "a file", _ELSEWHERE)
    try:
        status = target.stat()
    except FileNotFoundError:
        if not target.is_symlink():
            return None
        status = target.lstat()
    except (OSError, ValueError):
        return None  # writing will say why it cannot be reached
    if stat.S_ISDIR(status.st_mode):
        return Problem(shown, 0, "a folder of this name stands there", "a file", _ELSEWHERE)
    if not stat.S_ISREG(status.st_mode) and not target.is_symlink():
        return Problem(shown, 0, "a device, a pipe or another special file stands there", "a file", _ELSEWHERE)
    if _is_store(target):
        return Problem(shown, 0, "a store stands there, and a store is never written over", "another file", _ELSEWHERE)
    own = not target.is_symlink() and is_own(target, what)
    if _is_input(target, own=own):
        return Problem(shown, 0, "this file is an input of this command", "another file", _ELSEWHERE)
    if own or get_call().force:
        return None
    return Problem(
        shown,
        0,
        "the file that stands there was not made by this command, or was changed since",
        "a name that is free, or a file that this command made",
        "name another file with -o, or write over it with --force",
    )


def _is_of_the_system(target: Path) -> bool:
    """Whether a target is a name of the operating system's own, there or not."""
    if os.name == "nt":
        return PureWindowsPath(target).is_reserved()
    with suppress(OSError, RuntimeError):
        place = (target.parent.resolve() / target.name).parts
        return len(place) > 1 and place[1] in _SYSTEM and place[1:3] != ("dev", "shm")
    return False


def _is_store(target: Path) -> bool:
    """Whether a file is a store or an office by its content, or the log of one by its name."""
    if any(target.name.endswith(one) and target.with_name(target.name.removesuffix(one)).is_file() for one in LOGS):
        return True
    with suppress(OSError), target.open("rb") as file:
        begin = file.read(len(OFFICE))
        return begin == OFFICE or begin[8:12] == STORE
    return False


def _is_input(target: Path, *, own: bool) -> bool:
    """Whether a file is read by this call: named, part of a named data set, or in a named folder and not this program's own."""
    for one in get_call().inputs:
        with suppress(OSError):
            if one.samefile(target):
                return True
            folder = target.parent.resolve()
            if one.is_dir() and not own and folder.is_relative_to(one.resolve()):
                return True
            if one.suffix.lower() in SIBLINGS and target.suffix.lower() in SIBLINGS and target.stem == one.stem:
                return folder == one.parent.resolve()
    return False
