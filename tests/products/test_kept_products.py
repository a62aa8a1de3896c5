"""The catalogue and alerts in a store: editions, each alert once, the first to see it stays, the chain holds; on the work list and by the API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Program
from platform_site import Platform
from starlette.testclient import TestClient

from gep.office.rights import Role
from gep.office.tokens import make_token
from gep.store.walk import walk_chain

HEAD = "product,kind,place,amount,unit,quality,season,department,evidence\n"
ORANGE = "蜜桔,material,琉璃乡,{amount},t,绿色食品,10-12,农业农村局,产量调查表 3\n"
SERIES = "variable,place,time,value,unit,source\ncodmn,金临渡,2023-04,4,mg/L,月报\ncodmn,金临渡,2023-05,6.4,mg/L,月报\n"
LIMITS = "author: 县生态环境局\nthresholds:\n- {id: level, variable: codmn, when: level > 6, unit: mg/L, basis: III 类}\n"


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def program(platform: Platform, place: str) -> TestClient:
    token = make_token(platform.office, f"watch {place}", Role.VIEWER, place, "2099-12-31", "admin", "")
    headers = {"Authorization": f"Bearer {token}"}
    return TestClient(platform.app, "http://platform", headers=headers, raise_server_exceptions=False)


def watch(gep: Program, folder: Path, store: str, *more: str, code: int = 0) -> str:
    files = (write(folder, "s.csv", SERIES), "--thresholds", write(folder, "l.yaml", LIMITS), "--on", "2023-06-10")
    return gep("products", "watch", *files, "--county", "361027", "--keep", *more, "--store", store, code=code).stdout


def test_the_newest_edition_of_a_catalogue_holds(gep: Program, tmp_path: Path) -> None:
    whose = ("--county", "金溪县", "--year", "2023", "--store", gep.store)
    for amount in (1200, 1300):
        form = write(tmp_path, "p.csv", HEAD + ORANGE.format(amount=amount))
        gep("products", "catalogue", form, *whose, "--keep", "--by", "李四")
    assert "edition 2, entered by 李四" in gep("products", "catalogue", *whose).stdout
    (one,) = json.loads(gep("products", "catalogue", *whose, "--format", "json").stdout)
    assert (one["amount"], one["months"], one["address"][-7:]) == (1300, [10, 11, 12], "p.csv:2")
    assert "蜜桔" in gep("query", "products", "--store", gep.store).stdout
    assert walk_chain(Path(gep.store)).holds


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("FORM", "--keep", "--year", "2023"), "--county and --year are missing"),
        (("FORM", "--keep", "--county", "361027", "--year", "2023"), "--by: no name is given"),
        (("--keep", "--county", "361027", "--year", "2023"), "--keep is of forms"),
        (("BAD", "--keep", "--county", "361027", "--year", "2023", "--by", "李四"), "amount is '-3'"),
        (("FORM", "--keep", "--county", "无此县", "--year", "2023", "--by", "李四"), "无此县"),
    ],
)
def test_what_cannot_be_kept_leaves_no_store(gep: Program, tmp_path: Path, call: tuple[str, ...], said: str) -> None:
    forms = {
        name: write(tmp_path, f"{name}.csv", HEAD + ORANGE.format(amount=amount)) for name, amount in (("FORM", 3), ("BAD", -3))
    }
    assert said in gep("products", "catalogue", *(forms.get(one, one) for one in call), "--store", gep.store, code=2).stderr
    assert not Path(gep.store).exists()


def test_an_alert_is_kept_once_and_the_first_to_see_it_stays(gep: Program, tmp_path: Path) -> None:
    assert "1 new alerts entered" in watch(gep, tmp_path, gep.store, "--by", "王五")
    assert "0 new alerts entered" in watch(gep, tmp_path, gep.store, "--by", "王五")
    (alert,) = json.loads(gep("products", "alerts", "--store", gep.store, "--format", "json").stdout)
    assert (alert["county"], alert["period"], alert["seen_by"]) == ("361027", "2023-05", "")
    see = ("products", "seen", alert["alert"][:6], "--by", "李四", "--note", "已核查", "--store", gep.store)
    assert "seen by 李四" in gep(*see).stdout
    said = gep(*see, code=2).stderr
    assert "was seen by 李四" in said
    assert "nothing was stored" in said
    assert "there is no alert 'zz'" in gep("products", "seen", "zz", *see[3:], code=2).stderr
    assert "已核查" in gep("products", "alerts", "361027", "--store", gep.store, "--lang", "zh").stdout
    assert "no alerts" in gep("products", "alerts", "360121", "--store", gep.store).stdout
    assert walk_chain(Path(gep.store)).holds


def test_the_work_list_shows_open_alerts_to_those_of_the_place(gep: Program, platform: Platform, tmp_path: Path) -> None:
    store = str(platform.app.state.site.keeper.path)
    watch(gep, tmp_path, store, "--by", "王五")
    clerk, viewer, elsewhere = (platform.visit(name) for name in ("zhang", "wu", "elsewhere"))
    assert "金临渡" in clerk.get("/?lang=zh").text
    assert 'action="/alerts/seen"' not in viewer.get("/").text
    assert "金临渡" not in elsewhere.get("/").text
    api = program(platform, "361027")
    (alert,) = api.get("/api/v1/alerts").json()["alerts"]
    assert program(platform, "360121").get("/api/v1/alerts").json() == {"alerts": []}
    assert elsewhere.post("/alerts/seen", alert=alert["alert"], note="x").status_code == 422
    assert clerk.post("/alerts/seen", alert=alert["alert"], note="已派人现场核查").status_code == 303
    assert "金临渡" not in clerk.get("/").text
    (seen,) = api.get("/api/v1/alerts").json()["alerts"]
    assert (seen["seen_by"], seen["seen_note"]) == ("张三", "已派人现场核查")


def keep(gep: Program, folder: Path, text: str, *more: str, code: int = 0) -> str:
    done = gep(
        "products", "series", write(folder, "s.csv", text), "--county", "361027", "--keep", "--by", "王五", *more, code=code
    )
    return done.stdout if code == 0 else done.stderr


def test_series_are_kept_once_and_watched_from_the_store_with_their_years(gep: Program, tmp_path: Path) -> None:
    early = SERIES.replace("2023", "2021")
    assert "2 new reports entered" in keep(gep, tmp_path, early, "--store", gep.store)
    assert "2 new reports entered" in keep(gep, tmp_path, SERIES, "--store", gep.store)
    assert "0 new reports entered" in keep(
        gep, tmp_path, SERIES.replace("6.4,mg/L", "6400,ug/L").replace("4,mg/L", "4000,ug/L"), "--store", gep.store
    )
    limits = write(tmp_path, "l.yaml", LIMITS.replace("level > 6", "drift >= 0 and level > 6"))
    whose = ("--county", "金溪县", "--store", gep.store)
    gep("products", "watch", "--thresholds", limits, "--on", "2023-06-10", *whose, "--keep", "--by", "王五")
    gep("products", "watch", "--thresholds", limits, "--on", "2023-05-10", *whose)
    (one,) = json.loads(gep("products", "alerts", "361027", "--year", "2023", "--store", gep.store, "--format", "json").stdout)
    assert one["period"] == "2023-05"
    assert (
        json.loads(gep("products", "alerts", "361027", "--year", "2021", "--store", gep.store, "--format", "json").stdout) == []
    )
    (shown,) = json.loads(gep("products", "series", *whose, "--format", "json").stdout)
    assert (shown["reports"], shown["first"], shown["last"], len(shown["not_reported"])) == (4, "2021-04", "2023-05", 22)
    assert "s.csv:3" in gep("query", "series", "--store", gep.store).stdout
    assert walk_chain(Path(gep.store)).holds


def test_a_corrected_report_stands_beside_what_it_corrects(gep: Program, tmp_path: Path) -> None:
    keep(gep, tmp_path, SERIES, "--store", gep.store)
    other = SERIES.replace("6.4", "5.9")
    said = keep(gep, tmp_path, other, "--store", gep.store, code=2)
    assert "codmn 金临渡 2023-05 is 5.9 mg/L, and 6.4 mg/L is kept from" in said
    assert "nothing was stored" in said
    assert "1 new reports entered" in keep(gep, tmp_path, other, "--correct", "仪器复核", "--store", gep.store)
    sql = "SELECT correction, point_value, correction_reason FROM series_point WHERE period = '2023-05' ORDER BY correction"
    rows = json.loads(gep("query", sql, "--store", gep.store, "--format", "json").stdout)
    assert [list(row.values()) for row in rows] == [[0, 6.4, ""], [1, 5.9, "仪器复核"]]
    limits = ("--thresholds", write(tmp_path, "l.yaml", LIMITS), "--on", "2023-06-10", "--county", "361027")
    assert "0 alerts" in gep("products", "watch", *limits, "--store", gep.store).stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2023-05", "2093-05", "codmn 金临渡 2093-05 is reported before it has begun"),
        ("2023-05,6.4", "2023-05-01,6.4", "is reported by month and by day"),
        ("mg/L", "t", "unit of codmn 金临渡 is 't'"),
        ("6.4", "", "value is ''"),
    ],
)
def test_reports_that_do_not_fit_what_is_kept_leave_it_as_it_was(
    gep: Program, tmp_path: Path, old: str, new: str, said: str
) -> None:
    keep(gep, tmp_path, SERIES, "--store", gep.store)
    before = walk_chain(Path(gep.store)).head
    for call in (("series",), ("watch", "--thresholds", write(tmp_path, "l.yaml", LIMITS), "--on", "2023-06-10")):
        file = write(tmp_path, "n.csv", SERIES.replace(old, new))
        told = gep(
            "products", call[0], file, *call[1:], "--county", "361027", "--keep", "--by", "王五", "--store", gep.store, code=2
        )
        assert said in told.stderr
    assert walk_chain(Path(gep.store)).head == before


def test_what_says_nothing_about_series_is_refused(gep: Program, tmp_path: Path) -> None:
    limits = ("--thresholds", write(tmp_path, "l.yaml", LIMITS), "--on", "2023-06-10", "--store", gep.store)
    assert "--county is missing" in gep("products", "watch", *limits, code=2).stderr
    assert "there is no series of 361027 in the store" in gep("products", "watch", *limits, "--county", "361027", code=2).stderr
    assert "there is no series of 361027" in gep("products", "series", "--county", "361027", "--store", gep.store, code=2).stderr
    assert "go with --keep" in gep("products", "series", "--county", "361027", "--keep", "--store", gep.store, code=2).stderr
    assert not Path(gep.store).exists()


def test_programs_send_series_and_read_them(platform: Platform) -> None:
    token = make_token(platform.office, "stations", Role.ACCOUNTANT, "361027", "2099-12-31", "admin", "")
    headers = {"Authorization": f"Bearer {token}"}
    api = TestClient(platform.app, "http://platform", headers=headers, raise_server_exceptions=False)
    sent = {"file": "s.csv", "text": SERIES}
    assert api.post("/api/v1/series/361027", json=sent).json() == {"county": "361027", "new": 2}
    assert api.post("/api/v1/series/361027", json=sent).json() == {"county": "361027", "new": 0}
    other = {"file": "s.csv", "text": SERIES.replace("6.4", "5.9")}
    assert api.post("/api/v1/series/361027", json=other).status_code == 422
    assert api.post("/api/v1/series/361027", json={**other, "reason": "复核"}).json()["new"] == 1
    assert api.post("/api/v1/series/360121", json=sent).status_code == 403
    rows = api.get("/api/v1/series", params={"county": "361027", "year": "2023"}).json()["series"]
    assert [(row["period"], row["point_value"], row["correction"]) for row in rows] == [("2023-04", 4, 0), ("2023-05", 5.9, 1)]
    assert api.get("/api/v1/series", params={"year": "2022"}).json() == {"series": []}
