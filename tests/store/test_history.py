"""Runs are kept: which superseded which and why, and what two of them have differently, line by line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, Program

from gep.account.account import make_account
from gep.coefficients.tables import read_tables
from gep.inputs.read import read_inputs
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.standards.standard import load_standard
from gep.store.saving import save
from gep.store.store import Store
from gep.tasks.run import run_account

JINXI = ROOT / "inputs" / "361027-2022"


@pytest.fixture
def revised(tmp_path: Path) -> Path:
    """The inputs of Jinxi with one area larger and one product left out."""
    folder = tmp_path / "revised"
    shutil.copytree(JINXI, folder)
    land = folder / "land.csv"
    land.write_text(land.read_text("utf-8").replace("325.7700", "330.7700").replace("1356.63", "1361.63"), "utf-8")
    products = folder / "agriculture.csv"
    products.write_text("".join(line for line in products.read_text("utf-8").splitlines(True) if "茶叶" not in line), "utf-8")
    return folder


def test_history_says_which_run_superseded_which_and_why(gep: Program, revised: Path) -> None:
    first = gep("run", str(JINXI), "--store", gep.store)
    assert "supersedes" not in first.stderr
    second = gep("run", str(revised), "--store", gep.store)
    assert "run 2 supersedes run 1 of 361027 2022; no reason was given (--reason says why)" in second.stderr
    third = gep("run", str(JINXI), "--reason", "面积按旧图斑核回", "--store", gep.store)
    assert "no reason" not in third.stderr
    gep("run", str(JINXI), "--standard", "mee-2020", "--store", gep.store)
    with Store(Path(gep.store)) as connection:
        runs = connection.execute("SELECT made_at, results_sha256 FROM run ORDER BY run").fetchall()
    made, sums = [f"{row[0]:%Y-%m-%d %H:%M} UTC" for row in runs], [row[1] for row in runs]
    assert gep("history", "金溪县", "2022", "--standard", "ndrc-2022", "--store", gep.store).stdout.splitlines() == [
        "361027 Jinxi 2022",
        "",
        f"run 3  ndrc-2022  {made[2]}  gep 0.1.0  draft",
        "  GEP 6,620,620,161.96 CNY/yr, 5 of 17 services",
        "  supersedes run 2: 面积按旧图斑核回",
        f"  results {sums[2]}",
        "",
        f"run 2  ndrc-2022  {made[1]}  gep 0.1.0  draft",
        "  GEP 6,655,815,672.36 CNY/yr, 5 of 17 services",
        "  supersedes run 1: no reason was given",
        "  superseded by run 3",
        f"  results {sums[1]}",
        "",
        f"run 1  ndrc-2022  {made[0]}  gep 0.1.0  draft",
        "  GEP 6,620,620,161.96 CNY/yr, 5 of 17 services",
        "  superseded by run 2",
        f"  results {sums[0]}",
    ]
    every = json.loads(gep("history", "361027", "2022", "--format", "json", "--store", gep.store).stdout)
    assert [one["run"] for one in every] == [4, 3, 2, 1]
    assert [one["supersedes"] for one in every] == [None, 2, 1, None]  # another standard supersedes nothing
    assert [one["superseded_by"] for one in every] == [None, None, 3, 2]
    assert "there is no account of 361027 2021" in gep("history", "361027", "2021", "--store", gep.store, code=2).stderr


def test_diff_lists_what_changed_line_by_line(gep: Program, revised: Path) -> None:
    gep("run", str(JINXI), "--store", gep.store, "--lang", "zh")
    gep("run", str(revised), "--store", gep.store, "--lang", "zh")
    lines = gep("diff", "1", "2", "--store", gep.store).stdout.replace("\n      ", " ").splitlines()
    assert lines == [
        "run 1 → run 2",
        "",
        "inputs: 3 changed",
        "  361027 2022 agricultural_output 茶叶: removed 1688 吨 [inputs/361027-2022/agriculture.csv:5]",
        f"  361027 2022 area mixed_forest: 325.7700 km2 → 330.7700 km2 [inputs/361027-2022/land.csv:6 → {revised}/land.csv:6]",
        f"  361027 2022 land_area: 1356.63 km2 → 1361.63 km2 [inputs/361027-2022/land.csv:2 → {revised}/land.csv:2]",
        "",
        "coefficients: no difference",
        "",
        "rules: no difference",
        "",
        "results: 5 changed",
        "  361027 2022 agricultural_products.products 茶叶 (of it): removed 1,688.00 t/yr",
        "  361027 2022 total of GEP: 6,620,620,161.96 CNY/yr → 6,655,815,672.36 CNY/yr",
        "  361027 2022 total of Regulating services: 3,930,620,161.96 CNY/yr → 3,965,815,672.36 CNY/yr",
        "  361027 2022 water_conservation: 3,930,620,161.96 CNY/yr → 3,965,815,672.36 CNY/yr",
        "  361027 2022 water_conservation.volume: 422,034,399.92 m^3/yr × 9.31 CNY/m^3 → 425,813,375.12 m^3/yr × 9.31 CNY/m^3",
    ]
    same = gep("diff", "2", "2", "--store", gep.store).stdout
    assert same.count("no difference") == 4
    found = json.loads(gep("diff", "2", "1", "--format", "json", "--county", "金溪", "--store", gep.store).stdout)
    assert [(one["kind"], one["what"]) for one in found if one["section"] == "inputs"] == [
        ("added", "agricultural_output 茶叶"),
        ("changed", "area mixed_forest"),
        ("changed", "land_area"),
    ]


def test_diff_names_coefficients_of_another_edition_and_rules_of_another_standard(tmp_path: Path) -> None:
    from gep.store.history import list_differences

    store = tmp_path / "gep.duckdb"
    later = tmp_path / "coefficients"
    shutil.copytree(ROOT / "coefficients", later)
    prices = later / "reservoir.csv"
    prices.write_text(prices.read_text("utf-8").replace("7.06,", "7.16,", 1), "utf-8")
    inputs = read_inputs([JINXI], COEFFICIENTS, APPLICABLE)
    save(make_account(load_standard("ndrc-2022"), inputs, read_tables(ROOT / "coefficients", COEFFICIENTS)), store)
    save(make_account(load_standard("ndrc-2022"), inputs, read_tables(later, COEFFICIENTS)), store)
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\ntitle: {zh: 我, en: own}\nsource: this-project\nmark: V\nextends: ndrc-2022\nservices:\n  water_conservation:\n    mark: V\n"
        "    variants: {water_conservation.volume: water_balance, reservoir.unit_cost: annualised}\n    ecosystems: [forest]\n"
        "  flood_mitigation:\nexcluded: {flood_mitigation: not counted}\n",
        "utf-8",
    )
    save(run_account([JINXI], str(own)), store)
    with Store(store) as connection:
        edition = list_differences(connection, 1, 2)
        method = list_differences(connection, 2, 3)
    (price,) = [one for one in edition if one.section == "coefficients"]
    assert (price.where, price.what) == ("361027 2022", "reservoir_construction_cost")
    assert (price.one, price.other) == ("7.06 CNY_2010/m^3 × 1.319193567", "7.16 CNY_2010/m^3 × 1.319193567")
    assert price.at_one == "coefficients/reservoir.csv:2"
    assert not [one for one in edition if one.section in {"run", "inputs", "rules"}]
    assert {one.what for one in edition if one.section == "results"} == {
        "water_conservation",
        "water_conservation.volume",
        "total of gep",
        "total of regulating",
    }
    rule = next(one for one in method if one.section == "rules" and one.kind == "changed" and "reservoir" in one.what)
    assert {one.what.partition(".")[0] for one in method if one.kind == "removed" and one.section == "rules"} == {
        "flood_mitigation"
    }
    assert (rule.what, rule.one) == ("reservoir.unit_cost", "full_construction_cost: p_we = c_we")
    assert rule.other.startswith("annualised: p_we = ")
    key = load_standard(str(own)).key
    assert [(one.what, one.one, one.other) for one in method if one.section == "run"] == [("standard", "ndrc-2022", key)]


def test_diff_of_batches_can_be_narrowed_to_a_county(gep: Program, tmp_path: Path) -> None:
    rows = (ROOT / "inputs" / "jiangxi-2019-grids" / "inputs.csv").read_text("utf-8").splitlines(keepends=True)
    fewer = tmp_path / "fewer.csv"
    kept = [line for line in rows if not line.startswith("360102,")]
    at = next(at for at, line in enumerate(kept) if line.startswith("360725,2019,precipitation"))
    cells = kept[at].split(",")
    cells[6] = "1234.5"
    kept[at] = ",".join(cells)
    fewer.write_text("".join(kept), "utf-8")
    gep("run", "inputs/jiangxi-2019-grids", "--store", gep.store, "--lang", "zh")
    gep("run", str(fewer), "--reason", "corrected rain", "--store", gep.store, "--lang", "zh")
    lines = gep("diff", "1", "2", "--store", gep.store).stdout.splitlines()
    assert lines[2:4] == ["accounts: 1 changed", "  360102 2019 account: removed"]
    assert "inputs: 1 changed" in lines
    nothing = gep("diff", "1", "2", "--county", "崇仁县", "--store", gep.store).stdout
    assert nothing.count("no difference") == 4
    assert "360725 2019 precipitation" in gep("diff", "1", "2", "--county", "崇义县", "--store", gep.store).stdout
    done = gep("diff", "1", "2", "--county", "360102", "--store", gep.store, code=2)
    assert "runs 1 and 2 have no county and year in common of 360102" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1", "7"), "RUN: there is no run 7\n  expected  the store has runs 1 to 1"),
        (("1", "1", "--county", "崇义"), "runs 1 and 1 have no county and year in common of 360725"),
        (("1", "1", "--county", "nowhere"), "there is no county 'nowhere'"),
        (("1", "1", "--county", "市中区"), "市中区 is several counties: "),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(
    gep: Program, jinxi: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in gep("diff", *arguments, "--store", str(jinxi), code=2).stderr
