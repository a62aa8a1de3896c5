"""The API: every operation with what nobody expects, reading in three formats, writing once, rights by role and place."""

from __future__ import annotations

import io
from typing import Any

import pyarrow.parquet as pq
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from platform_site import Platform
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from gep.office.drafts import read_draft
from gep.office.rights import Role
from gep.office.tokens import make_token
from gep.web.openapi import make_document
from gep.web.pages.api import OPERATIONS

DOCUMENT = make_document(OPERATIONS)


def program(platform: Platform, role: Role, place: str = "", department: str = "") -> TestClient:
    token = make_token(platform.office, f"{role} {place} {department}", role, place, "2099-12-31", "admin", department)
    return TestClient(
        platform.app, "http://platform", headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False
    )


def cell(**other: Any) -> dict[str, Any]:
    return {"county": "361027", "year": 2023, "variable": "precipitation", "value": "1600", "unit": "mm", **other}


def test_no_operation_fails_whatever_is_sent(platform: Platform) -> None:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    programs = [program(platform, Role.ACCOUNTANT, "361027"), program(platform, Role.FINANCE)]
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    assert len(operations) == len(OPERATIONS)
    for operation in operations:

        @settings(max_examples=4, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def never_fails(case: Any) -> None:
            sent = case.as_transport_kwargs(base_url="http://platform/api/v1")
            sent.pop("cookies", None)
            content = sent.pop("data", None)
            headers = {name: value for name, value in (sent.pop("headers") or {}).items() if name.lower() != "authorization"}
            for one in programs:
                answer = one.request(content=content, headers=headers, **sent)
                assert answer.status_code < 500, (case.method, case.path, answer.text)

        never_fails()


def test_results_and_inputs_come_as_json_csv_and_parquet_alike(platform: Platform) -> None:
    reader = program(platform, Role.VIEWER, "360000")
    for name in ("accounts", "services", "lines", "inputs", "coefficients"):
        rows = reader.get(f"/api/v1/{name}?county=361027&year=2022&limit=100000").json()[name]
        table = pq.read_table(io.BytesIO(reader.get(f"/api/v1/{name}?county=361027&format=parquet&limit=100000").content))
        text = reader.get(f"/api/v1/{name}?county=361027&format=csv&limit=100000").text
        assert len(rows) == table.num_rows > 0
        assert text.splitlines()[0].replace('"', "").split(",") == list(rows[0]) == table.column_names
    pages = [reader.get(f"/api/v1/services?limit=3&offset={at}").json()["services"] for at in (0, 3)]
    assert pages[0] != pages[1]
    account = reader.get("/api/v1/accounts/361027/2022").json()
    assert any(one["value"] is None for one in account["services"]), "missing is null"
    assert reader.get("/api/v1/accounts/361027/2022/trace/water_conservation").status_code == 200
    assert reader.get("/api/v1/rankings/360000/2022").status_code == 200
    assert reader.get("/api/v1/rollups/361000/2022").status_code == 200


def test_a_program_sees_and_writes_what_its_role_and_place_allow(platform: Platform) -> None:
    elsewhere = program(platform, Role.ACCOUNTANT, "360121")
    assert elsewhere.get("/api/v1/accounts/361027/2022").status_code == 403
    assert elsewhere.get("/api/v1/accounts").json() == {"accounts": []}
    assert elsewhere.get("/api/v1/postings").status_code == 403
    assert program(platform, Role.VIEWER).post("/api/v1/cells", json={"cells": [cell()]}).status_code == 403
    clerk = program(platform, Role.CLERK, "361027", "统计局")
    assert clerk.post("/api/v1/cells", json={"cells": [cell()]}).status_code == 422, "of another department"
    assert elsewhere.post("/api/v1/cells", json={"cells": [cell()]}).status_code == 422, "of another county"
    assert read_draft(platform.office, "361027", 2023) == {}
    nobody = TestClient(platform.app, "http://platform", headers={"Authorization": "Bearer gep_made-up"})
    assert nobody.get("/api/v1/accounts").status_code == 401
    assert nobody.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"


def test_cells_of_many_counties_are_written_at_once_or_not_at_all(platform: Platform) -> None:
    writer = program(platform, Role.ACCOUNTANT, "361000")
    cells = [cell(county=county) for county in ("361027", "361002", "361021")]
    wrong = writer.post("/api/v1/cells", json={"cells": [*cells, cell(variable="rain"), cell(county="999999"), cell(value=7)]})
    assert wrong.status_code == 422
    assert [one["file"] for one in wrong.json()["problems"]] == ["cells[3].variable", "cells[4].county", "cells[5].value"]
    assert read_draft(platform.office, "361002", 2023) == {}
    assert writer.post("/api/v1/cells", json={"cells": cells}).json() == {"saved": 3, "conflicts": []}
    saved = read_draft(platform.office, "361002", 2023)["precipitation", "全县"]
    assert (saved.value, saved.way) == ("1600", "api")
    late = writer.post("/api/v1/cells", json={"cells": [cell(value="1", version=0)]}).json()
    assert late["saved"] == 0
    assert late["conflicts"][0]["value"] == "1600"


def test_a_key_makes_a_write_happen_once(platform: Platform) -> None:
    writer = program(platform, Role.ACCOUNTANT, "361027")
    key = {"Idempotency-Key": "2023-01"}
    first = writer.post("/api/v1/cells", json={"cells": [cell()]}, headers=key)
    writer.post("/api/v1/cells", json={"cells": [cell(value="1700")]})
    again = writer.post("/api/v1/cells", json={"cells": [cell()]}, headers=key)
    assert first.text == again.text
    assert read_draft(platform.office, "361027", 2023)["precipitation", "全县"].value == "1700", "the replay wrote nothing"
    other = writer.post("/api/v1/cells", json={"cells": [cell(value="9")]}, headers=key)
    assert other.status_code == 422
    refused = writer.post("/api/v1/accounts/361027/2021/runs", json={}, headers={"Idempotency-Key": "run"})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["found_zh"], "the same sentence as anywhere"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"cells": {}}', b'{"cells": [1]}', b"[" * 100_000, b'{"cells": [{"county": "\\u0000"}]}']
)
def test_a_body_that_is_none_is_refused(platform: Platform, body: bytes) -> None:
    assert program(platform, Role.ACCOUNTANT, "361027").post("/api/v1/cells", content=body).status_code == 422


def test_what_an_operation_does_not_know_is_refused(platform: Platform) -> None:
    """A field or a parameter that nothing reads would be without effect: a misspelt unit, year or place."""
    writer = program(platform, Role.ACCOUNTANT, "361027")
    wrong = writer.post("/api/v1/cells", json={"cells": [cell(), cell(unti="km")], "sells": []})
    assert [one["file"] for one in wrong.json()["problems"]] == ["cells[1].unti", "sells"]
    assert wrong.json()["problems"][0]["found_zh"] == "没有字段 'unti'"
    assert writer.post("/api/v1/accounts/361027/2022/submissions", json={"nota": "x"}).status_code == 422
    reader = program(platform, Role.VIEWER, "360000")
    for url in (
        "services?yaer=2022",
        "accounts?country=361027",
        "rollups/361000/2022?aproved=1",
        "rankings/360000/2022?approved=no",
    ):
        assert reader.get(f"/api/v1/{url}").status_code == 422, url
    half = b'{"cells": [{"county": "361027", "year": 2023, "variable": "precipitation", "value": "1", "unit": "mm", "note": "\\ud800"}]}'
    twice = half.replace(b'"note": "\\ud800"', b'"value": "2"')
    assert (writer.post("/api/v1/cells", content=half).status_code, writer.post("/api/v1/cells", content=twice).status_code) == (
        422,
        422,
    )
    assert read_draft(platform.office, "361027", 2023) == {}
    approved, every = (reader.get(f"/api/v1/rollups/361000/2022?approved={one}") for one in ("1", "0"))
    assert every.status_code == 200
    assert approved.text != every.text


def test_the_description_is_readable_without_another_host(platform: Platform) -> None:
    page = platform.visit("wu").get("/api/v1/").text
    assert "http" not in page.replace("https://spec.openapis.org", "")
    assert all(one.path.partition("{")[0] in page for one in OPERATIONS)


def test_an_address_that_is_not_there_is_told_to_a_program_as_json(platform: Platform) -> None:
    answer = platform.visit().client.get("/api/v1/no-such")
    assert answer.status_code == 404
    assert answer.json()["problems"][0]["found"]
    assert platform.visit().client.delete("/api/v1/cells").status_code == 405


def test_whoever_is_not_answered_reads_why_in_both_languages_and_what_to_do(platform: Platform) -> None:
    county = program(platform, Role.ACCOUNTANT, "361027")
    unknown = {"Authorization": "Bearer gep_unknown"}
    for status, url, headers in (
        (401, "/api/v1/accounts", unknown),
        (403, "/api/v1/postings", None),
        (404, "/api/v1/nothing", None),
        (405, "/api/v1/cells", None),
        (422, "/api/v1/accounts/361027/1066", None),
    ):
        answer = county.get(url, headers=headers)
        assert answer.status_code == status, answer.text
        (problem,) = answer.json()["problems"]
        assert problem["where"]
        assert problem["found"]
        assert problem["found"] != problem["found_zh"]
        assert problem["expected"] != problem["expected_zh"]
        assert problem["hint"] or problem["expected"]
