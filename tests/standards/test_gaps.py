"""What a standard looks up and no table has: every gap of a type that the land survey produces says why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gep.coefficients.tables import read_tables
from gep.paths import COEFFICIENTS as FOLDER
from gep.reference.crosswalk import read_crosswalk
from gep.reference.members import read_ecosystems
from gep.reference.survey_types import SURVEY
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.gaps import list_gaps
from gep.standards.plan import make_plan
from gep.standards.standard import list_shipped_standards, load_standard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conftest import Program


def _types(found: Iterable[dict[str, object]], coefficient: str) -> set[object]:
    return {one["ecosystem"] for one in found if one["coefficient"] == coefficient}


@pytest.mark.parametrize("standard", list_shipped_standards())
def test_every_gap_has_a_reason(standard: str) -> None:
    found = list_gaps(standard)
    assert found or not make_plan(load_standard(standard)).coefficients
    assert [(one["coefficient"], one["ecosystem"]) for one in found if not all(one["reason"].values())] == []


def test_types_of_the_land_survey_have_a_runoff_coefficient_or_stand_among_the_gaps() -> None:
    rows = {row.ecosystem for row in read_tables(FOLDER, COEFFICIENTS).by_id["runoff_coefficient"] if row.set == "reference"}
    gaps = _types(list_gaps("mee-2020"), "runoff_coefficient")
    assert {"bamboo_forest", "shrub"} <= gaps
    assert "mixed_forest" not in gaps
    known = read_ecosystems()
    for one in {one.ecosystem for one in read_crosswalk(SURVEY).classes}:
        if {one, known[one].parent} & {"forest", "shrub", "grassland", "wetland", "orchard"}:
            assert ({one, known[one].parent} & rows) or one in gaps, one


def test_a_row_of_the_province_closes_a_gap_there_only() -> None:
    assert "bamboo_forest" in _types(list_gaps(), "pollutant_uptake")
    there = [
        one
        for one in list_gaps(county="361130")
        if (one["coefficient"], one["ecosystem"]) == ("pollutant_uptake", "bamboo_forest")
    ]
    assert all("SO2" not in one["pollutants"] for one in there)
    everywhere = next(
        one for one in list_gaps() if (one["coefficient"], one["ecosystem"]) == ("pollutant_uptake", "bamboo_forest")
    )
    assert "SO2" in everywhere["pollutants"]
    assert everywhere["regions"] == ["36"]


def test_the_command_shows_them_in_two_languages(gep: Program) -> None:
    for lang, text in (("zh", "竹林"), ("en", "Bamboo forest")):
        found = gep("--lang", lang, "coefficients", "runoff_coefficient", "--gaps").stdout
        assert text in found
    as_json = json.loads(gep("coefficients", "--gaps", "--county", "婺源县", "--format", "json").stdout)
    assert {"service", "coefficient", "ecosystem", "pollutants", "regions", "reason"} == set(as_json[0])


def test_the_glossary_has_the_figures_that_shipped_standards_declare(gep: Program) -> None:
    found = json.loads(gep("variables", "value_equivalent", "--format", "json").stdout)
    assert [(one["services"], one["standards"]) for one in found] == [(["other_regulating"], ["equivalent-factors"])]
    assert {one["id"]: one["standards"] for one in json.loads(gep("variables", "--format", "json").stdout)}["precipitation"] == []
