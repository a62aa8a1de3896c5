"""Folders as offices hand them in: what is read, and what is named because it is not; files that are only partly there."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, Program

from gep.cli import main
from gep.compensation.facts import read_facts
from gep.inputs.hints import suggest_county
from gep.inputs.read import gather
from gep.messages.console import spare_narrow_consoles, write_plainly
from gep.messages.problems import Problems
from gep.reference.crosswalk import read_class_number, read_crosswalk
from gep.reference.regions import find, look_up_division, read_divisions
from gep.reference.retired import find_latest, read_retired
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE

HEADER = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
GDP = HEADER + "361027,2022,gdp,,,,100,亿元,统计公报,\n"
LEFT_OUT = {
    "能源局.ods": "save it as .xlsx",
    "模板.xltx": "save it as .xlsx",
    "文旅局.dat": "save it as CSV (comma delimited)",
    "会议纪要.txt": "name the columns, or move it out of the folder",
    "生态局.zip": "unpack it",
    "扫描.pdf": "save its figures in one of these formats, or move it out of the folder",
    "无扩展名": "save its figures in one of these formats, or move it out of the folder",
}
NOT_MEANT = (
    "~$水利局.xlsx",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    "gep.duckdb",
    "gep.duckdb.wal",
    "README.md",
    ".~lock.a.csv#",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "报送"
    made.mkdir()
    (made / "统计局.csv").write_text(GDP, "utf-8")
    return made


def test_everything_in_a_folder_is_read_or_named_with_what_to_do(folder: Path) -> None:
    for name in (*LEFT_OUT, *NOT_MEANT):
        (folder / name).write_bytes(b"x")
    for name in ("农业农村局/产值", "校验", ".git", "一/二/三/四/五"):
        (folder / name).mkdir(parents=True)
    (folder / "农业农村局/产值/表.csv").write_text(GDP.replace("gdp", "population").replace("亿元", "万人"), "utf-8")
    (folder / "链接").symlink_to(folder / "农业农村局")
    inputs, problems = gather([folder], COEFFICIENTS, APPLICABLE)
    hints = {Path(one.file).name: str(one.hint) for one in problems}
    assert hints == {**LEFT_OUT, **dict.fromkeys(("链接", "五"), "name this folder on the command line too, or move it")}
    assert len(inputs.rows) == 2
    assert [(one.grade, Path(one.problem.file).name) for one in inputs.findings] == [("D", "产值")]


def test_a_folder_with_a_file_that_is_not_read_ends_with_2(gep: Program, folder: Path) -> None:
    """Its path stands whole on one line, however long, so that it can be copied."""
    (folder / "水利局.et").write_bytes(b"x")
    deep = Path(shutil.copytree(folder, folder.with_name("年度核算报送" * 8)))
    for command in ("check", "run"):
        for path in (folder, deep):
            done = gep(command, str(path), "--store", gep.store, code=2)
            assert str(path / "水利局.et") in done.stdout + done.stderr
    (folder / "水利局.et").unlink()
    gep("run", str(folder), "--store", gep.store)


def test_a_folder_of_facts_names_what_is_not_read(tmp_path: Path) -> None:
    text = "indicator,place,period,value,unit,status,source\nq,361027,2022,1,1,final,x\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert len(read_facts([tmp_path]).rows) == 1
    for name, said in (
        ("b.ods", r"b.ods: files in .ods are not read"),
        ("c.xlsx", r"c.xlsx: the file is damaged or is not a workbook"),
    ):
        (tmp_path / name).write_bytes(b"x")
        with pytest.raises(Problems, match=said):
            read_facts([tmp_path])
        (tmp_path / name).unlink()


def test_foreign_money_in_one_file_hides_nothing_on_the_same_line_of_another(gep: Program, tmp_path: Path) -> None:
    head = "county,year,variable,value,unit,source\n361027,2022,"
    (tmp_path / "a.csv").write_text(head + "gdp,5,USD,s\n", "utf-8")
    (tmp_path / "b.csv").write_text(head + "population,(112),人,s\n", "utf-8")
    said = gep("run", str(tmp_path), "--store", gep.store, code=2).stderr
    assert "a.csv:2: the unit is USD" in said
    assert "b.csv:2: value is '(112)'" in said


@pytest.mark.parametrize("damaged", ["", HEADER, HEADER + "\n,,,,,,,,,\n", HEADER + '361027,2022,"gdp', HEADER + "361027,2022\n"])
def test_a_file_cut_short_is_refused_by_name_beside_whole_ones(gep: Program, folder: Path, damaged: str) -> None:
    (folder / "坏.csv").write_text(damaged, "utf-8")
    done = gep("run", str(folder), "--store", gep.store, code=2)
    assert "坏.csv" in done.stderr
    assert "fault is ours" not in done.stderr
    alone = gep("run", str(folder / "坏.csv"), "--store", gep.store, code=2)
    assert "坏.csv" in alone.stderr


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("what?.duckdb", "?"),
        ("why?/s.duckdb", "?"),
        ("a\\b.duckdb", "\\"),
        ("md:x", "md:"),
        (":memory:", ":memory:"),
        ("s3://a/b", "s3:"),
    ],
)
def test_what_the_engine_would_take_for_something_else_is_named(
    gep: Program, folder: Path, tmp_path: Path, name: str, mark: str
) -> None:
    store = name if mark.endswith(":") else str(tmp_path / name)
    for command in (("run", str(folder)), ("show", "361027", "2022")):
        assert f"{mark} cannot stand in the path of a store" in gep(*command, "--store", store, code=2).stderr
    assert not (ROOT / store).exists()
    assert not (ROOT / store.partition("/")[0]).exists() or store.startswith("/")


def test_a_store_named_from_within_a_folder_that_no_store_can_lie_in_is_told_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    within = tmp_path / "what?"
    within.mkdir()
    monkeypatch.chdir(within)
    done = CliRunner().invoke(main, ["run", str(folder), "--store", "s.duckdb"])
    assert done.exit_code == 2
    assert "? cannot stand in the path of a store" in done.stderr
    assert "rename the folder" in done.stderr
    assert not list(within.iterdir())
    assert CliRunner().invoke(main, ["run", str(folder), "--store", str(tmp_path / "s.duckdb")]).exit_code == 0


@pytest.mark.parametrize("name", [".水利局.csv", ".水利局.XLSX"])
def test_a_hidden_table_is_named(gep: Program, folder: Path, name: str) -> None:
    (folder / name).write_text("county,year,variable,value,unit,source\n361027,2022,storm_rainfall,50,mm,公报\n")
    said = gep("run", str(folder), "--store", gep.store, code=2).stderr
    assert f"{name}: the file is hidden and not read" in said
    (folder / name).rename(folder / "水利局.csv")
    gep("run", str(folder), "--store", gep.store)


def test_a_table_called_readme_is_read(gep: Program, folder: Path) -> None:
    (folder / "README.csv").write_text("county,year,variable,value,unit,source\n361027,2022,storm_rainfall,50,mm,公报\n")
    gep("run", str(folder), "--store", gep.store)
    assert "README.csv" in gep("query", "SELECT address FROM gep_input", "--store", gep.store).stdout


def test_a_link_to_nothing_is_named_as_one(gep: Program, folder: Path) -> None:
    (folder / "水利局.csv").symlink_to("没有.csv")
    said = gep("run", str(folder), "--store", gep.store, code=2).stderr
    assert "水利局.csv: the file is a link to a file that is not there" in said


@pytest.mark.parametrize("encoding", ["gbk", "cp437", "latin-1", "ascii", "utf-8"])
def test_no_console_stops_what_is_said(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding))
    spare_narrow_consoles()
    sys.stdout.write("12 m² − 3 m³ 县 \udce9")
    sys.stdout.flush()
    said = held.getvalue().decode(encoding)
    assert said.startswith("12 m")
    if encoding == "gbk":
        assert said == "12 m2 - 3 m3 县 ?"
    assert write_plainly("≤ m²·yr") == "<= m2*yr"


def test_one_class_written_twice_is_refused_whatever_its_zeros(tmp_path: Path) -> None:
    for one, other in (("5", "05"), ("005", "5"), ("-1", "-01"), ("5", "5")):
        file = tmp_path / "classes.csv"
        file.write_text(f"code,ecosystem\n{one},mixed_forest\n{other},urban\n", "utf-8")
        with pytest.raises(Problems, match="class"):
            read_crosswalk(str(file))
    assert [read_class_number(code) for code in ("5", "05", "0307K", "²", "--5", "")] == [5, 5, None, None, None, None]


def test_a_retired_county_is_answered_with_its_successor_never_with_a_neighbour() -> None:
    today = read_divisions()
    assert len(read_retired()) > 350
    for one in read_retired():
        latest = find_latest(one.successor) if one.successor else ""
        assert not latest or latest in today
        for asked in (one.code, one.name_zh):
            if asked in today or any(asked == region.name_zh for region in today.values()):
                continue  # the name of another division today, or the code of the same one
            called = find(asked)
            if called:  # 赣县 without 区 means 赣县区
                assert len({region.name_zh for region in called}) == 1
                continue
            hint = suggest_county(asked)
            assert f"{one.name_zh} is " in hint
            assert "since" in hint
            assert "near it" not in hint
    with pytest.raises(Problems, match="360782 南康市 is 360703 南康区 since 2013"):
        look_up_division("南康市")
