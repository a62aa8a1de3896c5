"""Indicators for 综合考核: formulas by hand, the shipped table against its print, what is missing, exact messages, properties."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import CASES, ROOT, Program, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from languages import HAN, check_both, left_in_english
from openpyxl import Workbook
from openpyxl.styles import Font

from gep.formula.check import derive_factor
from gep.formula.evaluate import Evaluation, EvaluationInputs, Step
from gep.formula.nodes import Coefficient, Observed, Rule
from gep.indicators.assess import IN_WORDS, MET, NO_FIGURE, NO_TARGET, NOT_MET, ONLY_BOUND, Assessed, assess
from gep.indicators.figures import FIGURE, TARGET, Figure, Figures, read_figures
from gep.indicators.formulas import make_attainment, make_gap, make_met, make_progress
from gep.indicators.indicator import Reading
from gep.indicators.query import ask
from gep.indicators.sets import FOLDER, IndicatorSet, list_shipped_sets, load_set
from gep.messages.layout import measure_width
from gep.messages.problems import Problems
from gep.messages.title import Title
from gep.rules.service import declare_variant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gep.formula.nodes import Node

HERE = CASES / "indicators"
MINE = str(HERE / "mine.yaml")
COUNTIES = HERE / "counties-2024.csv"
HEADER = "place,year,indicator,value,unit,source,scope,kind,note\n"
GANZHOU = load_set("ganzhou-2035")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def value(formula: Node, unit: str, **given_: float) -> float:
    rule = Rule("r", "r", unit, (), Title("", ""), {"own": declare_variant(formula, "this-project", "", "D", "", "")})
    step = Step(rule, "own", formula, derive_factor(rule, formula))
    arrays = {name: np.full((1, 1, 1, 1), number) for name, number in given_.items()}
    return float(Evaluation([step], EvaluationInputs(1, arrays)).run()["r"].item())


@pytest.mark.parametrize("row", rows(HERE / "formulas.csv"), ids=lambda row: f"{row['sign']}{row['target']} {row['note']}")
def test_formulas_by_hand(row: dict[str, str]) -> None:
    x = Observed("x", "x", "ug/m^3", (), Title("", ""))
    target, base = (Coefficient(name, name, "ug/m^3", (), Title("", "")) for name in ("t", "b"))
    numbers = {"x": float(row["value"]), "t": float(row["target"]), "b": float(row["base"])}
    assert value(make_met(Reading(row["sign"], ""), x, target), "1", **numbers) == float(row["met"])
    assert value(make_gap(row["direction"], x, target), "ug/m^3", **numbers) == pytest.approx(float(row["gap"]), rel=1e-12)
    assert value(make_attainment(row["direction"], x, target), "1", **numbers) == pytest.approx(
        float(row["attainment"]), rel=1e-15
    )
    assert value(make_progress(row["direction"], x, target, base), "1", **numbers) == pytest.approx(
        float(row["progress"]), rel=1e-12
    )


def test_the_ganzhou_table_is_whole_and_its_readings_follow_from_its_print() -> None:
    assert sorted({one.number for one in GANZHOU.indicators}) == list(range(1, 39))
    assert len(GANZHOU.indicators) == 56
    assert all(one.locator == f"附表 no.{one.number}" for one in GANZHOU.indicators)
    assert sum(GANZHOU.weight(one) for one in GANZHOU.indicators) == pytest.approx(38)
    words = {
        "按省下达目标": "assigned",
        "按省下达任务执行": "assigned",
        "不低于国家下发数据": "assigned",
        "持续提升": "better",
        "巩固提升": "better",
        "持续改善": "better",
        "稳定下降": "better",
        "逐步下降": "better",
        "保持稳定": "hold",
        "稳定控制": "hold",
    }
    numbers = 0
    for one in GANZHOU.indicators:
        for year, before in ((2025, None), (2035, 2025)):
            printed, reading = one.printed[year], one.readings[year]
            if number := re.fullmatch(r"(>=|<)?(\d+(?:\.\d+)?)(?:~\d+)?", printed):
                numbers += 1
                assert reading.number == float(number[2]), one.id
                assert reading.sign == (number[1] or {"higher": ">=", "lower": "<="}[one.direction]), one.id
            elif not reading.is_text:
                meant = words[printed]
                if meant == "assigned":
                    assert reading.operand == "assigned"
                    continue
                has_number = before is not None and not one.readings[before].is_text and one.readings[before].operand != "base"
                assert reading.operand in ({"target_2025"} if has_number else {"base", "target_2025"}), one.id
                assert (len(reading.sign) == 1) == (meant == "better" or one.readings[2025].sign == "<"), one.id
    assert numbers == 50


def test_every_shipped_set_has_a_source_and_a_home_for_every_unit() -> None:
    sources = yaml.safe_load((ROOT / "coefficients" / "sources.yaml").read_text("utf-8"))
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(list_shipped_sets())
    for name in list_shipped_sets():
        wanted = load_set(name)
        assert wanted.source in sources
        assert wanted.score_source in sources
        for goal in wanted.targets:
            assert assess({}, wanted, [wanted.region], None, goal)


def of(found: Assessed, identity: str) -> list[tuple[str, float | None]]:
    return next([(part.status, part.gap) for part in row.judged] for row in found.rows if row.indicator.id == identity)


def test_ganzhou_against_its_own_targets() -> None:
    found = assess({}, GANZHOU, ["360700"], None, 2025)[0]
    assert of(found, "protected_area_share") == [(NOT_MET, 0.05), (NOT_MET, 0.05)]
    assert of(found, "emerging_industry_share") == [(NOT_MET, 4.7), (NOT_MET, 9.7)]
    assert of(found, "pm25_central") == [(NOT_MET, 4.8), (NO_TARGET, None)]
    assert of(found, "class_five_groundwater") == [(MET, 0), (NOT_MET, 0)]  # 16.7 now, 16.7 in 2025, falling until 2035
    assert of(found, "good_water_national") == [(MET, 0), (MET, 0)]  # the target lies below the base
    assert of(found, "species_protection") == [(MET, 0), (MET, 0)]  # at least 95 against at least 95
    assert of(found, "participation") == [(ONLY_BOUND, None), (ONLY_BOUND, None)]  # at least 80 against 85
    assert of(found, "eqi") == [(NO_FIGURE, None), (NO_FIGURE, None)]
    assert of(found, "governance") == [(IN_WORDS, None), (IN_WORDS, None)]
    assert of(found, "weather_information") == [(NO_FIGURE, None), (IN_WORDS, None)]
    assert found.score is None
    assert found.rank is None
    assert [one.id for one, _ in found.lacking] == [
        "redline_share",
        "water_use_per_gdp",
        "co2_per_gdp_cut",
        "non_fossil_share",
        "eqi",
        "wetland_protection",
        "forest_pest_rate",
        "class_two_water",
        "urban_sewage",
        "participation",
        "disposables_per_head",
        "weather_information",
        "carbon_inclusion_pilots",
    ]


def test_three_counties_by_hand(gep: Program) -> None:
    said = gep("indicators", "--set", MINE, "--input", str(COUNTIES), "--lang", "zh").stdout
    # cover 1, air (20/25 + 1)/2, plants 3/4; and 60/80, (1 + 25/50)/2, 1/1
    assert said == (
        "mine  2025 年目标  4 项指标\n"
        "名次  代码    地区                年          得分      已知\n"
        "1     360725  崇义县              2024     88.3333       4/4\n"
        "2     360730  宁都县              2024     83.3333       4/4\n"
        "—     360733  会昌县              2024           —       2/4\n"
        "\n"
        "缺数据的地区没有得分，不按零计：\n"
        "  360733 会昌县: 2 PM2.5浓度(县城): 2024 年数值; 3 治理设施: 2025 年目标值\n"
        "\n"
        "计分办法：完成度，每个编号等权；来源 this-project [D]；目标值的读法 [D]\n"
    )
    done = json.loads(gep("indicators", "--set", MINE, "--input", str(COUNTIES), "--common", "--format", "json").stdout)
    ranked = {one["place"]: (one["rank"], one["score"]) for one in done["places"]}
    assert ranked == {
        "360733": (1, pytest.approx(100)),
        "360725": (2, pytest.approx(100 * (1 + 0.4) / 1.5)),
        "360730": (3, pytest.approx(100 * (0.75 + 0.5) / 1.5)),
    }
    assert done["places"][0]["counted"] == ["cover", "air_centre"]
    one = gep("indicators", "会昌县", "2024", "--set", MINE, "--input", str(COUNTIES), "--lang", "en").stdout
    assert "  2 PM2.5, towns ↓\n      no figure  2025 25  2030 按省下达\n" in one
    assert "score (targets of 2025): none; 2 of 4 indicators lack a figure or a target, and" in one
    assert "  2 PM2.5, towns: figure of 2024\n  3 Plants: target of 2025\n" in one


def test_the_printed_table_of_ganzhou(gep: Program) -> None:
    said = gep("indicators", "赣州市", "2020", "--set", "ganzhou-2035", "--lang", "zh").stdout
    assert (
        " 13 水土保持率 ↑\n      82.1 % (2020)  2025 ≥83.5 未达到，差 1.4  2035 持续提升 [>83.5] 未达到，差\n        1.4\n"
        in said
    )
    assert "缺数据 6、缺目标值 6、只知界限 1、由人判断 7" not in said  # those of 2021 lack in 2020
    assert max(map(measure_width, said.splitlines())) <= 80
    assert "水土保持率 ↑ %" in gep("indicators", "--list", "--lang", "zh").stdout
    data = json.loads(gep("indicators", "--format", "json").stdout)
    figure = next(one for one in data["places"][0]["indicators"] if one["id"] == "forest_carbon_stock")
    assert figure["figure"]["address"] == "coefficients/indicators/ganzhou-2035.csv:9"
    assert figure["figure"]["given"] == "1.05"
    assert figure["note"] == "unit printed 亿吨; C or CO2 not stated (C is plausible)"


WRONG = """\
360799,2024,forest_cover,70,%,s,,,
361027,2024,forest_cover,70,%,s,,,
360725,24,forest_cover,70,%,s,,,
360725,2024,forest_cove,70,%,s,,,
360725,2024,PM2.5浓度,20,ug/m3,s,,,
360725,2024,PM2.5浓度,20,ug/m3,s,郊区,,
360725,2024,forest_cover,,%,s,,,
360725,2024,forest_cover,"7,0",%,s,,,
360725,2024,forest_cover,70,,s,,,
360725,2024,forest_cover,170,%,s,,,
360725,2024,forest_carbon_stock,1000,t C,s,,,
360725,2024,pm25_central,-1,ug/m3,s,,,
360725,2024,eqi,60,1,,,,
360725,2024,eqi,60,1,s,,plan,
360725,2024,rural_waste,90,%,s,,,
360725,2024,rural_waste,91,%,s,,,
360725,2024,green_factories,4,个,s,,target,
360725,2025,governance,1,,s,,target,
360700,2025,forest_cover,70,%,s,,target,
"""
MESSAGE = """\
wrong.csv:2: place is '360799'
  expected  a six-digit GB/T 2260 code
  hint      near it: 360729 全南县, 360783 龙南市, 360781 瑞金市
wrong.csv:3: place is '361027', the targets of ganzhou-2035 are those of 360700
  expected  360700 or a county in it
wrong.csv:4: year is '24'
  expected  a year from 1978 to 2100, four digits
wrong.csv:5: indicator is 'forest_cove'
  expected  an indicator of ganzhou-2035, by id or name
  hint      did you mean forest_cover?
wrong.csv:6: indicator is 'PM2.5浓度', of which there are 2
  expected  one of the scopes 中心城区, 县级及以上城市
  hint      or one of the ids pm25_central, pm25_cities
wrong.csv:7: indicator is 'PM2.5浓度' with the scope '郊区'
  expected  an indicator of ganzhou-2035, by id or name
  hint      did you mean PM2.5浓度?
wrong.csv:8: value is ''
  expected  a figure
  hint      a figure that is not at hand: take the row out; a true zero: write 0
wrong.csv:9: value is '7,0'
  expected  a number with a decimal point, without thousands marks; or a bound such as >=95
  hint      write 7.0 if the comma is the decimal mark
wrong.csv:10: unit of forest_cover is '': no unit
  expected  a unit of %
wrong.csv:11: forest_cover is 170 %
  expected  at most 100 %
wrong.csv:12: unit of forest_carbon_stock is 't C': t C measures carbon, 亿吨 mass
  expected  a unit of 亿吨
  hint      unit printed 亿吨; C or CO2 not stated (C is plausible)
wrong.csv:13: pm25_central is -1 ug/m^3
  expected  at least 0 ug/m^3
wrong.csv:14: the source is empty
  expected  the document, survey or monitoring report that the figure stands in
wrong.csv:15: kind is 'plan'
  expected  figure, or target for a target assigned to the place
wrong.csv:17: figure rural_waste of 360725 2024 stands already in wrong.csv:16
  expected  one row a figure
  hint      keep one of the two
wrong.csv:18: target of green_factories is for 2024
  expected  one of 2025, 2035
  hint      the year of a target is the year it is to be reached
wrong.csv:19: governance has a target in words for 2025: 持续提升
  expected  no number
  hint      people judge it
wrong.csv:20: target 2025 of forest_cover is given for 360700, the plan prints >=76
  expected  no row
  hint      a changed plan is a new set
18 problems
"""


def test_wrong_figures_get_their_message_all_at_once(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(HEADER + WRONG, "utf-8")
    done = gep("indicators", "--input", str(path), code=2)
    assert done.stderr.replace(f"{tmp_path}/", "") == MESSAGE
    assert done.stdout == ""
    with pytest.raises(Problems) as caught:
        read_figures([path], GANZHOU)
    check_both(caught.value)
    chinese = gep("indicators", "--input", str(path), "--lang", "zh", code=2).stderr
    assert "wrong.csv:11: 森林覆盖率（forest_cover）为 170 %\n  应为  不大于 100 %" in chinese
    assert "wrong.csv:3: 地区代码为“361027”，而 ganzhou-2035 的目标值属于赣州市（360700）\n" in chinese


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--set", "ganzhou-2053"],
            "--set: there is no set of indicators 'ganzhou-2053'\n  expected  one of ganzhou-2035, or a .yaml file\n  hint      did you mean ganzhou-2035?\n",
        ),
        (["--input", "nothing.csv"], "nothing.csv: there is no such file\n  expected  a table of figures\n"),
        (
            ["--input", "README.md"],
            "README.md: files in .md are not read\n  expected  .csv, .parquet, .tsv, .tab, .txt, .xlsx, .xlsm, .xls, .et, .xlsb\n",
        ),
        (
            ["崇义县"],
            "--input: there are no figures of 崇义县\n  expected  --input FILE\n  hint      the set itself prints those of 360700\n",
        ),
        (
            ["360700", "2019"],
            "--input: there are no figures of 2019\n  expected  --input FILE\n  hint      the set itself prints those of 2020, 2021\n",
        ),
        (["--target", "2030"], "--target: ganzhou-2035 has no targets of 2030\n  expected  one of 2025, 2035\n"),
        (
            ["上犹", "2024", "--set", MINE, "--input", str(COUNTIES)],
            "PLACE: there are no figures of 360724 2024\n  expected  for 2024 the input has 360725, 360730, 360733\n",
        ),
        (
            ["崇义县", "2023", "--set", MINE, "--input", str(COUNTIES)],
            "PLACE: there are no figures of 360725 2023\n  expected  for 2023 the input has no place at all\n",
        ),
    ],
)
def test_wrong_questions_get_their_message(arguments: list[str], said: str, gep: Program) -> None:
    assert gep("indicators", *arguments, code=2).stderr == said + "1 problem\n"
    chinese = gep("indicators", *arguments, "--lang", "zh", code=2).stderr
    assert HAN.search(re.split("：|: ", chinese.partition("\n")[0], maxsplit=1)[1])
    assert left_in_english(chinese) == []


def test_a_wrong_set_gets_its_message(tmp_path: Path) -> None:
    text = (HERE / "mine.csv").read_text("utf-8")
    for old, new in (
        ("Cover,1", "Cover,1"),
        ("cover,1,", "Cover,one,"),
        ("ug/m^3,ug/m3,2020,,20", "ug/m^9x,ug/m3,2020,about,20"),
        ("<=25,<=assigned,lower", ">=25,<=assigned,lower"),
        (">=10,>=assigned", "text,>target_2025"),
    ):
        text = text.replace(old, new)
    twin = (HERE / "mine.yaml").read_text("utf-8").replace("id: mine", "id: Ganzhou_2035")
    (tmp_path / "mine.csv").write_bytes((HERE / "mine.csv").read_bytes())
    (tmp_path / "mine.yaml").write_text(twin, "utf-8")
    with pytest.raises(Problems, match="id is Ganzhou_2035, which is kept for the set that comes with the program"):
        load_set(str(tmp_path / "mine.yaml"))
    (tmp_path / "mine.csv").write_text(text, "utf-8")
    (tmp_path / "mine.yaml").write_text((HERE / "mine.yaml").read_text("utf-8").replace("360700", "990000"), "utf-8")
    with pytest.raises(Problems) as caught:
        load_set(str(tmp_path / "mine.yaml"))
    assert [(one.line, one.found) for one in caught.value.problems] == [
        (2, "id is 'Cover'"),
        (2, "number of Cover is 'one'"),
        (3, "base of air_centre is 'about'"),
        (3, "unit of air_centre is 'ug/m^9x': 'ug/m^9x' is not a unit"),
        (4, "reading_2025 of air_towns is '>=25', its direction is lower"),
        (5, "reading_2030 of plants is '>target_2025'"),
        (0, "region is '990000'"),
    ]
    check_both(caught.value)
    (tmp_path / "mine.yaml").write_text("id: 1\ntargets: x\nnew: 1\n", "utf-8")
    with pytest.raises(Problems) as caught:
        load_set(str(tmp_path / "mine.yaml"))
    assert len(caught.value.problems) > 3
    check_both(caught.value)


CASES_OF = st.fixed_dictionaries(
    {
        one.id: st.one_of(st.none(), st.floats(0, 100, allow_nan=False).map(lambda number: round(number, 3)))
        for one in GANZHOU.indicators
        if not one.readings[2025].is_text and not one.total and one.unit == "%"
    }
)


def figures(place: str, numbers: Mapping[str, float | None]) -> Figures:
    found: Figures = {}
    for one in GANZHOU.indicators:
        if one.readings[2025].is_text:
            continue
        number = numbers.get(one.id, 1.0)
        if number is not None:
            found[place, 2024, one.id, FIGURE] = Figure(
                place, 2024, one.id, FIGURE, number, "", str(number), one.unit, "s", "", "f:1"
            )
        found[place, 2020, one.id, FIGURE] = Figure(place, 2020, one.id, FIGURE, 1.0, "", "1", one.unit, "s", "", "f:1")
        found[place, 2021, one.id, FIGURE] = Figure(place, 2021, one.id, FIGURE, 1.0, "", "1", one.unit, "s", "", "f:1")
        found[place, 2025, one.id, TARGET] = Figure(place, 2025, one.id, TARGET, 50.0, "", "50", one.unit, "s", "", "f:1")
    return found


def oracle(wanted: IndicatorSet, numbers: dict[str, float | None]) -> float | None:
    """The score of a county whose every target is 50, written a second time."""
    above = below = 0.0
    for one in wanted.indicators:
        if one.readings[2025].is_text:
            continue
        number = numbers.get(one.id, 1.0)
        if number is None:
            return None
        reached = number >= 50 if one.direction == "higher" else number <= 50
        share = 1.0 if reached else number / 50 if one.direction == "higher" else 50 / number
        weight = 1 / sum(other.number == one.number for other in wanted.indicators)
        above, below = above + weight * share, below + weight
    return 100 * above / below


@settings(max_examples=tries(40, 1_000))
@given(CASES_OF, CASES_OF)
def test_a_score_is_the_hand_made_one_and_nothing_missing_is_zero(
    one: dict[str, float | None], two: dict[str, float | None]
) -> None:
    both = {**figures("360725", one), **figures("360730", two)}
    first, second = assess(both, GANZHOU, ["360725", "360730"], 2024, 2025)
    for found, numbers in ((first, one), (second, two)):
        expected = oracle(GANZHOU, numbers)
        assert (found.score is None) == (expected is None)
        assert {of_.id for of_, _ in found.lacking} == {name for name, number in numbers.items() if number is None}
        if expected is not None:
            assert found.score == pytest.approx(expected, rel=1e-12)
            assert 0 <= (found.score or 0) <= 100
    alone = assess(figures("360725", one), GANZHOU, ["360725"], 2024, 2025)[0]
    assert alone.score == first.score  # the same number whoever else is in the batch
    turned = assess(dict(reversed(both.items())), GANZHOU, ["360730", "360725"], 2024, 2025)
    assert [(found.place, found.score, found.rank) for found in turned] == [
        (found.place, found.score, found.rank) for found in (second, first)
    ]


@settings(max_examples=tries(30, 1_000))
@given(
    CASES_OF,
    st.floats(0, 100),
    st.sampled_from(sorted(one.id for one in GANZHOU.indicators if one.unit == "%" and not one.readings[2025].is_text)),
)
def test_a_better_figure_never_lowers_a_score(numbers: dict[str, float | None], other: float, identity: str) -> None:
    known = {name: 40.0 if number is None else number for name, number in numbers.items()}
    changed = {**known, identity: other}
    one = next(one for one in GANZHOU.indicators if one.id == identity)
    before, after = (
        assess(figures("360725", given_), GANZHOU, ["360725"], 2024, 2025)[0].score or 0 for given_ in (known, changed)
    )
    better = other >= known[identity] if one.direction == "higher" else other <= known[identity]
    assert (after >= before - 1e-9) if better else (after <= before + 1e-9)


def test_units_do_not_matter_and_parquet_is_read(tmp_path: Path) -> None:
    csv_path, parquet = tmp_path / "a.csv", tmp_path / "a.parquet"
    csv_path.write_text(HEADER + "360725,2024,forest_cover,88.2,%,s,,,\n360725,2024,growing_stock,1300,万立方米,s,,,\n", "utf-8")
    table = {
        "place": ["360725", "360725"],
        "year": [2024, 2024],
        "indicator": ["forest_cover", "活立木蓄积量"],
        "value": [0.882, 13e6],
        "unit": ["1", "m3"],
        "source": ["s", "s"],
    }
    pq.write_table(pa.table(table), parquet)
    one, two = read_figures([csv_path], GANZHOU), read_figures([parquet], GANZHOU)
    assert [(key, figure.number) for key, figure in one.items()] == [(key, figure.number) for key, figure in two.items()]
    assert [figure.number for figure in one.values()] == [88.2, 0.13]


DERIVED = """\
protected_wetland,2,受保护湿地,Protected wetland,,km^2,km2,2020,,,,text,text,none,yes,0,,row 5,K,,
wetland,2,湿地,Wetland,,km^2,km2,2020,,,,text,text,none,yes,0,,row 6,K,,
protection,2,湿地保护率,Protected share,,%,%,2020,,60,持续提升,>=60,>target_2025,higher,no,0,100,row 7,K,,protected_wetland / wetland
"""


def make_derived(folder: Path, formula: str = "protected_wetland / wetland") -> str:
    head, *_ = (HERE / "mine.csv").read_text("utf-8").splitlines()
    (folder / "mine.csv").write_text(f"{head},formula\n{DERIVED.replace('protected_wetland / wetland', formula)}", "utf-8")
    (folder / "mine.yaml").write_bytes((HERE / "mine.yaml").read_bytes())
    return str(folder / "mine.yaml")


def test_an_indicator_may_be_a_formula_of_others(tmp_path: Path, gep: Program) -> None:
    (tmp_path / "a.csv").write_text(
        HEADER
        + "360725,2024,protected_wetland,5000,ha,s,,,\n360725,2024,wetland,100,km2,s,,,\n360730,2024,wetland,100,km2,s,,,\n"
        + "360733,2024,wetland,0,km2,s,,,\n360733,2024,protected_wetland,0,km2,s,,,\n360781,2024,protection,75,%,s,,,\n",
        "utf-8",
    )
    done = json.loads(
        gep("indicators", "--set", make_derived(tmp_path), "--input", str(tmp_path / "a.csv"), "--format", "json").stdout
    )
    found = {one["place"]: (one["indicators"][2]["figure"], one["rank"]) for one in done["places"]}
    assert found["360725"][0]["value"] == 50  # ha over km2 gives per cent by their units alone
    assert found["360725"][0]["given"] == "protected_wetland / wetland"
    assert found["360725"][0]["address"].endswith("a.csv:2 " + str(tmp_path / "a.csv") + ":3")
    assert found["360730"] == (None, None)  # a part is missing: the share is missing, not zero
    assert found["360733"] == (None, None)  # nothing over nothing is no figure
    assert found["360781"][0]["value"] == 75
    assert [found[place][1] for place in ("360781", "360725")] == [1, 2]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (
            "protected_wetland * wetland",
            "rule protection: the formula gives km⁴, declared is % protection = protected_wetland × wetland",
        ),
        ("protected_wetland / wetlands", "there is no quantity 'wetlands' (column 21)"),
        ("protection / wetland", "there is no quantity 'protection' (column 1)"),
        ("wetland ** 2", "'wetland ** 2' is a power (column 1)"),
        ("__import__('os')", '"\'" is not a sign of a formula (column 12)'),
        ("protected_wetland /", "'protected_wetland /' is not a formula (column 20)"),
        ("1e3 * wetland", "'1e3' is not a decimal number (column 1)"),
        ("wetland = 2", "'wetland = 2' is not a formula (column 9)"),
    ],
)
def test_a_wrong_formula_gets_its_message(formula: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        load_set(make_derived(tmp_path, formula))
    assert [one.found for one in caught.value.problems] == [f"formula of protection: {said}"]
    assert caught.value.problems[0].line == 4


def test_a_workbook_is_read_with_its_cells(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "指标"
    sheet.append(["赣州市各县指标"])
    sheet.append(["行政区划代码", "年份", "指标名称", "口径", "数值", "单位", "数据来源"])
    sheet.append([360725, 2024, "森林覆盖率", None, 88.2, "%", "林业局"])
    sheet.append(["360725", "2024", "PM2.5浓度", "中心城区", "20", "ug/m3", "生态环境局"])
    book.create_sheet("说明").append(["随便写写"])
    book.save(tmp_path / "a.xlsx")
    found = read_figures([tmp_path / "a.xlsx"], GANZHOU)
    assert [(figure.indicator, figure.number, figure.address.rpartition("/")[2]) for figure in found.values()] == [
        ("forest_cover", 88.2, "a.xlsx!指标!E3"),
        ("pm25_central", 20.0, "a.xlsx!指标!E4"),
    ]
    sheet["E3"].value, sheet["E3"].number_format = 0.882, "0.0%"
    sheet["E4"].value = "#REF!"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Problems) as caught:
        read_figures([tmp_path / "a.xlsx"], GANZHOU)
    assert [(one.cell, one.found) for one in caught.value.problems] == [
        ("指标!E3", "value is 0.882 in a cell that shows a percentage"),
        ("指标!E4", "value is '#REF!'"),
    ]
    assert caught.value.problems[0].hint == "write 88.2 in a plain cell and % in the column of units"
    sheet["E3"].value, sheet["E3"].number_format = 88.2, "General"
    sheet["E4"].value, sheet["E4"].font = 20, Font(color="FFFFFF")
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Problems) as caught:
        read_figures([tmp_path / "a.xlsx"], GANZHOU)
    assert [(one.cell, one.found) for one in caught.value.problems] == [
        ("指标!E3", "the cell stands in a hidden row"),
        ("指标!E4", "the cell is written in the colour of its ground"),
    ]
    sheet["A2"].value = "县"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Problems, match="1 problem") as caught:
        read_figures([tmp_path / "a.xlsx"], GANZHOU)
    assert "no sheet has the headings of a table of figures\n  expected  the columns place (行政区划代码), year (年份)" in str(
        caught.value
    )


def test_equal_scores_share_a_rank(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    cells = [("360725", 80), ("360730", 90), ("360733", 40), ("360781", 70)]
    path.write_text(HEADER + "".join(f"{place},2024,cover,{cover},%,s,,,\n" for place, cover in cells), "utf-8")
    found = ask(load_set(MINE), [path], None, None, None, common=True).found
    assert [(one.place, one.rank) for one in found] == [("360725", 1), ("360730", 1), ("360733", 4), ("360781", 3)]


def test_without_a_year_several_years_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "360725,2023,forest_cover,88,%,s,,,\n360725,2024,forest_cover,88,%,s,,,\n", "utf-8")
    with pytest.raises(Problems) as caught:
        ask(GANZHOU, [path], None, None, None)
    assert str(caught.value).startswith("YEAR: the figures are of 2023, 2024\n  expected  one of them as YEAR")
    assert ask(GANZHOU, [path], None, 2024, None).target_year == 2025
    assert ask(GANZHOU, [path], None, 2024, 2035).target_year == 2035


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("95①", "① is no digit: leave the mark of a note out; write a power or a fraction out in plain digits"),
        ("10⁴", "⁴ is no digit: leave the mark of a note out; write a power or a fraction out in plain digits"),
        ("½", "½ is no digit: leave the mark of a note out; write a power or a fraction out in plain digits"),
        ("0,856", "write 0.856 if the comma is the decimal mark"),
        ("９５", "write 95"),
    ],
)
def test_a_hint_never_adds_digits(gep: Program, tmp_path: Path, written: str, hint: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(f'{HEADER}360700,2025,forest_cover,"{written}",%,公报,,,\n', "utf-8")
    done = gep("indicators", "--input", str(path), code=2)
    assert f"hint      {hint}\n" in done.stderr
