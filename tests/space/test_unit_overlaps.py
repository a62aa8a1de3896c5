"""Borders of units that overlap are noticed where both are parts of one unit, and slivers are not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from conftest import Program

from gep.reference.adopted import forget_units
from gep.reference.regions import Membership, Region
from gep.space.shapes.unit_overlaps import list_overlaps
from gep.tasks.check import check_files

if TYPE_CHECKING:
    from pathlib import Path


def square(west: float, east: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[west, 25], [east, 25], [east, 25.1], [west, 25.1], [west, 25]]]}


def unit(code: str, west: float, east: float, parent: str, first: int | None = None, last: int | None = None) -> Region:
    memberships = (Membership("流域", parent, first, last),)
    return Region(code, code, code, "reserve", "", memberships, polygon=json.dumps(square(west, east)))


def test_only_parts_of_one_unit_at_one_time_overlap() -> None:
    one = unit("A", 114.0, 114.1, "G")
    found = list_overlaps([one, unit("B", 114.09, 114.2, "G"), unit("C", 114.0, 114.1, "H"), unit("D", 114.0, 114.1, "G", 2030)])
    assert [(each.one, each.other, each.parent) for each in found] == [("A", "B", "G"), ("A", "D", "G"), ("B", "D", "G")]
    assert found[0].area_km2 == pytest.approx(11.17, rel=0.01)
    assert found[0].share == pytest.approx(0.1)
    assert list_overlaps([one, unit("B", 114.0996, 114.2, "G")]) == []
    assert list_overlaps([unit("A", 114.0, 114.1, "G", None, 2019), unit("B", 114.0, 114.1, "G", 2020)]) == []


def test_an_overlap_is_a_finding_of_the_account(gep: Program, tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"unit": code, "name_zh": name, "kind": "village", "parent": "360725101"},
            "geometry": square(west, east),
        }
        for code, name, west, east in (("360725101001", "一村", 114.0, 114.1), ("360725101002", "二村", 114.05, 114.2))
    ]
    (tmp_path / "villages.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    (tmp_path / "towns.csv").write_text("unit,name_zh,kind,parent\n360725101,甲镇,township,360725\n", "utf-8")
    rows = "360725101001,2022,agricultural_output_value,1,万元,s\n"
    (tmp_path / "figures.csv").write_text(f"county,year,variable,value,unit,source\n{rows}", "utf-8")
    with forget_units():
        found = [one for one in check_files([tmp_path]) if one.code == "overlap"]
    assert [(one.grade, one.county, one.year) for one in found] == [("B", "360725101001", 2022)]
    assert "overlap by" in found[0].problem.found
    assert "50.0%" in found[0].problem.found
    gep("run", str(tmp_path), "--store", gep.store)
