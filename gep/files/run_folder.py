"""A folder of several files that belongs to one run: all of them appear together or none, and those of the run before go."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gep.files import janitor
from gep.files.overwriting import refuse_overwriting
from gep.files.writing import UNFINISHED, describe_unwritable, explain_cause
from gep.files.written import is_own, note_written
from gep.messages.problems import refuse_one
from gep.paths import print_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KINDS = {".tif": "raster", ".csv": "table", ".png": "picture", ".svg": "picture", ".html": "page"}
LIST = "map.json"
"""The file that lists what a run wrote, so that the next one knows what is no longer made."""


@contextmanager
def write_run_folder(folder: Path, names: Sequence[str], what: str) -> Iterator[Path]:
    """Give a folder for the files of a run; when the block ends well they take their names in `folder`, else nothing stays.

    Whoever is killed leaves the old files or the new ones: a process beside the program sees its end and tidies up.

    Parameters
    ----------
    names : of the files that will be written
    what  : what they are, for messages

    Raises
    ------
    Problems : another run writes there, something of somebody else stands there, or the folder cannot be written
    """
    new = not folder.exists()
    lock = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = _lock(folder)
        for left in folder.glob(f"{UNFINISHED}*"):
            janitor.finish(left)
        for name in (*names, LIST):
            refuse_overwriting(folder / name, _kind(name))
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
        beside = _start_janitor(unfinished)
        try:
            yield unfinished
            _take_names(folder, unfinished)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            beside.stdin.close()  # type: ignore[union-attr]
            beside.wait()
    except OSError as error:
        raise describe_unwritable(folder, what, explain_cause(error)) from None
    finally:
        if lock is not None:
            os.close(lock)
        if new:
            with suppress(OSError):
                folder.rmdir()


def _lock(folder: Path) -> int | None:
    """Return the locked folder; None where the system cannot lock one.

    Raises
    ------
    Problems : another run holds it
    """
    try:
        import fcntl
    except ImportError:
        return None
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        refuse_one(
            print_path(folder),
            "another run is writing into this folder",
            "a folder for each run",
            "wait for it, or name another with -o",
        )
    return opened


def _start_janitor(unfinished: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own file by our own interpreter
        [sys.executable, "-I", "-S", janitor.__file__, str(unfinished)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _take_names(folder: Path, unfinished: Path) -> None:
    """Let whole files take their names, and files of the run before that are no longer made go.

    Raises
    ------
    Problems : something of somebody else has come there meanwhile
    """
    names = sorted(one.name for one in unfinished.iterdir())
    gone = [name for name in _read_list(folder) if name not in names and is_own(folder / name, _kind(name))]
    (unfinished / LIST).write_text(json.dumps({"files": names}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for name in (*names, LIST):
        refuse_overwriting(folder / name, _kind(name))
        note_written(unfinished / name, folder / name, _kind(name))
    (unfinished / janitor.READY).write_text("\n".join(gone), "utf-8")
    janitor.finish(unfinished)


def _kind(name: str) -> str:
    """Return what a file is, by its ending."""
    return KINDS.get(Path(name).suffix, "file")


def _read_list(folder: Path) -> list[str]:
    """Return what the run before wrote into a folder; nothing where no list stands there."""
    try:
        found = json.loads((folder / LIST).read_text("utf-8"))["files"]
        return [name for name in found if isinstance(name, str) and Path(name).name == name]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
