"""Review and sign-off: the steps and their order, what they are for, what voids them."""

from __future__ import annotations

import ast
import csv
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Program

from gep.messages.problems import Problems
from gep.store.accounts import list_accounts, list_run, read_account
from gep.store.keys import find_account
from gep.store.opening import open_to_write
from gep.store.saving import save
from gep.store.signing import hash_account, is_same_person, sign
from gep.store.store import Store
from gep.tasks.run import run_account
from gep.terminal.account import print_account, print_accounts

JINXI = ROOT / "inputs/361027-2022"
GRIDS = ROOT / "inputs/jiangxi-2019-grids"


@pytest.fixture
def store(jinxi: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))


@pytest.fixture
def corrected(tmp_path: Path) -> Path:
    """The same inputs, the rain corrected."""
    folder = Path(shutil.copytree(JINXI, tmp_path / "corrected"))
    table = next(path for path in folder.glob("*.csv") if ",precipitation," in path.read_text("utf-8"))
    table.write_text(re.sub(r"(,precipitation,[^0-9\n]*)[\d.]+", r"\g<1>1500", table.read_text("utf-8")), "utf-8")
    return folder


def take(store: Path, kind: str, who: str, note: str = "") -> str:
    with open_to_write(store, new=False) as connection:
        return sign(connection, find_account(connection, "361027", 2022, None), kind, who, note).account_sha256


def states(store: Path) -> list[tuple[int, str, int | None, int | None]]:
    with Store(store) as connection:
        return connection.execute("SELECT run, state, voided_run, voided_by FROM account_state ORDER BY run").fetchall()


def test_from_draft_to_approved(store: Path) -> None:
    assert states(store) == [(1, "draft", None, None)]
    submitted = take(store, "submitted", "张三")
    assert states(store) == [(1, "submitted", None, None)]
    with Store(store) as connection:
        assert connection.execute("SELECT * FROM gep_account_approved").fetchall() == []
    assert take(store, "approved", "李四", "数据齐全") == submitted
    with Store(store) as connection:
        assert connection.execute("SELECT county, year, signed_by, signed_sha256 FROM gep_account_approved").fetchall() == [
            ("361027", 2022, "李四", submitted)
        ]
        assert connection.execute("SELECT DISTINCT state FROM gep_service").fetchall() == [("approved",)]
        assert connection.execute("SELECT count(*) FROM gep_service_approved WHERE status = 'accounted'").fetchall() == [(5,)]


@pytest.mark.parametrize(
    ("before", "kind", "said"),
    [
        ([], "approved", "is draft and cannot be approved"),
        ([], "returned", "is draft and cannot be returned"),
        (["submitted"], "submitted", "is submitted and cannot be submitted"),
        (["submitted", "approved"], "approved", "is approved and cannot be approved"),
        (["submitted", "approved"], "returned", "is approved and cannot be returned"),
        (["submitted", "approved"], "submitted", "is approved and cannot be submitted"),
        (["submitted", "returned"], "approved", "is returned and cannot be approved"),
    ],
)
def test_steps_out_of_order_are_refused_in_one_message(store: Path, before: list[str], kind: str, said: str) -> None:
    for step in before:
        take(store, step, "张三" if step == "submitted" else "李四", "note")
    count = len(before)
    with pytest.raises(Problems) as caught:
        take(store, kind, "王五", "note")
    assert said in str(caught.value)
    assert len(caught.value.problems) == 1
    with Store(store) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchall() == [(count,)]


@pytest.mark.parametrize("name", ["张三", " 张 三 ", "张三\t"])
def test_maker_and_checker_differ(store: Path, name: str) -> None:
    take(store, "submitted", "张三")
    for kind in ("approved", "returned"):
        with pytest.raises(Problems) as caught:
            take(store, kind, name, "seen")
        assert "was submitted by 张三" in str(caught.value)
    assert is_same_person("ZHANG San", "Zhang San")
    assert not is_same_person("张三", "张四")


def test_a_step_has_a_name_and_a_note(store: Path) -> None:
    with pytest.raises(Problems) as caught:
        take(store, "submitted", "   ")
    assert "no name is given" in str(caught.value)
    take(store, "submitted", "张三")
    with pytest.raises(Problems) as caught:
        take(store, "returned", "李四", " ")
    assert "needs a note" in str(caught.value)
    take(store, "returned", "李四", "缺土壤数据")
    with pytest.raises(Problems) as caught:
        take(store, "submitted", "张三")
    assert "submitting what was returned needs a note" in str(caught.value)
    take(store, "submitted", "张三", "土壤数据本年没有")
    assert states(store) == [(1, "submitted", None, None)]


def test_findings_stand_in_the_way(store: Path) -> None:
    with open_to_write(store) as connection:
        connection.execute(
            "INSERT INTO explanation (run, account, check_code, grade, address, found, explanation) VALUES (1, 0, 'B2', 'B', 'x.xlsx!land!C7', 'twice last year', '')"
        )
        connection.execute(
            "INSERT INTO explanation (run, account, check_code, grade, address, found, explanation) VALUES (1, 0, 'B3', 'B', 'x.xlsx!land!C8', 'half of last year', '旱灾')"
        )
        connection.execute(
            "INSERT INTO explanation (run, account, check_code, grade, address, found, explanation) VALUES (1, 0, 'C1', 'C', 'x.xlsx!land!C9', 'round figure', '')"
        )
    with pytest.raises(Problems) as caught:
        take(store, "submitted", "张三")
    assert [problem.file for problem in caught.value.problems] == ["x.xlsx!land!C7"]
    take(store, "submitted", "张三", "C7: 新调查口径")
    take(store, "returned", "李四", "no")
    with open_to_write(store) as connection:
        connection.execute(
            "INSERT INTO explanation (run, account, check_code, grade, address, found, explanation) VALUES (1, 0, 'A1', 'A', 'x.xlsx!land!C5', 'parts exceed the whole', 'it is so')"
        )
    with pytest.raises(Problems) as caught:
        take(store, "submitted", "张三", "all is well")
    assert "parts exceed the whole" in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_later_run_voids_visibly_and_needs_a_reason(store: Path, corrected: Path) -> None:
    take(store, "submitted", "张三")
    take(store, "approved", "李四", "ok")
    with pytest.raises(Problems) as caught:
        save(run_account([corrected]), store, "  ")
    assert "361027 2022 (ndrc-2022) is approved, run 1, by 李四" in str(caught.value)
    assert states(store) == [(1, "approved", None, None)]
    later = save(run_account([corrected]), store, "更正降水").run
    last = save(run_account([JINXI]), store).run
    assert states(store) == [(1, "approved", None, None), (later, "draft", 1, later), (last, "draft", 1, later)]
    with Store(store) as connection:
        said = f"第 1 次核算已批准，被第 {later} 次核算作废"
        head = read_account(connection, last, 0)
        assert said in head.head.state_zh
        assert said in head.notices[0].text_zh  # the report prints the notices
        assert said in "".join(print_account(head, "zh")).replace("  ", "")
        assert f"，{later} 作废 1" in "\n".join(print_accounts(list_accounts(connection), "zh"))
        old = read_account(connection, 1, 0)
        assert re.search(rf"已批准：李四 [\d-]+，被第 {later} 次核算作废", old.head.state_zh)
        assert old.results
        for view in (
            "gep_account",
            "gep_service",
            "gep_service_item",
            "gep_service_ecosystem",
            "gep_input",
            "gep_coefficient_used",
        ):
            assert connection.execute(f"SELECT DISTINCT run, state, voided_run FROM {view}").fetchall() == [(last, "draft", 1)]
        assert connection.execute("SELECT * FROM gep_account_approved").fetchall() == []
        assert list_accounts(connection, approved=True) == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("service_result", "value = value + 0.01 WHERE service = 'water_conservation'"),
        ("line_result", "unit_price = unit_price * 1.0000000001 WHERE unit_price IS NOT NULL"),
        ("total_result", "accounted = accounted + 1"),
        ("ecosystem_result", "ecosystem = 'wetland' WHERE ecosystem = 'mixed_forest'"),
        ("service_result", "status = 'no data' WHERE status = 'not applicable'"),
    ],
)
def test_results_changed_behind_the_back_are_said_to_differ(store: Path, table: str, change: str) -> None:
    take(store, "submitted", "张三")
    with Store(store) as connection:
        before = hash_account(connection, 1, 0)
    with duckdb.connect(str(store)) as connection:
        connection.execute(f"UPDATE {table} SET {change}")
    with Store(store) as connection:
        assert hash_account(connection, 1, 0) != before
        assert "哈希不符" in "\n".join(print_account(read_account(connection, 1, 0), "zh"))
        assert "hash differs" in "\n".join(print_accounts(list_accounts(connection), "en"))
    with pytest.raises(Problems) as caught:
        take(store, "approved", "李四", "ok")
    assert "were changed in the store after they were submitted" in str(caught.value)


def test_the_hash_is_of_one_account_whoever_else_is_in_the_run(tmp_path: Path) -> None:
    rows = (GRIDS / "inputs.csv").read_text("utf-8").splitlines(keepends=True)
    chosen = tmp_path / "few.csv"
    chosen.write_text(rows[0] + "".join(row for row in rows[1:] if row[:6] in {"361027", "361102"}), "utf-8")
    alone = tmp_path / "alone.csv"
    alone.write_text(rows[0] + "".join(row for row in rows[1:] if row[:6] == "361102"), "utf-8")
    store = tmp_path / "gep.duckdb"
    for path in (GRIDS, chosen, alone):
        save(run_account([path]), store)
    with Store(store) as connection:
        of = {
            (run, county): hash_account(connection, run, account)
            for run, account, county in connection.execute("SELECT run, account, county FROM account").fetchall()
            if county in {"361027", "361102"}
        }
    assert of[1, "361102"] == of[2, "361102"] == of[3, "361102"]
    assert of[1, "361027"] == of[2, "361027"] != of[1, "361102"]


def test_the_steps_in_real_processes(store: Path, gep: Program, corrected: Path) -> None:
    at = ("--store", str(store))
    done = json.loads(gep("submit", "金溪县", "2022", "--by", "张三", "--format", "json", *at).stdout)
    assert done["kind"] == "submitted"
    assert "was submitted by 张三" in gep("approve", "金溪县", "2022", "--by", "张三", "--note", "x", *at, code=2).stderr
    gep("approve", "金溪县", "2022", "--by", "李四", "--note", "x", *at)
    assert "已批准：李四" in gep("show", "金溪县", "2022", *at, "--lang", "zh").stdout
    listed = gep("list", "--approved", *at, "--lang", "zh")
    assert "66.2062" in listed.stdout
    assert "只含已批准的结果：1 个；未批准的 0 个不在内" in listed.stderr
    assert "只含已批准的结果" in gep("query", "approved", *at, "--lang", "zh").stderr
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE service_result SET value = value + 1 WHERE value IS NOT NULL")
    for arguments in (("query", "approved"), ("query", "approved-services"), ("list", "--approved")):
        assert "361027 2022 (ndrc-2022)" in gep(*arguments, *at).stderr
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE service_result SET value = value - 1 WHERE value IS NOT NULL")
    assert "--reason" in gep("run", str(corrected), *at, code=2).stderr
    assert "there is no store" in gep("submit", "金溪县", "2022", "--by", "x", "--store", f"{store}x", code=2).stderr
    assert not Path(f"{store}x").exists()


def test_an_approval_may_name_the_hash_that_was_reviewed(store: Path, gep: Program) -> None:
    at = ("--store", str(store))
    digest = take(store, "submitted", "张三")
    assert digest in gep("review", "361027", "2022", *at, "--lang", "zh").stdout.replace("\n  ", "")
    sign_off = ("approve", "361027", "2022", "--by", "李四", "--note", "x")
    assert "--sha256" in gep(*sign_off, "--sha256", "00000000", *at, code=2).stderr
    assert states(store) == [(1, "submitted", None, None)]
    gep(*sign_off, "--sha256", digest[:12], *at)
    assert states(store) == [(1, "approved", None, None)]


def test_events_are_only_ever_added() -> None:
    texts = [
        node.value
        for path in (ROOT / "gep").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ] + [path.read_text("utf-8") for path in (ROOT / "gep" / "schema").glob("*.sql")]
    assert any(re.search(r"INSERT INTO event\b", text) for text in texts)
    for text in texts:
        assert not re.search(
            r"\b(UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE|ALTER\s+TABLE|OR\s+REPLACE\s+TABLE)\s+\"?event\b", text, re.IGNORECASE
        )


def test_a_run_with_the_same_result_and_inputs_keeps_the_sign_off(store: Path, tmp_path: Path, gep: Program) -> None:
    digest = take(store, "submitted", "张三")
    moved = shutil.copytree(JINXI, tmp_path / "moved")  # the same figures in files of another place
    second = save(run_account([moved]), store).run
    assert states(store) == [(1, "submitted", None, None), (second, "submitted", None, None)]
    with pytest.raises(Problems, match="was submitted by 张三"):
        take(store, "approved", " 张三", "ok")
    assert take(store, "approved", "李四", "ok") == digest
    third = save(run_account([JINXI]), store).run  # no reason is asked: nothing is voided
    fourth = save(run_account([JINXI]), store).run
    assert states(store)[2:] == [(third, "approved", None, None), (fourth, "approved", None, None)]
    with Store(store) as connection:
        assert [one.run for one in list_accounts(connection, approved=True)] == [fourth]
        said = {run: list_run(connection, run)[0].state_zh for run in (second, third, fourth)}
        events = connection.execute(
            "SELECT kind, run, who, account_sha256 = ?, kept_from FROM event LEFT JOIN event_kept USING (event) ORDER BY event",
            [digest],
        ).fetchall()
    assert said[second].endswith(f"在第 {third} 次核算中继续有效")
    assert said[fourth].endswith(f"第 {second} 次核算签署，本次结果相同")
    assert not any("作废" in text for text in said.values())
    assert events == [
        ("submitted", 1, "张三", True, None),
        ("submitted", second, "张三", True, 1),
        ("approved", second, "李四", True, None),
        ("submitted", third, "张三", True, 1),
        ("approved", third, "李四", True, second),
        ("submitted", fourth, "张三", True, 1),
        ("approved", fourth, "李四", True, second),
    ]
    out = gep("history", "361027", "2022", "--store", str(store)).stdout
    assert "voids" not in out


def test_another_source_is_another_input_and_voids_the_sign_off(store: Path, tmp_path: Path) -> None:
    take(store, "submitted", "张三")
    take(store, "approved", "李四", "ok")
    folder = Path(shutil.copytree(JINXI, tmp_path / "other"))
    table = min(folder.glob("*.csv"))
    rows = table.read_text("utf-8").splitlines()
    at = rows[0].split(",").index("source")
    table.write_text("\n".join([rows[0], *(_with(row, at, "另一来源") for row in rows[1:])]) + "\n", "utf-8")
    with pytest.raises(Problems, match="would void that approval"):
        save(run_account([folder]), store)
    later = save(run_account([folder]), store, "来源更正").run
    assert states(store) == [(1, "approved", None, None), (later, "draft", 1, later)]


def _with(row: str, at: int, text: str) -> str:
    cells = next(csv.reader([row]))
    cells[at] = text
    return ",".join(f'"{cell}"' for cell in cells)


def test_an_approval_before_its_submission_is_refused(store: Path) -> None:
    take(store, "submitted", "张三", "n")
    with open_to_write(store) as connection:
        connection.execute("UPDATE event SET happened_at = happened_at + INTERVAL 2 DAY")
    with pytest.raises(Problems, match="the clock of this machine is behind"):
        take(store, "approved", "李四", "ok")
