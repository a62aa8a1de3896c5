"""Decides whether a workbook may be opened at all, from a look into the archive before anything of it is parsed."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from typing import TYPE_CHECKING

from gep.files.ghost_rows import MOST_CELLS, MOST_ROWS, count_columns, drop_ghosts
from gep.files.reading import require_readable
from gep.messages.problems import Problem
from gep.messages.texts import mark_word, say

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 30_000_000
"""Bytes of a workbook; one county-year takes about 50,000."""
LARGEST_UNPACKED = 150_000_000
"""Bytes of all parts unpacked."""
LARGEST_RATIO = 200
"""How many times larger a part of more than a megabyte may be unpacked."""
SMALL_PART = 1_000_000
"""Bytes below which a part may be packed as tightly as it likes."""
WHOLE_SHEET = 1_048_576
"""Rows that some programs declare for whole columns with a format; the rows themselves are counted then."""
MOST_MERGED = 100_000
"""Cells of all merged ranges of a sheet."""
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br=["\']([A-Z]{1,3})(\d{1,7})["\']')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref=["\']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["\']')
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"')
OLD = b"\xd0\xcf\x11\xe0"
"""How files of the old format begin, .xls and most .et."""
_LARGEST_BINARY = 40_000_000
"""Bytes of a sheet of .xlsb unpacked."""
_ROW, _CELLS = 0, range(2, 12)
"""Records of a sheet of .xlsb that name a row, and a cell of it that holds something."""


def find_refusal(path: Path, shown: str) -> Problem | None:
    """Return why a file must not be opened as a workbook, or None where it may be.

    Reads no more than the limits of this file, whatever the archive claims.

    Parameters
    ----------
    shown : the path as the problem names it
    """
    expected = "a workbook in .xlsx, as gep new writes it"
    try:
        require_readable(path, sys.maxsize)
        size = path.stat().st_size
        if size == 0:
            return Problem(shown, 0, "the file is empty", expected)
        if size > LARGEST_FILE:
            return Problem(
                shown,
                0,
                say("the file has {size:,.0f} MB", size=size / 1e6),
                say("at most {size:.0f} MB", size=LARGEST_FILE / 1e6),
            )
        content = path.read_bytes()
    except OSError as error:
        return Problem(shown, 0, say("the file cannot be read: {why}", why=mark_word(error.strerror or str(error))), expected)
    if content.startswith(OLD):
        return None  # at most 65,536 rows of 256 cells; read by another reader, which refuses what it cannot read
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _refused_parts(archive, shown, expected)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zipfile.LargeZipFile):
        return Problem(
            shown, 0, "the file is damaged or is not a workbook", expected, "open it in Excel or WPS and save it again"
        )
    except Exception:  # noqa: BLE001 - zlib.error and what a broken archive may raise
        return Problem(shown, 0, "the file is damaged", expected, "open it in Excel or WPS and save it again")


def _refused_parts(archive: zipfile.ZipFile, shown: str, expected: str) -> Problem | None:
    names = archive.namelist()
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        return Problem(shown, 0, "the archive holds no workbook", expected)
    if len(names) != len(set(names)):
        return Problem(shown, 0, "the archive holds a part twice", expected, "open it in Excel or WPS and save it again")
    unpacked = 0
    for part in archive.infolist():
        claimed = part.file_size
        if claimed > LARGEST_UNPACKED or (claimed > SMALL_PART and claimed > LARGEST_RATIO * max(part.compress_size, 1)):
            return Problem(
                shown,
                0,
                say("the part {part} unpacks to {size:,.0f} MB", part=part.filename, size=claimed / 1e6),
                "a workbook of ordinary size",
                "nothing of it was opened",
            )
        unpacked += claimed
    if unpacked > LARGEST_UNPACKED:
        return Problem(
            shown,
            0,
            say("the file unpacks to {size:,.0f} MB", size=unpacked / 1e6),
            say("at most {size:.0f} MB", size=LARGEST_UNPACKED / 1e6),
            "nothing of it was opened",
        )
    for name in names:
        if name.startswith("xl/worksheets/") and name.endswith(".bin"):
            with archive.open(name) as file:
                rows, columns = _measure_binary(file.read(_LARGEST_BINARY))
            if rows > MOST_ROWS or rows * columns > MOST_CELLS:
                found = say("the sheet {sheet} has {rows:,} rows", sheet=name.rpartition("/")[2], rows=rows)
                return Problem(
                    shown, 0, found, say("at most {rows:,} rows", rows=MOST_ROWS), "large tables are given as CSV or Parquet"
                )
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as file:
                text = file.read(LARGEST_UNPACKED)
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                return Problem(
                    shown,
                    0,
                    say("the part {name} declares entities", name=name),
                    "a workbook without them",
                    "nothing of it was opened",
                )
            if not name.startswith("xl/worksheets/"):
                continue
            text = drop_ghosts(text)
            declared = _DIMENSION.search(text[:4000])
            rows = max(int(declared[1]) if declared and int(declared[1]) < WHOLE_SHEET else 0, text.count(b"<row "))
            if rows > MOST_ROWS:
                return Problem(
                    shown,
                    0,
                    say("the sheet {sheet} has {rows:,} rows", sheet=name.rpartition("/")[2], rows=rows),
                    say("at most {rows:,} rows", rows=MOST_ROWS),
                    "large tables are given as CSV or Parquet",
                )
            if vast := _find_vast(name.rpartition("/")[2], text):
                return Problem(shown, 0, *vast)
    return None


def _measure_binary(content: bytes) -> tuple[int, int]:
    """Return the last row and the last column of a sheet of .xlsb that hold something, counted from 1."""
    at, row, lowest, widest = 0, 0, 0, 0
    while at < len(content) - 1:
        kind, size = content[at] & 0x7F, 0
        more = content[at] & 0x80
        at += 1
        if more:
            kind |= (content[at] & 0x7F) << 7
            at += 1
        for shift in (0, 7, 14, 21):
            if at >= len(content):
                break
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        number = int.from_bytes(content[at : at + 4], "little") + 1
        if kind == _ROW:
            row = number
        elif kind in _CELLS:
            lowest, widest = max(lowest, row), max(widest, number)
        at += size
    return lowest, widest


def _find_vast(sheet: str, text: bytes) -> tuple[str, str, str] | None:
    """Return what is wrong with a sheet of a few cells that stretch over a whole one, whose empty cells would fill the memory.

    Returns
    -------
    what was found, what was expected and what to do; None where nothing is
    """
    hint = "delete the rows below the table and the columns beside it, and save the workbook again"
    widest = lowest = 0
    for found_cell in _CELL.finditer(text):
        lowest, widest = max(lowest, int(found_cell[2])), max(widest, count_columns(found_cell[1]))
    if lowest > MOST_ROWS or lowest * widest > MOST_CELLS:
        found = say(
            "the sheet {sheet} has a cell in row {row:,} and one in column {column:,}", sheet=sheet, row=lowest, column=widest
        )
        return found, say("at most {rows:,} rows", rows=MOST_ROWS), hint
    merged = sum(
        (int(last) - int(first) + 1) * (count_columns(right) - count_columns(left) + 1)
        for left, first, right, last in _MERGED.findall(text)
    )
    if merged > MOST_MERGED:
        found = say("the sheet {sheet} has merged ranges of {cells:,} cells", sheet=sheet, cells=merged)
        return found, say("at most {cells:,} merged cells", cells=MOST_MERGED), "split them: Home, Merge & Center"
    return None
