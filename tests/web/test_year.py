"""A county's year in the browser, without one: typed, checked, run, submitted and approved by people who are known."""

from __future__ import annotations

from platform_site import Platform, words_of

from gep.office.journal import find_break, read_entries

FORM = "/361027/2023/form/气象局"


def cell(variable: str, member: str, value: str, unit: str, version: int = 0) -> dict[str, object]:
    return {
        "variable": variable,
        "member": member,
        "value": value,
        "unit": unit,
        "source": "站网年报",
        "note": "",
        "version": version,
    }


def test_a_cell_is_kept_with_who_and_when_and_judged_at_once(platform: Platform) -> None:
    clerk = platform.visit("li")
    answer = clerk.send(
        f"{FORM}/cells", {"cells": [cell("precipitation", "全县", "1600", "mm"), cell("precipitation", "森林", "1,2", "mm")]}
    ).json()
    good, bad = answer["cells"]
    assert (good["shown"], good["value"], good["findings"]) == ("李四", "1600", [])
    assert bad["findings"][0]["grade"] == "A"
    assert bad["findings"][0]["hint"] == "如果逗号是小数点，请写 1.2"
    page = words_of(clerk.get(FORM))
    assert "如果逗号是小数点" in page


def test_the_second_of_two_sees_what_the_first_wrote_and_decides(platform: Platform) -> None:
    one, other = platform.visit("li"), platform.visit("zhang")
    first = one.send(f"{FORM}/cells", {"cells": [cell("precipitation", "全县", "1600", "mm")]}).json()["cells"][0]
    second = other.send(f"{FORM}/cells", {"cells": [cell("precipitation", "全县", "1700", "mm")]}).json()
    assert (second["cells"], second["conflicts"][0]["value"], second["conflicts"][0]["shown"]) == ([], "1600", "李四")
    kept = other.send(f"{FORM}/cells", {"cells": [cell("precipitation", "全县", "1700", "mm", first["version"])]}).json()
    assert kept["cells"][0]["value"] == "1700"
    history = words_of(one.get(f"{FORM}/history?variable=precipitation&member=全县"))
    assert history.index("1700") < history.index("1600")


def test_from_a_cell_to_an_approved_account(platform: Platform) -> None:
    accountant, reviewer = platform.visit("zhang"), platform.visit("wang")
    accountant.send(
        f"{FORM}/cells", {"cells": [cell("precipitation", "全县", "1600", "mm"), cell("evapotranspiration", "全县", "700", "mm")]}
    )
    areas = {"cells": [cell("area", "常绿阔叶林", "100", "km²")]}
    accountant.send("/361027/2023/form/自然资源局/cells", areas)
    done = accountant.post("/361027/2023/run")
    assert done.status_code == 303, words_of(done)
    trace = words_of(accountant.get("/361027/2023/trace/water_conservation"))
    assert "填报/气象局/年降水量 (张三, 20" in trace
    submitted = accountant.post("/361027/2023/submit", note="数据齐全的部分先行提交")
    assert submitted.status_code == 303, words_of(submitted)
    assert "金溪县" in words_of(reviewer.get("/review"))
    approved = reviewer.post("/361027/2023/review", step="approved", note="已核对")
    assert approved.status_code == 303, words_of(approved)
    assert "已通过" in words_of(accountant.get("/361027/2023/result"))
    acts = [entry.act for entry in read_entries(platform.office)]
    assert {"approved", "submitted", "run", "cells typed", "login"} <= set(acts)
    assert find_break(platform.office) is None
