"""`gep scenario`: what a stored account would come to under other land, inputs, coefficients or prices; nothing is stored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.compensation.find import find_scheme
from gep.compensation.members import find_members
from gep.compensation.summary import sum_parties
from gep.explain.rebuild import rebuild
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say
from gep.scenario.document import read_scenario
from gep.scenario.outcome import compute_outcomes
from gep.scenario.seek import seek
from gep.tasks.compensate import compensate
from gep.units.money import FEN_PER_YUAN
from gep.units.registry import UnitError, find_factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gep.compensation.compute import Result
    from gep.explain.wanted_figure import FromAccount
    from gep.scenario.document import Scenario
    from gep.scenario.outcome import Outcome, Outcomes
    from gep.scenario.seek import Reach
    from gep.store.keys import AccountKey
    from gep.store.store import Store


@dataclass(frozen=True)
class Transfer:
    """What a scheme would pay a county, in whole fen: with its account, and as each scenario supposes it (none of it booked)."""

    scheme: str
    year: int
    party: str
    base: int
    supposed: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """Scenarios beside their account; what it takes to reach an amount, and what a scheme would pay, where that was asked."""

    outcomes: Outcomes
    reach: Reach | None = None
    transfer: Transfer | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, money in yuan."""
        found = self.outcomes.as_dict()
        if self.reach is not None:
            found["reach"] = self.reach.as_dict()
        if self.transfer is not None:
            one = self.transfer
            money = {"base": one.base / FEN_PER_YUAN, "supposed": [fen / FEN_PER_YUAN for fen in one.supposed]}
            found["transfer"] = {"scheme": one.scheme, "year": one.year, "party": one.party, **money}
        return found


def find_outcomes(
    store: Store,
    key: AccountKey,
    documents: Sequence[Path],
    reach: str = "",
    of: str = "gep",
    change: int = 0,
    scheme: str = "",
    facts: Iterable[Path] = (),
    within: Path | None = None,
) -> Answer:
    """Return what scenarios on a stored account come to.

    Parameters
    ----------
    documents : scenarios, as `read_scenario` reads them
    reach  : an amount with its unit, such as 70 亿元, that a total or service is to come to; then one document is given
    of     : gep, a category or a service
    change : the number of the change that is varied, from 1; 0: the only one
    scheme : what this scheme would pay; id or file
    facts  : its tables of facts
    within : folder that tables of transitions must lie in, where documents come from elsewhere; None: any

    Raises
    ------
    Problems : what is wrong in the documents or the amount, what cannot be reached, a scheme that takes no figure of the account
    """
    scenarios = [read_scenario(one, key.county, within) for one in documents]
    _refuse_alike(scenarios)
    with store:
        account = rebuild(store, key.run, key.account)
    found = None
    if reach:
        if len(scenarios) != 1:
            refuse_one("--reach", say("{count} scenarios are given", count=len(scenarios)), "one, whose change is varied")
        found, scenarios[0] = seek(account, scenarios[0], _read_target(reach), of, change)
    outcomes = compute_outcomes(account, scenarios)
    return Answer(outcomes, found, _simulate_transfer(store, outcomes, scheme, list(facts)) if scheme else None)


def _refuse_alike(scenarios: Sequence[Scenario]) -> None:
    """Refuse scenarios of one title: side by side nobody could tell which numbers are whose."""
    seen: dict[str, Scenario] = {}
    problems = []
    for one in scenarios:
        if one.title in seen:
            found = say("the title {title!r} is that of {file} too", title=one.title, file=seen[one.title].file)
            problems.append(Problem(one.file, 0, found, "a title of its own for each scenario"))
        seen.setdefault(one.title, one)
    refuse(problems)


def _read_target(text: str) -> float:
    number, _, unit = text.strip().partition(" ")
    try:
        return float(number) * find_factor(unit.strip(), "CNY")
    except (ValueError, UnitError):
        refuse_one("--reach", say("the amount is {text!r}", text=text), "a number and its unit, such as 70 亿元")


def _simulate_transfer(store: Store, outcomes: Outcomes, scheme: str, facts: list[Path]) -> Transfer:
    """Return what a scheme would pay if the account's figures were those of each scenario; only as a simulation."""
    ready = find_scheme(scheme, outcomes.year)
    members = find_members(ready.scheme, outcomes.year, {outcomes.county}).codes
    member = next((name for name, code in members.items() if code == outcomes.county), "")
    taken = {name: one.account for name, one in ready.scheme.inputs.items() if one.account is not None}
    if not member or not taken:
        found = say("the scheme {scheme} takes no figure of an account of {county}", scheme=scheme, county=outcomes.county)
        refuse_one("--scheme", found, "a scheme with an input that has account, and the county among its members")
    base = _net(compensate(store, scheme, outcomes.year, facts).base, member)
    supposed = []
    for outcome in outcomes.found:
        what_if = [
            f"{name}@{member}={_find_figure(outcome, name, wanted) * find_factor('CNY', ready.scheme.inputs[name].unit):.2f}"
            for name, wanted in taken.items()
        ]
        simulated = compensate(store, scheme, outcomes.year, facts, what_if).result
        supposed.append(_net(simulated, member))
    return Transfer(ready.scheme.id, outcomes.year, member, base, tuple(supposed))


def _find_figure(outcome: Outcome, name: str, wanted: FromAccount) -> float:
    """Return what an input of a scheme is supposed to be, CNY/yr."""
    if wanted.figure != "value":
        found = say("{name} takes a quantity of the account", name=name)
        refuse_one("--scheme", found, "a scheme that takes values: of quantities a scenario says nothing")
    value = outcome.figures.get((wanted.of, "constant" if wanted.price == "constant" else "current"), math.nan)
    if not math.isfinite(value):
        said = say("{name} takes {of} in {price} prices", name=name, of=wanted.of, price=wanted.price)
        refuse_one("--scheme", said, "a figure that the account has")
    return value


def _net(result: Result, member: str) -> int:
    return next((int(row["net"]) for row in sum_parties(result) if row["party"] == member), 0)
