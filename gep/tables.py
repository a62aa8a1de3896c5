"""Tables of text that remember file and line: CSV in UTF-8 or GBK, and Parquet; nothing about their meaning."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from gep.messages import say
from gep.places import printed_path
from gep.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIRST_ROW = 2
"""The line of the first row under a header."""


@dataclass(frozen=True)
class Table:
    """Columns of text, one file; `lines` holds the line of each row."""

    file: str
    columns: pa.Table
    lines: pa.Array


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> tuple[Table | None, list[Problem]]:
    """Return a table with exactly the columns asked for, all text, and what is wrong with the file as a table."""
    shown = printed_path(path)
    try:
        if path.stat().st_size == 0:
            return None, [
                Problem(
                    shown, 0, "the file is empty", say("a header {required} and at least one row", required=",".join(required))
                )
            ]
        if path.suffix.lower() == ".parquet":
            return _read_parquet(path, shown, required, optional)
        return _read_csv(path.read_bytes(), shown, required, optional)
    except (OSError, pa.ArrowException, csv.Error) as error:
        return None, [
            Problem(
                shown,
                0,
                say("the file cannot be read: {why}", why=str(error).splitlines()[0]),
                "a CSV or Parquet table",
            )
        ]


def decode(content: bytes) -> str | None:
    """Return the text of a file in UTF-8 (a byte-order mark is dropped) or GB 18030, or None."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def _read_csv(content: bytes, shown: str, required: Sequence[str], optional: Sequence[str]) -> tuple[Table | None, list[Problem]]:
    text = decode(content)
    if text is None:
        hint = "save it as CSV UTF-8 in Excel or WPS"
        return None, [Problem(shown, 0, "the file is not text in UTF-8 or GBK", "a CSV table", hint)]
    header = next(csv.reader(io.StringIO(text[:100_000], newline="")), [])
    problems = _check_header([name.strip() for name in header], shown, required, optional)
    if problems:
        return None, problems
    broken: list[pacsv.InvalidRow] = []

    def note(row: pacsv.InvalidRow) -> str:
        broken.append(row)
        return "skip"

    columns = pacsv.read_csv(
        io.BytesIO(text.encode()),
        read_options=pacsv.ReadOptions(use_threads=False, column_names=[name.strip() for name in header], skip_rows=1),
        parse_options=pacsv.ParseOptions(newlines_in_values=True, invalid_row_handler=note, ignore_empty_lines=True),
        convert_options=pacsv.ConvertOptions(
            column_types={name.strip(): pa.string() for name in header},
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )
    numbers = _line_numbers(text, len(header), columns.num_rows)
    for row in broken:
        line = (row.number or 0) if not _has_long_rows(text) else 0
        problems.append(
            Problem(shown, line, say("the row has {count} cells: {text}", count=row.actual_columns, text=row.text[:60]), say("{count} cells", count=row.expected_columns),
                    "put a cell that contains a comma in double quotes")
        )  # fmt: skip
    table = Table(shown, _complete(columns, required, optional), numbers)
    blank = list(columns.column_names)
    empty = _all_blank(columns, blank)
    if pc.any(empty).as_py():
        keep = pc.invert(empty)
        table = Table(shown, table.columns.filter(keep), table.lines.filter(keep))
    if table.columns.num_rows == 0 and not problems:
        problems.append(Problem(shown, 0, "the file has a header and no row", "at least one row"))
    return table, problems


def _has_long_rows(text: str) -> bool:
    return '"' in text and any("\n" in cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row)


def _line_numbers(text: str, width: int, rows: int) -> pa.Array:
    """Return the line on which each well-formed row begins."""
    if text.count("\n") in {rows, rows + 1}:
        return pa.array(range(FIRST_ROW, rows + FIRST_ROW), pa.int64())
    reader = csv.reader(io.StringIO(text, newline=""))
    numbers, before = [], 0
    for row in reader:
        if before and len(row) == width:
            numbers.append(before + 1)
        before = reader.line_num
    return pa.array((numbers + [0] * rows)[:rows], pa.int64())


def _all_blank(columns: pa.Table, names: Sequence[str]) -> pa.Array:
    blank = pc.equal(columns[names[0]], "")
    for name in names[1:]:
        blank = pc.and_(blank, pc.equal(columns[name], ""))
    return blank


def _read_parquet(path: Path, shown: str, required: Sequence[str], optional: Sequence[str]) -> tuple[Table | None, list[Problem]]:
    header = pq.read_schema(path).names
    problems = _check_header(header, shown, required, optional)
    if problems:
        return None, problems
    columns = pq.read_table(path, columns=header)
    if columns.num_rows == 0:
        return None, [Problem(shown, 0, "the table has no row", "at least one row")]
    lines = pa.array(range(1, columns.num_rows + 1), pa.int64())
    return Table(shown, _complete(columns, required, optional), lines), []


def _complete(columns: pa.Table, required: Sequence[str], optional: Sequence[str]) -> pa.Table:
    """Return the columns in their fixed order, an absent optional one empty."""
    found = []
    for name in (*required, *optional):
        if name in columns.column_names:
            column = columns[name]
            if pa.types.is_dictionary(column.type):
                column = column.cast(column.type.value_type)
            found.append(column)
        else:
            found.append(pa.chunked_array([pa.repeat("", columns.num_rows)]))
    return pa.table(dict(zip((*required, *optional), found, strict=True)))


def _check_header(header: Sequence[str], shown: str, required: Sequence[str], optional: Sequence[str]) -> list[Problem]:
    wanted = ",".join((*required, *optional))
    problems = [
        Problem(
            shown,
            1,
            say("there is no column {name!r}", name=name),
            say("the columns {wanted}", wanted=wanted),
            "the first line names the columns",
        )
        for name in required
        if name not in header
    ]
    problems += [
        Problem(
            shown,
            1,
            say("the column {name!r} is not known", name=name),
            say("the columns {wanted}", wanted=wanted),
            "put remarks in the column note",
        )
        for name in header
        if name not in {*required, *optional}
    ]
    problems += [
        Problem(shown, 1, say("the column {name!r} stands twice", name=name), "each column once")
        for name in sorted({name for name in header if list(header).count(name) > 1})
    ]
    return problems
