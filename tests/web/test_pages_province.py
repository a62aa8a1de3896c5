"""A province in the browser: map, ranking, matrix, roll-up; its reports and yearbook as jobs."""

from __future__ import annotations

import io
import re
import time
import zipfile
from pathlib import Path

import openpyxl
from conftest import Program
from platform_site import PASSWORD, Platform, Visitor, words_of

from gep.office.database import Office
from gep.office.jobs import add_job, turn_job
from gep.office.people import add_person, set_password
from gep.office.rights import Person, Role

HERE = "/province/360000"


def wait(visitor: Visitor, url: str) -> str:
    for _ in range(600):
        state = str(visitor.client.get(f"{url}?as=json").json()["state"])
        if state not in {"waiting", "running"}:
            return state
        time.sleep(0.2)
    return "late"


def test_the_total_of_a_province_says_what_it_covers(platform: Platform) -> None:
    viewer = platform.visit("wu")
    assert viewer.get("/province").headers["location"] == HERE
    words = words_of(viewer.get(HERE))
    assert "涵盖 100 个县中的 1 个" in words
    assert "99 个县无核算，未计入合计" in words
    assert "over 1 of 100 counties" in words_of(viewer.get(f"{HERE}?lang=en"))
    assert "没有这个县" in words_of(viewer.get(f"{HERE}?search=nowhere"))
    assert "该年尚无核算" in words_of(viewer.get(f"{HERE}?year=1999"))
    assert words_of(platform.visit("zhang").get("/province")).count("您的辖区是县")


def test_the_map_is_small_and_a_city_has_its_own(platform: Platform) -> None:
    viewer = platform.visit("wu")
    for code in ("360000", "361000"):
        answer = viewer.get(f"/province/{code}/2022/map.svg")
        assert answer.text.startswith("<svg ")
        assert len(answer.content) < 1_000_000
    assert viewer.get("/province/361027").status_code == 422
    assert viewer.get("/province/370000").status_code == 403


def test_a_province_without_outlines_has_no_map_and_says_so(gep: Program, tmp_path: Path) -> None:
    table, store = tmp_path / "in.csv", tmp_path / "gep.duckdb"
    head = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note"
    table.write_text(
        f"{head}\n441802,2022,land_area,,,,1298,km2,x,\n441802,2022,livestock_output_value,,,,1,亿元_2022,x,\n", "utf-8"
    )
    gep("run", str(table), "--store", str(store))
    office = Office(store)
    first = add_person(office, Person("lin", "林一", Role.VIEWER, "440000"), "server")
    set_password(office, "lin", first, PASSWORD)
    office.close()
    made = Platform(store)
    viewer = made.visit("lin")
    answer = viewer.get("/province/440000")
    assert "没有地图" in words_of(answer)
    assert "map.svg" not in answer.text
    made.close()


def test_reports_of_a_province_are_a_job_with_a_file_at_its_end(platform: Platform) -> None:
    viewer = platform.visit("zhou")
    started = viewer.post(f"{HERE}/reports", year="2022", what="reports", form="xlsx")
    assert started.status_code == 303, words_of(started)
    job = started.headers["location"]
    assert wait(viewer, job) == "done", words_of(viewer.get(job))
    archive = zipfile.ZipFile(io.BytesIO(viewer.get(f"{job}/file").content))
    assert [name for name in archive.namelist() if name.startswith("361027")]
    assert platform.visit("wu").get(job).status_code == 422
    assert re.search("江西省 2022 年各县报告", words_of(viewer.get("/jobs")))
    book = viewer.post(f"{HERE}/reports", year="2022", what="yearbook", form="xlsx").headers["location"]
    assert wait(viewer, book) == "done", words_of(viewer.get(book))
    assert viewer.get(f"{book}/file").content.startswith(b"PK")
    order = viewer.post(f"{HERE}/reports", year="2022", what="order", form="xlsx").headers["location"]
    assert wait(viewer, order) == "done", words_of(viewer.get(order))
    sheets = openpyxl.load_workbook(io.BytesIO(viewer.get(f"{order}/file").content))
    assert any("金溪县" in str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)


def test_a_job_goes_on_after_the_server_was_stopped_and_makes_nothing_twice(platform: Platform) -> None:
    given = {"place": "360000", "year": "2022", "form": "xlsx"}
    job = add_job(platform.office, "reports", given, "zh", "wu")
    turn_job(platform.office, job.id, "running")  # as a server that was killed leaves it
    platform.app.state.site.jobs.go_on()
    viewer = platform.visit("wu")
    assert wait(viewer, f"/jobs/{job.id}") == "done", words_of(viewer.get(f"/jobs/{job.id}"))
    folder = platform.app.state.site.keeper.path.with_name("gep.jobs")
    made = {path: path.stat().st_mtime_ns for path in folder.rglob("*361027*.xlsx")}
    assert len(made) == 1
    assert viewer.post(f"/jobs/{job.id}/again").status_code == 303
    assert wait(viewer, f"/jobs/{job.id}") == "done"
    assert made == {path: path.stat().st_mtime_ns for path in folder.rglob("*361027*.xlsx")}
    assert "reports 360000 2022 xlsx" in words_of(platform.visit("zhou").get("/journal"))


def test_a_job_that_waits_is_stopped_and_taken_up_again(platform: Platform) -> None:
    first = add_job(platform.office, "yearbook", {"place": "360000", "year": "2022", "form": "xlsx"}, "zh", "wu")
    viewer = platform.visit("wu")
    assert viewer.post(f"/jobs/{first.id}/stop").status_code == 303
    assert wait(viewer, f"/jobs/{first.id}") == "stopped"
    assert "继续" in words_of(viewer.get(f"/jobs/{first.id}"))
    viewer.post(f"/jobs/{first.id}/again")
    assert wait(viewer, f"/jobs/{first.id}") == "done"


def test_a_job_of_nothing_and_a_form_of_nothing_are_said(platform: Platform) -> None:
    viewer = platform.visit("wu")
    assert viewer.post(f"{HERE}/reports", year="2022", what="reports", form="exe").status_code == 422
    job = viewer.post(f"{HERE}/reports", year="1999", what="reports", form="xlsx").headers["location"]
    assert wait(viewer, job) == "failed"
    assert "1999" in words_of(viewer.get(job))
    assert viewer.get(f"{job}/file").status_code == 422
