"""An empty store kept for the next one, because making its tables and comments takes as long as computing a county.

The copy lies in the user's cache folder (`GEP_CACHE` names another; empty: none is kept), under the hash of what it was made
from and the hash of its own bytes; whatever is missing, damaged or cannot be written is made again.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from gep.files.cache import find_cache_folder


def copy_kept(key: str, target: Path) -> bool:
    """Write the kept empty store of a key to a file, and return whether there was one.

    Parameters
    ----------
    key : hash of what an empty store is made from
    """
    with suppress(OSError):
        for kept in _folder().glob(f"{key}-*.duckdb"):
            content = kept.read_bytes()
            if kept.stem == f"{key}-{sha256(content).hexdigest()}":
                return _write_to_disk(target, content)
            kept.unlink()
    return False


def keep(key: str, made: Path) -> None:
    """Keep an empty store under its key, and drop those of other keys; a folder that cannot be written keeps none."""
    with suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        content = made.read_bytes()
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as temporary:
            temporary.write(content)
        Path(temporary.name).replace(folder / f"{key}-{sha256(content).hexdigest()}.duckdb")
        for other in folder.glob("*.duckdb"):
            if not other.name.startswith(key):
                other.unlink()


def _write_to_disk(target: Path, content: bytes) -> bool:
    """Write a file that is on the disk before DuckDB relies on it; False, and no file, where it cannot be: DuckDB then says why."""
    try:
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        target.unlink(missing_ok=True)
        return False
    return True


def _folder() -> Path:
    """Return the folder of kept stores.

    Raises
    ------
    OSError : there is no such folder, or none is wanted
    """
    return find_cache_folder("empty-stores")
