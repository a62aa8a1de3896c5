"""Lists what a standard looks up and no shipped table has: coefficient by ecosystem type and pollutant, and why."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import OWN, REFERENCE, add_rows
from gep.files.lists import read_list
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient
from gep.paths import LISTS
from gep.reference.crosswalk import read_shipped_crosswalk
from gep.reference.members import list_with_children, read_ecosystems, read_pollutants
from gep.reference.regions import NATION, list_chain, look_up_division
from gep.reference.survey_types import SURVEY
from gep.rules.parts import not_priced
from gep.standards.plan import make_plan
from gep.standards.standard import DEFAULT, load_standard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.coefficients.tables import Row, Tables
    from gep.standards.plan import Plan


def list_gaps(standard: str | None = None, county: str | None = None, year: int | None = None) -> list[dict[str, Any]]:
    """Return what a standard looks up and the shipped tables do not have, as plain values, service by service.

    Parameters
    ----------
    standard : id or file; None: the default
    county   : code or name, whose own, city's and province's rows count too; None: only rows of the whole nation
    year     : accounting year, for which a row must hold; None: whatever the year

    Returns
    -------
    one map a coefficient and ecosystem type that a service counts: service, coefficient, ecosystem (empty where it does not vary),
    pollutants (those without a value; empty where it does not vary), regions (that have a row), reason (zh, en)

    Raises
    ------
    Problems : as `load_standard` and `look_up_division`
    """
    plan = make_plan(load_standard(standard or DEFAULT))
    tables = add_rows(read_shipped_tables(), plan.standard.own_rows)
    within = list_chain(look_up_division(county, "--county").code) if county is not None else (NATION,)
    found = []
    for service, leaf in _list_looked_up(plan):
        if leaf.id == not_priced.id:
            continue
        chosen = plan.standard.sets.get(leaf.id, REFERENCE)
        rows = [row for row in tables.by_id.get(leaf.id, ()) if row.set in {chosen, OWN} and (year is None or row.applies(year))]
        there = [row for row in rows if row.region in within]
        for ecosystem, lacking in _list_lacking(plan, service, leaf, there):
            elsewhere = [row for row in rows if row.region not in within and row.ecosystem in {"", ecosystem, _above(ecosystem)}]
            zh, en = find_reason(leaf.id, ecosystem)
            if not zh and leaf.id in plan.standard.own.leaves:
                zh, en = "标准没有给出", "the standard gives none"
            found.append(
                {
                    "service": service,
                    "coefficient": leaf.id,
                    "ecosystem": ecosystem,
                    "pollutants": lacking,
                    "regions": sorted({row.region for row in elsewhere}),
                    "reason": {"zh": zh, "en": en},
                }
            )
    return found


def has_value(leaf: Coefficient, plan: Plan, tables: Tables, county: str, year: int) -> bool:
    """Return whether a coefficient has a value for every type and pollutant that services of a standard look up in a county."""
    within = list_chain(county)
    chosen = {plan.standard.sets.get(leaf.id, REFERENCE), OWN}
    rows = [row for row in tables.by_id.get(leaf.id, ()) if row.set in chosen and row.applies(year) and row.region in within]
    services = [service for service, one in _list_looked_up(plan) if one.id == leaf.id]
    return bool(rows) and not any(list(_list_lacking(plan, service, leaf, rows)) for service in services)


def find_reason(coefficient: str, ecosystem: str) -> tuple[str, str]:
    """Return why a coefficient has no value for a type, in Chinese and English: of the type, its group, or all; empty if not said."""
    reasons = _read_reasons()
    for name in (ecosystem, _above(ecosystem), ""):
        if (coefficient, name) in reasons:
            return reasons[coefficient, name]
    return "", ""


@cache
def _read_reasons() -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (row["coefficient"], row["ecosystem"]): (row["reason_zh"], row["reason_en"]) for row in read_list(LISTS / "no_value.csv")
    }


def _list_looked_up(plan: Plan) -> list[tuple[str, Coefficient]]:
    """Return every service with each coefficient that it looks up, once."""
    found = {
        (step.scope, leaf.id): leaf
        for step in plan.steps
        if step.scope
        for leaf in plan.leaves_of[step.rule.id]
        if isinstance(leaf, Coefficient)
    }
    return [(service, leaf) for (service, _), leaf in found.items()]


def _list_lacking(plan: Plan, service: str, leaf: Coefficient, rows: Sequence[Row]) -> Iterator[tuple[str, list[str]]]:
    """Yield the types, and for each the pollutants, that no row is for; the type is empty where the coefficient has none."""
    choice = plan.standard.choices.get(service)
    types = _list_types(choice.ecosystems if choice else ()) if ECOSYSTEM in leaf.axes else [""]
    pollutants = list(choice.pollutants if choice and choice.pollutants else read_pollutants())
    cells = {(row.ecosystem, row.pollutant) for row in rows}
    for ecosystem in types:
        has = {pollutant for kind, pollutant in cells if kind in {"", ecosystem, _above(ecosystem)}}
        if POLLUTANT in leaf.axes:
            lacking = [name for name in pollutants if not {"", name} & has]
            if lacking:
                yield ecosystem, lacking
        elif not has:
            yield ecosystem, []


def _list_types(counted: Sequence[str]) -> list[str]:
    """Return the types that a service counts: those without types below them, and groups that the land survey does not split."""
    known = read_ecosystems()
    surveyed = {one.ecosystem for one in read_shipped_crosswalk(SURVEY).classes}
    wanted = {name for one in counted for name in list_with_children(one)} if counted else set(known) - {"unclassified"}
    return [name for name in known if name in wanted and (name in surveyed or len(list_with_children(name)) == 1)]


def _above(ecosystem: str) -> str:
    return read_ecosystems()[ecosystem].parent if ecosystem else ""
