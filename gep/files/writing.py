"""Files appear whole or not at all: written under a temporary name in the same folder, then renamed; nothing of others is lost."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gep.files.overwriting import refuse_overwriting
from gep.files.written import note_written
from gep.messages.problems import Problem, Problems
from gep.messages.texts import mark_word, say

if TYPE_CHECKING:
    from collections.abc import Iterator

PART = ".part"
UNFINISHED = "unfinished-"
"""How a folder in which a run's files are made begins."""
STALE = 3600.0
"""Seconds after which a temporary file can only be left over from a program that was killed."""

WRAPPED = "FileCreateError"
"""What XlsxWriter makes of an OSError; known by name, so that the library need not be loaded."""


@contextmanager
def write_whole(target: Path, what: str = "file", *, to_disk: bool = True) -> Iterator[Path]:
    """Give a temporary path in the target's folder; when the block ends well it becomes the target, else it is removed.

    The folder is made if need be. The temporary name ends like the target's, for writers that go by the ending.

    Parameters
    ----------
    to_disk : wait until the bytes are on the disk; not worth it for large files that one command makes again

    Raises
    ------
    Problems : something else stands there; the folder cannot be made or written to, or the disk is full; the old target, if
               any, is untouched
    """
    temporary = None
    refuse_overwriting(target, what)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem[:40]}.", suffix=f"{PART}{target.suffix}")
        os.close(handle)
        temporary = Path(name)
        yield temporary
        if to_disk:
            _to_disk(temporary)
        temporary.chmod(0o644)
        refuse_overwriting(target, what)  # what has come there meanwhile
        note_written(temporary, target, what)
        temporary.replace(target)
        temporary = None
    except Exception as error:
        if not isinstance(error, OSError) and type(error).__name__ != WRAPPED:
            raise
        raise describe_unwritable(target, what, explain_cause(error)) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def write_whole_folder(target: Path, what: str = "folder") -> Iterator[Path]:
    """Give a temporary folder beside the target; when the block ends well it becomes the target, else it is removed.

    A target that is there is moved aside first, comes back if the renaming fails, and is removed in the end.

    Raises
    ------
    Problems : as `written`
    """
    temporary = None
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        sweep(target.absolute())
        temporary = Path(tempfile.mkdtemp(dir=target.absolute().parent, prefix=f".{target.absolute().stem[:40]}.", suffix=PART))
        temporary.chmod(0o755)
        yield temporary
        _take_the_place(temporary, target)
    except OSError as error:
        raise describe_unwritable(target, what, explain_cause(error)) from None
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _take_the_place(temporary: Path, target: Path) -> None:
    if not target.exists():
        temporary.rename(target)
        return
    old = temporary.with_name(f"{temporary.name}-old")
    target.rename(old)
    try:
        temporary.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def explain_cause(error: Exception) -> str:
    """Return why something could not be written, in the words of the operating system where it is one of its errors."""
    number = getattr(error, "errno", None) or getattr(error.__context__, "errno", None)
    return os.strerror(number) if number else (str(error).splitlines() or [type(error).__name__])[0]


def describe_unwritable(target: Path, what: str, why: str) -> Problems:
    """Return the exception for a file or folder that cannot be written, to be raised by the caller; of a folder in the making, the name it was to have.

    Parameters
    ----------
    what : what the target is called in the sentence, such as `report`
    why  : the cause, as `explain_cause` says it
    """
    found = say("the {what} cannot be written: {why}", what=mark_word(what), why=mark_word(why))
    shown = Path(*(part for part in target.parts if not part.startswith(UNFINISHED)))
    return Problems([Problem(str(shown), 0, found, "", "make room, or name another place with -o")])


def write_file(target: Path, content: bytes, what: str = "file") -> None:
    """Write a file, whole or not at all.

    Parameters
    ----------
    what : what the file is called in the sentence if it cannot be written

    Raises
    ------
    Problems : as `written`
    """
    with write_whole(target, what) as temporary:
        temporary.write_bytes(content)


def make_file_name(*parts: object) -> str:
    """Return parts joined by `_` as a file name: letters of any script, digits and `._-` stay, anything else becomes `_`."""
    name = "-".join(str(part) for part in parts)
    kept = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name).lstrip(".")
    return kept[:120] or "_"


def sweep(target: Path) -> None:
    """Remove temporary files and folders that killed programs left beside a target more than an hour ago."""
    for one in target.parent.glob(f".{_plain(target.stem[:40])}.*{PART}*"):
        with suppress(OSError):
            if time.time() - one.stat().st_mtime <= STALE:
                continue
            if one.is_dir():
                shutil.rmtree(one)
            else:
                one.unlink()


def _plain(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
