"""Deadlines and notes at cells, as the work list shows them: what is overdue first, by department."""

from __future__ import annotations

from platform_site import Platform, words_of

from gep.office.drafts import read_deadlines

FORM = "/361027/2023/form/气象局"


def test_what_is_overdue_stands_first_for_those_it_waits_for(platform: Platform) -> None:
    reviewer, clerk = platform.visit("wang"), platform.visit("li")
    assert reviewer.post("/deadlines", place="361000", year="2023", department="", day="2026-03-31").status_code == 303
    assert reviewer.post("/deadlines", place="361027", year="2023", department="气象局", day="2099-01-01").status_code == 303
    assert reviewer.post("/deadlines", place="361026", year="2024", department="水利局", day="2020-01-01").status_code == 303
    page = words_of(reviewer.get("/"))
    assert page.index("宜黄县") < page.index("金溪县")
    assert "2026-03-31 已逾期" in page
    own = words_of(clerk.get("/?year=2023"))
    assert "2099-01-01" in own
    assert "已逾期" not in own
    assert reviewer.post("/deadlines", place="361027", year="2023", department="气象局", day="").status_code == 303
    assert "2026-03-31 已逾期" in words_of(clerk.get("/?year=2023"))
    clerk.post(f"{FORM}/step", step="filled")
    assert "已逾期" not in words_of(clerk.get("/?year=2023"))


def test_nobody_sets_a_deadline_elsewhere_or_a_day_that_is_none(platform: Platform) -> None:
    reviewer = platform.visit("wang")
    for form in (
        {"place": "360100", "year": "2023", "day": "2026-03-31"},
        {"place": "361000", "year": "23", "day": "2026-03-31"},
        {"place": "361000", "year": "2023", "day": "31.3.2026"},
        {"place": "361000", "year": "2023", "day": "2026-03-31", "department": "卫健委"},
        {"place": "nowhere", "year": "2023", "day": "2026-03-31"},
    ):
        assert reviewer.post("/deadlines", **form).status_code == 422
    assert read_deadlines(platform.office) == {}
    assert platform.visit("zhang").post("/deadlines", place="361027", year="2023", day="2026-03-31").status_code == 403


def test_a_reviewers_note_stands_at_the_cell_until_it_is_saved_again(platform: Platform) -> None:
    reviewer, clerk = platform.visit("wang"), platform.visit("li")
    cell = {
        "variable": "precipitation",
        "member": "全县",
        "value": "16000",
        "unit": "mm",
        "source": "站",
        "note": "",
        "version": 0,
    }
    first = clerk.send(f"{FORM}/cells", {"cells": [cell]}).json()["cells"][0]
    assert reviewer.post(f"{FORM}/remark", variable="precipitation", member="全县", text="多写了一个零？").status_code == 303
    assert clerk.post(f"{FORM}/remark", variable="precipitation", member="全县", text="x").status_code == 403
    assert "王五 批注：多写了一个零？" in words_of(clerk.get(FORM))
    assert "1 条批注" in words_of(clerk.get("/"))
    clerk.send(f"{FORM}/cells", {"cells": [{**cell, "value": "1600", "version": first["version"]}]})
    assert "多写了一个零" not in words_of(clerk.get(FORM))
    assert "条批注" not in words_of(clerk.get("/"))
    history = clerk.get(f"{FORM}/history?variable=precipitation&member=全县")
    assert "多写了一个零" in words_of(history)
    put_back = {"variable": "precipitation", "member": "全县", "version": str(first["version"]), "seen": "2"}
    assert clerk.post(f"{FORM}/history", **put_back).status_code == 303
    assert clerk.get(f"{FORM}/history?variable=precipitation&member=全县").text.count("<td>撤销</td>") == 1


def test_a_form_that_is_handed_in_is_closed(platform: Platform) -> None:
    clerk = platform.visit("li")
    clerk.post(f"{FORM}/step", step="filled")
    cell = {"variable": "precipitation", "member": "全县", "value": "1", "unit": "mm", "source": "站", "note": "", "version": 0}
    refused = clerk.send(f"{FORM}/cells", {"cells": [cell]})
    assert (refused.status_code, "已由李四上报" in refused.text) == (422, True)
    clerk.post(f"{FORM}/step", step="reopened", note="补报")
    assert clerk.send(f"{FORM}/cells", {"cells": [cell]}).json()["cells"]


def test_what_is_typed_without_a_script_is_kept_beside_what_another_wrote(platform: Platform) -> None:
    one, other = platform.visit("li"), platform.visit("zhang")
    cell = {
        "variable": "precipitation",
        "member": "全县",
        "value": "1600",
        "unit": "mm",
        "source": "站",
        "note": "",
        "version": 0,
    }
    one.send(f"{FORM}/cells", {"cells": [cell]})
    typed = {"value.0": "1700", "unit.0": "mm", "source.0": "", "note.0": "", "version.0": "0"}
    page = other.post(FORM, **typed)
    assert page.status_code == 409
    assert 'value="1700"' in page.text
    assert "1600 mm" in words_of(page)
    version = page.text.split('name="version.0" value="')[1].split('"')[0]
    assert other.post(FORM, **{**typed, "version.0": version}).status_code == 303
    assert 'value="1700"' in one.get(FORM).text


def test_one_bad_cell_of_a_block_keeps_the_good_ones(platform: Platform) -> None:
    clerk = platform.visit("li")
    cells = [
        {"variable": "precipitation", "member": member, "value": value, "unit": "mm", "source": source, "note": "", "version": 0}
        for member, value, source in (("全县", "1600", "站"), ("森林", "一千", "站"), ("灌丛", "1", "长" * 5000))
    ]
    answer = clerk.send(f"{FORM}/cells", {"way": "pasted", "cells": cells}).json()
    assert [(one["value"], len(one["findings"])) for one in answer["cells"]] == [("1600", 0), ("一千", 1)]
    assert answer["refused"][0]["member"] == "灌丛"
    checked = clerk.client.get(f"{FORM}/check?as=json").json()
    assert checked["needed"]
    assert any(one["member"] == "森林" for one in checked["cells"])
