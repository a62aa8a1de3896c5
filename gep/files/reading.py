"""Files that are read whole: only ordinary ones, and only so many bytes, so that no file takes all memory or never ends."""

from __future__ import annotations

import errno
import os
import stat
from hashlib import file_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_TABLE = 500_000_000
"""Bytes of a table; all counties of the nation with all variables take about a hundred million."""
LARGEST_TEXT = 2_000_000
"""Bytes of a file of YAML; the longest standard takes sixty thousand."""


def require_readable(path: Path, most: int) -> None:
    """Make sure that a file is an ordinary one and of a size that can be meant.

    Parameters
    ----------
    most : bytes

    Raises
    ------
    OSError : it cannot be reached, is a folder, a device or a pipe, or is larger
    """
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is a device, a pipe or another special file")
    if status.st_size > most:
        raise OSError(errno.EFBIG, "it is larger than such a file can be meant to be")


def read_bounded(path: Path, most: int) -> bytes:
    """Return the bytes of an ordinary file.

    Parameters
    ----------
    most : bytes

    Raises
    ------
    OSError : as `require_readable`, or the file cannot be read
    """
    require_readable(path, most)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size  # read() sets aside as many bytes as it is asked for
        content = file.read(min(most, size) + 1)
        if size < len(content) <= most:  # it grows
            content += file.read(most + 1 - len(content))
    if len(content) > most:
        raise OSError(errno.EFBIG, "it is larger than such a file can be meant to be")
    return content


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; empty where it cannot be read, which whoever read it has said.

    Only ordinary files are opened.
    """
    try:
        require_readable(path, LARGEST_TABLE)
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
