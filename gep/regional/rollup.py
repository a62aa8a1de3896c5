"""Sums accounts of counties into a city, a province or the nation, and says exactly what the sums cover.

Sums are correctly rounded (math.fsum), so they depend on no order and no number of threads. A quantity is summed only in
one unit; a ratio only over the accounts that have its denominator; nothing is filled in for what is missing.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from gep.account.status import QUANTITY
from gep.reference.regions import read_regions
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.regional.coverage import Coverage, make_coverage
from gep.regional.overlaps import DENOMINATORS, Overlap, Taken, find_overlaps, find_shared_denominators
from gep.regional.shown import ShownRange, list_ranges
from gep.store.sums import read_categories, read_denominators, read_quantities, read_services, read_totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gep.inputs.shared_waters import Share
    from gep.reference.regions import Region
    from gep.regional.coverage import CountedAccount
    from gep.store.store import Store
    from gep.store.sums import ServiceRow


@dataclass(frozen=True)
class Member:
    """An account in a sum; values in CNY/yr; `state` is the step of review it has reached."""

    code: str
    name_zh: str
    name_en: str
    run: int
    account: int
    stands_for: int
    gep: float | None
    gep_constant: float | None
    constant_year: int | None
    services_accounted: int
    services_counted: int
    state: str
    results_sha256: str
    rules_sha256: str
    coefficients_sha256: str


@dataclass(frozen=True)
class ServiceSum:
    """A service over a place; value in CNY/yr.

    Attributes
    ----------
    status    : accounted (in every county), partial, no data, not applicable or excluded
    accounted : accounts that have it
    applies   : accounts to which it applies
    lacking   : codes of accounts to which it applies and which do not have it
    quantity  : sum of physical quantities, only if every account that has the service gives it in the same unit
    """

    service: str
    category: str
    status: str
    value: float | None
    value_constant: float | None
    accounted: int
    applies: int
    lacking: tuple[str, ...]
    quantity: float | None
    quantity_unit: str
    quantity_note: str


@dataclass(frozen=True)
class LineSum:
    """A line's physical quantity over a place in `quantity_unit`; units and products that differ make several rows."""

    service: str
    line: str
    pollutant: str
    product: str
    quantity: float
    quantity_unit: str
    accounts: int
    accounted: int


@dataclass(frozen=True)
class Ratio:
    """GEP over a denominator, both summed over the accounts that have both; `lacking` are the codes of the others.

    `value` is in CNY/km²/yr for gep_per_km2, CNY/person/yr for gep_per_head, and a plain number for gep_per_gdp.
    """

    name: str
    value: float | None
    over: int
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """An account that is not summed, beside the sum of its parts that is: CNY/yr, `difference` the account less the sum.

    Attributes
    ----------
    covered, parts : counties (or other parts) of the place that the sum covers, and all there are
    """

    code: str
    name_zh: str
    name_en: str
    gep: float | None
    sum_of_parts: float | None
    difference: float | None
    covered: int
    parts: int


@dataclass(frozen=True)
class RollUp:
    """A place and year under a standard: sums in CNY/yr, what they cover, and what may be counted twice."""

    code: str
    name_zh: str
    name_en: str
    level: str
    year: int
    standard: str
    counties: int
    covered: int
    missing: tuple[str, ...]
    unapproved: tuple[str, ...]
    elsewhere: dict[str, tuple[str, ...]]
    gep: float | None
    gep_constant: float | None
    constant_year: int | None
    categories: dict[str, float | None]
    services: tuple[ServiceSum, ...]
    quantities: tuple[LineSum, ...]
    ratios: tuple[Ratio, ...]
    accounts: tuple[Member, ...]
    states: dict[str, int]
    taken: tuple[Taken, ...]
    overlaps: tuple[Overlap, ...]
    beside: tuple[Member, ...]
    differences: tuple[Difference, ...]
    shown: tuple[ShownRange, ...]
    notices: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the sums as plain values."""
        return asdict(self)


def roll_up(
    store: Store,
    place: Region,
    year: int,
    standard: str | None,
    shares: Iterable[Share],
    *,
    approved: bool = False,
    hierarchy: str | None = None,
) -> RollUp:
    """Return a place's sums from the newest accounts in the store.

    Parameters
    ----------
    standard : id; None: the default one, or the only one there is
    shares   : what several counties declared to share; the parts of others are taken off the sums, or off what ratios divide by
    approved : only approved accounts
    hierarchy : along which the place is made of its parts; None: the administrative one, or the only one

    Returns
    -------
    RollUp with values in CNY/yr; None where no account has one

    Raises
    ------
    Problems : no account of the year, several standards to choose from, or parts that may overlap
    """
    cover = make_coverage(store, place, year, standard, approved=approved, hierarchy=hierarchy)
    declared = list(shares)
    members = _members(store, cover.units, year)
    beside = _members(store, cover.beside, year)
    taken, overlaps, remarks = find_overlaps(store, cover.units, declared)
    rows = read_services(store, cover.units)
    services = _services(rows, cover, taken)
    years = {one.constant_year for one in members}
    constant_year = years.pop() if len(years) == 1 else None
    gep = _less([one.gep for one in members], [one.value for one in taken])
    constant = _less([one.gep_constant for one in members], [one.value_constant for one in taken]) if constant_year else None
    notices = [*remarks, *_apart(cover), *_editions(members)]
    if years:
        notices.append(
            "各县不变价年份不同，不变价不加总 | constant prices are of different years in the counties and are not added up"
        )
    states: dict[str, int] = {}
    for one in members:
        states[one.state] = states.get(one.state, 0) + 1
    return RollUp(
        place.code,
        place.name("zh", year),
        place.name("en", year),
        place.level,
        year,
        cover.standard,
        len(cover.counties),
        len(cover.counties) - len(cover.missing),
        cover.missing,
        cover.unapproved,
        cover.elsewhere,
        gep,
        constant,
        constant_year,
        _categories(store, rows, cover, taken),
        services,
        _quantities(store, rows, cover, taken),
        _ratios(store, cover, members, taken, find_shared_denominators(declared)),
        members,
        dict(sorted(states.items())),
        tuple(taken),
        tuple(overlaps),
        beside,
        _differences(cover, members, beside, taken),
        list_ranges(store, cover.units, {(unit.run, unit.account): unit.code for unit in cover.units}),
        tuple(notices),
    )


def add(values: Iterable[float | None]) -> float | None:
    """Return the correctly rounded sum of what is known; None if nothing is."""
    known = [one for one in values if one is not None and not math.isnan(one)]
    return math.fsum(known) if known else None


def _less(values: Sequence[float | None], away: Sequence[float]) -> float | None:
    return add([*values, *(-one for one in away)]) if add(values) is not None else None


def _members(store: Store, units: Sequence[CountedAccount], year: int) -> tuple[Member, ...]:
    known, found = read_regions(), {(row.run, row.account): row for row in read_totals(store, units)}
    return tuple(
        Member(
            unit.code,
            known[unit.code].name("zh", year),
            known[unit.code].name("en", year),
            unit.run,
            unit.account,
            len(unit.stands_for),
            row.gep,
            row.gep_constant,
            row.constant_year,
            row.services_accounted,
            row.services_counted,
            row.state,
            row.results_sha256,
            row.rules_sha256,
            row.coefficients_sha256,
        )
        for unit in units
        for row in (found[unit.run, unit.account],)
    )


def _differences(
    cover: Coverage, members: Sequence[Member], beside: Sequence[Member], taken: Sequence[Taken]
) -> tuple[Difference, ...]:
    values, own = {one.code: one.gep for one in members}, {one.code: one for one in beside}
    held = {unit.code: unit.stands_for for unit in cover.units}
    found = []
    for unit in cover.beside:
        one, inside = own[unit.code], set(unit.parts)
        total = _less([values[code] for code in unit.parts], [away.value for away in taken if away.county in inside])
        gap = None if one.gep is None or total is None else one.gep - total
        covered = len({code for part in unit.parts for code in held[part]})
        found.append(Difference(unit.code, one.name_zh, one.name_en, one.gep, total, gap, covered, covered + len(unit.lacking)))
    return tuple(found)


def _services(rows: Sequence[ServiceRow], cover: Coverage, taken: Sequence[Taken]) -> tuple[ServiceSum, ...]:
    codes = {(unit.run, unit.account): unit.code for unit in cover.units}
    groups: dict[str, list[tuple[str, ServiceRow]]] = {}
    for row in rows:
        groups.setdefault(row.service, []).append((codes[row.run, row.account], row))
    return tuple(
        _service(name, sorted(groups[name], key=lambda one: one[0]), cover, taken) for name in SERVICE_TITLES if name in groups
    )


def _service(name: str, rows: list[tuple[str, ServiceRow]], cover: Coverage, taken: Sequence[Taken]) -> ServiceSum:
    status = {code: row.status for code, row in rows}
    having = [row for _, row in rows if row.status in {"accounted", QUANTITY}]
    valued = [row for row in having if row.status == "accounted"]
    lacking = tuple(code for code, one in status.items() if one == "no data")
    applies = len(having) + len(lacking)
    away = [one for one in taken if one.service == name]
    if not applies:
        whole = "excluded" if set(status.values()) == {"excluded"} else "not applicable"
    elif not having:
        whole = "no data"
    else:
        whole = "partial" if lacking or cover.missing else "accounted" if valued else QUANTITY
    value = _less([row.value for row in valued], [one.value for one in away]) if valued else None
    constant = _less([row.value_constant for row in valued], [one.value_constant for one in away]) if valued else None
    quantity, unit, note = _quantity(having, away)
    return ServiceSum(name, rows[0][1].category, whole, value, constant, len(having), applies, lacking, quantity, unit, note)


def _quantity(having: Sequence[ServiceRow], away: Sequence[Taken]) -> tuple[float | None, str, str]:
    units = {row.quantity_unit or "" for row in having if row.quantity is not None}
    if len(units) > 1:
        return (
            None,
            "",
            f"实物量单位不一（{', '.join(sorted(units))}），不加总 | quantities are in {', '.join(sorted(units))} and not added",
        )
    with_it = [row.quantity for row in having if row.quantity is not None]
    if not with_it:
        return None, "", ""
    if len(with_it) < len(having):
        return (
            None,
            "",
            f"{len(having)} 个核算结果中只有 {len(with_it)} 个有实物量，不加总 | only {len(with_it)} of {len(having)} accounts give a quantity; not added",
        )
    return _less(with_it, [one.quantity for one in away]), units.pop(), ""


def _quantities(store: Store, rows: Sequence[ServiceRow], cover: Coverage, taken: Sequence[Taken]) -> tuple[LineSum, ...]:
    counts: dict[str, int] = {}
    for one in rows:
        if one.status in {"accounted", QUANTITY}:
            counts[one.service] = counts.get(one.service, 0) + 1
    groups: dict[tuple[str, str, str, str, str], list[tuple[float, tuple[int, int]]]] = {}
    for row in read_quantities(store, cover.units):
        key = (row.service, row.line, row.pollutant, row.product, row.quantity_unit)
        groups.setdefault(key, []).append((row.quantity, (row.run, row.account)))
    found = []
    for (service, line, pollutant, product, unit), parts in sorted(groups.items()):
        away = [one.quantity for one in taken if (one.service, one.line) == (service, line) and not pollutant + product]
        total = _less([quantity for quantity, _ in parts], away)
        if total is not None:
            found.append(LineSum(service, line, pollutant, product, total, unit, len({key for _, key in parts}), counts[service]))
    return tuple(found)


def _categories(store: Store, rows: Sequence[ServiceRow], cover: Coverage, taken: Sequence[Taken]) -> dict[str, float | None]:
    found = read_categories(store, cover.units)
    services = {one.service: one.category for one in rows}
    return {
        category: _less(
            [one.value for one in found if one.category == category],
            [one.value for one in taken if services[one.service] == category],
        )
        for category in CATEGORIES
    }


def _ratios(
    store: Store, cover: Coverage, members: Sequence[Member], taken: Sequence[Taken], away: Mapping[tuple[str, str], float]
) -> tuple[Ratio, ...]:
    rows = read_denominators(store, cover.units)
    facts = {(row.run, row.account, row.variable): float(row.value) for row in rows if row.value}
    found = []
    for name, variable in DENOMINATORS.items():
        having = [one for one in members if one.gep is not None and (one.run, one.account, variable) in facts]
        codes = {one.code for one in having}
        top = _less([one.gep for one in having], [one.value for one in taken if one.county in codes])
        bottom = add(facts[one.run, one.account, variable] - away.get((one.code, variable), 0.0) for one in having)
        value = None if top is None or not bottom else top / bottom
        lacking = tuple(one.code for one in members if one.code not in codes)
        found.append(Ratio(name, value, len(having), lacking))
    return tuple(found)


def _apart(cover: Coverage) -> list[str]:
    """Return what is said of units in a place that no sum has: a reserve or parcel may overlap the divisions it lies in."""
    if not cover.apart:
        return []
    names = [read_regions()[code].name(lang, cover.year) for lang in ("zh", "en") for code in cover.apart]
    zh, en = "、".join(names[: len(cover.apart)]), ", ".join(names[len(cover.apart) :])
    return [
        f"未加入合计的单元：{zh}（在本地区之内，可能与其他下级单元重叠；列入自定层级体系后可另行加总） | not added to the sum: {en} (they may overlap its other parts; along a hierarchy of your own they add up)"
    ]


def _editions(members: Sequence[Member]) -> list[str]:
    notices = []
    if len(rules := {one.rules_sha256 for one in members}) > 1:
        notices.append(
            f"各县核算结果按 {len(rules)} 版规则或标准计算；重新运行可统一 | "
            f"the accounts were computed by {len(rules)} editions of the rules or the standard; running them again makes them one"
        )
    if len(tables := {one.coefficients_sha256 for one in members}) > 1:
        notices.append(
            f"各县核算结果按 {len(tables)} 版系数计算；重新运行可统一 | "
            f"the accounts were computed with {len(tables)} editions of the coefficients; running them again makes them one"
        )
    return notices
