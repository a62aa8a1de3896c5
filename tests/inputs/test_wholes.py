"""A whole beside its parts is checked against their sum and counted once, or refused: types, groups, products, pollutants, months."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Program

from gep.inputs.read import gather
from gep.inputs.wholes import flag_wholes
from gep.reference.origins import _RESPELLED, find_places, holds_origin
from gep.reference.products import spell
from gep.reference.regions import read_divisions, shorten_code
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE

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


def products(*pairs: tuple[str, int], variable: str = "agricultural_product_value") -> tuple[str, ...]:
    return tuple(f"{variable},,,{name},{value},万元" for name, value in pairs)


def visits(*pairs: tuple[str, int]) -> tuple[str, ...]:
    return tuple(f"visitors,,,{name},{value},visit" for name, value in pairs)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        *(
            (products((one, 10), (other, 7)), f"stands already in in.csv:3 as {one}")
            for one, other in (
                ("rice", "稻谷"),
                ("柑桔", "柑橘"),
                ("花生", "落花生"),
                ("茶", "茶叶"),
                ("茶叶", "茶叶产量"),
                ("糧食", "粮食"),
                ("corn", "玉米"),
            )
        ),
        *(
            (products((whole, 10), ("稻谷", 3), ("茶叶", 6)), "add up to 90,000")
            for whole in (
                "共计",
                "汇总",
                "总产值",
                "产值合计",
                "全县总计",
                "农业总产值",
                "种植业产值",
                "农作物种植业",
                "金溪县",
                "稻谷和茶叶",
                "稻谷、茶叶",
            )
        ),
        *(
            (products((whole, 10), (part, 7)), "add up to 70,000")
            for whole, part in (
                ("全年粮食产量", "秋粮"),
                ("粮食作物", "小麦"),
                ("薯类", "红薯"),
                ("蔬菜及食用菌", "食用菌"),
                ("瓜果类", "西瓜"),
                ("糖料", "甘蔗"),
                ("水果、坚果、饮料和香料作物", "茶叶"),
                ("谷物及其他作物", "早稻"),
            )
        ),
        *(
            (products((whole, 10), (part, 7), variable=f"{branch}_product_value"), "add up to 70,000")
            for branch, whole, part in (
                ("livestock", "肉类总产量", "猪肉"),
                ("livestock", "猪牛羊肉", "羊肉"),
                ("livestock", "禽蛋", "鸡蛋"),
                ("livestock", "牲畜饲养", "牛的饲养"),
                ("fishery", "水产品", "淡水养殖"),
                ("fishery", "鱼类", "草鱼"),
                ("forestry", "木材", "原木"),
                ("forestry", "竹材", "毛竹"),
            )
        ),
        *(
            (visits((whole, 10), (part, 7)), "add up to 7")
            for whole, part in (
                ("江西省", "南昌市"),
                ("国内", "广东省"),
                ("国内", "省外"),
                ("华东", "浙江"),
                ("抚州市", "金溪县"),
                ("入境", "香港"),
                ("游客总数", "上海市"),
            )
        ),
        (visits(("江西", 10), ("江西省", 7)), "stands already"),
        (("sown_area,,,农作物总播种面积,10,km2", "sown_area,,,粮食播种面积,7,km2"), "add up to 7"),
        (("water_use,,,总用水量,10,m3", "water_use,,,农业用水,7,m3"), "add up to 7"),
    ],
)
def test_names_of_yearbooks_count_nothing_twice(rows: tuple[str, ...], said: str, gep: Program, tmp_path: Path) -> None:
    done = gep("run", write(tmp_path, *rows), "--store", gep.store, "--lang", "en", code=2)
    assert said.replace("in.csv", str(tmp_path / "in.csv")) in done.stderr or said.partition(" in ")[0] in done.stderr


@pytest.mark.parametrize(
    "rows",
    [
        ("water_use,,,农业,100,m3", "water_use,,,工业,50,m3", "water_use,,,生活,30,m3"),
        products(("龙井", 10), ("茶油", 7)),
        products(("小麦", 10), ("玉米", 7), ("其他", 3)),
        visits(("江西省", 10), ("浙江省", 7), ("入境", 3)),
        visits(("省内", 10), ("省外", 7)),
        products(("牛的饲养", 10), ("羊的饲养", 7), variable="livestock_product_value"),
    ],
)
def test_items_beside_each_other_are_no_wholes(rows: tuple[str, ...], gep: Program, tmp_path: Path) -> None:
    done = gep("check", write(tmp_path, *rows), "--lang", "en")
    assert "add up to" not in done.stdout


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


HOME = [
    (("省内", 100), ("南昌市", 60), 160, False),
    (("本省", 100), ("江西省", 100), 100, True),
    (("本市", 100), ("抚州市", 100), 100, True),
    (("市内", 100), ("南城县", 60), 100, False),
    (("本县", 10), ("金溪县", 10), 10, True),
    (("江西省", 100), ("本市", 100), 100, True),
    (("省外", 100), ("浙江省", 60), 100, False),
    (("外省", 60), ("浙江省", 60), 60, True),
    (("省内", 100), ("浙江省", 60), 160, True),
    (("省内其他", 100), ("抚州市", 60), 160, True),
    (("本市", 100), ("南昌市", 60), 160, True),
    (("省内", 100), ("省外", 60), 160, True),
]


@pytest.mark.parametrize(("one", "other", "counted", "taken"), HOME)
def test_visitors_of_the_own_place_and_its_name_are_not_added_twice(
    one: tuple[str, int], other: tuple[str, int], counted: int, taken: bool, tmp_path: Path
) -> None:
    for first, second in ((one, other), (other, one)):
        rows = "".join(f"361027,2022,visitors,{name},{value},visit,文旅局\n" for name, value in (first, second))
        path = tmp_path / "v.csv"
        path.write_text("county,year,variable,product,value,unit,source\n" + rows, "utf-8")
        inputs, problems = gather([path], COEFFICIENTS, APPLICABLE)
        if not taken:
            (problem,) = problems
            assert problem.hint.startswith(
                "keep the parts if they are complete, else the whole; a place that leaves its parts out"
            )
            assert problem.hint.endswith(f" {one[0]}其他")
            path.write_text(path.read_text("utf-8").replace(f",{one[0]},", f",{one[0]}其他,"), "utf-8")
            assert gather([path], COEFFICIENTS, APPLICABLE)[1] == []
            continue
        assert problems == []
        wholes = flag_wholes(inputs.rows, homes=dict(enumerate(inputs.accounts["county"])))
        assert inputs.rows["value"].to_numpy()[~wholes].sum() == counted


def test_what_holds_a_place_depends_on_the_account() -> None:
    assert holds_origin("省内", "南昌市", "361027")
    assert not holds_origin("省内", "南昌市", "330122")
    assert not holds_origin("省内", "南昌市")
    assert holds_origin("本市", "海淀区", "110101")
    assert holds_origin("省内", "抚州市", "360000")
    assert not holds_origin("市内", "抚州市", "360000")
    assert not holds_origin("本省", "本省", "361027")
    assert [holds_origin("省内", "本省", "361027"), holds_origin("本省", "省内", "361027")].count(True) == 1


def test_names_of_divisions_stand_in_the_spelling_of_items_but_those_known() -> None:
    respelled = [one for one in read_divisions().values() if spell(one.name_zh) != one.name_zh]
    assert {one.name_zh for one in respelled} == {"乾县", "乾安县"}
    assert all(spell(one.name_zh) == one.name_zh.translate(_RESPELLED) for one in respelled)
    assert find_places("乾安") == find_places("乾安縣") == {shorten_code(respelled[0].code)}
