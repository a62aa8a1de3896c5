"""Folders of tables: the files in them that are read, and a problem for each that is not; nothing is left out in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problem
from gep.messages.texts import mark_word, say
from gep.paths import print_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COPIES = "校验"
"""Folder of the copies with findings, beside the workbooks: a folder that is read as a whole does not hold both."""
WORKBOOKS = {".xls", ".xlsm", ".xlsb", ".xltx", ".et", ".ett", ".ods", ".numbers"}
TABLES = {".tsv", ".txt", ".tab", ".dat"}
PACKED = {".zip", ".rar", ".7z", ".gz", ".tar"}
_NOT_MEANT = {"thumbs.db", "desktop.ini", COPIES, "__macosx", "__pycache__"}
_OTHERS = (".duckdb", ".duckdb.wal", ".yaml", ".yml")
"""Endings of stores, standards and schemes, which are never figures of a department."""


def list_folder(folder: Path, endings: Iterable[str]) -> tuple[list[Path], list[Problem]]:
    """Return the files of a folder with one of some endings, in order, and a problem for everything else in it.

    Hidden and lock files, a README, stores, standards, schemes and the folder of checked copies are not meant by anybody and left out.

    Parameters
    ----------
    endings : in small letters, with the dot
    """
    known = tuple(endings)
    files: list[Path] = []
    problems: list[Problem] = []
    for one in sorted(folder.iterdir()):
        if _is_not_meant(one.name):
            continue
        if one.is_file() and one.suffix.lower() in known:
            files.append(one)
        else:
            problems.append(describe_unread(one, known))
    return files, problems


def describe_unread(path: Path, endings: Iterable[str]) -> Problem:
    """Return the problem of a file or folder that is not read: why, and what to do.

    Parameters
    ----------
    endings : of the files that are read, in small letters, with the dot
    """
    known, ending = tuple(endings), path.suffix.lower()
    if path.is_dir():
        return Problem(
            print_path(path),
            0,
            "folders in a folder are not read",
            "files",
            "name this folder on the command line too, or move it",
        )
    workbook = ".xlsx" in known
    if ending in WORKBOOKS or (ending == ".xlsx" and not workbook):
        hint = "save it as .xlsx" if workbook else "save it as CSV UTF-8 in Excel or WPS"
    elif ending in TABLES:
        hint = "save it as CSV (comma delimited)"
    elif ending in PACKED:
        hint = "unpack it"
    else:
        hint = "save its figures in one of these formats, or move it out of the folder"
    found = say("files in {suffix} are not read", suffix=path.suffix or mark_word("no format"))
    return Problem(print_path(path), 0, found, ".xlsx, .csv or .parquet" if workbook else "CSV or Parquet files", hint)


def _is_not_meant(name: str) -> bool:
    lower = name.lower()
    return lower.startswith((".", "~$", "readme")) or lower in _NOT_MEANT or lower.endswith(_OTHERS)
