"""A table of many counties: checked as `gep check` does, compared county by county, taken where somebody says so; by page and by API."""

from __future__ import annotations

import base64
import html
import io
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from platform_site import Platform, words_of
from starlette.testclient import TestClient

from gep.office.drafts import FILLED, read_draft, take_step
from gep.office.rights import Person, Role
from gep.office.tokens import make_token

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
TABLE = f"""{HEAD}361027,2023,precipitation,,,,1600,mm,站网年报,
361027,2023,evapotranspiration,,,,700,mm,站网年报,
361026,2023,precipitation,,,,1550,mm,站网年报,
361026,2024,precipitation,,,,"1,55",mm,站网年报,
360121,2023,precipitation,,,,1500,mm,站网年报,
999999,2023,precipitation,,,,1500,mm,站网年报,
361025,abcd,precipitation,,,,1500,mm,站网年报,
"""


@pytest.fixture
def program(platform: Platform) -> TestClient:
    token = make_token(platform.office, "省平台", Role.ACCOUNTANT, "361000", "2099-12-31", "admin", "")
    return TestClient(
        platform.app, "http://platform", headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False
    )


def test_a_table_is_compared_before_anything_is_taken_and_only_places_of_ones_own_are(
    platform: Platform, program: TestClient
) -> None:
    answer = program.post("/api/v1/tables", json={"file": "上报.csv", "text": TABLE})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [(one["county"], one["year"], len(one["differences"])) for one in found["parts"]] == [
        ("361026", 2023, 1),
        ("361026", 2024, 1),
        ("361027", 2023, 2),
    ]
    said = [one["found"] for one in found["parts"][0]["problems"]]
    assert said == ["360121 is not in your place", "county is '999999'", "year is 'abcd'"]
    cell = found["parts"][1]["differences"][0]
    assert cell["findings"][0]["grade"] == "A"
    assert cell["given"]["address"] == "上报.csv:5"
    assert not read_draft(platform.office, "361027", 2023)
    parts = [{name: one[name] for name in ("county", "year", "stamp")} for one in found["parts"] if one["year"] == 2023]
    done = program.post(f"/api/v1/tables/{found['table']}/taken", json={"parts": parts})
    assert done.json() == {"saved": 3, "changed": []}
    assert read_draft(platform.office, "361027", 2023)["precipitation", "全县"].origin == "上报.csv:2"
    assert not read_draft(platform.office, "361026", 2024)
    again = program.get(f"/api/v1/tables/{found['table']}").json()["parts"]
    assert [(one["same"], len(one["differences"])) for one in again] == [(1, 0), (0, 1), (2, 0)]


def test_what_changed_since_it_was_compared_is_not_taken_and_forms_handed_in_are_left(
    platform: Platform, program: TestClient
) -> None:
    found = program.post("/api/v1/tables", json={"file": "a.csv", "text": TABLE}).json()
    clerk = Person("li", "李四", Role.CLERK, "361027", "气象局")
    typed = {"variable": "precipitation", "member": "全县", "value": "1", "unit": "mm", "source": "s", "note": "", "version": 0}
    platform.visit("li").send("/361027/2023/form/气象局/cells", {"cells": [typed]})
    take_step(platform.office, "361026", 2023, "气象局", FILLED, clerk, "", "")
    parts = [{name: one[name] for name in ("county", "year", "stamp")} for one in found["parts"]]
    done = program.post(f"/api/v1/tables/{found['table']}/taken", json={"parts": [parts[0], parts[2]]}).json()
    assert done == {"saved": 0, "changed": [{"county": "361026", "year": 2023}, {"county": "361027", "year": 2023}]}
    assert read_draft(platform.office, "361027", 2023)["precipitation", "全县"].value == "1"
    seen = program.get(f"/api/v1/tables/{found['table']}").json()["parts"]
    assert seen[0]["not_yours"] == 1
    assert seen[2]["differences"][0]["now"] == {"value": "1", "unit": "mm", "by": "李四"}


def test_parquet_is_taken_and_what_is_no_table_is_said(program: TestClient) -> None:
    out = io.BytesIO()
    row = {"county": "361027", "year": 2023, "variable": "precipitation", "value": 1600.0, "unit": "mm", "source": "s"}
    empty = {"ecosystem": "", "pollutant": "", "product": "", "note": ""}
    pq.write_table(pa.Table.from_pylist([{**row, **empty}]), out)
    packed = base64.b64encode(out.getvalue()).decode()
    found = program.post("/api/v1/tables", json={"file": "a.parquet", "base64": packed})
    assert found.json()["parts"][0]["differences"][0]["given"]["value"] == "1600.0", found.text
    for body, said in (
        ({"file": "a.xlsx", "text": TABLE}, "the file ends in '.xlsx'"),
        ({"file": "a.csv"}, "there is no table"),
        ({"file": "a.parquet", "base64": "!"}, "this is not base64"),
        ({"file": "a.csv", "text": HEAD}, "the file has a header and no row"),
        ({"file": "a.csv", "text": "a,b\n1,2\n"}, "column"),
        ({"file": "a.csv", "text": f"{HEAD}360121,2023,precipitation,,,,1500,mm,s,\n"}, "360121 is not in your place"),
    ):
        answer = program.post("/api/v1/tables", json=body)
        assert answer.status_code == 422, body
        assert said in answer.text
    assert program.get("/api/v1/tables/abc").status_code == 422
    assert program.post("/api/v1/tables/abc/taken", json={"parts": [{"county": "1", "year": 1, "stamp": ""}]}).status_code == 422


def test_the_page_of_a_table_shows_and_takes(platform: Platform) -> None:
    person, other = platform.visit("zhang"), platform.visit("elsewhere")
    assert "多县数据表" in words_of(person.get("/"))
    sent = person.post("/tables", files={"file": ("上报.csv", TABLE.encode(), "text/csv")})
    page = sent.headers["location"]
    shown = person.get(page)
    assert "360121 不在您的辖区内" in words_of(shown) or "360121" in words_of(shown)
    assert other.get(page).status_code == 422
    ticks = re.findall(r'name="(take\.[^"]+)" value="([^"]*)"', shown.text)
    assert [name for name, _ in ticks] == ["take.361027.2023"]
    assert person.post(page).status_code == 422
    done = person.post(page, **{name: html.unescape(value) for name, value in ticks})
    assert done.status_code == 303
    assert len(read_draft(platform.office, "361027", 2023)) == 2
    assert "0" in words_of(person.get(page))
