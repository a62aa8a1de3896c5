"""The form of a standard of one's own, and what rows are called: every title that a form offers is read again, or refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from openpyxl import load_workbook
from workbooks import FIRST, MEMBER, SOURCE, TITLE, UNIT, VALUE

from gep.inputs.read import gather
from gep.inputs.workbook.layout import list_titles_of
from gep.standards.standard import load_standard

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

HEAD = 3
LIST = 8
"""Column of the sheet 适用性 in which all that may be chosen is listed."""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The standard that docs/standards.md writes out."""
    found = re.search(r"<!-- example -->\n```yaml\n(.*?)```", (ROOT / "docs" / "standards.md").read_text("utf-8"), re.DOTALL)
    assert found
    path = tmp_path / "tea-county.yaml"
    path.write_text(found[1], "utf-8")
    return path


def _join(said: str) -> str:
    """Return what was printed without the breaks of its lines."""
    return "".join(said.split())


def _fill(path: Path, target: Path, **sheets: list[dict[int, object]]) -> None:
    """Write rows into the spare rows of sheets."""
    book: Any = load_workbook(path)
    for name, rows in sheets.items():
        sheet = book[name]
        spare = [at for at in range(FIRST, sheet.max_row + 1) if not sheet.cell(at, TITLE).value]
        for at, row in zip(spare, rows, strict=False):
            for column, value in row.items():
                sheet.cell(at, column).value = value
    book.save(target)


@pytest.mark.parametrize(
    ("county", "standard"), [("莲花县", "ndrc-2022"), ("昌江黎族自治县", "mee-2020"), ("若尔盖县", "tea-county.yaml")]
)
def test_every_title_that_a_form_offers_is_read_again(
    gep: Program, tmp_path: Path, own: Path, county: str, standard: str
) -> None:
    named = str(own) if standard == own.name else standard
    path, target = tmp_path / "form.xlsx", tmp_path / "filled.xlsx"
    gep("new", county, "2021", "--standard", named, "-o", str(path))
    chosen = load_standard(named)
    titles = list_titles_of(chosen)
    book: Any = load_workbook(path)
    sheet = book["适用性"]
    offered = [sheet.cell(at, LIST).value for at in range(HEAD + 1, sheet.max_row + 1) if sheet.cell(at, LIST).value]
    lines = {line.id: service for service, one in chosen.known_services.items() for line in one.lines}
    for title in offered:
        identity = titles[title]
        assert identity in chosen.applicable
        if "：" in title:  # a line stands under its own service
            assert title.partition("：")[0] == chosen.known_services[lines[identity]].title.zh
    assert len(offered) == len(set(offered)) > 2
    about = book["说明"]
    assert all(titles[about.cell(at, 2).value] == about.cell(at, 1).value for at in range(HEAD + 1, about.max_row + 1))
    row = {TITLE: offered[-1], 3: "不适用", 5: "经核实没有"}
    _fill(path, target, 适用性=[row])
    inputs, problems = gather([target], chosen.known_leaves, chosen.applicable, titles=titles)
    assert not problems
    assert list(inputs.inapplicable["id"]) == [titles[offered[-1]]]


def test_a_title_that_nothing_is_called_is_refused_with_the_likest(gep: Program, tmp_path: Path) -> None:
    path, target = tmp_path / "form.xlsx", tmp_path / "filled.xlsx"
    gep("new", "莲花县", "2021", "-o", str(path))
    figure = {TITLE: "农业产品产量", MEMBER: "大豆", UNIT: "吨", VALUE: 8, SOURCE: "年鉴"}
    _fill(path, target, 农业农村局=[figure], 适用性=[{TITLE: "景观增植", 3: "不适用"}])
    said = _join(gep("check", str(target), "--lang", "zh", code=2).stdout)
    assert "该行指标为“农业产品产量”，没有这样的指标" in said
    assert "是否为农业产品产量(重量)？" in said
    assert "适用性!B4该行指标为“景观增植”" in said
    assert "是否为景观增值？" in said
    assert gep("run", str(target), "--store", str(tmp_path / "a.duckdb"), code=2).stderr.count("nothing is called so") == 2


def test_a_form_of_an_own_standard_says_which_file_is_meant(gep: Program, tmp_path: Path, own: Path) -> None:
    path, target = tmp_path / "form.xlsx", tmp_path / "filled.xlsx"
    gep("new", "若尔盖县", "2021", "--standard", str(own), "-o", str(path))
    figure = {TITLE: "干物质年增量", MEMBER: "竹林", UNIT: "吨", VALUE: 8, SOURCE: "年鉴2021"}
    _fill(path, target, 林业局=[figure], 适用性=[{TITLE: "其他调节服务：水土流失损失", 3: "不适用", 5: "没有"}])
    for command in ("check", "run"):
        done = gep(command, str(target), "--store", str(tmp_path / "a.duckdb"), code=2)
        said = _join(done.stdout + done.stderr)
        assert "封面!B6" in said
        assert "nameitsfile:--standardtea-county.yaml" in said
        assert "dry_matter" not in said
        assert "nothingiscalledso" not in said
    assert "dry_matter" not in gep("check", str(target), "--standard", str(own), "--lang", "zh").stdout.split("尚缺")[0]


def test_figures_of_an_own_standard_are_held_against_last_year(gep: Program, tmp_path: Path, own: Path) -> None:
    store = str(tmp_path / "a.duckdb")
    head = "county,year,variable,ecosystem,value,unit,source\n"
    for year, tonnes in ((2020, 300), (2021, 2_700)):
        rows = f"513232,{year},area,forest/油茶林,120,公顷,x\n513232,{year},dry_matter,forest/油茶林,{tonnes},t,x\n"
        (tmp_path / f"{year}.csv").write_text(head + rows, "utf-8")
    gep("run", str(tmp_path / "2020.csv"), "--standard", str(own), "--store", store)
    said = _join(gep("check", str(tmp_path / "2021.csv"), "--standard", str(own), "--store", store, "--lang", "zh").stdout)
    assert "干物质年增量（dry_matter）为2,700，上年为300t/yr，是上年的9" in said
    assert "CNY" not in said


def test_prices_are_in_the_currency_of_the_standard(gep: Program, tmp_path: Path) -> None:
    own = tmp_path / "bay.yaml"
    own.write_text(
        "id: bay\ntitle: {zh: 湾, en: Bay}\nsource: bay\nsources: {bay: {title: Bay rules}}\nmark: V\ncurrency: USD\n"
        "coefficients:\n  reef_value:\n    title: {zh: 礁值, en: Reef value}\n    unit: USD/ha/yr\n    axes: [ecosystem]\n"
        "    values: [{value: 30, unit: USD_2020/ha/yr, ecosystem: forest, source: bay, mark: V}]\n"
        "lines:\n  other_regulating.reef: {title: {zh: 礁, en: Reef}, quantity: area, price: reef_value}\n"
        "services:\n  other_regulating: {mark: V}\n"
        "  carbon_sequestration: {mark: V, variants: {carbon_sequestration.amount: nep}}\n",
        "utf-8",
    )
    gep("new", "210602", "2020", "--standard", str(own), "-o", str(tmp_path / "form.xlsx"))
    sheet = load_workbook(tmp_path / "form.xlsx")["本地参数"]
    assert "30 美元(2020)/ha/年 [V] bay" in [cell.value for cell in sheet["F"]]
    table = tmp_path / "a.csv"
    table.write_text("county,year,variable,ecosystem,value,unit,source\n210602,2020,area,lake,10,km2,x\n", "utf-8")
    said = _join(gep("check", str(table), "--standard", str(own), "--lang", "zh").stdout)
    assert "（carbon_price，USD/tCO₂）" in said
    assert "（carbon_price）没有参考值" in said
    assert "30USD_2020/ha/yr" in said
    assert "元" not in said
