"""What somebody who means harm tries: forged forms and sessions, scripts in texts, paths, SQL, headers, bombs, guesses."""

from __future__ import annotations

import io
import zipfile

import pytest
from platform_site import PASSWORD, Platform, words_of

from gep.office.drafts import read_draft
from gep.office.people import LOCKED_FOR, change_person, find_person
from gep.office.rights import Person, Role
from gep.web.guard import COOKIE, HEADERS, LARGEST

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


def test_every_answer_carries_the_headers(platform: Platform) -> None:
    visitor = platform.visit("zhang")
    answers = [
        visitor.get("/no-such-page"),
        visitor.get("/static/platform.css"),
        visitor.get("/login"),
        visitor.client.request("DELETE", "/people"),
        visitor.client.post("/login", content=b"", headers={"content-length": str(LARGEST + 1)}),
        visitor.get("/people"),
        visitor.get("/api/v1/accounts?limit=x"),
    ]
    assert [one.status_code for one in answers] == [404, 200, 200, 405, 413, 403, 422]
    for one in answers:
        for name, value in HEADERS.items():
            assert one.headers[name] == value, (one.url, name)


def test_a_session_that_was_put_there_before_the_login_is_not_taken(platform: Platform) -> None:
    visitor = platform.visit()
    visitor.client.cookies.set(COOKIE, "chosen-by-somebody-else")
    answer = visitor.post("/login", name="zhang", password=PASSWORD, next="/")
    assert f"{COOKIE}=" in answer.headers["set-cookie"]
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]
    thief = platform.visit()
    thief.client.cookies.set(COOKIE, "chosen-by-somebody-else")
    assert thief.get("/361027/2022").status_code == 303


def test_a_session_ends_with_the_logout_and_its_cookie_is_closed_to_scripts(platform: Platform) -> None:
    visitor = platform.visit()
    set_cookie = visitor.post("/login", name="zhang", password=PASSWORD, next="/").headers["set-cookie"].lower()
    assert "httponly" in set_cookie
    assert "samesite=strict" in set_cookie
    token = visitor.client.cookies[COOKIE]
    visitor.post("/logout")
    again = platform.visit()
    again.client.cookies.set(COOKIE, token)
    assert again.get("/361027/2022").status_code == 303


def test_scripts_in_texts_that_people_enter_stay_texts(platform: Platform) -> None:
    change_person(platform.office, Person("li", f"李{SCRIPT}"[:60], Role.CLERK, "361027", "气象局"), "admin")
    zhang, admin = platform.visit("zhang"), platform.visit("admin")
    admin.post("/people", name="new", shown=SCRIPT[:60], role="viewer", place="361027", department="")
    admin.post("/tokens", label=SCRIPT[:60], role="viewer", place="", department="", ends_at="2099-12-31")
    zhang.post("/361027/2022/run", reason=SCRIPT)
    zhang.post("/361027/2022/choices", standard=SCRIPT, price_year=SCRIPT)
    qian = platform.visit("qian")
    bad = qian.post("/money/scheme/jx-basin-pool/compute", files={"file1": (f"{SCRIPT}.csv", b"x")}, year="2016", suppose=SCRIPT)
    pages = [
        bad,
        qian.post("/money/reverse", run="1", scheme=SCRIPT, year="2016", reason=SCRIPT),
        *(
            admin.get(url)
            for url in ("/people", "/tokens", "/journal", "/people/li", f"/people?search={SCRIPT}", f"/journal?search={SCRIPT}")
        ),
        *(
            zhang.get(url)
            for url in (f"/?search={SCRIPT}", f"/?said={SCRIPT}", "/361027/2022/form/气象局", f"/login?next={SCRIPT}")
        ),
        *(
            qian.get(url)
            for url in ("/money", f"/money/answer?county={SCRIPT}", f"/money/scheme/{SCRIPT}", f"/money/answer?as_of={SCRIPT}")
        ),
        platform.visit().post("/login", name=SCRIPT, password="x", next=SCRIPT),
    ]
    for page in pages:
        assert page.status_code < 500, page.url
        assert "<script>alert" not in page.text, page.url
        assert "<img src=x" not in page.text, page.url
        assert ">49<" not in page.text, page.url


def test_scripts_in_figures_notes_and_files_stay_texts(platform: Platform) -> None:
    zhang, wang, form = platform.visit("zhang"), platform.visit("wang"), "/361027/2023/form/气象局"
    texts = {"value": "1600", "unit": f"mm{SCRIPT}", "source": SCRIPT, "note": SCRIPT, "version": 0}
    for member in ("全县", SCRIPT):
        sent = zhang.send(f"{form}/cells", {"cells": [{"variable": "precipitation", "member": member, **texts}]})
        assert sent.status_code == 200, sent.text
    assert zhang.send(f"{form}/cells", {"cells": [{"variable": SCRIPT, "member": "", **texts}]}).status_code == 422
    wang.post(f"{form}/remark", variable="precipitation", member="全县", text=SCRIPT)
    zhang.post("/361027/2023/findings", code=SCRIPT, place=SCRIPT, found=SCRIPT, text=SCRIPT)
    table = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n361027,2023,evapotranspiration,,,,700,mm,%s,%s\n"
    quoted = '"' + SCRIPT.replace('"', '""') + '"'
    taken = zhang.post("/361027/2023/upload", files={"file": (f"{SCRIPT}.csv", (table % (quoted, quoted)).encode())})
    zhang.post(f"{form}/step", step="filled", note=SCRIPT)
    zhang.post(f"{form}/step", step="reopened", note=SCRIPT)
    wang.post("/deadlines", place="361000", year="2023", department=SCRIPT, day=SCRIPT)
    history = f"{form}/history?variable=precipitation&member=全县"
    onward = taken.headers["location"]
    own = [zhang.get(url) for url in ("/", "/361027/2023", form, history, onward, "/361027/2023/findings", "/361027/2023/survey")]
    others = [wang.get(url) for url in (form, "/deadlines", "/review")]
    pages = [*own, *others, platform.visit("zhou").get("/journal"), zhang.get("/api/v1/accounts/361027/2023/forms")]
    for page in pages:
        assert page.status_code == 200, page.url
        if page.headers["content-type"].startswith("text/html"):
            assert "<script>alert" not in page.text, page.url
            assert "<img src=x" not in page.text, page.url
            assert ">49<" not in page.text, page.url
    assert "alert(1)" in zhang.get(form).text, "the text is there, as a text"


def test_half_a_letter_is_refused_at_its_cell(platform: Platform) -> None:
    zhang, form = platform.visit("zhang"), "/361027/2023/form/气象局"
    good = b'{"variable": "precipitation", "member": "\xe5\x85\xa8\xe5\x8e\xbf", "value": "1600", "unit": "mm", "source": "", "note": ""}'
    for name in (b"member", b"value", b"source"):
        half = (
            b'{"variable": "evapotranspiration", "member": "", "value": "", "unit": "", "source": "", "note": "", "%s": "\\ud800"}'
            % name
        )
        sent = zhang.client.post(
            f"{form}/cells?as=json", content=b'{"cells": [%s, %s]}' % (half, good), headers={"X-CSRF": zhang.csrf}
        )
        assert sent.status_code in {200, 422}, sent.text
    assert [key[0] for key in read_draft(platform.office, "361027", 2023)] in ([], ["precipitation"])


def test_a_request_of_a_session_that_ended_is_done_by_nobody(platform: Platform) -> None:
    visitor, form = platform.visit("li"), "/361027/2023/form/气象局"
    cell = {"variable": "precipitation", "member": "全县", "value": "1600", "unit": "mm", "source": "", "note": "", "version": 0}
    cookie, csrf = visitor.client.cookies[COOKIE], visitor.csrf
    visitor.post("/logout")
    visitor.client.cookies.set(COOKIE, cookie)
    again = visitor.client.post(f"{form}/cells?as=json", json={"cells": [cell]}, headers={"X-CSRF": csrf})
    assert again.status_code == 401
    other = platform.visit("zhang")
    stolen = other.client.post(f"{form}/cells?as=json", json={"cells": [cell]}, headers={"X-CSRF": csrf})
    assert stolen.status_code == 403, "the token of another session"
    assert not read_draft(platform.office, "361027", 2023)


def test_a_changed_role_holds_at_once(platform: Platform) -> None:
    visitor, form = platform.visit("li"), "/361027/2023/form/气象局"
    assert visitor.get(form).status_code == 200
    change_person(platform.office, Person("li", "李四", Role.VIEWER, "360121"), "admin")
    assert visitor.get(form).status_code == 303, "the session ended"
    again = platform.visit("li")
    assert again.get(form).status_code == 403
    assert again.get("/360121/2023").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/%2e%2e/report.html",
        "/static/..%2f..%2freport.html",
        "/fonts/%2e%2e/zh.po",
        "/static//etc/passwd",
    ],
)
def test_files_outside_are_not_given(platform: Platform, path: str) -> None:
    assert platform.visit("zhang").get(path).status_code in {403, 404, 405}


@pytest.mark.parametrize("value", ["' OR '1'='1", "361027'; DROP TABLE event; --", "360000\x00", "%", "九" * 1000])
def test_sql_in_parameters_is_a_value(platform: Platform, value: str) -> None:
    qian = platform.visit("qian")
    for url in ("/api/v1/accounts", "/api/v1/postings", "/money/answer", "/"):
        answer = qian.client.get(url, params={"county": value, "search": value, "scheme": value})
        assert answer.status_code in {200, 422, 303}, (url, answer.status_code)
    assert qian.client.get("/api/v1/accounts", params={"county": value}).json() == {"accounts": []}
    assert len(qian.client.get("/api/v1/accounts").json()["accounts"]) == 1


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b", "javascript:alert(1)"]
)
def test_a_login_leads_nowhere_else_and_writes_no_header(platform: Platform, onward: str) -> None:
    answer = platform.visit().post("/login", name="zhang", password=PASSWORD, next=onward)
    assert answer.headers["location"] == "/"
    assert "a=b" not in answer.headers["set-cookie"]


def test_whether_an_account_exists_is_not_told_and_guessing_is_locked(platform: Platform) -> None:
    visitor = platform.visit()
    for _ in range(5):
        known = visitor.post("/login", name="zhang", password="wrong", next="/")
        unknown = visitor.post("/login", name="nobody", password="wrong", next="/")
        assert known.status_code == unknown.status_code == 401
        assert words_of(known) == words_of(unknown)
    locked = visitor.post("/login", name="zhang", password=PASSWORD, next="/")
    assert locked.status_code == 401
    assert words_of(locked) == words_of(visitor.post("/login", name="nobody", password=PASSWORD, next="/"))
    assert LOCKED_FOR >= 600


def test_bombs_and_floods_are_refused(platform: Platform) -> None:
    qian = platform.visit("qian")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("a", b"0" * 50_000_000)
    for name, content in (
        ("a.parquet", packed.getvalue()),
        ("a.csv", b"," * 3_000_000),
        ("a.yaml", b"a: &a [x]\n" + b"b: [*a]\n" * 2000),
    ):
        answer = qian.post("/money/scheme/jx-basin-pool/compute", files={"file1": (name, content)}, year="2016")
        assert answer.status_code == 422, name
    many = "&".join(f"f{number}=1" for number in range(20_001))
    flooded = qian.client.post("/money/reverse", content=many, headers={"content-type": "application/x-www-form-urlencoded"})
    assert flooded.status_code == 413
    assert "字段多于 20,000 个" in flooded.text
    huge = {"file": ("a.csv", b"," * (LARGEST + 1))}
    told = qian.client.post("/361027/2022/upload", files=huge, headers={"referer": "http://platform/361027/2022"})
    assert told.status_code == 413
    assert "超过 32 MB" in told.text
    assert 'href="/361027/2022"' in told.text
    assert "evil" not in qian.client.post("/tables", files=huge, headers={"referer": "http://evil.example/x"}).text
    assert qian.client.post("/api/v1/cells", content=b"[" * (LARGEST + 1)).json()["problems"]
    lying = qian.client.post("/money/payments", content=b"x" * 1000, headers={"content-length": "-5"})
    assert lying.status_code in {400, 413}


def test_what_a_closed_account_did_stays_under_its_name(platform: Platform) -> None:
    platform.visit("li").get("/")
    found = find_person(platform.office, "li")
    assert found is not None
    change_person(platform.office, Person("li", found.shown, found.role, found.place, found.department, active=False), "admin")
    assert "li" in words_of(platform.visit("zhou").get("/journal?search=li"))
