"""A run is in the file itself once it was committed; a log that is left over is read whole, and one that is not whole is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Program

from gep.store.log import find_log, is_whole

LEFT_OVER = """
import duckdb, os, sys
store = duckdb.connect(sys.argv[1])
store.execute("PRAGMA disable_checkpoint_on_shutdown")
for reason in ("one", "two"):
    store.execute("BEGIN")
    store.execute("UPDATE run SET reason = ?", [reason])
    store.execute("COMMIT")
os._exit(0)
"""


@pytest.fixture
def left(jinxi: Path, tmp_path: Path) -> Path:
    """A store and the log of two transactions, as a program that was killed leaves them."""
    store = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    subprocess.run([sys.executable, "-c", LEFT_OVER, str(store)], check=True)
    assert find_log(store).stat().st_size > 0
    return store


def reason(store: Path, code: int = 0) -> str:
    done = Program("")("query", "SELECT reason FROM run", "--format", "json", "--store", str(store), code=code)
    return done.stdout + done.stderr


def test_a_log_that_is_whole_is_read(left: Path) -> None:
    assert "two" in reason(left)


def test_a_log_that_is_cut_anywhere_is_told_and_kept(left: Path) -> None:
    log = find_log(left)
    whole = log.read_bytes()
    first = next(at for at in range(1, len(whole)) if is_whole(whole[:at]))
    ends = [at for at in range(1, len(whole)) if is_whole(whole[:at])]
    assert len(ends) == 2, "only after the header and after the first transaction it is whole"
    for at in (first - 1, first + 1, len(whole) // 2, len(whole) - 1):
        log.write_bytes(whole[:at])
        assert "log of the store is damaged" in reason(left, 2)
        Program("")("submit", "361027", "2022", "--by", "a", "--store", str(left), code=2)
        assert log.read_bytes() == whole[:at], "what there is of the log is kept"
    for at in range(0, len(whole), 97):
        spoilt = bytearray(whole)
        spoilt[at] ^= 1
        log.write_bytes(spoilt)
        assert "the log of the store" in reason(left, 2)


def test_a_log_without_its_store_is_told(left: Path) -> None:
    left.unlink()
    said = Program("")("run", "inputs/361027-2022", "--store", str(left), code=2).stderr
    assert "the store itself is missing" in said
    assert not left.exists()


def test_a_stored_run_needs_no_log(tmp_path: Path) -> None:
    store = tmp_path / "gep.duckdb"
    killed = (
        "import os, gep.store.store as s\n"
        "from gep.tasks.run import run_account\n"
        "from pathlib import Path\n"
        "account = run_account([Path('inputs/361027-2022')])\n"
        f"with s.Store({str(store)!r}).changing() as opened:\n"
        "    pass\n"
        f"s.Store({str(store)!r}).save(account)\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", killed], cwd=ROOT, env=os.environ, check=False)
    assert done.returncode == 9
    find_log(store).unlink(missing_ok=True)
    assert "361027" in Program("")("list", "--store", str(store)).stdout
