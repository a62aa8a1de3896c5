"""Splits the change of an account from one year to another into quantity, price, coefficients, coverage and rules, to the fen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gep.account.status import EXCLUDED
from gep.compare.counterfactual import Counterfactuals, Mix
from gep.compare.inputs import COEFFICIENT, COVERAGE, PRICE, QUANTITY, RULES, InputPart, ServiceInputs
from gep.compare.shapley import compute_shapley_shares, list_states
from gep.messages.title import Title
from gep.reference.services import SERVICE_TITLES
from gep.rules.gep import TOTAL
from gep.store.accounts import list_shown
from gep.store.county_figures import list_quantities_of
from gep.store.record import read_record
from gep.store.results import read_statuses
from gep.units.allocation import round_parts_to_fen
from gep.units.money import round_to_fen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from gep.compare.inputs import Share
    from gep.store.keys import AccountKey
    from gep.store.record import StoredRecord
    from gep.store.results import ServiceStatus
    from gep.store.rows import Connection

    Statuses = tuple[Mapping[str, ServiceStatus], Mapping[str, ServiceStatus]]

ROUNDING = "rounding"
CAUSES = (QUANTITY, PRICE, COEFFICIENT, COVERAGE, RULES)


@dataclass(frozen=True)
class Decomposition:
    """A value in two years and what moved it, all in whole fen; `one` + the parts = `other`. None: not accounted for."""

    name: str
    one: int | None
    other: int | None
    parts: dict[str, int]
    inputs: tuple[InputPart, ...] = ()
    """What each part comes from, input by input; for every cause they add up to its part."""

    @property
    def change(self) -> int:
        """The change in fen; what is not accounted for counts as nothing here, and its coming or going as coverage."""
        return (self.other or 0) - (self.one or 0)


@dataclass(frozen=True)
class QuantityChange:
    """The physical quantity of a service in two years in one unit; None: there is none of that unit."""

    service: str
    unit: str
    one: float | None
    other: float | None


@dataclass(frozen=True)
class ShownPair:
    """A figure that the standard only shows, or a member of one, in two years, in `unit`; None where a year has no value."""

    figure: str
    title: Title
    unit: str
    one: float | None
    other: float | None


@dataclass(frozen=True)
class Comparison:
    """The change of every service and of the total in whole fen, in current and in constant prices."""

    county: str
    standard: str
    years: tuple[int, int]
    runs: tuple[int, int]
    constant_year: int | None
    current: tuple[Decomposition, ...]
    """Services that either year accounts for, then the total."""
    constant: tuple[Decomposition, ...]
    neither: tuple[str, ...]
    """Services that the standard counts and neither year accounts for."""
    quantities: tuple[QuantityChange, ...] = ()
    """Of services that have quantities and no values in either year."""
    shown: tuple[ShownPair, ...] = ()
    """Figures that the standard only shows."""
    county_before: str = ""
    """Code of the county in the first year: another one where its code changed between them."""


def compare_years(connection: Connection, one: AccountKey, other: AccountKey, constant_year: int | None = None) -> Comparison:
    """Return what moved an account from one year to another, service by service, in whole fen.

    Parameters
    ----------
    one, other    : accounts of the same county in two years
    constant_year : price year of the second series; None: that of both runs, or else the first of the two years

    Each service's change is shared out by Shapley's value over mixed accounts, each of which is evaluated with the rules the
    store keeps; see `docs/compare.md` for what counts as quantity, price, coefficient and coverage.

    Source: Shapley's value, as in `gep.compare.shapley`.
    """
    before, after = read_record(connection, one.run, one.account), read_record(connection, other.run, other.account)
    common = {_year(kept.head["constant_year"]) for kept in (before, after)}
    basis = constant_year or (common.pop() if len(common) == 1 else None) or before.basis_year
    statuses = (read_statuses(connection, one), read_statuses(connection, other))
    pair = Counterfactuals(before, after)
    services = [name for name in SERVICE_TITLES if any(name in standard.choices for standard in pair.standards)]
    current = _splits(pair, services, statuses)
    constant = _splits(Counterfactuals(before, after, basis, pair), services, statuses)
    if any(split.one is None and split.other is None for split in constant[-1:]) and current[-1].other is not None:
        constant, basis = (), 0
    neither = tuple(name for name in services if name not in {split.name for split in current})
    return Comparison(
        other.county,
        other.standard,
        (one.year, other.year),
        (one.run, other.run),
        basis or None,
        current,
        constant,
        neither,
        tuple(_change_quantities(connection, one, other, neither)),
        tuple(_pair_shown(connection, one, other)),
        one.county,
    )


def _pair_shown(connection: Connection, one: AccountKey, other: AccountKey) -> Iterator[ShownPair]:
    """Yield the figures that are only shown of two accounts side by side, by figure, member and unit."""
    years = [
        {
            (each.figure, each.ecosystem, each.pollutant, each.item, each.unit): each
            for each in list_shown(connection, key.run, key.account)
        }
        for key in (one, other)
    ]
    for key in dict.fromkeys([*years[0], *years[1]]):
        figure = years[1].get(key) or years[0][key]
        values = [found[key].value if key in found else None for found in years]
        yield ShownPair(figure.figure, Title(figure.name("zh"), figure.name("en")), figure.unit, *values)


def _change_quantities(
    connection: Connection, one: AccountKey, other: AccountKey, services: tuple[str, ...]
) -> Iterator[QuantityChange]:
    """Yield the quantities of services in two accounts; where their units differ, one row a unit."""
    before, after = (list_quantities_of(connection, key.run, key.account) for key in (one, other))
    for service in services:
        for unit in dict.fromkeys(found[service][1] for found in (before, after) if service in found):
            pair = [found[service][0] if service in found and found[service][1] == unit else None for found in (before, after)]
            yield QuantityChange(service, unit, *pair)


def split_change(connection: Connection, one: AccountKey, other: AccountKey, record: StoredRecord) -> tuple[Decomposition, ...]:
    """Return what moved the services of an account from one year to another, in current prices, whole fen; without the total.

    Parameters
    ----------
    record : what is stored of the other
    """
    pair = Counterfactuals(read_record(connection, one.run, one.account), record)
    return _splits(pair, list(SERVICE_TITLES), (read_statuses(connection, one), read_statuses(connection, other)))[:-1]


def split_services(
    connection: Connection, pair: Counterfactuals, one: AccountKey, other: AccountKey
) -> tuple[Decomposition, ...]:
    """Return what moved each service between the accounts of a pair, at the pair's prices, in whole fen; inputs are not told apart."""
    statuses = (read_statuses(connection, one), read_statuses(connection, other))
    return _splits(pair, list(SERVICE_TITLES), statuses, by_input=False)[:-1]


def _year(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not math.isnan(value) else None


def _splits(
    pair: Counterfactuals, services: list[str], statuses: Statuses, *, by_input: bool = True
) -> tuple[Decomposition, ...]:
    causes = CAUSES[:-1] if pair.same_rules else CAUSES
    mixes = {
        (quantity, price, coefficient, coverage, *rules): Mix(
            quantity, price, coefficient, coverage, rules=rules[0] if rules else 1
        )
        for quantity, price, coefficient, coverage, *rules in list_states(len(causes))
    }
    mixed = pair.evaluate_all(mixes, (TOTAL, *(f"{name}.value" for name in services)))
    first, last = mixed[(0,) * len(causes)], mixed[(1,) * len(causes)]
    found = [split for name in services if (split := _split(name, pair, mixed, causes, statuses, by_input=by_input)) is not None]
    one, other = first[TOTAL], last[TOTAL]
    parts = {cause: sum(split.parts.get(cause, 0) for split in found) for cause in CAUSES}
    total = Decomposition(
        "gep", None if one is None else round_to_fen(one), None if other is None else round_to_fen(other), parts
    )
    parts[ROUNDING] = total.change - sum(parts.values())
    return (*found, replace(total, inputs=_add_up([*(one for split in found for one in split.inputs)], parts[ROUNDING])))


def _split(
    name: str,
    pair: Counterfactuals,
    mixed: Mapping[tuple[int, ...], Mapping[str, Fraction | None]],
    causes: tuple[str, ...],
    statuses: Statuses,
    *,
    by_input: bool,
) -> Decomposition | None:
    count, rule = len(causes), f"{name}.value"
    one, other = mixed[(0,) * count][rule], mixed[(1,) * count][rule]
    if one is None and other is None:
        return None
    before, after = None if one is None else round_to_fen(one), None if other is None else round_to_fen(other)
    change = (after or 0) - (before or 0)
    if one is None or other is None:
        known = 0 if other is None else 1
        status = statuses[1 - known].get(name)
        whole = InputPart(
            COVERAGE,
            "",
            change,
            SERVICE_TITLES[name][1],
            only=pair.accounts[known].year,
            service=name,
            status=status.status if status else EXCLUDED,
            lacks=tuple(filter(None, status.missing.split(";"))) if status else (),
        )
        return Decomposition(name, before, after, {COVERAGE: change}, (whole,))
    values = {state: known[rule] for state, known in mixed.items()}
    finite = {state: value for state, value in values.items() if value is not None}
    if len(finite) < len(values):  # the other rules ask for what the other year does not have
        return Decomposition(name, before, after, {RULES: change}, (InputPart(RULES, "", change),))
    parts = dict(zip(causes, round_parts_to_fen(compute_shapley_shares(finite), change), strict=True))
    shares = list(ServiceInputs(pair, name, causes).share_out()) if by_input and any(parts.values()) else []
    return Decomposition(name, before, after, parts, tuple(_in_fen(parts, shares)))


def _in_fen(parts: Mapping[str, int], shares: Sequence[Share]) -> Iterator[InputPart]:
    """Yield the inputs of every part in whole fen, the largest first; a part that nothing is told of stands as a whole."""
    for cause, part in parts.items():
        of = [share for share in shares if share.part.cause == cause]
        rounded = round_parts_to_fen([share.share for share in of], part) if of else []
        found = [replace(share.part, part=fen) for share, fen in zip(of, rounded, strict=True) if fen]
        if part and not of:
            found = [InputPart(cause, "", part)]
        yield from sorted(found, key=lambda one: -abs(one.part))


def _add_up(inputs: Sequence[InputPart], rounding: int) -> tuple[InputPart, ...]:
    """Return what every input moved the total by, over all services, cause by cause, the largest first."""
    sums: dict[InputPart, int] = {}
    for one in inputs:
        key = replace(one, part=0)
        sums[key] = sums.get(key, 0) + one.part
    found = [replace(one, part=part) for one, part in sums.items() if part]
    if rounding:
        found.append(InputPart(ROUNDING, "", rounding))
    order = (*CAUSES, ROUNDING)
    return tuple(sorted(found, key=lambda one: (order.index(one.cause), -abs(one.part))))
