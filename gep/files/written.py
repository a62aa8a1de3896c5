"""What this program wrote, and whether it still stands there unchanged: a note a file, in the user's cache folder.

A note that is missing, damaged or cannot be written only means that the file counts as somebody's own.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

from gep.files.cache import find_cache_folder

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "written"
MOST = 5000
"""Notes that are kept; above it all go but the newest half of so many."""
COUNTED = "0"
"""Notes are counted before one whose name begins so, one in sixteen: counting thousands for each file took longer than writing it."""
HASHED = 64_000_000
"""Bytes of the largest file that is known by its content; above it size, time and inode say whether it is the same."""


def note_written(written: Path, target: Path, what: str) -> None:
    """Note that a file is this program's own, before it takes its name: whoever is killed there leaves the old or the new one.

    Parameters
    ----------
    written : where the file stands now
    target  : the name it is about to get
    what    : what was written, such as `report`
    """
    with suppress(OSError):
        note = _note_of(target)
        note.parent.mkdir(parents=True, exist_ok=True)
        if note.name.startswith(COUNTED):
            _drop_older(note.parent)
        before = [_fingerprint(target)] if is_own(target, what) else []
        part = note.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps([what, _fingerprint(written), *before]), "utf-8")
        part.replace(note)


def is_own(target: Path, what: str | None) -> bool:
    """Whether a file was written by this program and was not touched since.

    Parameters
    ----------
    what : as what it was written, such as `report`; None: as anything
    """
    try:
        as_what, *known = json.loads(_note_of(target).read_text("utf-8"))
        return what in {as_what, None} and _fingerprint(target) in known
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def _note_of(target: Path) -> Path:
    place = target.parent.resolve() / target.name
    return find_cache_folder(FOLDER) / f"{sha256(str(place).encode('utf-8', 'surrogateescape')).hexdigest()}.json"


def _fingerprint(target: Path) -> str:
    status = target.lstat()
    if status.st_size > HASHED:
        return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"
    with target.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _drop_older(folder: Path) -> None:
    with os.scandir(folder) as entries:
        if sum(1 for _ in entries) <= MOST:  # counted only, since it is done often
            return
    for one in sorted(folder.glob("*.json"), key=lambda note: note.stat().st_mtime)[: -MOST // 2]:
        one.unlink(missing_ok=True)
