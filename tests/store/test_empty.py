"""An empty store that is kept for the next one is believed only whole, and only for what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from gep.files.cache import VARIABLE
from gep.store.empty import copy_kept, keep
from gep.store.opening import SCHEMA, open_to_write

if TYPE_CHECKING:
    from pathlib import Path


def content(store: Path) -> list[object]:
    """Tables, columns, comments, and all rows of the names."""
    with duckdb.connect(str(store), read_only=True) as opened:
        columns = opened.execute(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        )
        found: list[object] = [*columns.fetchall()]
        for table in ("name", "region", "store_version"):
            found += opened.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
        return found


def make(store: Path) -> None:
    with open_to_write(store):
        pass


def test_a_store_from_the_kept_one_is_a_store_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    make(tmp_path / "anew.duckdb")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    make(tmp_path / "first.duckdb")
    kept = list((tmp_path / "kept" / "empty-stores").iterdir())
    assert len(kept) == 1
    make(tmp_path / "second.duckdb")
    assert content(tmp_path / "anew.duckdb") == content(tmp_path / "first.duckdb") == content(tmp_path / "second.duckdb")
    assert list((tmp_path / "kept" / "empty-stores").iterdir()) == kept


def test_a_damaged_one_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    make(tmp_path / "first.duckdb")
    (kept,) = (tmp_path / "kept" / "empty-stores").iterdir()
    damaged = bytearray(kept.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    kept.write_bytes(damaged)
    make(tmp_path / "second.duckdb")
    assert content(tmp_path / "first.duckdb") == content(tmp_path / "second.duckdb")
    assert all(again.read_bytes() != bytes(damaged) for again in (tmp_path / "kept" / "empty-stores").iterdir())


def test_another_origin_is_another_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    (tmp_path / "made").write_bytes(b"of an older program")
    keep("older", tmp_path / "made")
    assert not copy_kept("newer", tmp_path / "target")
    assert copy_kept("older", tmp_path / "target")
    keep("newer", tmp_path / "made")
    assert not copy_kept("older", tmp_path / "target")


def test_where_none_can_be_kept_a_store_is_made_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    make(tmp_path / "store.duckdb")
    assert content(tmp_path / "store.duckdb")


def test_each_version_of_the_schema_is_one_file() -> None:
    """Two files of one number would be applied in the order of the file system."""
    numbers = sorted(int(file.name.partition("-")[0]) for file in SCHEMA.glob("*.sql"))
    assert numbers == list(range(1, len(numbers) + 1))
