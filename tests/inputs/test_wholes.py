"""A whole beside its parts is checked against their sum and counted once, or refused: types, groups, products, pollutants, months."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Program

HEADER = "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"
NEP = "net_ecosystem_production,{},,,{},t C"
VALUE = "agricultural_product_value,,,{},{}"


def write(folder: Path, *rows: str) -> str:
    path = folder / "in.csv"
    fixed = "361027,2022,carbon_price,,,,50,CNY_2022/t_CO2,s\n"
    path.write_text(HEADER + fixed + "".join(f"361027,2022,{row},s\n" for row in rows), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("rows", "service", "value"),
    [
        (
            (NEP.format("", 1000), NEP.format("forest", 700), NEP.format("wetland", 300)),
            "carbon_sequestration",
            1000 * 44 / 12 * 50,
        ),
        ((NEP.format("forest", 700), NEP.format("mixed_forest", 700)), "carbon_sequestration", 700 * 44 / 12 * 50),
        (
            (NEP.format("", 1000), NEP.format("forest", 700), NEP.format("mixed_forest", 700), NEP.format("marsh", 300)),
            "carbon_sequestration",
            1000 * 44 / 12 * 50,
        ),
        (
            (NEP.format("", 10), *(NEP.format(one, 3.3) for one in ("forest", "marsh", "desert"))),
            "carbon_sequestration",
            9.9 * 44 / 12 * 50,
        ),
        (
            (VALUE.format("合计", "3,万元"), VALUE.format("粮食", "2,万元"), VALUE.format("茶叶", "10000,元")),
            "agricultural_products",
            30_000,
        ),
        (
            (VALUE.format("粮食", "2,万元"), VALUE.format("早稻", "0.8,万元"), VALUE.format("晚稻", "12000,元")),
            "agricultural_products",
            20_000,
        ),
        (
            (VALUE.format("全年", "3,万元"), VALUE.format("1月", "2,万元"), VALUE.format("2月", "1,万元")),
            "agricultural_products",
            30_000,
        ),
    ],
)
def test_a_whole_that_agrees_counts_once(rows: tuple[str, ...], service: str, value: float, gep: Program, tmp_path: Path) -> None:
    for order in (rows, tuple(reversed(rows))):
        done = gep("run", write(tmp_path, *order), "--store", gep.store, "--format", "json")
        account = json.loads(done.stdout)["accounts"][0]
        found = next(one["value"] for one in account["services"] if one["service"] == service)
        assert found == pytest.approx(value, rel=1e-12)
        assert [one["code"] for one in account["notices"]].count("whole") >= 1
    at = ("361027", "2022", "--store", gep.store)
    steps = json.loads(gep("trace", *at[:2], service, *at[2:], "--format", "json").stdout)["steps"]
    assert steps[0]["value"] == pytest.approx(value, rel=1e-12)
    assert "agrees with its parts" in gep("trace", *at, "--lang", "en").stdout.replace("\n  ", " ")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((NEP.format("", 1000), NEP.format("forest", 700), NEP.format("wetland", 200)), "add up to 900"),
        ((NEP.format("forest", 700), NEP.format("mixed_forest", 600)), "add up to 600"),
        ((NEP.format("", 1000), NEP.format("forest", 700)), "add up to 700"),
        ((VALUE.format("合计", "4,万元"), VALUE.format("粮食", "2,万元")), "add up to 20,000"),
        ((VALUE.format("grain", "3,万元"), VALUE.format("rice", "2,万元")), "add up to 20,000"),
        ((VALUE.format("其中：早稻", "2,万元"),), "is part of another"),
        (
            ("agricultural_output,,,all,3,t", VALUE.format("早稻", "2,万元")),
            "stands beside agricultural_product_value of its parts",
        ),
        (("lake_flood_capacity,,,合计,9,m3", "lake_area,,,甲湖,5,km2"), "stands beside lake_area of its parts"),
        (("visitors,,,all,9,visit", "visitors,,,省内,4,visit", "visitors,,,省外,4,visit"), "add up to 8"),
        (("water_discharge,,,,3,t",), "water_discharge has no pollutant"),
        (("air_purification_amount,forest,,,3,t",), "air_purification_amount has no pollutant"),
        (("agricultural_production_cost,,,,3,万元",), "agricultural_production_cost has no product"),
        (("area,forest,,,0,km2", "area,mixed_forest,,,5,km2"), "area of mixed_forest stands beside area of forest"),
    ],
)
def test_what_would_count_twice_is_refused(rows: tuple[str, ...], said: str, gep: Program, tmp_path: Path) -> None:
    path = write(tmp_path, *rows)
    done = gep("run", path, "--store", gep.store, "--lang", "en", code=2)
    assert said in done.stderr
    assert not Path(gep.store).exists()
    assert said in " ".join(gep("check", path, "--lang", "en", code=2).stdout.split())


TOTAL, RATE = "npp_dry_matter_total,{},,,{},t_DM", "npp_dry_matter,{},,,{},t_DM/km2"
AREAS = ("area,mixed_forest,,,60,km2", "area,bamboo_forest,,,40,km2", "area,marsh,,,1,km2")


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ((TOTAL.format("", 1000), RATE.format("mixed_forest", 10)), True),
        ((TOTAL.format("", 1000), RATE.format("", 10)), True),
        ((TOTAL.format("forest", 1000), RATE.format("bamboo_forest", 10)), True),
        ((TOTAL.format("forest", 1000), RATE.format("", 10)), True),
        ((TOTAL.format("forest", 1000), RATE.format("marsh", 10)), False),
        ((TOTAL.format("bamboo_forest", 400), RATE.format("forest", 10)), False),
    ],
)
def test_a_total_of_a_place_beside_rates_of_its_types_is_not_counted_twice(
    rows: tuple[str, ...], refused: bool, gep: Program, tmp_path: Path
) -> None:
    done = gep.try_out("check", write(tmp_path, *AREAS, *rows), "--lang", "en")
    assert ("npp_dry_matter_total" in done.stdout + done.stderr and "stands beside npp_dry_matter" in done.stdout) == refused
    assert done.returncode == (2 if refused else 0)
