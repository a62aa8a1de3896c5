"""Comparisons and what the program knows, in the browser, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from platform_site import Platform, words_of

from gep.store.saving import save
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", ["years", "runs", "standards", "counties"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_county_is_compared_or_it_is_said_what_is_lacking(platform: Platform, kind: str, lang: str) -> None:
    viewer = platform.visit("wu")
    answer = viewer.get(f"/361027/compare?kind={kind}&lang={lang}")
    assert answer.status_code == 200
    lacking = {
        "years": ("请选择两个有核算的不同年份", "Choose two different years"),
        "runs": ("只有一次核算", "There is one run only"),
        "standards": ("只有一种标准", "under one standard only"),
        "counties": ("水源涵养", "Water conservation"),
    }
    assert lacking[kind][lang == "en"] in words_of(answer)


def test_two_runs_differ_by_what_was_run_again(platform: Platform) -> None:
    accountant = platform.visit("zhang")
    for value in ("1600", "1700"):
        draft = accountant.get("/361027/2023/form/气象局").text
        version = (
            0
            if value == "1600"
            else int(draft.split('data-variable="precipitation"')[1].split('data-version="')[1].split('"')[0])
        )
        cell = {"variable": "precipitation", "member": "全县", "value": value, "unit": "mm", "source": "年报", "note": ""}
        sent = accountant.send("/361027/2023/form/气象局/cells", {"cells": [{**cell, "version": version}]})
        assert not sent.json()["conflicts"]
        assert accountant.post("/361027/2023/run", reason="雨量更正").status_code == 303
    words = words_of(accountant.get("/361027/compare?kind=runs&year=2023"))
    assert "1600" in words
    assert "1700" in words


def test_counties_elsewhere_are_not_shown(platform: Platform) -> None:
    assert platform.visit("wang").get("/361027/compare?kind=counties&with=360121").status_code == 422
    assert platform.visit("wu").get("/361027/compare?kind=counties&with=360121").status_code == 200


def test_what_the_program_knows_is_printed(platform: Platform) -> None:
    for name in ("wu", "admin"):
        viewer = platform.visit(name)
        assert "ndrc-2022" in words_of(viewer.get("/knowledge"))
        assert "gong-2017" in words_of(viewer.get("/knowledge/coefficients/runoff_coefficient"))
        assert "precipitation" in words_of(viewer.get("/knowledge/variables?search=降水"))
        assert "没有这个名称" in words_of(viewer.get("/knowledge/coefficients?search=zzzz"))
        methods = viewer.get("/knowledge/methods").text
        assert '<p class="formula">' in methods
        assert viewer.get("/knowledge/methods?standard=none").status_code == 422
        assert viewer.get("/knowledge/coefficients/none").status_code == 422


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_years_are_compared_down_to_their_inputs(platform: Platform, two_years: Path, tmp_path: Path, lang: str) -> None:
    save(run_account([two_years.parent / "2021"]), tmp_path / "gep.duckdb")
    words = words_of(platform.visit("wu").get(f"/361027/compare?kind=years&one=2021&other=2022&lang={lang}"))
    rain = {"zh": "实物量 年降水量 1,694.88 → 1,747.3 mm/年", "en": "quantity Precipitation 1,694.88 → 1,747.3 mm/yr"}
    assert rain[lang] in words


def test_no_page_calls_values_by_equivalent_factors_gep(platform: Platform, tmp_path: Path) -> None:
    head = "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"
    for year, forest in ((2020, 100), (2021, 120)):
        (tmp_path / "e.csv").write_text(
            head
            + f"361027,{year},area,forest,,,{forest},ha,x\n361027,{year},value_equivalent,forest,,气候调节,6.5,1,x\n"
            + f"361027,{year},biomass_correction,,,,1,1,x\n361027,{year},regional_correction,,,,1,1,x\n"
            + f"361027,{year},grain_sown_area,,,稻谷,300,ha,x\n361027,{year},grain_net_profit,,,稻谷,3000,元_{year}/公顷,x\n",
            "utf-8",
        )
        save(run_account([tmp_path / "e.csv"], "equivalent-factors"), tmp_path / "gep.duckdb")
    viewer = platform.visit("wu")
    for page in (
        "compare?kind=years&one=2020&other=2021&standard=equivalent-factors",
        "compare?kind=counties&year=2021",
        "2021/uncertainty?",
        "2021/scenario?",
        "2021/result?",
        "2021/review?",
    ):
        for lang, name in (("zh", "当量"), ("en", "equivalent")):
            answer = viewer.get(f"/361027/{page}&lang={lang}")
            words = words_of(answer)
            if answer.status_code == 422:
                continue
            assert name in words, page
            assert not re.search(r"(?<!not )(?<!与 )(?<!with )(?<![(（])(?<!非)\bGEP\b", words), (
                page,
                re.findall(r".{40}GEP.{60}", words),
            )
