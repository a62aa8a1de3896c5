"""A county's year in real browsers: five people, each logged in as themselves and all at once, from empty forms to a booked transfer."""

from __future__ import annotations

from pathlib import Path

from browser_site import log_in, open_browser, serve_copy
from conftest import ROOT
from playwright.sync_api import Page, expect

from gep.office.journal import find_break, read_entries

FACTS = ROOT / "inputs/jiangxi-transfers-example/basin_pool.csv"
YEAR = "/361027/2023"


def fill(page: Page, variable: str, member: str, value: str, unit: str) -> None:
    """Type a figure with its unit and source, as a person does: from cell to cell."""
    row = page.locator(f'tr[data-variable="{variable}"][data-member="{member}"]')
    row.locator('[name^="unit."]').select_option(unit)
    row.locator('[name^="value."]').fill(value)
    row.locator('[name^="source."]').fill("站网年报")
    page.keyboard.press("Tab")
    expect(page.locator("#saving")).to_have_text("已保存")


def press(page: Page, action: str) -> None:
    """Send the form of a page that leads to an address."""
    page.locator(f'form[action="{action}"] button').last.click()


def test_five_people_bring_a_year_from_empty_forms_to_a_booked_transfer(kept_site: Path, tmp_path: Path) -> None:
    with open_browser() as browser, serve_copy(kept_site, tmp_path) as (url, office):
        clerk = log_in(browser, url, "li", f"{YEAR}/form/气象局")
        accountant = log_in(browser, url, "zhang", f"{YEAR}/form/自然资源局")
        reviewer = log_in(browser, url, "wang", "/review")
        one = log_in(browser, url, "qian", "/money/scheme/jx-basin-pool")
        other = log_in(browser, url, "sun", "/money")
        fill(accountant, "area", "常绿阔叶林", "100", "km²")
        fill(clerk, "precipitation", "全县", "1600", "mm")
        fill(clerk, "evapotranspiration", "全县", "700", "mm")
        clerk.locator('form[action$="/step"] button').click()
        expect(clerk.locator("main")).to_contain_text("李四")
        accountant.goto(f"{url}{YEAR}")
        press(accountant, f"{YEAR}/run")
        accountant.wait_for_url("**/result**")
        accountant.fill(f'form[action="{YEAR}/submit"] [name=note]', "数据齐全的部分先行提交")
        press(accountant, f"{YEAR}/submit")
        reviewer.reload()
        expect(reviewer.locator("main")).to_contain_text("金溪县")
        reviewer.goto(f"{url}{YEAR}/review")
        reviewer.fill(f'form[action="{YEAR}/review"] [name=note]', "已核对")
        reviewer.locator(f'form[action="{YEAR}/review"] button[value=approved]').click()
        reviewer.wait_for_url("**/review**")
        accountant.goto(f"{url}{YEAR}/result")
        expect(accountant.locator("header.place")).to_contain_text("已通过")
        press(one, "/money/scheme/jx-basin-pool/register")
        one.fill('form[action$="/compute"] [name=year]', "2016")
        one.set_input_files('form[action$="/compute"] [name=file1]', FACTS)
        press(one, "/money/scheme/jx-basin-pool/compute")
        press(one, "/money/scheme/jx-basin-pool/prepare")
        one.wait_for_url("**/prepared/1**")
        other.goto(f"{url}/money/prepared/1")
        press(other, "/money/prepared/1/confirm")
        expect(other.locator("main")).to_contain_text("孙八")
        acts = {(entry.person, entry.act) for entry in read_entries(office)}
        assert {
            ("li", "cells typed"),
            ("zhang", "run"),
            ("zhang", "submitted"),
            ("wang", "approved"),
            ("qian", "transfer prepared"),
            ("sun", "transfer confirmed"),
        } <= acts
        assert find_break(office) is None
