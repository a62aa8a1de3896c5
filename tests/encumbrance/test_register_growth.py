"""The register grows in proportion to its entries, and nobody can write into it between its walk and an entry."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from approving import approve
from growing import count_calls

from gep.encumbrance import register
from gep.encumbrance.entries import SERVICE, SOLD, Entry, Subject, find_peak
from gep.encumbrance.register import ServiceSale, add, add_services, list_entries
from gep.messages.problems import Problems
from gep.store.opening import open_to_write
from gep.store.store import Store
from gep.tasks.parcels import find_lots

if TYPE_CHECKING:
    from collections.abc import Iterator

START = date(2024, 1, 1)


def make_entry(at: int, year: int = 2022) -> Entry:
    subject = Subject(SERVICE, county="361027", year=year, line="water", held_quantity=Decimal(1), account_quantity=1e6)
    return Entry(at, SOLD, subject, START + timedelta(at), START + timedelta(at + 9), "p", "d")


def test_the_most_that_is_held_on_a_day_takes_one_walk_over_the_entries() -> None:
    few, many = ([make_entry(at) for at in range(size)] for size in (100, 1000))
    assert find_peak(START, None, many) == (Decimal(10), START + timedelta(9))
    assert count_calls(lambda: find_peak(START, None, many)) < 12 * count_calls(lambda: find_peak(START, None, few))


def sell(store: Path, sales: int) -> None:
    asked = [
        ServiceSale(
            Entry(0, SOLD, Subject(SERVICE), START + timedelta(at), None, "甲公司", f"合同{at}", f"s{at}"),
            "361027",
            2022,
            "water_conservation",
            "",
            "ndrc-2022",
            ("1", "m^3"),
        )
        for at in range(sales)
    ]
    assert len(add_services(store, [(("f", at), one) for at, one in enumerate(asked, start=1)])) == sales


def test_sales_register_and_lots_grow_in_proportion_to_the_sales(jinxi: Path, tmp_path: Path) -> None:
    base = Path(shutil.copy(jinxi, tmp_path / "base.duckdb"))
    approve(base)

    def count(sales: int) -> tuple[int, int, int]:
        store = Path(shutil.copy(base, tmp_path / f"{sales}.duckdb"))
        sold = count_calls(lambda: sell(store, sales))
        opened = Store(store)
        key = opened.find("361027", 2022)
        return sold, count_calls(lambda: list_entries(store, None, None)), count_calls(lambda: find_lots(opened, key))

    count(1)
    for few, many, most in zip(*map(count, (4, 16, 64)), strict=True):
        assert (most - many) / max(many - few, 1) < 4.8


def test_subjects_of_the_register_are_grouped_once() -> None:
    def count(years: int) -> int:
        return count_calls(lambda: register.group_by_subject(make_entry(at, 1000 + at) for at in range(years)))

    assert count(1000) < 12 * count(100)


def test_what_is_written_between_the_walk_and_an_entry_is_walked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, parcel = tmp_path / "gep.duckdb", Subject("parcel", county="360822", parcel="JS-1")
    add(store, Entry(0, "pledged", parcel, START, START + timedelta(9), "江西银行", "抵字1"))

    @contextmanager
    def forge(path: Path, **more: Any) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(str(path)) as other:
            other.execute("UPDATE encumbrance SET party = '别人'")
        with open_to_write(path, **more) as connection:
            yield connection

    monkeypatch.setattr(register, "open_to_write", forge)
    with pytest.raises(Problems, match="the store was changed by another program"):
        add(store, Entry(0, "sold", Subject("parcel", county="360822", parcel="JS-2"), START, None, "甲", "合同2"))
    monkeypatch.undo()
    with duckdb.connect(str(store), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM encumbrance").fetchall() == [(1,)]
