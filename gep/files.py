"""Files appear whole or not at all: written under a temporary name in the same folder, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gep.messages import say, word
from gep.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

PART = ".part"
STALE = 3600.0
"""Seconds after which a temporary file can only be left over from a program that was killed."""

WRAPPED = "FileCreateError"
"""What XlsxWriter makes of an OSError; known by name, so that the library need not be loaded."""


@contextmanager
def written(target: Path, what: str = "file") -> Iterator[Path]:
    """Give a temporary path in the target's folder; when the block ends well it becomes the target, else it is removed.

    The folder is made if need be. The temporary name ends like the target's, for writers that go by the ending.

    Raises
    ------
    Problems : the folder cannot be made or written to, or the disk is full; the old target, if any, is untouched
    """
    temporary = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem[:40]}.", suffix=f"{PART}{target.suffix}")
        os.close(handle)
        temporary = Path(name)
        yield temporary
        _to_disk(temporary)
        temporary.chmod(0o644)
        temporary.replace(target)
        temporary = None
    except Exception as error:
        if not isinstance(error, OSError) and type(error).__name__ != WRAPPED:
            raise
        why = word(getattr(error, "strerror", None) or str(error))
        raise Problems(
            [
                Problem(
                    str(target),
                    0,
                    say("the {what} cannot be written: {why}", what=word(what), why=why),
                    "",
                    "make room, or name another place with -o",
                )
            ]
        ) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_file(target: Path, content: bytes, what: str = "file") -> None:
    """Write a file, whole or not at all; `what` names it in the sentence if it cannot be.

    Raises
    ------
    Problems : as `written`
    """
    with written(target, what) as temporary:
        temporary.write_bytes(content)


def file_name(*parts: object) -> str:
    """Return parts joined to a plain file name: letters of any script, digits and `._-` stay, anything else becomes `_`."""
    name = "-".join(str(part) for part in parts)
    kept = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name).lstrip(".")
    return kept[:120] or "_"


def sweep(target: Path) -> None:
    """Remove what killed programs left of a target more than an hour ago."""
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
