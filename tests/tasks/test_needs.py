"""What `gep check` lists as still needed is what `gep run` lacks: filled in and nothing else, no service is without data."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Program

from gep.account.price_index import chain_index
from gep.tasks.run import run_account

COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
JINXI = ROOT / "inputs/361027-2022"
STANDARDS = ("ndrc-2022", "mee-2020", "db36-2021", "gbt46869-2025")


def needed(run: Program, *arguments: str) -> list[dict[str, Any]]:
    """What check lists, one by one, with county and year."""
    found = json.loads(run("check", *arguments, "--format", "json").stdout)["findings"]
    return [
        {**one, "county": finding["county"], "year": finding["year"]} for finding in found for one in finding.get("details", ())
    ]


def fill(needs: list[dict[str, Any]], path: Path, types: tuple[str, ...] = ()) -> Path:
    """A table with a figure for everything that is listed; `types` are those the county turns out to have."""
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for one in needs:
        place = (one["county"], one["year"], one["id"])
        if one["kind"] == "index":
            for year in one["years"]:
                rows[one["county"], one["year"], "price_index", "", "", str(year)] = ("100.5", "%")
            continue
        unit = one["unit"].replace("CNY", f"CNY_{one['year']}") if one["kind"] == "coefficient" else one["unit"]
        members = [tuple(member.values()) for member in one["members"]] or [("", "", "")]
        if one["id"] == "area" and one["each"]:
            members = [(name, "", "") for name in types]
        elif one["each"] and not one["members"]:
            members = [("", "", "") if one["axes"][0] in {"ecosystem", "pollutant"} else ("", "", "one")]
        for member in members:
            rows[(*place, *member)] = (FIGURES.get(one["id"], "0.5"), unit)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *((*key, *value, "invented", "") for key, value in rows.items())])
    return path


FIGURES = {"sound_barrier_life": "15", "soil_erodibility": "0.02", "hot_days": "60"}


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("year", ["2022", "2026"])
def test_what_check_lists_is_all_that_a_run_lacks(gep: Program, standard: str, year: str, tmp_path: Path) -> None:
    given = []
    for file in sorted(JINXI.glob("*.csv")):
        given.append(tmp_path / file.name)
        given[-1].write_text(file.read_text("utf-8").replace("361027,2022,", f"361027,{year},"), "utf-8")
    before = run_account(given, standard).services
    assert (before["status"] == "no data").sum() > 5
    more = fill(needed(gep, *map(str, given), "--standard", standard), tmp_path / "more.csv")
    after = run_account([*given, more], standard).services
    assert after.loc[after["status"] == "no data", ["service", "missing"]].to_numpy().tolist() == []
    assert needed(gep, *map(str, given), str(more), "--standard", standard) == []


@pytest.mark.parametrize("standard", STANDARDS)
def test_an_empty_form_is_told_all_at_once(gep: Program, standard: str, tmp_path: Path) -> None:
    gep("new", "360725", "2023", "--standard", standard, "-o", str(tmp_path / "form.xlsx"))
    needs = needed(gep, str(tmp_path / "form.xlsx"))
    assert {one["county"] for one in needs} == {"360725"}
    more = fill(needs, tmp_path / "more.csv", types=("mixed_forest", "paddy", "lake", "marsh", "tussock"))
    services = run_account([more], standard).services
    assert services.loc[services["status"] == "no data", ["service", "missing"]].to_numpy().tolist() == []


@pytest.mark.parametrize(
    ("index", "year", "name"),
    [("ppi", 2023, "工业生产者出厂价格指数（ppi）截至2022年"), ("deflator", 2024, "国内生产总值平减指数（deflator）截至2023年")],
)
def test_the_index_of_the_standard_is_the_one_that_is_asked_for(
    gep: Program, tmp_path: Path, index: str, year: int, name: str
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        f"id: own\nextends: ndrc-2022\ntitle: {{zh: 自定, en: own}}\nsource: ndrc-2022\nmark: K\nprice_index: {index}\n", "utf-8"
    )
    table = tmp_path / "a.csv"
    figures = ("area,mixed_forest,200,km2", "precipitation,,1200,mm", "evapotranspiration,,700,mm")
    rows = "".join(f"411522,{year},{figure},x\n" for figure in figures)
    table.write_text(f"county,year,variable,ecosystem,value,unit,source\n{rows}", "utf-8")
    said = "".join(gep("check", str(table), "--standard", str(own), "--lang", "zh").stdout.split())
    assert name in said
    assert f"填报{year}年的{name.partition('截至')[0]}" in said
    assert "居民消费" not in said


def test_an_index_that_ends_is_a_finding_with_its_cure(gep: Program, tmp_path: Path) -> None:
    for file in JINXI.glob("*.csv"):
        (tmp_path / file.name).write_text(file.read_text("utf-8").replace("361027,2022,", "361027,2027,"), "utf-8")
    said = re.sub(r"\n +", " ", gep("check", str(tmp_path)).stdout)
    assert "C 361027 2027: the price index cpi (consumer price index) ends in 2025; without it Water conservation," in said
    assert "rule  an index for 2026, 2027" in said
    index = tmp_path / "index.csv"
    index.write_text(",".join(COLUMNS) + "\n361027,2027,price_index,,,2027,102,%,bulletin of 2027,\n", "utf-8")
    assert (
        f"{index}:2: price_index is given for 2027, and there is no index of 2026 to chain it on"
        in gep("run", str(tmp_path), "--store", gep.store, code=2).stderr
    )
    index.write_text(index.read_text("utf-8") + "361027,2027,price_index,,,2026,1.01,1,bulletin of 2026,\n", "utf-8")
    assert "price index" not in gep("check", str(tmp_path)).stdout
    gep("run", str(tmp_path), "--store", gep.store)
    trace = " ".join(gep("trace", "361027", "2027", "water_conservation", "--store", gep.store).stdout.split())
    assert "price_index 2026 = 1.01 1, " in trace
    assert "price_index 2027 = 102 %, " in trace
    assert "bulletin of 2027" in trace
    used = json.loads(
        gep(
            "query",
            "SELECT index_ratio FROM gep_coefficient_used WHERE coefficient = 'reservoir_construction_cost'",
            "--format",
            "json",
            "--store",
            gep.store,
        ).stdout
    )
    assert float(used[0]["index_ratio"]) == pytest.approx(1.325175819 * 1.01 * 1.02, rel=1e-12)


@pytest.mark.parametrize(
    ("product", "value", "unit", "said"),
    [
        (
            "2026",
            "102",
            "1",
            "price_index is 102\n  expected  at most 2\n  hint      an index with the previous year = 100 has the unit %",
        ),
        ("next", "102", "%", "price_index is for 'next'\n  expected  the year that the index is of, four digits"),
        ("", "102", "%", "price_index has no product"),
    ],
)
def test_index_rows_that_cannot_be_used_are_refused(
    gep: Program, product: str, value: str, unit: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "index.csv").write_text(",".join(COLUMNS) + f"\n361027,2026,price_index,,,{product},{value},{unit},s,\n", "utf-8")
    assert said in gep("run", str(tmp_path), "--store", gep.store, code=2).stderr


def test_accounts_of_one_run_need_one_index(gep: Program, tmp_path: Path) -> None:
    rows = [
        f"{county},2026,{rest}"
        for county, rate in (("361027", "101"), ("360725", "102"))
        for rest in ("area,mixed_forest,,,10,km²,s,", f"price_index,,,2026,{rate},%,s,")
    ]
    (tmp_path / "two.csv").write_text("\n".join((",".join(COLUMNS), *rows)), "utf-8")
    assert "by different indices" in gep("run", str(tmp_path), "--store", gep.store, code=2).stderr
    (tmp_path / "two.csv").write_text("\n".join((",".join(COLUMNS), *rows)).replace(",102,", ",101,"), "utf-8")
    gep("run", str(tmp_path), "--store", gep.store)


def test_a_province_may_have_an_index_of_its_own() -> None:
    points = {2020: 100.0, 2021: 110.0, 2022: 121.0}
    assert chain_index(points, {2021: 1.2, 2024: 1.5}) == {2020: 100.0, 2021: 120.0, 2022: 132.0}
    assert chain_index(points, {2023: 0.5}) == {**points, 2023: 60.5}
