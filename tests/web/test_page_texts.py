"""What pages tell people who have a browser and no terminal: no commands, no ids behind titles, units and counties in Chinese."""

from __future__ import annotations

import ast
import io
import re

import openpyxl
import pytest
from conftest import ROOT
from house import imports_of, modules_of, nodes_in
from platform_site import Platform, words_of
from spoken import texts_of_pages

from gep.messages.catalogue import list_chinese
from gep.messages.problems import Problem, Problems
from gep.messages.texts import join_list, say
from gep.office.page_texts import list_on_page, say_on_page, turn_for_pages
from gep.office.page_words import ON_PAGES

COMMAND = re.compile(r"\bgep [a-z]|(?<![-\w])--[a-z]")
ID = re.compile(r"（[a-z]+(_[a-z]+)+[，）]")
FORM = "/361027/2023/form/自然资源局"
EMPTY = "/361027/2023/findings"


def test_every_text_for_pages_is_in_the_catalogue_and_names_no_command() -> None:
    known = list_chinese()
    assert [one for pair in ON_PAGES.items() for one in pair if one not in known] == []
    assert [one for one in ON_PAGES.values() if COMMAND.search(one) or COMMAND.search(known[one])] == []
    assert [one for one in ON_PAGES if not COMMAND.search(one + known[one]) and "sheet of local" not in one] == []


ON_THE_COMMAND_LINE_ALONE = {
    "gep.certificate.against": "a certificate is held against its store",
    "gep.certificate.verify": "a certificate is verified",
    "gep.encumbrance.entries": "the register of encumbrances is written and read",
    "gep.encumbrance.register": "the register of encumbrances is written and read",
    "gep.encumbrance.written": "the register of encumbrances is written and read",
    "gep.files.overwriting": "a file is written over",
    "gep.inputs.workbook.copies": "findings are written back into a workbook",
    "gep.messages.problems": "problems are counted at the foot of a screen",
    "gep.office.backup": "a backup is put back",
    "gep.store.ask": "the store is asked in SQL",
    "gep.store.export": "the store is exported as a folder",
    "gep.tasks.uncertainty": "land is given by maps",
}
"""Module that the platform imports → what it says that in, which no page does."""


def test_no_text_that_can_reach_a_page_names_a_command() -> None:
    """Whatever the modules say that the platform imports has a text of its own for pages, and so has what templates say."""
    known, modules = list_chinese(), modules_of(ROOT / "gep")
    named = {one for one in known if COMMAND.search(one) or COMMAND.search(known[one])}
    assert len(named) > len(ON_PAGES)
    left = {}
    for module in reach("gep.web.app", imports_of(ROOT / "gep")) - set(ON_THE_COMMAND_LINE_ALONE) - {"gep.office.page_words"}:
        nodes = nodes_in(modules[module].read_text("utf-8"))
        words = {one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if found := sorted((words & named) - set(ON_PAGES)):
            left[module] = found
    assert left == {}
    assert sorted(texts_of_pages() & named) == []
    assert set(ON_THE_COMMAND_LINE_ALONE) <= set(modules)


def reach(module: str, imports: dict[str, set[str]]) -> set[str]:
    """What a module imports, and what that imports, to the end."""
    found, waiting = set[str](), {module}
    while waiting:
        found |= waiting
        waiting = set[str]().union(*(imports[one] for one in waiting)) - found
    return found


def test_what_the_script_of_a_page_and_a_job_tell_names_no_command() -> None:
    assert list_on_page(Problems([Problem("a", 1, "x", "y", "gep variables lists them")]))["problems"][0] == {
        **Problem("a", 1, "x", "y", "gep variables lists them").as_dict(),
        "hint": "the knowledge base lists them",
        "hint_zh": "知识库列出全部编号",
    }


def test_texts_within_texts_are_turned_too() -> None:
    inner = join_list([say("gep transfers --reverse {run} takes it back", run=3), "gep run again"])
    assert turn_for_pages(inner) == "a reversal of run 3 takes it back, run the account again"
    assert say_on_page(inner, "zh") == "冲销第 3 次计算即可撤回、重新核算"


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("361027 2023 年农业产品尚缺：产值（agricultural_output_value，元/yr）", "金溪县 2023 年农业产品尚缺：产值（元/年）"),
        ("电价（electricity_price）的参考值：0.53 CNY_2010/kWh", "电价的参考值：0.53 元(2010)/kWh"),
        ("自然类游览占比（nature_share，1）、使用年限（sound_barrier_life，yr）", "自然类游览占比、使用年限（年）"),
        ("二氧化硫（SO2）、湖泊调蓄量（水文资料）（lake_flood_capacity）", "二氧化硫、湖泊调蓄量（水文资料）"),
        ("环境空气年均浓度（pollutant_concentration，ug/m^3）", "环境空气年均浓度（pollutant_concentration，µg/m^3）"),
        ("某县自报（my_own_name）", "某县自报（my_own_name）"),
    ],
)
def test_chinese_as_pages_print_it(said: str, printed: str) -> None:
    assert say_on_page(said, "zh") == printed


def test_findings_of_a_draft_are_in_chinese_and_lead_to_the_cell(platform: Platform) -> None:
    zhang = platform.visit("zhang")
    cell = {
        "variable": "area",
        "member": "常绿阔叶林",
        "version": 0,
        "value": "一千",
        "unit": "km²",
        "source": "调查",
        "note": "",
    }
    zhang.send(f"{FORM}/cells", {"cells": [cell], "way": "typed"})
    page = zhang.get(EMPTY)
    words = words_of(page)
    assert "尚缺" in words
    assert not ID.search(words)
    assert not re.search(r"/yr|CNY|361027 2023 年|“本地参数”表", words)
    assert not COMMAND.search(words)
    lead = re.search(r'<a href="(/361027/2023/form/[^"#]+)#([^"]+)">填报/自然资源局', page.text)
    assert lead is not None
    assert f'id="{lead[2]}"' in zhang.get(lead[1]).text


def test_a_foreign_workbook_is_answered_with_what_to_do_in_the_browser(platform: Platform) -> None:
    zhang = platform.visit("zhang")
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    for content in (made.getvalue(), b"PK damaged"):
        page = zhang.post("/361027/2023/upload", files={"file": ("a.xlsx", content)})
        said = words_of(page)
        assert page.status_code == 422
        assert "下载" in said
        assert not COMMAND.search(said)


def test_a_result_names_what_lacks_without_ids(platform: Platform) -> None:
    words = words_of(platform.visit("zhang").get("/361027/2022/result"))
    assert "缺数据" in words
    assert not ID.search(words)


def test_a_trace_names_figures_and_units_as_the_result_does(platform: Platform) -> None:
    viewer = platform.visit("wu")
    trace = words_of(viewer.get("/361027/2022/trace/water_conservation"))
    assert "7.06 元(2010)/m" in trace
    assert not re.search(r"CNY|\^", trace)
    assert "净初级生产力（干物质）：" in words_of(viewer.get("/361027/2022/trace/gep")).replace("(干物质)", "（干物质）")
    assert "7.06 CNY_2010/m" in words_of(viewer.get("/361027/2022/trace/water_conservation?lang=en"))
    form = viewer.get("/361027/2022/form/本地参数?lang=zh").text
    assert '<option value="元_2022/吨"' in form
    assert ">元(2022)/吨</option>" in form
