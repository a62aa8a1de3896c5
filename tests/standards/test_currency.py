"""Accounts in another currency than the yuan: computed in it, said everywhere, never converted without a sourced rate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from conftest import Program

from gep.messages.problems import Problems
from gep.messages.texts import say_in
from gep.tasks.compute import compute, read_inputs
from gep.units.currencies import find_currencies, read_as_money, read_currency_of, show_money

if TYPE_CHECKING:
    from pathlib import Path

STANDARD = """id: coast
title: {zh: 海岸标准, en: Coast}
number: 试〔2024〕1号
source: rules
sources: {rules: {title: 试点办法}}
mark: V
currency: USD
exchange_rates:
  - {currency: CNY, value: 0.145, year: 2020, source: 国家外汇管理局, date: "2020-12-31", mark: V}
coefficients:
  reef_value:
    title: {zh: 单位价值, en: Value of a hectare}
    unit: USD/ha/yr
    axes: [ecosystem]
    values: [{value: 100, unit: 美元_2020/ha/yr, ecosystem: wetland, source: rules, locator: 表1, mark: V}]
lines:
  other_regulating.reef:
    title: {zh: 海岸, en: Coast}
    ecosystems: [wetland]
    quantity: area
    price: reef_value
services:
  other_regulating: {mark: V, clause: 第1条}
  agricultural_products: {mark: V, variants: {agricultural_products.output_value: gross_output}}
"""
HEAD = "county,year,variable,ecosystem,value,unit,source\n361027,2020,area,wetland,1000,ha,s\n"


def write(folder: Path, rows: str, standard: str = STANDARD) -> tuple[Path, str]:
    (folder / "coast.yaml").write_text(standard, "utf-8")
    (folder / "figures.csv").write_text(HEAD + rows, "utf-8")
    return folder / "figures.csv", str(folder / "coast.yaml")


def test_money_is_read_and_printed_by_its_name() -> None:
    assert [find_currencies(text) for text in ("万美元_2020/t", "元/吨", "CNY_2020", "USD/km2", "单元", "mm")] == [
        {"USD"},
        {"CNY"},
        {"CNY"},
        {"USD"},
        set(),
        set(),
    ]
    assert read_as_money("万美元_2020/吨", "USD") == "万CNY_2020/吨"
    assert show_money("2.00 亿元,1 个单元,3 元/年,CNY/yr", "USD") == "2.00 亿美元,1 个单元,3 美元/年,USD/yr"


def test_an_account_in_dollars_says_so_everywhere(gep: Program, tmp_path: Path) -> None:
    figures, standard = write(tmp_path, "361027,2020,agricultural_output_value,,2,亿元,s\n")
    gep("run", str(figures), "--standard", standard, "--store", gep.store)
    head = json.loads(gep("list", "--store", gep.store, "--format", "json").stdout)[0]
    assert (head["gep"], head["value_unit"], read_currency_of(head["standard"])) == (pytest.approx(29.1e6), "USD/yr", "USD")
    assert "0.2910 USD" in gep("list", "--store", gep.store).stdout
    assert "value (1e8 USD)" in gep("show", "361027", "2020", "--store", gep.store).stdout
    assert "数值（亿美元）" in gep("rank", "Jiangxi", "2020", "--standard", "coast", "--store", gep.store, "--lang", "zh").stdout
    traced = gep("trace", "361027", "2020", "agricultural_products", "--store", gep.store)
    assert "= 29,000,000 USD/yr" in traced.stdout
    assert "CNY" not in gep("standards", "show", standard).stdout
    rows = json.loads(
        gep("query", "SELECT DISTINCT value_unit FROM gep_service", "--store", gep.store, "--format", "json").stdout
    )
    assert rows == [{"value_unit": "USD/yr"}]
    note = json.loads(
        gep("query", "SELECT note FROM gep_input WHERE note <> ''", "--store", gep.store, "--format", "json").stdout
    )
    assert "2 亿元, 1 CNY = 0.145 USD (国家外汇管理局, 2020-12-31 [V])" in note[0]["note"]
    page = tmp_path / "r.html"
    gep("report", "361027", "2020", "--standard", "coast", "--store", gep.store, "-o", str(page), "--lang", "zh")
    text = page.read_text("utf-8")
    assert "美元 (USD)" in text
    assert ">亿元" not in text
    certificate = tmp_path / "c.json"
    gep("certificate", "361027", "2020", "--standard", "coast", "--store", gep.store, "-o", str(certificate))
    assert "29,100,000.00 USD/yr" in gep("verify", str(certificate)).stdout


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        ("361027,2021,agricultural_output_value,,2,亿元,s\n", "the unit is 亿元: money in CNY", "单位是 亿元，为 CNY"),
        ("361027,2020,agricultural_output_value,,2,EUR,s\n", "the unit is EUR: money in EUR", "单位是 EUR，为 EUR"),
    ],
)
def test_nothing_is_converted_without_a_rate(tmp_path: Path, rows: str, english: str, chinese: str) -> None:
    figures, standard = write(tmp_path, rows)
    with pytest.raises(Problems) as error:
        read_inputs([figures], standard)
    assert [str(one.found) for one in error.value.problems] == [english]
    assert chinese in say_in(error.value.problems[0].found, "zh")


def test_an_account_in_yuan_takes_no_dollars(tmp_path: Path) -> None:
    figures, _ = write(tmp_path, "361027,2020,agricultural_output_value,,2,亿美元,s\n")
    with pytest.raises(Problems) as error:
        read_inputs([figures])
    assert "money in USD" in error.value.problems[0].found
    assert "a standard that states a rate of USD in 2020" in error.value.problems[0].expected


@pytest.mark.parametrize(
    ("old", "new", "english"),
    [
        ("currency: USD\n", "currency: XYZ\n", "currency is 'XYZ'"),
        ("unit: USD/ha/yr", "unit: CNY/ha/yr", "CNY/ha/yr is money in CNY"),
        ("{currency: CNY,", "{currency: USD,", "the rate is of USD"),
        ("currency: USD\n", "currency: USD\nprice_index: cpi\n", "price_index is cpi, which is one of the yuan"),
        (', date: "2020-12-31"', "", "date"),
    ],
)
def test_a_standard_is_of_one_currency(tmp_path: Path, old: str, new: str, english: str) -> None:
    figures, standard = write(tmp_path, "", STANDARD.replace(old, new, 1))
    with pytest.raises(Problems) as error:
        compute(read_inputs([figures]), standard)
    assert any(english in str(one.found) or english in str(one.expected) for one in error.value.problems)


IN_YUAN = """id: tax
title: {zh: 碳税, en: Tax}
source: as-entered
mark: V
exchange_rates: [{currency: USD, value: 6.2, year: 2013, source: 国家外汇管理局, date: "2013-12-31", mark: V}]
variables: {kept: {title: {zh: 固碳, en: Kept}, unit: t_C/yr, department: 林业局}}
coefficients:
  tax: {title: {zh: 碳税, en: Tax}, unit: CNY/t_C, values: [{value: 150, low: 100, unit: USD_2013/t_C, source: paper, mark: V}]}
lines: {other_regulating.kept: {title: {zh: 固碳, en: Kept}, quantity: kept, price: tax}}
services: {other_regulating: {mark: V}}
"""


def test_a_value_of_the_file_is_converted_by_the_rate_of_its_year(gep: Program, tmp_path: Path) -> None:
    figures, standard = write(tmp_path, "361027,2013,kept,,10,t_C,s\n", IN_YUAN)
    gep("run", str(figures), "--standard", standard, "--store", gep.store)
    said = gep("trace", "361027", "2013", "other_regulating", "--store", gep.store, "--lang", "en").stdout
    assert "= 9,300 CNY/yr" in said
    assert "150 USD_2013/t_C, 1 USD = 6.2 CNY (国家外汇管理局, 2013-12-31 [V])" in " ".join(said.split())
    (tmp_path / "t.yaml").write_text(IN_YUAN.replace("year: 2013, source: 国家", "year: 2012, source: 国家"), "utf-8")
    refused = gep("standards", "check", str(tmp_path / "t.yaml"), code=2).stderr
    assert "USD_2013/t_C is money in USD" in refused
    assert "exchange_rates: with the rate of 2013" in refused


def test_an_index_nobody_knows_is_refused_and_index_rows_where_prices_count_as_printed(gep: Program, tmp_path: Path) -> None:
    figures, standard = write(
        tmp_path, "361027,2013,kept,,10,t_C,s\n", IN_YUAN.replace("mark: V\nexchange", "mark: V\nprice_index: cpi2\nexchange")
    )
    said = gep("standards", "check", standard, code=2).stderr
    assert "price_index is 'cpi2'" in said
    assert "1 problem" in said
    figures, standard = write(tmp_path, "", IN_YUAN.replace("mark: V\nexchange", "mark: V\nprice_index: as-printed\nexchange"))
    head = "county,year,variable,product,value,unit,source\n361027,2015,kept,,10,t_C,s\n"
    figures.write_text(head + "361027,2015,price_index,2014,102,%,s\n", "utf-8")
    said = gep("run", str(figures), "--standard", standard, "--store", gep.store, code=2).stderr
    assert "the standard takes prices as they are printed" in said
    figures.write_text(head, "utf-8")
    gep("run", str(figures), "--standard", standard, "--store", gep.store)
    assert "= 9,300 CNY/yr" in gep("trace", "361027", "2015", "other_regulating", "--store", gep.store, "--lang", "en").stdout
    said = gep("run", str(figures), "--standard", standard, "--store", gep.store, "--price-year", "2010", code=2).stderr
    assert "prices of 2010 are asked for" in said


ROWS = "county,year,variable,product,value,unit,source\n"
RATE = "361027,2020,exchange_rate,USD,6.9,CNY/USD,国家外汇管理局 2020-12-31\n"
VALUE = "361027,2020,agricultural_output_value,,2,{unit},s\n"


def test_a_rate_among_the_figures_converts_them_and_is_said(gep: Program, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(ROWS + RATE + VALUE.format(unit="亿美元"), "utf-8")
    gep("run", str(tmp_path / "f.csv"), "--store", gep.store)
    said = gep("trace", "361027", "2020", "agricultural_products", "--store", gep.store, "--lang", "en").stdout
    assert "= 1,380,000,000 CNY/yr" in said
    assert "2亿美元,1USD=6.9CNY(国家外汇管理局2020-12-31" in "".join(said.split())
    assert "f.csv:2" in "".join(said.split())
    (tmp_path / "f.csv").write_text(ROWS + RATE.replace("USD,6.9", "USD_2015,6.2") + VALUE.format(unit="亿USD_2015"), "utf-8")
    gep("run", str(tmp_path / "f.csv"), "--store", gep.store, "--reason", "other money")
    said = gep("trace", "361027", "2020", "agricultural_products", "--store", gep.store, "--lang", "en").stdout
    assert "2亿USD_2015,1USD=6.2CNY" in "".join(said.split())


@pytest.mark.parametrize(
    ("rate", "unit", "english"),
    [
        (RATE.replace("国家外汇管理局 2020-12-31", "-"), "亿美元", "an exchange rate names no source"),
        (RATE.replace("CNY/USD", "USD/CNY"), "亿美元", "the unit of an exchange rate is 'USD/CNY'"),
        (RATE.replace("CNY/USD", ""), "亿美元", "the unit of an exchange rate is ''"),
        (RATE.replace("CNY/USD", "元/100美元"), "亿美元", "the unit of an exchange rate is '元/100美元'"),
        (RATE.replace(",6.9,", ",0,"), "亿美元", "an exchange rate is '0'"),
        (RATE.replace(",6.9,", ",约7,"), "亿美元", "an exchange rate is '约7'"),
        (RATE.replace("USD,6.9", "XYZ,6.9"), "亿美元", "an exchange rate is of 'XYZ'"),
        (RATE.replace("USD,6.9", "CNY,1"), "亿美元", "an exchange rate is of 'CNY'"),
        (RATE + RATE, "亿美元", "the exchange rate of USD in 2020 is given twice"),
        (RATE, "亿元", "the exchange rate of USD in 2020 converts no figure"),
        (RATE.replace("361027,2020", "361027,2019"), "亿美元", "money in USD"),
        (RATE.replace("361027", "360921"), "亿美元", "money in USD"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(tmp_path: Path, rate: str, unit: str, english: str) -> None:
    (tmp_path / "f.csv").write_text(ROWS + rate + VALUE.format(unit=unit), "utf-8")
    with pytest.raises(Problems) as error:
        read_inputs([tmp_path / "f.csv"])
    assert english in " ".join(str(one.found) for one in error.value.problems)


def test_what_an_own_parameter_lacks_is_said_by_its_title(gep: Program, tmp_path: Path) -> None:
    text = IN_YUAN.replace("mark: V\nexchange", "mark: V\nprice_index: none\nexchange")
    figures, standard = write(tmp_path, "361027,2015,kept,,10,t_C,s\n", text)
    gep("run", str(figures), "--standard", standard, "--store", gep.store)
    shown = gep("show", "361027", "2015", "--store", gep.store, "--lang", "zh").stdout
    assert "碳税（tax）无折算到2015年的价格指数" in "".join(shown.split())
    traced = gep("trace", "361027", "2015", "other_regulating", "--store", gep.store, "--lang", "zh")
    assert "碳税（tax）" in "".join((traced.stdout + traced.stderr).split())
