"""Tables of text that remember file and line, and Parquet; nothing about their meaning.

Text is UTF-8, GBK, or UTF-16 with its mark; cells are separated by commas, or by tabs or semicolons where the first line shows it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gep.files.dittos import find_dittos, stands_for_another
from gep.files.folder import READ_AS_WORKBOOKS
from gep.files.reading import LARGEST_TABLE, read_bounded, require_readable
from gep.files.written_numbers import THOUSANDS
from gep.messages.problems import Problem
from gep.messages.texts import mark_word, say
from gep.paths import print_path
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

MOST_ROWS = 20_000_000
"""Rows of a Parquet file, which a few bytes may claim."""
FIRST_ROW = 2
"""The line of the first row under a header."""
SEPARATORS = (",", "\t", ";", "|")
DECIMAL_COMMAS = ";"
"""What separates cells where commas are decimal marks, so that 1,600 may be 1.6."""


_TWO_BYTES = "\u07ff"
"""The last letter that UTF-8 writes in two bytes; Chinese takes three."""
_PROSE = {"source", "note", "notes", "remark", "reason"}
"""Columns of words that nothing is counted from; a cut one loses no figure."""
_INDEX = re.compile(r"__index_level_\d+__")
"""The numbers of rows that pandas writes beside a table; they are no figures."""


@dataclass(frozen=True)
class Table:
    """Columns of text of one file.

    Attributes
    ----------
    file    : the path as people see it
    columns : text of every cell, in the order of the columns that were asked for
    lines   : for each row the line it begins on; of a Parquet file the number of the row, from 1
    open_end : the column that the file ends in without an end of line, so that the last cell may be cut off; empty: it has one
    """

    file: str
    columns: pa.Table
    lines: pa.Array
    open_end: str = ""

    def find_cut_end(self, names: Collection[str]) -> Problem | None:
        """Return that the last cell may be cut off, where the file ends in one of these columns without an end of line."""
        if self.open_end not in names or not self.columns.num_rows:
            return None
        last = str(self.columns[self.open_end][-1].as_py() or "")
        said = say("the file ends in the cell {text!r} without an end of line: it may have been cut off there", text=last)
        expected = "a last line that ends as the others do"
        hint = "compare the last row with where the file was made; if it is whole, end the line with Enter and save"
        return Problem(self.file, int(self.lines[-1].as_py()), said, expected, hint)


def read_table(
    path: Path, required: Sequence[str], optional: Sequence[str] = (), *, judge_end: bool = True, coded: Collection[str] = ()
) -> tuple[Table | None, list[Problem]]:
    """Return a table with exactly the columns asked for, and everything that is wrong with the file as a table.

    Nothing is raised: a file that cannot be read is a problem among the others. Cells that stand for others (同上) are refused, but
    for sources and notes, and a file that ends in a cell without an end of line.

    Parameters
    ----------
    path      : a file of text (UTF-8, GBK or UTF-16; commas, tabs or semicolons), Parquet or a workbook, told apart by its ending
    required  : columns that the file must have
    optional  : columns that it may have; an absent one is empty
    judge_end : whether a last cell that may be cut off is a problem
    coded     : columns whose texts may stay coded, as Parquet files hold them; those that were never coded are plain

    Returns
    -------
    the table, None where the file has no usable header or cannot be read; and the problems, empty where there are none
    """
    table, problems = _read(path, required, optional, coded)
    if table is None:
        return None, problems
    if dittos := _find_dittos(table):
        return None, [*problems, *dittos]
    cut = table.find_cut_end({*required, *optional} - _PROSE) if judge_end else None
    return table, [*problems, *([cut] if cut else [])]


def _find_dittos(table: Table) -> list[Problem]:
    """Return a problem for every column in which cells stand for others."""
    texts = {}
    for name in table.columns.column_names:
        column = table.columns[name]
        of_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_dictionary(column.type)
        if of_text and has_text(column, stands_for_another):
            texts[name] = [text or "" for text in column.to_pylist()]
    return find_dittos(table.file, texts, table.lines.to_pylist(), {}) if texts else []


def has_text(column: pa.ChunkedArray, judge: Callable[[Any], bool]) -> bool:
    """Return whether a cell of which something holds stands in a column; rows of coded texts are looked at only where a code has one."""

    def holds(texts: pa.Array) -> bool:
        return any(text not in {"", None} and judge(text) for text in texts.to_pylist())

    if pa.types.is_dictionary(column.type) and not any(holds(part.dictionary) for part in column.chunks):
        return False
    return holds(column.unique())


def _read(
    path: Path, required: Sequence[str], optional: Sequence[str], coded: Collection[str]
) -> tuple[Table | None, list[Problem]]:
    """Return a table and what is wrong with it, whatever its cells say."""
    shown = print_path(path)
    try:
        require_readable(path, LARGEST_TABLE)
        if path.stat().st_size == 0:
            return None, [
                Problem(
                    shown, 0, "the file is empty", say("a header {required} and at least one row", required=",".join(required))
                )
            ]
        if path.suffix.lower() == ".parquet":
            return _read_parquet(path, shown, required, optional, coded)
        if path.suffix.lower() in READ_AS_WORKBOOKS:
            return _read_workbook(path, shown, required, optional)
        return _read_csv(read_bounded(path, LARGEST_TABLE), shown, required, optional)
    except (OSError, pa.ArrowException, csv.Error) as error:
        if "straddling" in str(error) or "field limit" in str(error):
            hint = "look for a double quote that is not closed"
            return None, [Problem(shown, 0, "a row or a cell is longer than can be meant", "a row a figure", hint)]
        if path.suffix.lower() == ".parquet" and getattr(error, "errno", None) is None:
            return None, [_say_damaged(shown)]
        return None, [
            Problem(shown, 0, say("the file cannot be read: {why}", why=mark_word(_explain(error))), "a CSV or Parquet table")
        ]


def _say_damaged(shown: str) -> Problem:
    hint = "copy it again from where it was made, whole; what is no Parquet file has another ending"
    return Problem(shown, 0, "the file is damaged, cut short or no Parquet file", "a Parquet table", hint)


def _explain(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) else None
    return said or (str(error).splitlines() or [type(error).__name__])[0]


def decode(content: bytes) -> str | None:
    """Return the text of a file in UTF-8 or UTF-16 (a byte-order mark is dropped) or GB 18030, or None."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and _damaged_line(content, error.start):
                return None
            continue
        return None if "\x00" in text else text
    return None


def _damaged_line(content: bytes, at: int) -> int:
    """Return the line of a byte that is no UTF-8 in a file that is UTF-8 otherwise, so that it is not taken for GBK; else 0."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    others = sum(letter > _TWO_BYTES for letter in text) - broken  # two bytes of GBK often make a letter of two bytes
    return content.count(b"\n", 0, at) + 1 if others > broken else 0


def _read_csv(content: bytes, shown: str, required: Sequence[str], optional: Sequence[str]) -> tuple[Table | None, list[Problem]]:
    text = decode(content)
    if text is None:
        return None, [_not_text(content, shown)]
    apart = _find_separator(text, required)
    header = next(csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=apart), [])
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
        parse_options=pacsv.ParseOptions(
            delimiter=apart, newlines_in_values=True, invalid_row_handler=note, ignore_empty_lines=True
        ),
        convert_options=pacsv.ConvertOptions(
            column_types={name.strip(): pa.string() for name in header},
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )
    numbers = _line_numbers(text, apart, len(header), columns.num_rows)
    for row, line in zip(broken, _broken_lines(text, apart, len(header), len(broken)), strict=True):
        problems.append(
            Problem(
                shown,
                line,
                say("the row has {count} cells: {text}", count=row.actual_columns, text=row.text[:60]),
                say("{count} cells", count=row.expected_columns),
                "put a cell that contains a comma in double quotes"
                if apart == ","
                else "one cell a column, in the order of the first line",
            )
        )
    table = Table(shown, _complete(columns, required, optional), numbers)
    if apart == DECIMAL_COMMAS and "value" in table.columns.column_names:
        doubtful = _find_doubtful_commas(table)
        problems += doubtful
        if doubtful:
            keep = pc.invert(pc.is_in(table.lines, value_set=pa.array([one.line for one in doubtful], pa.int64())))
            table = Table(shown, table.columns.filter(keep), table.lines.filter(keep))
            columns = columns.filter(keep)
    blank = list(columns.column_names)
    empty = _all_blank(columns, blank)
    if pc.any(empty).as_py():
        keep = pc.invert(empty)
        table = Table(shown, table.columns.filter(keep), table.lines.filter(keep))
    if table.columns.num_rows == 0 and not problems:
        problems.append(Problem(shown, 0, "the file has a header and no row", "at least one row"))
    return replace(table, open_end="" if text.endswith(("\n", "\r")) else header[-1].strip()), problems


def _find_doubtful_commas(table: Table) -> list[Problem]:
    """Return a problem for every figure that is read in two ways: 1,600 is 1.6 where semicolons separate, and 1600 elsewhere."""
    texts = table.columns["value"].to_pylist()
    return [
        Problem(
            table.file,
            line,
            say("the value is {text!r} in a table separated by semicolons", text=text),
            "a number without commas",
            say(
                "write {whole}, or {decimal} if the comma is the decimal mark",
                whole=text.replace(",", ""),
                decimal=text.replace(",", "."),
            ),
        )
        for text, line in zip(texts, table.lines.to_pylist(), strict=True)
        if THOUSANDS.fullmatch(text.strip()) and text.count(",") == 1
    ]


def _find_separator(text: str, required: Sequence[str]) -> str:
    """Return what separates the cells of a table: the mark that gives the first line all the columns it must have, else the comma."""
    first = text[:100_000].partition("\n")[0].strip("\r")
    for mark in SEPARATORS:
        if set(required) <= {name.strip().strip('"') for name in first.split(mark)}:
            return mark
    return ","


def _not_text(content: bytes, shown: str) -> Problem:
    hint = "save it as CSV UTF-8 in Excel or WPS"
    try:
        content.decode()
    except UnicodeDecodeError as error:
        if line := _damaged_line(content, error.start):
            return Problem(
                shown, line, "the file is UTF-8 but for broken bytes on this line", "a CSV table in one encoding", hint
            )
    return Problem(shown, 0, "the file is not text in UTF-8 or GBK", "a CSV table", hint)


def _line_numbers(text: str, apart: str, width: int, rows: int) -> pa.Array:
    """Return the line on which each well-formed row begins."""
    if '"' not in text and text.rstrip("\r\n").count("\n") == rows:
        return pa.array(range(FIRST_ROW, rows + FIRST_ROW), pa.int64())
    numbers = [line for line, cells in _rows(text, apart) if cells == width]
    return pa.array((numbers + [0] * rows)[:rows], pa.int64())


def _broken_lines(text: str, apart: str, width: int, rows: int) -> list[int]:
    """Return the lines of the rows with too few or too many cells; 0 where the two readers of CSV do not agree on them."""
    numbers = [line for line, cells in _rows(text, apart) if cells not in {width, 0}] if rows else []
    return numbers if len(numbers) == rows else [0] * rows


def _rows(text: str, apart: str) -> Iterator[tuple[int, int]]:
    """Yield the line on which each row under the header begins, and the number of its cells."""
    reader, before = csv.reader(io.StringIO(text, newline=""), delimiter=apart), 0
    for row in reader:
        if before:
            yield before + 1, len(row)
        before = reader.line_num


def _all_blank(columns: pa.Table, names: Sequence[str]) -> pa.Array:
    blank = pc.equal(columns[names[0]], "")
    for name in names[1:]:
        blank = pc.and_(blank, pc.equal(columns[name], ""))
    return blank


def _read_parquet(
    path: Path, shown: str, required: Sequence[str], optional: Sequence[str], coded: Collection[str]
) -> tuple[Table | None, list[Problem]]:
    import pyarrow.parquet as pq  # loads what speaks with networks, which most runs need not wait for

    schema = pq.read_schema(path)
    schema = pa.schema([field for field in schema if not _INDEX.fullmatch(field.name)])
    problems = _check_header(schema.names, shown, required, optional)
    problems += [
        Problem(shown, 0, say("the column {name!r} holds {kind}", name=field.name, kind=field.type), "text or numbers")
        for field in schema
        if not _is_plain(field.type)
    ]
    if problems:
        return None, problems
    rows = pq.read_metadata(path).num_rows
    if rows > MOST_ROWS:
        return None, [
            Problem(shown, 0, say("the table has {rows:,} rows", rows=rows), say("at most {rows:,} rows", rows=MOST_ROWS))
        ]
    texts = [field.name for field in schema if field.name in coded and pa.types.is_string(field.type)]
    columns = pq.read_table(path, columns=schema.names, read_dictionary=texts)
    if columns.num_rows == 0:
        return None, [Problem(shown, 0, "the table has no row", "at least one row")]
    lines = pa.array(np.arange(1, columns.num_rows + 1, dtype=np.int64))
    return Table(shown, _complete(columns, required, optional, coded), lines), []


def _read_workbook(
    path: Path, shown: str, required: Sequence[str], optional: Sequence[str]
) -> tuple[Table | None, list[Problem]]:
    from gep.files.sheet_tables import read_sheet_rows

    rows, problems = read_sheet_rows(path, shown, required)
    if problems or not rows:
        wanted = say("a header {required} and at least one row", required=",".join(required))
        return None, problems or [Problem(shown, 0, "the file is empty", wanted)]
    (_, header), *rows = rows
    problems = _check_header(header, shown, required, optional)
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows and not problems:
        problems = [Problem(shown, 0, "the file has a header and no row", "at least one row")]
    if problems:
        return None, problems
    columns = pa.table({name: pa.array([row[at] for _, row in rows], pa.string()) for at, name in enumerate(header)})
    return Table(shown, _complete(columns, required, optional), pa.array([line for line, _ in rows], pa.int64())), []


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    checks = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_null,
    )
    return any(check(kind) for check in checks)


def _complete(columns: pa.Table, required: Sequence[str], optional: Sequence[str], coded: Collection[str] = ()) -> pa.Table:
    """Return the columns in their fixed order, an absent or null one empty."""
    found = []
    for name in (*required, *optional):
        if name not in columns.column_names or pa.types.is_null(columns[name].type):
            codes = pa.repeat(pa.scalar(0, pa.int32()), columns.num_rows)
            empty = pa.DictionaryArray.from_arrays(codes, [""]) if name in coded else pa.repeat("", columns.num_rows)
            found.append(pa.chunked_array([empty]))
            continue
        column = columns[name]
        if pa.types.is_dictionary(column.type) and (name not in coded or not pa.types.is_string(column.type.value_type)):
            column = column.cast(column.type.value_type)
        if pa.types.is_float16(column.type) or pa.types.is_float32(column.type):
            column = _widen_as_given(column)
        found.append(column)
    return pa.table(dict(zip((*required, *optional), found, strict=True)))


def _widen_as_given(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return short floating numbers as long ones by their decimals as given: 115.77, not 115.7699966430664."""
    values = [np.float64(str(value)) for value in column.to_numpy()]
    return pa.chunked_array([pa.array(values, pa.float64(), mask=column.is_null().to_numpy())])


def _check_header(header: Sequence[str], shown: str, required: Sequence[str], optional: Sequence[str]) -> list[Problem]:
    names = (*required, *optional)
    wanted = say("the columns {wanted}", wanted=",".join(names))
    problems = [
        Problem(shown, 1, say("there is no column {name!r}", name=name), wanted, "the first line names the columns")
        for name in required
        if name not in header
    ]
    problems += [
        Problem(
            shown,
            1,
            say("the column {name!r} is not known", name=name) if name else "a column has no name",
            wanted,
            _unknown_column(name, names),
        )
        for name in dict.fromkeys(header)
        if name not in names
    ]
    problems += [
        Problem(shown, 1, say("the column {name!r} appears twice", name=name), "each column once")
        for name in sorted({name for name in header if name and list(header).count(name) > 1})
    ]
    return problems


def _unknown_column(name: str, names: Sequence[str]) -> str:
    if name.lower() in names:
        return say("write {text}", text=name.lower())
    return "put remarks in the column note" if name else "take the commas at the end of the first line out, and the empty cells"
