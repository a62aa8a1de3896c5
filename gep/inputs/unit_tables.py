"""Tables of accounting units among the inputs: CSV, a sheet of a workbook, or GeoJSON; told by what they hold, not by their name.

A table of units has the columns `unit` and `kind`, or 编号 and 类型; a sheet is called 核算单元 or units.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

from gep.files.folder import READ_AS_TABLES, READ_AS_WORKBOOKS
from gep.files.reading import LARGEST_TABLE, read_bounded, require_readable
from gep.files.table import SEPARATORS, decode, read_table
from gep.files.value_workbooks import holds_values_only
from gep.files.workbook_guard import find_refusal
from gep.files.written_names import clean_text
from gep.files.written_numbers import NUMBER
from gep.files.zipped import DAMAGED
from gep.messages.problems import Problem
from gep.messages.texts import say
from gep.paths import print_path
from gep.reference.accounting_units import UnitRow, make_units
from gep.reference.regions import adopt_units
from gep.units.registry import UnitError, find_factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

SHEETS = ("核算单元", "units")
POLYGONS = ".geojson"
"""Ending of a layer of units with their borders."""
HEADINGS = {
    "unit": ("unit", "编号", "单元编号"),
    "name_zh": ("name_zh", "名称", "单元名称"),
    "name_en": ("name_en", "英文名称"),
    "kind": ("kind", "类型", "单元类型"),
    "hierarchy": ("hierarchy", "层级体系"),
    "parent": ("parent", "上级", "上级单元"),
    "area": ("area", "面积"),
    "area_unit": ("area_unit", "面积单位"),
    "valid_from": ("valid_from", "起始年"),
    "valid_to": ("valid_to", "截止年"),
    "successor": ("successor", "后继"),
    "disjoint": ("disjoint", "下级互不重叠"),
    "note": ("note", "备注"),
}
_NEEDED = ("unit", "kind")
_SEARCHED_ROWS = 30
_SHEET_NAMES = re.compile(rb'<(?:\w+:)?sheet [^>]*?name="([^"]*)"')


def take_units(files: Iterable[Path]) -> tuple[list[Path], list[Path], list[Problem], frozenset[str]]:
    """Make the units of all tables among input files known, and return the other files, the tables, and all that is wrong.

    A workbook with a sheet of units and a cover is among the others too. With problems no unit is made known; the last of what
    is returned are then the ids that the tables name, so that nobody is told that they are unknown as well.
    """
    others, tables = [], []
    rows: list[UnitRow] = []
    problems: list[Problem] = []
    named: set[str] = set()
    for path in files:
        ending = path.suffix.lower()
        if ending == POLYGONS:
            found = _read_layer(path)
        elif ending in READ_AS_TABLES and (names := _find_columns(path)):
            found = _read_table(path, names)
            named |= _list_named(path, names["unit"]) if found[1] else set()
        elif ending in READ_AS_WORKBOOKS and (titles := _find_sheets(path)):
            found = _read_sheets(path)
            if len(titles) > 1:
                others.append(path)
        else:
            others.append(path)
            continue
        tables.append(path)
        rows += found[0]
        problems += found[1]
    units, wrong = make_units(rows)
    problems += wrong
    if not problems:
        adopt_units(units)
    return others, tables, problems, frozenset({*named, *(row.unit for row in rows)}) if problems else frozenset()


def _find_columns(path: Path) -> dict[str, str]:
    """Return the columns of a table of units, as they are called in the file; nothing where it is no such table."""
    try:
        require_readable(path, LARGEST_TABLE)
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet as pq

            header = list(pq.read_schema(path).names)
        else:
            with path.open("rb") as file:
                start = file.read(4096)
            text = decode(start.rpartition(b"\n")[0] or start) or ""
            line = text.partition("\n")[0].strip("\r")
            header = next(
                (cells for mark in SEPARATORS if len(cells := next(csv.reader(io.StringIO(line), delimiter=mark), [])) > 1), []
            )
    except Exception:  # noqa: BLE001 - what cannot be read is told by those who read it whole
        return {}
    found = _match({name.strip(): name.strip() for name in header})
    return found if set(_NEEDED) <= set(found) and "variable" not in header else {}


def _list_named(path: Path, column: str) -> set[str]:
    """Return what stands in the column of units of a table of text, also in rows that cannot be read."""
    text = "" if path.suffix.lower() == ".parquet" else decode(read_bounded(path, LARGEST_TABLE)) or ""
    for mark in SEPARATORS:
        lines = [[cell.strip() for cell in cells] for cells in csv.reader(io.StringIO(text), delimiter=mark)]
        if lines and len(lines[0]) > 1 and column in lines[0]:
            at = lines[0].index(column)
            return {cells[at] for cells in lines[1:] if at < len(cells)}
    return set()


def _match(header: Mapping[str, Any]) -> dict[str, Any]:
    return {name: header[word] for name, words in HEADINGS.items() for word in words if word in header}


def _read_table(path: Path, names: dict[str, str]) -> tuple[list[UnitRow], list[Problem]]:
    needed = [names[one] for one in _NEEDED]
    table, problems = read_table(path, needed, [one for one in names.values() if one not in needed])
    if table is None:
        return [], problems
    columns = {
        name: [clean_text(str(text or "")) for text in table.columns[column].to_pylist()] for name, column in names.items()
    }
    rows = []
    for at, line in enumerate(table.lines.to_pylist()):
        cells = {name: texts[at] for name, texts in columns.items()}
        rows.append(_make_row(table.file, line, "", cells, problems))
    return rows, problems


def _make_row(file: str, line: int, cell: str, cells: dict[str, str], problems: list[Problem], polygon: str = "") -> UnitRow:
    area, unit = cells.pop("area", ""), cells.pop("area_unit", "")
    cells.pop("note", "")
    row = UnitRow(file, line, cell, **{"unit": "", **cells}, area_km2=None, polygon=polygon)
    if not area:
        return row
    try:
        factor = find_factor(unit, "km^2") if unit else None
    except UnitError:
        factor = None
    if factor is None or not NUMBER.fullmatch(area) or float(area) <= 0:
        found = say("the area of {unit} is {area!r} {measure!r}", unit=row.unit, area=area, measure=unit)
        problems.append(
            row.problem(found, say("a number above 0 in area, and a unit of area such as km2, ha or 亩 in area_unit"))
        )
        return row
    return UnitRow(file, line, cell, **{"unit": "", **cells}, area_km2=float(area) * factor, polygon=polygon)


def _find_sheets(path: Path) -> list[str]:
    """Return the titles of the sheets of a workbook that has one of units; nothing where it has none, or cannot be opened."""
    try:
        require_readable(path, LARGEST_TABLE)
        if find_refusal(path, ""):
            return []
        with path.open("rb") as file:
            values_only = holds_values_only(file.read(8))
        if not values_only:
            with zipfile.ZipFile(path) as archive:
                titles = [title.decode("utf-8", "replace") for title in _SHEET_NAMES.findall(archive.read("xl/workbook.xml"))]
        else:
            from gep.files.workbook_cells import open_workbook

            opened = open_workbook(path, "")
            titles = [] if isinstance(opened, Problem) else [sheet.title for sheet in opened[0].worksheets]
    except DAMAGED:
        return []
    return titles if any(is_unit_sheet(title) for title in titles) else []


def is_unit_sheet(title: str) -> bool:
    """Return whether a sheet of this title holds accounting units."""
    return title.strip().lower() in SHEETS


def _read_sheets(path: Path) -> tuple[list[UnitRow], list[Problem]]:
    from gep.files.workbook_cells import open_workbook

    shown = print_path(path)
    opened = open_workbook(path, shown)
    if isinstance(opened, Problem):
        return [], [opened]
    rows: list[UnitRow] = []
    problems: list[Problem] = []
    for sheet in opened[0].worksheets:
        if is_unit_sheet(sheet.title):
            rows += _read_sheet(shown, sheet, problems)
    return rows, problems


def _read_sheet(shown: str, sheet: Any, problems: list[Problem]) -> Iterator[UnitRow]:
    from gep.files.hidden_cells import find_hidden_columns, judge_unseen
    from gep.files.workbook_cells import find_headings, print_cell_address, read_cell_text

    hidden = find_hidden_columns(sheet)
    line, columns = find_headings(sheet, HEADINGS, _SEARCHED_ROWS)
    if not set(_NEEDED) <= set(columns):
        found = say("the sheet {title} has no headings", title=sheet.title)
        problems.append(
            Problem(shown, 1, found, say("a row with {columns}", columns="编号、名称、类型、上级"), "", f"{sheet.title}!A1")
        )
        return
    for row in sheet.iter_rows(min_row=line + 1):
        texts = {cell.column: clean_text(read_cell_text(cell.value)) for cell in row}
        cells = {name: next((texts[at] for at in places if texts.get(at)), "") for name, places in columns.items()}
        if any(cells.values()):
            at = row[0].row
            place = print_cell_address(sheet, at, columns["unit"][0])
            read = (sheet.cell(at, column) for places in columns.values() for column in places)
            if unseen := judge_unseen(sheet, read, hidden):
                problems.append(Problem(shown, at, *unseen, place))
            yield _make_row(shown, at, place, cells, problems)


def _read_layer(path: Path) -> tuple[list[UnitRow], list[Problem]]:
    from gep.files.workbook_cells import read_cell_text

    shown = print_path(path)
    expected = say("a FeatureCollection in GeoJSON whose features have the properties unit and kind")
    try:
        layer = json.loads(read_bounded(path, LARGEST_TABLE))
        features = [(dict(one["properties"] or {}), one.get("geometry")) for one in layer["features"]]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return [], [Problem(shown, 0, say("the file is no layer of polygons"), expected)]
    rows: list[UnitRow] = []
    problems: list[Problem] = []
    for at, (properties, geometry) in enumerate(features, start=1):
        cells = {name: clean_text(read_cell_text(value)) for name, value in _match(properties).items()}
        if not cells.get("unit"):
            problems.append(Problem(shown, at, say("polygon {at} names no unit", at=at), expected))
            continue
        bordered = isinstance(geometry, dict) and geometry.get("type") in {"Polygon", "MultiPolygon"}
        if not bordered:
            found = say("the border of {unit} is no polygon", unit=cells["unit"])
            problems.append(Problem(shown, at, found, say("a polygon")))
        rows.append(_make_row(shown, at, "", cells, problems, json.dumps(geometry, separators=(",", ":")) if bordered else ""))
    return rows, problems
