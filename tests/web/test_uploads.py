"""A filled workbook or table beside the draft: differences first, taken on confirmation, each with its place; workbooks down and up again."""

from __future__ import annotations

import html
import re
from io import BytesIO

from openpyxl import load_workbook
from platform_site import Platform, Visitor, words_of

from gep.office.drafts import read_cell_history, read_draft
from gep.store.store import Store

YEAR = "/361027/2023"
FORM = f"{YEAR}/form/气象局"


def save(visitor: Visitor, variable: str, member: str, value: str, unit: str, version: int = 0, form: str = FORM) -> None:
    one = {"variable": variable, "member": member, "value": value, "unit": unit, "source": "年报", "note": "", "version": version}
    answer = visitor.send(f"{form}/cells", {"cells": [one]})
    assert answer.status_code == 200, answer.text
    assert answer.json()["cells"], answer.text


def upload(visitor: Visitor, name: str, content: bytes, url: str = FORM) -> tuple[int, str, str]:
    answer = visitor.post(f"{url}/upload", files={"file": (name, content)})
    there = answer.headers.get("location", "")
    page = visitor.get(there) if there else answer
    return answer.status_code, there, page.text


def take(visitor: Visitor, there: str, page: str) -> str:
    ticked = re.findall(r'name="(take\.\d+)" value="([^"]*)"', page)
    answer = visitor.post(there, **{name: value.replace("&#34;", '"') for name, value in ticked})
    return words_of(visitor.get(answer.headers["location"]))


def change(content: bytes, sheet: str, cells: dict[str, str | float]) -> bytes:
    book = load_workbook(BytesIO(content))
    for place, value in cells.items():
        book[sheet][place] = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def row_of(content: bytes, sheet: str, variable: str, member: str) -> int:
    rows = load_workbook(BytesIO(content))[sheet].iter_rows(min_row=4, values_only=True)
    return next(at for at, row in enumerate(rows, start=4) if (row[8], row[2] or "") == (variable, member))


def test_what_is_typed_comes_down_and_goes_up_without_a_difference(platform: Platform) -> None:
    person = platform.visit("zhang")
    save(person, "precipitation", "全县", "1600.50", "mm")
    save(person, "agricultural_output", "雪茶", "12", "万元", form=f"{YEAR}/form/农业农村局")
    save(person, "sand_fixation", "", "不适用", "", form=f"{YEAR}/form/适用性")
    save(person, "forestry_price", "杉木", "700", "元_2023/吨", form=f"{YEAR}/form/本地参数")
    book = person.get(f"{YEAR}/workbook").content
    assert load_workbook(BytesIO(book))["气象局"].cell(row_of(book, "气象局", "precipitation", "全县"), 5).value == 1600.5
    status, _, page = upload(person, "金溪.xlsx", book, YEAR)
    assert status == 303
    assert "文件内容与填报内容一致" in page
    assert "4 个相同" in page


def test_differences_are_shown_before_anything_changes_and_taken_with_their_place(platform: Platform) -> None:
    person = platform.visit("zhang")
    save(person, "precipitation", "全县", "1600", "mm")
    book = person.get(f"{FORM}/workbook").content
    at, other = row_of(book, "气象局", "precipitation", "全县"), row_of(book, "气象局", "evapotranspiration", "全县")
    _, there, page = upload(person, "气象.xlsx", change(book, "气象局", {f"E{at}": 1700, f"E{other}": "约 700"}))
    assert "<strong>1700</strong>" in page
    assert f"气象.xlsx!气象局!E{at}" in page
    assert "约 700" in page
    assert read_draft(platform.office, "361027", 2023)["precipitation", "全县"].value == "1600"
    assert "已从文件采用 1 个单元格" in take(person, there, page)
    newest = read_cell_history(platform.office, "361027", 2023, "precipitation", "全县")[0]
    assert (newest.value, newest.way, newest.origin) == ("1700", "uploaded", f"气象.xlsx!气象局!E{at}")
    save(person, "area", "常绿阔叶林", "100", "km²", form=f"{YEAR}/form/自然资源局")
    save(person, "evapotranspiration", "全县", "700", "mm")
    assert person.post(f"{YEAR}/run").status_code == 303
    assert f"气象.xlsx!气象局!E{at})" in words_of(person.get(f"{YEAR}/trace/water_conservation"))


def test_a_table_is_taken_too_and_rows_of_elsewhere_are_not(platform: Platform) -> None:
    person = platform.visit("zhang")
    head = "county,year,variable,value,unit,source,ecosystem\n"
    rows = "361027,2023,precipitation,1500,mm,站,\n361026,2023,precipitation,1,mm,站,\n361027,2023,rainfall,1,mm,站,\n"
    _, there, page = upload(person, "表.csv", (head + rows).encode())
    assert page.count("<strong>") == 1 + page.count("<li><strong>")
    assert "表.csv:4" in page
    take(person, there, page)
    assert read_draft(platform.office, "361027", 2023)["precipitation", "全县"].origin == "表.csv:2"


def test_a_workbook_of_elsewhere_says_so(platform: Platform) -> None:
    person = platform.visit("zhang")
    save(person, "precipitation", "全县", "1600", "mm")
    book = person.get(f"{YEAR}/workbook").content
    cases = (
        ({"B3": "361026", "B4": "宜黄县"}, "工作簿的县区代码是 361026 宜黄县，报表的是 361027 金溪县"),
        ({"B5": "2022"}, "工作簿的核算年份是 2022，报表的是 2023"),
        ({"B6": "mee-2020"}, "mee-2020"),
    )
    for cells, said in cases:
        status, _, page = upload(person, "b.xlsx", change(book, "封面", dict(cells)), YEAR)
        assert status == 422
        assert said in page
    status, _, page = upload(person, "b.xlsx", book, f"{YEAR}/form/水利局")
    assert status == 422
    assert "没有水利局的数据" in page
    assert upload(person, "b.csv", b"county,year,variable,value,unit,source\n361026,2023,gdp,1,CNY,s\n")[0] == 422
    for name, content in (("a.exe", b"MZ"), ("a.xlsx", b"no"), ("a.csv", b"\0\1"), ("../../a.parquet", b"PAR1")):
        assert upload(person, name, content)[0] == 422


def test_what_somebody_changed_meanwhile_is_shown_again(platform: Platform) -> None:
    person, clerk = platform.visit("zhang"), platform.visit("li")
    book = person.get(f"{FORM}/workbook").content
    at = row_of(book, "气象局", "precipitation", "全县")
    _, there, page = upload(person, "b.xlsx", change(book, "气象局", {f"E{at}": 1700}))
    save(clerk, "precipitation", "全县", "1650", "mm")
    said = take(person, there, page)
    assert "1 个这期间被他人修改" in said
    assert "1650" in said
    assert read_draft(platform.office, "361027", 2023)["precipitation", "全县"].value == "1650"


def test_a_clerk_takes_the_figures_of_their_own_form_alone(platform: Platform) -> None:
    person, clerk = platform.visit("zhang"), platform.visit("li")
    book = person.get(f"{YEAR}/workbook").content
    rain, gdp = row_of(book, "气象局", "precipitation", "全县"), row_of(book, "统计局", "gdp", "")
    book = change(change(book, "气象局", {f"E{rain}": 1700}), "统计局", {f"E{gdp}": 5})
    _, there, page = upload(clerk, "b.xlsx", book, FORM)
    assert "另有 1 个数据" in page
    take(clerk, there, page)
    assert set(read_draft(platform.office, "361027", 2023)) == {("precipitation", "全县")}
    assert person.get(there).status_code == 422


def test_the_figures_of_an_account_from_files_come_into_the_forms_and_a_run_does_not_lose_them(platform: Platform) -> None:
    person, year = platform.visit("zhang"), "/361027/2022"
    page = words_of(person.get(year))
    assert re.search(r"第 1 次核算依据 \d+ 个数据，报表中现有 0 个", page)
    refused = person.post(f"{year}/run")
    assert refused.status_code == 422
    assert "先将已入库核算的数据带入报表" in words_of(refused)
    assert person.send("/api/v1/accounts/361027/2022/runs", {}).status_code == 422
    onward = person.post(f"{year}/bring").headers["location"]
    shown = person.get(onward)
    assert "run 1" in words_of(shown)
    assert not read_draft(platform.office, "361027", 2022), "nothing changes before it is taken"
    ticks = re.findall(r'name="(take\.\d+)" value="([^"]*)"', shown.text)
    assert person.post(onward, **{name: html.unescape(value) for name, value in ticks}).status_code == 303
    assert "依据" not in words_of(person.get(year))
    before = Store(platform.office.path.with_name("gep.duckdb"))
    with platform.app.state.site.keeper.alone():
        first = before.account("361027", 2022).head
    assert person.post(f"{year}/run").status_code == 303
    with platform.app.state.site.keeper.alone():
        again = before.account("361027", 2022).head
    assert (again.run, again.gep, again.services_accounted) == (first.run + 1, first.gep, first.services_accounted)


def test_what_is_wrong_in_a_file_is_said_on_the_page_it_was_sent_from(platform: Platform) -> None:
    accountant = platform.visit("zhang")
    workbook = platform.visit("elsewhere").get("/360121/2022/workbook").content
    for page, send, name, content, told in (
        ("/361027/2022", "/361027/2022/upload", "a.xlsx", workbook, "360121"),
        ("/361027/2022/form/气象局", "/361027/2022/form/气象局/upload", "a.xlsx", workbook[:5000], "文件已损坏"),
        ("/tables", "/tables", "a.csv", b"", "文件是空的"),
    ):
        answer = accountant.post(send, files={"file": (name, content)})
        assert answer.status_code == 422
        assert told in answer.text
        assert f'action="{send}"' in answer.text.replace("%E6%B0%94%E8%B1%A1%E5%B1%80", "气象局"), page


def test_every_file_that_a_run_takes_is_taken_here(platform: Platform) -> None:
    """Workbooks by any of their endings, tables of text in GBK, sources that say 同上, months that are added up."""
    person = platform.visit("zhang")
    form = change(person.get(f"{FORM}/workbook").content, "气象局", {"E4": 1600, "G4": "气象局年报", "E5": 700, "G5": "同上"})
    head = "county,year,variable,month,value,unit,source\n"
    months = [f"361027,2023,precipitation,{month},{month}00,mm,{'同上' if month > 1 else '站网'}" for month in range(1, 13)]
    for name, content, wanted in (
        ("汇总.xls", form, ("1600", "700", "气象局年报", "汇总.xls!气象局!E5")),
        ("汇总.ET", form, ("1600", "汇总.ET!气象局!E4")),
        ("表.xlsm", form, ("1600", "表.xlsm!气象局!E4")),
        ("逐月.csv", (head + "\n".join(months)).encode("gbk"), ("7800.0", "站网", "逐月.csv:2-13")),
        ("逐月.tsv", (head + "\n".join(months)).replace(",", "\t").encode("utf-16"), ("7800.0", "逐月.tsv:2-13")),
    ):
        code, _, page = upload(person, name, content)
        assert code == 303, page
        assert all(text in page for text in wanted), (name, wanted, page)
        assert "同上" not in page
    code, _, page = upload(person, "半张.et", form[: len(form) // 2])
    assert code == 422
    assert "半张.et" in page
    assert ".xls、.et" in upload(person, "报告.pdf", b"%PDF-1.4")[2].replace(".xlsm、", "").replace(".xlsx、", "")


def test_a_source_that_points_elsewhere_is_refused_at_its_cell(platform: Platform) -> None:
    one = {"variable": "precipitation", "member": "全县", "value": "1600", "unit": "mm", "note": "", "version": 0}
    answer = platform.visit("zhang").send(f"{FORM}/cells", {"cells": [{**one, "source": "同上"}]})
    (cell,) = answer.json()["cells"]
    assert [finding["grade"] for finding in cell["findings"]] == ["A"]
    assert "每一行写出实际内容" in cell["findings"][0]["hint"]
