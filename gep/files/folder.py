"""Folders of tables: the files in them that are read, and a problem for each that is not; nothing is left out in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problem
from gep.messages.texts import mark_word, say
from gep.paths import print_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

READ_AS_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".xlsb")
"""Endings of workbooks that are read: as they are, or of the binary formats their values."""
READ_AS_TABLES = (".csv", ".parquet", ".tsv", ".tab", ".txt")
READ_AS_NOTES = (".tab", ".txt")
"""Endings of tables that other texts have too."""
COPIES = "校验"
"""Folder of the copies with findings, beside the workbooks: a folder that is read as a whole does not hold both."""
WORKBOOKS = {*READ_AS_WORKBOOKS, ".xltx", ".ett", ".ods", ".numbers"}
TABLES = {".tsv", ".txt", ".tab", ".dat"}
DEEPEST = 4
"""Folders within one another that are read; links to folders are not followed."""
PACKED = {".zip", ".rar", ".7z", ".gz", ".tar"}
_NOT_MEANT = {"thumbs.db", "desktop.ini", COPIES, "__macosx", "__pycache__"}
_OTHERS = (".duckdb", ".duckdb.wal", ".yaml", ".yml")
"""Endings of stores, standards and schemes, which are never figures of a department."""


def list_folder(folder: Path, endings: Iterable[str]) -> tuple[list[Path], list[Problem]]:
    """Return the files of a folder and of the folders in it with one of some endings, in order, and a problem for everything else.

    Hidden folders, lock files, a README that is no table, stores, standards, schemes and the folder of checked copies are not meant by
    anybody and left out; a hidden table is a problem.

    Parameters
    ----------
    endings : in small letters, with the dot
    """
    return _list(folder, tuple(endings), DEEPEST)


def _list(folder: Path, known: tuple[str, ...], deep: int) -> tuple[list[Path], list[Problem]]:
    files: list[Path] = []
    problems: list[Problem] = []
    for one in sorted(folder.iterdir()):
        if _is_hidden_table(one, known):
            problems.append(_describe_hidden(one))
        elif _is_not_meant(one.name, known):
            continue
        elif one.is_file() and one.suffix.lower() in known:
            files.append(one)
        elif one.is_dir() and not one.is_symlink() and deep:
            inside, left_out = _list(one, known, deep - 1)
            files += inside
            problems += left_out
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
            "the folder is not read: it is a link, or lies too deep",
            say("at most {count} folders within one another, and no links", count=DEEPEST),
            "name this folder on the command line too, or move it",
        )
    workbook = ".xlsx" in known
    read = ".xlsx, .xlsm, .xls, .et, .xlsb, .csv, .tsv, .txt or .parquet"
    if path.is_symlink() and not path.exists():
        found = "the file is a link to a file that is not there"
        return Problem(
            print_path(path), 0, found, "a file that can be read", "put the file itself in its place, or remove the link"
        )
    if ending in WORKBOOKS or (ending == ".xlsx" and not workbook):
        hint = "save it as .xlsx" if workbook else "save it as CSV UTF-8 in Excel or WPS"
    elif ending in TABLES:
        hint = "save it as CSV (comma delimited)"
    elif ending in PACKED:
        hint = "unpack it"
    else:
        hint = "save its figures in one of these formats, or move it out of the folder"
    found = say("files in {suffix} are not read", suffix=path.suffix or mark_word("no format"))
    return Problem(print_path(path), 0, found, read if workbook else "CSV or Parquet files", hint)


def _is_hidden_table(path: Path, known: tuple[str, ...]) -> bool:
    lower = path.name.lower()
    return lower.startswith(".") and not lower.startswith(("._", ".~")) and path.suffix.lower() in known and path.is_file()


def _describe_hidden(path: Path) -> Problem:
    hint = "take the dot from the beginning of its name, or move it out of the folder"
    return Problem(print_path(path), 0, "the file is hidden and not read", "files whose names do not begin with a dot", hint)


def _is_not_meant(name: str, known: tuple[str, ...]) -> bool:
    lower = name.lower()
    if lower.startswith("readme") and lower.endswith(known) and not lower.endswith(READ_AS_NOTES):
        return False
    return lower.startswith((".", "~$", "readme")) or lower in _NOT_MEANT or lower.endswith(_OTHERS)
