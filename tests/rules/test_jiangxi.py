"""All 100 counties of Jiangxi from the grids in one run, and whether the result is plausible."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import ROOT

from gep.account.account import Account
from gep.formula.nodes import ECOSYSTEM, total
from gep.tasks.run import run_account


@pytest.fixture(scope="module")
def province() -> Account:
    return run_account([ROOT / "inputs/jiangxi-2019-grids"])


def test_all_counties_are_there(province: Account) -> None:
    assert len(province.inputs.accounts) == 100
    water = province.services[province.services["service"] == "water_conservation"]
    assert (water["status"] == "accounted").sum() >= 97  # a district that is all town has none of the types that count


def test_water_conservation_per_km2_lies_in_the_published_band(province: Account) -> None:
    area = province.plan.observed["area"]
    volume = province.current.value(
        total(province.current.steps["water_conservation.volume"].rule, over=ECOSYSTEM), "water_conservation"
    )[:, 0, 0, 0]
    land = province.current.value(total(area, over=ECOSYSTEM), "water_conservation")[:, 0, 0, 0]
    covered = land > 0
    density = volume[covered] / land[covered] / 1e4
    assert covered.sum() >= 97
    inside = (density >= 40) & (density <= 90)
    assert inside.mean() >= 0.9, np.sort(density)  # the rest are city districts of a few cells of sparse trees
    assert 40 <= volume[covered].sum() / land[covered].sum() / 1e4 <= 90
    assert density.min() > 30
    assert density.max() < 100


def test_what_the_grids_do_not_give_stays_missing(province: Account) -> None:
    rest = province.services[
        ~province.services["service"].isin(["water_conservation"])
        & ~province.services["status"].isin(["excluded", "not applicable"])
    ]
    assert set(rest[rest["status"] == "accounted"]["value"]) <= {0.0}  # a district that states none of the types that count
    assert (rest["status"] == "no data").mean() > 0.98
