"""Reads the cover of a workbook: county, year, standard, prices."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from gep.files.hidden_cells import find_hidden_columns, judge_unseen
from gep.files.workbook_cells import print_cell_address, read_cell_text
from gep.inputs.rows import FIRST_YEAR, LAST_YEAR
from gep.inputs.workbook.layout import read_texts
from gep.messages.problems import Problem
from gep.messages.texts import join_list, say
from gep.reference.periods import read_period, read_year
from gep.reference.regions import find, find_of_year, read_regions, suggest_divisions

if TYPE_CHECKING:
    from gep.inputs.workbook.book import Book

_SEARCHED_ROWS = 30


def read_cover(book: Book, sheet: Any) -> bool:
    """Return whether a sheet is a cover; if so, its fields and what is wrong with them are put into the book."""
    words = read_texts()["cover"]
    labels = {read_cell_text(words[name]): name for name in ("county", "county_name", "year", "standard", "price_year")}
    found: dict[str, tuple[Any, str, int]] = {}
    hidden = find_hidden_columns(sheet)
    unseen_ones: list[tuple[str, int, str, str, str]] = []
    for row in sheet.iter_rows(min_row=1, max_row=min(_SEARCHED_ROWS, sheet.max_row), max_col=8):
        for at, cell in enumerate(row):
            name = labels.get(read_cell_text(cell.value))
            if name and name not in found:
                beside = next(
                    (one for one in row[at + 1 :] if read_cell_text(one.value)), row[at + 1] if at + 1 < len(row) else cell
                )
                found[name] = (beside.value, print_cell_address(sheet, cell.row, beside.column), cell.row)
                if unseen := judge_unseen(sheet, [beside], hidden):
                    unseen_ones.append((found[name][1], cell.row, *unseen))
    if "county" not in found and not ("county_name" in found and "year" in found):
        return False
    if book.cells:
        book.problem(
            print_cell_address(sheet, 1, 1), 1, "the workbook has a second cover", "one cover", "keep one of the two sheets"
        )
        return True
    for one in unseen_ones:
        book.finding("C", "hidden", *one)
    book.cells = {name: cell for name, (_, cell, _) in found.items()}
    _year(book, found)
    _county(book, found)
    book.standard = read_cell_text(found["standard"][0]) if "standard" in found else ""
    price_year = read_cell_text(found["price_year"][0]) if "price_year" in found else ""
    book.price_year = price_year.removesuffix("年")
    if book.price_year and not re.fullmatch(r"(19|20)\d\d", book.price_year):
        book.problem(
            found["price_year"][1],
            found["price_year"][2],
            say("the price year is {year!r}", year=price_year),
            "a year of four digits, or nothing",
        )
        book.price_year = ""
    return True


def _county(book: Book, found: dict[str, tuple[Any, str, int]]) -> None:
    words = read_texts()["cover"]
    code, name = (read_cell_text(found[key][0]) if key in found else "" for key in ("county", "county_name"))
    _, cell, line = found.get("county") or found["county_name"]
    written = read_period(book.year)
    year = written.period if written else read_year(book.year)
    named = [] if not name else find(name) if year is None else find_of_year(name, year)
    if not code:
        if len(named) == 1:
            book.county = named[0].code
        else:
            book.problem(cell, line, say("{field} is empty", field=words["county"]), "a six-digit GB/T 2260 code")
        return
    book.county = code
    if code not in read_regions():
        near = join_list(f"{one.code} {one.name_zh}" for one in named)
        book.problem(
            cell,
            line,
            say("the county is {code!r}", code=code),
            "a six-digit GB/T 2260 code",
            suggest_divisions(code) or (say("near it: {near}", near=near) if named else ""),
        )
    elif name and code not in {one.code for one in [*named, *find(name)]} and find(code):
        there = found["county_name"][1]
        book.problem(
            there,
            line,
            say("the name is {name}, but {code} is {other}", name=name, code=code, other=find(code)[0].name_zh),
            "name and code of one county",
            "correct one of them",
        )


def _year(book: Book, found: dict[str, tuple[Any, str, int]]) -> None:
    if "year" not in found:
        book.problems.append(Problem(book.file, 0, "the cover has no year", read_texts()["cover"]["year"]))
        return
    value, cell, line = found["year"]
    if isinstance(value, dt.date):
        book.problem(
            cell,
            line,
            say("the year is the date {date:%Y-%m-%d}", date=value),
            "a year of four digits",
            say("write {year} and format the cell as text", year=value.year),
        )
        return
    if read_period(read_cell_text(value)) is not None:
        book.year = read_cell_text(value)
        return
    text = read_cell_text(value).removesuffix("年").removesuffix("年度").strip()
    book.year = text
    if not re.fullmatch(r"\d{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        found_text = say("the year is {text!r}", text=text) if text else "the year is empty"
        book.problem(cell, line, found_text, say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR))
