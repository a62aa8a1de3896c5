"""A table cut off inside its last cell is still a table: where the last cell is a figure or a unit, that it has no end is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Program
from kept_stores import JINXI

ROW = "361027,2022,{variable},统计公报,{unit},{value}"


def ask(gep: Program, folder: Path, text: str) -> list[dict[str, Any]]:
    table = folder / "last.csv"
    table.write_bytes(text.encode())
    found = json.loads(gep.try_out("check", str(JINXI), str(table), "--format", "json").stdout)
    return [one for one in found["findings"] if one["code"] == "open_end"]


@pytest.mark.parametrize(("end", "said"), [("", 1), ("\n", 0), ("\r\n", 0)])
@pytest.mark.parametrize("cut", [0, 1, 2])
def test_a_figure_at_the_end_of_a_file_without_an_end_of_line_is_said(
    gep: Program, tmp_path: Path, end: str, said: int, cut: int
) -> None:
    text = "county,year,variable,source,unit,value\n" + ROW.format(
        variable="fishery_output_value", unit="万元", value="12345"[: 5 - cut]
    )
    found = ask(gep, tmp_path, text + end)
    assert len(found) == said
    for one in found:
        assert (one["grade"], one["line"]) == ("C", 2)
        assert repr("12345"[: 5 - cut]) in one["found"]


def test_a_unit_at_the_end_is_said_and_a_note_is_not(gep: Program, tmp_path: Path) -> None:
    unit = "county,year,variable,source,value,unit\n361027,2022,fishery_output_value,统计公报,12345,万元"
    assert len(ask(gep, tmp_path, unit)) == 1
    note = "county,year,variable,value,unit,source,note\n361027,2022,fishery_output_value,12345,万元,统计公报,初步"
    assert ask(gep, tmp_path, note) == []
