"""Lists what the program knows by name: variables, coefficients, and which row of a coefficient wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import REFERENCE
from gep.formula.nodes import Observed
from gep.messages.problems import Problem, Problems
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import mark_word, say
from gep.reference.regions import list_chain, look_up_division
from gep.rules.catalogue import COEFFICIENTS, list_services_of, list_services_reading
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from gep.coefficients.tables import Row


def list_variables(variable: str | None, standard: str | None) -> list[dict[str, Any]]:
    """Return variables as plain values: id, title, unit of computation, axes, department, about, services that may need it, standards.

    `standards` are those that declare it themselves, the shipped ones and the one that is asked for; empty: the program does.

    Parameters
    ----------
    variable : id of the one that is wanted; None: all
    standard : id or file of a standard, of which only the needed ones are returned; None: all

    Raises
    ------
    Problems : there is no such variable, or as `load_standard`
    """
    from gep.standards.plan import make_plan
    from gep.standards.standard import list_shipped_standards, load_standard

    needed: set[str] | None = None
    known, users = dict(VARIABLES), list_services_of()
    declared: dict[str, list[str]] = {}
    for name in dict.fromkeys([*list_shipped_standards(), *([standard] if standard else [])]):
        made = load_standard(name)
        own = {identity: leaf for identity, leaf in made.own.leaves.items() if isinstance(leaf, Observed)}
        if not own:
            continue
        reads = list_services_reading(made.known_services[one] for one in made.choices)
        for identity, leaf in own.items():
            known[identity] = leaf
            declared.setdefault(identity, []).append(made.id)
            users[identity] = list(dict.fromkeys([*users.get(identity, []), *reads.get(identity, [])]))
    if standard is not None:
        plan = make_plan(load_standard(standard))
        known |= plan.observed
        needed = set(plan.observed)
    if variable is not None and variable not in known:
        raise _unknown("VARIABLE", variable, known)
    return [
        {
            "id": leaf.id,
            "title": {"zh": leaf.title.zh, "en": leaf.title.en},
            "unit": leaf.unit,
            "axes": list(leaf.axes),
            "department": leaf.department,
            "about": leaf.about.zh,
            "services": users.get(leaf.id, []),
            "standards": declared.get(leaf.id, []),
        }
        for leaf in known.values()
        if variable in {None, leaf.id} and (needed is None or leaf.id in needed)
    ]


def list_coefficients() -> list[dict[str, Any]]:
    """Return every coefficient as plain values: id, title, unit of computation, axes, and the number of its rows.

    Raises
    ------
    Problems : as `read_tables`
    """
    tables = read_shipped_tables()
    return [
        {
            "id": leaf.id,
            "title": {"zh": leaf.title.zh, "en": leaf.title.en},
            "unit": leaf.unit,
            "axes": list(leaf.axes),
            "rows": len(tables.by_id.get(leaf.id, ())),
        }
        for leaf in COEFFICIENTS.values()
    ]


def list_coefficient_rows(identity: str, county: str | None, year: int | None) -> list[dict[str, Any]]:
    """Return the rows of a coefficient as plain values, each with its status for a county and year.

    The status is `wins`, `beaten` by a narrower region, `set` (another than the reference set), `no` (does not apply), or empty
    without a county.

    Parameters
    ----------
    identity : id of the coefficient
    county   : code or name; None: no status
    year     : accounting year; None: whatever the year

    Raises
    ------
    Problems : there is no such coefficient, no county or several are meant, or as `read_tables`
    """
    if identity not in COEFFICIENTS:
        raise _unknown("COEFFICIENT", identity, COEFFICIENTS)
    tables = read_shipped_tables()
    rows = tables.by_id.get(identity, ())
    code = look_up_division(county, "--county").code if county is not None else None
    return [{**_row(row), "status": _status(row, rows, code, year)} for row in rows]


def _status(row: Row, rows: tuple[Row, ...], county: str | None, year: int | None) -> str:
    if county is None:
        return ""
    within = list_chain(county)
    if row.region not in within or (year is not None and not row.applies(year)):
        return "no"
    if row.set != REFERENCE:
        return "set"
    better = [
        other
        for other in rows
        if other.set == row.set
        and other.cell == row.cell
        and other.region in within
        and (year is None or other.applies(year))
        and within.index(other.region) > within.index(row.region)
    ]
    return "beaten" if better else "wins"


def _row(row: Row) -> dict[str, Any]:
    names = (
        "id",
        "set",
        "value",
        "low",
        "high",
        "unit",
        "year",
        "region",
        "ecosystem",
        "pollutant",
        "product",
        "applies_from",
        "applies_to",
        "source",
        "locator",
        "mark",
        "note",
        "address",
    )
    return {name: getattr(row, name) for name in names}


def _unknown(what: str, name: str, known: Any) -> Problems:
    hint = suggest_nearest(name, known) or say("gep {command}s lists them", command=what.lower())
    return Problems(
        [Problem(what, 0, say("there is no {kind} {name!r}", kind=mark_word(what.lower()), name=name), "an id", hint)]
    )
