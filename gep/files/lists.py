"""The closed lists that come with the program: CSV in UTF-8 that tests keep whole, so that nothing is checked when they are read."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_list(path: Path) -> list[dict[str, str]]:
    """Return the rows of a shipped list, in the order of the file.

    Returns
    -------
    one map a row: column → the text of the cell, as written; an empty cell is an empty text
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        columns = next(rows)
        return [dict(zip(columns, row, strict=True)) for row in rows]
