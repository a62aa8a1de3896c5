"""It keeps working: killed programs, many programs at once, full disks, places that cannot be written. Real processes."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import openpyxl
import pytest
from conftest import ROOT, Program, tries
from forked_programs import Loaded, Running

from gep.store.keys import find_account
from gep.store.opening import WAIT, open_to_write
from gep.store.signing import hash_account, sign
from gep.store.store import Store

JINXI = "inputs/361027-2022"
TABLES = (
    "account",
    "input_row",
    "rule",
    "service_result",
    "line_result",
    "ecosystem_result",
    "total_result",
    "coefficient_account",
)
POINTS = int(os.environ.get("GEP_KILLS", "3"))
"""How many times each command is killed; `make test-all` does it a hundred times."""


class Start(Protocol):
    """Begin a command on a store; `limit` is the most bytes that a file may have."""

    def __call__(self, *arguments: str, store: Path, limit: int | None = None) -> Running: ...


@pytest.fixture
def start(loaded: Loaded) -> Start:
    def begin(*arguments: str, store: Path, limit: int | None = None) -> Running:
        return loaded.start(*arguments, "--store", str(store), limit=limit)

    return begin


def finish(process: Running) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=300)
    assert "Traceback" not in err
    assert "the fault is ours" not in err, err
    assert process.returncode is not None
    return process.returncode, out, err


@pytest.fixture(scope="module")
def first(jinxi: Path) -> Path:
    return jinxi


@pytest.fixture(scope="module")
def wanted(first: Path) -> tuple[str, dict[str, int]]:
    """What every whole run of the same inputs holds."""
    return contents(first)[1]


def contents(store: Path) -> dict[int, tuple[str, dict[str, int]]]:
    """Return of every run the hash of its account and how many rows it has in each table."""
    with Store(store) as connection:
        runs = [row[0] for row in connection.execute("SELECT run FROM run ORDER BY run").fetchall()]
        counts = {name: dict(connection.execute(f"SELECT run, count(*) FROM {name} GROUP BY run").fetchall()) for name in TABLES}
        assert all(set(of) == set(runs) for of in counts.values())
        return {run: (hash_account(connection, run, 0), {name: counts[name][run] for name in TABLES}) for run in runs}


def kill_somewhere(process: Running, store: Path, chance: random.Random, longest: float) -> None:
    """Kill a program: every other time at any moment of its life, else close to when it writes."""
    begun = time.monotonic()
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, longest))
    else:
        before = store.stat().st_mtime_ns if store.exists() else 0
        log = store.with_name(f"{store.name}.wal")
        while process.poll() is None and time.monotonic() < begun + 60:
            if log.exists() or (store.exists() and store.stat().st_mtime_ns != before):
                time.sleep(chance.uniform(0, 0.05))
                break
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_killed_run_leaves_whole_runs_only(tmp_path: Path, wanted: tuple[str, dict[str, int]], start: Start) -> None:
    store = tmp_path / "folder" / "gep.duckdb"  # the store itself is made by a program that may be killed
    chance = random.Random(20)
    for _ in range(POINTS):
        kill_somewhere(start("run", JINXI, store=store), store, chance, 2.0)
        if store.exists():
            assert all(one == wanted for one in contents(store).values())
    code, _, err = finish(start("run", JINXI, store=store))
    assert code == 0, err
    found = contents(store)
    assert found
    assert all(one == wanted for one in found.values())


def test_a_killed_approval_is_whole_or_nothing(
    tmp_path: Path, first: Path, wanted: tuple[str, dict[str, int]], start: Start
) -> None:
    store = Path(shutil.copy(first, tmp_path / "gep.duckdb"))
    with open_to_write(store) as connection:
        digest = sign(connection, find_account(connection, "361027", 2022, None), "submitted", "张三").account_sha256
    chance = random.Random(21)
    for _ in range(POINTS):
        one = Path(shutil.copy(store, tmp_path / "one.duckdb"))
        kill_somewhere(start("approve", "361027", "2022", "--by", "李四", "--note", "ok", store=one), one, chance, 1.5)
        assert list(contents(one).values()) == [wanted]
        with Store(one) as connection:
            events = connection.execute("SELECT kind, account_sha256 FROM event ORDER BY event").fetchall()
        assert events in ([("submitted", digest)], [("submitted", digest), ("approved", digest)])
        if len(events) == 1:
            code, _, err = finish(start("approve", "361027", "2022", "--by", "李四", "--note", "ok", store=one))
            assert code == 0, err
        with Store(one) as connection:
            assert connection.execute("SELECT state FROM account_state").fetchall() == [("approved",)]
        for left in tmp_path.glob("one.duckdb*"):
            left.unlink()


def test_a_killed_new_leaves_no_half_workbook(tmp_path: Path, loaded: Loaded) -> None:
    target = tmp_path / "forms" / "360725-2023.xlsx"
    call = ("new", "崇义县", "2023", "-o")
    chance = random.Random(24)
    for _ in range(POINTS):
        process = loaded.start(*call, str(target))
        time.sleep(chance.uniform(0, 1.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert [one for one in target.parent.glob("[!.]*") if one != target] == []
        if target.exists():
            assert openpyxl.load_workbook(target).sheetnames
            target.unlink()
    code, said, _ = finish(loaded.start(*call, str(target)))
    assert code == 0
    assert said.strip() == str(target)
    assert openpyxl.load_workbook(target).sheetnames
    code, _, errors = finish(loaded.start(*call, str(target.with_name("other.xlsx")), limit=3000))
    assert code == 2
    assert "the workbook cannot be written" in errors
    assert "File too large" in errors
    assert not target.with_name("other.xlsx").exists()


def test_many_runs_at_once_on_a_store_that_is_not_there_yet(
    tmp_path: Path, wanted: tuple[str, dict[str, int]], start: Start
) -> None:
    store = tmp_path / "gep.duckdb"
    many = tries(4, 8)
    begun = time.monotonic()
    processes = [start("run", JINXI, "--format", "json", store=store) for _ in range(many)]
    runs = []
    for process in processes:
        code, out, err = finish(process)
        if code:
            assert "has held the store for" in err
            assert err.count("\n") <= 4
        else:
            shown = json.loads(out)
            assert shown["accounts"][0]["run"] == shown["run"]
            runs.append(shown["run"])
    assert time.monotonic() - begun < many * 30 + WAIT
    assert len(runs) >= 1
    found = contents(store)
    assert sorted(runs) == sorted(found)  # nothing that was said to be stored is lost, nothing else is there
    assert all(one == wanted for one in found.values())
    assert list(tmp_path.glob(".*")) == []


def test_a_reader_sees_whole_runs_while_writers_write(
    tmp_path: Path, first: Path, wanted: tuple[str, dict[str, int]], start: Start
) -> None:
    store = Path(shutil.copy(first, tmp_path / "gep.duckdb"))
    reader = (
        "import sys, time; sys.path[:0] = ['tests', 'tests/shared', 'tests/store']\n"
        "from pathlib import Path; from test_robust import contents\n"
        "seen, until = set(), time.monotonic() + 300\n"
        "while not Path(sys.argv[2]).exists() and time.monotonic() < until:\n"
        "    found = contents(Path(sys.argv[1])); assert len({str(one) for one in found.values()}) == 1\n"
        "    print(end='' if seen else 'reading\\n', flush=True); seen.add(len(found))\n"
        "print(max(seen), len(seen))"
    )
    done = tmp_path / "done"
    reading_process = subprocess.Popen(
        [sys.executable, "-c", reader, str(store), str(done)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reading_process.stdout is not None
    assert reading_process.stdout.readline() == "reading\n"
    writers = [start("run", JINXI, store=store) for _ in range(2)]
    results = [finish(process) for process in writers]
    assert [code for code, _, _ in results] == [0, 0], results
    done.touch()
    out, err = reading_process.communicate(timeout=300)
    assert reading_process.returncode == 0, err
    assert 1 <= int(out.split()[0]) <= 3
    assert list(contents(store).values()) == [wanted] * 3


def test_of_several_approvals_at_once_one_holds(tmp_path: Path, first: Path, start: Start) -> None:
    store = Path(shutil.copy(first, tmp_path / "gep.duckdb"))
    with open_to_write(store) as connection:
        sign(connection, find_account(connection, "361027", 2022, None), "submitted", "张三")
    processes = [start("approve", "361027", "2022", "--by", f"李{one}", "--note", "ok", store=store) for one in range(4)]
    results = [finish(process) for process in processes]
    assert sorted(code for code, _, _ in results) == [0, 2, 2, 2]
    assert sum("is approved and cannot be approved" in err for _, _, err in results) == 3
    with Store(store) as connection:
        assert connection.execute("SELECT count(*) FROM event WHERE kind = 'approved'").fetchall() == [(1,)]


@pytest.mark.parametrize("limit", [1_000_000, 3_100_000])
def test_a_disk_that_fills_up_while_storing(
    tmp_path: Path, first: Path, wanted: tuple[str, dict[str, int]], limit: int, start: Start
) -> None:
    """The most bytes a file may have stand for the disk: at any of these the store's own files cannot grow."""
    store = tmp_path / "gep.duckdb"
    if limit > first.stat().st_size // 3:
        shutil.copy(first, store)
    before = contents(store) if store.exists() else {}
    code, _, err = finish(start("run", JINXI, store=store, limit=limit))
    if code:
        assert code == 2
        said = [line for line in err.splitlines() if not line.startswith("gep: ")]
        assert "File too large" in said[0]
        assert len(said) == 3
    else:
        before = {**before, max(before, default=0) + 1: wanted}
    assert (contents(store) if store.exists() else {}) == before
    assert list(tmp_path.glob(".*")) == []
    assert finish(start("run", JINXI, store=store))[0] == 0
    assert all(one == wanted for one in contents(store).values())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A disk of a stated size, or read-only; only root may have one."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def remount(options: str) -> Path:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False, capture_output=True)
        if mounted.returncode:
            pytest.skip("only root can mount a small disk")
        return folder

    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    yield remount
    subprocess.run(["umount", str(folder)], check=False, capture_output=True)


def test_a_small_disk(small_disk: Callable[[str], Path], wanted: tuple[str, dict[str, int]], start: Start) -> None:
    store = small_disk("size=3500k") / "gep.duckdb"
    codes = []
    for _ in range(4):
        code, _, err = finish(start("run", JINXI, store=store))
        codes.append(code)
        if code:
            assert "No space left on device" in err
            assert "nothing was stored" in err
        if store.exists():
            assert all(one == wanted for one in contents(store).values())
            assert len(contents(store)) == codes.count(0)
    assert 2 in codes
    subprocess.run(["mount", "-o", "remount,size=30m", str(store.parent)], check=True)
    assert finish(start("run", JINXI, store=store))[0] == 0
    assert len(contents(store)) == codes.count(0) + 1


def test_a_read_only_disk(small_disk: Callable[[str], Path], first: Path, gep: Program) -> None:
    folder = small_disk("size=30m")
    store = Path(shutil.copy(first, folder / "gep.duckdb"))
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    assert "66.2062" in gep("list", "--store", str(store), "--lang", "zh").stdout
    for arguments, place in (
        (("run", JINXI), store),
        (("run", JINXI), folder / "new.duckdb"),
        (("submit", "361027", "2022", "--by", "张三"), store),
    ):
        err = gep(*arguments, "--store", str(place), code=2).stderr
        assert "Read-only file system" in err
        assert "1 problem; nothing was stored" in err


def test_places_that_cannot_be_written_get_one_sentence(tmp_path: Path, gep: Program) -> None:
    file = tmp_path / "file"
    file.write_text("a file", "utf-8")
    for place, said in (
        (file / "below" / "gep.duckdb", "the store cannot be made"),
        (Path("/proc/gep.duckdb"), "the store cannot be made"),
        (tmp_path, "this is a folder"),
        (file, "the file is not a store of this program"),
    ):
        err = gep("run", JINXI, "--store", str(place), code=2).stderr
        assert said in err
        assert "1 problem; nothing was stored" in err
    assert file.read_text("utf-8") == "a file"


def test_an_empty_file_is_no_store(tmp_path: Path, gep: Program) -> None:
    store = tmp_path / "gep.duckdb"
    store.touch()
    assert "not a store of this program" in gep("list", "--store", str(store), code=2).stderr
    assert "the file is empty" in gep("run", JINXI, "--store", str(store), code=2).stderr


def test_a_store_cut_short_gets_one_sentence(tmp_path: Path, first: Path, start: Start) -> None:
    content = first.read_bytes()
    chance = random.Random(22)
    for _ in range(6):
        store = tmp_path / "gep.duckdb"
        store.write_bytes(content[: chance.randrange(1, len(content) - 1)])
        code, _, err = finish(start("list", store=store))
        assert code in {0, 2}
        if code:
            assert "1 problem" in err


def test_a_program_that_waits_is_let_in(tmp_path: Path, first: Path, start: Start) -> None:
    """A writer waits for a reader that takes its time, up to the stated bound."""
    store = Path(shutil.copy(first, tmp_path / "gep.duckdb"))
    ready, leave = threading.Event(), threading.Event()

    def read() -> None:
        with Store(store) as connection:
            connection.execute("SELECT 1").fetchall()
            ready.set()
            leave.wait(20)

    reader = threading.Thread(target=read)
    reader.start()
    ready.wait(20)
    process = start("submit", "361027", "2022", "--by", "张三", store=store)
    time.sleep(1.5)
    waiting = process.poll() is None
    leave.set()
    reader.join()
    code, _, err = finish(process)
    assert waiting
    assert code == 0, err
