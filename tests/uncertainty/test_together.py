"""Two years and many counties drawn together, against closed forms: what is shared decides nothing, what is one's own does."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from conftest import Program

from gep.store.store import Store
from gep.tasks.uncertainty import Files, find_change_band, find_rank_band, find_uncertainty

HEAD = "id,member,kind,low,high,sd,unit,source\n"
STILL = "runoff_coefficient,,normal,,,0.000001,%,trial\n"
PRICE = "reservoir_construction_cost"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "spreads.csv"
    path.write_text(HEAD + STILL + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def given(folder: Path, *lines: str) -> Files:
    return Files(write(folder, *lines))


def test_a_shared_price_moves_both_years_alike(two_years: Path, tmp_path: Path) -> None:
    """Drawn once, it spreads the change of the service by its own share, and never turns the change round."""
    store = Store(two_years)
    keys = (store.find("361027", 2021), store.find("361027", 2022))
    found = find_change_band(store, keys, 20_000, 3, given(tmp_path, f"{PRICE},,normal,,,10,%,trial"))
    waters = [next(one.value for one in store.read(key).results if one.service == "water_conservation") for key in keys]
    assert found.change.sd == pytest.approx(0.1 * abs((waters[1] or 0) - (waters[0] or 0)), rel=0.02)
    assert found.change.value == pytest.approx(found.totals[1].value - found.totals[0].value)
    assert found.outside


def test_figures_of_ones_own_are_drawn_for_themselves(two_years: Path, tmp_path: Path) -> None:
    """Rain of two years is two numbers: the variance of the change is the sum of the years' variances."""
    store = Store(two_years)
    keys = (store.find("361027", 2021), store.find("361027", 2022))
    spreads = given(tmp_path, f"{PRICE},,normal,,,0.000001,%,trial", "precipitation,,normal,,,5,%,trial")
    found = find_change_band(store, keys, 20_000, 3, spreads)
    assert found.change.sd == pytest.approx(math.hypot(found.totals[0].sd, found.totals[1].sd), rel=0.02)
    expected = 0.5 * (1 + math.erf(found.change.mean / found.change.sd / math.sqrt(2)))
    assert found.increase == pytest.approx(expected, abs=0.01)


def test_counties_that_share_all_uncertain_numbers_keep_their_order(grids: Path, tmp_path: Path) -> None:
    """Rows of one table move all counties; a spread of rain of their own makes ranks uncertain."""
    store = Store(grids)
    shared = find_rank_band(store, "361100", 2019, None, 400, 1)
    assert [one.rank for one in shared.counties] == list(range(1, len(shared.counties) + 1))
    own = find_rank_band(store, "361100", 2019, None, 400, 1, given(tmp_path, "precipitation,,normal,,,25,%,trial"))
    assert any(one.best < one.worst for one in own.counties)
    assert all(one.best <= one.rank <= one.worst for one in shared.counties)
    pair = next(
        (one, two) for one, two in zip(own.counties, own.counties[1:], strict=False) if 0.02 < (one.above_next or 0) < 0.98
    )
    gap = (pair[0].band.mean - pair[1].band.mean) / math.hypot(pair[0].band.sd, pair[1].band.sd)
    assert pair[0].above_next == pytest.approx(0.5 * (1 + math.erf(gap / math.sqrt(2))), abs=0.12)


def test_every_county_of_the_grids_can_be_drawn(grids: Path) -> None:
    """A range whose end is the value itself stays so in the units of the account: no draw is unknown."""
    found = find_rank_band(Store(grids), "360000", 2019, None, 100, 1)
    assert all(math.isfinite(one.band.mean) for one in found.counties)
    assert all(one.band.quantiles[0.05] <= one.band.quantiles[0.95] for one in found.counties)
    again = find_uncertainty(Store(grids), Store(grids).find("360423", 2019), 100, 1)
    mean = next(one for one in found.counties if one.code == "360423").band.mean
    assert again.total.mean == pytest.approx(mean, rel=1e-12)


def test_a_line_that_no_account_answers_to_is_refused(gep: Program, two_years: Path, tmp_path: Path) -> None:
    spreads = write(tmp_path, "lake_area,,normal,,,5,%,trial")
    called = ("uncertainty", "361027", "2022", "--against", "2021", "--spreads", str(spreads), "--store", str(two_years))
    assert "spreads.csv:3: the account uses no number 'lake_area'" in gep(*called, code=2).stderr
    told = gep(*called[:5], "--variance", "--store", str(two_years), code=2).stderr
    assert "--variance and --beside have no effect beside --against" in told


def test_both_are_printed_and_given_as_json(gep: Program, two_years: Path) -> None:
    printed = gep(
        "uncertainty", "361027", "2022", "--against", "2021", "--draws", "200", "--store", str(two_years), "--lang", "zh"
    )
    assert "两年共有的" in printed.stdout
    ranks = gep("uncertainty", "抚州市", "2022", "--draws", "200", "--store", str(two_years), "--format", "json").stdout
    read = json.loads(ranks)
    assert [one["code"] for one in read["counties"]] == ["361027"]
    assert read["counties"][0]["above_next"] is None


def test_a_range_is_of_a_year_or_a_share_of_the_value(gep: Program, two_years: Path, tmp_path: Path) -> None:
    """Rain of 2022 is 1,747.3 mm and of 2021 3 % less: a range in mm serves one of them, shares serve both, a line a year each its own."""
    store = Store(two_years)
    keys = (store.find("361027", 2021), store.find("361027", 2022))
    path = tmp_path / "ranges.csv"

    def state(*lines: str) -> Files:
        rows = ["id,member,county,year,kind,low,high,sd,unit,source", "runoff_coefficient,,,,normal,,,0.000001,%,trial", *lines]
        path.write_text("\n".join(rows), "utf-8")
        return Files(path)

    share = state("precipitation,,,,uniform,90,110,,% of value,trial")
    both = find_change_band(store, keys, 400, 1, share)
    assert find_change_band(store, keys, 400, 1, state("precipitation,,,,uniform,90,110,,占值的%,trial")) == both
    assert find_change_band(store, keys, 400, 1, state("precipitation,,,,uniform,90,110,,%,trial")) == both
    rain = 1747.3
    lines = [
        f"precipitation,,361027,{year},uniform,{0.9 * value},{1.1 * value},,mm,trial"
        for year, value in ((2021, 0.97 * rain), (2022, rain))
    ]
    each = find_change_band(store, keys, 400, 1, state(*lines))
    assert each.change.sd == pytest.approx(both.change.sd, rel=1e-3)
    later = find_change_band(store, keys, 400, 1, state(lines[1]))
    assert later.totals[0] == find_change_band(store, keys, 400, 1, state()).totals[0]
    assert later.totals[1].sd == pytest.approx(both.totals[1].sd, rel=1e-3)
    state("precipitation,,,,uniform,1720,1760,,mm,trial")
    called = ("uncertainty", "361027", "2022", "--against", "2021", "--spreads", str(path), "--store", str(two_years))
    told = gep(*called, code=2).stderr
    assert "ranges.csv:3: 361027 2021: the value used, 1,694.88, lies outside 1,720 to 1,760" in told
    assert "unit % of value" in told
    state(lines[0].replace("2021", "2019"))
    assert "the account uses no number 'precipitation 361027 2019'" in gep(*called, code=2).stderr


def test_a_comparison_and_a_ranking_say_how_sure_they_are(gep: Program, two_years: Path) -> None:
    store = ("--store", str(two_years))
    compared = json.loads(gep("compare", "361027", "2021", "2022", "--bands", *store, "--format", "json").stdout)
    again = json.loads(gep("uncertainty", "361027", "2022", "--against", "2021", *store, "--format", "json").stdout)
    assert compared["band"] == again
    assert "middle 90 %" in gep("compare", "361027", "2021", "2022", "--bands", *store).stdout
    ranked = gep("rank", "抚州市", "2022", "--bands", *store, "--lang", "zh").stdout
    assert "按 GEP 排名" in ranked or "名次" in ranked
    assert (
        "--bands is of the order by gep" in gep("rank", "抚州市", "2022", "--by", "gep_per_km2", "--bands", *store, code=2).stderr
    )
    assert (
        "--bands is of two years" in gep("compare", "361027", "2022", "--standards", "a", "b", "--bands", *store, code=2).stderr
    )
