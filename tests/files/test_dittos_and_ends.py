"""Cells that stand for others, and files that end in the middle of a cell, in every table that the program reads."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from gep.files.table import read_table
from gep.indicators.read import read_rows
from gep.inputs.read import gather
from gep.messages.problems import Problem
from gep.rules.catalogue import COEFFICIENTS
from gep.space.raster.confined import is_of_polygons
from gep.standards.applicable import APPLICABLE
from gep.worked.written import Reader

COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
FIRST = ("361027", "2022", "air_emission", "", "SO2", "", "10", "t", "统计局", "")
SECOND = ("361027", "2022", "air_emission", "", "NOx", "", "20", "t", "统计局", "")
CROP = ("361027", "2022", "agricultural_output", "", "", "稻谷", "10", "t", "统计局", "")
OTHERS = ["同上", "〃", "″", "同 上", "同左", "同上行", "（同上）", "见上", "ditto", "同第3行", "↑", "如上"]


def write(path: Path, rows: list[tuple[str, ...]]) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(pa.table({name: [row[at] for row in rows] for at, name in enumerate(COLUMNS)}), path)
    elif path.suffix == ".xlsx":
        book = Workbook()
        for row in (COLUMNS, *rows):
            book.worksheets[0].append(row)
        book.save(path)
    else:
        path.write_text("".join(",".join(row) + "\n" for row in (COLUMNS, *rows)), "utf-8")
    return path


def problems_of(path: Path) -> list[Problem]:
    return gather([path], COEFFICIENTS, APPLICABLE)[1]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("text", OTHERS)
def test_a_cell_that_stands_for_another_is_to_be_written_out(text: str, ending: str, tmp_path: Path) -> None:
    for column in (*COLUMNS[:3], "pollutant", "product", "value", "unit"):
        at = COLUMNS.index(column)
        other = CROP if column == "product" else SECOND
        rows = [CROP if column == "product" else FIRST, (*other[:at], text, *other[at + 1 :])]
        (problem,) = problems_of(write(tmp_path / f"a.{ending}", rows))
        assert problem.found == f"{column} is {text!r} (rows that say so: 1)"
        assert problem.hint == f"{text} stands for another cell: write out in every row what it means, or fill it down"
        assert problem.line == (3 if ending == "csv" else 2)
    assert problems_of(write(tmp_path / f"b.{ending}", [FIRST, SECOND, CROP])) == []


@pytest.mark.parametrize("text", ["同上", "〃", "同左"])
def test_tables_beside_an_account_do_not_take_it_either(text: str, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx", "parquet"):
        reader = Reader()
        path = write(tmp_path / f"a.{ending}", [FIRST, (*SECOND[:7], text, *SECOND[8:]), (*SECOND[:7], text, *SECOND[8:])])
        assert reader.rows(path, COLUMNS) == []
        assert [one.found for one in reader.problems] == [f"unit is {text!r} (rows that say so: 2)"]
        assert reader.problems[0].where.endswith("Sheet!H3" if ending == "xlsx" else "a.csv:3" if ending == "csv" else ":2")
    book = Workbook()
    for row in (("place", "year", "indicator", "value", "unit", "source"), ("361027", text, "x", "1", "t", text)):
        book.worksheets[0].append(row)
    book.save(tmp_path / "figures.xlsx")
    assert [one.found for one in read_rows(tmp_path / "figures.xlsx")[1]] == [f"year is {text!r} (rows that say so: 1)"]


def test_words_that_only_look_alike_are_read(tmp_path: Path) -> None:
    rows: list[tuple[str, ...]] = [(*CROP[:5], one, *CROP[6:]) for one in ("同春茶", "上海青", "前胡")]
    table, problems = read_table(write(tmp_path / "a.csv", rows), COLUMNS)
    assert table is not None
    assert problems == []


@pytest.mark.parametrize(
    ("columns", "end", "said"),
    [
        (("id", "value", "unit"), "", 1),
        (("id", "unit", "name"), "", 1),
        (("id", "value", "unit"), "\n", 0),
        (("id", "value", "note"), "", 0),
        (("id", "value", "source"), "", 0),
        (("id", "value", "unit"), "\r\n", 0),
    ],
)
def test_a_table_that_ends_inside_a_cell_is_refused(columns: tuple[str, ...], end: str, said: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([",".join(columns), "a,1,x", "b,2,t"]) + end, "utf-8", newline="")
    reader = Reader()
    assert len(reader.rows(path, columns)) == 2
    assert [one.found for one in reader.problems] == [
        "the file ends in the cell 't' without an end of line: it may have been cut off there"
    ] * said
    path.write_text(path.read_text("utf-8") + ("" if end else "\n"), "utf-8")
    again = Reader()
    assert again.rows(path, columns)
    assert again.problems == []


@pytest.mark.parametrize("part", [slice(0, 6), slice(0, 400), slice(0, -30), slice(40, None), slice(0, 0, -1)])
def test_a_damaged_parquet_is_told_in_words_of_our_own(part: slice, tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", [FIRST, SECOND])
    path.write_bytes(path.read_bytes()[part] or b"\0" * 300)
    (problem,) = problems_of(path)
    assert problem.found == "the file is damaged, cut short or no Parquet file"
    assert problem.hint == "copy it again from where it was made, whole; what is no Parquet file has another ending"


def damage(path: Path, part: str) -> None:
    """Spoil the packed bytes of one part of a zip file, and leave everything else as it is."""
    with zipfile.ZipFile(path) as archive:
        about = archive.getinfo(part)
    content = bytearray(path.read_bytes())
    start = about.header_offset + 30 + len(part.encode())
    for at in range(start, start + about.compress_size):
        content[at] ^= 0x55
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_a_workbook_with_one_spoiled_part_is_refused_in_a_sentence(part: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [FIRST, SECOND])
    damage(path, part)
    problems = problems_of(path)
    assert problems
    assert all(one.hint == "open it in Excel or WPS and save it again" for one in problems)


def test_spoiled_polygons_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "zones.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zones.geojson", "{" + " " * 5000 + "}")
        archive.writestr("notes.txt", "n" * 5000)
    for part in ("zones.geojson", "notes.txt"):
        damage(path, part)
    assert not is_of_polygons(path)
