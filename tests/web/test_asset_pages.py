"""What lies behind the flows, and products and alerts, on pages: the figures of the commands, and nothing stored that nobody sent to be kept."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Program
from doc_pages import read_blocks
from kept_stores import make_moved, make_once
from openpyxl import load_workbook
from platform_site import Platform, make_site, words_of

VALUATION = "convention: perpetuity-mid-year\nrates: [{rate: 3 %}]\ngrowth: 0 %\nauthor: 王五\nbasis: 试算\n"


@pytest.fixture
def years(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Platform]:
    """A platform whose county has two years."""
    made = Platform(make_site(make_once(tmp_path_factory, "moved-areas", make_moved) / "gep.duckdb", tmp_path))
    yield made
    made.close()


def of_docs(page: str, name: str) -> tuple[str, bytes]:
    return name, read_blocks(page)[name].encode()


def test_the_extent_of_two_years_stands_as_the_command_prints_it(years: Platform) -> None:
    page = years.visit("wu").get("/361027/2022/assets")
    assert page.status_code == 200
    words = words_of(page)
    assert "范围：各类生态系统面积" in words
    assert "200.00" in words
    assert "−200.00" in words
    assert "仅有净变化" in words
    assert "<option selected>2021</option>" in page.text


def test_value_condition_and_carbon_are_computed_with_what_is_brought(years: Platform, gep: Program, tmp_path: Path) -> None:
    accountant = years.visit("zhang")
    before = years.app.state.site.keeper.find_state()
    sent = {
        "quality": of_docs("assets.md", "quality.csv"),
        "water": of_docs("assets.md", "water.csv"),
        "indicators": of_docs("assets.md", "own.csv"),
        "inventory": of_docs("carbon.md", "inventory.csv"),
    }
    page = accountant.post("/361027/2022/assets", files=sent, valuation=VALUATION)
    assert page.status_code == 200, words_of(page)
    words = words_of(page)
    (tmp_path / "v.yaml").write_text(VALUATION, "utf-8")
    store = str(years.app.state.site.keeper.path)
    table = json.loads(
        gep(
            "assets",
            "table",
            "361027",
            "2021",
            "2022",
            "--valuation",
            str(tmp_path / "v.yaml"),
            "--store",
            store,
            "--format",
            "json",
        ).stdout
    )
    for fen in (table["opening"], table["closing"], *table["lines"].values()):
        assert fen == 0 or f"{abs(fen) / 100:,.2f}" in words
    for figure in ("66.7", "73.9", "0.351", "0.449", "57,689,697.4", "Ⅲ"):
        assert figure in words
    assert "凋落物未调查" in words.replace(" ", "")
    assert "全单元（按面积加权）" in words
    areas = ("areas.csv", b"type,opening,closing,unit,source\n\xe5\x86\x9c\xe7\x94\xb0,400,360,hm2,survey\n")
    again = words_of(
        accountant.post("/361027/2022/assets", files={"indicators": sent["indicators"], "areas": areas}, valuation="")
    )
    assert "全单元（按面积加权）" in again
    alone = accountant.post("/361027/2022/assets", files={"areas": areas}, valuation="")
    assert "面积用于指数加权，而没有指数" in words_of(alone)
    assert years.app.state.site.keeper.find_state() == before


def test_what_cannot_be_meant_is_said_beside_the_field_and_what_was_typed_stays(years: Platform) -> None:
    page = years.visit("zhang").post("/361027/2022/assets", valuation=VALUATION.replace("3 %", "0.03"))
    assert page.status_code == 422
    assert "valuation.yaml" in page.text
    assert "gep-held-" not in page.text
    assert "rates: [{rate: 0.03}]" in page.text
    same = {"inventory": ("a.csv", b"x\n1\n"), "later_inventory": ("a.csv", b"x\n1\n")}
    assert "两个文件同名" in years.visit("zhang").post("/361027/2022/assets", files=same, valuation="").text


def test_a_place_of_one_year_says_what_to_do_next(platform: Platform) -> None:
    page = platform.visit("wu").get("/361027/2022/assets")
    assert "没有已入库的更早年份" in page.text
    assert "hm²" in page.text
    assert "尚未入库" in platform.visit("wu").get("/361027/2022/products").text


def test_a_catalogue_goes_from_the_empty_form_to_an_edition(platform: Platform) -> None:
    accountant, viewer = platform.visit("zhang"), platform.visit("wu")
    form = accountant.get("/361027/2022/products/form")
    assert load_workbook(io.BytesIO(form.content)).sheetnames
    name, content = of_docs("products.md", "products.csv")
    wrong = accountant.post("/361027/2022/products", files={"form": (name, content.replace(b"1200", b"12oo"))})
    assert wrong.status_code == 422
    assert "12oo" in wrong.text
    said = accountant.post("/361027/2022/products", files={"form": (name, content)})
    assert said.status_code == 303, words_of(said)
    words = words_of(viewer.get("/361027/2022/products"))
    for text in ("蜜桔", "1,200", "负面产品", "第 1 版", "张三", "10–12", "全年"):
        assert text in words
    assert "录入产品目录" in platform.visit("zhou").get("/journal").text
    assert accountant.post("/360121/2022/products", files={"form": (name, content)}).status_code == 403


def test_series_are_held_against_thresholds_and_alerts_stand_with_who_saw_them(platform: Platform) -> None:
    accountant = platform.visit("zhang")
    sent = {"series": of_docs("products.md", "water.csv"), "thresholds": of_docs("products.md", "limits.yaml")}
    nothing = accountant.post("/361027/2022/products/watch", files={})
    assert nothing.status_code == 422
    assert "缺少监测序列或阈值文件" in nothing.text
    assert accountant.post("/361027/2022/products/watch", files={"series": sent["series"]}).status_code == 303
    assert "6.4" in accountant.get("/361027/2022/products").text
    name, content = sent["series"]
    other = {"series": (name, content.replace(b"6.4", b"5.9"))}
    refused = accountant.post("/361027/2022/products/watch", files=other)
    assert refused.status_code == 422
    assert "库中已有 6.4 mg/L（water.csv:6）" in refused.text
    assert accountant.post("/361027/2022/products/watch", files={"thresholds": sent["thresholds"]}).status_code == 303
    assert "监测数据入库" in platform.visit("zhou").get("/journal").text
    page = accountant.get("/361027/2022/products")
    assert "codmn 金临渡断面" in page.text
    assert "尚未确认" in page.text
    alert = platform.app.state.site.keeper.store()
    with alert:
        first = alert.execute("SELECT alert FROM product_alert ORDER BY rowid").fetchall()[0][0]
    accountant.post("/alerts/seen", alert=first, note="已现场核查")
    assert "已现场核查" in accountant.get("/361027/2022/products").text
