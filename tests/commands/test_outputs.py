"""Every command with an output: nothing of others is written over, whatever stands there; what this command made may be made anew."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click
import numpy as np
import pytest
import shapely
from conftest import ROOT, Program
from kept_stores import copy_once
from routed import make_landscape
from spaces import write_crosswalk, write_days, write_raster, write_zones

from gep.cli import COMMANDS, main
from gep.commands.outputs import OUTPUTS
from gep.files.written import is_own, note_written

EXAMPLE = ROOT / "inputs" / "jiangxi-transfers-example"
SPACE = ("--land-cover", "{folder}/land.tif", "--zones", "{folder}/zones.gpkg", "--classes", "{folder}/classes.csv")
DRIVERS = ("--driver", "precipitation[mm/yr]={folder}/rain.tif", "--driver", "evapotranspiration[mm/yr]={folder}/evaporation.tif")
ROUTED = (
    *(
        part
        for option, name in {
            "--dem": "dem.tif",
            "--land-cover": "land.tif",
            "--zones": "zones.gpkg",
            "--classes": "classes.csv",
            "--table": "table.csv",
        }.items()
        for part in (option, "{folder}/routed/" + name)
    ),
    "--year",
    "2022",
    "--streams",
    "25",
)
CALLS = {
    "new": (("361027", "2024", "-o", "{target}"), "out.xlsx"),
    "check": (("{folder}/form.xlsx", "--write-back", "-o", "{folder}/out"), "out/form.xlsx"),
    "run": (("inputs/361027-2022", "--store", "{folder}/own.duckdb", "--report", "{target}"), "out.json"),
    "trace": (("361027", "2022", "--store", "{store}", "-o", "{target}"), "out.txt"),
    "report": (("361027", "2022", "--store", "{store}", "-o", "{target}"), "out.json"),
    "certificate": (("361027", "2022", "--store", "{store}", "-o", "{target}"), "out.json"),
    "compensate": (
        ("jx-kefz", "2023", "--inputs", str(EXAMPLE / "kefz.csv"), "--store", "{store}", "--format", "xlsx", "-o", "{target}"),
        "out.xlsx",
    ),
    "transfers": (("--all", "--excel", "{target}", "--store", "{store}"), "out.xlsx"),
    "uncertainty": (("361027", "2022", "--draws", "100", "--store", "{store}", "--report", "{target}"), "out.html"),
    "scenario": (("361027", "2022", "{folder}/what.yaml", "--store", "{store}", "--report", "{target}"), "out.html"),
    "extract": ((*SPACE, "--year", "2022", "-o", "{target}"), "out.csv"),
    "map": (
        (*SPACE, "--year", "2022", "--service", "water_conservation", *DRIVERS, "--no-pictures", "-o", "{folder}/out"),
        "out/zonal_sums.csv",
    ),
    "terrain": (("{folder}/dem.tif", "-o", "{target}"), "out.tif"),
    "transitions": (
        (
            "--opening",
            "{folder}/land.tif",
            "--closing",
            "{folder}/later.tif",
            "--years",
            "2020",
            "2022",
            *SPACE[2:],
            "--no-pictures",
            "-o",
            "{folder}/out",
        ),
        "out/extent.csv",
    ),
    "cover": ((*SPACE[:2], "--vegetation", "{folder}/sand.tif[%]", *SPACE[4:], "--year", "2022", "-o", "{target}"), "out.tif"),
    "sediment": (
        (*ROUTED, "--erosivity", "{folder}/routed/R.tif", "--erodibility", "{folder}/routed/K.tif", "-o", "{folder}/out"),
        "out/inputs.csv",
    ),
    "nutrients": ((*ROUTED, "--runoff", "{folder}/routed/P.tif", "--nutrient", "p", "-o", "{folder}/out"), "out/inputs.csv"),
    "erosivity": (("--rain", "{folder}/days.tif", "--years", "2022", "2022", "-o", "{target}"), "out.tif"),
    "erodibility": (
        (
            *(part for name in ("sand", "silt", "clay", "carbon") for part in (f"--{name}", "{folder}/" + name + ".tif[%]")),
            "-o",
            "{target}",
        ),
        "out.tif",
    ),
}
"""Command → a call of it, and the file it writes."""
WHAT_IF = "title: 少雨\nauthor: 王五\nbasis: 试算\nchanges:\n- {variable: precipitation, factor: 0.9}\n"
IN_FOLDERS = {"check", "map", "transitions", "sediment", "nutrients"}


def make_inputs(jinxi: Path, folder: Path) -> None:
    """Put into a folder what the calls read."""
    shutil.copy(jinxi, folder / "store.duckdb")
    (folder / "what.yaml").write_text(WHAT_IF, "utf-8")
    write_raster(folder / "land.tif", np.array([[1, 1], [2, 2]], dtype=np.uint8), nodata=255)
    for name, mm in (("rain", 1500), ("evaporation", 700)):
        write_raster(folder / f"{name}.tif", np.full((2, 2), mm, dtype=np.float32))
    write_raster(folder / "later.tif", np.array([[1, 2], [2, 2]], dtype=np.uint8), nodata=255)
    write_days(folder / "days.tif", np.full((365, 2, 2), 20, dtype=np.float32))
    for name, share in (("sand", 40), ("silt", 35), ("clay", 25), ("carbon", 1.2)):
        write_raster(folder / f"{name}.tif", np.full((2, 2), share, dtype=np.float32), nodata=-1)
    write_crosswalk(folder / "classes.csv", {1: "evergreen_broadleaf_forest", 2: "tussock"})
    write_raster(folder / "dem.tif", np.arange(64, dtype=np.float32).reshape(8, 8), nodata=-9999, step=30)
    write_zones(folder / "zones.gpkg", {"360725": shapely.box(0, -2000, 2000, 0)})
    make_landscape(folder / "routed", "rugged")
    Program("")("new", "361027", "2024", "-o", str(folder / "form.xlsx"))


@pytest.fixture
def folder(jinxi: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of its own of what the calls read."""
    return copy_once(tmp_path_factory, "outputs", lambda folder: make_inputs(jinxi, folder), tmp_path / "given")


def call(command: str, folder: Path, *more: str, code: int = 0) -> str:
    """Call a command with its output, and return what it says."""
    arguments, name = CALLS[command]
    places = {"folder": folder, "store": folder / "store.duckdb", "target": folder / name}
    given = arguments[:-2] if more[:1] == ("-o",) else arguments  # an option stands once
    return Program("")(command, *(one.format(**places) for one in given), *more, code=code).stderr


def test_every_command_with_an_output_is_tried_and_has_force() -> None:
    found = set()
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        options = {one.name: one for one in command.params if isinstance(one, click.Option)}
        writes = {name for name, one in options.items() if "-o" in one.opts or "--output" in one.opts}
        assert writes <= set(OUTPUTS), name
        if set(options) & set(OUTPUTS):
            assert "force" in options, name
            found.add(name)
    assert found == set(CALLS)


@pytest.mark.parametrize("command", CALLS)
def test_a_file_of_others_stays_unless_forced(command: str, folder: Path) -> None:
    target = folder / CALLS[command][1]
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(b"filled in by hand")
    said = call(command, folder, code=2)
    assert target.read_bytes() == b"filled in by hand"
    assert not (folder / "own.duckdb").exists(), "stored before the output was refused"
    if command != "check":  # a copy that is no workbook is refused for that
        assert "not made by this command" in said
        assert "--force" in said
    if command == "check":
        target.unlink()
    call(command, folder, "--force")
    made = target.read_bytes()
    assert made != b"filled in by hand"
    call(command, folder)
    if command not in IN_FOLDERS:
        target.write_bytes(made + b" ")
        assert "changed since" in call(command, folder, code=2)
        assert target.read_bytes() == made + b" "


@pytest.mark.parametrize("command", CALLS)
def test_a_store_an_input_and_a_pipe_stay_whatever_is_asked(command: str, folder: Path) -> None:
    target = folder / CALLS[command][1]
    target.parent.mkdir(exist_ok=True)
    for forced in ((), ("--force",)):
        shutil.copy(folder / "store.duckdb", target)
        before = target.read_bytes()
        said = call(command, folder, *forced, code=2)
        assert command == "check" or "a store is never written over" in said
        assert target.read_bytes() == before
        target.unlink()
        if command == "check":
            continue
        os.mkfifo(target)
        assert "special file" in call(command, folder, *forced, code=2)
        assert target.is_fifo()
        target.unlink()
        target.mkdir()
        call(command, folder, *forced, code=2)
        shutil.rmtree(target)


@pytest.mark.parametrize(
    ("command", "read", "option"),
    [
        ("extract", "classes.csv", "-o"),
        ("terrain", "dem.tif", "-o"),
        ("certificate", "store.duckdb", "-o"),
        ("trace", "store.duckdb", "-o"),
        ("check", "", "-o"),
    ],
)
def test_an_input_of_the_call_stays_by_any_of_its_names(command: str, read: str, option: str, folder: Path) -> None:
    source = folder / (read or "form.xlsx")
    before = source.read_bytes()
    os.link(source, folder / f"hard{source.suffix}")
    (folder / f"soft{source.suffix}").symlink_to(source)
    names = [folder] if command == "check" else [source, folder / f"hard{source.suffix}", folder / f"soft{source.suffix}"]
    for name in names:
        for forced in ((), ("--force",)):
            said = call(command, folder, option, str(name), *forced, code=2)
            assert "input of this command" in said or "a store stands there" in said or "other figures" in said
            assert source.read_bytes() == before


def test_a_log_of_a_store_and_names_of_the_system_are_no_outputs(folder: Path) -> None:
    log = folder / "store.duckdb.wal"
    log.write_bytes(b"log")
    asked = ("trace", "361027", "2022", "--store", str(folder / "store.duckdb"), "--force", "-o")
    shutil.copy(folder / "store.duckdb", folder / "other.duckdb")
    for name in (str(log), "/dev/null", "/dev/stdout", "/dev/gep-new", "/proc/gep-new"):
        Program("")(*asked, name, code=2)
        assert not Path("/dev/gep-new").exists()


def test_the_office_beside_a_store_and_its_logs_stay_whatever_is_asked(folder: Path) -> None:
    store = folder / "store.duckdb"
    Program("")("user", "add", "zs", "--role", "viewer", "--shown", "张三", "--store", str(store))
    office = folder / "store.office.sqlite"
    log = office.with_name(f"{office.name}-wal")
    log.touch()
    before = office.read_bytes()
    for target in (office, log):
        for command in (("certificate", "361027", "2022"), ("trace", "361027", "2022", "water_conservation")):
            Program("")(*command, "--store", str(store), "-o", str(target), "--force", code=2)
    assert office.read_bytes() == before
    assert "zs" in Program("")("user", "list", "--store", str(store)).stdout


def test_reports_of_all_counties_keep_what_others_put_in_their_folder(folder: Path) -> None:
    asked = ("report", "--all", "2022", "--store", str(folder / "store.duckdb"), "--format", "json", "-o", str(folder / "all"))
    target = folder / "all" / "361027-2022.json"
    target.parent.mkdir()
    target.write_bytes(b"mine")
    assert "--force" in Program("")(*asked, code=2).stderr
    assert target.read_bytes() == b"mine"
    Program("")(*asked, "--force")
    assert is_own(target, "report")
    Program("")(*asked)


def test_an_export_keeps_files_of_others_in_its_folders(folder: Path) -> None:
    asked = ("export", str(folder / "export"), "--store", str(folder / "store.duckdb"))
    Program("")(*asked)
    (folder / "export" / "gep_account" / "mine.txt").write_bytes(b"mine")
    Program("")(*asked, "--replace", code=2)
    assert (folder / "export" / "gep_account" / "mine.txt").read_bytes() == b"mine"


def test_outputs_that_would_destroy_each_other_are_refused_before_anything_is_made(folder: Path) -> None:
    store, new = folder / "store.duckdb", folder / "new.json"
    kefz = ("compensate", "jx-kefz", "2023", "--inputs", str(EXAMPLE / "kefz.csv"), "--store", str(store))
    table, other = str(folder / "table.pdf"), str(folder / "TABLE.pdf")
    gep = Program("")
    for call_, said in (
        ((*kefz, "--official", table, "--notices", other), "names the file that --official names too"),
        ((*kefz, "--format", "pdf", "-o", table, "--official", table), "names the file that"),
        ((*kefz, "--official", str(folder / "table.docx"), "--notices", str(folder / "notices.docx")), "notices are not written"),
        ((*kefz, "-o", table), "goes with --format"),
        (("run", "inputs/361027-2022", "--store", str(new), "--report", str(new)), "names the file that --store names too"),
        (("run", "inputs/361027-2022", "--store", str(new), "--report", str(folder / "r.wal")), "not written as .wal"),
        (("transfers", "--all", "--store", str(store), "--excel", table, "--export", table), "names the file that"),
        (("transfers", "--all", "--store", str(store), "--excel", "a.xlsx", "--export", "b.csv"), "exclude each other"),
    ):
        before = sorted(one.name for one in folder.iterdir())
        assert said in gep(*call_, code=2).stderr
        assert sorted(one.name for one in folder.iterdir()) == before, call_


def test_a_report_that_fails_beside_a_stored_run_does_not_say_that_nothing_was_stored(folder: Path) -> None:
    """The run stands; only its report could not be written."""
    (folder / "file").write_bytes(b"")
    run = ("run", "inputs/361027-2022", "--store", str(folder / "new.duckdb"), "--report", str(folder / "file" / "r.json"))
    assert "nothing was stored" not in Program("")(*run, code=2).stderr
    assert "361027" in Program("")("list", "--store", str(folder / "new.duckdb")).stdout


@pytest.mark.parametrize(("name", "begin"), [("t.html", "<!DOCTYPE html>"), ("t.JSON", "{"), ("t.txt", "总值")])
def test_a_trace_is_written_in_the_form_that_its_name_says(folder: Path, name: str, begin: str) -> None:
    asked = ("trace", "361027", "2022", "--lang", "zh", "--store", str(folder / "store.duckdb"), "-o", str(folder / name))
    Program("")(*asked)
    written = (folder / name).read_text("utf-8")
    assert written.startswith(begin) or begin in written.splitlines()[0]
    Program("")(*asked, "--format", "text")
    assert not (folder / name).read_text("utf-8").startswith(("<", "{"))


def test_without_a_cache_every_file_counts_as_somebodys_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEP_CACHE", "")
    call("trace", folder)
    assert "--force" in call("trace", folder, code=2)
    call("trace", folder, "--force")


def test_notes_of_files_that_were_written_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("gep.files.written.MOST", 20)
    monkeypatch.setattr("gep.files.written.COUNTED", "")  # before each note, whatever the names of this folder give
    file = tmp_path / "a"
    file.write_text("a")
    for at in range(300):
        note_written(file, tmp_path / str(at), "report")
    file.rename(tmp_path / "299")
    assert len(list((tmp_path / "cache").rglob("*.json"))) <= 21
    assert is_own(tmp_path / "299", "report")
