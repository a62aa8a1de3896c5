"""The form in a real browser: typing and arrows, a pasted block, two people at one cell, a session that ends in the middle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_site import log_in, open_browser, serve_copy
from platform_site import PASSWORD
from playwright.sync_api import Browser, Page, expect

from gep.office.database import Office
from gep.office.drafts import read_draft

FORM = "/361027/2023/form/气象局"
AREAS = "/361027/2023/form/自然资源局"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def site(kept_site: Path, tmp_path: Path) -> Iterator[tuple[str, Office]]:
    with serve_copy(kept_site, tmp_path) as served:
        yield served


def open_form(browser: Browser, url: str, name: str, form: str = FORM) -> Page:
    return log_in(browser, url, name, form)


ROWS = {"first": 0, "second": 1, "third": 2}
"""Rows of the form, whatever it asks for."""


def value(page: Page, office: Office, row: str) -> str:
    """What the draft has in a row of the page."""
    there = page.locator(f"#r{ROWS[row]}")
    key = (there.get_attribute("data-variable") or "", there.get_attribute("data-member") or "")
    cell = read_draft(office, "361027", 2023).get(key)
    return cell.value if cell else ""


def paste(page: Page, where: str, text: str) -> None:
    """Paste a block as WPS and Excel copy it."""
    page.focus(where)
    page.evaluate(
        """text => { const held = new DataTransfer(); held.setData('text', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: held, bubbles: true, cancelable: true})); }""",
        text,
    )


def field(row: str, name: str = "value") -> str:
    return f'[name="{name}.{ROWS[row]}"]'


def test_typing_arrows_and_what_is_wrong_beside_the_cell(browser: Browser, site: tuple[str, Office]) -> None:
    url, office = site
    page = open_form(browser, url, "zhang", AREAS)
    page.click(field("first"))
    page.keyboard.type("1600")
    page.keyboard.press("Enter")
    expect(page.locator(field("second"))).to_be_focused()
    page.keyboard.type("1,2")
    page.keyboard.press("ArrowUp")
    expect(page.locator(field("first"))).to_be_focused()
    expect(page.locator("#j1")).to_contain_text("请写 1.2")
    page.keyboard.press("ArrowRight")
    expect(page.locator(field("first", "unit"))).to_be_focused()
    expect(page.locator("#saving")).to_have_text("已保存")
    assert (value(page, office, "first"), value(page, office, "second")) == ("1600", "1,2")
    expect(page.locator(field("second"))).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#needs")).not_to_have_text("…", timeout=20_000)


def test_a_block_is_pasted_and_its_bad_cell_marked(browser: Browser, site: tuple[str, Office]) -> None:
    url, office = site
    page = open_form(browser, url, "zhang", AREAS)
    paste(page, field("first"), '1600\tkm²\t"气象站\n年报"\n一千\tkm²\t同上\n1700\tkm²\t〃\n')
    expect(page.locator("#saving")).to_have_text("已保存")
    assert [value(page, office, one) for one in ("first", "second", "third")] == ["1600", "一千", "1700"]
    expect(page.locator(".judged:visible .says p")).to_have_count(1)
    assert {cell.source for cell in read_draft(office, "361027", 2023).values()} == {"气象站 年报"}
    paste(page, field("third", "source"), "气象站\t备注\t多一列\t\n")
    expect(page.locator("#saving")).to_have_text("已保存；粘贴内容有 1 个单元格超出最后一列，未采用")
    paste(page, field("third", "source"), "气象站\t备注\t多一列\n" + "年报\n" * 90)
    expect(page.locator("#saving")).to_have_text(
        re.compile(r"^已保存；粘贴的内容有 \d+ 行在本表没有对应的行；粘贴内容有 1 个单元格超出最后一列，未采用$")
    )
    page.fill(field("first"), "1500")
    page.press(field("first"), "Tab")
    expect(page.locator("#saving")).to_have_text("已保存")


def test_a_block_with_classes_stays_out_of_the_row_of_another(browser: Browser, site: tuple[str, Office]) -> None:
    url, office = site
    page = open_form(browser, url, "zhang")
    own = page.locator('tr[data-variable="precipitation"] [name^="member."]')
    paste(page, f'[name="{own.get_attribute("name")}"]', "森林\t1500\tmm\t年报\n草地\t700\tmm\t年报\n")
    expect(page.locator("#saving")).to_have_text("已保存")
    expect(page.locator(".judged:visible .says p")).to_have_text("本行是“全县”，粘贴的内容是“草地”：该行未采用")
    assert [cell.value for cell in read_draft(office, "361027", 2023).values()] == ["1500"]


def test_the_second_of_two_decides(browser: Browser, site: tuple[str, Office]) -> None:
    url, office = site
    one, other = open_form(browser, url, "li"), open_form(browser, url, "zhang")
    one.fill(field("first"), "1600")
    one.keyboard.press("Tab")
    expect(one.locator("#saving")).to_have_text("已保存")
    other.fill(field("first"), "1700")
    other.keyboard.press("Tab")
    expect(other.locator(".conflict")).to_contain_text("李四")
    assert value(one, office, "first") == "1600"
    other.reload()
    expect(other.locator(".conflict")).to_contain_text("1600")
    expect(other.locator(field("first"))).to_have_value("1700")
    other.get_by_role("button", name="保留我填的").click()
    expect(other.locator("#saving")).to_have_text("已保存")
    assert value(other, office, "first") == "1700"


def test_a_session_that_ends_in_the_middle_loses_nothing(browser: Browser, site: tuple[str, Office]) -> None:
    url, office = site
    page = open_form(browser, url, "li")
    with office.changing() as connection:
        connection.execute("DELETE FROM session")
    page.fill(field("first"), "1650")
    page.keyboard.press("Tab")
    expect(page.locator("#saving")).to_contain_text("登录已失效")
    assert value(page, office, "first") == ""
    again = page.context.new_page()
    again.goto(f"{url}/login")
    again.fill("[name=name]", "li")
    again.fill("[name=password]", PASSWORD)
    again.click("main button")
    again.goto(f"{url}{FORM}")
    expect(again.locator(field("first"))).to_have_value("1650")
    expect(again.locator("#saving")).to_have_text("已保存")
    assert value(page, office, "first") == "1650"


def test_a_row_of_ones_own_asks_for_its_class_and_is_saved_with_it(browser: Browser, site: tuple[str, Office]) -> None:
    url, office = site
    page = open_form(browser, url, "li")
    page.fill(field("second"), "1500")
    page.keyboard.press("Tab")
    expect(page.locator("#j1")).to_contain_text("请先填写类别")
    page.fill('[name="member.1"]', "森林")
    page.keyboard.press("Tab")
    expect(page.locator("#saving")).to_have_text("已保存")
    assert read_draft(office, "361027", 2023)["precipitation", "森林"].value == "1500"
    page.reload()
    expect(page.locator('tr[data-member="森林"] [name^="value."]')).to_have_value("1500")
