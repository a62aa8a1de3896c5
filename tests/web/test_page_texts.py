"""What pages tell people who have a browser and no terminal: no commands, no ids behind titles, units and counties in Chinese."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from platform_site import Platform, words_of

from gep.messages.catalogue import list_chinese
from gep.messages.texts import join_list, say
from gep.office.page_texts import ON_PAGES, say_on_page, turn_for_pages

COMMAND = re.compile(r"\bgep [a-z]|(?<![-\w])--[a-z]")
ID = re.compile(r"（[a-z]+(_[a-z]+)+[，）]")
FORM = "/361027/2023/form/自然资源局"
EMPTY = "/361027/2023/findings"


def test_every_text_for_pages_is_in_the_catalogue_and_names_no_command() -> None:
    known = list_chinese()
    assert [one for pair in ON_PAGES.items() for one in pair if one not in known] == []
    assert [one for one in ON_PAGES.values() if COMMAND.search(one) or COMMAND.search(known[one])] == []
    assert [one for one in ON_PAGES if not COMMAND.search(one + known[one]) and "sheet of local" not in one] == []


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
