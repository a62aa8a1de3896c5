"""The user's cache folder: what is kept there only saves time, or says what this program wrote; all of it may be missing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "GEP_CACHE"
"""Names another folder for what is kept; empty: nothing is kept."""


def find_cache_folder(name: str) -> Path:
    """Return the folder of one kind of kept files; it need not exist.

    Raises
    ------
    OSError : there is no such folder, or none is wanted
    """
    wanted = os.environ.get(VARIABLE)
    if wanted == "":
        raise FileNotFoundError(VARIABLE)
    if wanted:
        return Path(wanted) / name
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "")) / "gep" / name
    cache = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises RuntimeError where nobody has a home
    return (Path(cache) if cache else home / ".cache") / "gep" / name
