"""A standard in a file of one's own is found by its file wherever its key is."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, Program
from kept_stores import JINXI

from gep.standards.standard import load_standard

OWN = """id: jinxi-2024
title: {zh: 金溪试行办法, en: Trial rules of Jinxi}
source: this-project
mark: K
extends: ndrc-2022
services: {}
"""


@pytest.fixture
def own(gep: Program, tmp_path: Path) -> Path:
    path = tmp_path / "standards" / "own.yaml"
    path.parent.mkdir()
    path.write_text(OWN, "utf-8")
    gep("run", str(JINXI), "--standard", str(path), "--store", gep.store)
    return path


@pytest.mark.parametrize(
    "command",
    [
        ("show", "361027", "2022"),
        ("show", "361000", "2022"),
        ("rank", "361000", "2022"),
        ("neighbours", "361027", "2022"),
        ("list", "--matrix", "--place", "361000"),
        ("history", "361027", "2022"),
        ("trace", "361027", "2022", "water_conservation"),
        ("review", "361027", "2022"),
    ],
)
def test_a_file_is_found_wherever_its_id_is(gep: Program, own: Path, command: tuple[str, ...]) -> None:
    by_id = gep(*command, "--standard", load_standard(str(own)).key, "--store", gep.store).stdout
    assert gep(*command, "--standard", str(own), "--store", gep.store).stdout == by_id
    assert by_id


def test_all_reports_of_a_file_are_written(gep: Program, own: Path, tmp_path: Path) -> None:
    gep(
        "report",
        "--all",
        "2022",
        "--standard",
        str(own),
        "--store",
        gep.store,
        "-o",
        str(tmp_path / "reports"),
        "--format",
        "html",
    )
    assert [path.suffix for path in (tmp_path / "reports").iterdir() if "361027" in path.name] == [".html"]


BROKEN = "id: mine\ntitle: {zh: 我, en: me}\nsource: this-project\nmark: V\nextends: ndrc-2022\nservices:\n  water_conservation:\n    mark: V\n    variants: {water_conservation.volume: nonsense}\n"


@pytest.mark.parametrize("command", [("run", "--store", "s.duckdb"), ("check",)])
def test_mistakes_of_a_standard_and_of_inputs_are_told_together(gep: Program, tmp_path: Path, command: tuple[str, ...]) -> None:
    table, standard = tmp_path / "in.csv", tmp_path / "mine.yaml"
    table.write_text(
        "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"
        "361027,2022,my_own,,,,5,t,s\n361027,2022,precipitation,,,,abc,mm,s\n361027,2022,no_such,,,,1,t,s\n",
        "utf-8",
    )
    standard.write_text(BROKEN + "variables:\n  my_own: {title: {zh: 甲, en: A}, unit: t/yr, department: 统计局}\n", "utf-8")
    done = gep(*command, str(table), "--standard", str(standard), "--lang", "en", code=2)
    said = " ".join((done.stdout + done.stderr).split())
    assert "value is 'abc'" in said
    assert "the variant of water_conservation.volume is 'nonsense'" in said
    assert "variable is 'no_such'" in said
    assert "my_own" not in said  # what a broken standard may declare is not doubted


@pytest.mark.parametrize(
    ("extends", "where", "said"),
    [
        ("mine.yaml", "mine.yaml:5", "the standards extend each other in a circle"),
        ("nothing.yaml", "mine.yaml:5", "extends is 'nothing.yaml': the file cannot be read"),
        ("ndrc-2021", "mine.yaml:5", "did you mean ndrc-2022?"),
        ("sub", "mine.yaml:5", "there is no standard 'sub'"),
        ("wrong.yaml", "wrong.yaml:7", "banana is not known here"),
        ("sub/up.yaml", "", ""),
    ],
)
def test_what_a_standard_extends_is_said_where_it_is_named(
    gep: Program, tmp_path: Path, extends: str, where: str, said: str
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up.yaml").write_text(OWN.replace("jinxi-2024", "up").replace("ndrc-2022", "../base.yaml"), "utf-8")
    (tmp_path / "base.yaml").write_text(OWN.replace("jinxi-2024", "base"), "utf-8")
    (tmp_path / "wrong.yaml").write_text(OWN.replace("jinxi-2024", "wrong") + "banana: 1\n", "utf-8")
    (tmp_path / "mine.yaml").write_text(OWN.replace("ndrc-2022", extends), "utf-8")
    done = gep("standards", "check", str(tmp_path / "mine.yaml"), "--lang", "en", code=2 if said else 0)
    assert where in done.stderr
    assert said in done.stderr
    assert "--standard:" not in done.stderr


def test_the_published_account_that_the_readme_names_is_found_by_its_standard(gep: Program) -> None:
    """README names tests/cases/garze-2010: run, shown, listed and traced with the file as with the id."""
    case = ROOT / "tests/cases/garze-2010"
    assert "tests/cases/garze-2010/standard.yaml" in (ROOT / "README.md").read_text("utf-8")
    standard = str(case / "standard.yaml")
    gep("run", str(case / "inputs.csv"), "--standard", standard, "--store", gep.store)
    key = load_standard(standard).key
    for command in (("show", "513300", "2010"), ("history", "513300", "2010"), ("trace", "513300", "2010", "soil_retention")):
        by_file = gep(*command, "--standard", standard, "--store", gep.store).stdout
        assert by_file == gep(*command, "--standard", key, "--store", gep.store).stdout
        assert by_file
