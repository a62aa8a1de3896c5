"""What scenarios come to beside their base, and by what: land, intensity and prices, exactly additive in whole fen."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.account.account import make_account
from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import add_rows
from gep.compare.shapley import compute_shapley_shares, list_states
from gep.formula.check import is_priced
from gep.formula.evaluate import Evaluation
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import join_list, name_id, say
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.scenario.document import AREA
from gep.scenario.suppose import list_empty_types, list_figures, read_together, suppose
from gep.units.allocation import round_parts_to_fen
from gep.units.money import FEN_PER_YUAN, round_to_fen
from gep.units.registry import parse_unit
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gep.account.account import Account
    from gep.explain.rebuild import RecomputedAccount
    from gep.formula.evaluate import Floats
    from gep.formula.nodes import Leaf
    from gep.scenario.document import Scenario

LAND, INTENSITY, PRICE = "land", "intensity", "price"
CAUSES = (LAND, INTENSITY, PRICE)


@dataclass(frozen=True)
class Effect:
    """A value as stored and as supposed, in whole fen; `base` + the parts = `supposed`."""

    name: str
    base: int
    supposed: int
    parts: Mapping[str, int]

    @property
    def change(self) -> int:
        """The difference in fen."""
        return self.supposed - self.base


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to.

    Attributes
    ----------
    total, services : in whole fen a year
    still : services that do not move although land does: what was stated for the place or a type as a whole stays what it is
    figures : (gep, category or service; current or constant) → what it is supposed to come to, CNY/yr
    """

    scenario: Scenario
    total: Effect
    services: tuple[Effect, ...]
    still: tuple[str, ...]
    figures: Mapping[tuple[str, str], float]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, money in yuan as exact decimals of two places."""
        one = self.scenario
        return {
            "file": one.file,
            "title": one.title,
            "author": one.author,
            "basis": one.basis,
            "moved_km2": one.moved,
            "cost": one.cost,
            "effects": [_print_effect(effect) for effect in (self.total, *self.services)],
            "still": list(self.still),
        }


@dataclass(frozen=True)
class Outcomes:
    """Scenarios beside the account that they are of; none of it is stored."""

    county: str
    year: int
    standard: str
    run: int
    measures: str
    """What the totals are: gep, or equivalents."""
    found: tuple[Outcome, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return them as plain values."""
        head = {name: getattr(self, name) for name in ("county", "year", "standard", "run", "measures")}
        return {**head, "unit": "CNY/yr", "scenarios": [one.as_dict() for one in self.found]}


def compute_outcomes(account: RecomputedAccount, scenarios: Sequence[Scenario]) -> Outcomes:
    """Return what scenarios on a stored account come to, all in one pass.

    Each difference is shared out among land, intensity (inputs and coefficients) and prices by Shapley's value over accounts
    mixed of the two: no order of the causes is preferred, and nothing is left over.

    Raises
    ------
    Problems : changes that cannot be meant of this account; a figure that a scenario would need; a change without effect;
               an account that comes to another total under the present coefficients

    Source: Shapley 1953.
    """
    made = compute_supposed(account, tuple(scenarios))
    mixed = _Mixed(made)
    values = {state: mixed.evaluate(state) for state in list_states(len(CAUSES))}
    services = [name for name in SERVICE_TITLES if f"{name}.value" in mixed.rules]
    outcomes = []
    for at, scenario in enumerate(scenarios):
        effects = [effect for name in services if (effect := _split(name, values, at)) is not None]
        parts = {cause: sum(one.parts[cause] for one in effects) for cause in CAUSES}
        total = Effect("gep", sum(one.base for one in effects), sum(one.supposed for one in effects), parts)
        still = tuple(one.name for one in effects if scenario.moved and not one.parts[LAND])
        outcomes.append(Outcome(scenario, total, tuple(effects), still, dict(_list_figures(made, at + 1))))
    head = account.head
    return Outcomes(
        str(head["county"]), account.year, str(head["standard"]), int(head["run"]), account.standard.measures, tuple(outcomes)
    )


def compute_supposed(account: RecomputedAccount, scenarios: tuple[Scenario, ...]) -> Account:
    """Return a batch of the account as stored (the first) and as each scenario supposes it.

    Raises
    ------
    Problems : as `compute_outcomes`
    """
    figures = list_figures(account)
    base = [*figures, *list_empty_types(figures, scenarios)]
    frames = [base, *(suppose(account, base, one) for one in scenarios)]
    inputs = read_together(account, frames)
    tables = add_rows(read_shipped_tables(), account.standard.own_rows)
    constant = account.head["constant_year"]
    made = make_account(account.standard, inputs, tables, int(constant) if constant and not math.isnan(constant) else None)
    _refuse_other_base(account, made)
    refuse([*_find_lost(made, scenarios), *_find_idle(made, scenarios)])
    return made


def _refuse_other_base(account: RecomputedAccount, made: Account) -> None:
    """Refuse an account that the present coefficients give another value of: the scenario would be charged with their change."""
    stored, now = account.evaluation.results["gep.total"].reshape(-1)[0], made.current.results["gep.total"].reshape(-1)[0]
    if not math.isclose(stored, now, rel_tol=1e-12):
        refuse_one(
            str(account.head["county"]),
            say(
                "the account is {stored:,.2f} yuan and comes to {now:,.2f} with the present coefficients", stored=stored, now=now
            ),
            "an account of the present coefficients",
            "gep run its inputs again, then ask for the scenario",
        )


def _find_lost(made: Account, scenarios: tuple[Scenario, ...]) -> list[Problem]:
    """Return the services that a scenario loses for want of a figure, each with what is missing."""
    table = made.services.set_index(["account", "service"])
    problems = []
    known = {**VARIABLES, **COEFFICIENTS}
    for at, scenario in enumerate(scenarios, start=1):
        for service in dict.fromkeys(made.services["service"]):
            before, after = table.loc[(0, service)], table.loc[(at, service)]
            if before["status"] == "accounted" and after["status"] != "accounted":
                names = [name_id(str(one), known) for one in after["missing"]]
                found = say("{service} has no value any more: {names} is missing", service=service, names=join_list(names))
                types = ", ".join(dict.fromkeys(one.target for one in scenario.changes if one.target))
                hint = say("add a change with variable, ecosystem ({types}) and value", types=types) if types else ""
                problems.append(Problem(scenario.file, 0, found, "every service that the account has", hint))
    return problems


def _find_idle(made: Account, scenarios: tuple[Scenario, ...]) -> list[Problem]:
    """Return the changes that nothing reads under the standard."""
    rows = Counter(f"{file}:{line}" for file, line in zip(made.inputs.rows["file"], made.inputs.rows["line"], strict=True))
    idle = Counter(unread.place for unread in made.unread if unread.account)
    return [
        Problem(
            one.file, one.line, say("nothing reads {name} under this standard", name=one.variable), "a figure that has an effect"
        )
        for scenario in scenarios
        for one in scenario.changes
        if not one.is_transition and idle[place := f"{one.file}:{one.line}"] and idle[place] == rows[place]
    ]


class _Mixed:
    """Accounts that take some of their causes from the base and the others from each scenario."""

    def __init__(self, made: Account) -> None:
        self.made = made
        self.rules = {step.rule.id for step in made.plan.steps}
        self.leaves = {**made.plan.observed, **made.plan.coefficients}
        self.count = made.binding.bound.accounts - 1

    def evaluate(self, state: tuple[int, ...]) -> Mapping[str, Floats]:
        """Return the results of all scenarios with the causes put in that a state has as 1."""
        chosen = dict(zip(CAUSES, state, strict=True))
        bound = self.made.binding.bound

        def take(array: Any, cause: str) -> Any:
            if len(array) == 1:
                return array
            return array[1:] if chosen[cause] else np.repeat(array[:1], self.count, axis=0)

        arrays = {name: take(array, _find_cause(self.leaves[name])) for name, array in bound.arrays.items()}
        listed = {name: take(flags, _find_cause(self.leaves[name])) for name, flags in bound.listed.items()}
        inapplicable = {name: take(flags, INTENSITY) for name, flags in bound.inapplicable.items()}
        inputs = replace(bound, accounts=self.count, arrays=arrays, listed=listed, inapplicable=inapplicable)
        found = Evaluation(self.made.plan.steps, inputs)
        found.run()
        return found.results


def _find_cause(leaf: Leaf) -> str:
    """Return what a leaf belongs to: land is the area of types, prices are money per something, the rest is intensity."""
    if leaf.id == AREA:
        return LAND
    return PRICE if is_priced(leaf) and parse_unit(leaf.unit) != parse_unit("CNY/yr") else INTENSITY


def _list_figures(made: Account, at: int) -> Iterator[tuple[tuple[str, str], float]]:
    for table, column in ((made.totals, "category"), (made.services, "service")):
        rows = table[table["account"] == at]
        for name, current, constant in zip(rows[column], rows["value"], rows["value_constant"], strict=True):
            yield (str(name), "current"), float(current)
            yield (str(name), "constant"), float(constant)


def _split(name: str, values: Mapping[tuple[int, ...], Mapping[str, Floats]], at: int) -> Effect | None:
    exact = {}
    for state, results in values.items():
        flat = results[f"{name}.value"].reshape(-1)
        value = float(flat[at if len(flat) > 1 else 0])
        if not math.isfinite(value):
            return None
        exact[state] = Fraction(value)
    base, supposed = (round_to_fen(exact[(one,) * len(CAUSES)]) for one in (0, 1))
    shares = round_parts_to_fen(compute_shapley_shares(exact), supposed - base)
    return Effect(name, base, supposed, dict(zip(CAUSES, shares, strict=True)))


def _print_effect(effect: Effect) -> dict[str, Any]:
    parts = {name: part / FEN_PER_YUAN for name, part in effect.parts.items()}
    return {
        "id": effect.name,
        "base": effect.base / FEN_PER_YUAN,
        "supposed": effect.supposed / FEN_PER_YUAN,
        "change": effect.change / FEN_PER_YUAN,
        **parts,
    }
