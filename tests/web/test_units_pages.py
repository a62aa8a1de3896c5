"""Pages of accounting units of somebody's own, and of periods of several years: forms, account, result, rights, work list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kept_stores import make_once
from platform_site import PASSWORD, Platform, make_site, words_of

from gep.office.people import add_person, set_password
from gep.office.rights import Person, Role
from gep.store.store import Store
from gep.tasks.run import run_files
from gep.web.paths import RESERVED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNITS = """unit,name_zh,name_en,kind,parent,hierarchy,area,area_unit
360725101,甲镇,Jia town,township,360725,,,
360725101001,一村,Village One,village,360725101,,,
WY-NR.1,武夷保护区,Wuyi reserve,reserve,361027,,,
GAN-1,赣江段,Gan section,basin,,,,
"""
FIGURES = """county,year,variable,ecosystem,value,unit,source
360725101001,2022,agricultural_output_value,,100,万元,example
WY-NR.1,2022,agricultural_output_value,,90,万元,example
GAN-1,2022,agricultural_output_value,,9000,万元,example
361027,2016-2020,agricultural_output_value,,10,亿元_2020/yr,example
"""
MORE = (
    Person("town", "乡一", Role.ACCOUNTANT, "360725101"),
    Person("reserve", "区一", Role.ACCOUNTANT, "WY-NR.1"),
    Person("county", "县一", Role.ACCOUNTANT, "360725"),
)


def _make(folder: Path) -> None:
    inputs = folder / "inputs"
    inputs.mkdir()
    (inputs / "units.csv").write_text(UNITS, "utf-8")
    (inputs / "figures.csv").write_text(FIGURES, "utf-8")
    run_files(Store(folder / "made.duckdb"), [inputs], price_year=2020)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = make_once(tmp_path_factory, "units-pages", _make)
    made = Platform(make_site(folder / "made.duckdb", tmp_path_factory.mktemp("site")))
    for person in MORE:
        set_password(made.office, person.name, add_person(made.office, person, "server"), PASSWORD)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("name", "open_to", "closed"),
    [
        ("zhang", ("361027/2022", "WY-NR.1/2022", "361027/2016-2020"), ("360725101001/2022", "GAN-1/2022")),
        ("reserve", ("WY-NR.1/2022",), ("361027/2022", "360725101001/2022")),
        ("town", ("360725101001/2022",), ("WY-NR.1/2022", "360725/2022")),
        ("county", ("360725101001/2022", "360725101/2022"), ("WY-NR.1/2022",)),
    ],
)
def test_rights_are_on_the_unit_or_what_it_lies_in(
    platform: Platform, name: str, open_to: tuple[str, ...], closed: tuple[str, ...]
) -> None:
    visitor = platform.visit(name)
    assert {path: visitor.get(f"/{path}").status_code for path in open_to} == dict.fromkeys(open_to, 200)
    assert {path: visitor.get(f"/{path}").status_code for path in closed} == dict.fromkeys(closed, 403)


def test_all_pages_of_a_unit_are_there(platform: Platform) -> None:
    visitor = platform.visit("zhang")
    for page in (
        "",
        "/form/统计局",
        "/findings",
        "/result",
        "/trace/agricultural_products",
        "/uncertainty",
        "/survey",
        "/download/html",
    ):
        answer = visitor.get(f"/WY-NR.1/2022{page}")
        assert answer.status_code == 200, (page, words_of(answer))
    assert "武夷保护区" in words_of(visitor.get("/WY-NR.1/2022/result"))
    assert "武夷保护区" in words_of(visitor.get("/"))
    assert "赣江段" not in words_of(visitor.get("/"))
    assert visitor.post("/begin", county="武夷保护区", year="2023").headers["location"].startswith("/WY-NR.1/2023")


def test_a_unit_is_filled_in_run_and_submitted(platform: Platform) -> None:
    visitor = platform.visit("reserve")
    form = visitor.get("/WY-NR.1/2023/form/统计局")
    assert form.status_code == 200, words_of(form)
    cells = [
        {"variable": "agricultural_output_value", "member": "", "value": "80", "unit": "万元", "source": "统计公报", "note": ""}
    ]
    answer = visitor.send("/WY-NR.1/2023/form/统计局/cells", {"cells": cells})
    assert answer.status_code == 200, answer.text


def test_a_period_has_its_pages(platform: Platform) -> None:
    visitor = platform.visit("zhang")
    result = visitor.get("/361027/2016-2020/result")
    assert result.status_code == 200, words_of(result)
    assert "2016-2020" in words_of(result)
    assert "5 年合计为其 5 倍" in words_of(result)
    assert visitor.get("/361027/2020-2016").status_code == 422
    assert visitor.get("/361027/2016-2020/form/统计局").status_code == 200


def test_no_place_takes_the_way_of_a_page(platform: Platform) -> None:
    firsts = {str(getattr(route, "path", "")).split("/")[1].partition("{")[0] for route in platform.app.routes}
    assert firsts - {""} <= set(RESERVED)
