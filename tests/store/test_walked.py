"""A chain is walked once in a process; again as soon as another program wrote to the file, whatever time it gave it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import duckdb
import pytest
from growing import count_calls

from gep.messages.problems import Problems
from gep.store.opening import open_to_read, open_to_write
from gep.store.walk import refuse_forged
from gep.store.walked import find_state, is_walked

if TYPE_CHECKING:
    from pathlib import Path

ADD = "INSERT INTO transfer_days VALUES (?, DATE '2021-01-01', DATE '2021-12-31')"


def count_links(path: Path, add: int | None = None) -> int:
    """Return how many links of money were compared with their rows when a store was asked, or something was written to it."""

    def ask() -> None:
        with open_to_read(path) if add is None else open_to_write(path) as connection:
            refuse_forged(connection, path)
            if add is not None:
                connection.execute(ADD, [add])

    return count_calls(ask, "_read_covered")


def test_what_was_walked_is_not_walked_again_though_this_program_writes_on(tmp_path: Path) -> None:
    path = tmp_path / "gep.duckdb"
    with open_to_write(path) as connection:
        connection.execute(ADD, [1])
    assert not is_walked(find_state(path)), "nobody has walked it"
    assert count_links(path) == 1
    assert [count_links(path), count_links(path, add=2), count_links(path, add=3), count_links(path)] == [0] * 4


@pytest.mark.parametrize("hidden", [False, True])
def test_what_another_program_wrote_is_walked_whatever_time_it_gave_the_file(tmp_path: Path, *, hidden: bool) -> None:
    path = tmp_path / "gep.duckdb"
    with open_to_write(path) as connection:
        connection.execute(ADD, [1])
    count_links(path)
    before = path.stat()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE transfer_days SET transfer_run = 7")
    if hidden:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_mtime_ns == before.st_mtime_ns
    for write in (open_to_read, open_to_write):
        with pytest.raises(Problems, match="row 1 is not what was linked"), write(path) as connection:
            refuse_forged(connection, path)


def test_a_write_of_ours_makes_no_store_whole_that_nobody_walked(tmp_path: Path) -> None:
    path = tmp_path / "gep.duckdb"
    with open_to_write(path) as connection:
        connection.execute(ADD, [1])
    count_links(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE transfer_days SET transfer_run = 7")
    with open_to_write(path) as connection:
        connection.execute(ADD, [2])
    with pytest.raises(Problems, match="row 1 is not what was linked"), open_to_read(path) as connection:
        refuse_forged(connection, path)
