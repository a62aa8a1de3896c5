"""What was prepared is booked from the rows that were kept with it, where these cannot have become others; else it is computed again."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import Program
from toy_schemes import write_facts, write_scheme
from two_hands import CHECKER, MAKER

from gep.compensation import booking
from gep.compensation.run_rows import unpack_facts
from gep.messages.problems import Problems
from gep.store.opening import open_to_write
from gep.store.store import Store
from gep.store.two_people import FACT, Prepared, add_prepared, find_prepared_run
from gep.tasks.compensate import compensate
from gep.tasks.two_people import confirm, find_prepared, prepare_booking, recompute_prepared, register

BODY = (
    "sections: {hk: {name: 河口, upstream: zhi, downstream: an}}\n"
    "funds: {pool: {title: 示例资金, sources: [{from: province, amount: money, notice: 示例1号}]}}\n"
    "inputs: {money: {unit: 元, group: pool}, weight: {by: party, unit: score}}\n"
    'values: {third: "share(weight, over=party) / 3"}\n'
    "rule:\n  - {op: allocate, name: a, fund: pool, by: third}\n"
    '  - {op: contract, name: k, from: zhi, to: an, total: "100", first_year: 2021, instalments: 3}\n'
)
ROWS = ("money,,2021,100,元", "weight,zhi,2021,1,score", "weight,an,2021,2,score", "weight,bo,2021,4,score")
BOOKED = ("posting", "step", "fact", "party", "law", "days", "future", "section")


def prepare(folder: Path, body: str = BODY, rows: tuple[str, ...] = ROWS, year: int = 2021) -> tuple[Store, Prepared]:
    """Register and prepare a toy scheme in a store of its own."""
    store = Store(folder / "gep.duckdb")
    found = compensate(store, str(write_scheme(folder / "toy.yaml", body)), year, [write_facts(folder / "f.csv", *rows)])
    with suppress(Problems):  # it is registered already
        register(store, found.result.ready, MAKER)
    return store, prepare_booking(store, found, MAKER)


def read_booked(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that a booking wrote, but who did it when."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: connection.execute(f"SELECT * FROM transfer_{name} ORDER BY rowid").fetchall() for name in BOOKED}


def test_the_rows_that_were_kept_are_those_that_computing_again_would_book(tmp_path: Path) -> None:
    store, found = prepare(tmp_path)
    again = Path(shutil.copy(store.path, tmp_path / "again.duckdb"))
    result, facts = recompute_prepared(Store(again), found)
    booking.book(result, facts, again)
    with store:
        assert find_prepared_run(store, found.number)
    assert confirm(store, found.number, CHECKER).count == 5
    kept = read_booked(store.path)
    assert kept == read_booked(again)
    assert all(kept.values()), {name: len(rows) for name, rows in kept.items()}


CARRYING = (
    'funds: {pool: {sources: [{from: province, amount: "90"}, {carry_in: true}]}}\n'
    "inputs: {weight: {by: party, unit: score}}\nrule: [{op: allocate, name: a, fund: pool, by: weight}]\n"
)
LIKE_LAST_YEAR = (
    'funds: {pool: {sources: [{from: province, amount: "90"}]}}\ninputs: {weight: {by: party, unit: score}}\n'
    'rule: [{op: allocate, name: a, fund: pool, by: weight, floor: "earlier(result(a), years=1)"}]\n'
)
FROM_THE_STORE = {
    "what last year put aside": (CARRYING, "carry_in,fund:pool,2021,10,元"),
    "what an operation gave last year": (LIKE_LAST_YEAR, "\n".join(f"result.a,{one},2020,1,元" for one in ("zhi", "an", "bo"))),
}


@pytest.mark.parametrize("what", FROM_THE_STORE)
def test_what_the_store_had_a_hand_in_is_computed_again(what: str, tmp_path: Path) -> None:
    body, rows = FROM_THE_STORE[what]
    store, found = prepare(tmp_path, body, (*ROWS[1:], *rows.splitlines()))
    with store:
        assert not find_prepared_run(store, found.number)
    assert confirm(store, found.number, CHECKER).count == 4


def test_a_year_with_a_year_before_it_gets_its_bridge(tmp_path: Path) -> None:
    store, found = prepare(tmp_path)
    confirm(store, found.number, CHECKER)
    later = tuple(row.replace(",2021,1", ",2022,3").replace("2021", "2022") for row in ROWS)
    _, second = prepare(tmp_path, rows=later, year=2022)
    confirm(store, second.number, CHECKER)
    with store:
        assert store.execute("SELECT count(DISTINCT party) FROM transfer_bridge").fetchall() == [(3,)]


def replace_content(store: Store, found: Prepared, change: dict[str, object]) -> int:
    """Prepare the same again with other content, as this program itself would write it."""
    with open_to_write(store.path) as connection:
        content = {**json.loads(find_prepared_run(connection, found.number)), **change}
        return add_prepared(connection, replace(found, number=0), content=json.dumps(content))


def test_other_rows_than_those_looked_at_are_not_booked(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other, of_other = prepare(tmp_path / "other", rows=(*ROWS[:3], "weight,bo,2021,1,score"))
    with other:
        content = json.loads(find_prepared_run(other, of_other.number))
    store, found = prepare(tmp_path)
    number = replace_content(store, found, {"postings": content["postings"], "tables": content["tables"]})
    confirm(store, number, CHECKER)
    with store:
        fen = store.execute("SELECT amount_fen FROM transfer_posting WHERE payee = '360726'").fetchall()
    assert fen == [(5714,)], "4 of 7 parts of 100 yuan, as was looked at, and not 1 of 4"


def test_what_another_version_of_the_program_made_is_computed_again(tmp_path: Path) -> None:
    store, found = prepare(tmp_path)
    number = replace_content(store, found, {"program": "0.0.1", "tables": {}})
    confirm(store, number, CHECKER)
    with store:
        assert store.execute("SELECT count(*) FROM transfer_step").fetchall()[0][0] > 5, "the rows that were kept had no steps"
    assert find_prepared(store, number).decision == "confirmed"


def test_facts_that_were_kept_beside_a_run_as_they_were_before_are_computed_from(tmp_path: Path) -> None:
    store, found = prepare(tmp_path)
    with open_to_write(store.path) as connection:
        content = json.loads(find_prepared_run(connection, found.number))
        facts = dict(zip(FACT, zip(*unpack_facts(json.dumps(content)), strict=True), strict=True))
        content |= {"program": "0.0.1", "facts": None}
        number = add_prepared(connection, replace(found, number=0), facts, json.dumps(content))
    assert confirm(store, number, CHECKER).count == 5
    with store:
        assert store.execute("SELECT count(*) FROM prepared_fact").fetchall() == [(4,)]


def test_rows_that_somebody_changed_while_they_waited_are_refused(tmp_path: Path, gep: Program) -> None:
    store, found = prepare(tmp_path)
    with duckdb.connect(str(store.path)) as connection:
        connection.execute("UPDATE prepared_run SET content = replace(content, '\"year\"', '\"jahr\"')")
    with pytest.raises(Problems, match="prepared_run"):
        confirm(store, found.number, CHECKER)
    said = gep("transfers", "--confirm", str(found.number), "--by", CHECKER, "--store", str(store.path), code=2)
    assert "the store was changed by another program" in said.stderr
