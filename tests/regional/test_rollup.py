"""Sums of counties over a city, a province and the nation: exact, partial coverage said, nothing twice."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Program

from gep.inputs.shared_waters import find_named_water, read_shares
from gep.messages.problems import Problems
from gep.reference.services import SERVICE_TITLES
from gep.regional.coverage import find_place
from gep.regional.parts import make_parts
from gep.standards.standard import load_standard
from gep.store.opening import open_to_write

PROVINCE = ROOT / "inputs/jiangxi-2019-grids/inputs.csv"
WATERS = ROOT / "tests/cases/waters"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The 100 counties of Jiangxi in 2019, and two cities of 2020 without some counties."""
    folder = tmp_path_factory.mktemp("province")
    program = Program(str(folder / "gep.duckdb"))
    program("run", str(PROVINCE), "--store", program.store, "--lang", "zh")
    lines = PROVINCE.read_text("utf-8").splitlines()
    chosen = [
        line.replace(",2019,", ",2020,", 1)
        for line in lines[1:]
        if line.startswith(("3607", "3608"))
        and not line.startswith(("360702", "360725"))
        and not (line.startswith("360703") and ",population," in line)
        and not (line.startswith("360704") and ",npp" not in line and ",precipitation," in line)
    ]
    (folder / "later.csv").write_text("\n".join([lines[0], *chosen]) + "\n", "utf-8")
    program("run", str(folder / "later.csv"), "--store", program.store, "--lang", "zh")
    return program


def ask(program: Program, *arguments: str) -> Any:
    return json.loads(program(*arguments, "--store", program.store, "--format", "json").stdout)


def accounts(program: Program, where: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(program, "query", f"SELECT * FROM gep_account WHERE {where} ORDER BY county")
    return found


def test_a_city_is_the_exact_sum_of_its_counties(province: Program) -> None:
    city = ask(province, "show", "赣州市", "2019")
    own = accounts(province, "county LIKE '3607%' AND year = 2019")
    assert (city["counties"], city["covered"], city["missing"]) == (18, 18, [])
    assert city["gep"] == math.fsum(one["gep"] for one in own)
    assert city["categories"]["regulating"] == math.fsum(one["regulating"] for one in own)
    water = next(one for one in city["services"] if one["service"] == "water_conservation")
    rows = ask(
        province,
        "query",
        "SELECT quantity FROM gep_service WHERE county LIKE '3607%' AND year = 2019 AND service = 'water_conservation'",
    )
    assert water["quantity"] == math.fsum(one["quantity"] for one in rows)
    assert (water["quantity_unit"], water["status"], water["accounted"]) == ("m^3/yr", "accounted", 18)
    assert {one["line"] for one in city["quantities"]} >= {"water_conservation.volume"}


def test_cities_add_up_to_the_province_and_the_nation(province: Program) -> None:
    whole = ask(province, "show", "360000", "2019")
    cities = [ask(province, "show", f"36{at:02}00", "2019")["gep"] for at in range(1, 12)]
    assert whole["gep"] == pytest.approx(math.fsum(cities), rel=1e-14)
    nation = ask(province, "show", "CN", "2019")
    of_2019 = make_parts(find_place("CN"), 2019).list_counted_leaves()
    assert (nation["gep"], nation["covered"], nation["counties"]) == (whole["gep"], 100, len(of_2019))
    assert len(nation["missing"]) == nation["counties"] - 100
    assert next(one for one in nation["services"] if one["service"] == "water_conservation")["status"] == "partial"


def test_what_is_missing_is_named(province: Program) -> None:
    city = ask(province, "show", "360700", "2020")
    assert city["missing"] == ["360702", "360725"]
    assert (city["covered"], city["counties"]) == (16, 18)
    water = next(one for one in city["services"] if one["service"] == "water_conservation")
    assert (water["status"], water["accounted"], water["applies"], water["lacking"]) == ("partial", 15, 16, ["360704"])
    text = province("show", "360700", "2020", "--store", province.store, "--lang", "zh").stdout
    assert "覆盖 16/18 个县级单位（不完整）" in text
    assert "没有核算结果的县（2）：章贡区、崇义县" in text
    assert "水源涵养（1）：赣县区" in text
    assert "有核算结果而没有任何已核算服务（1）：赣县区" in text


def test_a_ratio_goes_over_the_counties_that_have_its_denominator(province: Program) -> None:
    city = ask(province, "show", "360700", "2020")
    head = next(one for one in city["ratios"] if one["name"] == "gep_per_head")
    assert (head["over"], head["lacking"]) == (14, ["360703", "360704"])
    people = ask(
        province,
        "query",
        "SELECT county, value FROM gep_input WHERE variable = 'population' AND year = 2020 AND county LIKE '3607%'",
    )
    people = {one["county"]: one["value"] for one in people}
    own = {one["county"]: one["gep"] for one in accounts(province, "county LIKE '3607%' AND year = 2020")}
    both = [code for code in own if own[code] is not None and code in people]
    assert head["value"] == pytest.approx(math.fsum(own[c] for c in both) / math.fsum(people[c] for c in both), rel=1e-14)
    assert next(one for one in city["ratios"] if one["name"] == "gep_per_gdp")["value"] is None


def test_eighty_columns(province: Program) -> None:
    from gep.messages.layout import measure_width

    for lang in ("zh", "en"):
        for place in ("360000", "CN", "360700"):
            lines = province("show", place, "2019", "--store", province.store, "--lang", lang).stdout.splitlines()
            assert max(measure_width(line) for line in lines) <= 80, max(lines, key=measure_width)


def test_an_unknown_place_year_or_standard_is_refused(province: Program) -> None:
    said = province("show", "360700", "1999", "--store", province.store, code=2).stderr
    assert "there is no account of 1999 under ndrc-2022 in 360700 赣州市" in said
    assert "2019 (ndrc-2022): 18, 2020 (ndrc-2022): 16" in said
    assert (
        "360800 吉安市 (prefecture), 360821 吉安县 (county)"
        in province("show", "吉安", "2019", "--store", province.store, code=2).stderr
    )


def test_an_account_of_the_prefecture_itself_is_never_added_to_its_counties(gep: Program, tmp_path: Path) -> None:
    text = PROVINCE.read_text("utf-8").splitlines()
    chosen = [line for line in text[1:] if line.startswith(("360702", "360725"))]
    whole = [line.replace("360725", "360800", 1) for line in chosen if line.startswith("360725")]
    own = [line.replace("360725", "360700", 1) for line in chosen if line.startswith("360725")]
    (tmp_path / "in.csv").write_text("\n".join([text[0], *chosen, *whole, *own]) + "\n", "utf-8")
    gep("run", str(tmp_path / "in.csv"), "--store", gep.store, "--lang", "zh")
    known = {one["county"]: one["gep"] for one in accounts(gep, "true")}
    city = ask(gep, "show", "360700", "2019")
    assert city["gep"] == math.fsum([known["360702"], known["360725"]])
    assert [one["code"] for one in city["beside"]] == ["360700"]
    assert "自有核算结果" in gep("show", "360700", "2019", "--store", gep.store, "--lang", "zh").stdout
    province = ask(gep, "show", "360000", "2019")
    assert province["gep"] == math.fsum([known["360702"], known["360725"], known["360800"]])
    assert [(one["code"], one["stands_for"]) for one in province["accounts"]] == [("360702", 1), ("360725", 1), ("360800", 13)]
    assert province["covered"] == 15
    assert ask(gep, "show", "360800", "2019")["gep"] == known["360800"]
    assert "services" in ask(gep, "show", "吉安市", "2019")


def test_only_approved_accounts_are_summed_and_ranked_when_asked(gep: Program, tmp_path: Path) -> None:
    text = PROVINCE.read_text("utf-8").splitlines()
    chosen = [line for line in text[1:] if line.startswith(("360702", "360723", "360725"))]
    (tmp_path / "in.csv").write_text("\n".join([text[0], *chosen]) + "\n", "utf-8")
    gep("run", str(tmp_path / "in.csv"), "--store", gep.store, "--lang", "zh")
    said = gep("show", "360700", "2019", "--approved", "--store", gep.store, code=2).stderr
    assert "--approved: none of the 3 accounts of 2019 under ndrc-2022 in 360700 赣州市 is approved" in said
    for code, steps in (("360725", ("submit", "approve")), ("360723", ("submit",))):
        for step, who in zip(steps, ("张三", "李四"), strict=False):
            gep(step, code, "2019", "--by", who, "--note", "看过", "--store", gep.store)
    known = {one["county"]: one["gep"] for one in accounts(gep, "true")}
    city = ask(gep, "show", "360700", "2019", "--approved")
    assert (city["gep"], city["covered"], city["states"]) == (known["360725"], 1, {"approved": 1})
    assert city["unapproved"] == ["360702", "360723"]
    assert "360702" in city["missing"]
    assert next(one for one in city["services"] if one["service"] == "water_conservation")["status"] == "partial"
    text_of = gep("show", "360700", "2019", "--approved", "--store", gep.store, "--lang", "zh").stdout
    assert "有核算结果而未批准、不计入（2）：章贡区、大余县" in text_of
    assert "没有核算结果的县（15）" in text_of
    ranking = ask(gep, "rank", "360700", "2019", "--approved")
    assert [one["county"] for one in ranking["counties"]] == ["360725"]
    assert ranking["unapproved"] == ["360702", "360723"]
    assert ask(gep, "show", "360700", "2019")["unapproved"] == []
    assert ask(gep, "show", "360725", "2019", "--approved")["gep"] == known["360725"]
    said = gep("show", "360723", "2019", "--approved", "--store", gep.store, code=2).stderr
    assert "the account of 2019 under ndrc-2022 in 360723 大余县 is not approved" in said


@pytest.fixture(scope="module")
def waters(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = Program(str(tmp_path_factory.mktemp("waters") / "gep.duckdb"))
    program("run", str(WATERS / "inputs.csv"), "--store", program.store, "--lang", "zh")
    return program


def test_the_same_lake_twice_is_said_and_not_silently_kept(waters: Program) -> None:
    found = ask(waters, "show", "360000", "2019")
    own = accounts(waters, "true")
    assert found["gep"] == math.fsum(one["gep"] for one in own)
    by_name = {one["water"]: one for one in found["overlaps"]}
    lake = by_name["甲湖"]
    assert (lake["counties"], lake["line"]) == (["360424", "360428"], "flood_mitigation.lake")
    assert lake["at_stake"] == pytest.approx(lake["values"][0], rel=1e-12)
    assert by_name["乙水库"]["counties"] == ["360424", "360428"]  # by the notes of the inputs
    assert "reservoir_flood_capacity = 5e+08" in by_name  # by the same figure
    assert "丙湖" not in by_name
    text = waters("show", "360000", "2019", "--store", waters.store, "--lang", "en").stdout
    assert "possibly counted twice" in text
    assert "甲湖 (Flood mitigation): Xiushui, Duchang, up to 264.9261 1e8 CNY too much" in text


def test_declared_shares_count_a_lake_and_a_reservoir_once(waters: Program) -> None:
    found = ask(waters, "show", "360400", "2019", "--shared", str(WATERS / "shares.csv"))
    assert found["overlaps"] == []
    price = ask(waters, "query", "SELECT unit_price FROM gep_service_item WHERE line = 'flood_mitigation.lake' LIMIT 1")[0][
        "unit_price"
    ]
    by_hand = 30e8 + 0.8e8 + (5e8 - 4e8) * 2 + 4e8  # each water once
    assert found["gep"] == pytest.approx(by_hand * price, rel=1e-12)
    volumes = {one["line"]: one["quantity"] for one in found["quantities"]}
    assert volumes == {"flood_mitigation.lake": pytest.approx(30.8e8), "flood_mitigation.reservoir": pytest.approx(6e8)}
    own = {one["county"]: one["gep"] for one in accounts(waters, "true")}
    assert math.fsum(one["value"] for one in found["taken"]) == pytest.approx(own["360424"] + own["360428"] - found["gep"])
    whole = ask(waters, "show", "360000", "2019", "--shared", str(WATERS / "shares.csv"))
    assert whole["gep"] == pytest.approx(found["gep"] + own["360702"], rel=1e-14)  # a share is the same in every sum
    text = waters(
        "show", "360400", "2019", "--shared", str(WATERS / "shares.csv"), "--store", waters.store, "--lang", "zh"
    ).stdout
    assert "按申报份额只计一次" in text
    assert "甲湖, 修水县 40.00%" in text


def test_a_share_declared_for_one_of_two_counties_leaves_the_doubt(waters: Program, tmp_path: Path) -> None:
    lines = (WATERS / "shares.csv").read_text("utf-8").splitlines()
    (tmp_path / "half.csv").write_text("\n".join(lines[:2]) + "\n", "utf-8")
    found = ask(waters, "show", "360400", "2019", "--shared", str(tmp_path / "half.csv"))
    lake = next(one for one in found["overlaps"] if one["water"] == "甲湖")
    assert "some of these counties only" in lake["why"]
    assert lake["at_stake"] == pytest.approx(lake["values"][1])


def test_a_county_with_a_share_and_no_figure_is_said(waters: Program, tmp_path: Path) -> None:
    (tmp_path / "three.csv").write_text(
        "water,county,share,variable,ecosystem,amount,unit,source,note\n丁湖,360702,0.7,,,,,x,\n丁湖,360424,0.3,,,,,x,\n", "utf-8"
    )
    found = ask(waters, "show", "360000", "2019", "--shared", str(tmp_path / "three.csv"))
    assert any("360424 have shares and no figure; 30% of the whole is not counted" in one for one in found["notices"])


def test_a_wrong_table_of_shares_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text(
        "water,county,share,variable,ecosystem,amount,unit,source,note\n甲湖,360424,0.7,,,,,x,\n甲湖,360428,0.6,,,,,x,\n甲湖,360428,0.1,,,,,x,\n"
        "乙,999999,1.5,,,,,,\n丙,360428,0.5,reservoir_capacity,,4,ha,x,\n丁,360428,0.5,,,4,m3,x,\n戊,360428,0.5,reservoirs,,4,m3,x,\n",
        "utf-8",
    )
    with pytest.raises(Problems) as caught:
        read_shares(path)
    said = str(caught.value)
    for part in (
        ":4: the shares of 甲湖 add up to 1.4",
        ":4: 甲湖 in 360428 stands already in line 3",
        ":5: source is empty",
        ":5: county is '999999'",
        ":5: share is '1.5'",
        ":6: unit is 'ha'",
        ":7: ecosystem, amount or unit stands without a variable",
        ":8: variable is 'reservoirs'",
    ):
        assert part in said, said
    path.write_text("lake,share\n", "utf-8")
    with pytest.raises(Problems, match=r"the columns are .lake,share."):
        read_shares(path)
    with pytest.raises(Problems):
        read_shares(tmp_path / "none.csv")


def test_an_amount_per_day_counts_the_days_of_the_year(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text(
        "water,county,share,variable,ecosystem,amount,unit,source,note\n甲湖,360424,0.7,water_outflow,,20,万m3/日,x,\n"
        "甲湖,360428,0.3,water_outflow,,20,亿m3,x,\n",
        "utf-8",
    )
    assert [one.amount for one in read_shares(path, 2023)] == [73_000_000, 2e9]
    assert [one.amount for one in read_shares(path, 2024)] == [73_200_000, 2e9]
    with pytest.raises(Problems, match="a rate per day has no year here"):
        read_shares(path)
    path.write_text(path.read_text("utf-8").replace("20,亿m3", "1e301,亿m3"), "utf-8")
    with pytest.raises(Problems, match="a finite number"):
        read_shares(path, 2023)


def test_the_shipped_table_of_shares_can_be_read() -> None:
    assert read_shares() == ()


@pytest.mark.parametrize(
    ("note", "name"),
    [("shared: 柘林水库", "柘林水库"), ("2019; 共享:鄱阳湖; x", "鄱阳湖"), ("跨界:甲, 乙", "甲"), ("a shared figure", "")],
)
def test_a_note_names_a_shared_water(note: str, name: str) -> None:
    assert find_named_water(note) == name


def test_a_border_area_in_two_counties_counts_once_as_if_entered_with_its_shares(gep: Program, tmp_path: Path) -> None:
    """Recomputed, not scaled: equal to accounts whose inputs hold each county's own part."""
    lines = [line for line in PROVINCE.read_text("utf-8").splitlines() if line.startswith(("county", "360725", "360723"))]
    area = {line[:6]: line for line in lines if ",area,mixed_forest," in line}
    land = {line[:6]: line for line in lines if ",land_area," in line}

    def less(line: str, by: float) -> str:
        cells = line.split(",")
        return ",".join([*cells[:6], repr(float(cells[6]) - by), *cells[7:]])

    parts = [
        less(line, by) if line in {*area.values(), *land.values()} and (by := {"360725": 3.0, "360723": 7.0}[line[:6]]) else line
        for line in lines
    ]
    (tmp_path / "whole.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "parts.csv").write_text("\n".join(parts) + "\n", "utf-8")
    (tmp_path / "shares.csv").write_text(
        "water,county,share,variable,ecosystem,amount,unit,source,note\n"
        + "".join(
            f"甲山,{code},{share},area,mixed_forest,1000,公顷,x,\n甲山,{code},{share},land_area,,10,km2,x,\n"
            for code, share in (("360725", 0.7), ("360723", 0.3))
        ),
        "utf-8",
    )
    gep("run", str(tmp_path / "whole.csv"), "--store", gep.store, "--price-year", "2015", "--lang", "zh")
    shared = ask(gep, "show", "360700", "2019", "--shared", str(tmp_path / "shares.csv"))
    plain = ask(gep, "show", "360700", "2019")
    gep("run", str(tmp_path / "parts.csv"), "--store", gep.store, "--price-year", "2015", "--lang", "zh")
    apart = ask(gep, "show", "360700", "2019")
    assert shared["gep"] == pytest.approx(apart["gep"], rel=1e-12)
    assert shared["gep"] < plain["gep"] * 0.999
    assert shared["gep_constant"] == pytest.approx(apart["gep_constant"], rel=1e-12)
    water = [next(one for one in found["services"] if one["service"] == "water_conservation") for found in (shared, apart)]
    assert water[0]["quantity"] == pytest.approx(water[1]["quantity"], rel=1e-12)
    assert shared["ratios"][0]["value"] == pytest.approx(apart["ratios"][0]["value"], rel=1e-12)
    assert shared["categories"]["regulating"] == pytest.approx(apart["categories"]["regulating"], rel=1e-12)


def test_a_declared_amount_that_is_not_in_the_inputs_is_said(waters: Program, tmp_path: Path) -> None:
    (tmp_path / "much.csv").write_text(
        "water,county,share,variable,ecosystem,amount,unit,source,note\n乙水库,360424,0.5,reservoir_flood_capacity,,9,亿m3,x,\n"
        "乙水库,360428,0.5,reservoir_capacity,,4,亿m3,x,\n",
        "utf-8",
    )
    found = ask(waters, "show", "360400", "2019", "--shared", str(tmp_path / "much.csv"))
    assert found["taken"] == []
    assert sum("nothing is taken off" in one for one in found["notices"]) == 2


def test_constant_prices_of_different_years_are_not_added(gep: Program, tmp_path: Path) -> None:
    lines = PROVINCE.read_text("utf-8").splitlines()
    for code, options in (("360725", ("--price-year", "2015")), ("360723", ("--price-year", "2010")), ("360702", ())):
        (tmp_path / "one.csv").write_text(
            "\n".join([lines[0], *(line for line in lines if line.startswith(code))]) + "\n", "utf-8"
        )
        gep("run", str(tmp_path / "one.csv"), "--store", gep.store, *options, "--lang", "zh")
    found = ask(gep, "show", "360700", "2019")
    assert (found["gep_constant"], found["constant_year"]) == (None, None)
    assert found["gep"] == math.fsum(one["gep"] for one in accounts(gep, "true"))
    assert any("constant prices are of different years" in one for one in found["notices"])


def test_accounts_of_different_rules_or_standards_are_said(gep: Program, tmp_path: Path) -> None:
    lines = PROVINCE.read_text("utf-8").splitlines()
    (tmp_path / "mine.yaml").write_text(
        "id: mine\nextends: ndrc-2022\ntitle: {zh: 我, en: mine}\nsource: this-project\nmark: V\nservices:\n"
        "  soil_retention: {mark: V, variants: {soil_retention.amount: rusle, soil_retention.silt_cost: dredging}}\n",
        "utf-8",
    )
    for code in ("360725", "360723"):
        (tmp_path / "one.csv").write_text(
            "\n".join([lines[0], *(line for line in lines if line.startswith(code))]) + "\n", "utf-8"
        )
        gep("run", str(tmp_path / "one.csv"), "--store", gep.store, "--standard", str(tmp_path / "mine.yaml"), "--lang", "zh")
    with open_to_write(Path(gep.store)) as connection:  # as if another edition of the program had made the second
        connection.execute("UPDATE run SET rules_sha256 = repeat('0', 64) WHERE run = 2")
    (tmp_path / "one.csv").write_text(
        "\n".join([lines[0], *(line for line in lines if line.startswith("360702"))]) + "\n", "utf-8"
    )
    gep("run", str(tmp_path / "one.csv"), "--store", gep.store, "--standard", "mee-2020", "--lang", "zh")
    found = ask(gep, "show", "360700", "2019", "--standard", "mine")
    assert any("2 editions of the rules or the standard" in one for one in found["notices"])
    assert found["elsewhere"] == {"360702": ["mee-2020"]}
    key = load_standard(str(tmp_path / "mine.yaml")).key
    assert f"there are accounts under mee-2020, {key}" in gep("show", "360700", "2019", "--store", gep.store, code=2).stderr
    assert (
        "只有 mee-2020 的核算结果"
        in gep("show", "360700", "2019", "--standard", "mine", "--store", gep.store, "--lang", "zh").stdout
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_of_services_stand_apart_from_what_is_said_of_them(gep: Program, grids: Path, lang: str) -> None:
    lines = gep("show", "361000", "2019", "--store", str(grids), "--lang", lang).stdout.splitlines()
    titles = [titles[lang] for _, titles in SERVICE_TITLES.values()]
    found = [(line, title) for line in lines for title in titles if line.startswith(f"  {title}") and len(line) > 60]
    assert len(found) > 10
    assert all(line.removeprefix(f"  {title}").startswith(" ") for line, title in found), found
