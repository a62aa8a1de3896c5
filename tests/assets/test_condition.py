"""Condition accounts against hand calculations, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Program
from languages import left_in_chinese, left_in_english

QUALITY = "type,parameter,opening,closing,unit,reference,source\n"
FOREST = "林,LAI,3,4.5,m2/m2,6,a\n林,FVC,60,90,%,90,a\n林,GPP,1000,1500,gC/m2/yr,2000,a\n"
WATER = "section,opening,closing,source\n"
OWN = "type,indicator,opening,closing,unit,poor,reference,weight,source\n"


def write(folder: Path, text: str, name: str = "t.csv") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def read(gep: Program, *call: str) -> Any:
    return json.loads(gep("assets", "condition", *call, "--format", "json").stdout)


def test_the_quality_index_is_the_mean_of_relative_densities(gep: Program, tmp_path: Path) -> None:
    """(3/6 + 60/90 + 1000/2000) / 3 * 100 = 55.56 (good) and (0.75 + 1 + 0.75) / 3 * 100 = 83.33 (excellent)."""
    (found,) = read(gep, "--quality", write(tmp_path, QUALITY + FOREST))["quality"]
    assert found["opening"] == pytest.approx(100 * (0.5 + 2 / 3 + 0.5) / 3)
    assert found["closing"] == pytest.approx(250 / 3)
    assert (found["opening_grade_zh"], found["closing_grade_en"]) == ("良", "excellent")
    assert found["parts"]["FVC"]["change"] == pytest.approx(1 / 3)
    density = next(one for one in found["explained"] if one["rule"] == "relative_density")
    assert density["origins"][0]["address"].endswith("t.csv:2")


def test_units_of_one_parameter_may_differ_in_scale_only(gep: Program, tmp_path: Path) -> None:
    """Tonnes of carbon a hectare are a hundred grams a square metre; grams that are not of carbon are refused."""
    other = FOREST.replace("1000,1500,gC/m2/yr,2000", "10,15,tC/hm2/yr,20").replace("60,90,%,90", "0.6,0.9,1,0.9")
    one = read(gep, "--quality", write(tmp_path, QUALITY + FOREST))["quality"][0]
    assert read(gep, "--quality", write(tmp_path, QUALITY + other))["quality"][0]["closing"] == pytest.approx(one["closing"])
    mixed = write(tmp_path, QUALITY + FOREST.replace("gC/m2/yr", "g/m2/yr"))
    assert "unit of opening" in gep("assets", "condition", "--quality", mixed, code=2).stderr


def test_sections_without_a_grade_are_in_no_share(gep: Program, tmp_path: Path) -> None:
    rows = "a,Ⅱ类,I,s\nb,III,IV,s\nc,劣Ⅴ类,V,s\nd,,II,s\n"
    found = read(gep, "--water", write(tmp_path, WATER + rows))["water"]
    counts = {one["grade"]: (one["opening"], one["closing"]) for one in found["grades"]}
    assert counts == {"I": (0, 1), "II": (1, 1), "III": (1, 0), "IV": (0, 1), "V": (0, 1), "worse": (1, 0), None: (1, 0)}
    assert found["good"] == pytest.approx([2 / 3, 1 / 3])
    assert [one["step"] for one in found["sections"]] == [1, -1, 1, None]


def test_own_indicators_go_from_the_poorest_level_to_the_reference(gep: Program, tmp_path: Path) -> None:
    """Organic matter (21 - 10) / 30, fertiliser (480 - 600) / (225 - 600) downwards; weights 2 and 1; cut off at 1."""
    rows = "田,有机质,21,41,g/kg,10,40,2,s\n田,化肥,480,420,kg/hm2,600,225,1,s\n"
    (found,) = read(gep, "--indicators", write(tmp_path, OWN + rows))["own"]
    assert found["opening"] == pytest.approx((2 * 11 / 30 + 120 / 375) / 3)
    assert found["closing"] == pytest.approx((2 * 1 + 180 / 375) / 3)
    alike = rows.replace("40,2,s", "40,,s").replace("225,1,s", "225,,s")
    (found,) = read(gep, "--indicators", write(tmp_path, OWN + alike))["own"]
    assert found["opening"] == pytest.approx((11 / 30 + 120 / 375) / 2)


def test_both_languages(gep: Program, tmp_path: Path) -> None:
    quality = write(tmp_path, QUALITY + FOREST.replace("林", "forest"), "q.csv")
    water = write(tmp_path, WATER + "a,II,劣V,s\nb,,III,s\n".replace("劣V", ">V"), "w.csv")
    own = write(tmp_path, OWN + "field,matter,21,23,g/kg,10,40,,s\n", "o.csv")
    call = ("assets", "condition", "--quality", quality, "--water", water, "--indicators", own)
    assert not left_in_english(gep(*call, "--lang", "zh").stdout)
    assert not left_in_chinese(gep(*call, "--lang", "en").stdout)


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--quality", QUALITY + FOREST.replace("4.5", "6.5"), "closing is 6.5 m2/m2, above its reference 6 m2/m2"),
        ("--quality", QUALITY + FOREST.replace("林,GPP,1000,1500,gC/m2/yr,2000,a\n", ""), "林 lacks GPP"),
        ("--quality", QUALITY + FOREST.replace("60,90,%,90", "60,90,,90"), "opening is '60'"),
        ("--quality", QUALITY + FOREST + FOREST, "stands twice"),
        ("--quality", QUALITY + FOREST.replace("LAI", "NDVI"), "parameter is 'NDVI'"),
        ("--water", WATER + "a,VI,I,s\n", "opening is 'VI'"),
        ("--water", WATER + "a,II,I,\n", "source is missing"),
        ("--indicators", OWN + "田,有机质,21,23,g/kg,40,40,,s\n", "the poorest level and the reference are both 40 g/kg"),
        ("--indicators", OWN + "田,a,21,23,g/kg,1,40,,s\n田,b,21,23,g/kg,1,40,2,s\n", "some indicators have a weight"),
        ("--indicators", OWN + "田,有机质,21,,g/kg,10,40,,s\n", "closing is ''"),
    ],
)
def test_what_cannot_be_meant_is_refused(gep: Program, tmp_path: Path, option: str, text: str, said: str) -> None:
    assert said in gep("assets", "condition", option, write(tmp_path, text), code=2).stderr


def test_nothing_to_account_is_refused(gep: Program) -> None:
    assert "none of --quality" in gep("assets", "condition", code=2).stderr


AREAS = "type,opening,closing,unit,source\n林,600,9,hm2,s\n灌,400,1,hm2,s\n水,1000,10,hm2,s\n"
SHRUB = "灌,LAI,1,1,m2/m2,4,a\n灌,FVC,25,50,%,100,a\n灌,GPP,500,500,gC/m2/yr,2000,a\n"


def test_the_index_of_a_unit_is_the_mean_by_the_areas_of_each_end(gep: Program, tmp_path: Path) -> None:
    """Forest 55.56 and 83.33, shrub 25 and 33.33: (600 x 55.56 + 400 x 25) / 1000 = 43.33, and (9 x 83.33 + 33.33) / 10 = 78.33."""
    call = ("--quality", write(tmp_path, QUALITY + FOREST + SHRUB), "--areas", write(tmp_path, AREAS, "a.csv"))
    found = read(gep, *call)["quality_of_unit"]
    assert (found["opening"], found["closing"]) == (pytest.approx(43.3333, abs=1e-4), pytest.approx(78.3333, abs=1e-4))
    assert (found["covered_opening"], found["covered_closing"]) == (0.5, 0.5)
    assert (found["opening_grade_zh"], found["closing_grade_zh"]) == ("中", "优")
    assert any(one["address"].endswith("a.csv:2") for one in found["explained"][0]["origins"])
    told = gep("assets", "condition", *call, "--lang", "zh").stdout
    assert "全单元（按面积加权）" in told
    assert "期初 50.0%" in told


def test_the_areas_of_stored_years_weight_the_indices(gep: Program, two_years: Path, tmp_path: Path) -> None:
    table = QUALITY + FOREST.replace("林,", "forest,")
    call = ("361027", "2021", "2022", "--quality", write(tmp_path, table), "--store", str(two_years))
    found = read(gep, *call)["quality_of_unit"]
    assert found["closing"] == pytest.approx(250 / 3)
    assert 0 < found["covered_closing"] < 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("--quality", "Q", "--areas", "OTHER"), "the area of 林 is not stated"),
        (("--quality", "Q", "--areas", "NONE"), "no type with an index has an area at the closing"),
        (("--quality", "Q", "--areas", "NEGATIVE"), "closing is '-3'"),
        (("--quality", "Q", "--areas", "UNIT"), "unit of opening is 't'"),
        (("--water", "W", "--areas", "A"), "areas weight indices, and there is none"),
        (("361027", "2021", "2022", "--quality", "Q", "--areas", "A", "--store", "STORE"), "are of 361027 and of a table"),
        (("361027", "2022", "2021", "--quality", "Q", "--store", "STORE"), "the opening is 2022"),
        (("361027", "2021", "2022", "--quality", "Q", "--store", "STORE"), "the area of 林 is not stated"),
    ],
)
def test_areas_that_do_not_fit_the_indices_are_refused(
    gep: Program, two_years: Path, tmp_path: Path, call: tuple[str, ...], said: str
) -> None:
    texts = {
        "Q": QUALITY + FOREST,
        "W": WATER + "a,II,I,s\n",
        "A": AREAS,
        "OTHER": AREAS.replace("林", "草"),
        "NONE": AREAS.replace(",9,", ",0,"),
        "NEGATIVE": AREAS.replace(",9,", ",-3,"),
        "UNIT": AREAS.replace("600,9,hm2", "600,9,t"),
    }
    paths = {name: write(tmp_path, text, f"{name}.csv") for name, text in texts.items()} | {"STORE": str(two_years)}
    told = gep("assets", "condition", *(paths.get(one, one) for one in call), code=2).stderr
    assert said in told
    left_in_english(told)
