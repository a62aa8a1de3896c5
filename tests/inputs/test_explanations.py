"""Written explanations: they stay with the finding they were written about, in every county, unit and copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from workbooks import FIGURES, fill

from gep.files.overwriting import Call, begin_call
from gep.messages.problems import Problems
from gep.tasks.check import check_files, write_copies
from gep.tasks.prepare import write_forms

if TYPE_CHECKING:
    from pathlib import Path

DOUBTFUL: dict[tuple[str, str], tuple[float, str]] = {
    ("evapotranspiration", "全县"): (1600.0, "mm"),
    ("marsh_area", ""): (3600.0, "km²"),
    ("population", ""): (17, "人"),
    ("air_concentration", "二氧化硫"): (9000, "µg/m³"),
    ("agricultural_output", "粮食"): (6_100_000, "吨"),
    ("livestock_output", "茶叶"): (5, "吨"),
    ("gdp", ""): (100_000, "万元"),
    ("storm_rainfall", ""): (3100.0, "mm"),
    ("visitors", "赣州市"): (9999, "万人次"),
}
"""A figure for every kind of finding of grade B, in units with powers and a product in two branches."""


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_forms("崇义县", 2023, None, tmp_path_factory.mktemp("doubtful") / "崇义县.xlsx", None)[0]
    fill(path, path, {**FIGURES, **DOUBTFUL})
    return path


def copied(path: Path) -> Path:
    return write_copies([path], check_files([path]))[0]


def explain(copy: Path, words: str) -> int:
    """Write an explanation beside every finding of grade B; return how many there are."""
    book: Any = load_workbook(copy)
    sheet = book["校验"]
    rows = [row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value.startswith("B")]
    for row in rows:
        sheet.cell(row, 7).value = words
    book.save(copy)
    return len(rows)


def unexplained(path: Path) -> list[str]:
    return [one.problem.found for one in check_files([path]) if one.grade == "B" and not one.explanation]


def place(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
    return target


def test_every_kind_of_finding_can_be_explained(doubtful: Path, tmp_path: Path) -> None:
    copy = copied(place(doubtful, tmp_path / "崇义县.xlsx"))
    codes = {one.code for one in check_files([copy]) if one.grade == "B"}
    assert codes == {"balance", "band", "bound", "parts", "twice", "sentinel"}
    assert explain(copy, "已核实") > len(codes)
    assert unexplained(copy) == []


def test_an_explanation_is_of_its_own_workbook(doubtful: Path, tmp_path: Path) -> None:
    one = copied(place(doubtful, tmp_path / "one.xlsx"))
    book: Any = load_workbook(doubtful)
    book["封面"]["B3"].value, book["封面"]["B4"].value = "360724", "上犹县"
    book.save(tmp_path / "other.xlsx")
    other = copied(tmp_path / "other.xlsx")
    count = explain(one, "崇义县的说明")
    findings = [found for found in check_files([one, other]) if found.grade == "B"]
    assert len(findings) == 2 * count
    assert {found.county for found in findings if found.explanation} == {"360725"}


def test_a_second_check_keeps_what_was_written_in_the_copy(doubtful: Path, tmp_path: Path) -> None:
    source = place(doubtful, tmp_path / "崇义县.xlsx")
    explain(copied(source), "已核实")
    assert unexplained(copied(source)) == []


def test_figures_corrected_in_the_copy_are_not_written_over(doubtful: Path, tmp_path: Path) -> None:
    source = place(doubtful, tmp_path / "崇义县.xlsx")
    copy = copied(source)
    book: Any = load_workbook(copy)
    book["统计局"]["E4"].value = 177831
    book.save(copy)
    before = copy.read_bytes()
    with pytest.raises(Problems, match="holds other figures"):
        copied(source)
    assert copy.read_bytes() == before
    assert copied(copy) == copy  # the copy itself is gone on with
    assert copied(source) == copy  # as check wrote it, so nothing of anybody's is lost
    book.save(copy)
    with begin_call(Call(force=True)):
        assert copied(source) == copy
