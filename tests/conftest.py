"""Shared places of the tests, and the real program run in a real process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

os.environ["GEP_LANG"] = "en"  # whatever the language of the terminal that runs the tests

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"


class Program:
    """`gep` from the project's root, with a store of its own; never a traceback."""

    def __init__(self, store: str) -> None:
        self.store = store

    def __call__(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80"}
        done = subprocess.run(
            [sys.executable, "-m", "gep", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done


@pytest.fixture
def gep(tmp_path: Path) -> Program:
    return Program(str(tmp_path / "gep.duckdb"))
