"""How the file of a store is copied whole."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from gep.store.opening import connect

if TYPE_CHECKING:
    from pathlib import Path


def copy_file(path: Path, target: Path) -> None:
    """Copy the file of a store while no other program writes to it; the copy needs no log.

    The source is closed after the store is: closing any handle of a file gives up the locks that a process has on it.

    Raises
    ------
    Problems : it is not a store, or another program keeps it
    """
    with path.open("rb") as source:
        connection = connect(path, read_only=False)
        try:
            connection.execute("CHECKPOINT")
            with target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
        finally:
            connection.close()
