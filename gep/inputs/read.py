"""Reads files and folders of input tables and says everything that is wrong with them at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from gep.files.dittos import is_ditto
from gep.files.folder import READ_AS_NOTES, READ_AS_TABLES, READ_AS_WORKBOOKS, describe_unread, list_folder
from gep.files.reading import hash_file
from gep.files.table import Table, has_text, read_table
from gep.files.written_numbers import is_year
from gep.inputs.currency_rows import take_currency
from gep.inputs.months import sum_months
from gep.inputs.rates import Money
from gep.inputs.rows import CELLS, COLUMNS, OPTIONAL, Inputs
from gep.inputs.sources_above import take_sources_above
from gep.inputs.unit_tables import POLYGONS, take_units
from gep.inputs.validate import check_rows
from gep.messages.findings import Finding
from gep.messages.problems import Problem, Problems, refuse
from gep.messages.texts import say
from gep.paths import print_path
from gep.reference.periods import read_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gep.formula.nodes import Leaf
    from gep.inputs.workbook.book import Book

SUFFIXES = (*READ_AS_WORKBOOKS, *READ_AS_TABLES)
_WITH_UNITS = (*SUFFIXES, POLYGONS)
MONTH = "month"
"""Column of tables of text whose figures are of single months."""
MEANT = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
_CODED = {*MEANT, MONTH} - {"value"}
"""Columns whose texts are read as codes where the file holds them so."""


def read_inputs(
    paths: Iterable[Path], coefficients: Mapping[str, Leaf], applicable: frozenset[str], typed: Iterable[Book] = ()
) -> Inputs:
    """Return the validated rows of files and folders.

    Parameters
    ----------
    paths : workbooks, tables of text, Parquet files, or folders that hold them
    coefficients : what may be entered beside the glossary, by id: coefficients, and figures of a standard of one's own
    applicable : ids of services and lines that a row may state not to apply
    typed : figures that stand in no file, as books

    Returns
    -------
    one row a figure in the unit of its variable, with its file and line or cell

    Raises
    ------
    Problems : everything that is wrong in all files, and files that do not exist or hold no table
    """
    inputs, problems = gather(paths, coefficients, applicable, typed)
    refuse(problems)
    return inputs


def gather(
    paths: Iterable[Path],
    coefficients: Mapping[str, Leaf],
    applicable: frozenset[str],
    typed: Iterable[Book] = (),
    money: Money | None = Money(),  # noqa: B008 - never changed
    titles: Mapping[str, str] | None = None,
) -> tuple[Inputs, list[Problem]]:
    """Return what is right in files and folders, and everything that is wrong in them; for those who want to see both.

    Tables of accounting units among them make their units known to this call.

    Parameters
    ----------
    paths, coefficients, applicable, typed : as in `read_inputs`
    money : the currency of the accounts, and the rates of others; None: the standard cannot be read
    titles : what rows of workbooks are called → their ids; None: as the program calls them
    """
    paths = list(paths)
    named, problems = _files(paths)
    files, of_units, wrong, refused = take_units(named)
    problems += wrong
    tables: list[Table] = []
    books = list(typed)
    problems += [problem for book in books for problem in book.problems]
    for path in files:
        if path.suffix.lower() in READ_AS_WORKBOOKS:
            from gep.inputs.workbook.read import read_workbook

            books.append(read_workbook(path, coefficients, titles))
            problems += books[-1].problems
            continue
        table, found = read_table(path, COLUMNS, (*OPTIONAL, MONTH), judge_end=False, coded=_CODED)
        problems += (
            [_describe_text(path)] if table is None and path.suffix.lower() in READ_AS_NOTES and found[0].line == 1 else found
        )
        if table is not None and table.columns.num_rows:
            tables.append(table)
    said = [*_name_folders(paths, files), *_find_open_ends(tables)]
    tables = [_with_sources(table, said) for table in tables]
    frames = []
    for table in tables:
        months = [str(text or "") for text in table.columns[MONTH].to_pylist()] if _has_months(table) else []
        frame, wrong = sum_months(_frame(table), months, table.file) if months else (_frame(table), [])
        frames.append(frame)
        problems += wrong
    if books:
        frames += _book_frames(books)
    joined, wrong = take_currency(_joined(frames), money)
    problems += wrong
    rows, found = check_rows(joined, coefficients, applicable)
    inputs = replace(
        rows,
        findings=(*said, *(finding for book in books for finding in book.findings)),
        explanations={
            (key[1] if key[1] in book.addresses else book.file, *key): text
            for book in books
            for key, text in book.explanations.items()
        },
        standards={f"{book.file}!{book.cells['standard']}": book.standard for book in books if book.standard},
        price_years={f"{book.file}!{book.cells['price_year']}": book.price_year for book in books if book.price_year},
        departments=_departments(books),
    )
    inputs.files.update({print_path(path): digest for path in dict.fromkeys([*files, *of_units]) if (digest := hash_file(path))})
    inputs.files.update({place: digest for book in books for place, digest in book.addresses.items()})
    return inputs, [*problems, *(one for one in found if not _names_any(one, refused))]


def _names_any(problem: Problem, units: frozenset[str]) -> bool:
    """Return whether a problem is that a place is unknown, of a unit whose own table is refused with its reason."""
    return any(str(problem.found) == say("county is {text!r}", text=unit) for unit in units)


def read_figures(path: Path, name: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the rows of a table of figures before they are checked, with their lines, and what in it cannot be read.

    Sources that say 同上 are those above, and figures of months are their sums, as `gather` takes them.

    Parameters
    ----------
    name : what the file is called, in problems and notes

    Raises
    ------
    Problems : it is no table of figures
    """
    table, problems = read_table(path, COLUMNS, (*OPTIONAL, MONTH))
    problems = [replace(one, file=name) for one in problems]
    if table is None:
        raise Problems(problems)
    table = _with_sources(replace(table, file=name), [])
    if not _has_months(table):
        lines = table.lines.to_pylist()
        return [{**row, "line": line} for row, line in zip(table.columns.to_pylist(), lines, strict=True)], problems
    months = [str(text or "") for text in table.columns[MONTH].to_pylist()]
    frame, wrong = sum_months(_frame(table), months, table.file)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): found for name, found in row.items()} for row in rows], [*problems, *wrong]


def _has_months(table: Table) -> bool:
    return has_text(table.columns[MONTH], lambda _: True)


def list_input_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that paths name, with folders replaced by the input tables and workbooks in them."""
    return _files(paths)[0]


def _files(paths: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            inside, left_out = list_folder(path, _WITH_UNITS)
            problems += left_out
            if not inside:
                problems.append(
                    Problem(print_path(path), 0, "the folder holds no input table", "workbooks, tables of text, or Parquet files")
                )
            files += inside
        elif not path.exists():
            problems.append(Problem(print_path(path), 0, "there is no such file or folder", "an input file or a folder"))
        elif path.suffix.lower() not in _WITH_UNITS:
            problems.append(describe_unread(path, SUFFIXES))
        else:
            files.append(path)
    return list(dict.fromkeys(file.resolve() for file in files)), problems


def _describe_text(path: Path) -> Problem:
    """Return the problem of a text that is no table; its first line names no columns."""
    expected = say("a first line with the columns {wanted}", wanted=",".join(COLUMNS))
    return Problem(
        print_path(path), 1, "the text is no table of figures", expected, "name the columns, or move it out of the folder"
    )


def _name_folders(paths: list[Path], files: list[Path]) -> list[Finding]:
    """Return a finding for every folder within a folder whose files are read too."""
    given = {path.resolve() for path in paths if path.is_dir()}
    inside = Counter(file.parent for file in files if file.parent not in given and given & set(file.parent.parents))
    return [
        Finding("D", "folder", Problem(print_path(folder), 0, say("{count} files in this folder are read too", count=count), ""))
        for folder, count in inside.items()
    ]


def _find_open_ends(tables: list[Table]) -> list[Finding]:
    """Return a finding for every table whose last figure or unit may have lost its end."""
    found = [table.find_cut_end({"value", "unit"}) for table in tables]
    return [Finding("C", "open_end", one) for one in found if one is not None]


def _with_sources(table: Table, said: list[Finding]) -> Table:
    """Return a table whose sources that say 同上 are those above; what was understood is added to the findings."""
    column = table.columns["source"]
    if not has_text(column, lambda text: is_ditto(str(text))):
        return table
    column = column.cast(pa.string())
    texts = [(text or "").strip() for text in column.to_pylist()]
    sources, findings = take_sources_above(table.file, texts, table.lines.to_pylist(), [""] * len(texts))
    said += findings
    at = table.columns.column_names.index("source")
    return replace(table, columns=table.columns.set_column(at, "source", pa.array(sources, pa.string())))


def _frame(table: Table) -> pd.DataFrame:
    """Return the rows of a table; text columns as categories in the order in which they appear, the value as given."""
    columns: dict[str, Any] = {}
    for name in MEANT:
        column = table.columns[name]
        columns[name] = column.to_pandas() if name == "value" else _code(column).to_pandas()
    frame = pd.DataFrame(columns, copy=False)
    frame["line"] = table.lines.to_numpy()
    frame["file"] = pd.Categorical.from_codes(np.zeros(len(frame), dtype=np.int8), categories=pd.Index([table.file]))
    return frame


def _code(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as codes of the texts that occur in it, in the order in which they appear."""
    if pa.types.is_integer(column.type):
        coded = column.combine_chunks().dictionary_encode()
        return pa.DictionaryArray.from_arrays(coded.indices, coded.dictionary.cast(pa.string()))
    if pa.types.is_dictionary(column.type):
        whole = column.unify_dictionaries().combine_chunks()
        whole = whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)
        if _in_order(whole):
            return whole
        used = whole.indices.dictionary_encode()
        texts = whole.dictionary.take(used.dictionary)
        if not texts.null_count and len(texts.unique()) == len(texts):
            return pa.DictionaryArray.from_arrays(used.indices, texts)
    text = column if pa.types.is_string(column.type) else column.cast(pa.string())
    return text.combine_chunks().dictionary_encode()


def _in_order(texts: pa.DictionaryArray) -> bool:
    """Return whether coded texts have what `_code` wants: each text once, all of them in rows, in the order in which they appear."""
    if texts.null_count or texts.dictionary.null_count or len(texts.dictionary.unique()) < len(texts.dictionary):
        return False
    highest = np.maximum.accumulate(texts.indices.to_numpy())
    first = len(highest) > 0 and highest[0] == 0 and highest[-1] == len(texts.dictionary) - 1
    return bool(first and (highest[1:] - highest[:-1] <= 1).all())


def _book_frames(books: list[Book]) -> list[pd.DataFrame]:
    """Return the rows of workbooks as one table with the cells they stand in; nothing if all are empty."""
    from gep.inputs.workbook.read import collect_rows

    rows = list(collect_rows(books))
    if not rows:
        return []
    frame = pd.DataFrame({name: [row[name] for row in rows] for name in (*MEANT, "line", "file", *CELLS)})
    for name in (*MEANT, "file"):
        if name != "value":
            frame[name] = frame[name].astype("category")
    return [frame]


def _departments(books: list[Book]) -> dict[tuple[str, int], set[str]]:
    found: dict[tuple[str, int], set[str]] = {}
    for book in books:
        period = read_period(book.year)
        if book.county and (period or is_year(book.year)):
            found.setdefault((book.county, int(period.period if period else book.year)), set()).update(book.departments)
    return found


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all tables under one another."""
    if not frames:
        return pd.DataFrame({name: [] for name in (*MEANT, "line", "file")})
    if len(frames) == 1:
        return frames[0]
    for name in (*(name for name in MEANT if name != "value"), "file"):
        united = pd.api.types.union_categoricals([frame[name].astype("category") for frame in frames])
        start = 0
        for frame in frames:
            frame[name] = pd.Categorical.from_codes(united.codes[start : start + len(frame)], dtype=united.dtype)
            start += len(frame)
    mixed = len({frame["value"].dtype for frame in frames}) > 1
    if mixed:
        for frame in frames:
            frame["value"] = frame["value"].map(lambda value: value if isinstance(value, str) else repr(float(value)))
    joined = pd.concat(frames, ignore_index=True)
    if "cell" in joined:
        joined = joined.fillna(dict.fromkeys(CELLS, ""))
    return joined
