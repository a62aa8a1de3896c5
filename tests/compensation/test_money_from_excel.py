"""Money from Excel: facts, members, sections, payments and shared waters are read from a sheet as they are from text, and what a sheet hides is refused."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from conftest import Program
from openpyxl import Workbook
from toy_schemes import HEADER, write_scheme
from two_hands import CHECKER, MAKER, post

from gep.files.table import read_table
from gep.inputs.shared_waters import SHIPPED, read_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

BODY = (
    "funds: {pool: {sources: [{from: province, amount: money}]}}\n"
    "inputs: {money: {unit: 元, group: pool}, weight: {by: party, unit: score}}\n"
    "rule: [{op: allocate, name: a, fund: pool, by: weight}]\n"
)
FACTS: tuple[Sequence[object], ...] = (
    HEADER.strip().split(","),
    ["money", None, "2021", 100.01, "元", "final", "文"],
    ["weight", "zhi", 2021, 1, "score", "final", "文"],
    ["weight", "an", 2021, 2, "score", "final", "同上"],
    ["weight", "bo", 2021, 2.5, "score", "final", "文"],
)


def write_book(path: Path, rows: Iterable[Sequence[object]], change: Callable[[Any], None] = lambda _: None) -> Path:
    book: Any = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    book.save(path)
    return path


def test_facts_members_and_payments_come_from_sheets(gep: Program, tmp_path: Path) -> None:
    """The same money as from text; titles and notes above the heads do not count, and lines are those of the sheet."""
    heading: list[Sequence[object]] = [["某省生态补偿成员表", None, None], []]
    write_book(tmp_path / "members.xlsx", [*heading, ["party", "code", "name"], *([name, code, None] for name, code in CODES)])
    scheme = write_scheme(tmp_path / "toy.yaml", BODY)
    text = scheme.read_text("utf-8").replace("members: [zhi, an, bo]", "members: {table: members.xlsx}")
    scheme.write_text(text.replace(', zhi: {code: "360724"}, an: {code: "360725"}, bo: {code: "360726"}', ""), "utf-8")
    facts = write_book(tmp_path / "facts.xlsx", FACTS)
    done = post(gep, "compensate", str(scheme), "2021", "--inputs", str(facts))
    assert "36.37" in done.stdout
    rows: list[list[object]] = [
        ["posting_voucher", "paid_on", "amount", "voucher"],
        ["toy-2021-1-00002", date(2022, 2, 1), 36.37, "国-1"],
    ]
    paid = gep("transfers", "--paid", str(write_book(tmp_path / "paid.xlsx", rows)), "--by", MAKER, "--store", gep.store)
    assert "36.37" in paid.stdout + paid.stderr
    gep("transfers", "--confirm", "2", "--by", CHECKER, "--store", gep.store)


CODES = (("zhi", "360724"), ("an", "360725"), ("bo", "360726"))


def hide_row(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


def show_in_wan(sheet: Any) -> None:
    sheet["D2"].number_format = '0.00"万元"'


def show_percent(sheet: Any) -> None:
    sheet["D3"].number_format = "0%"


def write_formula(sheet: Any) -> None:
    sheet["D3"] = "=1+1"


def write_long_number(sheet: Any) -> None:
    sheet["G3"] = 1234567890123456789


def add_another_table(sheet: Any) -> None:
    again = sheet.parent.create_sheet("又一张")
    again.append(FACTS[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (hide_row, "the cell stands in a hidden row"),
        (show_in_wan, "the cell holds 100.01 and shows 100.01万元"),
        (show_percent, "the cell holds 1 and shows 100%"),
        (write_formula, "the formula =1+1 has no stored value"),
        (write_long_number, "is a number of more than 15 digits"),
        (add_another_table, "several sheets hold such a table: Sheet、又一张"),
    ],
)
def test_what_a_sheet_hides_or_shows_otherwise_is_refused(
    gep: Program, tmp_path: Path, change: Callable[[Any], None], said: str
) -> None:
    facts = write_book(tmp_path / "facts.xlsx", FACTS, change)
    scheme = write_scheme(tmp_path / "toy.yaml", BODY)
    found = gep("compensate", str(scheme), "2021", "--inputs", str(facts), "--store", gep.store, code=2)
    assert said in found.stderr


def test_months_and_codes_are_read_as_they_are_shown(tmp_path: Path) -> None:
    """A spreadsheet makes a day of 2024-03 and a number of 0012; both are shown as they were typed."""

    def show(sheet: Any) -> None:
        sheet["A2"].number_format, sheet["B2"].number_format = "yyyy-mm", "0000"

    path = write_book(tmp_path / "t.xlsx", [["month", "code"], [date(2024, 3, 1), 12], [date(2024, 3, 2), 1e-07]], show)
    table, problems = read_table(path, ("month", "code"))
    assert not problems
    assert table is not None
    assert table.columns.to_pylist() == [{"month": "2024-03", "code": "0012"}, {"month": "2024-03-02", "code": "0.0000001"}]
    assert table.lines.to_pylist() == [2, 3]


def test_shared_waters_are_read_from_a_sheet_and_in_gbk(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8-sig").splitlines()[0] + "\n一湖,360424,0.5,,,,,文,\n"
    (tmp_path / "w.csv").write_bytes(text.encode("gbk"))
    rows: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(text))]
    rows[1][2] = 0.5
    book = write_book(tmp_path / "w.xlsx", rows)
    assert read_shares(book) == read_shares(tmp_path / "w.csv")
    assert read_shares(book)[0].share == 0.5
