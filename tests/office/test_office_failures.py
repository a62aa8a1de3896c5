"""What the machine does to the file of the office is said as it is: a full disk is no damage, and the hint repairs."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Program

from gep.messages.problems import Problems
from gep.office.database import Office
from gep.office.flushing import flush_file
from gep.office.journal import find_break, note_act

if TYPE_CHECKING:
    from pathlib import Path

ADD = ("user", "add", "ls", "--role", "viewer", "--shown", "李四", "--store")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "gep.duckdb"
    Program("")("user", "add", "zs", "--role", "viewer", "--shown", "张三", "--store", str(path))
    return path


@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_is_said_and_leaves_the_office_as_it_was(store: Path, tmp_path: Path, *, there: bool) -> None:
    path = store if there else tmp_path / "new.duckdb"
    if there:
        Office(path).close()
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); from gep.cli import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", limited, *ADD, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 2, done.stderr
    assert "make room" in done.stderr
    assert "damaged" not in done.stderr
    assert path.with_suffix(".office.sqlite").exists() is there
    Program("")(*ADD, str(path))
    assert "李四" in Program("")("user", "list", "--store", str(path)).stdout


@pytest.mark.parametrize("change", ["DROP TABLE person", "ALTER TABLE person RENAME TO people", "PRAGMA user_version = 1"])
def test_tables_of_somebody_else_are_no_fault_of_ours(store: Path, change: str) -> None:
    with sqlite3.connect(store.with_suffix(".office.sqlite")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(change)
    connection.close()
    assert "tables of the office" in Program("")(*ADD, str(store), code=2).stderr


def test_somebody_who_holds_the_office_is_waited_for_and_named(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gep.office.database.WAIT", 0.05)
    other = sqlite3.connect(store.with_suffix(".office.sqlite"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Problems, match="another program holds the office"), Office(store).changing():
        pass
    other.close()


def test_a_file_that_is_none_is_still_told_as_damaged(store: Path) -> None:
    office = store.with_suffix(".office.sqlite")
    office.write_bytes(b"no office" * 1000)
    for log in ("-wal", "-shm"):
        office.with_name(office.name + log).unlink(missing_ok=True)
    assert "damaged" in Program("")(*ADD, str(store), code=2).stderr


def test_two_hundred_savings_at_once_wait_for_few_flushes(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, flushes = Office(store), []

    def flush_slowly(path: Path) -> None:
        time.sleep(0.05)
        flush_file(path)
        flushes.append(path)

    def save() -> None:
        with office.changing() as connection:
            note_act(connection, "zs", "", "save", "x")
        kept.append(len(flushes))

    monkeypatch.setattr("gep.office.flushing.flush_file", flush_slowly)
    kept: list[int] = []
    threads = [threading.Thread(target=save) for _ in range(200)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(kept) == 200
    assert min(kept) >= 1, "nobody is told before the disk has it"
    assert len(flushes) < 20
    assert find_break(office) is None
    office.close()


def test_a_disk_that_fails_is_said(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("gep.office.flushing.flush_file", fail)
    with pytest.raises(Problems, match="Input/output error"), Office(store).changing():
        pass
