"""Ranks, neighbours and the matrix of accounts, through the real program."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Program

from gep.messages.layout import measure_width
from gep.reference.borders import find_borders
from gep.reference.regions import read_divisions

LINES = (ROOT / "inputs/jiangxi-2019-grids/inputs.csv").read_text("utf-8").splitlines()


def ask(program: Program, *arguments: str) -> Any:
    return json.loads(program(*arguments, "--store", program.store, "--format", "json").stdout)


def figures(program: Program, prefix: str, year: int = 2019) -> dict[str, dict[str, Any]]:
    rows = ask(program, "query", f"SELECT * FROM gep_account WHERE county LIKE '{prefix}%' AND year = {year}")
    return {one["county"]: one for one in rows}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The province in 2019 without 崇义县, and ten years of ten counties."""
    folder = tmp_path_factory.mktemp("places")
    program = Program(str(folder / "gep.duckdb"))
    rows = [line for line in LINES[1:] if not line.startswith("360725")]
    years = [line.replace(",2019,", f",{year},", 1) for year in range(2009, 2019) for line in rows if line.startswith("3601")]
    (folder / "in.csv").write_text("\n".join([LINES[0], *rows, *years]) + "\n", "utf-8")
    program("run", str(folder / "in.csv"), "--store", program.store, "--lang", "zh")
    return program


def test_a_rank_is_the_order_of_the_figure(store: Program) -> None:
    own = figures(store, "3607")
    found = ask(store, "rank", "赣州市", "2019", "--by", "gep_per_km2")
    assert [one["county"] for one in found["counties"]] == sorted(own, key=lambda code: -own[code]["gep_per_km2"])
    assert [one["rank"] for one in found["counties"]] == list(range(1, 18))
    assert found["missing"] == ["360725"]
    text = store("rank", "赣州市", "2019", "--store", store.store, "--lang", "zh").stdout
    assert "没有核算结果（1）：崇义县" in text


def test_a_rank_by_service_leaves_counties_without_it_unranked(store: Program) -> None:
    found = ask(store, "rank", "360000", "2019", "--by", "soil_retention")
    ranked = [one for one in found["counties"] if one["rank"] is not None]
    assert [(one["county"], one["rank"], one["value"]) for one in ranked] == [("360103", 1, 0.0), ("360104", 1, 0.0)]  # equal
    assert len(found["counties"]) == 99
    text = store("rank", "360000", "2019", "--by", "soil_retention", "--lang", "en", "--store", store.store).stdout
    assert "accounts without this figure (97)" in text
    assert max(measure_width(line) for line in text.splitlines()) <= 80


def test_totals_of_different_services_are_said_not_to_compare(store: Program) -> None:
    assert ask(store, "rank", "360100", "2019")["comparable"] is False
    assert ask(store, "rank", "360700", "2019")["comparable"] is True
    assert "不宜直接比较" in store("rank", "360100", "2019", "--store", store.store, "--lang", "zh").stdout


def test_a_rank_of_nothing_is_refused(store: Program) -> None:
    said = store("rank", "360700", "2019", "--by", "soil_retension", "--store", store.store, code=2).stderr
    assert "did you mean soil_retention?" in said
    assert "is a county" in store("rank", "360702", "2019", "--store", store.store, code=2).stderr
    assert "no account of 1990" in store("rank", "CN", "1990", "--store", store.store, code=2).stderr


def test_neighbours_are_those_that_touch(store: Program) -> None:
    found = ask(store, "neighbours", "金溪县", "2019")
    codes = [one["county"] for one in found["neighbours"]]
    assert codes == ["361002", "361003", "360681", "361028", "361021", "360603"]
    assert [one["border_km"] for one in found["neighbours"]] == sorted(
        (one["border_km"] for one in found["neighbours"]), reverse=True
    )
    own = figures(store, "36")
    assert all(one["gep"] == own[one["county"]]["gep"] for one in found["neighbours"])
    assert (found["known"], found["outside_km"]) == (True, 0.0)


def test_a_neighbour_without_an_account_and_a_border_outside_the_table_are_said(store: Program) -> None:
    found = ask(store, "neighbours", "大余县", "2019")
    assert next(one for one in found["neighbours"] if one["county"] == "360725")["gep"] is None
    text = store("neighbours", "大余县", "2019", "--store", store.store, "--lang", "zh").stdout
    assert "360725 崇义县" in text
    assert "没有核算结果" in text
    assert "另有 114.9 km 边界在邻县表之外" in text
    assert max(measure_width(line) for line in text.splitlines()) <= 80


def test_a_county_that_the_table_of_borders_lacks_says_so(gep: Program, tmp_path: Path) -> None:
    rows = [line.replace("360702", "441802", 1) for line in LINES[1:] if line.startswith("360702")]
    (tmp_path / "in.csv").write_text("\n".join([LINES[0], *rows]) + "\n", "utf-8")
    gep("run", str(tmp_path / "in.csv"), "--store", gep.store, "--lang", "zh")
    assert ask(gep, "neighbours", "441802", "2019")["known"] is False
    assert "邻县未知" in gep("neighbours", "441802", "2019", "--store", gep.store, "--lang", "zh").stdout


def test_borders_are_symmetric_whole_and_of_known_counties() -> None:
    with (ROOT / "coefficients/lists/adjacency.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lengths = {(row["county"], row["neighbour"]): float(row["border_km"]) for row in rows}
    inside = {pair: km for pair, km in lengths.items() if pair[1]}
    assert len(rows) == len(lengths)
    assert all(inside[other, one] == km for (one, other), km in inside.items())
    assert all(one != other and km > 0 for (one, other), km in inside.items())
    jiangxi = {code for code, one in read_divisions().items() if one.level == "county" and code.startswith("36")}
    assert {one for one, _ in inside} == jiangxi
    assert find_borders("110101") is None


def test_the_matrix_has_every_county_and_year_in_eighty_columns(store: Program) -> None:
    found = ask(store, "list", "--matrix")
    assert found["years"] == list(range(2009, 2020))
    assert len(found["rows"]) == 99
    assert found["absent"] == 1
    nanchang = next(one for one in found["rows"] if one["county"] == "360102")
    assert nanchang["states"] == {str(year): "draft" for year in range(2009, 2020)}
    assert next(one for one in found["rows"] if one["county"] == "360702")["states"] == {"2019": "draft"}
    for lang in ("zh", "en"):
        lines = store("list", "--matrix", "--store", store.store, "--lang", lang).stdout.splitlines()
        assert max(measure_width(line) for line in lines) <= 80
    assert "1 more counties of these provinces have no account" in lines[-2] + lines[-1]
    placed = ask(store, "list", "--matrix", "--place", "360700")
    assert len(placed["rows"]) == 18
    assert next(one for one in placed["rows"] if one["county"] == "360725")["states"] == {}


def test_the_matrix_shows_the_steps_of_review(gep: Program, tmp_path: Path) -> None:
    chosen = [line for line in LINES[1:] if line.startswith(("360702", "360703", "360704", "360722"))]
    (tmp_path / "in.csv").write_text("\n".join([LINES[0], *chosen]) + "\n", "utf-8")
    gep("run", str(tmp_path / "in.csv"), "--store", gep.store, "--lang", "zh")
    at = ("--store", gep.store, "--by")
    for county in ("360702", "360703", "360704", "360722"):
        gep("submit", county, "2019", *at, "maker", "--note", "figures of a grid")
    for county in ("360702", "360722"):
        gep("approve", county, "2019", *at, "checker", "--note", "as read")
    gep("return", "360704", "2019", *at, "checker", "--note", "again")
    (tmp_path / "in.csv").write_text(
        "\n".join([LINES[0], *(f"{line} corrected" for line in chosen if line.startswith("360722"))]) + "\n", "utf-8"
    )
    gep("run", str(tmp_path / "in.csv"), "--store", gep.store, "--reason", "corrected", "--lang", "zh")
    found = {one["county"]: one for one in ask(gep, "list", "--matrix")["rows"]}
    assert {code: one["states"]["2019"] for code, one in found.items()} == {
        "360702": "approved",
        "360703": "submitted",
        "360704": "returned",
        "360722": "draft",
    }
    assert found["360722"]["voided"] == [2019]
    lines = gep("list", "--matrix", "--store", gep.store, "--lang", "zh").stdout.splitlines()
    assert [line.split()[2] for line in lines if line.startswith("36")] == ["准", "送", "退", "稿!"]
    states = ask(gep, "show", "360700", "2019")["states"]
    assert states == {"approved": 1, "draft": 1, "returned": 1, "submitted": 1}


def test_place_goes_with_the_matrix_only(gep: Program) -> None:
    assert "go with --matrix" in gep("list", "--place", "360700", code=2).stderr
