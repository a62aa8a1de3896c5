"""Lays out the workbook of a standard: one entry a figure, in the order of departments, variables and members."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from gep.coefficients.tables import OWN, REFERENCE
from gep.files.lists import read_list
from gep.files.yaml_lines import load
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient, Observed
from gep.paths import LISTS, TEMPLATES
from gep.records import dataclass
from gep.reference.crosswalk import read_shipped_crosswalk
from gep.reference.members import UNDER, is_ecosystem, read_ecosystems, read_pollutants
from gep.reference.periods import find_last_year
from gep.reference.regions import list_chain
from gep.reference.services import SERVICE_TITLES
from gep.reference.survey_types import SURVEY
from gep.rules.catalogue import COEFFICIENTS, SERVICES, list_services_of
from gep.standards.currency import AS_PRINTED, LAST_YEAR
from gep.units.currencies import YUAN, show_money
from gep.units.registry import UnitError, find_factor, name_unit, print_unit, remove_price_year
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from gep.coefficients.tables import Row, Tables
    from gep.formula.nodes import Leaf
    from gep.messages.title import Title
    from gep.standards.model import Standard
    from gep.standards.plan import Plan

FACTS = ("land_area", "population", "gdp", "price_index", "sown_area")
"""Variables no rule needs: they check the others, stand under the total, or bring prices to the accounting year."""

SEPARATOR = " / "
"""Between the members of a figure that varies over two axes."""


@dataclass(frozen=True)
class Entry:
    """One row of the workbook: a variable for one member, or an empty row for a member of the county's own."""

    leaf: Leaf
    member: str
    """As shown: 全县, a Chinese name of an ecosystem or pollutant, a product; empty where the county writes it."""
    units: tuple[str, ...]
    """Units offered; the first is filled in."""


@cache
def read_texts() -> dict[str, Any]:
    """Return the texts of the workbook from `templates/workbook.yaml`, read once."""
    found: dict[str, Any] = load((TEMPLATES / "workbook.yaml").read_text("utf-8"))
    return found


def list_entries(plan: Plan, county: str = "", year: int | None = None) -> dict[str, list[Entry]]:
    """Return the entries that a standard needs, by department (its Chinese name) in the order of the sheets.

    Parameters
    ----------
    county : six-digit code, for which figures of services that cannot exist there are left out; empty: none are
    year   : accounting year, for which a price index is asked for only where the shipped one ends before; None: it is
    """
    needed = {**{name: VARIABLES[name] for name in FACTS}, **plan.observed}
    if "agricultural_output" not in needed:
        needed.pop("sown_area")
    if year is not None and find_last_year(year) <= find_index_end(plan.standard.price_index):
        needed.pop("price_index")
    absent = list_absent_services(county)
    if absent:
        needed = {name: leaf for name, leaf in needed.items() if is_used(name, plan, absent)}
    found: dict[str, list[Entry]] = {name: [] for name in DEPARTMENTS}
    currency = plan.standard.currency
    for name, leaf in {**VARIABLES, **plan.observed}.items():
        if name in needed:
            units = tuple(show_money(unit, currency) for unit in list_units(leaf))
            found[leaf.department] += [Entry(leaf, member, units) for member in _members(leaf, plan)]
    return {name: rows for name, rows in found.items() if rows}


def split_entries(
    rows: Sequence[Entry], plan: Plan, last: Collection[tuple[str, str]] = (), filled: Collection[tuple[str, str]] = ()
) -> tuple[list[Entry], list[Entry]]:
    """Return the entries that get a row of their own on a sheet, and those that its spare rows take.

    A spare row takes members of the county's own where a row for the whole or for named members stands, figures that stand in for
    others (an output in m³ where tonnes are usual, values by product beside the value of the branch), and areas of the types that the
    sheet of the land survey gives.

    Parameters
    ----------
    last : variable and member of last year's figures, which have rows of their own
    filled : those of figures that are filled in
    """
    surveyed = {show_member(one.ecosystem) for one in read_shipped_crosswalk(SURVEY).classes}
    declared = {show_member(name) for name in plan.standard.classes}  # no class of the land survey becomes one of these
    named = {entry.leaf.id for entry in rows if entry.member}
    texts = read_texts()
    spare = {name for name in texts["spare_only"] if texts["spare_only"][name] in {"", *plan.observed}}
    asked: list[Entry] = []
    rest: list[Entry] = []
    for entry in rows:
        key = (entry.leaf.id, entry.member)
        kept = (
            key in filled
            or entry.member in declared
            or (key in last and (entry.leaf.id != "area" or entry.member not in surveyed))
        )
        own = entry.leaf.id in spare or (entry.leaf.axes and not entry.member and entry.leaf.id in named)
        (rest if own and not kept else asked).append(entry)
    return asked, rest


@cache
def list_absent_services(county: str) -> frozenset[str]:
    """Return the services that cannot exist in a county, by the shipped list (no coast)."""
    within = list_chain(county) if county else ()
    return frozenset(row["service"] for row in read_list(LISTS / "applicability.csv") if row["region"] in within)


def is_used(identity: str, plan: Plan, absent: Collection[str]) -> bool:
    """Whether a figure or coefficient is of no service in particular, or of one that a standard counts and that can exist.

    Parameters
    ----------
    absent : services that cannot exist in the county
    """
    users = list_services_of().get(identity)
    return users is None or not set(plan.counted).difference(absent).isdisjoint(users)


@cache
def find_index_end(index: str) -> int:
    """Return the last year of a shipped price index; 0 where there is none, and no end where prices count as printed."""
    if index == AS_PRINTED:
        return LAST_YEAR
    return max((int(row["year"]) for row in read_list(LISTS / "price_index.csv") if row["index"] == index), default=0)


def number_sheet(name: str) -> str:
    """Return the number of a form's table (表号), the same under every standard and in every place."""
    sheets = read_texts()["sheets"]
    return f"GEP-{[*DEPARTMENTS, *(sheets[one] for one in ('applicability', 'coefficients', 'survey'))].index(name) + 1:02}"


@cache
def list_titles() -> dict[str, str]:
    """Return what stands in the column 指标 → id, of variables, coefficients, and services with their lines."""
    found = {leaf.title.zh: leaf.id for leaf in (*COEFFICIENTS.values(), *VARIABLES.values())}
    for service in SERVICES.values():
        found.setdefault(service.title.zh, service.id)
        for line in service.lines:
            found.setdefault(title_line(service.title, line.title), line.id)
    return found


def list_titles_of(standard: Standard) -> dict[str, str]:
    """Return what stands in the column 指标 → id, as `list_titles`, with what a standard declares; its own goes first."""
    found = dict(list_titles())
    for service in standard.known_services.values():
        found |= {title_line(service.title, line.title): line.id for line in service.lines if line.id not in found.values()}
    return found | {leaf.title.zh: leaf.id for leaf in standard.own.leaves.values()}


def title_line(service: Title, line: Title) -> str:
    """Return how a line of a service is called beside other services' lines: 土壤保持：减少泥沙淤积."""
    return f"{service.zh}：{line.zh}"


def list_units(leaf: Leaf, price_year: int | None = None) -> tuple[str, ...]:
    """Return the units that are offered for a leaf; the first is filled in.

    Parameters
    ----------
    price_year : of a price, which is offered in Chinese and in symbols with this year; None: units of figures
    """
    own = leaf.unit.removesuffix("/yr") if isinstance(leaf, Observed) else leaf.unit
    if own == "1":
        return ("%", "1") if leaf.id == "price_index" else ("1", "%")
    if price_year is not None and "CNY" in own:
        priced = print_unit(own.replace("CNY", f"CNY_{price_year}"))
        return (_in_chinese(priced), priced)
    fitting = [str(unit) for unit in read_texts()["units"] if _fits(str(unit), own)]
    same = [unit for unit in fitting if find_factor(remove_price_year(unit), own) == 1] or [print_unit(own)]
    first = [unit for unit in fitting if unit in read_texts()["first"]] or same
    return tuple(dict.fromkeys([*first, *same, *fitting]))


def show_member(identity: str) -> str:
    """Return the Chinese name of an ecosystem type or pollutant; any other text as it is."""
    member = read_ecosystems().get(identity) or read_pollutants().get(identity)
    if member is None and UNDER in identity and is_ecosystem(identity):
        group, _, own = identity.partition(UNDER)
        return f"{read_ecosystems()[group].title.zh}{UNDER}{own}"
    return member.title.zh if member else identity


@cache
def list_known_members() -> dict[str, tuple[str, str]]:
    """Return what a text in the column of members means: Chinese name or id → (ecosystem or pollutant, id)."""
    found: dict[str, tuple[str, str]] = {}
    for column, members in ((ECOSYSTEM, read_ecosystems()), (POLLUTANT, read_pollutants())):
        for identity, member in members.items():
            found[identity] = (column, identity)
            found[member.title.zh] = (column, identity)
    return found


def _in_chinese(unit: str) -> str:
    """Return a unit as Chinese forms print it: 元_2023/吨."""
    written: dict[str, str] = read_texts()["symbols"]
    return re.sub(r"(?<![A-Za-z])[A-Za-z]+(?![A-Za-z_])", lambda found: written.get(found[0], found[0]), name_unit(unit).zh)


@cache
def _fits(unit: str, own: str) -> bool:
    if "CNY" in own and own != "CNY" and "元" not in unit:
        return False
    try:
        find_factor(remove_price_year(unit), own)
    except UnitError:
        return False
    return True


def _members(leaf: Leaf, plan: Plan) -> list[str]:
    if not leaf.axes:
        return [""]
    found = []
    axis = leaf.axes[0]
    whole = not isinstance(leaf, Observed) or not leaf.extent or leaf.whole
    if whole and (axis != POLLUTANT or leaf.id not in VARIABLES):
        found.append(str(read_texts()["whole"]))
    if axis == ECOSYSTEM:
        known = read_ecosystems()
        parents = {member.parent for member in known.values()}
        if leaf.id == "area":
            found += [show_member(name) for name in known if name not in parents]
            found += [show_member(name) for name in plan.standard.classes]
        elif leaf.id in VARIABLES:
            found.append("")
        else:
            found += [show_member(name) for name, member in known.items() if not member.parent and name != "unclassified"]
            found += [show_member(name) for name in plan.standard.classes]
    elif axis == POLLUTANT:
        found += [show_member(name) for name in _pollutants(leaf, plan)]
    else:
        found += read_texts()["members"].get(axis, []) if leaf.id.endswith(("_output", "_product_value", "sown_area")) else []
        found.append("")
    return found


def _pollutants(leaf: Leaf, plan: Plan) -> list[str]:
    """Return the pollutants that the services counted by the standard ask of a leaf."""
    wanted: list[str] = []
    for step in plan.steps:
        choice = plan.standard.choices.get(step.scope)
        if choice and choice.pollutants and any(one.id == leaf.id for one in plan.leaves_of[step.rule.id]):
            wanted += [name for name in choice.pollutants if name not in wanted]
    return wanted or list(read_pollutants())


def list_coefficient_entries(plan: Plan) -> list[Coefficient]:
    """Return the coefficients that a county may replace by its own, in the order of the standard."""
    return list(plan.coefficients.values())


def list_reference_rows(leaf: Coefficient, plan: Plan, tables: Tables, county: str, year: int) -> list[tuple[str, Row | None]]:
    """Return the rows that would apply to the county, one a member, and an empty one where members may be added."""
    chosen = plan.standard.sets.get(leaf.id, REFERENCE)
    best: dict[str, Row] = {}
    for row in sorted(
        tables.candidates(leaf.id, county, year), key=lambda one: (one.set == OWN, len(one.region) if one.region.isdigit() else 0)
    ):
        if row.set in {chosen, OWN} and (row.set == OWN or not row.price_year or plan.standard.currency == YUAN):
            members = [show_member(name) for name in (row.ecosystem, row.pollutant, row.product) if name]
            best[SEPARATOR.join(members) or (str(read_texts()["whole"]) if leaf.axes else "")] = row
    found: list[tuple[str, Row | None]] = list(best.items())
    if leaf.axes or not found:
        found.append(("", None))
    return found


def list_statements(plan: Plan) -> list[tuple[str, Title, bool]]:
    """Return what a county may state not to apply: id, title, and whether it is a line of the service above it."""
    found = []
    for name, part in plan.counted.items():
        found.append((name, SERVICE_TITLES[name][1], False))
        if len(part.lines) > 1:
            found += [(line.id, line.title, True) for line in part.lines]
    return found
