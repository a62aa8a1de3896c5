"""Files written whole or not at all: to a temporary name beside the target, then renamed."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rasterio.errors import RasterioError

from gep.space.sources import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give a temporary path (a file's) that becomes the target when the block ends well, and vanishes when it does not.

    Raises
    ------
    Problems : the folder cannot be made, or there is no space
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem(target, f"it cannot be written: {error.strerror}", "a folder that can be written") from None
    temporary = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        with said_plainly(target):
            yield temporary
            temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def said_plainly(target: Path) -> Iterator[None]:
    """Turn a failure to write into a problem of the target."""
    try:
        yield
    except (OSError, RasterioError) as error:
        if isinstance(error, OSError) and error.errno in {errno.EACCES, errno.EROFS, errno.EISDIR, errno.ENOTDIR}:
            raise problem(target, f"it cannot be written: {error.strerror}", "a place that can be written") from None
        full = getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} or "No space left" in _chain(error)
        free = _free(target)
        if full or free < SPARE:
            raise problem(
                target,
                f"no space left: {free / 1e6:,.0f} MB are free",
                "space for the results",
                "free some, or write elsewhere (-o)",
            ) from None
        raise


SPARE = 1 << 20


def _free(target: Path) -> int:
    folder = target.parent
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _chain(error: BaseException | None) -> str:
    said = []
    while error is not None:
        said.append(str(error))
        error = error.__cause__ or error.__context__
    return " ".join(said)
