"""Money by two people: schemes are registered before they post, one prepares, another confirms, and what another program wrote is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from conftest import Program
from toy_schemes import write_facts, write_scheme
from two_hands import CHECKER, MAKER, post

BODY = (
    "funds: {pool: {sources: [{from: province, amount: money}]}}\n"
    "inputs: {money: {unit: 元, group: pool}, weight: {by: party, unit: score}}\n"
    "rule: [{op: allocate, name: a, fund: pool, by: weight}]\n"
)
ROWS = ("money,,2021,100,元", "weight,zhi,2021,1,score", "weight,an,2021,2,score", "weight,bo,2021,2,score")


class Desk:
    """The command line with a toy scheme and its facts."""

    def __init__(self, gep: Program, folder: Path) -> None:
        self.gep, self.scheme, self.facts = gep, write_scheme(folder / "toy.yaml", BODY), write_facts(folder / "f.csv", *ROWS)

    def register(self, *more: str, by: str = MAKER, code: int = 0) -> str:
        return self("scheme", "register", str(self.scheme), "--by", by, *more, code=code)

    def prepare(self, *more: str, by: str = MAKER, code: int = 0) -> str:
        asked = ("compensate", str(self.scheme), "2021", "--inputs", str(self.facts), "--post", "--by", by)
        return self(*asked, *more, code=code)

    def confirm(self, number: int, by: str = CHECKER, code: int = 0) -> str:
        return self("transfers", "--confirm", str(number), "--by", by, code=code)

    def __call__(self, *asked: str, code: int = 0) -> str:
        done = self.gep(*asked, "--store", self.gep.store, code=code)
        return done.stdout + done.stderr


@pytest.fixture
def desk(gep: Program, tmp_path: Path) -> Desk:
    return Desk(gep, tmp_path)


def test_only_a_registered_text_may_post_and_a_changed_text_is_a_new_version(desk: Desk, tmp_path: Path) -> None:
    assert "toy 1 is not registered in the store" in desk.prepare(code=2)
    assert "--by: no name is given" in desk.register(by=" \u200b", code=2)
    assert "toy 1 is registered as number 1 by 张三: sha256 " in desk.register()
    assert "is registered already, number 1 of" in desk.register(by=CHECKER, code=2)
    desk.prepare()
    desk.confirm(1)
    changed = BODY.replace("by: weight", "by: weight * weight")
    write_scheme(desk.scheme, changed)
    for said in (desk.prepare("--reason", "x", code=2), desk.register("--reason", "x", code=2)):
        assert "the text of toy 1 is not the one registered as number 1" in said
        assert "a changed text has a version of its own" in said
    write_scheme(desk.scheme, changed, version="2")
    assert "toy 2 takes the place of 1 on days that both rule" in desk.register(code=2)
    desk.register("--reason", "省财政更正公式")
    desk.prepare("--reason", "更正")
    assert "4 postings of run 1 reversed" in desk.confirm(2)
    old = write_scheme(tmp_path / "old.yaml", BODY)
    asked = ("compensate", str(old), "2021", "--inputs", str(desk.facts), "--post", "--by", MAKER, "--reason", "x")
    assert "toy 1 was replaced by 2 on" in desk(*asked, code=2)
    listed = json.loads(desk("scheme", "registered", "--format", "json"))
    assert [(one["scheme_version"], one["who"], one["reason"]) for one in listed] == [
        ("1", MAKER, ""),
        ("2", MAKER, "省财政更正公式"),
    ]
    assert "登记" in desk("scheme", "registered", "--lang", "zh")


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("jx-kefz", "kept for the scheme that comes with the program"),
        ("j-x-kefz", "kept for the scheme"),
        ("to-y", "looks like toy"),
    ],
)
def test_ids_that_others_have_are_not_registered(desk: Desk, id: str, said: str) -> None:
    desk.register()
    write_scheme(desk.scheme, BODY, id=id)
    assert said in desk.register(code=2)


def test_one_prepares_and_another_confirms_bookings_payments_and_reversals(desk: Desk, tmp_path: Path) -> None:
    desk.register()
    assert "--by: no name is given" in desk.prepare(by="", code=2)
    assert "prepared as number 1: 4 postings, 200.00 yuan together" in desk.prepare()
    assert "number 1 by 张三 waits with the same postings" in desk.prepare(by=CHECKER, code=2)
    for by in (MAKER, "张 三", "张\u3000三", "张三 "):
        assert "prepared this and cannot confirm it" in desk.confirm(1, by=by, code=2)
    assert "a character that nobody sees" in desk.confirm(1, by="张三\u200b", code=2)
    assert (
        "nothing is booked" in desk("transfers", "--county", "360724") or json.loads(desk("transfers", "--format", "json")) == []
    )
    assert "booked as run 1: 4 postings" in desk.confirm(1)
    assert "was decided by 李四 already" in desk.confirm(1, by="王五", code=2)
    paid = tmp_path / "paid.csv"
    paid.write_text("posting_voucher,paid_on,amount,voucher,note\ntoy-2021-1-00002,2022-01-02,20.00,国库1,\n", "utf-8")
    desk("transfers", "--paid", str(paid), "--by", MAKER)
    open_ = json.loads(desk("transfers", "-q", "16", "--format", "json"))
    assert {str(one["paid"]) for one in open_} <= {"0", "0.00"}
    assert "cannot confirm it" in desk("transfers", "--confirm", "2", "--by", MAKER, code=2)
    told = desk("transfers", "--paid", str(paid), "--by", CHECKER, code=2)
    assert "国库1 stands in number 2 by 张三, which waits" in told
    assert "第 2 号，正待复核" in desk("transfers", "--paid", str(paid), "--by", CHECKER, "--lang", "zh", code=2)
    assert "1 payments recorded" in desk.confirm(2)
    for twin in ("国库１", "国库 1", "国库1 "):
        paid.write_text(f"posting_voucher,paid_on,amount,voucher,note\ntoy-2021-1-00003,2022-01-02,1.00,{twin},\n", "utf-8")
        assert "has paid before: 20.00 yuan" in desk("transfers", "--paid", str(paid), "--by", MAKER, code=2)
    paid.write_text("posting_voucher,paid_on,amount,voucher,note\ntoy-2021-1-00003,2022-01-02,1.00,国库1\u200b,\n", "utf-8")
    assert "nobody sees" in desk("transfers", "--paid", str(paid), "--by", MAKER, code=2)
    desk("transfers", "--reverse", "1", "--reason", "重复", "--by", CHECKER)
    desk("transfers", "--turn-down", "3", "--by", MAKER, "--reason", "并未重复")
    assert "was decided by 张三 already" in desk.confirm(3, by=MAKER, code=2)
    desk("transfers", "--reverse", "1", "--reason", "确系重复", "--by", CHECKER)
    assert "4 postings reversed" in desk.confirm(4, by=MAKER)
    shown = desk("transfers", "--prepared", "--lang", "zh")
    for said in ("编制", "复核", "退回", "并未重复"):
        assert said in shown, shown


def test_what_was_prepared_is_computed_again_from_the_store_alone(desk: Desk) -> None:
    desk.register()
    desk.prepare()
    desk.scheme.unlink()
    desk.facts.unlink()
    assert "booked as run 1" in desk.confirm(1)
    assert "100.00" in desk("compensate", "toy", "2021"), "a registered scheme is found by its id"


FORGED = {
    "a voucher put in": "INSERT INTO transfer_posting SELECT 99, transfer_run, 'toy-2021-1-00009', payer, payee, account_from, account_to, 9900, operation, "
    "posting_kind, period, reason, clause, fund_notice, due_on, part, parts, NULL FROM transfer_posting WHERE posting = 2",
    "an amount": "UPDATE transfer_posting SET amount_fen = 9900 WHERE posting = 2",
    "a posting gone": "DELETE FROM transfer_posting WHERE posting = 4",
    "a scheme": "UPDATE scheme_registration SET scheme_sha256 = repeat('0', 64)",
    "who confirmed": "UPDATE transfer_decided SET who = '王五'",
    "a payment": "INSERT INTO transfer_paid VALUES (2, DATE '2022-01-01', 100, 'X', '')",
    "the register": "INSERT INTO encumbrance SELECT 1, TIMESTAMP '2022-01-01', 'x', 'add', 'sold', 'parcel', '360724', 'p', NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, DATE '2022-01-01', NULL, 'x', 'x', '', NULL",
    "a view": "CREATE OR REPLACE VIEW transfer_standing_run AS SELECT * FROM transfer_run",
}


@pytest.fixture(scope="module")
def booked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the toy scheme is booked, to copy."""
    folder = tmp_path_factory.mktemp("booked")
    made = Desk(Program(str(folder / "gep.duckdb")), folder)
    post(made.gep, "compensate", str(made.scheme), "2021", "--inputs", str(made.facts))
    return folder / "gep.duckdb"


@pytest.mark.parametrize("kind", FORGED)
def test_what_another_program_wrote_is_found_and_refused_by_payments_and_questions(
    desk: Desk, booked: Path, kind: str, tmp_path: Path
) -> None:
    shutil.copy(booked, desk.gep.store)
    connection = duckdb.connect(desk.gep.store)
    connection.execute(FORGED[kind])
    connection.close()
    paid = tmp_path / "paid.csv"
    paid.write_text("posting_voucher,paid_on,amount,voucher,note\ntoy-2021-1-00002,2022-01-02,1.00,国库1,\n", "utf-8")
    assert "the chain is broken" in desk("verify", code=2)
    for asked in (
        ("transfers",),
        ("transfers", "-q", "16"),
        ("transfers", "--county", "360724"),
        ("transfers", "--late"),
        ("transfers", "--paid", str(paid), "--by", MAKER),
        ("transfers", "--reverse", "1", "--reason", "x", "--by", MAKER),
        ("transfers", "--prepared"),
        ("scheme", "registered"),
        ("encumber", "list"),
        (
            "encumber",
            "add",
            "sold",
            "--county",
            "上犹县",
            "--parcel",
            "X-1",
            "--from",
            "2024-01-01",
            "--party",
            "甲",
            "--document",
            "1",
        ),
        ("encumber", "release", "1", "--on", "2024-01-01", "--party", "甲公司", "--document", "解1"),
        ("query", "transfers-open"),
    ):
        said = desk(*asked, code=2)
        assert "the store was changed by another program" in said or "its chain covers" in said, (asked, said)
    assert "transfer_run" in desk("query", "SELECT transfer_run FROM transfer_run"), "who looks for what was forged can see it"


def test_names_with_letters_nobody_sees_are_refused_in_a_scheme(desk: Desk) -> None:
    text = desk.scheme.read_text("utf-8")
    for old, new in (
        ('an: {code: "360725"}', 'an: {code: "360725", name: "崇义\u200b县"}'),
        ("{zh: 示例, en: toy}", "{zh: 示\u200b例, en: toy}"),
        ('version: "1"', 'version: "1\u2060"'),
        ('date: "2026"', 'date: "2026", number: "赣\u200b财1号"'),
    ):
        desk.scheme.write_text(text.replace(old, new), "utf-8")
        said = desk.gep("scheme", "check", str(desk.scheme), code=2).stderr
        assert "holds a character that nobody sees" in said, new
    desk.scheme.write_text(
        text.replace('zhi: {code: "360724"}', "zhi: {name: 清风县}").replace('an: {code: "360725"}', "an: {name: 清 风县}"),
        "utf-8",
    )
    assert "look alike" in desk.gep("scheme", "check", str(desk.scheme), code=2).stderr
