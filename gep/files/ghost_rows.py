"""Ghost rows of workbooks: rows and cells with a format and nothing in them, below and beside the table; taken out before a sheet is parsed.

Formatting a whole column or pressing Ctrl+End leaves thousands of them, which would fill the memory and say nothing. Only cells that
hold neither a value nor a formula are taken out.
"""

from __future__ import annotations

import io
import re
import zipfile

MOST_ROWS = 20_000
"""Rows of a sheet: the last row that holds something."""
MOST_CELLS = 2_000_000
"""Cells of the rectangle from the first to the last cell of a sheet that holds something."""
_CONTENT = (b"<v", b"<f", b"<is")
"""How what a cell holds begins: a value, a formula, a text of its own."""
_PREFIXED = re.compile(rb"<\w+:(?:row|c|v|f|is)\b")
_CELL = re.compile(rb'<c\b(?=[^>]*?\br=["\']([A-Z]{1,3})(\d{1,7})["\'])[^>]*?(/>|>\s*</c\s*>|>)')
_ROW = re.compile(rb'<row\b[^>]*?\br=["\'](\d{1,7})["\']')
_MERGED = re.compile(rb'<mergeCell\b[^>]*?\bref=["\'][A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}\d{1,7}["\'][^>]*?/>')
_DIMENSION = re.compile(rb"<dimension\b[^>]*?/>")
_SHEETS = "xl/worksheets/"


def drop_ghosts(text: bytes) -> bytes:
    """Return a sheet without the empty rows below its last filled one and the empty cells beside its last filled column.

    It comes back as it is where it has none, or is written in a way that is not known.
    """
    begin, end = text.find(b"<sheetData>"), text.rfind(b"</sheetData>")
    if begin < 0 or end < begin or _PREFIXED.search(text):
        return text
    filled = max(text.rfind(mark, begin, end) for mark in _CONTENT)
    stop = text.find(b"</row>", filled, end) + len(b"</row>") if filled >= 0 else begin + len(b"<sheetData>")
    rows = text[begin:stop]
    last = max((int(found[1]) for found in _ROW.finditer(rows)), default=0)
    if last > MOST_ROWS or (rows.count(b"<row ") == text.count(b"<row ") and not _is_wide(rows, last)):
        return text
    if _is_wide(rows, last):
        rows = _narrow(rows)
    after = _MERGED.sub(lambda found: found[0] if int(found[1]) <= last else b"", text[end:])
    return _DIMENSION.sub(b"", text[:begin], count=1) + rows + after


def _is_wide(rows: bytes, last: int) -> bool:
    return last * max((count_columns(found[1]) for found in _CELL.finditer(rows)), default=0) > MOST_CELLS


def _narrow(rows: bytes) -> bytes:
    """Return rows without their empty cells beside the last column with a cell that holds something."""
    right = max((count_columns(found[1]) for found in _CELL.finditer(rows) if found[3] == b">"), default=0)
    return _CELL.sub(lambda found: found[0] if found[3] == b">" or count_columns(found[1]) <= right else b"", rows)


def drop_ghost_rows(content: bytes) -> bytes:
    """Return a workbook whose sheets are without ghost rows; as it is where no sheet has any.

    Parameters
    ----------
    content : of a workbook that may be opened
    """
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        texts = {name: old.read(name) for name in old.namelist() if name.startswith(_SHEETS) and name.endswith(".xml")}
        changed = {name: short for name, text in texts.items() if (short := drop_ghosts(text)) is not text}
        if not changed:
            return content
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, changed[name] if name in changed else old.read(name))
    return made.getvalue()


def count_columns(letters: bytes) -> int:
    """Return the number of a column by its letters: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
