"""Nothing done through a query, a name or a file name reaches what it should not; files appear whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, Program

from gep.files.writing import STALE, make_file_name, write_file, write_whole
from gep.messages.problems import Problems
from gep.reports.writing import write_report
from gep.store.ask import MOST_ROWS, NAMED, Answer, run_query
from gep.store.keys import find_account
from gep.store.opening import open_to_write
from gep.store.saving import save
from gep.store.signing import sign
from gep.store.store import Store
from gep.tasks.run import run_account

JINXI = ROOT / "inputs/361027-2022"
HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE run; --",
    "../../etc/passwd",
    '" onload="x',
    "a\x1b[2Jb",
    "%s{0}\\",
    "=1+1",
    "$(id)`id`",
)


@pytest.fixture(scope="module")
def filled(jinxi: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(jinxi, tmp_path_factory.mktemp("store") / "gep.duckdb"))


def content(store: Path) -> dict[str, int]:
    with Store(store) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in tables}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE run",
        "DELETE FROM event",
        "UPDATE run SET reason = ''",
        "INSERT INTO event SELECT * FROM event",
        "CREATE TABLE x AS SELECT 1",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE MACRO f() AS 1",
        "DROP VIEW gep_account",
        "ALTER TABLE run ADD COLUMN x INT",
        "COPY run TO '{folder}/x.csv'",
        "COPY (SELECT 1) TO '{folder}/x.csv'",
        "EXPORT DATABASE '{folder}/x'",
        "IMPORT DATABASE '{folder}'",
        "ATTACH '{folder}/y.db'",
        "ATTACH ':memory:' AS m",
        "DETACH gep",
        "USE memory",
        "INSTALL httpfs",
        "LOAD httpfs",
        "FORCE INSTALL spatial",
        "PRAGMA database_list",
        "PRAGMA show_tables",
        "PRAGMA enable_external_access = true",
        "SET enable_external_access = true",
        "SET GLOBAL lock_configuration = false",
        "RESET enable_external_access",
        "SET memory_limit = '100GB'",
        "CALL pragma_version()",
        "CHECKPOINT",
        "FORCE CHECKPOINT",
        "VACUUM",
        "ANALYZE run",
        "PREPARE p AS SELECT 1",
        "BEGIN TRANSACTION",
        "SELECT nextval('run_number')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM read_parquet('s3://bucket/x')",
        "SELECT * FROM read_json('/etc/passwd')",
        "SELECT * FROM query('COPY run TO ''{folder}/x.csv''')",
        "EXPLAIN ANALYZE COPY run TO '{folder}/x.csv'",
        "EXPLAIN ANALYZE DELETE FROM event",
        "SELECT getenv('HOME')",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM sql_auto_complete('x')",
        "SELECT * FROM enable_logging()",
        "SELECT * FROM text",
        "SELECT * FROM NAMED",
        "SELECT * FROM iceberg_scan('/etc')",
        "SELECT load_aws_credentials()",
        "",
        "   ",
        ";",
        "-- nothing here",
    ],
)
def test_a_query_can_only_read_the_store(filled: Path, tmp_path: Path, sql: str) -> None:
    before = content(filled)
    with Store(filled) as connection, pytest.raises(Problems):
        run_query(connection.connection, sql.format(folder=tmp_path) + " ")
    assert content(filled) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT\n1",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "FROM run",
        "SELECT * FROM run;",
        "EXPLAIN SELECT 1",
        "SHOW TABLES",
        *NAMED,
    ],
)
def test_a_query_that_reads_is_answered(filled: Path, sql: str) -> None:
    with Store(filled) as connection:
        found = connection.ask(sql)
    assert found.columns
    assert all(len(row) == len(found.columns) for row in found.rows)


def test_a_moment_with_a_time_zone_is_told_with_a_repair_that_works(filled: Path) -> None:
    told = Program("")("query", "SELECT now() AS at", "--store", str(filled), code=2).stderr
    assert "write now()::TIMESTAMP" in told
    Program("")("query", "SELECT now()::TIMESTAMP AS at", "--store", str(filled))


def test_a_query_stops_after_its_time(filled: Path) -> None:
    begun = time.monotonic()
    with Store(filled) as connection:
        with pytest.raises(Problems) as caught:
            run_query(
                connection.connection,
                "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3",
                1.0,
            )
        assert run_query(connection.connection, "SELECT 1 AS one") == Answer(["one"], [(1,)])
    assert "took more than 1 seconds and was stopped" in str(caught.value)
    assert time.monotonic() - begun < 20


def test_a_query_does_not_take_all_memory(filled: Path) -> None:
    with Store(filled) as connection:
        with pytest.raises(Problems) as caught:
            run_query(connection.connection, "SELECT * FROM range(100000000)")
        assert f"more than {MOST_ROWS:,} rows" in str(caught.value)
        assert connection.execute("SELECT current_setting('max_temp_directory_size')").fetchall() == [("0 bytes",)]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_county_is_no_county(filled: Path, name: str) -> None:
    with Store(filled) as connection, pytest.raises(Problems) as caught:
        find_account(connection, name, 2022, None)
    assert "there is no county" in str(caught.value)
    with Store(filled) as connection, pytest.raises(Problems) as caught:
        find_account(connection, "361027", 2022, name)
    assert "there is no account" in str(caught.value)


def test_hostile_commands_do_nothing(filled: Path, gep: Program, tmp_path: Path) -> None:
    before = content(filled)
    at = ("--store", str(filled))
    for arguments in (
        ("show", "../../etc/passwd", "2022"),
        ("trace", "361027", "2022", "'; DROP TABLE run; --"),
        ("run", str(JINXI), "--standard", "../../etc/passwd"),
        ("run", "/etc/passwd"),
        ("submit", "361027' OR 1=1 --", "2022", "--by", "x"),
    ):
        gep(*arguments, *at, code=2)
    gep("report", "../x", "2022", "-o", str(tmp_path / "x.html"), *at, code=2)
    assert content(filled) == before
    assert list(tmp_path.iterdir()) == []


def test_hostile_names_stay_text_in_store_and_report(tmp_path: Path, gep: Program) -> None:
    rows = (JINXI / "agriculture.csv").read_text("utf-8").splitlines()
    own = tmp_path / "inputs"
    shutil.copytree(JINXI, own)
    product, note = "<img src=x onerror=alert(1)>", "'; DROP TABLE run; -- <script>alert(2)</script>"
    rows.append(f'361027,2022,agricultural_output,,,{product},1,吨,"{note}","=cmd|x"')
    (own / "agriculture.csv").write_text("\n".join(rows) + "\n", "utf-8")
    store = tmp_path / "it's; a <store>.duckdb"
    save(run_account([own]), store, "<b>'; DROP TABLE event; --")
    with open_to_write(store) as connection:
        place = find_account(connection, "361027", 2022, None)
        sign(connection, place, "submitted", "<i>Mallory</i>'; --", note)
    with Store(store) as connection:
        given = connection.execute("SELECT product, source, note FROM input_row WHERE product LIKE '<img%'").fetchall()
        assert given == [(product, note, "=cmd|x")]
        assert connection.execute("SELECT who, note FROM event").fetchall() == [("<i>Mallory</i>'; --", note)]
        write_report(connection, place, tmp_path / "x.html", "zh")
    html = (tmp_path / "x.html").read_text("utf-8")
    assert "<img src=x" not in html
    assert "<script" not in html
    assert "<i>Mallory" not in html
    assert "&lt;i&gt;Mallory" in html
    shown = json.loads(gep("show", "361027", "2022", "--store", str(store), "--format", "json").stdout)
    assert shown["signed_by"] == "<i>Mallory</i>'; --"


@pytest.mark.parametrize("name", [*HOSTILE, "..", ".", "", "/", "a/b\\c", "崇义县", "x" * 500])
def test_a_file_name_is_one_name_in_its_folder(tmp_path: Path, name: str) -> None:
    made = make_file_name(name, 2022)
    assert "/" not in made
    assert "\\" not in made
    assert not made.startswith((".", "-x"))
    assert (tmp_path / made).resolve().parent == tmp_path.resolve()
    (tmp_path / made).write_text("x", "utf-8")
    assert make_file_name("崇义县", 2022) == "崇义县-2022"


def write_half(path: Path) -> None:
    path.write_bytes(b"seco")
    raise ValueError("half way")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "report.html"
    write_file(target, b"first")
    assert target.read_bytes() == b"first"
    with pytest.raises(ValueError, match="half way"), write_whole(target) as temporary:
        write_half(temporary)
    assert target.read_bytes() == b"first"
    assert [one.name for one in target.parent.iterdir()] == ["report.html"]
    with pytest.raises(Problems) as caught, write_whole(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "the file cannot be written: No space left on device" in str(caught.value)
    for place in (target / "below.html", Path("/proc/x.html")):
        with pytest.raises(Problems) as caught:
            write_file(place, b"x")
        assert len(caught.value.problems) == 1


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    write_file(target, b"first")
    code = (
        "import resource, sys; from pathlib import Path; from gep.files.writing import write_file; from gep.messages.problems import Problems\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_file(Path(sys.argv[1]), b'x' * 5000)\n"
        "except Problems as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(target)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "the file cannot be written: File too large" in done.stdout
    assert target.read_bytes() == b"first"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_killed_writer_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    contents = [bytes([letter]) * 3_000_000 for letter in b"ab"]
    write_file(target, contents[0])
    code = (
        "import sys; from pathlib import Path; from gep.files.writing import write_file; print('on', flush=True)\n"
        "while True:\n  for letter in b'ab': write_file(Path(sys.argv[1]), bytes([letter]) * 3_000_000)"
    )
    chance = random.Random(23)
    for _ in range(12):
        process = subprocess.Popen([sys.executable, "-c", code, str(target)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "on\n"
        time.sleep(chance.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert target.read_bytes() in contents
    left = [one for one in tmp_path.iterdir() if one != target]
    for one in left:
        os.utime(one, (time.time() - 2 * STALE,) * 2)
    write_file(target, b"new")
    assert list(tmp_path.iterdir()) == [target]
