"""Two years, and one year under two standards: every change has a name, and the names add up to the fen."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from comparing import PARTS, adds_up, balance, compared, of, table
from conftest import CASES, ROOT, Program
from hypothesis import given
from hypothesis import strategies as st

from gep.account.account import make_account
from gep.coefficients.tables import read_tables
from gep.compare.inputs import InputPart
from gep.compare.shapley import compute_shapley_shares, list_states
from gep.compare.standards import compare_standards
from gep.compare.years import Decomposition, compare_years
from gep.inputs.read import read_inputs
from gep.messages.title import Title
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.standards.standard import load_standard
from gep.store.keys import find_account
from gep.store.opening import open_to_read
from gep.store.saving import save
from gep.tasks.run import run_account
from gep.units.allocation import round_parts_to_fen
from gep.units.money import round_to_fen

JINXI = ROOT / "inputs" / "361027-2022"


@given(
    st.lists(st.fractions(-1000, 1000, max_denominator=997), min_size=1, max_size=6),
    st.fractions(-1, 1).filter(lambda x: abs(x) < 1),
)
def test_parts_in_fen_add_up_and_are_less_than_a_fen_away(parts: list[Fraction], rest: Fraction) -> None:
    whole = round(sum(parts) * 100 + rest / 2)
    found = round_parts_to_fen(parts, whole)
    assert sum(found) == whole
    if whole:
        assert round_parts_to_fen([-part for part in parts], -whole) == [-one for one in found]
    assert all(abs(one - part * 100) < 2 for one, part in zip(found, parts, strict=True))


@given(st.lists(st.fractions(-100, 100), min_size=8, max_size=8))
def test_shapley_shares_the_whole_change_and_favours_nobody(numbers: list[Fraction]) -> None:
    values: dict[tuple[int, ...], Fraction] = dict(zip(list_states(3), numbers, strict=True))
    shares = compute_shapley_shares(values)
    assert sum(shares) == values[1, 1, 1] - values[0, 0, 0]
    swapped: dict[tuple[int, ...], Fraction] = {(state[1], state[0], state[2]): value for state, value in values.items()}
    assert compute_shapley_shares(swapped) == [shares[1], shares[0], shares[2]]


def test_a_product_is_shared_half_and_half() -> None:
    values: dict[tuple[int, ...], Fraction] = {(a, b): Fraction([3, 5][a] * [10, 14][b]) for a, b in list_states(2)}
    assert compute_shapley_shares(values) == [Fraction(2 * 24, 2), Fraction(4 * 8, 2)]


def test_quantity_and_price_by_hand(tmp_path: Path) -> None:
    own = "{},reservoir_construction_cost,,,,{},CNY_{}/m^3"
    rows = [*balance(2020, 60, 1700), own.format(2020, 6, 2020), *balance(2022, 50, 1900), own.format(2022, 8, 2022)]
    store = tmp_path / "gep.duckdb"
    save(run_account([table(tmp_path, "two.csv", rows)], price_year=2020), store)
    found = compared(store)
    adds_up(found)
    split = of(found.current, "water_conservation")
    volumes = (60 * 1000 * 1000, 50 * 1200 * 1000)  # km² × mm → m³
    assert (split.one, split.other) == (volumes[0] * 600, volumes[1] * 800)
    assert split.parts["quantity"] == (volumes[1] - volumes[0]) * (600 + 800) // 2
    assert split.parts["price"] == (800 - 600) * (volumes[0] + volumes[1]) // 2
    assert split.parts["coefficient"] == split.parts["coverage"] == 0
    with open_to_read(store) as connection:
        ratio = connection.execute("SELECT ratio FROM price_ratio WHERE given = 2022 AND wanted = 2020").fetchall()[0][0]
    real = of(found.constant, "water_conservation")
    assert found.constant_year == 2020
    assert real.one == split.one
    assert real.other == round_to_fen(volumes[1] * (8 * ratio))
    assert real.parts["price"] == pytest.approx((8 * ratio - 6) * 100 * (volumes[0] + volumes[1]) / 2, abs=2)


def test_money_as_stated_splits_into_real_growth_and_the_price_index(tmp_path: Path) -> None:
    rows = ["2020,agricultural_output_value,,,,16.02,亿元", "2022,agricultural_output_value,,,,18.24,亿元"]
    store = tmp_path / "gep.duckdb"
    save(run_account([table(tmp_path, "two.csv", rows)]), store)
    found = compared(store)
    adds_up(found)
    with open_to_read(store) as connection:
        up, down = (
            connection.execute("SELECT ratio FROM price_ratio WHERE given = ? AND wanted = ?", pair).fetchall()[0][0]
            for pair in ([2020, 2022], [2022, 2020])
        )
    split, real = of(found.current, "agricultural_products"), of(found.constant, "agricultural_products")
    one, other = 16.02e10, 18.24e10
    assert split.parts["quantity"] == pytest.approx(((other * down - one) + (other - one * up)) / 2, abs=2)
    assert split.parts["price"] == pytest.approx(((one * up - one) + (other - other * down)) / 2, abs=2)
    assert found.constant_year == 2020  # no common year of the runs: the first of the two
    assert real.parts == {"quantity": round_to_fen(18.24e8 * down) - int(one), "price": 0, "coefficient": 0, "coverage": 0}


def test_what_came_and_what_went_is_coverage(tmp_path: Path) -> None:
    rows = [
        *balance(2020, 60, 1700),
        "2020,forestry_output_value,,,,2,亿元",
        "2020,agricultural_output,,,稻谷,100,t",
        "2020,agricultural_price,,,稻谷,3000,CNY_2020/t",
        *balance(2022, 60, 1700),
        "2022,fishery_output_value,,,,1,亿元",
        "2022,agricultural_output,,,稻谷,100,t",
        "2022,agricultural_price,,,稻谷,3000,CNY_2022/t",
        "2022,agricultural_output,,,茶叶,10,t",
        "2022,agricultural_price,,,茶叶,50000,CNY_2022/t",
    ]
    store = tmp_path / "gep.duckdb"
    save(run_account([table(tmp_path, "two.csv", rows)]), store)
    found = compared(store)
    adds_up(found)
    gone = InputPart(
        "coverage",
        "",
        -2 * 10**10,
        Title("林业产品", "Forestry products"),
        only=2020,
        service="forestry_products",
        status="no data",
    )
    lacked = ("forestry_output_value",)
    forestry = Decomposition("forestry_products", 2 * 10**10, None, {"coverage": -2 * 10**10}, (replace(gone, lacks=lacked),))
    assert of(found.current, "forestry_products") == forestry
    came = of(found.current, "fishery_products")
    assert (came.one, came.other, came.parts) == (None, 10**10, {"coverage": 10**10})
    assert [(one.only, one.lacks) for one in came.inputs] == [(2022, ("fishery_output_value",))]
    crops = of(found.current, "agricultural_products")
    assert (crops.one, crops.other) == (30_000_000, 80_000_000)
    assert crops.parts == {"quantity": 0, "price": 0, "coefficient": 0, "coverage": 50_000_000}
    assert crops.inputs == (InputPart("coverage", "", 50_000_000, product="茶叶", only=2022),)


def test_another_edition_of_a_coefficient_and_another_rule_have_their_own_names(tmp_path: Path) -> None:
    later = tmp_path / "coefficients"
    shutil.copytree(ROOT / "coefficients", later)
    prices = later / "reservoir.csv"
    prices.write_text(prices.read_text("utf-8").replace("7.06,", "14.12,", 1), "utf-8")
    one = read_inputs([table(tmp_path, "one.csv", balance(2020, 60, 1700))], COEFFICIENTS, APPLICABLE)
    two = read_inputs([table(tmp_path, "two.csv", balance(2022, 60, 1700))], COEFFICIENTS, APPLICABLE)
    standard = load_standard("ndrc-2022")
    other = tmp_path / "other.yaml"
    other.write_text(
        "id: changed\ntitle: {zh: 改, en: changed}\nsource: this-project\nmark: V\nextends: ndrc-2022\nservices:\n  water_conservation:\n    mark: V\n"
        "    variants: {water_conservation.volume: water_balance_clipped, reservoir.unit_cost: full_construction_cost}\n",
        "utf-8",
    )
    store = tmp_path / "gep.duckdb"
    save(make_account(standard, one, read_tables(ROOT / "coefficients", COEFFICIENTS)), store)
    save(make_account(standard, two, read_tables(later, COEFFICIENTS)), store)
    found = compared(store)
    adds_up(found)
    real = of(found.constant, "water_conservation")
    assert real.one is not None
    assert real.other == pytest.approx(2 * real.one, abs=1)
    assert real.parts == {"quantity": 0, "price": 0, "coefficient": real.change, "coverage": 0}
    split = of(found.current, "water_conservation")
    assert split.parts["coefficient"] > split.parts["price"] > 0
    assert split.parts["quantity"] == split.parts["coverage"] == 0
    dry = [row.replace("cropland", "shrub") for row in balance(2022, 60, 1700)] + ["2022,evapotranspiration,shrub,,,1700,mm"]
    before = [row.replace("2022,", "2020,") for row in dry]
    one = read_inputs([table(tmp_path, "dry.csv", before)], COEFFICIENTS, APPLICABLE)
    three = read_inputs([table(tmp_path, "three.csv", dry)], COEFFICIENTS, APPLICABLE)
    save(make_account(standard, one, read_tables(later, COEFFICIENTS)), store)
    under_its_name = load_standard(str(other)).model_copy(update={"id": "ndrc-2022", "own_sha256": ""})
    save(make_account(under_its_name, three, read_tables(later, COEFFICIENTS)), store)
    found = compared(store)
    adds_up(found)
    real = of(found.constant, "water_conservation")
    assert real.one is not None
    volumes = (60 * 1000_000 - 40 * 100_000, 60 * 1000_000)  # m³; the shrubs' deficit of 100 mm is cut off by the later rule
    assert real.other == pytest.approx(real.one * volumes[1] / volumes[0], abs=2)
    assert real.parts == {"quantity": 0, "price": 0, "coefficient": 0, "coverage": 0, "rules": real.change}


def test_years_of_a_published_account_and_of_jinxi_add_up_whatever_is_changed(tmp_path: Path) -> None:
    """The second year is the first with a random half of its figures changed and some left out."""
    chance = random.Random(20261121)
    lines = (CASES / "garze-2010" / "inputs.csv").read_text("utf-8").splitlines()
    for trial in range(3):
        rows = []
        for line in lines[1:]:
            cells = line.split(",")
            cells[1] = "2012"
            if cells[2] == "land_area":
                continue
            if chance.random() < 0.1:
                continue
            if chance.random() < 0.5:
                cells[6] = repr(round(float(cells[6]) * chance.uniform(0.5, 1.7), 4))
            rows.append(",".join(cells))
        path = tmp_path / f"{trial}.csv"
        path.write_text("\n".join([lines[0], *rows]) + "\n", "utf-8")
        store = tmp_path / f"{trial}.duckdb"
        standard = str(CASES / "garze-2010" / "standard.yaml")
        save(run_account([CASES / "garze-2010" / "inputs.csv", path], standard, 2010), store)
        with open_to_read(store) as connection:
            county = connection.execute("SELECT county FROM latest").fetchall()[0][0]
            places = [find_account(connection, county, year, None) for year in (2010, 2012)]
            found = compare_years(connection, places[0], places[1])
            adds_up(found)
            for column, splits in (("value", found.current), ("value_constant", found.constant)):
                for at, place in enumerate(places):
                    stored = connection.execute(
                        f"SELECT service, {column} FROM service_result WHERE run = ? AND account = ? UNION ALL "
                        f"SELECT category, {column} FROM total_result WHERE run = ? AND account = ? AND category = 'gep'",
                        [place.run, place.account] * 2,
                    ).fetchall()
                    for name, value in stored:
                        split = next((one for one in splits if one.name == name), None)
                        side = None if split is None else (split.one, split.other)[at]
                        assert side == (None if value is None else round_to_fen(value)), name


def test_compare_prints_both_price_bases(gep: Program, tmp_path: Path) -> None:
    folder = tmp_path / "2020"
    shutil.copytree(JINXI, folder)
    for path in folder.glob("*.csv"):
        text = path.read_text("utf-8").replace("361027,2022", "361027,2020").replace("1747.3", "1650.0").replace("18.24", "16.02")
        path.write_text(text.replace("361027,2020,fishery_output_value,,,,2.37", "361027,2020,gdp_,,,,2.37"), "utf-8")
    statistics = folder / "statistics.csv"
    kept = [line for line in statistics.read_text("utf-8").splitlines(keepends=True) if "gdp_" not in line]
    statistics.write_text("".join(kept), "utf-8")
    gep("run", str(JINXI), str(folder), "--price-year", "2020", "--store", gep.store, "--lang", "zh")
    lines = gep("compare", "金溪县", "2020", "2022", "--store", gep.store, "--lang", "zh").stdout.splitlines()
    assert lines[:12] == [
        "361027 金溪县  2020 → 2022  ndrc-2022  (第 1 次核算 → 第 1 次核算)",
        "                                        当年价（元）       2020 年不变价（元）",
        "农业产品",
        "  2020                              1,602,000,000.00          1,602,000,000.00",
        "    实物量                           +171,839,518.67           +169,321,745.13",
        "      农业产品产值合计 16.02 亿元/年 → 18.24 亿元/年",
        "                                     +171,839,518.67           +169,321,745.13",
        "    价格                              +50,160,481.33                     +0.00",
        "      农业产品产值合计，价格指数 16.02 亿元/年 → 16.50 亿元/年",
        "                                      +50,160,481.33                     +0.00",
        "  2022                              1,824,000,000.00          1,771,321,745.13",
        "林业产品",
    ]
    at = lines.index("渔业产品")
    assert lines[at : at + 6] == [
        "渔业产品",
        "  2020                                             —                         —",
        "    覆盖范围                         +237,000,000.00           +230,155,292.54",
        "      渔业产品 仅 2022 年核算；2020 年缺渔业产品产值合计（fishery_output_value，",
        "        统计局）                     +237,000,000.00           +230,155,292.54",
        "  2022                                237,000,000.00            230,155,292.54",
    ]
    assert lines[-2:] == [
        "两年都未核算：生物质能、土壤保持、防风固沙、海岸带防护、洪水调蓄、空气净化、水质",
        "  净化、固碳、局部气候调节、噪声消减、旅游康养、休闲游憩、景观增值",
    ]
    english = gep("compare", "金溪县", "2020", "2022", "--lang", "en", "--price-year", "2022", "--store", gep.store).stdout
    assert "prices of 2022 (CNY)" in english
    assert "    quantity" in english
    found = json.loads(gep("compare", "361027", "2022", "2020", "--format", "json", "--store", gep.store).stdout)
    total = found["current"][-1]
    assert total["one"] + sum(total["parts"].values()) == total["other"]
    assert "give a second year, or --standards A B" in gep("compare", "361027", "2022", "--store", gep.store, code=2).stderr
    assert "there is no account of 361027 2019" in gep("compare", "361027", "2022", "2019", "--store", gep.store, code=2).stderr


@pytest.fixture(scope="module")
def two_standards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("standards")
    rows = [
        *balance(2022, 60, 1700),
        "2022,reservoir_depreciation_rate,,,,3,%/yr",
        "2022,reservoir_operating_cost,,,,0.05,CNY_2022/m^3/yr",
        "2022,forestry_output_value,,,,2,亿元",
    ]
    rows[2] = "2022,area,shrub,,,40,km2"
    own = folder / "own.yaml"
    own.write_text(
        "id: own\ntitle: {zh: 本县规范, en: own}\nsource: this-project\nmark: V\nextends: ndrc-2022\nservices:\n  forestry_products:\n"
        "  flood_mitigation:\n  water_conservation:\n    mark: V\n    ecosystems: [forest]\n"
        "    variants: {water_conservation.volume: water_balance, reservoir.unit_cost: annualised}\n"
        "excluded: {flood_mitigation: 本县不计 | not counted here, forestry_products: 本县不计 | not counted here}\n",
        "utf-8",
    )
    store = folder / "gep.duckdb"
    inputs = table(folder, "one.csv", rows)
    save(run_account([inputs]), store)
    save(run_account([inputs], str(own)), store)
    save(run_account([JINXI], "mee-2020"), store)
    return store


def test_two_standards_by_hand(two_standards: Path) -> None:
    with open_to_read(two_standards) as connection:
        places = [find_account(connection, "361027", 2022, name) for name in ("ndrc-2022", "own")]
        found = compare_standards(connection, places[0], places[1])
        ratio = connection.execute("SELECT ratio FROM price_ratio WHERE run = 1 AND given = 2010 AND wanted = 2022").fetchall()[
            0
        ][0]
    water = next(one for one in found.services if one.service == "water_conservation")
    full = 7.06 * ratio
    prices, volumes = (full, full * 0.03 + 0.05), (100_000_000, 60_000_000)
    assert water.one == pytest.approx(prices[0] * volumes[0] * 100, abs=2)
    assert water.other == pytest.approx(prices[1] * volumes[1] * 100, abs=2)
    assert water.parts["formula"] == pytest.approx((prices[1] - prices[0]) * sum(volumes) / 2 * 100, abs=2)
    assert water.parts["members"] == pytest.approx((volumes[1] - volumes[0]) * sum(prices) / 2 * 100, abs=2)
    assert set(water.parts) == {"formula", "members"}
    forest = next(one for one in found.services if one.service == "forestry_products")
    assert (forest.one, forest.other, forest.parts) == (2 * 10**10, None, {"coverage": -2 * 10**10})
    for one in found.services:
        assert (one.one or 0) + sum(one.parts.values()) == (one.other or 0)
    assert found.one is not None
    assert found.one + sum(found.parts.values()) == found.other


def test_two_standards_line_by_line_with_the_cause(gep: Program, two_standards: Path) -> None:
    text = gep(
        "compare", "361027", "2022", "--standards", "ndrc-2022", "own", "--store", str(two_standards), "--lang", "zh"
    ).stdout
    lines = text.splitlines()
    key = load_standard(str(two_standards.parent / "own.yaml")).key
    assert lines[:2] == ["361027 金溪县  2022  （第 1 次核算、第 2 次核算；元）", f"{'ndrc-2022':>56}{key:>24}"]
    at = lines.index("水源涵养                                  931,350,658.30           19,764,311.85")
    assert lines[at + 1 : at + 7] == [
        "    方法                                                         -718,728,110.84",
        "    计入类型                                                     -192,858,235.61",
        "    · 规则单位库容价格（reservoir.unit_cost）：full_construction_cost →",
        "      annualised",
        "    · 计入的生态系统类型：森林（forest）、灌丛（shrub）、草地（grassland）、湿地",
        "      （wetland）、园地（orchard） → 森林（forest）",
    ]
    at = next(at for at, line in enumerate(lines) if line.startswith("林业产品"))
    assert lines[at : at + 3] == [
        "林业产品                                  200,000,000.00                标准不计",
        "    覆盖范围                                                     -200,000,000.00",
        f"    · {key}：标准不计，本县不计",
    ]
    english = gep(
        "compare", "361027", "2022", "--standards", "ndrc-2022", "own", "--lang", "en", "--store", str(two_standards)
    ).stdout
    assert f"    · {key}: excluded, not counted here" in english
    assert "    · rule reservoir.unit_cost: full_construction_cost → annualised" in english
    assert "    · ecosystems counted: forest, shrub, grassland, wetland, orchard → forest" in english


def test_a_standard_may_be_named_by_its_file(gep: Program, two_standards: Path) -> None:
    own = str(two_standards.with_name("own.yaml"))
    common = ("compare", "361027", "2022", "--store", str(two_standards), "--standards")
    assert gep(*common, "ndrc-2022", own).stdout == gep(*common, "ndrc-2022", "own").stdout
    assert gep("history", "361027", "2022", "--standard", own, "--store", str(two_standards)).stdout.count("\nrun ") == 1


def test_two_standards_on_different_inputs_are_not_compared(gep: Program, two_standards: Path) -> None:
    done = gep("compare", "361027", "2022", "--standards", "ndrc-2022", "mee-2020", "--store", str(two_standards), code=2)
    assert "run 1 (ndrc-2022) and run 3 (mee-2020) rest on different inputs" in done.stderr
    assert "gep diff 1 3 shows them" in done.stderr
    done = gep("compare", "361027", "2022", "--standards", "ndrc-2022", "db36-2021", "--store", str(two_standards), code=2)
    assert "there is no account of 361027 2022 under db36-2021" in done.stderr


def test_the_causes_are_documented() -> None:
    text = (ROOT / "docs" / "compare.md").read_text("utf-8")
    for word in (*PARTS, "formula", "members"):
        assert f"`{word}`" in text
