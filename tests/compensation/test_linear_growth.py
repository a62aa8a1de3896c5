"""Ten times the parties or rows take about ten times the work: counted in calls of functions, which no load of the machine changes."""

from __future__ import annotations

import cProfile
import pstats
from typing import TYPE_CHECKING

import pytest
from toy_schemes import HEADER, write_scheme

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.reference.regions import read_units_of_today

if TYPE_CHECKING:
    from pathlib import Path

POOL = (
    "inputs: {score: {by: party, unit: score}}\nconstants: {money: {value: '100', unit: 亿元, mark: D}}\n"
    "funds: {pool: {sources: [{from: province, amount: money}]}}\n"
    "rule: [{op: allocate, name: a, fund: pool, by: 'share(score, over=party)', floor: '1'}]\n"
)


def count_calls(folder: Path, parties: int, *, strays: bool) -> int:
    """Calls of functions that one pool of so many parties takes, with or without as many rows of counties that are none of them."""
    folder.mkdir()
    names = [f"p{at:05d}" for at in range(parties)]
    (folder / "members.csv").write_text("party,name\n" + "".join(f"{one},单位{one}\n" for one in names), "utf-8")
    scheme = write_scheme(folder / "s.yaml", POOL)
    scheme.write_text(scheme.read_text("utf-8").replace("members: [zhi, an, bo]", "members: {table: members.csv}"), "utf-8")
    rows = [f"score,{one},2021,{at % 97 + 1},score,final,toy\n" for at, one in enumerate(names)]
    counties = [one.code for one in read_units_of_today().values() if one.level == "county"][: parties * strays]
    rows += [f"score,{code},2021,1,score,final,toy\n" for code in counties]
    (folder / "f.csv").write_text(HEADER + "".join(rows), "utf-8")
    profile = cProfile.Profile()
    profile.enable()
    result = compute(find_scheme(str(scheme), 2021), read_facts([folder / "f.csv"]), 2021)
    profile.disable()
    assert len(result.postings) == parties + 1
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("strays", [False, True])
def test_a_pool_grows_in_proportion_to_its_parties(*, strays: bool, tmp_path: Path) -> None:
    count_calls(tmp_path / "warm", 10, strays=strays)
    few, many, most = (count_calls(tmp_path / str(parties), parties, strays=strays) for parties in (50, 250, 1250))
    assert (most - many) / (many - few) < 5.5
