"""What a command loads before it answers: a process of its own that lists its modules. Times stand in `make bench`."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from gep.cli import COMMANDS

pytestmark = pytest.mark.process

HEAVY = {
    "pandas",
    "numpy",
    "pyarrow",
    "duckdb",
    "pint",
    "pydantic",
    "yaml",
    "openpyxl",
    "xlsxwriter",
    "jinja2",
    "weasyprint",
    "matplotlib",
}
HEAVY |= {"rasterio", "shapely", "pyogrio", "pyproj", "dask", "docx", "PIL", "fontTools", "uharfbuzz"}
INPUTS = Path(__file__).parents[2] / "inputs" / "361027-2022"
LISTED = """
import json, sys
from gep.cli import main
try:
    main(sys.argv[1:], prog_name="gep")
finally:
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""


def loaded(*arguments: str, cwd: Path | None = None) -> set[str]:
    """Return the heavy libraries that a command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", LISTED, *arguments], capture_output=True, text=True, encoding="utf-8", check=True, cwd=cwd
    )
    return HEAVY & set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "--help"], ["show", "--help"], ["compensate", "--help"], ["report", "--help"]]
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded(*arguments) == set()


def test_a_county_is_run_and_shown_without_what_it_does_not_need(tmp_path: Path) -> None:
    store = ["--store", str(tmp_path / "gep.duckdb")]
    run = loaded("run", str(INPUTS), "--price-year", "2020", *store, "--lang", "zh")
    assert run <= {"pandas", "numpy", "pyarrow", "duckdb", "pydantic", "yaml"}, (
        "units that stand in gep/units/table.json need no pint"
    )
    shown = {"duckdb", "pyarrow", "numpy", "pydantic", "yaml"}
    assert loaded("show", "361027", "2022", *store, "--lang", "zh") <= shown
    assert loaded("list", *store, "--lang", "zh") <= shown
    assert loaded("history", "361027", "2022", *store) <= shown


def test_the_list_of_commands_says_what_each_command_says_of_itself() -> None:
    for name, (place, words) in COMMANDS.items():
        file, _, of = place.partition(":")
        command = getattr(import_module(f"gep.commands.{file}"), of)
        assert words == " ".join(inspect.cleandoc(command.help).split("\n\n")[0].split()), name


ENDS = """
import atexit, sys
from gep.__main__ import main
atexit.register(print, "the last word")
main()
"""
"""The program, with something to be done when it ends."""


def test_a_command_ends_whole_and_leaves_no_word_about_what_it_did_not_tidy_up(jinxi: Path) -> None:
    asked = ("show", "361027", "2022", "--store", str(jinxi), "--lang", "en")
    done = subprocess.run([sys.executable, "-c", ENDS, *asked], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.startswith("Jinxi 361027")
    assert done.stdout.endswith("the last word\n")
    assert done.stderr == ""
    asked = ("show", "361027", "1999", "--store", str(jinxi), "--lang", "en")
    done = subprocess.run([sys.executable, "-c", ENDS, *asked], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (2, "the last word\n")
    assert done.stderr.startswith("COUNTY: there is no account of 361027 1999")
