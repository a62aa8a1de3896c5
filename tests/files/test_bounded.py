"""No file, name or question makes exit 1, a traceback, a hang or a full memory: what cannot be read is refused with its place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from itertools import cycle
from pathlib import Path
from typing import Any, Protocol

import pytest
from conftest import ROOT, Program
from forked_programs import Loaded
from kept_stores import make_once
from openpyxl import load_workbook
from workbooks import ID, SOURCE, UNIT, VALUE

from gep.messages.table_layout import fit_table
from gep.paths import print_path

SLOW = """
import gep.cli, gep.tasks.check, time
gep.tasks.check.check_files = lambda *given: (print("!", flush=True), time.sleep(60))
gep.cli.main()
"""
"""The program, in the middle of something long."""
HEADER = "county,year,variable,value,unit,source\n"
ROW = "361027,2022,population,5,人,s\n"
STANDARD = "id: x\ntitle: {zh: a, en: b}\nsource: s\nmark: K\nservices: {}\n"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


class Limited(Protocol):
    """The program in a process that may not take more memory: its exit code, and what it printed with its errors."""

    def __call__(self, *arguments: str, megabytes: int = 2000, seconds: int = 60) -> tuple[int | None, str]: ...


@pytest.fixture
def limited(loaded: Loaded) -> Limited:
    def call(*arguments: str, megabytes: int = 2000, seconds: int = 60) -> tuple[int | None, str]:
        running = loaded.start(*arguments, memory=megabytes << 20)
        said = "".join(running.communicate(seconds))
        return running.returncode, said

    return call


def refused(*arguments: str) -> str:
    done = Program("")(*arguments, code=2)
    assert "fault is ours" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + ROW, "utf-8")
    return path


@pytest.fixture(scope="session")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty form, to read."""
    folder = make_once(
        tmp_path_factory, "empty-form", lambda folder: Program("")("new", "361027", "2024", "-o", str(folder / "form.xlsx"))
    )
    return folder / "form.xlsx"


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_pipes_devices_and_files_that_cannot_be_read_are_told_at_once(ending: str, table: Path) -> None:
    folder = table.parent
    os.mkfifo(folder / f"pipe.{ending}")
    (folder / f"zero.{ending}").symlink_to("/dev/zero")
    (folder / f"memory.{ending}").symlink_to("/proc/self/mem")
    (folder / f"nowhere.{ending}").symlink_to(folder / "gone")
    for name in ("pipe", "zero", "memory", "nowhere"):
        refused("check", str(folder / f"{name}.{ending}"))
        refused("run", str(folder / f"{name}.{ending}"), str(table), "--store", str(folder / "s.duckdb"))
    assert "special file" in refused("check", str(folder / f"pipe.{ending}"))
    refused("check", str(folder))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>', "merged ranges"),
        ("</sheetData>", '<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>', "a cell in row 1,048,576"),
        ("</sheetData>", '<row r="19999"><c r="XFD19999" s="1"><v>1</v></c></row></sheetData>', "one in column 16,384"),
    ],
)
def test_a_few_cells_that_stretch_over_a_sheet_are_refused(
    old: str, new: str, said: str, form: Path, tmp_path: Path, limited: Limited
) -> None:
    book = tmp_path / "vast.xlsx"
    with zipfile.ZipFile(form) as source, zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet2.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            target.writestr(name, content)
    for more in ((), ("--write-back",)) if said == "merged ranges" else ((),):
        code, told = limited("check", str(book), *more, "--lang", "en")
        assert code == 2, told[-300:]
        assert said in " ".join(told.split())


GHOSTS = [
    '<row r="1048576" ht="15"/>',
    '<row r="1048576"><c r="XFD1048576" s="1"/></row>',
    "".join(f'<row r="{at}"><c r="A{at}" s="1"/><c r="B{at}" s="1"></c></row>' for at in range(2000, 60_000)),
    '<row r="19999"><c r="XFD19999" s="1"/></row>',
]


def test_rows_with_a_format_and_nothing_in_them_are_read_over(form: Path, tmp_path: Path, limited: Limited) -> None:
    """The sheets have one after the other of them, so that each stands in several."""
    filled_form, book = tmp_path / "filled.xlsx", tmp_path / "ghosts.xlsx"
    filled = load_workbook(form)
    sheet: Any = filled["统计局"]
    row = next(row for row in range(1, sheet.max_row) if sheet.cell(row, ID).value == "population")
    sheet.cell(row, VALUE).value, sheet.cell(row, UNIT).value, sheet.cell(row, SOURCE).value = 51_234, "人", "年鉴"
    filled.save(filled_form)
    merged = b'<mergeCells count="1"><mergeCell ref="A1000:B1048576"/></mergeCells>'
    ghosts = cycle(GHOSTS)
    with zipfile.ZipFile(filled_form) as source, zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                end = b"</sheetData>" + (b"" if b"<mergeCells" in content else merged)
                content = content.replace(b"</sheetData>", next(ghosts).encode() + end)
            target.writestr(name, content)
    store = str(tmp_path / "s.duckdb")
    code, told = limited("run", str(book), "--store", store, megabytes=3000)  # a store maps 2.3 GB, and fills 0.25
    assert code == 0, told[-500:]
    assert "51,234" in limited("query", "select value from gep_input", "--store", store, megabytes=3000)[1]
    assert limited("check", str(book), "--write-back")[0] == 0


@pytest.mark.parametrize("form", ["xlsx", "docx", "html", "json"])
def test_a_disk_that_is_full_is_one_sentence(form: str, jinxi: Path, tmp_path: Path, loaded: Loaded) -> None:
    calls: list[tuple[str, ...]] = [("report", "361027", "2022", "--store", str(jinxi), "-o", str(tmp_path / f"r.{form}"))]
    calls += [("new", "361027", "2024", "-o", str(tmp_path / "n.xlsx"))] if form == "xlsx" else []
    for arguments in calls:
        running = loaded.start(*arguments, "--lang", "en", limit=4096)
        _, errors = running.communicate()
        assert running.returncode == 2
        assert "Traceback" not in errors
        assert "cannot be written: File too large" in errors
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--standard", "--store"])
def test_pipes_and_devices_as_standard_or_store(option: str, table: Path) -> None:
    os.mkfifo(table.parent / "pipe.yaml")
    (table.parent / "zero.yaml").symlink_to("/dev/zero")
    for name in ("pipe.yaml", "zero.yaml"):
        refused("run", str(table), "--store", str(table.parent / "s.duckdb"), option, str(table.parent / name))


@pytest.mark.parametrize(
    "more",
    [
        "number: 2023-02-30\n",
        "number: 2023-13-01\n",
        f"number: {'9' * 5000}\n",
        "number: 2023-02-03T25:00:00\n",
        LAUGHS,
        "number: " + "[" * 3000 + "\n",
        "? [a, b]\n: c\n",
        "number: !!python/object:os.system x\n",
        "number: !!timestamp x\n",
        "number: !!bool x\n",
        'number: !!int "x"\n',
        '? !!float "x"\n: c\n',
        "number: .inf\n",
    ],
)
def test_values_that_yaml_cannot_hold_are_refused_with_their_line(more: str, table: Path) -> None:
    own = table.parent / "own.yaml"
    own.write_text(STANDARD + more, "utf-8")
    begun = time.monotonic()
    said = refused("run", str(table), "--standard", str(own), "--store", str(table.parent / "s.duckdb"))
    assert str(own) in said
    assert time.monotonic() - begun < 20


def test_a_day_that_there_is_not_is_named_with_its_line(table: Path) -> None:
    own = table.parent / "own.yaml"
    own.write_text(STANDARD + "number: 2023-02-30\n", "utf-8")
    said = refused("run", str(table), "--standard", str(own), "--store", str(table.parent / "s.duckdb"))
    assert "own.yaml:6: '2023-02-30' is no day of the calendar" in said


@pytest.mark.parametrize("written", ["!!timestamp x", "!!bool x", '!!int "x"', '!!float "x"'])
def test_a_value_that_is_not_what_its_tag_says_is_named_with_its_line(table: Path, written: str) -> None:
    own = table.parent / "own.yaml"
    own.write_text(f"{STANDARD}number: {written}\n", "utf-8")
    said = refused("run", str(table), "--standard", str(own), "--store", str(table.parent / "s.duckdb"))
    assert "own.yaml:6: 'x' is no day of the calendar and no number" in said


@pytest.mark.parametrize("unit", ["π**1e4 ‰", "‰**99", "km**99", "1e99 t", "°" * 90, "m**-99", "人" * 5000])
def test_units_beyond_numbers_are_refused_or_read(unit: str, table: Path) -> None:
    table.write_text(HEADER + f"361027,2022,nature_share,0.5,{unit},s\n", "utf-8")
    assert "nature_share" in refused("check", str(table))


@pytest.mark.process
def test_names_in_other_bytes_than_utf_8(table: Path) -> None:
    name = os.fsdecode(b"\xbd\xf0.csv")
    assert print_path(Path(name)) == "金.csv"
    other = table.parent / name
    other.write_text(HEADER + ROW.replace("5", "many"), "utf-8")
    for arguments in (("check", str(other)), ("check", str(table.parent))):
        said = subprocess.run(
            [sys.executable, "-m", "gep", *arguments, "--lang", "en"], cwd=ROOT, capture_output=True, check=False
        ).stdout.decode("utf-8")
        assert "金.csv" in "".join(said.split())  # a long path is broken anywhere
    store = os.fsdecode(bytes(table.parent) + b"/\xbd\xf0.duckdb")
    for command in (["run", str(table)], ["list"]):
        done = subprocess.run(
            [sys.executable, "-m", "gep", *command, "--store", store], cwd=ROOT, capture_output=True, check=False
        )
        assert done.returncode == 2


def test_names_too_long(table: Path) -> None:
    long = "/".join(["d" * 200] * 25)
    for arguments in (
        ("list", "--store", f"{long}/s.duckdb"),
        ("run", str(table), "--store", f"{long}/s.duckdb"),
        ("check", f"{long}.csv"),
        ("run", str(table), "--standard", f"{'d' * 300}.yaml", "--store", str(table.parent / "s.duckdb")),
        ("new", "361027", "2024", "-o", f"{long}.xlsx"),
        ("verify", f"{long}.json"),
        ("list", "--store", "a\x00b"),
    ):
        refused(*arguments)


@pytest.mark.parametrize(
    "question",
    [
        "SELECT repeat('x', 1000000) FROM range(20000)",
        "SELECT repeat('x', 2000000000)",
        "SELECT range(500000000)",
        "SELECT string_agg(repeat('x', 1000000), '') FROM range(5000)",
        "SELECT a.range FROM range(100000) a, range(100000) b ORDER BY random()",
    ],
)
def test_answers_that_no_memory_holds_are_refused(question: str, jinxi: Path, limited: Limited) -> None:
    code, told = limited("query", question, "--store", str(jinxi))
    assert code == 2, told[-500:]
    assert "Traceback" not in told


def test_long_texts_without_a_space_are_laid_out_at_once() -> None:
    begun = time.monotonic()
    for text in ("x" * 200_000, "金" * 200_000, "a金" * 100_000):
        lines = list(fit_table(["note", "b"], [[text, "c"], ["d", "e"]], 80))
        assert "".join(line.strip() for line in lines if "note" not in line).count(text[0]) >= 100_000 - 80
    assert time.monotonic() - begun < 10


def test_a_flipped_bit_in_a_store_is_no_fault_of_ours(jinxi: Path, tmp_path: Path) -> None:
    whole = jinxi.read_bytes()
    store = tmp_path / "spoilt.duckdb"
    for at in range(5000, len(whole), len(whole) // 9):
        spoilt = bytearray(whole)
        spoilt[at] ^= 8
        store.write_bytes(spoilt)
        for arguments in (("list",), ("trace", "361027", "2022")):
            done = Program("").try_out(*arguments, "--store", str(store))
            assert done.returncode in {0, 2}, (at, done.stderr)


DEEP = {
    "check": ("deep.geojson", '{"a":' * 100_000),
    "standards check": ("deep.yaml", "a: " + "[" * 100_000),
    "scheme check": ("deep.yaml", "a: " + "{a: " * 50_000),
    "verify": ("deep.json", "[" * 100_000),
    "assets verify": ("deep.json", '{"a":' * 100_000),
}


@pytest.mark.parametrize("command", DEEP)
def test_files_nested_beyond_reading_are_told_at_once(command: str, tmp_path: Path) -> None:
    name, text = DEEP[command]
    (tmp_path / name).write_text(text, "utf-8")
    before = time.process_time()
    Program("")(*command.split(), str(tmp_path / name), code=2)
    assert time.process_time() - before < 5


@pytest.mark.parametrize("list_", ["[" * 100_000, "[]", "5", '{"files": 5}', '{"files": {"a": 1}}'])
def test_a_list_in_a_folder_of_reports_that_is_none_is_made_anew(jinxi: Path, tmp_path: Path, list_: str) -> None:
    (tmp_path / ".gep-reports.json").write_text(list_, "utf-8")
    asked = ("report", "--all", "2022", "--store", str(jinxi), "--format", "json", "-o", str(tmp_path))
    Program("")(*asked, code=2)
    Program("")(*asked, "--force")
    assert (tmp_path / "361027-2022.json").exists()


STOPPED = """
import sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
sys.argv = ["gep", "list", "--store", "none.duckdb"]
from gep.__main__ import main
main()
"""
"""The program, stopped when it comes to load a module."""


@pytest.mark.parametrize("module", ["click", "gep.messages.console", "gep.commands.accounts", "gep.store.store"])
def test_an_interrupt_while_the_program_is_loaded_shows_no_traceback(module: str) -> None:
    command = [sys.executable, "-c", STOPPED.format(module=module)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_is_told_and_is_no_fault(table: Path) -> None:
    command = [sys.executable, "-c", SLOW, "check", str(table), "--lang", "en"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as done:
        assert done.stdout is not None
        assert done.stdout.readline() == "!\n"
        done.send_signal(signal.SIGINT)
        _, said = done.communicate(timeout=30)
    assert done.returncode == 130
    assert said.strip() == "interrupted"
