"""Ten times the parties or rows take about ten times the work: counted in calls of functions, which no load of the machine changes."""

from __future__ import annotations

from fractions import Fraction
from time import process_time
from typing import TYPE_CHECKING

import pytest
from growing import count_calls
from toy_schemes import HEADER, write_facts, write_scheme
from two_hands import book, record_payments

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.compensation.flows import Flow, Totals
from gep.messages.problems import Problems
from gep.reference.regions import read_units_of_today
from gep.store.store import Store
from gep.tasks.compensate import compensate
from gep.units.money import format_plain_yuan

if TYPE_CHECKING:
    from pathlib import Path

PARTIES = ("zhi", "an", "bo")
POOL = (
    "inputs: {score: {by: party, unit: score}}\nconstants: {money: {value: '100', unit: 亿元, mark: D}}\n"
    "funds: {pool: {sources: [{from: province, amount: money}]}}\n"
    "rule: [{op: allocate, name: a, fund: pool, by: 'share(score, over=party)', floor: '1'}]\n"
)


def count_calls_of_pool(folder: Path, parties: int, *, strays: bool) -> int:
    """Calls of functions that one pool of so many parties takes, with or without as many rows of counties that are none of them."""
    folder.mkdir()
    names = [f"p{at:05d}" for at in range(parties)]
    (folder / "members.csv").write_text("party,name\n" + "".join(f"{one},单位{one}\n" for one in names), "utf-8")
    scheme = write_scheme(folder / "s.yaml", POOL)
    scheme.write_text(scheme.read_text("utf-8").replace("members: [zhi, an, bo]", "members: {table: members.csv}"), "utf-8")
    rows = [f"score,{one},2021,{at % 97 + 1},score,final,toy\n" for at, one in enumerate(names)]
    counties = [one.code for one in read_units_of_today().values() if one.level == "county"][: parties * strays]
    rows += [f"score,{code},2021,1,score,final,toy\n" for code in counties]
    (folder / "f.csv").write_text(HEADER + "".join(rows), "utf-8")

    def pool() -> None:
        assert len(compute(find_scheme(str(scheme), 2021), read_facts([folder / "f.csv"]), 2021).postings) == parties + 1

    return count_calls(pool)


@pytest.mark.parametrize("strays", [False, True])
def test_a_pool_grows_in_proportion_to_its_parties(*, strays: bool, tmp_path: Path) -> None:
    count_calls_of_pool(tmp_path / "warm", 10, strays=strays)
    few, many, most = (count_calls_of_pool(tmp_path / str(parties), parties, strays=strays) for parties in (50, 250, 1250))
    assert (most - many) / (many - few) < 5.5


MANY = {
    "deductions from one operation": (
        "funds: {pool: {sources: [{from: province, amount: '900'}]}}\nrule:\n  - {op: allocate, name: a, fund: pool, by: x}\n",
        lambda at: f"  - {{op: deduct, name: d{at}, taken_from: [a], amount: '0.01', to: province}}\n",
    ),
    "pools": (
        "funds: {pool: {sources: [{from: province, amount: '900'}], rest: province}}\nrule:\n",
        lambda at: f"  - {{op: allocate, name: a{at}, fund: pool, amount: '1', by: x}}\n",
    ),
}


@pytest.mark.parametrize("what", MANY)
def test_a_scheme_grows_in_proportion_to_its_operations(what: str, tmp_path: Path) -> None:
    def count(operations: int) -> int:
        folder = tmp_path / str(operations)
        folder.mkdir()
        body, operation = MANY[what]
        body = f"inputs: {{x: {{by: party, unit: score}}}}\n{body}{''.join(map(operation, range(operations)))}"
        scheme = write_scheme(folder / "s.yaml", body)
        facts = write_facts(folder / "f.csv", *(f"x,{one},2021,{at},score" for at, one in enumerate(("zhi", "an", "bo"), 1)))
        ready, rows = find_scheme(str(scheme), 2021), read_facts([facts])

        def operate() -> None:
            assert len(compute(ready, rows, 2021).postings) >= 3 * operations

        return count_calls(operate)

    count(1)
    few, many, most = map(count, (4, 20, 100))
    assert (most - many) / (many - few) < 5.5


def test_deductions_look_at_each_flow_once() -> None:
    looked: list[int] = []

    class Looked(list[Flow]):
        """Flows that keep which of them was looked at."""

        def __getitem__(self, at: int) -> Flow:  # type: ignore[override]
            looked.append(at)
            return super().__getitem__(at)

    flows, totals = Looked(), Totals({f"d{at}": ("a", "b") for at in range(50)})
    gift = [Flow(name, "", "fund:pool", "an", fen, Fraction(fen), "", "", "", "", "", "") for name, fen in (("a", 30), ("b", 15))]
    flows += gift
    for at in range(50):
        left = 45 - sum(totals.sum_taken(flows, ("a", "b")).values())
        flows.append(Flow(f"d{at}", "", "an", "bo", min(left, 1) or 1, Fraction(1), "", "", "", "", "", ""))
    assert totals.sum_taken(flows, ("a",)) == {"an": 30}
    assert totals.sum_taken(flows, ("a", "b", "a")) == {"an": 45}, "more was never given"
    assert totals.sum_received(flows, ("b", "a"))["an"] == (45, Fraction(45))
    assert looked == [*range(52)]


def test_sub_pools_take_as_many_steps_the_more_parties_share_them(tmp_path: Path) -> None:
    body = (
        "inputs: {x: {by: party, unit: score}}\nfunds: {one: {sources: [{from: province, amount: '9000'}]}, two: {sources: [{from: province, amount: '9000'}]}}\n"
        "rule: [{op: subpools, name: a, funds: {one: x, two: '100 - x'}, overlap: highest}]\n"
    )

    def time_of(parties: int) -> float:
        folder = tmp_path / str(parties)
        folder.mkdir()
        names = [f"p{at:05d}" for at in range(parties)]
        (folder / "members.csv").write_text("party,name\n" + "".join(f"{one},单位{one}\n" for one in names), "utf-8")
        scheme = write_scheme(folder / "s.yaml", body)
        scheme.write_text(scheme.read_text("utf-8").replace("members: [zhi, an, bo]", "members: {table: members.csv}"), "utf-8")
        rows = [f"x,{one},2021,{at % 97 + 1},score,final,toy\n" for at, one in enumerate(names)]
        (folder / "f.csv").write_text(HEADER + "".join(rows), "utf-8")
        ready, facts = find_scheme(str(scheme), 2021), read_facts([folder / "f.csv"])
        began = process_time()
        result = compute(ready, facts, 2021)
        took = process_time() - began
        assert len(result.postings) == parties + 2
        return took

    time_of(50)
    few, many = time_of(300), time_of(3000)
    assert many < 25 * few, "copying all weights for each party takes a hundred times as long"


def count_values(folder: Path, values: list[str], last: str) -> int:
    """Calls of functions that a scheme with these values takes, from its text to its postings."""
    folder.mkdir()
    body = "inputs: {x: {by: party, unit: score}}\nvalues:\n  v0: x\n" + "".join(f"  {one}\n" for one in values)
    body += f"funds: {{pool: {{sources: [{{from: province, amount: '100'}}]}}}}\nrule: [{{op: allocate, name: a, fund: pool, by: {last}}}]\n"
    scheme = write_scheme(folder / "s.yaml", body)
    facts = write_facts(folder / "f.csv", *(f"x,{one},2021,{at},score" for at, one in enumerate(("zhi", "an", "bo"), 1)))
    return count_calls(lambda: compute(find_scheme(str(scheme), 2021), read_facts([facts]), 2021))


VALUES = {
    "one upon the other": lambda at: f"v{at}: v{at - 1} + x",
    "each named twice": lambda at: f"v{at}: (v{at - 1} + v{at - 1}) / 2",
}


@pytest.mark.parametrize("how", VALUES)
def test_a_scheme_grows_in_proportion_to_its_values(how: str, tmp_path: Path) -> None:
    count_values(tmp_path / "warm", ["v1: v0"], "v1")
    few, many, most = (
        count_values(tmp_path / str(end), [VALUES[how](at) for at in range(1, end + 1)], f"v{end}") for end in (10, 30, 90)
    )
    assert (most - many) / (many - few) < 4.5


@pytest.mark.parametrize("order", [1, -1])
def test_values_that_build_too_high_on_one_another_are_refused_with_one_message(order: int, tmp_path: Path) -> None:
    values = [f"v{at}: v{at - 1} + x" for at in range(1, 1500)]
    with pytest.raises(Problems, match="more than 100 values build on one another up to v") as refused:
        count_values(tmp_path / "deep", values[::order], "v1499")
    assert len(refused.value.problems) == 1


def test_payments_take_no_more_statements_the_more_they_are(tmp_path: Path) -> None:
    def count(parties: int) -> int:
        folder = tmp_path / str(parties)
        folder.mkdir()
        names = [f"p{at:05d}" for at in range(parties)]
        (folder / "members.csv").write_text("party,name\n" + "".join(f"{one},单位{one}\n" for one in names), "utf-8")
        scheme = write_scheme(folder / "s.yaml", POOL)
        scheme.write_text(scheme.read_text("utf-8").replace("members: [zhi, an, bo]", "members: {table: members.csv}"), "utf-8")
        facts = write_facts(folder / "f.csv", *(f"score,{one},2021,{at % 97 + 1},score" for at, one in enumerate(names)))
        store = Store(folder / "gep.duckdb")
        found = compensate(store, str(scheme), 2021, [facts])
        book(store, found.result, found.facts)
        with store:
            owed = store.execute("SELECT voucher, amount_fen FROM transfer_standing WHERE payee NOT LIKE 'fund%'").fetchall()
        rows = [f"{voucher},2022-01-04,{format_plain_yuan(fen)},国库{voucher}," for voucher, fen in owed]
        (folder / "paid.csv").write_text("posting_voucher,paid_on,amount,voucher,note\n" + "\n".join(rows), "utf-8")

        def pay() -> None:
            assert record_payments(store, folder / "paid.csv") == parties

        return count_calls(pay, "execute")

    few, many = count(5), count(60)
    assert few == many > 5


def test_a_correction_takes_no_more_statements_the_more_there_were(tmp_path: Path) -> None:
    body = POOL.replace("亿元", "元").replace("floor: '1'", "floor: '0.01'")
    scheme, store = write_scheme(tmp_path / "s.yaml", body), Store(tmp_path / "gep.duckdb")

    def count(last: int) -> int:
        facts = write_facts(
            tmp_path / f"{last}.csv", *(f"score,{one},2021,{last if one == 'bo' else 1},score" for one in PARTIES)
        )
        found = compensate(store, str(scheme), 2021, [facts])
        return count_calls(lambda: book(store, found.result, found.facts, f"更正{last}"), "execute")

    asked = [count(last) for last in range(1, 5)]
    assert asked[1] >= asked[2] == asked[3] > 5, asked
