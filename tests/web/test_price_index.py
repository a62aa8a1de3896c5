"""The price index of a new year: entered once by an administrator, taken by every run that lacks its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platform_site import Platform, words_of

from gep.inputs.workbook.layout import find_index_end
from gep.office.account_year import make_draft_book
from gep.office.drafts import Cell, save_cells, write_choice
from gep.office.journal import read_entries
from gep.office.rights import Person, Role
from gep.store.store import Store

PAGE, END = "/knowledge/index", find_index_end("cpi")
if TYPE_CHECKING:
    from pathlib import Path

OWN = """id: by-ppi
extends: gbt46869-2025
price_index: ppi
title: {zh: 按生产价格, en: by PPI}
mark: D
source: gbt46869-2025
services: {}
"""
ZHANG = Person("zhang", "张三", Role.ACCOUNTANT, "361027")


def store_of(platform: Platform) -> Store:
    return Store(platform.office.path.with_name("gep.duckdb"))


def test_a_new_year_is_entered_with_its_source_and_reaches_the_drafts(platform: Platform) -> None:
    admin, wu = platform.visit("admin"), platform.visit("wu")
    assert f"截至 {END} 年" in words_of(wu.get(PAGE))
    form = {"year": str(END + 1), "value": "100.2", "unit": "%", "source": "统计公报 <b>", "seen": "0"}
    assert wu.post(PAGE, **form).status_code == 403
    assert admin.post(PAGE, **{**form, "source": ""}).status_code == 422
    wrong = admin.post(PAGE, **{**form, "value": "1,2x"})
    assert wrong.status_code == 422
    assert 'value="1,2x"' in wrong.text, "what was typed is kept"
    assert "不得跳年" in words_of(admin.post(PAGE, **{**form, "year": str(END + 2)}))
    assert admin.post(PAGE, **{**form, "year": str(END)}).status_code == 422
    assert admin.post(PAGE, **form).status_code == 303
    assert "统计公报 &lt;b&gt;" in wu.get(PAGE).text
    conflict = admin.post(PAGE, **{**form, "value": "101"})
    assert conflict.status_code == 422
    assert "100.2" in words_of(conflict)
    rows = [
        (row["product"], row["value"]) for row in make_draft_book(platform.office, store_of(platform), "361027", END + 1).rows
    ]
    assert rows == [(str(END + 1), "100.2")]
    assert not make_draft_book(platform.office, store_of(platform), "361027", END).rows, (
        "a year that needs no new index gets none"
    )
    save_cells(platform.office, "361027", END + 1, [Cell("price_index", str(END + 1), "99", "%", "省统计局")], ZHANG)
    own = make_draft_book(platform.office, store_of(platform), "361027", END + 1).rows
    assert [row["value"] for row in own] == ["99"], "a county's own comes first"
    assert any("price_index" in one.result for one in read_entries(platform.office))


def test_an_entry_is_taken_back(platform: Platform) -> None:
    admin = platform.visit("admin")
    admin.post(PAGE, year=str(END + 1), value="100.2", unit="%", source="公报", seen="0")
    version = admin.get(PAGE).text.split('name="seen" value="')[2].split('"')[0]
    assert admin.post(PAGE, year=str(END + 1), unit="%", seen=version).status_code == 303
    assert f"截至 {END} 年" in words_of(admin.get(PAGE))


def test_another_index_and_an_account_of_quantities_do_not_take_it(platform: Platform, tmp_path: Path) -> None:
    platform.visit("admin").post(PAGE, year=str(END + 1), value="100.2", unit="%", source="公报", seen="0")
    own = tmp_path / "own.yaml"
    own.write_text(OWN, "utf-8")
    taken = {}
    for standard in ("mee-2020", str(own), "hj1173-2021"):
        write_choice(platform.office, "361027", END + 1, "standard", standard, ZHANG)
        taken[standard] = len(make_draft_book(platform.office, store_of(platform), "361027", END + 1).rows)
    assert list(taken.values()) == [1, 0, 0]
