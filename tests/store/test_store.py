"""The store: one transaction a run, views that stay, the same bytes for the same inputs, nothing left by a killed run."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import CASES, ROOT, Program, tries
from forked_programs import Loaded

from gep.store.opening import open_to_write
from gep.store.saving import save
from gep.store.store import Store
from gep.store.walk import walk_chain
from gep.tasks.run import run_account

JINXI = "inputs/361027-2022"


def columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    return [
        row[0] for row in connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = ?", [name]).fetchall()
    ]


def test_the_views_have_the_promised_columns_and_every_column_a_comment(jinxi_2020: Path) -> None:
    with Store(jinxi_2020) as connection:
        promised = "county year standard service status quantity quantity_unit unit_price price_unit value value_unit"
        assert set(promised.split()) <= set(columns(connection.connection, "gep_service"))
        for view in ("gep_account", "gep_service_ecosystem", "gep_input", "gep_coefficient_used"):
            assert columns(connection.connection, view)
        bare = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        ).fetchall()
        assert bare == []
        row = connection.execute(
            "SELECT gep, gep_constant, constant_year, gep_per_km2, gep_per_head, gep_per_gdp, services_accounted, services_counted FROM gep_account"
        ).fetchall()[0]
        assert row[0] == pytest.approx(6_620_620_162, abs=1)
        assert row[2] == 2020
        assert row[3] == pytest.approx(row[0] / 1356.63)
        assert row[5] == pytest.approx(row[0] / 115.77e8)
        assert row[6:] == (5, 17)
        used = connection.execute(
            "SELECT value_used, index_ratio, mark, address FROM gep_coefficient_used WHERE coefficient = 'reservoir_construction_cost'"
        ).fetchall()
        assert used == [(pytest.approx(7.06 * used[0][1]), used[0][1], "V", "coefficients/reservoir.csv:2")]
        given = connection.execute(
            "SELECT value_given, unit_given, address FROM gep_input WHERE variable = 'agricultural_output' AND product = '粮食'"
        ).fetchall()
        assert given == [("6.36", "亿斤", "inputs/361027-2022/agriculture.csv:2")]


def test_statuses_are_told_apart(jinxi: Path) -> None:
    with Store(jinxi) as connection:
        found = dict(connection.execute("SELECT service, status FROM gep_service").fetchall())
    assert found["water_conservation"] == "accounted"
    assert found["coastal_protection"] == "not applicable"
    assert found["carbon_sequestration"] == "no data"
    assert found["oxygen_release"] == "excluded"


@pytest.mark.process
@pytest.mark.parametrize("threads", ["1", "4"])  # and as many as the machine has cores in the kept store
def test_the_same_inputs_give_the_same_bytes_on_any_number_of_threads(tmp_path: Path, grids: Path, threads: str) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": threads, "ARROW_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "gep",
            "run",
            "inputs/jiangxi-2019-grids",
            "--format",
            "json",
            "--store",
            str(tmp_path / "x.duckdb"),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    digest = json.loads(done.stdout)["results_sha256"]
    with Store(grids) as connection:
        assert connection.execute("SELECT results_sha256 FROM run").fetchall() == [(digest,)]


def test_a_later_run_supersedes_and_the_earlier_one_stays(tmp_path: Path) -> None:
    store = tmp_path / "gep.duckdb"
    first = save(run_account([ROOT / JINXI]), store)
    second = save(run_account([ROOT / JINXI]), store, "checked again")
    assert first.results_sha256 == second.results_sha256
    with Store(store) as connection:
        assert connection.execute("SELECT run FROM gep_account").fetchall() == [(second.run,)]
        assert connection.execute("SELECT count(*) FROM run").fetchall() == [(2,)]
        assert connection.execute("SELECT reason FROM run ORDER BY run").fetchall() == [("",), ("checked again",)]


def test_a_killed_run_leaves_nothing(tmp_path: Path, jinxi: Path, loaded: Loaded) -> None:
    store = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    chance = random.Random(7)
    for _ in range(tries(3, 20)):
        process = loaded.start("run", "inputs/jiangxi-2019-grids", "--store", str(store))
        time.sleep(chance.uniform(0, 1.6))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with Store(store) as connection:
            runs = connection.execute("SELECT run FROM run").fetchall()
            for name in ("account", "input_row", "service_result", "rule"):
                assert set(connection.execute(f"SELECT DISTINCT run FROM {name}").fetchall()) == set(runs)
    save(run_account([ROOT / JINXI]), store)


def test_a_store_that_is_none_gets_one_sentence(tmp_path: Path, jinxi: Path, gep: Program) -> None:
    (tmp_path / "no.duckdb").write_text("this is no store, but it is long enough to be looked at " * 100)
    assert "not a store of this program" in gep("list", "--store", str(tmp_path / "no.duckdb"), code=2).stderr
    assert "there is no store" in gep("list", "--store", str(tmp_path / "none.duckdb"), code=2).stderr
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE x (y INTEGER)")
    assert "not a store of this program" in gep("list", "--store", str(other), code=2).stderr
    store = Path(shutil.copy(jinxi, tmp_path / "new.duckdb"))
    with open_to_write(store) as connection:
        connection.execute("UPDATE store_version SET version = 99")
    assert "the store is of version 99" in gep("list", "--store", str(store), code=2).stderr


def test_a_busy_store_gets_one_sentence(tmp_path: Path, jinxi: Path, gep: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEP_WAIT", "2")
    store = Path(shutil.copy(jinxi, tmp_path / "busy.duckdb"))
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb, time; c = duckdb.connect({str(store)!r}); print('held', flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert re.search(
            r"process \d+ \(python[\d.]*\) has held the store for 2 seconds", gep("list", "--store", str(store), code=2).stderr
        )
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout is not None:
            holder.stdout.close()


def test_the_stored_explanation_gives_the_stored_value(tmp_path: Path) -> None:
    from arithmetic import recompute

    from gep.explain.explain import explain
    from gep.explain.rebuild import rebuild

    store = tmp_path / "gep.duckdb"
    save(run_account([CASES / "garze-2010" / "inputs.csv"], str(CASES / "garze-2010" / "standard.yaml")), store)
    save(run_account([ROOT / JINXI]), store)
    with Store(store) as connection:
        for run in (1, 2):
            account = rebuild(connection, run, 0)
            stored = connection.execute(
                "SELECT service, value FROM service_result WHERE run = ? AND status = 'accounted'", [run]
            ).fetchall()
            assert stored
            for service, value in stored:
                parts = explain(account, f"{service}.value")
                assert parts[0].value == value  # to the last bit
                for part in parts:
                    if part.value == part.value:
                        assert recompute(part.numbers) == pytest.approx(part.value, rel=1e-12)
                assert any(part.origins for part in parts)


def test_a_store_of_the_first_version_is_upgraded_and_keeps_its_results(tmp_path: Path, gep: Program) -> None:
    store = tmp_path / "old.duckdb"
    store.write_bytes(gzip.decompress((ROOT / "tests" / "kept" / "stores" / "version-1.duckdb.gz").read_bytes()))
    before = duckdb.connect(str(store), read_only=True)
    wanted = before.execute("SELECT county, year, gep FROM gep_account").fetchall()
    assert before.execute("SELECT max(version) FROM store_version").fetchall() == [(1,)]
    before.close()
    assert "66.2062" in gep("list", "--store", str(store), "--lang", "zh").stdout
    with Store(store) as connection:
        assert connection.execute("SELECT county, year, gep FROM gep_account").fetchall() == wanted
        assert connection.execute("SELECT max(version) FROM store_version").fetchall()[0][0] > 1
        assert connection.execute("SELECT state FROM account_state").fetchall() == [("draft",)]
    assert "66.2062" in gep("show", "361027", "2022", "--store", str(store), "--lang", "zh").stdout
    assert "V_wr" in gep("trace", "361027", "2022", "water_conservation", "--store", str(store)).stdout
    proof = str(tmp_path / "old.json")
    gep("certificate", "361027", "2022", "--store", str(store), "-o", proof)
    assert ": equal\n" in gep("verify", proof, "--lang", "en").stdout


def test_a_store_with_a_chain_is_upgraded_and_its_chain_goes_on(tmp_path: Path, gep: Program) -> None:
    store = tmp_path / "old.duckdb"
    store.write_bytes(gzip.decompress((ROOT / "tests" / "kept" / "stores" / "version-11.duckdb.gz").read_bytes()))
    assert "66.2062" in gep("list", "--store", str(store), "--lang", "zh").stdout
    gep("verify", "--store", str(store))
    store.write_bytes(gzip.decompress((ROOT / "tests" / "kept" / "stores" / "version-11.duckdb.gz").read_bytes()))
    with duckdb.connect(str(store)) as connection:
        connection.execute("INSERT INTO name SELECT * REPLACE ('nobody' AS id) FROM name LIMIT 1")
    assert "its chain covers" in gep("list", "--store", str(store), code=2).stderr


def test_a_service_of_items_of_one_unit_has_their_quantity(gep: Program, tmp_path: Path) -> None:
    rows = (
        "agricultural_output,粮食,1000,t",
        "agricultural_output,油料,200,t",
        "agricultural_product_value,粮食,300,万元",
        "agricultural_product_value,油料,100,万元",
        "forestry_output,油茶籽,100,t",
        "forestry_output_volume,木材,1,万m³",
        "forestry_product_value,油茶籽,300,万元",
        "forestry_product_value,木材,300,万元",
    )
    table = tmp_path / "products.csv"
    header = "county,year,variable,product,value,unit,source\n"
    table.write_text(header + "".join(f"361027,2022,{row},x\n" for row in rows), "utf-8")
    gep("run", str(table), "--store", gep.store)
    query = "SELECT service, quantity, quantity_unit FROM gep_service WHERE status = 'accounted' ORDER BY service"
    found = json.loads(gep("query", query, "--store", gep.store, "--format", "json").stdout)
    assert found == [
        {"service": "agricultural_products", "quantity": 1200.0, "quantity_unit": "t/yr"},
        {"service": "forestry_products", "quantity": None, "quantity_unit": None},
    ]
    gep("certificate", "361027", "2022", "--store", gep.store, "-o", str(tmp_path / "c.json"))
    gep("verify", str(tmp_path / "c.json"))
    gep("verify", "--store", gep.store)


def test_numbers_are_kept_as_numbers_and_read_as_they_were_given(tmp_path: Path) -> None:
    figures = [("precipitation", 1600.5, "mm"), ("gdp", 5.25, "亿元"), ("population", 120000.0, "人"), ("hot_days", -0.0, "d")]
    rows = [{"county": "361027", "year": 2022, "variable": n, "value": v, "unit": u, "source": "x"} for n, v, u in figures]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet")
    (tmp_path / "t.csv").write_text("county,year,variable,value,unit,source\n361027,2022,land_area,30.0,km2,x\n", "utf-8")
    found = []
    for files in (["t.parquet"], ["t.parquet", "t.csv"]):
        path = tmp_path / f"{len(files)}.duckdb"
        save(run_account([tmp_path / name for name in files]), path)
        with Store(path) as store:
            found.append(dict(store.execute("SELECT variable, value_given FROM gep_input").fetchall()))
            kept = "SELECT variable, number_given FROM input_row WHERE value_given IS NULL"
            found.append(dict(store.execute(kept).fetchall()))
        assert walk_chain(path).holds
    mixed = {"precipitation": "1600.5", "gdp": "5.25", "population": "120000.0", "hot_days": "-0.0", "land_area": "30.0"}
    assert found[0] == {name: text for name, text in mixed.items() if name != "land_area"}
    assert found[1] == {"precipitation": None, "gdp": 5.25, "population": None, "hot_days": -0.0}
    assert found[2:] == [mixed, {}]
