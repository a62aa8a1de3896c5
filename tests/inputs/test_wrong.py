"""Inputs that must be refused, each with the exact message; a message is an interface. Nothing is stored."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, Program, tries

from gep.inputs.read import gather
from gep.messages.problems import Problems
from gep.tasks.run import run_account

WRONG = ROOT / "tests" / "wrong"
HEADER = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"


@pytest.mark.parametrize("name", sorted(path.name for path in WRONG.iterdir() if path.is_dir()))
def test_wrong_input_gets_its_message(name: str, gep: Program) -> None:
    done = gep("run", f"tests/wrong/{name}/inputs.csv", "--store", gep.store, code=2)
    message = WRONG / name / "message.txt"
    if os.environ.get("REWRITE_MESSAGES"):
        message.write_text(done.stderr, "utf-8")
    assert done.stderr == message.read_text("utf-8")
    assert done.stdout == ""
    assert not Path(gep.store).exists()


def test_all_errors_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + "360725,2022,aera,forest,,,1,km2,s,\n", "utf-8")
    (tmp_path / "b.csv").write_text(HEADER + "360725,2022,area,forest,,,-1,km2,s,\n999999,2022,gdp,,,,1,亿元,s,\n", "utf-8")
    (tmp_path / "c.csv").write_text("", "utf-8")
    with pytest.raises(Problems) as caught:
        run_account([tmp_path])
    assert [(Path(one.file).name, one.line) for one in caught.value.problems] == [
        ("a.csv", 2),
        ("b.csv", 2),
        ("b.csv", 3),
        ("c.csv", 0),
    ]


def test_gbk_is_read(tmp_path: Path) -> None:
    text = (
        HEADER
        + "360725,2022,agricultural_output,,,粮食,6.36,亿斤,统计公报,\n360725,2022,agricultural_output_value,,,,18.24,亿元,统计公报,\n"
    )
    (tmp_path / "gbk.csv").write_bytes(text.encode("gbk"))
    account = run_account([tmp_path / "gbk.csv"])
    assert set(account.inputs.rows["product"].astype(str)) == {"", "粮食"}
    assert account.inputs.rows["value"].tolist() == [318_000, 1_824_000_000]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([None], pa.null()),
        pa.array([True]),
        pa.array([[1.0]]),
        pa.array([b"\xff"]),
        pa.array([{"a": 1}]),
        pa.array([0], pa.timestamp("s")),
    ],
    ids=lambda column: str(column.type),
)
@pytest.mark.parametrize("name", ["county", "variable", "value"])
def test_parquet_columns_of_other_kinds_are_refused(name: str, column: pa.Array, tmp_path: Path) -> None:
    cells = {"county": ["360725"], "year": [2022], "variable": ["precipitation"], "value": [1.0], "unit": ["mm"], "source": ["s"]}
    pq.write_table(pa.table({**cells, name: column}), tmp_path / "a.parquet")
    with pytest.raises(Problems) as caught:
        run_account([tmp_path / "a.parquet"])
    if not pa.types.is_null(column.type):
        [problem] = caught.value.problems
        assert problem.found.startswith(f"the column {name!r} holds ")


def test_unseen_letters_and_negative_zero_do_not_enter(tmp_path: Path) -> None:
    row = "360725\u200b,2022,agricultural_output,,,\ufeff稻谷\u200b,-0.0,t,\u202esource\x01,\n"
    (tmp_path / "a.csv").write_text(HEADER + row, "utf-8")
    account = run_account([tmp_path / "a.csv"])
    kept = account.inputs.rows.iloc[0]
    assert (kept["product"], kept["source"], str(kept["value"])) == ("稻谷", "source", "0.0")


def test_thousands_of_counties_that_are_none_are_answered_in_time(tmp_path: Path) -> None:
    begun = time.process_time()
    rows = "".join(f"x{number},2022,precipitation,,,,1,mm,s,\n" for number in range(1_000))
    (tmp_path / "a.csv").write_text(HEADER + rows, "utf-8")
    with pytest.raises(Problems) as caught:
        run_account([tmp_path / "a.csv"])
    assert len(caught.value.problems) == 1_000
    assert time.process_time() - begun < 40


def test_a_million_wrong_rows_are_answered_in_time(tmp_path: Path) -> None:
    count = tries(250_000, 1_000_000)  # what grows with the square of the rows is seen in either
    table = pa.table(
        {
            "county": pa.array(["360725"] * count).dictionary_encode(),
            "year": pa.array([2022] * count),
            "variable": pa.array(["agricultural_output"] * count).dictionary_encode(),
            "product": [f"p{at}" for at in range(count)],
            "value": np.where(np.arange(count) % 1000 == 7, -1.0, 1.0),
            "unit": pa.array(["t"] * count).dictionary_encode(),
            "source": pa.array(["made up"] * count).dictionary_encode(),
        }
    )
    path = tmp_path / "million.parquet"
    pq.write_table(table, path)
    begin = time.process_time()
    with pytest.raises(Problems) as caught:
        run_account([path])
    assert len(caught.value.problems) == count // 1000
    assert time.process_time() - begin < 120  # a bound against hanging, not a benchmark


def test_a_file_that_is_not_there_and_one_that_is_no_table(tmp_path: Path, gep: Program) -> None:
    (tmp_path / "a.ods").write_bytes(b"PK")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 nothing")
    done = gep(
        "run", str(tmp_path / "none.csv"), str(tmp_path / "a.ods"), str(tmp_path / "bad.parquet"), "--store", gep.store, code=2
    )
    assert "there is no such file or folder" in done.stderr
    assert "files in .ods are not read" in done.stderr
    assert "the file is damaged, cut short or no Parquet file" in done.stderr


def test_binary_rubbish_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(bytes(range(256)) * 10)
    with pytest.raises(Problems, match="not text in UTF-8 or GBK"):
        run_account([tmp_path / "x.csv"])


def test_a_stray_carriage_return_is_answered_or_read_as_the_end_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes((HEADER + '360725,2022,gdp,,,,1,亿元,"s",\n360725,2022,popu\rlation,,,,1,人,s,\n').encode())
    with pytest.raises(Problems) as caught:
        run_account([path])
    assert all(problem.file.endswith("x.csv") for problem in caught.value.problems)


def test_a_source_that_says_as_above_is_the_source_above(tmp_path: Path) -> None:
    head = "county,year,variable,value,unit,source\n"
    (tmp_path / "a.csv").write_text(
        f"{head}360725,2023,population,10,人,年鉴第3页\n360725,2023,gdp,5,亿元,同上\n360725,2023,land_area,5,km2,〃\n", "utf-8"
    )
    (tmp_path / "b.csv").write_text(f"{head}360726,2023,population,10,人,〃\n", "utf-8")
    found, problems = gather([tmp_path], {}, frozenset())
    assert problems == []
    assert sorted(found.rows["source"]) == sorted(["年鉴第3页"] * 3 + ["〃"])
    assert [(one.grade, one.code, one.problem.line) for one in found.findings] == [("D", "ditto", 3), ("C", "ditto", 2)]
