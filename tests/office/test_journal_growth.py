"""The journal grows in proportion to its entries: adding one takes the same work however many there are, and each is walked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from growing import count_calls

from gep.office.database import Office
from gep.office.journal import find_break, note_act

if TYPE_CHECKING:
    from pathlib import Path


def count_steps(office: Office) -> int:
    """Return how many instructions SQLite takes to add one entry, in hundreds."""
    steps: list[None] = []
    with office.changing(flushed=False) as connection:
        connection.set_progress_handler(lambda: steps.append(None), 100)
        note_act(connection, "张三", "", "save", "360725 2022")
        connection.set_progress_handler(None, 0)
    return len(steps)


def add_entries(office: Office, entries: int) -> None:
    with office.changing(flushed=False) as connection:
        for _ in range(entries):
            note_act(connection, "张三", "", "save", "360725 2022")


def test_the_journal_takes_time_in_proportion_to_its_entries(tmp_path: Path) -> None:
    office = Office(tmp_path / "gep.duckdb")
    add_entries(office, 20)
    single, few = count_steps(office), count_calls(lambda: find_break(office))
    add_entries(office, 1980)
    assert count_steps(office) <= single + 1, "the newest entry is looked up, not searched for"
    assert count_calls(lambda: find_break(office)) < 110 * few
    assert find_break(office) is None
    office.close()
