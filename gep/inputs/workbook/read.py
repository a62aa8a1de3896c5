"""Reads workbooks that people filled in: finds the columns by their headings, understands what is plainly meant, and says the rest.

Macros, links and objects are never run or followed: cells are read by their stored values.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from gep.files.workbook_guard import refused
from gep.formula.nodes import ECOSYSTEM, POLLUTANT
from gep.inputs.rows import FIRST_YEAR, LAST_YEAR
from gep.inputs.workbook.layout import SEPARATOR, known_members, texts
from gep.messages.findings import Finding
from gep.messages.problems import Problem
from gep.messages.texts import listed, say
from gep.paths import printed_path
from gep.reference.regions import find, regions, suggest_divisions
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADINGS = {
    "id": ("编号", "变量编号", "变量", "指标编号", "id", "variable"),
    "value": ("数值", "值", "填报值", "本年值", "value"),
    "unit": ("单位", "计量单位", "unit"),
    "member": ("类别", "分类", "member"),
    "source": ("数据来源", "来源", "来源文件", "source"),
    "note": ("备注", "说明", "note"),
}
_SEARCHED_ROWS, _SEARCHED_COLUMNS = 30, 40
_NOTHING = {"-", "--", "—", "——", "/", "\\", "无", "暂无", "缺", "n/a", "na", "null", "none", "*"}
_DOES_NOT_APPLY = {"不适用", "not applicable"}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}
_DAMAGED = "open it in Excel or WPS and save it again"


@dataclass
class Book:
    """What was read of one workbook."""

    file: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    """county, year, variable, ecosystem, pollutant, product, value (text), unit, source, note, line, and the cells of each."""
    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    county: str = ""
    year: str = ""
    standard: str = ""
    price_year: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    """Fields of the cover → their cells."""
    departments: set[str] = field(default_factory=set)
    explanations: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Code, cell and what was found → what the county wrote on the sheet of findings."""

    def problem(self, cell: str, line: int, found: str, expected: str, hint: str = "") -> None:
        """Note what is wrong in a cell."""
        self.problems.append(Problem(self.file, line, found, expected, hint, cell))

    def finding(self, grade: str, code: str, cell: str, line: int, found: str, rule: str, repair: str = "") -> None:
        """Note what is doubtful in a cell."""
        self.findings.append(Finding(grade, code, Problem(self.file, line, found, rule, repair, cell)))


def read_workbook(path: Path) -> Book:
    """Return the rows, the cover and everything that is wrong or doubtful in a workbook; never raises for a bad file."""
    book = Book(printed_path(path))
    problem = refused(path, book.file)
    if problem is not None:
        book.problems.append(problem)
        return book
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says what it drops; nothing is written back from here
            content = path.read_bytes()  # a path would stay open if a part is broken
            values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            formulas = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except Exception as error:  # noqa: BLE001 - a broken part raises whatever the parser meets
        found = say("the file cannot be read as a workbook: {kind}", kind=type(error).__name__)
        book.problems.append(Problem(book.file, 0, found, "a workbook in .xlsx", _DAMAGED))
        return book
    sheets = [sheet for sheet in values.worksheets if sheet.max_row and sheet.max_column]
    covers = [sheet for sheet in sheets if _cover(book, sheet)]
    figures = 0
    for sheet in sheets:
        if sheet in covers or sheet.title == texts()["sheets"]["about"]:
            continue
        if sheet.title == texts()["sheets"]["findings"]:
            _explanations(book, sheet)
            continue
        figures += _sheet(book, sheet, formulas[sheet.title])
    if not covers:
        expected = say(
            "a sheet {cover} with {county} and {year}",
            cover=texts()["sheets"]["cover"],
            county=texts()["cover"]["county"],
            year=texts()["cover"]["year"],
        )
        book.problems.append(Problem(book.file, 0, "the workbook has no cover", expected, "gep new writes one"))
    for row in book.rows:
        row["county"], row["year"] = book.county, book.year
    if not figures and not book.problems:
        book.finding("D", "empty", "", 0, "no figure is filled in", "figures stand in the yellow cells")
    return book


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _place(sheet: Any, row: int, column: int) -> str:
    return f"{sheet.title}!{get_column_letter(column)}{row}"


def _cover(book: Book, sheet: Any) -> bool:
    """Read the fields of the cover if the sheet is one."""
    words = texts()["cover"]
    labels = {_text(words[name]): name for name in ("county", "county_name", "year", "standard", "price_year")}
    found: dict[str, tuple[Any, str, int]] = {}
    for row in sheet.iter_rows(min_row=1, max_row=_SEARCHED_ROWS, max_col=8):
        for at, cell in enumerate(row):
            name = labels.get(_text(cell.value))
            if name and name not in found:
                beside = next((one for one in row[at + 1 :] if _text(one.value)), row[at + 1] if at + 1 < len(row) else cell)
                found[name] = (beside.value, _place(sheet, cell.row, beside.column), cell.row)
    if "county" not in found and not ("county_name" in found and "year" in found):
        return False
    if book.cells:
        book.problem(_place(sheet, 1, 1), 1, "the workbook has a second cover", "one cover", "keep one of the two sheets")
        return True
    book.cells = {name: cell for name, (_, cell, _) in found.items()}
    _county(book, found)
    _year(book, found)
    book.standard = _text(found["standard"][0]) if "standard" in found else ""
    price_year = _text(found["price_year"][0]) if "price_year" in found else ""
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
    words = texts()["cover"]
    code, name = (_text(found[key][0]) if key in found else "" for key in ("county", "county_name"))
    _, cell, line = found.get("county") or found["county_name"]
    named = find(name) if name else []
    if not code:
        if len(named) == 1:
            book.county = named[0].code
        else:
            book.problem(cell, line, say("{field} is empty", field=words["county"]), "a six-digit GB/T 2260 code")
        return
    book.county = code
    if code not in regions():
        near = listed(f"{one.code} {one.name_zh}" for one in named)
        book.problem(
            cell,
            line,
            say("the county is {code!r}", code=code),
            "a six-digit GB/T 2260 code",
            suggest_divisions(code) or (say("near it: {near}", near=near) if named else ""),
        )
    elif name and code not in {one.code for one in named} and find(code):
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
        book.problems.append(Problem(book.file, 0, "the cover has no year", texts()["cover"]["year"]))
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
    text = _text(value).removesuffix("年").removesuffix("年度").strip()
    book.year = text
    if not re.fullmatch(r"\d{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        found_text = say("the year is {text!r}", text=text) if text else "the year is empty"
        book.problem(cell, line, found_text, say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR))


def _headings(book: Book, sheet: Any) -> tuple[int, dict[str, int]] | None:
    """Return the row and the columns of the headings; None where the sheet has none."""
    best: tuple[int, dict[str, list[int]]] = (0, {})
    for row in sheet.iter_rows(min_row=1, max_row=_SEARCHED_ROWS, max_col=_SEARCHED_COLUMNS):
        columns: dict[str, list[int]] = {}
        for cell in row:
            text = _text(cell.value).lower().replace(" ", "")
            for name, known in _HEADINGS.items():
                if text in known:
                    columns.setdefault(name, []).append(cell.column)
        if len(columns) > len(best[1]):
            best = (row[0].row, columns)
    line, columns = best
    applicability = sheet.title == texts()["sheets"]["applicability"]
    needed = ("id", "value") if applicability else ("id", "value", "unit")
    if len({"id", "value", "unit"} & set(columns)) < 2:  # noqa: PLR2004 - one word alone is no table
        if sheet.title in DEPARTMENTS or sheet.title == texts()["sheets"]["coefficients"] or applicability:
            wanted = "、".join(texts()["columns"][name] for name in needed)
            book.problem(
                _place(sheet, 1, 1),
                1,
                say("the sheet {title} has no headings", title=sheet.title),
                say("a row with {columns}", columns=wanted),
                "copy it from the workbook of gep new",
            )
        return None
    right = True
    for name in needed:
        if name not in columns:
            right = False
            book.problem(
                _place(sheet, line, 1),
                line,
                say("there is no column {column}", column=texts()["columns"][name]),
                "the columns of the workbook, in any order",
            )
    for name, places in columns.items():
        if len(places) > 1:
            right = False
            there = "、".join(get_column_letter(place) for place in places)
            book.problem(
                _place(sheet, line, places[1]),
                line,
                say("the column {column} stands twice ({there})", column=texts()["columns"][name], there=there),
                "each column once",
            )
    return (line, {name: places[0] for name, places in columns.items()}) if right else None


def _sheet(book: Book, sheet: Any, formulas: Any) -> int:
    """Read the figures of a sheet; return how many there are."""
    headings = _headings(book, sheet)
    if headings is None:
        if sheet.title not in DEPARTMENTS and sheet.title not in texts()["sheets"].values():
            book.finding(
                "D",
                "sheet",
                _place(sheet, 1, 1),
                1,
                say("the sheet {title} is not read", title=sheet.title),
                "sheets with the columns 编号, 单位 and 数值 are read",
            )
        return 0
    first, columns = headings
    if sheet.title in DEPARTMENTS:
        book.departments.add(sheet.title)
    merged = {
        (row, column): area.coord
        for area in sheet.merged_cells.ranges
        if area.size["rows"] * area.size["columns"] > 1
        for row in range(area.min_row, min(area.max_row, sheet.max_row) + 1)
        for column in range(area.min_col, min(area.max_col, _SEARCHED_COLUMNS) + 1)
    }
    count = 0
    for line in range(first + 1, sheet.max_row + 1):
        row = _row(book, sheet, formulas, line, columns, merged)
        if row is not None:
            book.rows.append(row)
            count += 1
            hidden = sheet.row_dimensions[line].hidden
            if hidden:
                book.finding(
                    "C",
                    "hidden",
                    row["cell"],
                    line,
                    say("the row is hidden; its figure {value} is read", value=row["value"]),
                    "figures stand in the open",
                    "show the row, or empty it",
                )
    if count and sheet.sheet_state != "visible":
        book.finding(
            "C",
            "hidden",
            _place(sheet, 1, 1),
            1,
            say("the hidden sheet {title} holds {count} figures; they are read", title=sheet.title, count=count),
            "figures stand in the open",
            "show the sheet, or delete it",
        )
    return count


def _row(
    book: Book, sheet: Any, formulas: Any, line: int, columns: dict[str, int], merged: dict[tuple[int, int], str]
) -> dict[str, Any] | None:
    def text(name: str) -> str:
        return _text(sheet.cell(line, columns[name]).value) if name in columns else ""

    identity = text("id")
    cell = sheet.cell(line, columns["value"])
    place = _place(sheet, line, columns["value"])
    area = merged.get((line, columns["value"]))
    if area and cell.value is not None:
        book.problem(
            place,
            line,
            say("the figure stands in the merged cells {area}", area=area),
            "one cell a figure",
            "split the cells and write each figure in its own row",
        )
        return None
    value = _value(book, cell, formulas.cell(line, columns["value"]).value, place, line, text("unit"))
    if value is None:
        return None
    if not identity:
        if not any(letter.isdigit() for letter in value):
            return None  # a remark below the table
        area = merged.get((line, columns["id"]))
        hint = (
            say("the cell is merged ({area}); split it", area=area)
            if area
            else "copy the id from a row of the same kind; gep variables lists them"
        )
        book.problem(
            _place(sheet, line, columns["id"]),
            line,
            say("the figure {value} has no id", value=value),
            "an id of gep variables in the column 编号",
            hint,
        )
        return None
    row: dict[str, Any] = {
        "variable": identity,
        "value": value,
        "unit": text("unit"),
        "source": text("source"),
        "note": text("note"),
        "line": line,
        "cell": place,
        "cell_unit": _place(sheet, line, columns.get("unit", columns["value"])),
        "cell_id": _place(sheet, line, columns["id"]),
        "cell_member": _place(sheet, line, columns.get("member", columns["id"])),
        "sheet": sheet.title,
    }
    row.update(_members(identity, text("member")))
    return row


def _value(book: Book, cell: Any, formula: object, place: str, line: int, unit: str) -> str | None:
    """Return a figure as text, or None where nothing is filled in or a problem was noted."""
    value = cell.value
    expected = "a number without unit and words"
    if isinstance(formula, str) and formula.startswith("="):
        if value is None:
            book.problem(
                place,
                line,
                say("the formula {formula} has no stored value", formula=formula[:40]),
                "a figure",
                "open the file in Excel or WPS, let it calculate, and save it",
            )
            return None
        if "[" in formula or "://" in formula or "|" in formula:
            book.finding(
                "C",
                "link",
                place,
                line,
                say("the figure {value} comes from another file by {formula}", value=_text(value), formula=formula[:40]),
                "figures stand in this workbook",
                "paste it as a value; links are not followed",
            )
    if value is None:
        return None
    if isinstance(value, bool):
        book.problem(place, line, say("the cell is {value}", value=str(value).upper()), expected)
        return None
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        book.problem(
            place,
            line,
            say("the cell is a date or time ({value})", value=value),
            expected,
            "format the cell as a number and write the figure again",
        )
        return None
    if isinstance(value, int | float):
        if "%" in (cell.number_format or "") and unit not in {"1", "", "-"}:
            book.problem(
                place,
                line,
                say("the cell is formatted as per cent and shows {value:.6%}, and its unit is {unit}", value=value, unit=unit),
                say("a plain number in {unit}", unit=unit),
                "format the cell as a number and write the figure again, or choose the unit 1",
            )
            return None
        return repr(float(value)) if isinstance(value, float) else str(value)
    return _number(book, str(value), place, line, expected)


def _number(book: Book, written: str, place: str, line: int, expected: str) -> str | None:
    text = unicodedata.normalize("NFKC", written).strip().replace("\u200b", "").replace("\ufeff", "")
    if not text or text.lower() in _DOES_NOT_APPLY:
        return text or None
    if text.lower() in _NOTHING:
        book.finding(
            "C",
            "nothing",
            place,
            line,
            say("the cell says {text!r}; it is read as no figure", text=written.strip()),
            "a figure that is not at hand is left empty, a true zero is 0",
            "empty the cell, or write 0",
        )
        return None
    if text in _ERRORS:
        book.problem(
            place, line, say("the cell shows the error {text}", text=text), expected, "correct the formula, or write the figure"
        )
        return None
    repaired = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    if _NUMBER.fullmatch(repaired):
        if repaired != written:
            book.finding(
                "D",
                "text",
                place,
                line,
                say("the text {text!r} is read as {number}", text=written, number=repaired),
                "figures are numbers, not text",
            )
        return repaired
    tight = text.replace(",", "").replace(" ", "")
    hint = say("write {number}", number=tight) if _NUMBER.fullmatch(tight) else ""
    leading = re.match(r"[+-]?\d+(\.\d+)?", tight)
    if not hint and leading:
        hint = say(
            "write {number} and put {rest} into the column 单位, or {number} alone",
            number=leading.group(),
            rest=tight[leading.end() :],
        )
    book.problem(
        place,
        line,
        say("the cell says {text!r}", text=written.strip()),
        expected,
        hint or "a figure that is not at hand is left empty",
    )
    return None


def _members(identity: str, member: str) -> dict[str, str]:
    """Return the members a row names, by column; what is not known is left to the check of rows."""
    found = {ECOSYSTEM: "", POLLUTANT: "", "product": ""}
    if member in {"", texts()["whole"]}:
        return found
    leaf = VARIABLES.get(identity, COEFFICIENTS.get(identity))
    axes = leaf.axes if leaf is not None else ()
    closed = [axis for axis in axes if axis in {ECOSYSTEM, POLLUTANT}]
    if not closed:
        found["product"] = member
        return found
    parts = [part.strip() for part in member.split(SEPARATOR.strip())] if len(axes) > 1 else [member]
    for at, part in enumerate(parts):
        column, name = known_members().get(part, (closed[min(at, len(closed) - 1)], part))
        found[column if column in axes else closed[0]] = name
    return found


def _explanations(book: Book, sheet: Any) -> None:
    """Read what the county wrote beside earlier findings."""
    columns: dict[str, int] = {}
    for row in sheet.iter_rows(min_row=1, max_row=_SEARCHED_ROWS, max_col=_SEARCHED_COLUMNS):
        texts_of_row = {_text(cell.value): cell.column for cell in row}
        if {"代码", "位置", "书面说明"} <= set(texts_of_row):
            columns = texts_of_row
            start = row[0].row + 1
            break
    else:
        return
    for line in range(start, sheet.max_row + 1):
        written = _text(sheet.cell(line, columns["书面说明"]).value)
        if written:
            code, where, found = (_text(sheet.cell(line, columns[name]).value) for name in ("代码", "位置", "发现"))
            book.explanations[code, where, found] = written


def rows_of(books: list[Book]) -> Iterator[dict[str, Any]]:
    """Yield the rows of workbooks in their order."""
    for book in books:
        for row in book.rows:
            yield {**row, "file": book.file}
