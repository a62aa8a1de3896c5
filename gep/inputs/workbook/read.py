"""Reads workbooks that people filled in: finds the columns by their headings, understands what is plainly meant, and says the rest.

Macros, links and objects are never run or followed: cells are read by their stored values.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from gep.files.dittos import is_ditto
from gep.files.merged_cells import find_text_cell
from gep.files.value_workbooks import holds_values_only
from gep.files.workbook_cells import (
    find_headings,
    find_struck_text,
    open_workbook,
    print_cell_address,
    print_column_letters,
    read_cell_text,
    read_unit_text,
)
from gep.formula.nodes import ECOSYSTEM, POLLUTANT
from gep.inputs.sources_above import take_sources_above
from gep.inputs.workbook.beside import say_beside
from gep.inputs.workbook.book import NO_TITLE, Book
from gep.inputs.workbook.cover import read_cover
from gep.inputs.workbook.figure import DOES_NOT_APPLY, NOTHING, read_figure
from gep.inputs.workbook.hidden import say_hidden
from gep.inputs.workbook.layout import SEPARATOR, list_known_members, list_titles, read_texts
from gep.inputs.workbook.month_rows import BESIDE, OF_MONTHS, add_up_months, list_value_columns
from gep.inputs.workbook.survey_rows import add_up_classes, read_class_code
from gep.inputs.workbook.survey_sheet import PREFIX
from gep.messages.problems import Problem
from gep.messages.suggest import find_closest
from gep.messages.texts import say
from gep.paths import print_path
from gep.reference.members import UNDER
from gep.reference.products import is_total
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gep.formula.nodes import Leaf

_HEADINGS = {
    "id": ("编号", "变量编号", "变量", "指标编号", "id", "variable"),
    "value": ("数值", "值", "填报值", "本年值", "value"),
    "unit": ("单位", "计量单位", "unit"),
    "member": ("类别", "分类", "归入类型", "member"),
    "title": ("指标", "指标名称", "地类"),
    "source": ("数据来源", "来源", "来源文件", "source"),
    "note": ("备注", "说明", "note"),
    **BESIDE,
    **OF_MONTHS,
}
_SEARCHED_ROWS, _SEARCHED_COLUMNS = 30, 40


def read_workbook(path: Path, known: Mapping[str, Leaf] | None = None, titles: Mapping[str, str] | None = None) -> Book:
    """Return everything that was read of a workbook: its rows and cover, and what is wrong or doubtful.

    Nothing is raised for a bad file: it is a problem in the book.

    Parameters
    ----------
    known : what its rows may be about, beside the glossary and the coefficients, by id; None: nothing else
    titles : what rows are called → their ids; None: as the program calls them
    """
    called = list_titles() if titles is None else titles
    book = Book(print_path(path), known or {}, titles={read_cell_text(title): called[title] for title in called})
    opened = open_workbook(path, book.file)
    if isinstance(opened, Problem):
        book.problems.append(opened)
        return book
    values, formulas = opened
    if holds_values_only(path.read_bytes()):
        _say_what_is_unknown(book)
    sheets = [sheet for sheet in values.worksheets if sheet.max_row and sheet.max_column]
    covers = [sheet for sheet in sheets if read_cover(book, sheet)]
    figures = 0
    for sheet in sheets:
        if sheet in covers or sheet.title == read_texts()["sheets"]["about"]:
            continue
        if sheet.title == read_texts()["sheets"]["findings"]:
            _explanations(book, sheet)
            continue
        figures += _sheet(book, sheet, formulas[sheet.title])
    if not covers:
        expected = say(
            "a sheet {cover} with {county} and {year}",
            cover=read_texts()["sheets"]["cover"],
            county=read_texts()["cover"]["county"],
            year=read_texts()["cover"]["year"],
        )
        book.problems.append(Problem(book.file, 0, "the workbook has no cover", expected, "gep new writes one"))
    for row in book.rows:
        row["county"], row["year"] = book.county, book.year
    add_up_months(book)
    if not figures and not book.problems:
        book.finding("D", "empty", "", 0, "no figure is filled in", "figures stand in the yellow cells")
    return book


def _say_what_is_unknown(book: Book) -> None:
    found = say(
        "only the values of a workbook in this format are read: formulas, number formats, raised or struck-out characters, hidden rows and "
        "columns are not seen, and a cell that shows an error is empty"
    )
    book.finding("C", "values", "", 0, found, "a workbook in .xlsx shows them", "look the figures through, or save it as .xlsx")


def _headings(book: Book, sheet: Any) -> tuple[int, dict[str, int]] | None:
    """Return the row and the columns of the headings; None where the sheet has none."""
    line, columns = find_headings(sheet, _HEADINGS, _SEARCHED_ROWS, _SEARCHED_COLUMNS)
    applicability = sheet.title == read_texts()["sheets"]["applicability"]
    needed = ("id", "value") if applicability else ("id", "value", "unit")
    if len({"id", "value", "unit"} & set(columns)) < 2:  # noqa: PLR2004 - one word alone is no table
        if sheet.title in DEPARTMENTS or sheet.title == read_texts()["sheets"]["coefficients"] or applicability:
            wanted = "、".join(read_texts()["columns"][name] for name in needed)
            book.problem(
                print_cell_address(sheet, 1, 1),
                1,
                say("the sheet {title} has no headings", title=sheet.title),
                say("a row with {columns}", columns=wanted),
                "copy it from the workbook of gep new",
            )
        return None
    right = True
    of_months = [name for name in OF_MONTHS if name in columns]
    for name in ("id", "unit") if of_months and "value" not in columns else needed:
        if name not in columns:
            right = False
            book.problem(
                print_cell_address(sheet, line, 1),
                line,
                say("there is no column {column}", column=read_texts()["columns"][name]),
                "the columns of the workbook, in any order",
            )
    if of_months and "value" in columns:
        right = False
        book.problem(
            print_cell_address(sheet, line, columns[of_months[0]][0]),
            line,
            say("the sheet has a column {column} and columns of months", column=read_texts()["columns"]["value"]),
            say("one or the other: months on a sheet of their own, without {column}", column=read_texts()["columns"]["value"]),
        )
    for name, places in ((name, sorted(places)) for name, places in columns.items()):
        if len(places) > 1:
            right = False
            there = "、".join(print_column_letters(place) for place in places)
            book.problem(
                print_cell_address(sheet, line, places[1]),
                line,
                say(
                    "the column {column} appears twice ({there})",
                    column=read_texts()["columns"].get(name, _HEADINGS[name][0]),
                    there=there,
                ),
                "each column once",
            )
    return (line, {name: places[0] for name, places in columns.items()}) if right else None


def _sheet(book: Book, sheet: Any, formulas: Any) -> int:
    """Read the figures of a sheet; return how many there are."""
    headings = _headings(book, sheet)
    if headings is None:
        if sheet.title not in DEPARTMENTS and sheet.title not in read_texts()["sheets"].values():
            book.finding(
                "D",
                "sheet",
                print_cell_address(sheet, 1, 1),
                1,
                say("the sheet {title} is not read", title=sheet.title),
                "sheets with the columns 编号, 单位 and 数值 are read",
            )
        return 0
    first, columns = headings
    last, wide = sheet.max_row, min(sheet.max_column, _SEARCHED_COLUMNS)  # each looks through all cells
    if sheet.title in DEPARTMENTS:
        book.departments.add(sheet.title)
    merged = {
        (row, column): area
        for area in sheet.merged_cells.ranges
        if area.size["rows"] * area.size["columns"] > 1
        for row in range(area.min_row, min(area.max_row, last) + 1)
        for column in range(area.min_col, min(area.max_col, _SEARCHED_COLUMNS) + 1)
    }
    of_months = list_value_columns(columns)
    sources: list[tuple[str, int, dict[str, Any] | None]] = []
    read: list[dict[str, Any]] = []
    empty: list[int] = []
    for line in range(first + 1, last + 1):
        before = len(book.problems)
        if _repeats_headings(sheet, line, wide):
            hint = "take the row out if it repeats the headings; else move what stands below it to a sheet of its own"
            book.problem(
                print_cell_address(sheet, line, 1), line, "a second row of headings", "one table a sheet, under one row", hint
            )
            break
        found = {
            month: _row(book, sheet, formulas, line, {**columns, "value": column}, merged) for month, column in of_months.items()
        }
        row = next((one for one in found.values() if one is not None), None)
        if row is None and len(book.problems) == before and _names_figure(sheet, line, columns):
            empty.append(line)
        written = _read_source(sheet, line, columns.get("source", 0), merged)
        if row is not None or written:
            sources.append((written, line, row))
        for month, one in found.items():
            if one is not None:
                one["month"] = month or (read_cell_text(sheet.cell(line, columns["month"]).value) if "month" in columns else "")
                read.append(one)
    book.rows += read
    _take_sources(book, sheet, sources, columns.get("source", 0))
    of_lines = {line: row["source"] for _, line, row in sources if row is not None}
    for row in read:
        row["source"] = of_lines.get(row["line"], row["source"])
    firsts = [row for _, _, row in sources if row is not None]
    say_hidden(book, sheet, first, {**columns, "value": min(of_months.values(), default=0)}, firsts)
    if "value" in columns:
        say_beside(book, sheet, first, columns, empty, [row["line"] for row in read])
    classes = [row for row in book.rows if row["variable"].startswith(PREFIX) and row["sheet"] == sheet.title]
    if classes:
        book.rows = [row for row in book.rows if row not in classes] + add_up_classes(book, classes)
    return len(read)


def _read_source(sheet: Any, line: int, column: int, merged: dict[tuple[int, int], Any]) -> str:
    """Return the source of a row, of cells merged over rows that of all of them; empty where there is none."""
    return read_cell_text(find_text_cell(sheet, line, column, merged.get((line, column))).value) if column else ""


def _names_figure(sheet: Any, line: int, columns: dict[str, int]) -> bool:
    """Return whether a row says what its figure would be of."""
    return any(read_cell_text(sheet.cell(line, columns[name]).value) for name in ("id", "title") if name in columns)


def _take_sources(book: Book, sheet: Any, sources: list[tuple[str, int, dict[str, Any] | None]], column: int) -> None:
    """Put the source above into the rows of a sheet whose source says 同上; rows without a figure have sources too."""
    if not any(is_ditto(written) for written, _, row in sources if row is not None):
        return
    lines = [line for _, line, _ in sources]
    places = [print_cell_address(sheet, line, column) for line in lines]
    found, findings = take_sources_above(book.file, [written for written, _, _ in sources], lines, places)
    of_rows = {line for _, line, row in sources if row is not None}
    book.findings += [one for one in findings if one.problem.line in of_rows or one.grade == "D"]
    for source, (_, _, row) in zip(found, sources, strict=True):
        if row is not None:
            row["source"] = source


def _row(
    book: Book, sheet: Any, formulas: Any, line: int, columns: dict[str, int], merged: dict[tuple[int, int], Any]
) -> dict[str, Any] | None:
    def cell_of(name: str) -> Any:
        return find_text_cell(sheet, line, columns[name], merged.get((line, columns[name])))

    def text(name: str) -> str:
        if name == "id" and name in columns:
            return read_cell_text(sheet.cell(line, columns[name]).value)
        return read_cell_text(cell_of(name).value) if name in columns else ""

    unit = read_unit_text(cell_of("unit").value) if "unit" in columns else ""
    identity = text("id") or _find_by_title(book, sheet, text("title"))
    cell = sheet.cell(line, columns["value"])
    place = print_cell_address(sheet, line, columns["value"])
    area = merged.get((line, columns["value"]))
    if area and cell.value is not None:
        book.problem(
            place,
            line,
            say("the figure stands in the merged cells {area}", area=area.coord),
            "one cell a figure",
            "split the cells and write each figure in its own row",
        )
        return None
    called = text("title")
    if not identity and called and read_cell_text(cell.value).lower() in DOES_NOT_APPLY:
        _say_unknown_title(book, called, sheet, line, columns)
        return None
    if not identity and isinstance(cell.value, str | dt.date | dt.time | dt.timedelta):
        _say_remark(book, cell, place, line)
        return None
    value = read_figure(book, cell, formulas.cell(line, columns["value"]).value, place, line, unit)
    if value is None:
        return None
    if not identity:
        if not any(letter.isdigit() for letter in value):
            return None  # a remark below the table
        area = merged.get((line, columns["id"]))
        if called and not area and not is_total(called):
            _say_unknown_title(book, called, sheet, line, columns)
            return None
        hint = (
            say("the cell is merged ({area}); split it", area=area.coord)
            if area
            else "take the row out: sums are made by the program"
            if is_total(called)
            else "copy the id from a row of the same kind; gep variables lists them"
        )
        book.problem(
            print_cell_address(sheet, line, columns["id"]),
            line,
            say("the figure {value} has no id", value=value),
            "an id of gep variables in the column 编号",
            hint,
        )
        return None
    if _is_crossed(book, sheet, line, columns) or _names_another(book, sheet, line, columns, identity):
        return None
    row: dict[str, Any] = {
        "variable": identity,
        "value": value,
        "unit": unit,
        "source": text("source"),
        "note": text("note"),
        "line": line,
        "cell": place,
        "cell_unit": print_cell_address(sheet, line, columns.get("unit", columns["value"])),
        "cell_id": print_cell_address(
            sheet, line, columns["id" if text("id") else "title"] if "title" in columns else columns["id"]
        ),
        "cell_member": print_cell_address(sheet, line, columns.get("member", columns["id"])),
        "sheet": sheet.title,
    }
    row.update(name_members(identity, text("member"), book.known))
    return row


def _say_unknown_title(book: Book, title: str, sheet: Any, line: int, columns: dict[str, int]) -> None:
    """Note that a row without an id says something of what no figure, service or line is called, and what it may mean."""
    stated = sheet.title == read_texts()["sheets"]["applicability"]
    leaves = {**VARIABLES, **COEFFICIENTS, **book.known}
    close = find_closest(title[:_LONGEST_TITLE], [one for one in book.titles if (book.titles[one] in leaves) != stated])
    book.problem(
        print_cell_address(sheet, line, columns["title"]),
        line,
        say("the row is called {title!r}, and nothing is called so", title=title[:_LONGEST_TITLE]),
        NO_TITLE,
        say("did you mean {name}?", name=close[0])
        if close
        else "the sheet 说明 lists what figures are called; a row that is no figure is taken out",
    )


_LONGEST_TITLE = 60


def _say_remark(book: Book, cell: Any, place: str, line: int) -> None:
    """Note what stands in the column of figures of a row that names none: words and days are remarks, what holds digits is refused."""
    text = read_cell_text(cell.value)
    if not text or text.lower() in NOTHING:
        return
    found = say("the cell says {text!r} in a row without an id", text=text[:40])
    if isinstance(cell.value, str) and any(letter.isdigit() for letter in text):
        hint = "take the row out if it is a heading or a remark; else copy the id from a row of the same kind"
        book.problem(place, line, found, "an id of gep variables in the column 编号", hint)
        return
    book.finding("D", "remark", place, line, found, "rows that name no figure are not read")


def _repeats_headings(sheet: Any, line: int, wide: int) -> bool:
    """Return whether a row below the headings holds headings itself, as the first row of a second table does."""
    found = {_HEADING_OF.get(read_cell_text(sheet.cell(line, column).value)) for column in range(1, wide + 1)}
    return len(found - {None}) >= _MOST_HEADINGS


_HEADING_OF = {text: name for name, texts in _HEADINGS.items() for text in texts}
"""What a heading says → the column that it is of."""
_MOST_HEADINGS = 3
"""Names of columns that a row of figures does not hold by chance."""


def _is_crossed(book: Book, sheet: Any, line: int, columns: dict[str, int]) -> bool:
    """Return whether the unit or the member of a figure is struck out in part, which is noted: 万亿元 with a line through 亿 is 万元."""
    found = False
    for name in ("unit", "member"):
        if name not in columns or not (struck := find_struck_text(sheet.cell(line, columns[name])).strip()):
            continue
        found = True
        book.problem(
            print_cell_address(sheet, line, columns[name]),
            line,
            say(
                "the cell shows {value}, of which {marked} is struck out",
                value=str(sheet.cell(line, columns[name]).value),
                marked=struck,
            ),
            "what is meant alone",
            "take out what was struck out, or the line through it",
        )
    return found


def _names_another(book: Book, sheet: Any, line: int, columns: dict[str, int], identity: str) -> bool:
    """Return whether the title of a row is that of another figure than its id, which is noted: whoever filled it read the title."""
    title = read_cell_text(sheet.cell(line, columns["title"]).value) if "title" in columns else ""
    meant = book.titles.get(title, identity)
    leaf = VARIABLES.get(identity, COEFFICIENTS.get(identity, book.known.get(identity)))
    if meant == identity or leaf is None or leaf.title.zh == title:
        return False
    book.problem(
        print_cell_address(sheet, line, columns["title"]),
        line,
        say("the row is called {title}, its id is that of {other}", title=title, other=leaf.title.zh),
        "the title and the id of one figure",
        "put the title back, and enter the other figure in a row of its own",
    )
    return True


def _find_by_title(book: Book, sheet: Any, title: str) -> str:
    """Return the id of a row that has none, by its title: of a class of the land survey, or of a variable, coefficient or service."""
    if sheet.title == read_texts()["sheets"]["survey"]:
        return read_class_code(title)
    return book.titles.get(title, title if title in {**VARIABLES, **COEFFICIENTS, **book.known} else "")


def name_members(identity: str, member: str, own: Mapping[str, Leaf] | None = None) -> dict[str, str]:
    """Return the members a row names, by column; what is not known is left to the check of rows."""
    found = {ECOSYSTEM: "", POLLUTANT: "", "product": ""}
    if member in {"", read_texts()["whole"]}:
        return found
    leaf = VARIABLES.get(identity, COEFFICIENTS.get(identity, (own or {}).get(identity)))
    axes = leaf.axes if leaf is not None else ()
    closed = [axis for axis in axes if axis in {ECOSYSTEM, POLLUTANT}]
    if not closed:
        found["product"] = member
        return found
    between = SEPARATOR if SEPARATOR in member else SEPARATOR.strip()
    parts = [part.strip() for part in member.split(between)] if len(axes) > 1 else [member]
    for at, part in enumerate(parts):
        group, under, own_class = part.partition(UNDER)
        if ECOSYSTEM in axes and under and group in list_known_members():
            part = f"{list_known_members()[group][1]}{UNDER}{own_class}"  # noqa: PLW2901 - 森林/杉木林 is forest/杉木林
        unknown = (closed[at] if at < len(closed) else "product" if len(axes) > len(closed) else closed[-1], part)
        column, name = list_known_members().get(part, unknown)
        found[column if column in {*axes, "product"} else closed[0]] = name
    return found


def _explanations(book: Book, sheet: Any) -> None:
    """Read what the county wrote beside earlier findings."""
    columns: dict[str, int] = {}
    last, wide = min(_SEARCHED_ROWS, sheet.max_row), min(_SEARCHED_COLUMNS, sheet.max_column)
    for row in sheet.iter_rows(min_row=1, max_row=last, max_col=wide):
        texts_of_row = {read_cell_text(cell.value): cell.column for cell in row}
        if {"代码", "位置", "书面说明"} <= set(texts_of_row):
            columns = texts_of_row
            start = row[0].row + 1
            break
    else:
        return
    for line in range(start, sheet.max_row + 1):
        written = read_cell_text(sheet.cell(line, columns["书面说明"]).value)
        if written:
            code, where, found = (read_cell_text(sheet.cell(line, columns[name]).value) for name in ("代码", "位置", "发现"))
            book.explanations[code, where, found] = written


def collect_rows(books: list[Book]) -> Iterator[dict[str, Any]]:
    """Yield the rows of workbooks in their order, each with its file."""
    for book in books:
        for row in book.rows:
            yield {"file": book.file, **row}
