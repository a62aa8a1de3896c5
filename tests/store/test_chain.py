"""The chain of a store: every row of every table is linked; what was changed, put in, taken out or dated back is named."""

from __future__ import annotations

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from conftest import Program

from gep.messages.problems import Problems
from gep.store import chain, marks, proving
from gep.store.chain import count_rows, link_new_rows, list_chained_tables, list_columns, read_head, select_rows
from gep.store.digest import BEFORE, WAY, hash_rows
from gep.store.marks import compare_marks, mark_rows
from gep.store.opening import insert, open_to_read, open_to_write
from gep.store.saving import save
from gep.store.walk import walk_chain
from gep.tasks.run import run_account

JINXI = Path(__file__).parent.parent.parent / "inputs/361027-2022"


def cell(kind: str, number: int) -> object:
    """A cell of a type, different for each number."""
    match kind:
        case "VARCHAR":
            return f"text {number} 金溪"
        case "TIMESTAMP":
            return datetime.now(UTC).replace(tzinfo=None)
        case "DATE":
            return date(2026, 1, 1) + timedelta(days=number)
        case "BOOLEAN":
            return number % 2 == 0
        case _:
            return number + 7000


def fill(connection: duckdb.DuckDBPyConnection, table: str, numbers: range) -> None:
    columns = list_columns(connection)[table]
    for number in numbers:
        cells = [1] if table == "store_version" else [cell(kind, number) for kind in columns.values()]
        places = ", ".join("?" for _ in columns)
        connection.execute(f'INSERT INTO "{table}" VALUES ({places})', cells)


def fill_all(path: Path) -> Path:
    """Put three rows into every table, as the program does it, in two transactions."""
    for numbers in (range(2), range(2, 3)):
        with open_to_write(path) as connection:
            for table in list_chained_tables(connection):
                fill(connection, table, numbers)
    return path


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with rows in every table."""
    path = fill_all(tmp_path_factory.mktemp("chain") / "full.duckdb")
    assert walk_chain(path).holds
    return path


@pytest.fixture
def store(full: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(full, tmp_path / "gep.duckdb"))


def tamper(path: Path, how: str) -> list[str]:
    """Change every table with DuckDB itself, and return their names."""
    connection = duckdb.connect(str(path))
    tables = list_chained_tables(connection)
    for table in tables:
        columns = list_columns(connection)[table]
        if how == "put in":
            fill(connection, table, range(10, 11))
        elif how == "taken out":
            connection.execute(f'DELETE FROM "{table}" WHERE rowid = (SELECT max(rowid) - 1 FROM "{table}")')
        else:
            column, kind = list(columns.items())[-1]
            last = f'WHERE rowid = (SELECT max(rowid) FROM "{table}")'
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? {last}', [2 if table == "store_version" else cell(kind, 77)])
    connection.close()
    return tables


@pytest.mark.parametrize(
    ("how", "said"), [("changed", "is not what was linked|is gone"), ("taken out", "is gone"), ("put in", "is in no link")]
)
def test_what_was_changed_with_duckdb_itself_is_named_for_every_table(store: Path, how: str, said: str) -> None:
    tables = tamper(store, how)
    assert len(tables) >= 33
    named = {one.table: one.found for one in walk_chain(store).broken}
    for table in tables:
        assert re.search(rf"^row [\d,]+ ({said})", named[table]), (table, named.get(table))


def test_every_cell_of_every_table_is_covered(store: Path) -> None:
    connection = duckdb.connect(str(store))
    for table in list_chained_tables(connection):
        columns = list_columns(connection)[table]
        query = select_rows(table, columns)
        linked = hash_rows(connection.sql(query).to_arrow_table())
        for column, kind in columns.items():
            connection.execute("BEGIN")
            new = datetime(2020, 1, 1) if kind == "TIMESTAMP" else date(2020, 1, 1) if kind == "DATE" else cell(kind, 99)  # noqa: DTZ001 - the store's moments say no zone
            row = f'WHERE rowid = (SELECT min(rowid) FROM "{table}")'
            before = connection.execute(f'SELECT "{column}" FROM "{table}" {row}').fetchall()[0][0]
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? {row}', [not before if kind == "BOOLEAN" else new])
            assert hash_rows(connection.sql(query).to_arrow_table()) != linked, (table, column)
            connection.execute("ROLLBACK")
    connection.close()


def test_a_row_dated_back_is_named_even_where_it_was_linked(tmp_path: Path) -> None:
    """Somebody who uses the program's own functions can link a row; its date then does not fit the link's."""
    dated = {
        "run": "made_at",
        "event": "happened_at",
        "transfer_run": "made_at",
        "encumbrance": "entered_at",
        "transfer_simulation": "made_at",
    }
    path = fill_all(tmp_path / "gep.duckdb")
    with open_to_write(path) as connection:
        for table, column in dated.items():
            fill(connection, table, range(20, 21))
            connection.execute(
                f"UPDATE {table} SET {column} = TIMESTAMP '2026-01-05 09:00:00' WHERE rowid = (SELECT max(rowid) FROM {table})"
            )
    named = {one.table: one.found for one in walk_chain(path).broken}
    assert set(named) == set(dated)
    assert all("is dated 2026-01-05 09:00" in found for found in named.values())


def test_links_that_were_changed_taken_out_or_dated_back_are_named(store: Path, tmp_path: Path) -> None:
    for change, said in {
        "UPDATE chain_link SET row_count = 1 WHERE link = 20": "the link was changed",
        "UPDATE chain_link SET linked_at = linked_at - INTERVAL 30 DAY WHERE link = 20": "the link was changed",
        "UPDATE chain_link SET row_marks = ''::BLOB WHERE link = 20": "the link was changed",
        "DELETE FROM chain_link WHERE link = 20": "link 21 follows link 19",
        "DELETE FROM chain_link WHERE link = (SELECT max(link) FROM chain_link)": "is in no link",
        "UPDATE chain_link SET previous_sha256 = link_sha256 WHERE link = 20": "the link before has the hash",
    }.items():
        path = Path(shutil.copy(store, tmp_path / "changed.duckdb"))
        connection = duckdb.connect(str(path))
        connection.execute(change)
        connection.close()
        assert said in walk_chain(path).broken[0].found, change


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("covered_columns", "event"),
        ("covered_columns", "null"),
        ("covered_columns", '["event", "event"]'),
        ("covered_columns", "[[]]"),
        ("covered_columns", "[" * 100_000),
        ("row_count", -1),
        ("first_row", -1),
        ("row_marks", b"abc"),
        ("linked_at", "290000-01-01"),
        ("linked_at", "infinity"),
        ("table_name", '"; x'),
    ],
)
def test_links_that_hold_anything_are_named(store: Path, column: str, value: object) -> None:
    with duckdb.connect(str(store)) as connection:
        connection.execute(f"UPDATE chain_link SET {column} = ? WHERE link = (SELECT max(link) FROM chain_link)", [value])
    assert any(one.table == "chain_link" for one in walk_chain(store).broken)


@pytest.mark.parametrize("moment", ["290000-01-01", "infinity", "-infinity"])
def test_rows_dated_beyond_every_calendar_are_named(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "s.duckdb"
    with open_to_write(path) as connection:
        fill(connection, "event", range(1))
        connection.execute("UPDATE event SET happened_at = ?::TIMESTAMP", [moment])
    assert [(one.table, "dated" in one.found) for one in walk_chain(path).broken] == [("event", True)]


@pytest.mark.parametrize("value", ["infinity", "-infinity", "nan"])
def test_nothing_is_not_linked_as_an_infinity(tmp_path: Path, value: str) -> None:
    """An empty last day of a scheme would otherwise become the first day there is, and no hash would tell."""
    path = tmp_path / "s.duckdb"
    table, column = ("total_result", "value") if value == "nan" else ("scheme_registration", "in_force_to")
    with open_to_write(path) as connection:
        fill(connection, table, range(1))
        connection.execute(f"UPDATE {table} SET {column} = NULL")
    assert walk_chain(path).holds
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"UPDATE {table} SET {column} = '{value}'")
    assert [one.table for one in walk_chain(path).broken] == [table]


@pytest.mark.parametrize(
    ("change", "command"),
    [
        ("UPDATE event SET happened_at = '290000-01-01'", "show"),
        ("UPDATE run SET standard_text = '{'", "show"),
        ("UPDATE rule SET tree = '{}'", "trace"),
        ("UPDATE run SET files = 'x'", "certificate"),
    ],
)
def test_a_forgery_that_makes_a_command_fail_is_told_as_one(jinxi: Path, tmp_path: Path, change: str, command: str) -> None:
    store = str(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    gep = Program(store)
    gep("submit", "361027", "2022", "--by", "张三", "--note", "n", "--store", store)
    with duckdb.connect(str(store)) as connection:
        connection.execute(change)
    more = {"trace": ["gep"], "certificate": ["-o", str(tmp_path / "c.json")]}.get(command, [])
    assert "gep verify --store" in gep(command, "361027", "2022", *more, "--store", store, code=2).stderr


@pytest.mark.parametrize(
    "change", ["DELETE FROM store_version", *(f"UPDATE store_version SET version = {n}" for n in (-3, 0, 1, 9))]
)
def test_a_store_that_says_another_version_than_it_has_is_told_as_changed(jinxi: Path, tmp_path: Path, change: str) -> None:
    path = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    with duckdb.connect(str(path)) as connection:
        connection.execute(change)
    before = path.read_bytes()
    for command in (("list",), ("verify",), ("approve", "361027", "2022", "--by", "a", "--note", "b")):
        said = Program("")(*command, "--store", str(path), code=2).stderr
        assert "changed by another program" in said
    assert path.read_bytes() == before


def test_a_chain_made_anew_follows_but_has_another_head(store: Path) -> None:
    with open_to_read(store) as connection:
        head = read_head(connection)
    connection = duckdb.connect(str(store))
    connection.execute("UPDATE event SET who = '李局长'")
    connection.execute("DELETE FROM chain_link")
    link_new_rows(connection)
    connection.close()
    assert not walk_chain(store).broken
    assert not walk_chain(store, head.sha256).holds
    assert not walk_chain(store, head.sha256[:16]).holds


def test_a_printed_head_is_found_in_a_store_that_has_grown(store: Path) -> None:
    with open_to_read(store) as connection:
        head = read_head(connection)
    with open_to_write(store) as connection:
        fill(connection, "event", range(30, 31))
    walk = walk_chain(store, f" {head.sha256[:20].upper()} ")
    assert not walk.broken
    assert walk.printed is not None
    assert (walk.printed.link, walk.head.link) == (head.link, head.link + 1)
    assert not walk_chain(store, head.sha256[:15]).holds


@pytest.mark.parametrize(
    "typed", ["05f0", "0" * 15, "O5f0ff1bed836959", "0" * 65, "\u200b", "head", "05f0ff1bed836959 (link 18)"]
)
def test_what_is_no_head_accuses_no_store(jinxi: Path, typed: str) -> None:
    assert "is no head" in Program("")("verify", "--store", str(jinxi), "--head", typed, code=2).stderr


def test_a_head_typed_as_people_type_it_is_found(jinxi: Path) -> None:
    with open_to_read(jinxi) as connection:
        head = read_head(connection).sha256
    wide = "".join(chr(ord(one) + 0xFEE0) for one in head[:20])
    for typed in (wide, f"{head[:8]} {head[8:16].upper()}", f"{head[:16]}…", head + "\n"):
        assert "the printed head is link" in Program("")("verify", "--store", str(jinxi), "--head", typed).stdout


@pytest.mark.parametrize(
    ("change", "table", "said"),
    [
        (
            "CREATE OR REPLACE VIEW gep_account_approved AS SELECT * FROM gep_account_run",
            "gep_account_approved",
            "the view was changed",
        ),
        ("DROP VIEW gep_service_approved", "gep_service_approved", "the view is gone"),
        ("CREATE MACRO coalesce2(a) AS 1", "coalesce2", "this macro is not of this program"),
        ("CREATE TABLE other (a INTEGER)", "other", "this table is not of this program"),
        ("DROP TABLE event_kept", "event_kept", "the table is gone"),
        ("ALTER TABLE notice DROP COLUMN text_zh", "notice", "column text_zh is gone"),
        ("ALTER TABLE event ADD COLUMN more VARCHAR DEFAULT 'x'", "event", "column more, which is younger, is filled in"),
    ],
)
def test_tables_views_and_macros_are_those_of_the_program(store: Path, change: str, table: str, said: str) -> None:
    connection = duckdb.connect(str(store))
    connection.execute(change)
    connection.close()
    assert said in [one.found for one in walk_chain(store).broken if one.table == table]


def test_nothing_is_written_over_rows_that_no_link_covers(jinxi: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    gep = Program("")
    connection = duckdb.connect(str(path))
    connection.execute(
        "INSERT INTO event SELECT 900, now()::TIMESTAMP, 'submitted', 1, 0, '361027', 2022, 'ndrc-2022', 'x', '甲', 'x'"
    )
    connection.close()
    done = gep("submit", "361027", "2022", "--by", "张三", "--note", "n", "--store", str(path), "--lang", "en", code=2)
    assert "table event has 1 rows, its chain covers 0" in done.stderr
    assert "gep verify --store" in done.stderr
    told = gep("verify", "--store", str(path), "--format", "json", "--lang", "en", code=2)
    assert json.loads(told.stdout)["broken"][0]["table"] == "event"


def test_what_the_program_writes_follows_and_what_it_refuses_leaves_no_link(jinxi: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    gep = Program("")
    gep("submit", "361027", "2022", "--by", "张三", "--note", "n", "--store", str(path), "--lang", "en")
    gep("approve", "361027", "2022", "--by", "李四", "--note", "ok", "--store", str(path), "--lang", "en")
    save(run_account([JINXI]), path)  # carries the sign-offs over
    before = walk_chain(path)
    assert before.holds
    gep("approve", "361027", "2022", "--by", "李四", "--note", "ok", "--store", str(path), "--lang", "en", code=2)
    assert walk_chain(path).head == before.head
    told = gep("verify", "--store", str(path), "--head", before.head.sha256, "--lang", "en").stdout
    assert "every row follows the chain" in told
    assert "the printed head is link" in told


def test_a_store_from_before_the_chain_is_linked_as_it_stands(jinxi: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(jinxi, tmp_path / "old.duckdb"))
    connection = duckdb.connect(str(path))
    connection.execute("DROP TABLE chain_link")
    connection.execute("DROP TABLE transfer_days")
    connection.execute("CREATE OR REPLACE VIEW gep_account_run AS SELECT NULL")
    connection.execute("DROP VIEW input_given")
    connection.execute("ALTER TABLE input_row DROP COLUMN number_given")
    connection.execute("DROP VIEW unit_called")
    connection.execute("DROP TABLE unit_name")
    connection.execute("DROP TABLE accounting_unit")
    connection.execute("DROP TABLE office_head")
    for view in ("product_catalogue", "alert_state", "gep_shown", "series_state"):
        connection.execute(f"DROP VIEW {view}")
    for table in ("product_entry", "product_alert", "alert_seen", "shown_result", "series_point"):
        connection.execute(f"DROP TABLE {table}")
    for table in ("scheme_registration", "transfer_prepared", "prepared_fact", "prepared_run", "transfer_decided"):
        connection.execute(f"DROP TABLE {table}")
    for sequence in ("registration_number", "prepared_number"):
        connection.execute(f"DROP SEQUENCE {sequence}")
    connection.execute("DELETE FROM store_version WHERE version >= 8")
    connection.close()
    walk = walk_chain(path)
    assert walk.holds
    assert walk.migrated_at is not None
    assert walk.migrated_rows == walk.rows > 1000
    assert "rows are older than the chain" in " ".join(Program("")("verify", "--store", str(path), "--lang", "en").stdout.split())


def test_links_of_many_rows_name_the_rows_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "MOST_ROWS", 100_000)
    monkeypatch.setattr(marks, "MOST_MARKS", 30_000)
    path = tmp_path / "gep.duckdb"
    with open_to_write(path) as connection:
        connection.execute("INSERT INTO coefficient_account SELECT 1, i, i % 7 FROM range(250000) t(i)")
    with open_to_write(path) as connection:
        connection.execute("INSERT INTO coefficient_account SELECT 2, i, i % 5 FROM range(250000) t(i)")
    assert walk_chain(path).holds
    connection = duckdb.connect(str(path))
    connection.execute("UPDATE coefficient_account SET pattern = 9 WHERE run = 2 AND account = 123456")
    connection.close()
    (broken,) = walk_chain(path).broken
    first, last = (int(found.replace(",", "")) for found in re.findall(r"rows ([\d,]+) to ([\d,]+)", broken.found)[0])
    assert first <= 250_000 + 123_456 + 1 <= last
    assert last - first == 3


def test_hashes_are_those_written_down() -> None:
    """The form of the hash is fixed: stores of today are walked by programs of later."""
    rows = pa.table({"a": pa.array([1, None, -3], pa.int64()), "b": [1.5, None, 0.1], "c": ["金溪", "", None]})
    assert hash_rows(rows) == "2fec16e2f268ea0a6255a82efc837f5909bc9de187d205e80927c26a0f830663"
    assert hash_rows(rows, BEFORE) == "24cafb51de90970f23c203a27deeb93ad45b752911826cad01f679d3d352cd8a"
    assert mark_rows(rows).hex() == "3310b06740069950ef7248aa5e"
    before = bytes.fromhex("3eca234ecf48f27e03ae37b3")
    assert len({tuple(side) for side in compare_marks(before, rows)}) == 1
    texts = (["ab", "c"], ["a", "bc"], ["", "abc"], [None, "abc"], ["ab", "ab"], ["ab"], ["abab"], ["a", "b"], ["", None])
    for way in (WAY, BEFORE):
        assert len({hash_rows(pa.table({"c": one}), way) for one in texts}) == len(texts)


@pytest.mark.parametrize("texts", [[], ["a"] * 3, ["a", "a", "b", "a"], ["", None, None, "", "金溪", "金溪"], [None, None]])
def test_coded_texts_count_as_the_texts(texts: list[str | None]) -> None:
    plain = pa.table({"text": pa.chunked_array([pa.array(texts[:2], pa.string()), pa.array(texts[2:], pa.string())])})
    coded = pa.table({"text": plain["text"].combine_chunks().dictionary_encode()})
    unsigned = coded.cast(pa.schema({"text": pa.dictionary(pa.uint8(), pa.string())}))
    assert hash_rows(plain) == hash_rows(coded) == hash_rows(unsigned)
    assert mark_rows(plain) == mark_rows(coded) == mark_rows(unsigned)


def test_links_hashed_as_before_are_walked_and_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gep.duckdb"
    with monkeypatch.context() as before:
        before.setattr(chain, "_prove", lambda rows: (hash_rows(rows, BEFORE), BEFORE + mark_rows(rows)[1:]))
        with open_to_write(path) as connection:
            fill(connection, "event", range(3))
    with open_to_write(path) as connection:
        fill(connection, "event", range(3, 6))
    with open_to_read(path) as connection:
        ways = connection.execute("SELECT row_marks FROM chain_link WHERE table_name = 'event' ORDER BY link").fetchall()
    assert [marks[:1] for (marks,) in ways] == [BEFORE, WAY]
    assert walk_chain(path).holds
    for row in (2, 5):
        copy = Path(shutil.copy(path, tmp_path / f"{row}.duckdb"))
        with duckdb.connect(str(copy)) as connection:
            connection.execute(f"UPDATE event SET who = '李局长' WHERE rowid = {row - 1}")
        (broken,) = walk_chain(copy).broken
        assert broken.found.startswith(f"row {row} is not what was linked")


def test_large_tables_are_linked_by_what_is_inserted_as_if_they_were_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, found = run_account([JINXI]), []
    for fewest, most in ((10**9, 10**6), (1, 10**6), (1, 20)):
        monkeypatch.setattr(proving, "FEWEST_ROWS", fewest)
        monkeypatch.setattr(proving, "MOST_ROWS", most)
        path = tmp_path / f"{fewest}-{most}.duckdb"
        save(account, path)
        assert walk_chain(path).holds
        with open_to_read(path) as connection:
            found.append(
                connection.execute(
                    "SELECT table_name, rows_sha256, row_marks, row_key, covered_columns FROM chain_link "
                    "WHERE occasion = 'written' AND table_name <> 'run' ORDER BY ALL"
                ).fetchall()
            )
    assert found[0] == found[1]
    assert len(found[2]) > len(found[0]) > 10


def test_what_duckdb_converts_or_others_added_to_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "gep.duckdb"
    numbers = [*range(proving.FEWEST_ROWS)]
    with open_to_write(path) as connection, ThreadPoolExecutor(1) as beside:
        proofs = proving.Proofs(connection, beside)
        for name, table in {
            "coefficient_account": pa.table({"account": pa.array(numbers, pa.float64()), "pattern": numbers}),
            "account": pa.table({"account": numbers, "county": pa.array(numbers), "year": numbers}),
            "ecosystem_result": pa.table(
                {"account": numbers, "service": ["a"] * len(numbers), "ecosystem": ["b"] * len(numbers)}
            ),
        }.items():
            proofs.add(name, table, 1)
            insert(connection, name, table, 1)
        fill(connection, "ecosystem_result", range(1))
        proofs.link()
        assert read_head(connection).link == count_links(connection, "made")
    assert walk_chain(path).holds


def count_links(connection: duckdb.DuckDBPyConnection, occasion: str) -> int:
    return int(connection.execute("SELECT count(*) FROM chain_link WHERE occasion = ?", [occasion]).fetchall()[0][0])


def test_a_new_store_begins_with_a_link(tmp_path: Path) -> None:
    with open_to_write(tmp_path / "new.duckdb") as connection:
        assert read_head(connection).link == sum(rows > 0 for rows in count_rows(connection).values())
    with pytest.raises(Problems, match="there is no store"):
        walk_chain(tmp_path / "none.duckdb")


def test_marks_are_of_each_row_alone_however_many_are_made_together() -> None:
    numbers = range(2 * marks.ROWS_AT_ONCE + 1)
    texts = [None if number % 7 == 0 else f"{number}村{'木' * (number % 40)}" for number in numbers]
    rows = pa.table({"number": [*numbers], "share": [number / 3 for number in numbers], "text": texts})
    kept = mark_rows(rows)
    for at in (0, 1, marks.ROWS_AT_ONCE - 1, marks.ROWS_AT_ONCE, len(numbers) - 1):
        assert kept[4 * at + 1 : 4 * at + 5] == mark_rows(rows.slice(at, 1))[1:]


def test_a_mark_tells_every_cell_and_two_signs_that_change_together() -> None:
    text = "".join(chr(97 + at) for at in range(19))
    rows = pa.table({"one": [1.5, 2.0], "two": [-3.0, 4.0], "text": [text, "金溪"], "number": [7, None]})
    others = [
        rows.set_column(0, "one", pa.array([-1.5, 2.0])).set_column(1, "two", pa.array([3.0, 4.0])),
        *(rows.set_column(2, "text", pa.array([text[:at] + "?" + text[at + 1 :], "金溪"])) for at in range(19)),
        *(rows.set_column(2, "text", pa.array([one, "金溪"])) for one in (text[:-1], text + "a", "", None, "\0")),
        *(rows.set_column(3, "number", pa.array([one, None])) for one in (None, 0, 6, -7)),
    ]
    for other in others:
        kept, now = compare_marks(mark_rows(rows), other)
        assert kept[0] != now[0]
        assert kept[1] == now[1]
