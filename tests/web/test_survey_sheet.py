"""The sheet of the land survey: classes become ecosystem types, sums are checked, areas go into the draft when somebody says so."""

from __future__ import annotations

import re

from platform_site import Platform, Visitor, words_of

from gep.office.drafts import read_draft

SHEET = "/361027/2023/survey"


def fill(person: Visitor, areas: dict[str, str], unit: str = "公顷") -> None:
    cells = [
        {"variable": "survey3", "member": code, "value": area, "unit": unit, "source": "三调", "note": "", "version": 0}
        for code, area in areas.items()
    ]
    answer = person.send(f"{SHEET}/cells", {"cells": cells})
    assert answer.status_code == 200, answer.text


def take_over(person: Visitor) -> str:
    page = person.get(SHEET).text
    seen = dict(re.findall(r'name="(take\.[^"]+)" value="(\d+)"', page))
    answer = person.post(f"{SHEET}/transfer", **seen)
    return words_of(person.get(answer.headers["location"]) if answer.status_code == 303 else answer)


def test_classes_go_into_the_area_cells_each_with_its_classes(platform: Platform) -> None:
    person = platform.visit("zhang")
    fill(person, {"0101": "100", "0301": "200.5", "0307": "30", "0307K": "10"})
    assert ("area", "水田") not in read_draft(platform.office, "361027", 2023)
    page = words_of(person.get(SHEET))
    assert "3.3" in page
    assert "尚未填报土地面积" in page
    assert "已从国土调查转入 3 个面积" in take_over(person)
    draft = read_draft(platform.office, "361027", 2023)
    paddy = draft["area", "水田"]
    assert (paddy.value, paddy.unit, paddy.source, paddy.way, paddy.origin) == (
        "100",
        "公顷",
        "三调",
        "survey",
        "三调 0101 水田 100 公顷",
    )
    sparse = draft["area", "稀疏林"]
    assert (sparse.value, sparse.origin) == ("30", "三调 0307 其他林地 20 公顷 + 0307K 其他林地 10 公顷")
    assert person.post("/361027/2023/run").status_code == 303
    assert "三调 0101 水田 100 公顷" not in words_of(person.get("/361027/2023/findings"))


def test_a_sum_beside_the_land_area_and_a_class_nobody_knows_are_said(platform: Platform) -> None:
    person = platform.visit("zhang")
    land = {"variable": "land_area", "member": "", "value": "5", "unit": "km²", "source": "公报", "note": "", "version": 0}
    assert person.send("/361027/2023/form/自然资源局/cells", {"cells": [land]}).json()["cells"]
    fill(person, {"0101": "300", "01": "400"})
    page = words_of(person.get(SHEET))
    assert "各地类合计 3.00 km²，土地面积为 5.00 km²" in page
    assert "地类 01 为 400.00 公顷，其下各类合计 300.00 公顷" in page
    fill(person, {"99": "1", "0102": "1,2"})
    page = words_of(person.get(SHEET))
    assert "“99”不是国土调查的地类编码" in page
    assert "如果逗号是小数点，请写 1.2" in page
    assert "99" in take_over(person)
    assert not [key for key in read_draft(platform.office, "361027", 2023) if key[0] == "area"]


def test_another_department_cannot_fill_it_in(platform: Platform) -> None:
    clerk = platform.visit("li")
    assert clerk.post(SHEET).status_code == 422
    assert clerk.post(f"{SHEET}/transfer").status_code == 422
    assert clerk.send(f"{SHEET}/cells", {"cells": []}).status_code == 422
