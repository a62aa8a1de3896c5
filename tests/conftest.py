"""Shared places of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"


@pytest.fixture
def gep(tmp_path: Path):
    """Run the real program in a real process, from the project's root, with a store of its own."""

    def run(*arguments: str, code: int = 0, lang: str | None = None) -> subprocess.CompletedProcess[str]:
        del lang
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

    run.store = str(tmp_path / "gep.duckdb")
    return run
