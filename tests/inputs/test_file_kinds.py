"""Every kind of file an office hands in: read as the same figures, or named; what cannot be known of a kind is said."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from conftest import Program
from kept_stores import make_once

from gep.files.workbook_guard import find_refusal
from gep.inputs.read import gather
from gep.inputs.workbook.read import read_workbook
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.tasks.check import check_files

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
FIGURES = (("precipitation", "1489.9", "mm"), ("gdp", "112", "亿元"), ("population", "17.8", "万人"))
ROWS = [("360725", "2023", name, "", "", "", value, unit, "统计公报", "") for name, value, unit in FIGURES]
CELLS = [
    ("编号", "类别", "单位", "数值", "数据来源"),
    *((name, "", unit, float(value), "统计公报") for name, value, unit in FIGURES),
]
COVER = [("县区代码", "360725"), ("核算年份", "2023")]


def read(path: Path) -> dict[str, float]:
    inputs, problems = gather([path], COEFFICIENTS, APPLICABLE)
    assert problems == []
    return {str(row["variable"]): float(row["value"]) for row in inputs.rows.to_dict("records")}


EXPECTED = {"precipitation": 1489.9, "gdp": 1.12e10, "population": 178000.0}


def table(apart: str) -> str:
    return "".join(apart.join(row) + "\r\n" for row in (COLUMNS, *ROWS))


def plain() -> bytes:
    book: Any = openpyxl.Workbook()
    book.active.title = "封面"
    for cover in COVER:
        book.active.append(cover)
    sheet = book.create_sheet("统计局")
    for row in CELLS:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.tsv", table("\t").encode()),
        ("a.tab", table("\t").encode("gb18030")),
        ("a.txt", table("\t").encode("utf-16")),
        ("a.csv", table(",").encode("utf-16-be").join([b"\xfe\xff", b""])),
        ("b.csv", table(";").encode()),
        ("c.csv", table("|").encode("utf-8-sig")),
        ("d.txt", table(",").encode()),
    ],
)
def test_texts_are_read_whatever_separates_and_encodes_them(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert read(path) == EXPECTED


def test_the_numbers_of_rows_that_pandas_writes_are_no_figures(tmp_path: Path) -> None:
    frame = pd.DataFrame(ROWS, columns=list(COLUMNS), index=[5, 7, 9])
    frame.to_parquet(tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet") == EXPECTED


def test_a_strict_workbook_is_read_checked_and_copied(gep: Program, tmp_path: Path) -> None:
    names = (
        (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"),
    )
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            for known, strict in names:
                text = text.replace(known, strict)
            new.writestr(part, text)
    assert read(path) == EXPECTED
    gep("check", str(path), "--write-back", "--store", gep.store)
    assert read(tmp_path / "校验" / "a.xlsx") == EXPECTED


@pytest.fixture(scope="session")
def old_format(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as Excel 97 and WPS write it."""

    def write(folder: Path) -> None:
        assert shutil.which("soffice"), "make test installs LibreOffice"
        (folder / "a.xlsx").write_bytes(plain())
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "xls:MS Excel 97",
            "--outdir",
            str(folder),
            str(folder / "a.xlsx"),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        shutil.rmtree(folder / "profile")

    return make_once(tmp_path_factory, "old_format", write) / "a.xls"


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.XLS", "a.xlsx"])
def test_old_workbooks_are_read_by_their_values_and_that_is_said(
    name: str, old_format: Path, gep: Program, tmp_path: Path
) -> None:
    path = tmp_path / name
    shutil.copy(old_format, path)
    assert read(path) == EXPECTED
    assert [one.grade for one in check_files([path]) if one.code == "values"] == ["C"]
    said = gep("check", str(path), "--write-back", "--store", gep.store, "--lang", "zh").stdout
    assert "只读取数值" in said
    gep("run", str(path), "--store", gep.store)
    assert not (tmp_path / "校验").exists()


def test_workbooks_with_macros_are_read_and_their_macros_are_not_run(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    with zipfile.ZipFile(io.BytesIO(plain())) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            new.writestr(part, text.replace(kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
        new.writestr("xl/vbaProject.bin", b"x" * 100)
    assert read(path) == EXPECTED


def record(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    return head + (bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_sheet(rows: list[tuple[Any, ...]], first: int = 0) -> bytes:
    cells = b""
    for line, row in enumerate(rows, start=first):
        cells += record(0, struct.pack("<IIHHBI", line, 0, 300, 0, 0, 0))
        for column, value in enumerate(row):
            head = struct.pack("<II", column, 0)
            cells += record(5, head + struct.pack("<d", value)) if isinstance(value, float) else record(6, head + wide(value))
    size = struct.pack("<IIII", first, first + len(rows) - 1, 0, max(map(len, rows)) - 1)
    return record(129, b"") + record(148, size) + record(145, b"") + cells + record(146, b"") + record(130, b"")


def binary_workbook(path: Path, *, first: int = 0) -> None:
    """Write a workbook in .xlsb: the records of [MS-XLSB] that hold values."""
    sheets = {"封面": binary_sheet(COVER), "统计局": binary_sheet(CELLS, first)}
    named = b"".join(
        record(156, struct.pack("<II", 0, at) + wide(f"rId{at}") + wide(name)) for at, name in enumerate(sheets, start=1)
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = "".join(f'<Relationship Id="rId{at}" Type="{office}/worksheet" Target="worksheets/sheet{at}.bin"/>' for at in (1, 2))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        archive.writestr("xl/workbook.bin", record(131, b"") + record(143, b"") + named + record(144, b"") + record(132, b""))
        archive.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{package}">{links}</Relationships>')
        for at, content in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{at}.bin", content)


def test_binary_workbooks_are_read_and_one_that_stretches_is_refused(gep: Program, tmp_path: Path) -> None:
    binary_workbook(tmp_path / "a.xlsb")
    assert read(tmp_path / "a.xlsb") == EXPECTED
    binary_workbook(tmp_path / "b.xlsb", first=1_000_000)
    refused = find_refusal(tmp_path / "b.xlsb", "b.xlsb")
    assert refused is not None
    assert "1,000,004 rows" in str(refused.found)
    assert "fault is ours" not in gep("run", str(tmp_path / "b.xlsb"), "--store", gep.store, code=2).stderr


def test_old_formats_that_are_cut_short_or_locked_are_refused(old_format: Path, gep: Program, tmp_path: Path) -> None:
    content = old_format.read_bytes()
    cut = "the file is cut short: it names more parts than it holds"
    for number, damaged in enumerate((content[:700], content[: len(content) // 2], content[:-30], content[:8] + bytes(4000))):
        path = tmp_path / f"{number}.xls"
        path.write_bytes(damaged)
        problems = read_workbook(path).problems
        assert [one.found for one in problems] == [cut]
        assert problems[0].hint == "copy it again from where it was made, whole"
    for command in ("run", "check"):
        said = gep(command, str(path), "--store", gep.store, code=2)
        assert cut in " ".join((said.stdout + said.stderr).split())
    path.write_bytes(content)
    assert cut not in [one.found for one in read_workbook(path).problems]


@pytest.mark.parametrize("product", ["住宅", "住宅小区", "稻谷", "茶叶"])
def test_gbk_whose_bytes_are_letters_of_utf_8_is_read(product: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    row = ("360725", "2023", "benefiting_floor_area", "", "", product, "610000", "m2", "s", "")
    path.write_bytes("".join(",".join(one) + "\n" for one in (COLUMNS, row)).encode("gb18030"))
    assert read(path) == {"benefiting_floor_area": 610000.0}
