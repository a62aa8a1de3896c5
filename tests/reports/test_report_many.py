"""Many reports: all processes write the same bytes, a failing county does not stop the others, and --resume makes what is stale."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import Program
from report_store import write_inputs

from gep.messages.problems import Problems
from gep.reports.many import LIST, make_many, plan
from gep.reports.writing import Options
from gep.store.ask import TIME_LIMIT
from gep.store.opening import WAIT, open_to_write
from gep.store.saving import save
from gep.tasks.run import run_account

COUNTIES = ("360725", "361027", "360921", "361130")


def rows(counties: tuple[str, ...], value: int = 3) -> list[str]:
    found = []
    for at, county in enumerate(counties):
        found += [
            f"{county},2022,agricultural_output_value,,,{value + at},亿元,s,",
            f"{county},2022,land_area,,,{1000 + at},km2,s,",
        ]
    return found


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "gep.duckdb"
    save(run_account([write_inputs(tmp_path, *rows(COUNTIES))]), path)
    return path


def made_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.html"))}


def test_processes_make_what_one_makes_and_resume_makes_what_is_stale(store: Path, tmp_path: Path) -> None:
    options = Options("html")
    tasks = plan(store, 2022, None, options)
    assert [task.county for task in tasks] == sorted(COUNTIES)
    alone = list(make_many(store, tasks, tmp_path / "one", options, jobs=1))
    several = list(make_many(store, tasks, tmp_path / "two", options, jobs=2))
    assert not [one.problem for one in (*alone, *several) if one.problem]
    assert len({one.worker for one in several}) == 2
    assert all(one.memory > 50e6 for one in several)
    assert len(made_in(tmp_path / "one")) == 4
    assert made_in(tmp_path / "one") == made_in(tmp_path / "two")

    folder = tmp_path / "one"
    assert all(one.skipped for one in make_many(store, tasks, folder, options, jobs=1, resume=True))
    (folder / "360725-2022.html").unlink()
    (folder / "361027-2022.html").write_text("corrected by hand")
    refused = [one for one in make_many(store, tasks, folder, options, jobs=1, resume=True) if one.problem]
    assert ["--force" in one.problem for one in refused] == [True]
    assert (folder / "361027-2022.html").read_text() == "corrected by hand"
    (folder / "360725-2022.html").unlink()
    (folder / "361027-2022.html").unlink()
    again = {one.task.county: one.skipped for one in make_many(store, tasks, folder, options, jobs=1, resume=True)}
    assert again == {"360725": False, "361027": False, "360921": True, "361130": True}
    assert made_in(folder) == made_in(tmp_path / "two")
    english = plan(store, 2022, None, Options("html", "en"))
    assert not any(one.skipped for one in make_many(store, english[:1], folder, Options("html", "en"), jobs=1, resume=True))
    save(run_account([write_inputs(tmp_path, *rows(COUNTIES[:1], 9))]), store)
    later = plan(store, 2022, None, options)
    changed = [one.fingerprint != two.fingerprint for one, two in zip(tasks, later, strict=True)]
    assert changed == [True] * 4  # the map of every county shows the new value


def test_a_failing_county_does_not_stop_the_others(store: Path, tmp_path: Path) -> None:
    gep = Program(str(store))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "report.html").write_text(
        '{% extends "shipped/report.html" %}\n{% block scope %}\n{% if report.code == "360921" %}{{ report.nothing_like_it }}{% endif %}\n{% endblock %}\n',
        "utf-8",
    )
    folder = tmp_path / "all"
    arguments = (
        "report",
        "--all",
        "2022",
        "-o",
        str(folder),
        "--format",
        "html",
        "--templates",
        str(tmp_path / "mine"),
        "--store",
        str(store),
        "--jobs",
        "2",
    )
    done = gep(*arguments, code=2)
    assert "3 reports made" in done.stdout
    assert "1 failed" in done.stderr
    assert re.search(r"360921 Fengxin: .*mine/report.html:3: the template cannot be filled in", done.stderr)
    assert sorted(made_in(folder)) == ["360725-2022.html", "361027-2022.html", "361130-2022.html"]
    assert set(json.loads((folder / LIST).read_text())) == set(made_in(folder))
    assert not list(folder.glob("*.part"))
    again = gep(*arguments, "--resume", code=2)
    assert "0 reports made" in again.stdout
    assert "3 were there unchanged" in again.stdout


def test_a_year_without_accounts_and_a_folder_that_cannot_be(store: Path, tmp_path: Path) -> None:
    with pytest.raises(Problems, match="there is no account of 2021"):
        plan(store, 2021, None, Options())
    (tmp_path / "file").write_text("")
    tasks = plan(store, 2022, None, Options("json"))
    with pytest.raises(Problems, match="cannot be written"):
        list(make_many(store, tasks, tmp_path / "file" / "below", Options("json"), jobs=1))


def test_a_read_only_folder_is_one_message(store: Path) -> None:
    folder = Path("/proc/closed")  # nobody writes there, not even root
    with pytest.raises(Problems) as caught:
        list(make_many(store, plan(store, 2022, None, Options("json")), folder, Options("json"), jobs=1))
    assert len(caught.value.problems) == 1


def test_programs_write_to_the_store_while_reports_are_made(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEP_WAIT", "1")
    options = Options("json")
    for done in make_many(store, plan(store, 2022, None, options)[:2], tmp_path / "out", options, jobs=1):
        assert not done.problem
        with open_to_write(store):
            pass


def test_a_question_ends_before_a_program_that_waits_to_write_gives_up() -> None:
    assert TIME_LIMIT < WAIT
