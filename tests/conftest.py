"""Shared places of the tests, and the program: in the test's own process, or as a process where that is what is tested."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings
from kept_stores import GRIDS, JINXI, make_hostile, make_once, make_store, make_two_years

from gep.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forked_programs import Loaded
    from platform_site import Platform

os.environ["GEP_LANG"] = "en"  # whatever the language of the terminal that runs the tests

settings.register_profile(
    "tests",
    deadline=None,  # the machine has other work to do
    derandomize=bool(os.environ.get("CI")),  # CI fails for what changed, not by chance
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("tests")

LONG = os.environ.get("GEP_LONG") == "1"
"""Whether chance is given many tries, as `make test-all` does; `make test` gives it as many as have found faults."""

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"


LONGEST = {"test_beside.py", "test_kill.py", "test_browser_pages.py"}
"""Files with single tests of a minute: they go first, so that no worker waits for them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first; the others stay in their order."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """Keep what the whole run needs out of garbage collection: all tests and modules, half a million objects, else walked each time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let go of it, so that libraries that count what they lent out have nothing to complain of behind the summary."""
    gc.unfreeze()


def tries(few: int, many: int) -> int:
    """How often something random is tried: a few times in `make test`, many times in `make test-all`."""
    return many if LONG else few


class Program:
    """`gep` from the project's root, with a store of its own; never a traceback."""

    def __init__(self, store: str, *, process: bool = False) -> None:
        self.store = store
        self.process = process

    def try_out(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What a call prints and ends with, whatever that is."""
        return self._called(arguments)

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


@pytest.fixture(scope="session")
def loaded() -> Iterator[Loaded]:
    """The process that has loaded the program; it begins commands as copies of itself."""
    from forked_programs import Loaded

    made = Loaded()
    yield made
    made.close()


@pytest.fixture(scope="session")
def jinxi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the account of 361027 金溪县 2022, to read."""
    return make_once(tmp_path_factory, "jinxi", make_store(JINXI)) / "gep.duckdb"


@pytest.fixture(scope="session")
def jinxi_2020(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with constant prices of 2020, to read."""
    return make_once(tmp_path_factory, "jinxi-2020", make_store(JINXI, 2020)) / "gep.duckdb"


@pytest.fixture(scope="session")
def grids(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the accounts of the hundred counties of Jiangxi 2019 from grids, to read."""
    return make_once(tmp_path_factory, "grids", make_store(GRIDS)) / "gep.duckdb"


@pytest.fixture(scope="session")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with 361027 in 2021 and 2022, to read."""
    return make_once(tmp_path_factory, "two-years", make_two_years) / "gep.duckdb"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a reserve in 2021 and 2022 whose names and sources are as long as anybody writes them, to read."""
    return make_once(tmp_path_factory, "hostile", make_hostile) / "gep.duckdb"


@pytest.fixture(scope="session")
def kept_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of 361027 in 2022 and the people of a platform beside it; nobody writes to it."""
    from platform_site import make_site

    store = make_once(tmp_path_factory, "jinxi", make_store(JINXI)) / "gep.duckdb"
    return make_once(tmp_path_factory, "platform", lambda folder: make_site(store, folder))


@pytest.fixture
def platform(kept_site: Path, tmp_path: Path) -> Iterator[Platform]:
    """A platform of one's own, to write to."""
    from platform_site import Platform

    for file in kept_site.glob("gep.*"):
        shutil.copy(file, tmp_path)
    made = Platform(tmp_path / "gep.duckdb")
    yield made
    made.close()
