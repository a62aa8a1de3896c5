"""Who has seen which alert: a table that rows are only added to."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.files.writing import write_file

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from gep.worked.written import Reader

COLUMNS = ("alert", "by", "day", "note")


@dataclass(frozen=True)
class Acknowledgement:
    """Who saw an alert on which day, and what is done about it."""

    alert: str
    by: str
    day: date
    note: str


def read_acknowledged(path: Path, reader: Reader) -> dict[str, Acknowledgement]:
    """Return acknowledgements by alert, the first of each; none where there is no file yet."""
    if not path.exists():
        return {}
    found: dict[str, Acknowledgement] = {}
    for row in reader.rows(path, COLUMNS):
        reader.text(row, "by")
        day = reader.day(row, "day")
        if day is not None:
            found.setdefault(row["alert"], Acknowledgement(row["alert"], row["by"], day, row["note"]))
    return found


def write_acknowledged(path: Path, known: dict[str, Acknowledgement]) -> None:
    """Write acknowledgements as a table, in the order they were made.

    Raises
    ------
    Problems : the file cannot be written
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([one.alert, one.by, one.day.isoformat(), one.note] for one in known.values())
    write_file(path, target.getvalue().encode(), "acknowledgements")
