"""An account without prices shows its quantities wherever it is shown; totals of equivalent factors are called so wherever they are."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from conftest import Program

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
FIGURES = "{county},{year},area,shrub,,,1000,km2,x,\n{county},{year},runoff_producing_rainfall,,,,{rain},mm,x,\n{county},{year},surface_runoff,,,,300,mm,x,\n{county},{year},evapotranspiration,,,,500,mm,x,\n"


def plain(text: str) -> str:
    return "".join(text.split())


def read_page(path: Path) -> str:
    text = re.sub(r"<style.*?</style>|<svg.*?</svg>|<[^>]+>", "", path.read_text("utf-8"), flags=re.DOTALL)
    return plain(unescape(text))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from gep.store.store import Store
    from gep.tasks.run import run_files

    folder = tmp_path_factory.mktemp("quantities")
    table = folder / "in.csv"
    given = (("361027", 2022, 1000), ("361027", 2023, 1100), ("360921", 2022, 1200))
    table.write_text(HEAD + "".join(FIGURES.format(county=county, year=year, rain=rain) for county, year, rain in given), "utf-8")
    run_files(Store(str(folder / "a.duckdb")), (table,), "hj1173-2021", None, "", lambda _: None, current_only=True)
    return folder / "a.duckdb"


@pytest.mark.parametrize(
    ("call", "zh", "en"),
    [
        (("list",), "361027金溪县2022hj1173-2021只有实物量1/3", "361027Jinxi2022hj1173-2021quantityonly1/3"),
        (("rank", "江西", "2022", "--by", "water_conservation"), "1360921奉新县400,000,000", "1360921Fengxin400,000,000"),
        (("rank", "江西", "2022", "--by", "water_conservation.quantity"), "水源涵养：实物量", "Waterconservation:quantity"),
        (("rank", "江西", "2022"), "按实物量排名", "--bySERVICE.quantityranksthem"),
        (("show", "江西", "2022"), "水源涵养部分县2/26.00亿m³/年", "Waterconservationpartial2/2600"),
        (("neighbours", "361027", "2022"), "水源涵养361027金溪县2.00亿m³/年", "Waterconservation361027Jinxi200,000,000.00m³/yr"),
        (("compare", "361027", "2022", "2023"), "水源涵养2.00亿m³/年3.00亿m³/年+50.0%", "+50.0%"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_quantities_stand_where_values_would(gep: Program, store: Path, call: tuple[str, ...], zh: str, en: str) -> None:
    assert zh in plain(gep(*call, "--store", str(store), "--lang", "zh").stdout)
    assert en in plain(gep(*call, "--store", str(store), "--lang", "en").stdout)


def test_a_report_and_a_yearbook_say_quantities(gep: Program, store: Path, tmp_path: Path) -> None:
    one, many = tmp_path / "one.html", tmp_path / "many.html"
    gep("report", "361027", "2022", "--store", str(store), "--lang", "zh", "--output", str(one))
    page = read_page(one)
    assert "已有实物量的服务（不计价）1/3项" in page
    assert "没有任何一项服务" not in page
    gep("report", "江西", "2022", "--store", str(store), "--lang", "zh", "--output", str(many))
    page = read_page(many)
    assert "江西省2个县有2022年的实物量，没有价值总值" in page
    assert "水源涵养26.00亿m3/年" in page
    assert "水源涵养只有实物量：2.00亿m3/年" in page
    assert "没有任何一个县" not in page


def test_a_ranking_of_unknown_quantities_is_refused(gep: Program, store: Path) -> None:
    said = gep("rank", "江西", "2022", "--by", "water_conservatio.quantity", "--store", str(store), "--lang", "en", code=2)
    assert "there is no figure" in said.stderr + said.stdout


EQUIVALENTS = """{county},2020,area,forest,,,1000,km2,x,
{county},2020,value_equivalent,forest,,供给,2.5,1,x,
{county},2020,equivalent_factor_value,,,,3000,CNY/ha/yr,x,
{county},2020,regional_correction,,,,1,1,x,
{county},2020,biomass_correction,forest,,,1,1,x,
"""


def test_totals_of_equivalents_are_called_so_in_ranking_and_yearbook(gep: Program, tmp_path: Path) -> None:
    table, store, book = tmp_path / "in.csv", str(tmp_path / "a.duckdb"), tmp_path / "y.html"
    table.write_text(HEAD + "".join(EQUIVALENTS.format(county=county) for county in ("361027", "360921")), "utf-8")
    gep("run", str(table), "--standard", "equivalent-factors", "--store", store)
    ranked = plain(gep("rank", "江西", "2020", "--store", store, "--lang", "zh").stdout)
    assert "equivalent-factors当量因子法价值（非生态产品总值）" in ranked
    gep("report", "江西", "2020", "--store", store, "--lang", "zh", "--output", str(book))
    page = read_page(book)
    assert page.count("当量因子法价值（不是GEP）") >= 4
    assert "生态产品总值合计" not in page


def test_a_place_without_values_has_no_column_of_money(gep: Program, store: Path) -> None:
    shown = gep("show", "江西", "2022", "--store", str(store), "--lang", "zh").stdout
    assert "亿元" not in shown
    assert "—" not in shown
    assert "  只有实物量；标准没有价格\n" in shown
