"""Figures that nobody sees, and figures that stand beside their column: each is said at its cell by `check` and by `run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.styles import Color, Font, PatternFill
from small_workbook import ROWS, Change, write

from gep.inputs.workbook.read import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Program


def said(path: Path) -> list[tuple[str, str, str]]:
    found = read_workbook(path)
    assert found.problems == []
    return [(one.grade, one.code, one.problem.cell.rpartition("!")[2]) for one in found.findings]


def hide(letter: str, **how: Any) -> Callable[[Any], object]:
    def dress(sheet: Any) -> None:
        for name, value in how.items():
            setattr(sheet.column_dimensions[letter], name, value)

    return dress


def filter_out(sheet: Any) -> None:
    sheet.auto_filter.ref = "A1:J4"
    sheet.row_dimensions[4].hidden = True


def paint(at: str, letters: str | Color, ground: str | Color | None = None) -> Callable[[Any], object]:
    def dress(sheet: Any) -> None:
        sheet[at].font = Font(color=letters)
        if ground is not None:
            sheet[at].fill = PatternFill("solid", fgColor=ground)

    return dress


@pytest.mark.parametrize(
    ("dress", "cells"),
    [
        (hide("E", hidden=True), ["E1"]),
        (hide("E", width=0.01), ["E1"]),
        (hide("D", width=0.3), ["D1"]),
        (hide("G", hidden=True), ["G1"]),
        (lambda sheet: sheet.column_dimensions.group("B", "E", hidden=True), ["B1", "C1", "D1", "E1"]),
        (lambda sheet: sheet.column_dimensions.group("I", "J", hidden=True), []),
        (lambda sheet: sheet.row_dimensions.group(2, 3, hidden=True), ["E2", "E3"]),
        (lambda sheet: setattr(sheet.row_dimensions[3], "height", 0.5), ["E3"]),
        (filter_out, ["E4"]),
        (paint("E2", "FFFFFFFF"), ["E2"]),
        (paint("D3", "FFFFFF", "FFF8DC"), ["D3"]),
        (paint("C2", Color(theme=0)), ["C2"]),
        (paint("E2", Color(theme=0, tint=-0.02)), ["E2"]),
        (paint("E2", Color(indexed=9)), ["E2"]),
        (paint("E2", "C00000", "C00000"), ["E2"]),
        (paint("E2", "7F7F7F"), []),
        (paint("E2", Color(theme=1)), []),
        (paint("E2", "FFFFFF", "1F4E79"), []),
        (lambda sheet: setattr(sheet, "sheet_state", "veryHidden"), ["A1"]),
    ],
)
def test_what_nobody_sees_is_said(dress: Callable[[Any], object], cells: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "x.xlsx", dress=dress)
    if cells == ["A1"]:  # a workbook keeps one sheet in sight
        assert ("C", "hidden", "A1") in said(path)
    else:
        assert said(path) == [("C", "hidden", cell) for cell in cells]
    assert len(read_workbook(path).rows) == len(ROWS)


@pytest.mark.parametrize(
    ("changes", "old", "found"),
    [
        ((("E2", None), ("F2", 1600)), False, [("C", "beside", "F2")]),
        ((("E2", None), ("F2", 1600)), True, []),
        ((("E2", None), ("F2", 1600), ("F3", None), ("F4", None)), True, [("C", "beside", "F2")]),
        ((("E2", None), ("F2", "１，６００"), ("J2", None)), False, [("C", "beside", "F2")]),
        ((("E2", "无"), ("F2", 1600)), False, [("C", "nothing", "E2"), ("C", "beside", "F2")]),
        ((("E2", None),), False, []),
        ((("E2", None), ("F2", 1500.0000000001)), False, []),
        ((("F2", 1601),), False, [("D", "beside", "F2")]),
        ((("E3", None), ("H3", 88)), False, [("C", "beside", "H3")]),
        ((("E3", None), ("G3", 88.5)), False, [("C", "beside", "G3")]),
        ((("E3", None), ("D3", 88)), False, [("C", "beside", "D3")]),
        ((("E3", None), ("G3", "2022"), ("D3", "1")), False, []),
        ((("K1", "2022年"), ("E2", None), ("K2", 1600), ("E4", None), ("K4", 17)), False, [("C", "beside", "K2")]),
        ((("K2", 1600), ("E2", None)), False, [("C", "beside", "K2")]),
    ],
)
def test_a_figure_beside_the_column_of_values_is_said(
    changes: tuple[Change, ...], old: bool, found: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert said(write(tmp_path / "x.xlsx", *changes, without_shipped=old)) == found


def test_check_and_run_say_it(gep: Program, tmp_path: Path) -> None:
    path = str(write(tmp_path / "x.xlsx", ("E2", None), ("F2", 1601), dress=hide("G", hidden=True)))
    checked = "".join(gep("check", path).stdout.split())  # a long path makes its lines break elsewhere
    assert "F2(1601)" in checked
    assert "统计局!G1" in checked
    assert "2 C to be confirmed" in gep("run", path, "--store", gep.store).stderr
