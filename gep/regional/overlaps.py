"""Finds what counties report twice: how much declared shares take off each account, and what may be counted twice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.formula.nodes import total
from gep.inputs.shared_waters import Share, find_named_water, fold
from gep.rules.catalogue import SERVICES
from gep.store.waters import list_items, list_positive_figures, list_shared_notes, sum_accounted_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gep.formula.evaluate import Evaluation, Floats
    from gep.formula.nodes import Node, Rule
    from gep.regional.coverage import CountedAccount
    from gep.rules.service import Service
    from gep.store.rows import Connection
    from gep.store.waters import LineSum

WATER_LINES = tuple(sorted(line.id for one in SERVICES.values() for line in one.lines if "lake" in line.value.axes))
"""Lines whose items are single water bodies."""

DENOMINATORS = {"gep_per_km2": "land_area", "gep_per_head": "population", "gep_per_gdp": "gdp"}
"""Ratio → the input it divides by; shared parts of these are taken off the denominator, not off services."""

SAME_FIGURE = ("reservoir_capacity", "reservoir_flood_capacity", "flood_reservoir_volume", "flood_lake_volume", "marsh_area")
"""Inputs without the names of waters in which the same figure in two counties of a prefecture is conspicuous."""


@dataclass(frozen=True)
class Taken:
    """What a declared share takes off one line of a county's account: `quantity` in the line's unit, values in CNY/yr."""

    water: str
    county: str
    share: float
    service: str
    line: str
    item: str
    quantity: float
    value: float
    value_constant: float
    declared_in: str


@dataclass(frozen=True)
class Overlap:
    """Something that several counties report; `at_stake` is what would be too much if each reported the whole, in CNY/yr."""

    water: str
    line: str
    counties: tuple[str, ...]
    values: tuple[float | None, ...]
    at_stake: float | None
    why: str


@dataclass(frozen=True)
class _Item:
    county: str
    service: str
    line: str
    item: str
    quantity: float
    value: float
    value_constant: float


def find_overlaps(
    connection: Connection, units: Sequence[CountedAccount], shares: Iterable[Share]
) -> tuple[list[Taken], list[Overlap], list[str]]:
    """Return what declared shares take away, what may be counted twice, and remarks (waters whose figures differ, or lack).

    A share without a variable scales the item of that name. A share with one recomputes the account with the rest of the
    amount taken off the input, so it is exact for rules that are not linear in it.

    Parameters
    ----------
    units  : the accounts that are summed
    shares : what several counties declared to share

    Returns
    -------
    Quantities in the units of their lines, values in CNY/yr of the accounts' year
    """
    declared = list(shares)
    by_item = {(fold(one.water), one.county): one for one in declared if not one.variable}
    items = _items(connection, units)
    taken = [
        Taken(
            one.item,
            one.county,
            share.share,
            one.service,
            one.line,
            one.item,
            one.quantity * (1 - share.share),
            one.value * (1 - share.share),
            one.value_constant * (1 - share.share),
            f"line {share.line}",
        )
        for one in items
        if (share := by_item.get((fold(one.item), one.county)))
    ]
    here = {unit.code: unit for unit in units}
    remarks = _remarks(items, by_item, here)
    for code, unit in here.items():
        wanted = [one for one in declared if one.county == code and one.variable and one.variable not in DENOMINATORS]
        if wanted:
            found, more = _recomputed(connection, unit, wanted)
            taken += found
            remarks += more
    overlaps = _doubled(items, by_item) + _named(connection, units, declared) + _same_figures(connection, units, declared)
    return taken, overlaps, remarks


def find_shared_denominators(shares: Iterable[Share]) -> dict[tuple[str, str], float]:
    """Return (county, land_area | population | gdp) → what declared shares take off it, in the variable's unit."""
    found: dict[tuple[str, str], float] = {}
    for one in shares:
        if one.variable in DENOMINATORS.values():
            key = (one.county, one.variable)
            found[key] = found.get(key, 0.0) + one.amount * (1 - one.share)
    return found


def _items(connection: Connection, units: Sequence[CountedAccount]) -> list[_Item]:
    codes = {(unit.run, unit.account): unit.code for unit in units}
    return [
        _Item(codes[one.run, one.account], one.service, one.line, one.item, one.quantity, one.value, one.value_constant)
        for one in list_items(connection, (unit.run for unit in units), WATER_LINES)
        if (one.run, one.account) in codes
    ]


def _recomputed(connection: Connection, unit: CountedAccount, shares: Sequence[Share]) -> tuple[list[Taken], list[str]]:
    """Return the difference to each line when the others' parts of waters are taken off an account's inputs, one by one."""
    from gep.explain.rebuild import rebuild  # loads pandas, which most roll-ups need not wait for

    account = rebuild(connection, unit.run, unit.account)
    stored = sum_accounted_lines(connection, unit.run, unit.account)
    taken: list[Taken] = []
    remarks: list[str] = []
    whole = [_value(SERVICES[one.service], one.line, account.evaluation) for one in stored]
    for share in shares:
        less = _less(account.bound.arrays, account.labels.ecosystem, share)
        if less is None:
            remarks.append(
                f"{share.water}：{share.county} 的 {share.variable} 没有填报或小于申报的数量，份额未起作用（第 {share.line} 行） | "
                f"{share.water}: {share.variable} of {share.county} is not given or smaller than the amount declared; nothing is taken off (line {share.line})"
            )
            continue
        reduced = account.with_(arrays={share.variable: less})
        taken += [
            Taken(share.water, share.county, share.share, one.service, one.line, "", *differences, f"line {share.line}")
            for one, value in zip(stored, whole, strict=True)
            if (differences := _differences(one, value, account.evaluation, reduced.evaluation))
        ]
        account = reduced
    return taken, remarks


def _less(arrays: Mapping[str, Floats], ecosystems: Sequence[str], share: Share) -> Floats | None:
    whole = arrays.get(share.variable)
    place = list(ecosystems).index(share.ecosystem) if share.ecosystem in ecosystems else -1
    if whole is None or not 0 <= place < whole.shape[1] or not whole[0, place, 0, 0] >= share.amount:  # unknown is not
        return None
    less: Floats = whole.copy()
    less[0, place, 0, 0] -= share.amount * (1 - share.share)
    return less


def _differences(stored: LineSum, whole: float, before: Evaluation, after: Evaluation) -> tuple[float, float, float] | None:
    """Return by how much quantity, value and constant value of a line fall; None where its value does not."""
    service = SERVICES[stored.service]
    line = next(one for one in service.lines if one.id == stored.line)
    value = _sum(line.value, service, before) - _sum(line.value, service, after)
    if not value or math.isnan(value):
        return None
    quantity = next(
        (_sum(one, service, before) - _sum(one, service, after) for one in line.quantities if one.id in before.results), math.nan
    )
    constant = stored.value_constant
    return quantity, value, math.nan if constant is None or not whole else constant * value / whole


def _value(service: Service, identity: str, evaluation: Evaluation) -> float:
    return _sum(next(one for one in service.lines if one.id == identity).value, service, evaluation)


def _sum(rule: Rule, service: Service, evaluation: Evaluation) -> float:
    """Return a rule's result over the members that the standard counts."""
    node: Node = rule
    for axis in rule.axes:
        node = total(node, over=axis)
    return float(evaluation.value(node, service.id).sum())


def _doubled(items: Iterable[_Item], declared: Mapping[tuple[str, str], Share]) -> list[Overlap]:
    groups: dict[tuple[str, str], list[_Item]] = {}
    for one in items:
        groups.setdefault((fold(one.item), one.line), []).append(one)
    found = []
    for (name, line), group in sorted(groups.items()):
        loose = [one for one in group if (name, one.county) not in declared]
        if len(group) == 1 or not loose:
            continue
        values = [one.value for one in group]
        stake = math.fsum(values) - max(values) if len(loose) == len(group) else math.fsum(one.value for one in loose)
        why = (
            "多县同名 | the same name in several counties"
            if len(loose) == len(group)
            else "只有部分县申报了份额 | shares are declared for some of these counties only"
        )
        found.append(Overlap(group[0].item, line, tuple(one.county for one in group), tuple(values), stake, why))
    return found


def _named(connection: Connection, units: Sequence[CountedAccount], declared: Iterable[Share]) -> list[Overlap]:
    """Return what notes of inputs call shared and no share is declared for."""
    settled = {(fold(one.water), one.county) for one in declared}
    codes = {(unit.run, unit.account): unit.code for unit in units}
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for one in list_shared_notes(connection, (unit.run for unit in units)):
        if (code := codes.get((one.run, one.account))) and (name := find_named_water(one.note)):
            groups.setdefault((fold(name), one.variable, one.ecosystem), []).append((code, name))
    return [
        Overlap(
            group[0][1],
            f"{variable} {ecosystem}".strip(),
            counties,
            (None,) * len(group),
            None,
            "输入备注称其为共有 | notes of the inputs call it shared",
        )
        for (name, variable, ecosystem), group in sorted(groups.items())
        if len(counties := tuple(sorted({code for code, _ in group}))) > 1
        and any((name, code) not in settled for code in counties)
    ]


def _same_figures(connection: Connection, units: Sequence[CountedAccount], declared: Iterable[Share]) -> list[Overlap]:
    settled = {(one.variable, one.county) for one in declared}
    codes = {(unit.run, unit.account): unit.code for unit in units}
    groups: dict[tuple[str, float, str], list[str]] = {}
    for one in list_positive_figures(connection, (unit.run for unit in units), SAME_FIGURE):
        if (code := codes.get((one.run, one.account))) and (one.variable, code) not in settled:
            groups.setdefault((one.variable, one.value, code[:4]), []).append(code)
    return [
        Overlap(
            f"{variable} = {value:,.6g}",
            variable,
            tuple(sorted(group)),
            (None,) * len(group),
            None,
            "同一地市内数值相同 | the same figure in one prefecture",
        )
        for (variable, value, _), group in sorted(groups.items())
        if len(group) > 1
    ]


def _remarks(items: Iterable[_Item], declared: Mapping[tuple[str, str], Share], here: Mapping[str, CountedAccount]) -> list[str]:
    reported: dict[tuple[str, str], dict[str, _Item]] = {}
    for one in items:
        if (fold(one.item), one.county) in declared:
            reported.setdefault((fold(one.item), one.line), {})[one.county] = one
    remarks = []
    for (name, _), group in sorted(reported.items()):
        title = next(iter(group.values())).item
        quantities = sorted({one.quantity for one in group.values() if not math.isnan(one.quantity)})
        if len(quantities) > 1 and quantities[-1] - quantities[0] > 1e-9 * quantities[-1]:
            remarks.append(
                f"{title}：各县填报的全湖数量不一（{quantities[0]:,.6g} 至 {quantities[-1]:,.6g}），各按自己的数量乘份额 | "
                f"{title}: counties give different figures of the whole ({quantities[0]:,.6g} to {quantities[-1]:,.6g}); each share is of its own"
            )
        silent = sorted(code for water, code in declared if water == name and code in here and code not in group)
        if silent:
            lost = math.fsum(declared[name, code].share for code in silent)
            remarks.append(
                f"{title}：{'、'.join(silent)} 有份额而无数量，全湖的 {lost:.0%} 未计 | "
                f"{title}: {', '.join(silent)} have shares and no figure; {lost:.0%} of the whole is not counted"
            )
    return remarks
