"""People, tokens, settings, journal and backup: what an administrator does, what an auditor sees, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
from pathlib import Path

import pytest
from conftest import Program
from platform_site import PASSWORD, Platform, words_of

from gep.office.backup import list_backups
from gep.office.heads import walk_journal
from gep.office.journal import find_break, read_entries
from gep.office.people import find_person
from gep.office.tokens import find_token


def test_an_account_is_made_used_changed_and_closed_and_its_history_stays(platform: Platform) -> None:
    admin = platform.visit("admin")
    made = admin.post("/people", name="xin", shown="新人", role="accountant", place="361027", department="")
    password = re.search(r"<code>([\w-]{14})</code>", made.text)
    assert made.status_code == 200
    assert password is not None
    assert password[1] not in admin.get("/people").text
    new = platform.visit()
    assert new.post("/login", name="xin", password=password[1], next="/").status_code == 303
    assert new.get("/361027/2022").headers["location"] == "/password"
    csrf = re.findall(r'name="csrf" value="([^"]+)"', new.get("/password").text)[0]
    assert new.post("/password", old=password[1], new=PASSWORD, again=PASSWORD, csrf=csrf).status_code == 303
    assert new.get("/361027/2022").status_code == 200
    assert admin.post("/people/xin", shown="新人", role="viewer", place="361027", active="1").status_code == 303
    assert new.get("/361027/2022").headers["location"].startswith("/login"), "a changed role holds at once"
    again = platform.visit("xin")
    assert again.post("/361027/2022/run").status_code == 403
    assert admin.post("/people/xin", shown="新人", role="viewer", place="361027", active="0").status_code == 303
    assert again.get("/361027/2022").status_code == 303
    assert platform.visit().post("/login", name="xin", password=PASSWORD, next="/").status_code == 401
    journal = words_of(platform.visit("zhou").get("/journal?search=xin"))
    assert "新建账号" in journal
    assert "closed" in journal
    taken = admin.post("/people", name="xin", shown="另一人", role="viewer", place="", department="")
    assert taken.status_code == 422
    assert "另一人" in taken.text, "what was typed stays in the form"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "Wang Wu", "用户名"),
        ("name", "../x", "用户名"),
        ("shown", " ", "姓名"),
        ("shown", "x" * 61, "姓名"),
        ("role", "king", "角色"),
        ("place", "999999", "999999"),
        ("department", "魔法局", "魔法局"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_reason(platform: Platform, field: str, value: str, said: str) -> None:
    form = {"name": "xin", "shown": "新人", "role": "clerk", "place": "361027", "department": "气象局", field: value}
    answer = platform.visit("admin").post("/people", **form)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert find_person(platform.office, "xin") is None


def test_the_last_administrator_stays(platform: Platform) -> None:
    admin = platform.visit("admin")
    for role, active in (("viewer", "1"), ("administrator", "0")):
        answer = admin.post("/people/admin", shown="管理员", role=role, place="", department="", active=active)
        assert answer.status_code == 422
        assert "唯一的系统管理员" in words_of(answer)
    assert admin.get("/people").status_code == 200


def test_a_reset_password_ends_the_old_one_and_the_session(platform: Platform) -> None:
    zhang = platform.visit("zhang")
    assert "一次性密码" in words_of(platform.visit("admin").post("/people/zhang/password"))
    assert zhang.get("/").status_code == 303
    assert platform.visit().post("/login", name="zhang", password=PASSWORD, next="/").status_code == 401


def test_a_token_is_shown_once_holds_until_its_day_and_is_closed(platform: Platform) -> None:
    admin = platform.visit("admin")
    made = admin.post("/tokens", label="省平台", role="viewer", place="360000", department="", ends_at="2099-12-31")
    token = re.search(r"gep_[\w-]{43}", made.text)
    assert token is not None
    assert token[0] not in admin.get("/tokens").text
    assert not sqlite_holds(platform.office.path, token[0])
    assert find_token(platform.office, token[0]) is not None
    for form in ({"ends_at": "2020-01-01"}, {"ends_at": "soon"}, {"label": "省平台"}, {"role": "administrator"}, {"place": "12"}):
        wrong = {"label": "另一", "role": "viewer", "place": "360000", "ends_at": "2099-12-31", **form}
        assert admin.post("/tokens", **wrong).status_code == 422, form
    assert admin.post("/tokens/close", label="省平台").status_code == 303
    assert admin.post("/tokens/close", label="none").status_code == 422
    assert find_token(platform.office, token[0]) is None


def sqlite_holds(path: Path, text: str) -> bool:
    return any(text.encode() in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_settings_hold_at_once_and_have_bounds(platform: Platform) -> None:
    admin = platform.visit("admin")
    for wrong in ({"password_length": "7"}, {"password_length": "ten"}, {"idle_minutes": "0"}, {"password_classes": "٣"}):
        answer = admin.post("/settings", **wrong)
        assert answer.status_code == 422
        assert next(iter(wrong.values())) in answer.text
    assert admin.post("/settings", password_length="16", one_session="0").status_code == 303
    first, second = platform.visit("zhang"), platform.visit("zhang")
    assert first.get("/").status_code == second.get("/").status_code == 200
    short = first.post("/password", old=PASSWORD, new="Kurz-1234567", again="Kurz-1234567")
    assert short.status_code == 422
    assert "16" in words_of(short)


def test_the_journal_is_searched_paged_and_exported_and_no_one_changes_it(platform: Platform) -> None:
    for _ in range(3):
        platform.visit().post("/login", name="=cmd|' /C calc'!A0", password="x", next="/")
    auditor = platform.visit("zhou")
    assert "%" not in words_of(auditor.get("/journal?search=%25")).partition("没有")[2], "% is a sign, not a pattern"
    rows = list(csv.reader(io.StringIO(auditor.get("/journal/export").content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [str(one.entry) for one in read_entries(platform.office, count=9999)]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    first = words_of(auditor.get("/journal?check=1"))
    assert "链完整" in first
    older = auditor.get("/journal?before=5")
    assert [one.entry for one in read_entries(platform.office, before=5)] == [4, 3, 2, 1]
    assert older.status_code == 200
    for name in ("zhang", "wang", "qian", "wu"):
        assert platform.visit(name).get("/journal").status_code == 403


def test_a_journal_that_was_changed_is_found_by_page_and_command(platform: Platform, gep: Program) -> None:
    store = platform.office.path.with_name("gep.duckdb")
    gep("verify", "--store", str(store))
    raw = sqlite3.connect(platform.office.path)
    raw.execute("UPDATE journal SET person = 'nobody' WHERE entry = 3")
    raw.commit()
    raw.close()
    assert find_break(platform.office) == 3
    assert "第3条" in words_of(platform.visit("zhou").get("/journal?check=1"))
    found = gep("verify", "--store", str(store), code=2)
    assert "entry 3 of the journal does not follow" in found.stdout


def test_a_backup_is_of_one_moment_names_both_heads_and_comes_back(platform: Platform, gep: Program, tmp_path: Path) -> None:
    admin = platform.visit("admin")
    assert admin.post("/backup").status_code == 303
    made = list_backups(tmp_path / "backups")
    assert [one.made_by for one in made] == ["admin"]
    assert made[0].store_head[:16] in admin.get("/backup").text
    folder = tmp_path / "backups" / made[0].name
    gep("restore", str(folder), "--store", str(platform.office.path.with_name("gep.duckdb")), code=2)  # nothing is overwritten
    there = tmp_path / "there" / "gep.duckdb"
    gep("restore", str(folder), "--store", str(there))
    walk = walk_journal(there)
    assert walk is not None
    assert (walk.broken, walk.named) == ((), 2)
    again = Platform(there)
    try:
        assert again.visit("zhang").get("/361027/2022/result").status_code == 200
    finally:
        again.close()
    shown = json.loads(gep("verify", "--store", str(there), "--format", "json").stdout)
    assert shown["holds"] is True
    assert shown["journal"]["broken"] == []


def test_a_backup_that_was_touched_is_not_taken_back(platform: Platform, gep: Program, tmp_path: Path) -> None:
    store = platform.office.path.with_name("gep.duckdb")
    gep("backup", str(tmp_path / "kept"), "--store", str(store))
    folder = next((tmp_path / "kept").iterdir())
    with (folder / "gep.office.sqlite").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    found = gep("restore", str(folder), "--store", str(tmp_path / "new.duckdb"), code=2)
    assert "the file is not the one that was written" in found.stderr
    assert not (tmp_path / "new.duckdb").exists()
    about = json.loads((folder / "backup.json").read_text("utf-8"))
    sm3 = "sm3" in hashlib.algorithms_available
    assert [len(about[name]) for name in ("store_sm3", "office_sm3")] == [64 * sm3, 64 * sm3]
    if sm3:
        assert about["store_sm3"] == hashlib.new("sm3", (folder / "gep.duckdb").read_bytes()).hexdigest()
    (folder / "backup.json").write_text("{}")
    gep("restore", str(folder), "--store", str(tmp_path / "new.duckdb"), code=2)
    gep("backup", str(tmp_path / "kept"), "--store", str(tmp_path / "none.duckdb"), code=2)


def test_serve_refuses_without_an_administrator(gep: Program, tmp_path: Path) -> None:
    found = gep("serve", "--store", str(tmp_path / "gep.duckdb"), "--port", "0", code=2)
    assert "gep user add makes one" in found.stderr
    assert not list(tmp_path.iterdir()), "looking makes no file"
