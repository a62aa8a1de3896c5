"""Says what accounts still need as findings: one a service, and one where the price index ends."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from gep.coefficients.tables import OWN, REFERENCE
from gep.formula.nodes import Coefficient
from gep.messages.findings import Finding
from gep.messages.problems import Problem
from gep.messages.texts import Joined, Name, join_list, name_id, say
from gep.reference.county_references import find_county_reference
from gep.reference.members import name_member
from gep.reference.price_indices import name_index
from gep.reference.regions import DIVISION_DIGITS, name_region
from gep.reference.services import SERVICE_TITLES, name_service
from gep.rules.catalogue import COEFFICIENTS
from gep.units.currencies import YUAN, show_money
from gep.units.registry import name_unit, print_unit
from gep.variables.base import price_index
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gep.account.needs import Need
    from gep.coefficients.tables import Row, Tables
    from gep.formula.nodes import Leaf
    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan

_SHOWN_ROWS = 6
"""Reference rows of a coefficient that are named; the rest is counted."""
KNOWN = {**VARIABLES, **COEFFICIENTS}


def describe_needs(needs: Sequence[Need], inputs: Inputs, tables: Tables, plan: Plan) -> Iterator[Finding]:
    """Yield a finding (D) for each service that lacks something, and one (C) for each account whose price index ends.

    Each finding of a service carries what it needs one by one: variable, members, unit, department and reference rows.
    """
    known = {**KNOWN, **plan.observed, **plan.coefficients}
    currency = plan.standard.currency
    for account, of_account in groupby(needs, key=lambda one: one.account):
        several = list(of_account)
        county, year = str(inputs.accounts["county"].iloc[account]), int(inputs.accounts["year"].iloc[account])
        years = sorted({one for need in several for one in need.years})
        if years:
            yield _index_ends(years, several, county, year, plan, tables)
        for service, of_service in groupby(several, key=lambda one: one.service):
            wanted = list(of_service)
            said: dict[str, Any] = {
                "county": county,
                "year": year,
                "service": _name_asking(service, plan),
                "needs": _join_parts(_name_need(one, known, currency) for one in wanted),
            }
            if service in plan.standard.shown_rules:
                found = say("{county} {year}: {service}, which is only shown, still needs {needs}", **said)
            else:
                found = say("{county} {year}: {service} still needs {needs}", **said)
            rule = "every figure that the rule of the service asks for; what is empty stays missing, it is not zero"
            offered = _say_references(wanted, county, known)
            problem = Problem("", 0, found, rule, _join_parts([*_say_where(wanted, tables, known, currency), *offered]))
            yield Finding(
                "D", "needed", problem, county, year, details=tuple(_as_dict(one, tables, known, plan) for one in wanted)
            )


def _index_ends(years: Sequence[int], needs: Sequence[Need], county: str, year: int, plan: Plan, tables: Tables) -> Finding:
    index = plan.standard.price_index
    services = dict.fromkeys(one.service for one in needs if one.years)
    found = say(
        "{county} {year}: the price index {index} ends in {end}; without it {services} have no prices of the year",
        county=county,
        year=year,
        index=name_index(index),
        end=max(tables.price_index.get(index, {}), default=0),
        services=join_list(_name_asking(one, plan) for one in services),
    )
    rule = say("an index for {years}", years=join_list(map(str, years)))
    hint = say(
        "give the {index} of {years} as {variable}, with the previous year = 100, in %, and its source: in the sheet of {sheet}, the year in the column of members, or in a table, the year as product; or give prices of the year as local coefficients",
        index=name_index(index),
        variable=name_id(price_index.id, VARIABLES),
        years=join_list(map(str, years)),
        sheet=Name(DEPARTMENTS[price_index.department], price_index.department),
    )
    return Finding("C", "index", Problem("", 0, found, rule, hint), county, year)


def _name_asking(asking: str, plan: Plan) -> Any:
    """Return the service that lacks something, or the figure that is only shown, by its title and id."""
    figure = plan.standard.shown_rules.get(asking)
    return name_service(asking) if figure is None else Name(f"{figure.title.en} ({asking})", f"{figure.title.zh}（{asking}）")


def _name_need(need: Need, known: Mapping[str, Leaf], currency: str) -> Any:
    leaf = known[need.leaf]
    said: dict[str, Any] = {
        "title": Name(leaf.title.en, leaf.title.zh),
        "id": leaf.id,
        "unit": name_unit(show_money(print_unit(leaf.unit), currency)) or "1",
    }
    if need.years:
        return say("{title} ({id}): the price index of {years}", years=join_list(map(str, need.years)), **said)
    said["members"] = join_list(_name_members(one) for one in need.members)
    if said["members"] and need.each:
        return say("{title} ({id}, {unit}) for those of these that the county has: {members}", **said)
    if said["members"]:
        return say("{title} ({id}, {unit}) for {members}", **said)
    if need.each:
        return say("{title} ({id}, {unit}) for each member the county has", **said)
    return say("{title} ({id}, {unit})", **said)


def _name_members(members: tuple[str, str, str]) -> Any:
    return Name(
        " × ".join(str(name_member(one)) for one in members if one),
        " × ".join(getattr(name_member(one), "zh", one) for one in members if one),
    )


def _say_where(needs: Sequence[Need], tables: Tables, known: Mapping[str, Leaf], currency: str) -> Iterator[str]:
    """Yield who has the figures, where parameters and prices go, and which reference rows there are."""
    observed = [known[one.leaf] for one in needs if not one.years and not isinstance(known[one.leaf], Coefficient)]
    for department in DEPARTMENTS:
        own = [leaf.id for leaf in observed if getattr(leaf, "department", "") == department]
        if own:
            name = Name(DEPARTMENTS[department], department)
            yield say("{department} has {variables}", department=name, variables=join_list(name_id(one, known) for one in own))
    local = [one for one in needs if not one.years and isinstance(known[one.leaf], Coefficient)]
    if local:
        yield say("parameters and prices of the county go into the sheet of local coefficients")
    for one in local:
        yield _name_rows(one, tables, known, currency)
    if any(one.years for one in needs):
        yield say("the finding on the price index says how to continue it")


def _say_references(needs: Sequence[Need], county: str, known: Mapping[str, Leaf]) -> Iterator[str]:
    """Yield the reference values of the county among the figures that are needed, and how one is taken over."""
    for need in needs:
        found = None if need.years else find_county_reference(county, need.leaf, ())
        if found is not None:
            yield say(
                "{variable}: {reference}; write 参考 as the value to take it over",
                variable=name_id(need.leaf, known),
                reference=found.describe(),
            )


def _name_rows(need: Need, tables: Tables, known: Mapping[str, Leaf], currency: str) -> Any:
    """Name the first reference rows; prices of the program are in yuan, and are none of an account in another currency."""
    every = tables.by_id.get(need.leaf, ())
    rows = [row for row in every if currency == YUAN or row.set == OWN or not row.price_year]
    variable = name_id(need.leaf, known)
    if not rows:
        return say("there is no reference row of {variable}", variable=variable)
    shown = join_list(_name_row(row, currency) for row in rows[:_SHOWN_ROWS])
    if len(rows) > _SHOWN_ROWS:
        return say(
            "reference rows of {variable}: {rows} and {count} more", variable=variable, rows=shown, count=len(rows) - _SHOWN_ROWS
        )
    return say("reference rows of {variable}: {rows}", variable=variable, rows=shown)


def _name_row(row: Row, currency: str) -> Any:
    parts = [
        *(name_member(one) for one in row.cell if one),
        name_unit(f"{row.value:g} {show_money(print_unit(row.unit), currency)}".rstrip()),
    ]
    set_of = {REFERENCE: [], OWN: [Name("of the standard", "标准自定")]}.get(row.set, [row.set])
    where = [_name_place(row.region), *set_of, *_name_years(row)]
    return say("{what} ({where}; {source} [{mark}])", what=_spaced(parts), where=_spaced(where), source=row.source, mark=row.mark)


def _name_place(region: str) -> Name:
    """Return the region of a row as tables have it, in Chinese with its name: 江西省（360000）."""
    named = name_region(region.ljust(DIVISION_DIGITS, "0") if region.isdigit() else region)
    return Name(region, getattr(named, "zh", region))


def _join_parts(parts: Iterable[str]) -> Joined:
    return Joined(parts, "; ", "；")


def _name_years(row: Row) -> list[str]:
    return [f"{row.applies_from or ''}–{row.applies_to or ''}"] if row.applies_from or row.applies_to else []


def _spaced(parts: Sequence[Any]) -> Name:
    return Name(" ".join(map(str, parts)), " ".join(getattr(one, "zh", one) for one in parts))


def _as_dict(need: Need, tables: Tables, known: Mapping[str, Leaf], plan: Plan) -> dict[str, Any]:
    """Return a need as plain values."""
    leaf = known[need.leaf]
    figure = plan.standard.shown_rules.get(need.service)
    asking = figure.title if figure is not None else SERVICE_TITLES[need.service][1]
    rows = tables.by_id.get(need.leaf, ()) if isinstance(leaf, Coefficient) else ()
    return {
        "service": need.service,
        "service_zh": asking.zh,
        "service_en": asking.en,
        "id": leaf.id,
        "title_zh": leaf.title.zh,
        "title_en": leaf.title.en,
        "kind": "index" if need.years else "coefficient" if isinstance(leaf, Coefficient) else "variable",
        "unit": leaf.unit,
        "axes": list(leaf.axes),
        "members": [dict(zip(("ecosystem", "pollutant", "product"), one, strict=True)) for one in need.members],
        "each": need.each,
        "years": list(need.years),
        "department": getattr(leaf, "department", ""),
        "department_en": DEPARTMENTS.get(getattr(leaf, "department", ""), ""),
        "reference_rows": [
            {
                "address": row.address,
                "set": row.set,
                "region": row.region,
                "ecosystem": row.ecosystem,
                "pollutant": row.pollutant,
                "product": row.product,
                "value": row.value,
                "unit": row.unit,
                "applies_from": row.applies_from,
                "applies_to": row.applies_to,
                "source": row.source,
                "mark": row.mark,
            }
            for row in rows
        ],
    }
