"""Tables of calculations beside an account: the same from text and from a workbook, and cells that show another number than they store."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from languages import check_both
from openpyxl.styles import Font

from gep.assets.extent import read_transitions
from gep.assets.quota import read_plots
from gep.assets.treatment import read_treated
from gep.carbon.change import read_flows
from gep.carbon.inventory import read_inventory
from gep.messages.problems import Problems
from gep.products.catalogue import read_catalogue
from gep.products.series import read_series
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

TABLES: dict[str, tuple[Callable[..., Any], str, int]] = {
    "transitions": (read_transitions, "from,to,area,unit,kind,source\nforest,forest,900,hm2,,s\n", 1),
    "inventory": (
        read_inventory,
        "year,stratum,species,area,area_unit,volume,volume_unit,biomass,roots,carbon_fraction,source\n2005,a,杉木,10,hm2,50,m3/hm2,equation:oak,included,0.5,s\n",
        1,
    ),
    "flows": (read_flows, "year,kind,item,amount,unit,source\n2015,gain,g,44,t_C,a\n2015,loss,l,1,t_C,a\n", 1),
    "discharges": (
        read_treated,
        "pollutant,amount,amount_unit,unit_cost,cost_unit,measured,baseline,concentration_unit,alpha,alpha_source,omega,omega_source,source\nCOD,12,t,3000,元/t,33,3,mg/L,1.5,a,2,b,s\n",
        1,
    ),
    "plots": (
        read_plots,
        "county,plot,kind,owner,area,area_unit,grade,restored,accepted,source\n吉水县,W-1,wetland,o,17,亩,二等,2022-03-01,2022-09-01,s\n",
        1,
    ),
    "catalogue": (
        read_catalogue,
        "product,kind,place,amount,unit,quality,season,department,evidence\n橘,material,乡,12,t,一级,3-5,局,表\n",
        1,
    ),
    "series": (
        lambda path, reader: read_series([path], reader),
        "variable,place,time,value,unit,source\npm,A,2024-02,3,ug/m3,s\n",
        1,
    ),
}


def as_workbook(path: Path, text: str) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "表"
    for row in csv.reader(io.StringIO(text)):
        sheet.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in row])
    book.save(path)
    return path


@pytest.mark.parametrize("name", TABLES)
def test_a_workbook_says_what_a_table_of_text_says(tmp_path: Path, name: str) -> None:
    read, text, count = TABLES[name]
    plain = tmp_path / "t.csv"
    plain.write_text(text, "utf-8")
    readers = Reader(), Reader()
    one = read(plain, readers[0])
    other = read(as_workbook(tmp_path / "t.xlsx", text), readers[1])
    assert [reader.problems for reader in readers] == [[], []]
    assert len(one) == len(other) == count


def read_and_refuse(read: Callable[..., Any], path: Path) -> None:
    reader = Reader()
    read(path, reader)
    reader.refuse()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_a_column_or_a_row_is_refused(tmp_path: Path, name: str) -> None:
    read, text, _ = TABLES[name]
    head, rest = text.split("\n", 1)
    column = head.split(",")[0]
    for content in (text.replace(column, "other", 1), head + "\n", rest, ""):
        for path in (tmp_path / "t.csv", tmp_path / "t.xlsx"):
            if path.suffix == ".csv":
                path.write_text(content, "utf-8")
            else:
                as_workbook(path, content)
            with pytest.raises(Problems) as caught:
                read_and_refuse(read, path)
            check_both(caught.value)


def read_one(tmp_path: Path, change: Callable[[Any], None]) -> str:
    path = as_workbook(tmp_path / "t.xlsx", TABLES["series"][1])
    book = openpyxl.load_workbook(path)
    change(book.active)
    book.save(path)
    reader = Reader()
    found = read_series([path], reader)
    return str(Problems(reader.problems)) if reader.problems else repr(next(iter(found[0].points.values())).value)


def test_cells_that_show_another_number_than_they_store_are_refused_at_their_place(tmp_path: Path) -> None:
    def formula(sheet: Any) -> None:
        sheet["D2"] = "=1+2"

    def percent(sheet: Any) -> None:
        sheet["D2"] = 0.75
        sheet["D2"].number_format = "0%"

    def struck(sheet: Any) -> None:
        sheet["D2"].font = Font(strike=True)

    def scaled(sheet: Any) -> None:
        sheet["D2"] = 1_157_700
        sheet["D2"].number_format = '0!.0,"万"'

    def labelled(sheet: Any) -> None:
        sheet["D2"], sheet["D2"].number_format = 115.77, '0.00"亿元"'

    for change in (scaled, labelled):
        assert "t.xlsx!表!D2: the number format of the cell shows" in read_one(tmp_path, change)
    assert "write the figure alone" in read_one(tmp_path, struck)
    assert "t.xlsx!表!D2: the formula =1+2 has no stored value" in read_one(tmp_path, formula)
    assert "t.xlsx!表!D2: the number format of the cell shows '75%', the figure stored is 0.75" in read_one(tmp_path, percent)
    assert "struck out" in read_one(tmp_path, struck)


def test_a_day_in_a_cell_is_a_day_and_small_numbers_are_numbers(tmp_path: Path) -> None:
    import datetime as dt

    def day(sheet: Any) -> None:
        sheet["C2"] = dt.datetime(2024, 2, 3)  # noqa: DTZ001 - a cell has no zone
        sheet["D2"] = 1e-05

    assert read_one(tmp_path, day) == "1e-05"


@pytest.mark.parametrize("text", ["1,200", "１２", "12a4", "", "nan", "inf", "1e999", "²", "1.2.3", "--3", "约3", "1 200"])
def test_what_is_no_plain_number_is_no_number(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f'variable,place,time,value,unit,source\npm,A,2024-02,"{text}",ug/m3,s\n', "utf-8")
    reader = Reader()
    read_series([path], reader)
    assert bool(reader.problems) == (text != "１２")
