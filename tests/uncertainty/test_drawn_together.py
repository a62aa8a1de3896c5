"""Correlations, land by maps or a confusion matrix, and methods side by side: against closed forms, scenarios and hand calculations."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import Program
from doc_pages import run_examples
from kept_stores import JINXI

from gep.explain.rebuild import rebuild
from gep.scenario.document import read_scenario
from gep.store.saving import save
from gep.store.store import Store
from gep.tasks.run import run_account
from gep.tasks.uncertainty import Files, find_change_band, find_uncertainty
from gep.uncertainty.land import draw_by_confusion, read_confusion
from gep.uncertainty.simulate import Uncertainty

SPREADS = "id,member,kind,low,high,sd,unit,source\nrunoff_coefficient,,normal,,,0.000001,%,trial\n"
STILL = "reservoir_construction_cost,,normal,,,0.000001,%,trial\n"
CROPS, STOCK = "agricultural_output_value", "livestock_output_value"
BOUND = "id,member,with_id,with_member,correlation,source\n"
MAPS = "map,weight,ecosystem,area,unit,source\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def list_areas(store: Path) -> dict[str, float]:
    """The areas of the account, km2."""
    opened = Store(store)
    with opened:
        key = opened.find("361027", 2022)
        account = rebuild(opened, key.run, key.account)
    return {str(one["ecosystem"]): float(one["value"]) for one in account.inputs if one["variable"] == "area"}


def draw(store: Path, files: Files, draws: int = 20_000, *, variance: bool = False) -> Uncertainty:
    opened = Store(store)
    return find_uncertainty(opened, opened.find("361027", 2022), draws, 5, files, variance=variance)


@pytest.mark.parametrize("correlation", [-1.0, -0.4, 0.6, 1.0])
def test_correlated_numbers_add_as_the_closed_form_says(jinxi: Path, tmp_path: Path, correlation: float) -> None:
    """Var(a + b) = Var(a) + Var(b) + 2 rho sd(a) sd(b), with 18.24 and 4.79 (hundred million) spread by 5 and 20 %."""
    spreads = SPREADS + STILL + f"{CROPS},,normal,,,5,%,trial\n{STOCK},,normal,,,20,%,trial\n"
    bound = BOUND + f"{CROPS},,{STOCK},,{correlation},trial\n"
    files = Files(write(tmp_path, "s.csv", spreads), correlations=write(tmp_path, "c.csv", bound))
    one, other = 0.05 * 18.24e8, 0.2 * 4.79e8
    expected = math.sqrt(one**2 + other**2 + 2 * correlation * one * other)
    assert draw(jinxi, files).total.sd == pytest.approx(expected, rel=0.03)


def test_a_line_with_one_end_binds_the_years(two_years: Path, tmp_path: Path) -> None:
    """One station measured the rain of both: Var(b - a) = Var(a) + Var(b) - 2 rho sd(a) sd(b)."""
    store = Store(two_years)
    keys = (store.find("361027", 2021), store.find("361027", 2022))
    spreads = write(tmp_path, "s.csv", SPREADS + STILL + "precipitation,,normal,,,5,%,trial\n")
    bound = write(tmp_path, "c.csv", BOUND + "precipitation,,precipitation,,0.9,trial\n")
    found = find_change_band(store, keys, 20_000, 3, Files(spreads, correlations=bound))
    one, other = (band.sd for band in found.totals)
    assert found.change.sd == pytest.approx(math.sqrt(one**2 + other**2 - 1.8 * one * other), rel=0.03)
    assert find_change_band(store, keys, 20_000, 3, Files(spreads)).change.sd > 2 * found.change.sd


def test_what_is_bound_has_one_share_of_the_variance(jinxi: Path, tmp_path: Path) -> None:
    """Crops with stock against fish alone: shares in proportion to the variances, 0.0250 + 0 for fish by hand."""
    spreads = SPREADS + STILL + f"{CROPS},,normal,,,5,%,t\n{STOCK},,normal,,,20,%,t\nfishery_output_value,,normal,,,10,%,t\n"
    bound = BOUND + f"{CROPS},,{STOCK},,0.5,t\n"
    found = draw(
        jinxi, Files(write(tmp_path, "s.csv", spreads), correlations=write(tmp_path, "c.csv", bound)), 200, variance=True
    )
    first = {one.parameter.leaf: (one.first, one.total) for one in found.swings}
    pair = 0.912**2 + 0.958**2 + 0.912 * 0.958
    fish = 0.237**2 / (pair + 0.237**2)
    assert first[CROPS] == first[STOCK]
    assert first[CROPS][0] == pytest.approx(1 - fish, abs=0.02)
    assert first["fishery_output_value"][1] == pytest.approx(fish, abs=0.01)


def test_a_choice_between_maps_takes_a_whole_map(jinxi: Path, tmp_path: Path, gep: Program) -> None:
    """One map is the account, the other a scenario of 5 km2 more forest: the total is one or the other, by their weights."""
    areas = list_areas(jinxi)
    moved = {**areas, "arable": areas["arable"] - 5, "mixed_forest": areas["mixed_forest"] + 5}
    lines = [
        f"{name},{weight},{kind},{area!r},km2,trial\n"
        for name, weight, of in (("a", 1, areas), ("b", 3, moved))
        for kind, area in of.items()
    ]
    spreads = write(tmp_path, "s.csv", SPREADS + STILL)
    found = draw(jinxi, Files(spreads, maps=write(tmp_path, "m.csv", MAPS + "".join(lines))), 4000)
    plan = write(
        tmp_path, "plan.yaml", "title: t\nauthor: a\nbasis: b\nchanges:\n- {from: arable, to: mixed_forest, area: 5 km2}\n"
    )
    assert read_scenario(plan).moved == 5
    told = json.loads(gep("scenario", "361027", "2022", str(plan), "--store", str(jinxi), "--format", "json").stdout)
    change = told["scenarios"][0]["effects"][0]["change"]
    assert change > 0
    land = next(one for one in found.swings if one.parameter.spread.kind == "maps")
    assert (land.at_low, land.at_high) == pytest.approx((found.total.value, found.total.value + change), rel=1e-9)
    assert found.total.mean == pytest.approx(found.total.value + 0.75 * change, abs=0.03 * change)
    assert found.total.quantiles[0.05] == pytest.approx(found.total.value, rel=1e-5)


def test_areas_by_a_confusion_matrix_are_the_stratified_estimate(jinxi: Path, tmp_path: Path) -> None:
    """Of 100 points mapped as arable 80 are arable and 20 forest: mean and variance of a Dirichlet share, by hand."""
    areas = list_areas(jinxi)
    rows = ["arable,arable,80", "arable,mixed_forest,20", *(f"{name},{name},50" for name in areas if name != "arable")]
    path = write(tmp_path, "c.csv", "mapped,reference,count,source\n" + "".join(f"{row},trial\n" for row in rows))
    opened = Store(jinxi)
    with opened:
        key = opened.find("361027", 2022)
        group = draw_by_confusion(rebuild(opened, key.run, key.account), read_confusion(path))
    drawn = group.find_numbers(np.random.default_rng(1).random((20_000, len(group.keys))))
    by_name = {one.member: drawn[:, at] for at, one in enumerate(group.parameters)}
    assert by_name["mixed_forest"].mean() == pytest.approx(areas["mixed_forest"] + 0.2 * areas["arable"], rel=2e-3)
    assert by_name["mixed_forest"].std() == pytest.approx(areas["arable"] * math.sqrt(0.8 * 0.2 / 101), rel=0.03)
    assert drawn.sum(axis=1) == pytest.approx(np.full(20_000, sum(one.spread.value for one in group.parameters)))
    found = draw(jinxi, Files(write(tmp_path, "s.csv", SPREADS + STILL), confusion=path), 400, variance=True)
    land = next(one for one in found.swings if one.parameter.spread.kind == "confusion")
    assert land.first == pytest.approx(1.0, abs=0.1)


def test_methods_stand_side_by_side(jinxi: Path, tmp_path: Path, gep: Program) -> None:
    store = tmp_path / "gep.duckdb"
    shutil.copy(jinxi, store)
    save(run_account([JINXI], "mee-2020"), store)
    base = ("uncertainty", "361027", "2022", "--run", "1", "--draws", "200", "--store", str(store))
    found = json.loads(gep(*base, "--beside", "2", "--format", "json").stdout)
    assert [one["run"] for one in found["runs"]] == [1, 2]
    assert found["gap"] == pytest.approx(abs(found["runs"][0]["bands"][0]["value"] - found["runs"][1]["bands"][0]["value"]))
    alone = json.loads(gep(*base, "--format", "json").stdout)
    assert found["runs"][0] == alone
    assert "并列" in gep(*base, "--beside", "2", "--lang", "zh").stdout
    assert "one run is named twice" in gep(*base, "--beside", "1", code=2).stderr


def test_the_page_does_what_it_says(jinxi: Path, tmp_path: Path, gep: Program) -> None:
    assert run_examples(gep, "uncertainty.md", tmp_path, jinxi) == 2


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--correlations", BOUND + f"{CROPS},,{STOCK},,1.2,t\n", "correlation is '1.2'"),
        ("--correlations", BOUND + f"{CROPS},,{STOCK},,0.5,\n", "source is missing"),
        ("--correlations", BOUND + f"{CROPS},,lake_area,,0.5,t\n", "there are no two uncertain numbers"),
        ("--correlations", BOUND + f"{CROPS},,{STOCK},,0.5,t\n{STOCK},,{CROPS},,0.4,t\n", "have two correlations"),
        (
            "--correlations",
            BOUND + f"{CROPS},,{STOCK},,1,t\n{STOCK},,precipitation,,1,t\n{CROPS},,precipitation,,-1,t\n",
            "the correlations contradict each other",
        ),
        ("--maps", MAPS + "a,1,arable,5,km2,t\n", "there is only the map 'a'"),
        ("--maps", MAPS + "a,1,arable,5,km2,t\na,2,mixed_forest,5,km2,t\n", "map 'a' has two weights"),
        ("--maps", MAPS + "a,1,arable,5,km2,t\nb,1,arable,5,km2,t\n", "lacks"),
        ("--maps", MAPS + "a,1,glacier,5,km2,t\nb,1,arable,5,km2,t\n", "has no area of glacier"),
        ("--maps", MAPS + "a,1,arable,5,kg,t\nb,1,arable,5,km2,t\n", "unit of area is 'kg'"),
        ("--confusion", "mapped,reference,count,source\narable,arable,1.5,t\n", "count is '1.5'"),
        ("--confusion", "mapped,reference,count,source\narable,arable,15,t\n", "no point of the sample is mapped as"),
        ("--confusion", "mapped,reference,count,source\narable,glacier,15,t\n", "has no area of glacier"),
    ],
)
def test_what_cannot_be_meant_is_refused(gep: Program, jinxi: Path, tmp_path: Path, option: str, text: str, said: str) -> None:
    spreads = SPREADS + f"{CROPS},,normal,,,5,%,t\n{STOCK},,normal,,,20,%,t\nprecipitation,,normal,,,5,%,t\n"
    called = ("uncertainty", "361027", "2022", "--store", str(jinxi), "--spreads", str(write(tmp_path, "s.csv", spreads)))
    assert said in gep(*called, option, str(write(tmp_path, "t.csv", text)), code=2).stderr


def test_maps_of_another_place_are_refused(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """Twice the area is another outline; and areas are not drawn in two ways."""
    areas = list_areas(jinxi)
    rows = "".join(
        f"{name},1,{kind},{area * factor!r},km2,t\n" for name, factor in (("a", 1), ("b", 2)) for kind, area in areas.items()
    )
    called = ("uncertainty", "361027", "2022", "--store", str(jinxi), "--maps", str(write(tmp_path, "m.csv", MAPS + rows)))
    assert "to 1 %" in gep(*called, code=2).stderr
    spreads = write(tmp_path, "s.csv", SPREADS + "area,arable,normal,,,5,%,t\n")
    assert "the areas are drawn by maps" in gep(*called, "--spreads", str(spreads), code=2).stderr
    points = write(tmp_path, "c.csv", "mapped,reference,count,source\narable,arable,15,t\n")
    assert "the land is given by maps too" in gep(*called, "--confusion", str(points), code=2).stderr


def test_the_widest_numbers_may_be_inputs(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    spreads = write(tmp_path, "s.csv", SPREADS + "precipitation,,normal,,,5,%,t\n")
    called = ("uncertainty", "361027", "2022", "--store", str(jinxi), "--draws", "200", "--spreads", str(spreads))
    assert "Precipitation" in gep(*called).stdout


def test_a_report_shows_the_bands_it_was_asked_for(gep: Program, two_years: Path, tmp_path: Path) -> None:
    """The numbers of the report are those of the command, in hundred millions; without --bands it says nothing of them."""
    known, kept = ("--draws", "200", "--by-mark", "K=30%"), ("--store", str(two_years))
    report = ("report", "361027", "2022", *kept, "--format", "json", "-o")
    gep(*report, str(tmp_path / "with.json"), "--bands", *known)
    found = json.loads((tmp_path / "with.json").read_text("utf-8"))
    asked = json.loads(gep("uncertainty", "361027", "2022", *known, *kept, "--format", "json").stdout)["bands"][0]
    change = json.loads(gep("uncertainty", "361027", "2022", "--against", "2021", *known, *kept, "--format", "json").stdout)[
        "change"
    ]
    rows = found["report"]["tables"]["bands"]["rows"]
    for row, band in ((rows[0], asked), (rows[-1], change)):
        names = ("value", "mean", "p5", "p50", "p95")
        assert [row[name] for name in names] == pytest.approx([band[name] / 1e8 for name in names])
    gep(*report, str(tmp_path / "without.json"))
    plain = json.loads((tmp_path / "without.json").read_text("utf-8"))
    assert all(not plain["report"]["tables"][name]["rows"] for name in ("bands", "swings"))
    assert "with --bands" in gep(*report, str(tmp_path / "x.json"), "--by-mark", "K=30%", code=2).stderr


@pytest.mark.parametrize(
    ("rows", "marks", "said"),
    [
        ((f"{CROPS},,normal,,,5,%,t", f"{CROPS},,normal,,,6,%,t"), (), "stands twice"),
        (("precipitation,,uniform,1,2,,mm,t",), (), "lies outside 1"),
        (("precipitation,,normal,,,inf,%,t",), (), "the numbers are"),
        (("precipitation,,uniform,1,1e999,,mm,t",), (), "the numbers are"),
        ((), ("Z=30%",), "there is no mark 'Z'"),
        ((), ("K=30%", "K=20%"), "K stands twice"),
        ((), ("V-c=30%",), "no coefficient without a spread of its own has the mark V-c"),
    ],
)
def test_what_is_known_twice_or_of_nothing_is_refused(
    gep: Program, jinxi: Path, tmp_path: Path, rows: tuple[str, ...], marks: tuple[str, ...], said: str
) -> None:
    spreads = ("--spreads", str(write(tmp_path, "s.csv", SPREADS + "".join(f"{row}\n" for row in rows)))) if rows else ()
    called = ("uncertainty", "361027", "2022", "--store", str(jinxi), "--draws", "100", *spreads)
    told = gep(*called, *(word for mark in marks for word in ("--by-mark", mark)), code=2).stderr
    assert said in told
