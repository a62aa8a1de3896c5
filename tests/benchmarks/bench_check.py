"""What gep check finds of the planted mistakes, beside pandera and frictionless on the same table: found, at the right place, time."""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS / folder) for folder in ("", "shared", "inputs")]

import pandas as pd
from openpyxl import load_workbook
from test_planted import PLANTED, clean_books, plant
from workbooks import FIRST, ID, MEMBER, UNIT, VALUE

from gep.inputs.workbook.layout import list_units
from gep.tasks.check import check_files
from gep.variables.catalogue import VARIABLES


def table_of(path: Path) -> pd.DataFrame:
    """Return the filled rows of a workbook as a plain table, with the cell of each figure."""
    rows = []
    for sheet in load_workbook(path).worksheets:
        if sheet.cell(3, ID).value != "编号":
            continue
        for row in range(FIRST, sheet.max_row + 1):
            values = [sheet.cell(row, column).value for column in (ID, MEMBER, UNIT, VALUE)]
            if values[3] not in {None, ""}:
                rows.append(
                    (
                        f"{sheet.title}!{sheet.cell(row, VALUE).coordinate}",
                        *[str(one) if one is not None else "" for one in values],
                    )
                )
    return pd.DataFrame(rows, columns=["cell", "id", "member", "unit", "value"])


def offered() -> dict[str, set[str]]:
    """Return the units the workbook offers for each variable: what a schema can know without the meaning of units."""
    return {name: set(list_units(leaf)) for name, leaf in VARIABLES.items()}


def by_pandera(table: pd.DataFrame) -> set[tuple[str, int]]:
    """Return (cell, column) of every failure of a schema: known ids, offered units, numbers within bounds."""
    import pandera.pandas as pa

    units = offered()
    numbers = pd.to_numeric(table["value"], errors="coerce")
    least = table["id"].map({name: leaf.least for name, leaf in VARIABLES.items()}).astype(float).fillna(float("-inf"))
    most = table["id"].map({name: leaf.most for name, leaf in VARIABLES.items()}).astype(float).fillna(float("inf"))
    frame = table.assign(
        number=numbers,
        fits=[unit in units.get(name, set()) for name, unit in zip(table["id"], table["unit"], strict=True)],
        within=(numbers >= least) & (numbers <= most),
    )
    schema = pa.DataFrameSchema(
        {
            "id": pa.Column(str, pa.Check.isin(list(VARIABLES))),
            "number": pa.Column(float, nullable=False),
            "fits": pa.Column(bool, pa.Check.eq(True)),
            "within": pa.Column(bool, pa.Check.eq(True)),
        }
    )
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        names = {"id": ID, "number": VALUE, "fits": UNIT, "within": VALUE}
        found = error.failure_cases.dropna(subset=["index"])
        return {
            (str(frame["cell"].iloc[int(at)]), names[column]) for at, column in zip(found["index"], found["column"], strict=True)
        }
    return set()


def by_frictionless(table: pd.DataFrame, folder: Path) -> set[tuple[str, int]]:
    """Return (cell, column) of every failure of a table schema: known ids, known units, numbers."""
    from frictionless import Resource, Schema, fields

    path = folder / "table.csv"
    table.to_csv(path, index=False)
    every = sorted(set.union(*offered().values()))
    schema = Schema(
        fields=[
            fields.StringField(name="cell"),
            fields.StringField(name="id", constraints={"required": True, "enum": list(VARIABLES)}),
            fields.StringField(name="member"),
            fields.StringField(name="unit", constraints={"required": True, "enum": every}),
            fields.NumberField(name="value", constraints={"minimum": 0}),
        ]
    )
    report = Resource(path=path.name, basepath=str(folder), schema=schema).validate()
    names = {"id": ID, "unit": UNIT, "value": VALUE}
    return {
        (str(table["cell"].iloc[row - 2]), names[name])
        for row, name in report.flatten(["rowNumber", "fieldName"])
        if row and name in names
    }


def main() -> None:
    """Plant, check three ways and print the table."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        clean, cells, store = clean_books(folder)
        expected = plant(clean, cells, folder / "planted.xlsx")
        columns = {"!I": ID, "!C": MEMBER, "!D": UNIT, "!E": VALUE}
        wanted = {(cells[key], columns[cell[cell.index("!") : cell.index("!") + 2]]) for key, cell in expected}
        print(f"{len(wanted)} planted mistakes of {len(PLANTED)}, {len(cells)} figures")

        def by_gep(name: str) -> set[tuple[str, int]]:
            found = [one for one in check_files([folder / name], store=store) if one.grade in "ABC" and one.cell]
            return {
                (one.cell.partition("!")[0] + "!E" + one.cell.partition("!")[2][1:], columns["!" + one.cell.partition("!")[2][0]])
                for one in found
            }

        ways = {
            "gep check": by_gep,
            "pandera": lambda name: by_pandera(table_of(folder / name)),
            "frictionless": lambda name: by_frictionless(table_of(folder / name), folder),
        }
        print(f"{'':14}{'found':>7}{'right cell':>12}{'false on clean':>16}{'time':>9}")
        for name, way in ways.items():
            begin = time.perf_counter()
            found = way("planted.xlsx")
            seconds = time.perf_counter() - begin
            rows = {cell for cell, _ in found}
            false = len(way("clean.xlsx"))
            print(f"{name:14}{sum(cell in rows for cell, _ in wanted):>7}{len(wanted & found):>12}{false:>16}{seconds:>8.2f}s")


if __name__ == "__main__":
    main()
