"""Explains a stored number from the store alone: the formula, the formula in numbers, and where each number came from."""

from __future__ import annotations

import math
from dataclasses import field
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.account.arrays import NO_MEMBER, Labels
from gep.account.shown import flag_members
from gep.explain.rebuild import MEMBERS, RecomputedAccount, print_address
from gep.formula.audit import pick_cell, print_audit_line
from gep.formula.check import is_priced
from gep.formula.nodes import ECOSYSTEM, PLACES, POLLUTANT, Observed, Rule, array_axis
from gep.formula.show import show_html_equation
from gep.formula.walk import list_leaves, list_rules_named
from gep.inputs.cover import read_cover
from gep.inputs.mean_year import read_mean
from gep.inputs.months import read_months
from gep.inputs.period_rows import find_shared_years
from gep.inputs.row_units import find_unit_step, joins_days
from gep.messages.citing import cite
from gep.records import dataclass
from gep.reference.members import WHOLE, list_types_above, list_with_children
from gep.reference.periods import list_years
from gep.rules.service import SHOWN
from gep.units.currencies import CONVERTED
from gep.units.registry import UnitError, count_days, remove_price_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.formula.evaluate import Step
    from gep.formula.nodes import Leaf


TYPE, GROUP, COUNTY = "type", "group", "county"
"""Levels of a figure, in their order of precedence."""


@dataclass(frozen=True)
class Origin:
    """One number of a formula: what it is, its value in `unit`, and the cell or table row it came from."""

    id: str
    symbol: str
    title_zh: str
    title_en: str
    members: str
    value: float
    unit: str
    as_given: str
    address: str
    source: str
    mark: str
    beaten: str = ""
    steps: str = ""
    """Unit and price steps from the figure as given to the value used."""
    level: str = ""
    """Of a figure that may be given for a type, its group or the county: which of them it was given for; else empty."""


@dataclass(frozen=True)
class Explained:
    """One rule in one cell: its formula, the formula in numbers, and what it comes to: `value` in `unit`."""

    rule: str
    variant: str
    title_zh: str
    title_en: str
    formula: str
    html: str
    members: str
    numbers: str
    value: float
    unit: str
    source: str
    clause: str
    mark: str
    origins: tuple[Origin, ...] = field(default_factory=tuple)


def explain_service(account: RecomputedAccount, service: str, ecosystem: str | None = None) -> list[Explained]:
    """Return how the value of a service came about, or under a standard of quantities the quantities of its lines; see `explain`."""
    standard = account.standard
    if not standard.physical or service not in standard.choices:
        return explain(account, f"{service}.value", ecosystem)
    counted = set(standard.lines_of(service))
    lines = [line for line in standard.known_services[service].lines if line.id in counted]
    parts = [part for line in lines for rule in line.quantities for part in explain(account, rule.id, ecosystem)]
    seen: dict[tuple[str, str], Explained] = {}
    for part in parts:
        seen.setdefault((part.rule, str(part.members)), part)
    return list(seen.values())


def explain_quantities(account: RecomputedAccount, ecosystem: str | None = None) -> list[Explained]:
    """Return the quantities of all lines of an account without prices, which stand in the place of its total; see `explain`."""
    standard = account.standard
    found = []
    for service in standard.choices:
        counted = set(standard.lines_of(service))
        rules = [one for line in standard.known_services[service].lines if line.id in counted for one in line.quantities]
        for rule in dict.fromkeys(one.id for one in rules):
            found += [part for part in explain(account, rule, ecosystem) if part.rule == rule]
    return [part for part in found if not math.isnan(part.value)]


def explain_shown(account: RecomputedAccount, scope: str, ecosystem: str | None = None) -> list[Explained]:
    """Return the figures that the standard only shows, of a service or (empty) of the whole account, without the rules below them."""
    steps = [step for step in account.steps if step.variant == SHOWN and step.scope == scope]
    return [part for step in steps for part in _explain_step(account, step, ecosystem)]


def explain(account: RecomputedAccount, rule: str, ecosystem: str | None = None) -> list[Explained]:
    """Return a rule and every rule below it, each in the cells it was computed in, the asked one first.

    Parameters
    ----------
    rule      : id
    ecosystem : id of an ecosystem type; None: all

    Returns
    -------
    One Explained a rule and cell: `value` in `unit`, and each number with its unit and the address of its cell
    """
    found: list[Explained] = []
    waiting, seen = [rule], set()
    while waiting:
        identity = waiting.pop(0)
        if identity in seen or identity not in account.evaluation.steps:
            continue
        seen.add(identity)
        step = account.evaluation.steps[identity]
        found += _explain_step(account, step, ecosystem)
        waiting += [named.id for named in list_rules_named(step.formula)]
    return found


def _explain_step(account: RecomputedAccount, step: Step, ecosystem: str | None) -> list[Explained]:
    row = account.rule_of[step.rule.id]
    result = account.evaluation.results[step.rule.id]
    found = []
    has = np.broadcast_to(flag_members(account.evaluation, step), result.shape) if step.variant == SHOWN else None
    for cell in np.ndindex(result.shape):
        value = pick_cell(result, cell)
        if not np.isfinite(value) and result.size > 1:
            continue
        if has is not None and result.size > 1 and not has[cell]:  # of a type that the account has none of, or no service counts
            continue
        if not _counts(account, step, cell, result.shape) or _stated_none(account, step, cell):
            continue
        members = _members(account.labels, step.rule, cell, result.shape)
        if (
            ecosystem is not None
            and ECOSYSTEM in step.rule.axes
            and result.shape[1] > 1
            and account.labels.ecosystem[cell[1]] != ecosystem
        ):
            continue
        printed = print_audit_line(account.evaluation, step, cell)
        found.append(
            Explained(
                step.rule.id,
                step.variant,
                step.rule.title.zh,
                step.rule.title.en,
                str(row["formula"]),
                show_html_equation(step.rule, step.formula),
                members,
                printed.arithmetic if printed.arithmetic.strip("(?) +") else "?",
                value,
                step.rule.unit,
                str(row["source"]),
                str(row["clause"]),
                str(row["mark"]),
                tuple(_origins(account, step, cell)),
            )
        )
    return found


def _counts(account: RecomputedAccount, step: Step, cell: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    for axis in (ECOSYSTEM, POLLUTANT):
        flags = account.evaluation.bound.counted.get((step.scope, axis))
        where = array_axis(axis)
        if (
            flags is not None
            and shape[where] > 1
            and not pick_cell(flags, tuple(cell[where] if one == where else 0 for one in range(len(shape))))
        ):
            return False
    return True


def _stated_none(account: RecomputedAccount, step: Step, cell: tuple[int, ...]) -> bool:
    """Whether the county states that it has none of the members of a cell (an area of 0)."""
    extents = [
        one
        for one in account.evaluation.extents(step.formula)
        if any(array_axis(axis) and cell[array_axis(axis)] for axis in one.axes)
    ]
    arrays = [account.evaluation.bound.arrays[one.id] for one in extents]
    known = [pick_cell(array, cell) for array in arrays if any(size > 1 for size in array.shape)]
    known = [value for value in known if not np.isnan(value)]
    return bool(known) and all(value == 0 for value in known)


def _members(labels: Labels, rule: Rule, cell: tuple[int, ...], shape: tuple[int, ...]) -> str:
    return " ".join(labels.name(axis, 0, cell[array_axis(axis)]) for axis in rule.axes if shape[array_axis(axis)] > 1).strip()


def _origins(account: RecomputedAccount, step: Step, cell: tuple[int, ...]) -> list[Origin]:
    """Return the origin of every leaf of a rule in a cell; a sum names the leaves of all its members."""
    found = []
    shape = account.evaluation.results[step.rule.id].shape
    for leaf in list_leaves(step.formula):
        places = {
            array_axis(axis): cell[array_axis(axis)]
            for axis in leaf.axes
            if axis in step.rule.axes and shape[array_axis(axis)] > 1
        }
        names = {
            _COLUMNS.get(place, "product"): account.labels.name(_axis_at(leaf, place), 0, at) for place, at in places.items()
        }
        for number in _find_winners(account, leaf, places):
            if number < len(account.inputs):
                found.append(_from_inputs(account, leaf, account.inputs[number], names))
            else:
                found.append(_from_tables(account, leaf, account.used[number - len(account.inputs)]))
    return found


_COLUMNS = {place: axis for axis, place in PLACES.items()}


def _axis_at(leaf: Leaf, place: int) -> str:
    return next(axis for axis in leaf.axes if array_axis(axis) == place)


def _find_winners(account: RecomputedAccount, leaf: Leaf, places: Mapping[int, int]) -> list[int]:
    """Return the numbers of the rows that a leaf has its values from, at places on some axes and all along the others.

    A value for all members is not among them where each member has its own.
    """
    winners = account.winners.get(leaf.id)
    if winners is None:
        return []
    at = tuple(
        slice(places[axis], places[axis] + 1) if axis in places and size > 1 else slice(None)
        for axis, size in enumerate(winners.shape)
    )
    cells = winners[at]
    if not (isinstance(leaf, Observed) and leaf.whole):
        for axis in set(PLACES.values()) - set(places):
            named = [place for place, name in enumerate(account.labels.names(axis)) if name not in {WHOLE, NO_MEMBER}]
            if cells.shape[axis] > 1 and not np.isnan(inside := np.take(cells, named, axis=axis)).all():
                cells = inside
    return [int(number) for number in np.unique(cells[~np.isnan(cells)])]


def _level(leaf: Leaf, ecosystem: str) -> str:
    """Return whether a figure is of a type, of its group or of the county; empty where a leaf does not say it in that way."""
    if ECOSYSTEM not in leaf.axes or (isinstance(leaf, Observed) and leaf.extent):
        return ""
    if not ecosystem:
        return COUNTY
    return GROUP if len(list_types_above(ecosystem)) == 1 and len(list_with_children(ecosystem)) > 1 else TYPE


def _beats(account: RecomputedAccount, leaf: Leaf, row: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """Return the places of the other figures of the county that hold where a figure was used, and say less than it."""
    if isinstance(leaf, Observed) and leaf.extent:
        return []
    of = {column: names.get(column) or str(row[column] or "") for column in MEMBERS}
    holders = {"", *list_types_above(of["ecosystem"])}
    holding = product(holders, {"", of["pollutant"]}, {"", of["product"]})
    found = sorted(one for members in holding for one in account.places_of.get((leaf.id, *members), ()))
    return [place for _, place in found if place != print_address(row)]


def _from_inputs(account: RecomputedAccount, leaf: Leaf, row: dict[str, Any], names: Mapping[str, str]) -> Origin:
    price, ratio = _price_step(account, leaf, int(row["price_year"]))
    unit = str(row["unit_given"] or "")
    return Origin(
        leaf.id,
        leaf.symbol,
        leaf.title.zh,
        leaf.title.en,
        " ".join(str(row[name]) for name in MEMBERS if row[name]),
        float(row["value"]) * ratio,
        leaf.unit,
        f"{row['value_given']} {unit}".strip(),
        print_address(row),
        str(row["source"] or ""),
        "local" if not isinstance(leaf, Observed) else "",
        " ".join(_beats(account, leaf, row, names)),
        " ".join(filter(None, (_unit_step(leaf, unit, account.year), _share_step(row, account.year), price, _say_note(row)))),
        _level(leaf, str(row["ecosystem"] or "")),
    )


def _from_tables(account: RecomputedAccount, leaf: Leaf, row: dict[str, Any]) -> Origin:
    price, ratio = _price_step(account, leaf, int(row["price_year"]))
    return Origin(
        leaf.id,
        leaf.symbol,
        leaf.title.zh,
        leaf.title.en,
        " ".join(str(row[name]) for name in MEMBERS if row[name]),
        float(row["computed"]) * ratio,
        leaf.unit,
        f"{row['value']:.15g} {row['unit']}",
        str(row["address"]),
        cite(row["source"], row["locator"], row["region"]),
        str(row["mark"]),
        str(row["beaten"] or ""),
        " ".join(filter(None, (_unit_step(leaf, row["unit"], 0), price, _say_rate(str(row["note"] or ""))))),
    )


def _share_step(row: Mapping[str, Any], year: int) -> str:
    """Return the step from the sum over a period to a year, where a sum was stated."""
    count = find_shared_years(str(row["note"] or ""), year)
    return "" if count == 1 else f"÷ {count} (sum of / 合计 {year})"


def _say_note(row: Mapping[str, Any]) -> str:
    """Return what a note says of how the figure was made: its cover, the months or the years of a period that it was made of."""
    note = str(row["note"] or "")
    return " ".join(filter(None, (_say_cover(note), read_months(note), read_mean(note), _say_rate(note))))


def _say_rate(note: str) -> str:
    """Return by which rate a figure came out of another currency, where its note says so."""
    _, found, said = note.partition(CONVERTED)
    return f"(converted / 按汇率换算: {said})" if found else ""


def _say_cover(note: str) -> str:
    """Return from how much of its area a mean was found, in both languages, where its note says so."""
    share = read_cover(note)
    return "" if share is None else f"(data / 有数据: {share:.2%} of the area / 面积)"


def _unit_step(leaf: Leaf, given: str, year: int) -> str:
    """Return the conversion from the unit as given, where it changes the number."""
    try:
        by, _ = find_unit_step(leaf, given, year)
    except UnitError:  # a unit that this program no longer knows; the stored value stands
        return f"({given} → {leaf.unit})"
    days = f", {' + '.join(str(count_days(one)) for one in list_years(year))} d/a" if year and joins_days(leaf, given) else ""
    return "" if by == 1 else f"× {by:.15g} ({remove_price_year(given)} → {leaf.unit}{days})"


def _price_step(account: RecomputedAccount, leaf: Leaf, price_year: int) -> tuple[str, float]:
    """Return the step from a price year to the account's own year, and its ratio; NaN without an index."""
    if not price_year or price_year == account.record.basis_year or not is_priced(leaf):
        return "", 1.0
    index = account.standard.price_index
    ratio = account.record.ratios.get((price_year, account.record.basis_year))
    if ratio is None:
        return f"(no {index} {price_year} → {account.record.basis_year})", float("nan")
    own = "; ".join(_list_index_rows(account, price_year, account.record.basis_year))
    return f"× {ratio!r} ({index} {price_year} → {account.record.basis_year}{'; ' if own else ''}{own})", ratio


def _list_index_rows(account: RecomputedAccount, one: int, other: int) -> list[str]:
    """Return the index rows that the county gave for the years between two, each with its cell and source."""
    first, last = sorted((one, other))
    rows = {int(row["product"]): row for row in account.inputs_of.get("price_index", [])}
    return [
        f"price_index {year} = {row['value_given']} {row['unit_given'] or ''}".rstrip()
        + f", {print_address(row)}, {row['source'] or ''}".rstrip(", ")
        for year, row in sorted(rows.items())
        if first < year <= last
    ]
