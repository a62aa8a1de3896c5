"""The page of a result, its charts, traces and downloads, as people of each role see them."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from platform_site import PEOPLE, Platform, words_of

from gep.office.charts import CHARTS
from gep.office.rights import Action, Person
from gep.units.readable import print_readable
from gep.web.words import DOWNLOADS

HERE = "/361027/2022"


def test_the_result_says_what_the_total_covers_and_why_the_rest_is_missing(platform: Platform) -> None:
    page = platform.visit("wu").get(f"{HERE}/result")
    words = words_of(page)
    assert "涵盖 17 项服务中的 5 项" in words
    assert "其余为缺数据，不是零" in words
    assert "土壤保持 缺数据：植被覆盖因子（无适用的参数）" in words
    assert "m^3/yr" not in words
    assert "m³/年" in words
    assert "未被使用的填报值" in words
    assert "style=" not in page.text


def test_the_result_in_english_has_no_chinese_but_names(platform: Platform) -> None:
    visitor = platform.visit("wu")
    words = words_of(visitor.get(f"{HERE}/result?lang=en"))
    assert "covers 5 of 17 services" in words
    assert "million m³/yr" in words
    assert not re.search("[\u4e00-\u9fff]", words.replace("吴十", "").replace("中文", "")), re.findall("[\u4e00-\u9fff]+", words)


def test_every_number_of_the_result_opens_a_trace_that_ends_in_a_cell(platform: Platform) -> None:
    visitor = platform.visit("wu")
    page = visitor.get(f"{HERE}/result").text
    links = set(re.findall(rf'href="({HERE}/trace/[a-z_]+)"', page))
    assert f"{HERE}/trace/gep" in links
    for link in sorted(links):
        assert visitor.get(link).status_code == 200, link
    words = words_of(visitor.get(f"{HERE}/trace/water_conservation"))
    assert "inputs/361027-2022/climate.csv:2" in words
    assert "coefficients/reservoir.csv:2" in words
    lacking = words_of(visitor.get(f"{HERE}/trace/soil_retention"))
    assert "土壤保持：缺数据：" in lacking.replace(" ", "")


def test_a_typed_figure_leads_to_its_cell_and_back(platform: Platform) -> None:
    accountant = platform.visit("zhang")
    form = "/361027/2023/form"

    def type_in(department: str, variable: str, member: str, value: str, unit: str) -> None:
        cell = {"variable": variable, "member": member, "value": value, "unit": unit, "source": "年报", "note": "", "version": 0}
        assert accountant.send(f"{form}/{department}/cells", {"cells": [cell]}).status_code == 200

    type_in("气象局", "precipitation", "全县", "1600", "mm")
    type_in("气象局", "evapotranspiration", "全县", "700", "mm")
    type_in("自然资源局", "area", "常绿阔叶林", "100", "km²")
    assert accountant.post("/361027/2023/run").status_code == 303
    trace = accountant.get("/361027/2023/trace/water_conservation").text
    link, name = re.findall(r'href="(/361027/2023/form/[^"#]+)#(c-precipitation-[^"]+)"', trace)[0]
    assert f'id="{name}"' in accountant.get(link).text
    history = re.findall(r'class="history" href="([^"]+precipitation[^"]+)"', trace)[0].replace("&amp;", "&")
    assert 'href="/361027/2023/trace/water_conservation"' in accountant.get(history).text


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_drawings_without_a_style_sheet(platform: Platform, name: str) -> None:
    visitor = platform.visit("wu")
    answer = visitor.get(f"{HERE}/chart/{name}.svg")
    if name in {"series", "waterfall"}:
        assert answer.status_code == 422
        assert "没有可作此图的数值" in words_of(answer)
        return
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.startswith("<svg ")
    assert "style" not in answer.text
    assert "<text" not in answer.text
    assert len(answer.content) < 1_000_000
    assert visitor.get(f"{HERE}/chart/{name}.svg").content == answer.content


def test_what_is_taken_away_is_what_it_says(platform: Platform) -> None:
    visitor = platform.visit("zhou")
    begins = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "html": b"<!doctype", "seea": b"PK", "certificate": b"{"}
    assert set(begins) == set(DOWNLOADS)
    for name, beginning in begins.items():
        answer = visitor.get(f"{HERE}/download/{name}")
        assert answer.content.startswith(beginning), name
        assert "361027-2022-ndrc-2022" in answer.headers["content-disposition"], name
        if beginning == b"PK":
            assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    proof = json.loads(visitor.get(f"{HERE}/download/certificate").content)
    assert proof["about"]["county"] == "361027"


def test_what_there_is_not_is_said(platform: Platform) -> None:
    visitor = platform.visit("wu")
    for url in (f"{HERE}/download/exe", f"{HERE}/chart/cake.svg", f"{HERE}/trace/beauty", "/361027/1999/result"):
        answer = visitor.get(url)
        assert answer.status_code == 422, url
        assert "处理办法" in words_of(answer) or "应为" in words_of(answer), words_of(answer)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda one: one.name)
def test_who_may_read_sees_the_result_and_nobody_else(platform: Platform, person: Person) -> None:
    visitor = platform.visit(person.name)
    expected = 200 if person.may(Action.READ, "361027") else 403
    for url in (f"{HERE}/result", f"{HERE}/trace/gep", f"{HERE}/chart/shares.svg", f"{HERE}/download/certificate"):
        assert visitor.get(url).status_code == expected, url


def test_quantities_are_of_a_readable_size() -> None:
    assert print_readable(127071000, "m^3/yr", "zh") == ("1.27", "亿m³/年")
    assert print_readable(12_707_100, "m^3/yr", "zh") == ("1,270.71", "万m³/年")
    assert print_readable(350.5, "t/yr", "zh") == ("350.50", "吨/年")
    assert print_readable(350.5, "t_CO2/yr", "zh") == ("350.50", "吨CO₂/年")
    assert print_readable(5e6, "m^3/yr", "en") == ("5.00", "million m³/yr")
    assert print_readable(None, "kWh/yr", "zh") == ("—", "千瓦时/年")


def test_every_chart_has_its_unit_below_it(platform: Platform) -> None:
    page = platform.visit("wu").get("/361027/2022/result").text
    captions = re.findall(r'<figcaption>(.*?) <span class="unit">(.*?)</span></figcaption>', page)
    assert len(captions) == page.count("<figure")
    assert dict(captions)["各类生态系统的面积"] == "km²"
    assert dict(captions)["各项服务的价值"] == "亿元"
