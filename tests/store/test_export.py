"""The Parquet export, through the real program: DuckDB and Polars read back exactly what the store has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, Program

from gep.store.export import VIEWS

LINES = (ROOT / "inputs/jiangxi-2019-grids/inputs.csv").read_text("utf-8").splitlines()
CASE = ROOT / "inputs/361027-2022"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Path]:
    """Two provinces, three years, two runs of one account, and money of two price years."""
    folder = tmp_path_factory.mktemp("export")
    program = Program(str(folder / "gep.duckdb"))
    rows = [line for line in LINES[1:] if line.startswith("3607")]
    later = [line.replace(",2019,", ",2020,", 1) for line in rows if line.startswith(("360702", "360725"))]
    elsewhere = [line.replace("360702", "441802", 1) for line in rows if line.startswith("360702")]
    (folder / "in.csv").write_text("\n".join([LINES[0], *rows, *later, *elsewhere]) + "\n", "utf-8")
    program("run", str(folder / "in.csv"), "--store", program.store, "--lang", "zh")
    program("run", str(folder / "in.csv"), "--store", program.store, "--reason", "again", "--lang", "zh")
    program("run", str(CASE), "--store", program.store, "--price-year", "2020", "--lang", "zh")
    program("export", str(folder / "out"), "--store", program.store)
    return program, folder / "out"


def in_store(program: Program, view: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with duckdb.connect(program.store, read_only=True) as connection:
        columns = [row[0] for row in connection.execute(f"DESCRIBE {view}").fetchall()]
        rows = connection.execute(f"SELECT *, (substr(county, 1, 2) || '0000')::BIGINT FROM {view}").fetchall()
    return [*columns, "province"], rows


def ordered(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(
        rows, key=lambda row: tuple((cell is not None, str(type(cell)), cell if cell is not None else 0) for cell in row)
    )


FILLED = [view for view in VIEWS if view != "gep_shown"]
"""Views that have rows of these accounts; a view without rows has no folder."""


@pytest.mark.parametrize("view", FILLED)
def test_duckdb_reads_it_back_equal(exported: tuple[Program, Path], view: str) -> None:
    program, folder = exported
    columns, rows = in_store(program, view)
    with duckdb.connect() as connection:
        names = ", ".join(f'"{name}"' for name in columns)
        found = connection.execute(
            f"SELECT {names} FROM read_parquet('{folder}/{view}/**/*.parquet', hive_partitioning = true)"
        ).fetchall()
    assert len(rows) > 10
    assert ordered(found) == ordered(rows)  # every cell, doubles to the last bit, null as null


@pytest.mark.parametrize("view", FILLED)
def test_polars_reads_it_back_equal(exported: tuple[Program, Path], view: str) -> None:
    program, folder = exported
    columns, rows = in_store(program, view)
    found = pl.scan_parquet(f"{folder}/{view}/**/*.parquet", hive_partitioning=True).select(columns).collect()
    assert ordered(found.rows()) == ordered(rows)


def test_one_partition_answers_for_one_province_and_year(exported: tuple[Program, Path]) -> None:
    program, folder = exported
    places = sorted(str(path.relative_to(folder / "gep_account").parent) for path in (folder / "gep_account").rglob("*.parquet"))
    assert places == [
        "province=360000/year=2019",
        "province=360000/year=2020",
        "province=360000/year=2022",
        "province=440000/year=2019",
    ]
    one = pl.scan_parquet(f"{folder}/gep_account/**/*.parquet", hive_partitioning=True).filter(
        pl.col("province") == 360000, pl.col("year") == 2020
    )
    assert sorted(one.select("county").collect()["county"]) == ["360702", "360725"]
    runs = pl.scan_parquet(f"{folder}/gep_account/**/*.parquet", hive_partitioning=True).collect()
    assert set(runs["run"]) == {2, 3}  # the newest run of each account only
    assert len(runs) == 18 + 2 + 1 + 1
    assert "year" not in pq.read_schema(next((folder / "gep_account").rglob("*.parquet"))).names
    assert program.store


def test_the_readme_has_every_column(exported: tuple[Program, Path]) -> None:
    program, folder = exported
    text = (folder / "README.txt").read_text("utf-8")
    for view in FILLED:
        columns, rows = in_store(program, view)
        part = text.split(f"\n{view}: ")[1].split("\n\n")[0]
        assert f"{len(rows):,} rows" in part
        stated = {line.split()[0]: line.split(maxsplit=2)[2] for line in part.splitlines()[1:]}
        assert set(stated) == set(columns)
        assert all(stated.values())


def test_the_same_store_gives_the_same_bytes(exported: tuple[Program, Path], tmp_path: Path) -> None:
    program, folder = exported
    program("export", str(tmp_path / "again"), "--store", program.store)
    first = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = {
        path.relative_to(tmp_path / "again"): path.read_bytes() for path in (tmp_path / "again").rglob("*") if path.is_file()
    }
    assert first == again


def test_a_folder_is_replaced_only_when_asked_and_only_if_it_is_an_export(exported: tuple[Program, Path], tmp_path: Path) -> None:
    program, _ = exported
    target = tmp_path / "out"
    program("export", str(target), "--store", program.store)
    assert "--replace writes it anew" in program("export", str(target), "--store", program.store, code=2).stderr
    stale = target / "gep_account" / "province=360000" / "year=1999" / "part-0.parquet"
    stale.parent.mkdir()
    stale.write_text("old", "utf-8")
    found = json.loads(program("export", str(target), "--replace", "--store", program.store, "--format", "json").stdout)
    assert not stale.exists()
    assert found["files"] == 5 * 4 + 1
    (target / "mine.txt").write_text("precious", "utf-8")
    assert "holds other things" in program("export", str(target), "--replace", "--store", program.store, code=2).stderr
    assert (target / "mine.txt").read_text("utf-8") == "precious"
    (tmp_path / "file").write_text("x", "utf-8")
    assert "a file of this name" in program("export", str(tmp_path / "file"), "--store", program.store, code=2).stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "out"]


def test_a_write_that_fails_leaves_nothing(exported: tuple[Program, Path], tmp_path: Path) -> None:
    program, _ = exported
    done = subprocess.run(
        [
            "bash",
            "-c",
            'ulimit -f 4; exec "$0" -m gep export "$1" --store "$2"',
            sys.executable,
            str(tmp_path / "out"),
            program.store,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "the export cannot be written: File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_store_is_not_exported(gep: Program, tmp_path: Path) -> None:
    assert "there is no store" in gep("export", str(tmp_path / "out"), "--store", gep.store, code=2).stderr
    assert not (tmp_path / "out").exists()
