"""A stored account computed again: as it was, and with other arrays, prices or rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import ROOT

from gep.explain.rebuild import RecomputedAccount, rebuild
from gep.store.keys import find_account
from gep.store.opening import open_to_read
from gep.store.saving import save
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from gep.account.account import Account

JINXI = ROOT / "inputs" / "361027-2022"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Account, RecomputedAccount]:
    """An account as it was computed, and the same from its store."""
    path = tmp_path_factory.mktemp("rebuild") / "gep.duckdb"
    account = run_account([JINXI], "ndrc-2022", 2020)
    save(account, path)
    with open_to_read(path) as connection:
        key = find_account(connection, "361027", 2022, "ndrc-2022")
        return account, rebuild(connection, key.run, key.account)


def test_every_result_is_the_stored_one_to_the_last_bit(pair: tuple[Account, RecomputedAccount]) -> None:
    account, again = pair
    for rule, before in account.current.results.items():
        if before.size == 1:
            np.testing.assert_array_equal(again.evaluation.results[rule].reshape(-1), before.reshape(-1), rule)


def test_other_prices_give_the_constant_series_and_leave_the_account_as_it_was(pair: tuple[Account, RecomputedAccount]) -> None:
    account, again = pair
    assert account.constant is not None
    constant = again.with_(prices=2020)
    assert constant.evaluation.results["gep.total"].item() == account.constant.results["gep.total"].item()
    assert again.evaluation.results["gep.total"].item() == account.current.results["gep.total"].item()
    back = constant.with_(prices=2022)
    assert back.evaluation.results["gep.total"].item() == account.current.results["gep.total"].item()


def test_arrays_with_a_leading_axis_are_variants_in_one_pass(pair: tuple[Account, RecomputedAccount]) -> None:
    _, again = pair
    rain = again.bound.arrays["precipitation"]
    both = again.with_(arrays={"precipitation": np.concatenate([rain, rain * 1.1])}).evaluation.results[
        "water_conservation.value"
    ]
    alone = [
        again.with_(arrays={"precipitation": rain * by}).evaluation.results["water_conservation.value"].item()
        for by in (1.0, 1.1)
    ]
    assert both.reshape(-1).tolist() == alone
    assert alone[0] == again.evaluation.results["water_conservation.value"].item() < alone[1]


def test_fewer_rules_give_the_same_results(pair: tuple[Account, RecomputedAccount]) -> None:
    _, again = pair
    first = again.with_(rules=again.steps[:5]).evaluation.results
    assert list(first) == [step.rule.id for step in again.steps[:5]]
    for rule, value in first.items():
        np.testing.assert_array_equal(value, again.evaluation.results[rule])
