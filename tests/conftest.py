"""Shared places of the tests, and the program: in the test's own process, or as a process where that is what is tested."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from gep.cli import main

os.environ["GEP_LANG"] = "en"  # whatever the language of the terminal that runs the tests

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"


class Program:
    """`gep` from the project's root, with a store of its own; never a traceback."""

    def __init__(self, store: str, *, process: bool = False) -> None:
        self.store = store
        self.process = process

    def __call__(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = self._started(arguments) if self.process else self._called(arguments)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    @staticmethod
    def _called(arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        """The command in this process: what it prints, and its exit code."""
        with chdir(ROOT):
            done = CliRunner().invoke(main, list(arguments), prog_name="gep", env={"COLUMNS": "80"})
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    @staticmethod
    def _started(arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        """The command in a process of its own."""
        environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80"}
        command = [sys.executable, "-m", "gep", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def gep(tmp_path: Path, request: pytest.FixtureRequest) -> Program:
    """The program; a test marked `process` starts a real one at each call."""
    return Program(str(tmp_path / "gep.duckdb"), process=request.node.get_closest_marker("process") is not None)
