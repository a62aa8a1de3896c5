"""Values of a standard that are those of a unit of somebody's own, and schemes whose members are the parts of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gep.compensation.members import find_members
from gep.compensation.scheme import CountiesOf
from gep.messages.problems import Problems
from gep.reference.adopted import forget_units
from gep.tasks.compute import compute, read_inputs

if TYPE_CHECKING:
    from pathlib import Path

STANDARD = """id: reserve-rules
title: {zh: 保护区标准, en: Standard of a reserve}
number: 试〔2024〕2号
source: rules
sources: {rules: {title: 试点办法}}
mark: V
coefficients:
  habitat_value:
    title: {zh: 单位价值, en: Value of a hectare}
    unit: CNY/ha/yr
    values:
      - {value: 10, unit: CNY_2022/ha/yr, source: rules, locator: 表1, mark: V}
      - {value: 25, unit: CNY_2022/ha/yr, region: WY-1, source: rules, locator: 表2, mark: V}
lines:
  other_regulating.habitat:
    title: {zh: 生境, en: Habitat}
    quantity: area
    price: habitat_value
services: {other_regulating: {mark: V}}
"""


def write(folder: Path, standard: str = STANDARD) -> tuple[Path, str]:
    inputs = folder / "in"
    inputs.mkdir()
    (folder / "standard.yaml").write_text(standard, "utf-8")
    (inputs / "units.csv").write_text(
        "unit,name_zh,kind,parent,hierarchy\nWY-1,一区,reserve,361027,\nWY-2,二区,reserve,361027,\n"
        "G-1,两县组合,group,,\n361027,,,G-1,组合\n361028,,,G-1,组合\n",
        "utf-8",
    )
    rows = "".join(f"{code},2022,area,forest,100,ha,s\n" for code in ("WY-1", "WY-2"))
    (inputs / "figures.csv").write_text(f"county,year,variable,ecosystem,value,unit,source\n{rows}", "utf-8")
    return inputs, str(folder / "standard.yaml")


def test_a_unit_has_values_of_its_own(tmp_path: Path) -> None:
    inputs, standard = write(tmp_path)
    with forget_units():
        account = compute(read_inputs([inputs], standard), standard)
    totals = account.totals[account.totals["category"] == "gep"]["value"].tolist()
    assert dict(zip(account.inputs.accounts["county"], totals, strict=True)) == {"WY-1": 2500, "WY-2": 1000}


def test_a_region_that_is_no_unit_is_refused(tmp_path: Path) -> None:
    inputs, standard = write(tmp_path, STANDARD.replace("region: WY-1", "region: WY-9"))
    with forget_units(), pytest.raises(Problems) as error:
        read_inputs([inputs], standard)
    assert [str(one.found) for one in error.value.problems] == ["region is 'WY-9'"]


def test_members_of_a_scheme_are_the_parts_of_a_unit(tmp_path: Path) -> None:
    inputs, standard = write(tmp_path)

    class Scheme:
        members = CountiesOf(counties_of="G-1")

    with forget_units():
        read_inputs([inputs], standard)
        found = find_members(Scheme(), 2022)  # type: ignore[arg-type]  # its members are all that is read
    assert found.codes == {"361027": "361027", "361028": "361028"}
    assert found.names["361027"] == "金溪县"
