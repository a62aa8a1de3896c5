"""Where the shipped files are: in the source tree, or inside the installed package."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent
_SHIPPED = _PACKAGE / "shipped"
_ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent

COEFFICIENTS = _ROOT / "coefficients"
LISTS = COEFFICIENTS / "lists"
TEMPLATES = _ROOT / "templates"
STANDARDS = _PACKAGE / "standards"
HELD = "gep-held-"
"""How folders begin in which files that were sent are held as long as they are read."""


def print_path(path: Path) -> str:
    """Return a path as people see it: relative to the project or to the working folder where it lies below, with slashes.

    A file that was sent is named as it was called. A name whose bytes are not UTF-8 is read as GBK, as older programs write it, or its bytes are shown.
    """
    if path.parent.name.startswith(HELD):
        return print_name(path.name)
    for base in (_ROOT, Path.cwd()):
        if path.is_absolute() and path.is_relative_to(base):
            return print_name(path.relative_to(base).as_posix())
    return print_name(path.as_posix())


def print_name(name: str) -> str:
    """Return a name of a file or folder as text that every encoding and file format can hold."""
    if not any("\ud800" <= letter <= "\udfff" for letter in name):
        return name
    try:
        return os.fsencode(name).decode("gb18030")
    except UnicodeError:
        return name.encode("utf-8", "backslashreplace").decode()
