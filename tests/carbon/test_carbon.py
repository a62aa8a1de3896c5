"""Carbon stocks against hand calculations on published factors, unit traps, change by two methods, and credits apart from both."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import yaml
from conftest import Program
from doc_pages import run_examples
from languages import check_both

from gep.carbon.factors import look_up_class, read_equations
from gep.files.lists import read_list
from gep.messages.problems import Problems
from gep.paths import COEFFICIENTS
from gep.tasks.carbon import find_difference, find_flows, find_project, find_stocks
from gep.units.registry import UnitError, find_factor

HEAD = (
    "year,stratum,species,area,area_unit,volume,volume_unit,biomass,roots,carbon_fraction,dead_wood,litter,soil,land_use,source\n"
)
FIR = "2005,fir,杉木,2512320,hm2,144649780,m3,equation:chinese_fir,included,0.5,,,,,Hunan 2005\n"
PINE = "2005,pine,松,100,hm2,{volume},m3/hm2,bcef:pine,class:temperate_conifer,0.5,,,,,survey\n"


def write(folder: Path, *rows: str) -> Path:
    path = folder / "inventory.csv"
    path.write_text(HEAD + "".join(rows), "utf-8")
    return path


def test_hunan_fir_by_the_equation_of_zhejiang(tmp_path: Path) -> None:
    """(0.4652 x 144,649,780 / 2,512,320 + 19.141) x 0.5 t of carbon a hectare, by hand."""
    (stock,) = find_stocks([write(tmp_path, FIR)])
    assert stock.total.value("stock") == pytest.approx((0.4652 * 144649780 + 19.141 * 2512320) * 0.5, rel=1e-12)
    assert stock.total.value("stock_co2") == pytest.approx(stock.total.value("stock") * 44 / 12, rel=1e-15)
    parts = stock.strata[0].calculation.explain("live")
    origins = {one.symbol: one for part in parts for one in part.origins}
    assert origins["V"].address.endswith("inventory.csv:2")
    assert (origins["a"].address, origins["a"].mark) == ("coefficients/carbon/volume_biomass.csv:4", "V")


@pytest.mark.parametrize(
    ("volume", "factor", "ratio", "shown"),
    [
        (20.0, 1.8, 0.40, "0-20"),
        (20.01, 1.0, 0.40, "20-40"),
        (60.0, 0.75, 0.40, "40-100"),
        (100.0, 0.75, 0.29, "40-100"),
        (300.0, 0.7, 0.20, ">200"),
    ],
)
def test_factors_go_by_class_and_the_class_is_printed(
    tmp_path: Path, volume: float, factor: float, ratio: float, shown: str
) -> None:
    (stock,) = find_stocks([write(tmp_path, PINE.format(volume=volume))])
    assert stock.total.value("stock") == pytest.approx(100 * volume * factor * (1 + ratio) * 0.5, rel=1e-12)
    assert f"BCEF {factor} [{shown}]" in stock.strata[0].classes


def test_pools_that_were_not_surveyed_are_in_no_total_and_named(gep: Program, tmp_path: Path) -> None:
    other = "2005,oak,栎,10,hm2,50,m3/hm2,equation:oak,0.25,0.48,guangdong-2012,2 t_C/hm2,reference,rice,survey\n"
    path = write(tmp_path, FIR, other)
    (stock,) = find_stocks([path])
    oak = stock.strata[1]
    live = 10 * (1.1453 * 50 + 8.5473) * 1.25 * 0.48
    assert oak.stock("live") == pytest.approx(live)
    assert [oak.stock(name) for name in ("dead_wood", "litter", "soil")] == pytest.approx([7.3, 20, 10 * 63 * 1.35])
    soil, lacking = stock.pool("soil")
    assert soil == pytest.approx(850.5)
    assert lacking == ["fir"]
    text = gep("carbon", "stock", str(path)).stdout
    assert "soil not surveyed, not in the total: fir" in text
    assert "oak 栎 *" in text  # the reference of soils was seen in a program only
    found = json.loads(gep("carbon", "stock", str(path), "--format", "json").stdout)[0]
    assert found["pools"]["litter"] == {"t_C": 20.0, "not_surveyed": ["fir"]}
    assert found["by_species"]["栎"] == pytest.approx(live + 7.3 + 20 + 850.5)


@pytest.mark.parametrize(("prefix", "tonnes"), [("t", 1), ("Gg", 1e3), ("Tg", 1e6), ("Mt", 1e6), ("Pg", 1e9), ("Gt", 1e9)])
def test_prefixes_are_tonnes_of_their_own_element(prefix: str, tonnes: float) -> None:
    assert find_factor(f"{prefix}_C", "t_C") == tonnes
    assert find_factor(f"{prefix}_CO2", "t_CO2") == tonnes
    with pytest.raises(UnitError):
        find_factor(f"{prefix}_C", "t_CO2")


def test_zhejiang_in_the_unit_it_prints_and_guangdong_in_the_one_it_does_not_mean(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text(
        "year,kind,item,amount,unit,source\n2015,gain,growth,602.73,Tg_C,paper\n2015,loss,harvest,0,t_C,paper\n", "utf-8"
    )
    assert find_flows(path)[0].calculation.value("gain_loss") == pytest.approx(602.73e6)
    row = FIR.replace(",0.5,,", ",0.5,0.73 Pg_C/hm2,")
    with pytest.raises(Problems, match=r"dead_wood is '0\.73 Pg_C/hm2'"):
        find_stocks([write(tmp_path, row)])


def test_a_change_with_changing_area_is_that_of_jilin(tmp_path: Path) -> None:
    """Cs = (S2 - S1) / ((t2 - t1) A1 + (1 + 2 + ... + n) dA), year by year."""
    later = FIR.replace("2005", "2010", 1).replace("2512320", "2600000").replace("144649780", "160000000")
    found = find_difference([write(tmp_path, FIR, later)], 2005, 2010)
    row = found.row(0)
    first, last = ((0.4652 * v + 19.141 * a) * 0.5 for v, a in ((144649780, 2512320), (160000000, 2600000)))
    a_year = (2600000 - 2512320) / 5
    assert row["change_t_C_a"] == pytest.approx((last - first) / 5)
    assert row["change_t_CO2_a"] == pytest.approx((last - first) / 5 * 44 / 12)
    assert row["area_change_hm2_a"] == pytest.approx(a_year)
    assert row["rate_t_C_hm2_a"] == pytest.approx((last - first) / (5 * 2512320 + math.fsum(range(6)) * a_year))


def test_gains_and_losses_come_in_carbon_or_carbon_dioxide(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text(
        "year,kind,item,amount,unit,source\n2015,gain,growth,44,Gg_CO2,a\n2015,loss,harvest,2,万t_C,b\n2015,loss,fire,1000,t_C,c\n",
        "utf-8",
    )
    (found,) = find_flows(path)
    assert found.calculation.value("gain_loss") == pytest.approx(12000 - 20000 - 1000)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",0.5,", ",47,", "carbon_fraction is '47'"),
        ("included", "", "roots is missing"),
        ("included", "class:subtropical_humid", "roots is 'class:subtropical_humid'"),
        ("equation:chinese_fir", "equation:fir", "one of masson_pine"),
        ("equation:chinese_fir", "bcef:fir", "one of hardwood"),
        ("144649780,m3", "144649780,m3/hm2", "m3 a hectare"),
        ("144649780,m3", "144649780,kg", "unit of volume is 'kg'"),
        ("2512320", "0", "area is '0'"),
        ("2005", "205", "year is '205'"),
        (",Hunan 2005", ",", "source is missing"),
        ("144649780", "144,649,780", "row"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_stocks([write(tmp_path, FIR.replace(old, new, 1))])
    assert said in str(caught.value)
    check_both(caught.value)


def test_inventories_that_cannot_be_compared_are_refused(tmp_path: Path) -> None:
    later = FIR.replace("2005", "2010", 1)
    with pytest.raises(Problems, match="there is no inventory of 2011"):
        find_difference([write(tmp_path, FIR, later)], 2005, 2011)
    with pytest.raises(Problems, match="is not in the inventory of 2005"):
        find_difference([write(tmp_path, FIR, later, later.replace("fir,", "oak,", 1))], 2005, 2010)
    with pytest.raises(Problems, match="the pools are"):
        find_difference([write(tmp_path, FIR, later.replace(",0.5,,", ",0.5,guangdong-2012,"))], 2005, 2010)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2015,loss,harvest,3,Tg,b", "a mass of something"),
        ("2015,loss,harvest,3,Tg_DM,b", "unit of amount"),
        ("2015,gain,more,3,t_C,b", "2015 has no loss"),
        ("2015,gain,growth,3,t_C,b", "stands twice"),
        ("2015,sink,harvest,3,t_C,b", "kind is 'sink'"),
        ("2015,loss,harvest,3,t_C,", "source is missing"),
        ("2015,loss,harvest,-3,t_C,b", "amount is '-3'"),
    ],
)
def test_flows_that_cannot_be_meant_are_refused(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "flows.csv"
    path.write_text(f"year,kind,item,amount,unit,source\n2015,gain,growth,44,Gg_CO2,a\n{row}\n", "utf-8")
    with pytest.raises(Problems) as caught:
        find_flows(path)
    assert said in str(caught.value)
    check_both(caught.value)


PROJECT = {
    "project": "吉水林业碳汇",
    "scheme": "ccer",
    "methodology": "CCER-14-001-V01",
    "vintage": 2021,
    "removal": "900 t_CO2",
    "baseline": "100 t_CO2",
    "leakage": "20 t_CO2",
    "buffer": "5 %",
    "additionality": "无补贴难以实施",
    "source": "核算报告",
}


def write_project(folder: Path, **changed: object) -> Path:
    path = folder / "project.yaml"
    path.write_text(yaml.safe_dump({**PROJECT, **changed}, allow_unicode=True), "utf-8")
    return path


def test_tonnes_of_a_project_enter_the_register_once(gep: Program, tmp_path: Path) -> None:
    path = write_project(tmp_path)
    paper = ("--from", "2025-03-01", "--party", "甲公司", "--document", "合同9", "--store", gep.store)
    found = json.loads(gep("carbon", "register", str(path), "sold", "--tonnes", "1-700", *paper, "--format", "json").stdout)
    assert (found["whole_tonnes"], found["entry"], found["tonnes"]) == (741, 1, [1, 700])
    assert "already encumbered" in gep("carbon", "register", str(path), "sold", "--tonnes", "700-741", *paper, code=2).stderr
    assert "does not exist" in gep("carbon", "register", str(path), "sold", "--tonnes", "701-742", *paper, code=2).stderr
    listed = json.loads(gep("encumber", "list", "--store", gep.store, "--format", "json").stdout)["entries"]
    assert [one["subject"]["vintage"] for one in listed] == [2021]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"removal": "900 t_C"}, "unit of removal is 't_C'"),
        ({"removal": "110 t_CO2"}, "comes to"),
        ({"buffer": "5"}, "buffer is '5'"),
        ({"additionality": " "}, "additionality is missing"),
        ({"scheme": "vcs2"}, "scheme"),
        ({"leakge": "1"}, "leakge is not known here"),
    ],
)
def test_a_project_that_cannot_be_meant_is_refused(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_project(write_project(tmp_path, **changed))
    assert said in str(caught.value)
    check_both(caught.value)


def test_every_factor_has_a_source_that_resolves() -> None:
    sources = yaml.safe_load((COEFFICIENTS / "sources.yaml").read_text("utf-8"))
    rows = [row for path in sorted((COEFFICIENTS / "carbon").glob("*.csv")) for row in read_list(path)]
    assert {row["source"] for row in rows} <= set(sources)
    assert {row["mark"] for row in rows} <= {"V", "V-c"}
    assert len(read_equations()) == 12
    assert look_up_class("root_shoot", "temperate_broadleaf", 75.0).value == 0.46


def test_the_examples_of_the_page_are_what_the_program_prints(gep: Program, tmp_path: Path) -> None:
    assert run_examples(gep, "carbon.md", tmp_path) == 4
