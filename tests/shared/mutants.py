"""Mutates workbooks and tables from a fixed seed and holds what is read against an independent reading; `make fuzz` runs thousands."""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from workbooks import FIGURES, FIRST, ID, MEMBER, UNIT, VALUE, fill

from gep.inputs.read import gather
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.tasks.prepare import write_forms
from gep.units.registry import UnitError, find_factor, remove_price_year
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20261121
UNITS = (
    "m",
    "mm",
    "km²",
    "亩",
    "公顷",
    "万元",
    "亿元",
    "元",
    "吨",
    "kg",
    "万m³",
    "m³",
    "人",
    "%",
    "1",
    "",
    "随便",
    "mm/yr",
    "CNY_2010",
    "t CO2",
    "km2",
    "万m3",
)
TEXTS = (
    "",
    "-",
    "无",
    "abc",
    "1,234.5",
    "１２３",
    "12 ",
    "=1+1",
    "1e999",
    "nan",
    "-5",
    "不适用",
    "#REF!",
    "2023-01-01",
    "1.2.3",
    "0",
    "９９.5",
    "\u200b7",
    "<b>",
    "'; DROP",
)
IDS = ("gdp", "population", "aera", "", "precipitation", "carbon_price", "water_conservation", "县", "../x")
DEPARTMENT = "气象局"


def _cells(sheet: Any, chance: random.Random, column: int) -> Any:
    return sheet.cell(chance.randrange(FIRST, sheet.max_row + 1), column)


def mutate_book(source: Path, target: Path, chance: random.Random) -> str:
    """Write a mutated copy; return what was done."""
    kind = chance.choice(
        ("swap", "delete", "retype", "unit", "id", "shift", "columns", "bytes", "truncate", "part", "cover", "member")
    )
    content = source.read_bytes()
    if kind == "bytes":
        changed = bytearray(content)
        for _ in range(chance.randrange(1, 30)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        target.write_bytes(bytes(changed))
        return kind
    if kind == "truncate":
        target.write_bytes(content[: chance.randrange(len(content))])
        return kind
    if kind == "part":
        _mutate_part(content, target, chance)
        return kind
    book = load_workbook(source)
    sheet = book[chance.choice([DEPARTMENT, "统计局"])]
    for _ in range(chance.randrange(1, 4)):
        if kind == "swap":
            column = chance.choice([ID, MEMBER, UNIT, VALUE])
            one, two = _cells(sheet, chance, column), _cells(sheet, chance, column)
            one.value, two.value = two.value, one.value
        elif kind == "delete":
            _cells(sheet, chance, chance.choice([ID, MEMBER, UNIT, VALUE])).value = None
        elif kind == "retype":
            cell = _cells(sheet, chance, VALUE)
            cell.value = chance.choice(TEXTS)
            cell.data_type = "s"
        elif kind == "unit":
            _cells(sheet, chance, UNIT).value = chance.choice(UNITS)
        elif kind == "id":
            _cells(sheet, chance, ID).value = chance.choice(IDS)
        elif kind == "member":
            _cells(sheet, chance, MEMBER).value = chance.choice(["森林", "全县", "x", "耕地", "二氧化硫", ""])
        elif kind == "cover":
            field: Any = book["封面"].cell(chance.randrange(3, 9), 2)
            field.value = chance.choice([*TEXTS, 360725, "2023年", "360726"])
            field.data_type = "s" if isinstance(field.value, str) else "n"
    if kind == "shift":
        column, by = chance.choice([UNIT, VALUE]), chance.choice([1, 2])
        values = [sheet.cell(row, column).value for row in range(FIRST, sheet.max_row + 1)]
        for row, value in zip(range(FIRST + by, sheet.max_row + 1), values, strict=False):
            sheet.cell(row, column).value = value
    elif kind == "columns":
        one, two = chance.sample([1, ID, MEMBER, UNIT, VALUE, 6, 7], 2)
        for row in range(FIRST - (chance.random() < 0.5), sheet.max_row + 1):
            left, right = sheet.cell(row, one), sheet.cell(row, two)
            left.value, right.value = right.value, left.value
    book.save(target)
    return kind


def _mutate_part(content: bytes, target: Path, chance: random.Random) -> None:
    """Change, drop or double a part inside the archive, its checksum made right again."""
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hit = chance.choice(names)
        for name in names:
            text = old.read(name)
            if name == hit:
                way = chance.randrange(3)
                if way == 0:
                    continue
                changed = bytearray(text)
                for _ in range(chance.randrange(1, 6)):
                    changed[chance.randrange(len(changed))] = chance.randrange(32, 127)
                text = bytes(changed) if way == 1 else text[: chance.randrange(len(text))]
            new.writestr(name, text)


def silent(path: Path) -> list[str]:
    """Read a workbook and return every accepted figure that another reading of the same cells does not give."""
    inputs, _ = gather([path], COEFFICIENTS, APPLICABLE)
    wrong = []
    rows = inputs.rows.to_dict("records")
    if not rows:
        return []
    try:
        book = load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    except Exception as error:  # noqa: BLE001 - then nothing may have been accepted
        return [f"{len(rows)} figures accepted of a file that cannot be opened: {error}"]
    for row in rows:
        title, _, at = str(row["cell"]).partition("!")
        sheet: Any = book[title]
        heads = {str(cell.value).strip(): cell.column for cell in sheet[3]}
        if not {"编号", "单位", "数值"} <= set(heads):
            continue  # headings elsewhere: the cell the program names is all there is to hold it against
        line = sheet[at].row
        identity = str(sheet.cell(line, heads["编号"]).value or "").strip()
        if not identity:  # a spare row goes by its title
            title = str(sheet.cell(line, heads["指标"]).value or "").strip() if "指标" in heads else ""
            identity = next((leaf.id for leaf in (*VARIABLES.values(), *COEFFICIENTS.values()) if leaf.title.zh == title), "")
        unit = str(sheet.cell(line, heads["单位"]).value or "").strip()
        written = sheet.cell(line, heads["数值"]).value
        if identity != row["variable"]:
            wrong.append(f"{row['cell']}: read as {row['variable']}, the id is {identity}")
            continue
        leaf = VARIABLES.get(identity, COEFFICIENTS.get(identity))
        assert leaf is not None
        try:
            by = find_factor(remove_price_year(unit), leaf.unit)
        except UnitError:
            by = find_factor(f"{remove_price_year(unit)}/yr", leaf.unit)
        if (
            isinstance(written, int | float)
            and not isinstance(written, bool)
            and abs(written * by - row["value"]) > 1e-9 * abs(row["value"])
        ):
            wrong.append(f"{row['cell']}: {written} {unit} read as {row['value']} {leaf.unit}")
    return wrong


def mutate_table(text: str, chance: random.Random) -> bytes:
    """Return a mutated CSV table."""
    rows = list(csv.reader(io.StringIO(text)))
    kind = chance.randrange(7)
    row, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]))
    if kind == 0:
        other = chance.randrange(1, len(rows))
        rows[row][column], rows[other][column] = rows[other][column], rows[row][column]
    elif kind == 1:
        rows[row][column] = chance.choice(TEXTS)
    elif kind == 2:
        rows[row][6] = chance.choice(UNITS)
    elif kind == 3:
        rows[row] = [*rows[row][1:], rows[row][0]]
    elif kind == 4:
        del rows[row][column]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    content = bytearray(out.getvalue().encode())
    if kind == 5:
        for _ in range(chance.randrange(1, 10)):
            content[chance.randrange(len(content))] = chance.randrange(256)
    elif kind == 6:
        del content[chance.randrange(len(content)) :]
    return bytes(content)


def silent_in_table(path: Path) -> list[str]:
    """Read a table and return every accepted figure that Python's own csv reading does not give."""
    inputs, _ = gather([path], COEFFICIENTS, APPLICABLE)
    if inputs.rows.empty:
        return []
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    given: dict[int, dict[str, Any]] = {}
    line = 2
    for whole in reader:
        given[line] = whole
        line = reader.line_num + 1
    wrong = []
    for row in inputs.rows.to_dict("records"):
        one = given.get(int(row["line"]), {})
        if not one or None in one:
            wrong.append(f"line {row['line']} is no whole row")
            continue
        leaf = VARIABLES.get(row["variable"], COEFFICIENTS.get(row["variable"]))
        assert leaf is not None
        unit = remove_price_year(str(one["unit"]).strip())
        try:
            by = find_factor(unit, leaf.unit)
        except UnitError:
            by = find_factor(f"{unit}/yr", leaf.unit)
        if str(one["variable"]).strip() != row["variable"] or abs(
            float(str(one["value"]).strip()) * by - row["value"]
        ) > 1e-9 * abs(row["value"]):
            wrong.append(f"line {row['line']}: {one['value']} {one['unit']} read as {row['value']} {leaf.unit}")
    return wrong


def run(count: int, folder: Path, tell: Callable[[str], object] = lambda _: None) -> dict[str, int]:
    """Mutate and read `count` workbooks and as many tables; return how many there were, were refused, and what went wrong."""
    chance = random.Random(SEED)
    figures = {
        key: value
        for key, value in FIGURES.items()
        if key[0] in {"precipitation", "evapotranspiration", "storm_rainfall", "rainfall_erosivity", "hot_days"}
        or "output_value" in key[0]
    }
    form = write_forms("崇义县", 2023, None, folder, None, departments=True)
    source = next(path for path in form if path.stem.endswith(DEPARTMENT))
    other = next(path for path in form if path.stem.endswith("统计局"))
    book, more = load_workbook(source), load_workbook(other)["统计局"]
    sheet = book.create_sheet("统计局")
    for cells in more.iter_rows():
        for cell in cells:
            if type(cell).__name__ != "MergedCell":
                sheet.cell(cell.row, cell.column).value = cell.value
    book.save(source)
    fill(source, source, figures)
    table = (Path(__file__).parent.parent.parent / "inputs" / "361027-2022" / "statistics.csv").read_text("utf-8")
    counts = {"workbooks": 0, "tables": 0, "refused": 0, "wrong": 0}
    for at in range(count):
        path = folder / "mutant.xlsx"
        kind = mutate_book(source, path, chance)
        counts["workbooks"] += 1
        inputs, problems = gather([path], COEFFICIENTS, APPLICABLE)
        counts["refused"] += bool(problems)
        found = silent(path) if not inputs.rows.empty else []
        path = folder / "mutant.csv"
        path.write_bytes(mutate_table(table, chance))
        counts["tables"] += 1
        _, problems = gather([path], COEFFICIENTS, APPLICABLE)
        counts["refused"] += bool(problems)
        found += silent_in_table(path)
        for text in found:
            counts["wrong"] += 1
            tell(f"mutant {at} ({kind}): {text}")
    return counts


if __name__ == "__main__":
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        result = run(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, Path(place), print)
    print(", ".join(f"{count} {name}" for name, count in result.items()), f"in {time.perf_counter() - begin:.0f} s")  # noqa: T201 - run by make fuzz
    sys.exit(result["wrong"] > 0)
