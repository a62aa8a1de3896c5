"""Ranks the counties of a place by a figure, and sets a county beside its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gep.account.totals_said import NOT_GEP
from gep.messages.problems import Problems, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.reference.borders import find_borders
from gep.reference.regions import read_regions
from gep.reference.services import SERVICE_TITLES
from gep.regional.coverage import describe_unapproved, list_counties_in, look_up_standard
from gep.regional.parts import SMALL, has_parts, make_parts
from gep.store.county_figures import has_notice, list_service_quantities, list_service_values, list_totals

if TYPE_CHECKING:
    from gep.reference.regions import Region
    from gep.regional.parts import Part
    from gep.store.county_figures import CountyQuantity
    from gep.store.store import Store

FIGURES = {"gep": "CNY/yr", "gep_per_km2": "CNY/km^2/yr", "gep_per_head": "CNY/person/yr", "gep_per_gdp": "1"}
"""What counties can be ranked by, beside the value of a service, and its unit."""
QUANTITY = ".quantity"
"""After the id of a service: its physical quantity is ranked by, not its value."""


@dataclass(frozen=True)
class CountyFigures:
    """A county's figures of a year; money in CNY/yr. `state` is empty and figures are None where there is no account.

    Attributes
    ----------
    rank     : 1 is the largest; equal values have the same rank; None: no value, so no rank
    value    : what is ranked by
    services : ids of the services that the account covers
    border_km : length of the border with the county asked for
    quantities : quantities of services that have no value, since their standard has no prices; beside neighbours
    """

    county: str
    name_zh: str
    name_en: str
    rank: int | None
    value: float | None
    gep: float | None
    gep_per_km2: float | None
    gep_per_head: float | None
    services_accounted: int | None
    services_counted: int | None
    services: tuple[str, ...]
    state: str
    border_km: float | None = None
    quantities: tuple[CountyQuantity, ...] = ()


@dataclass(frozen=True)
class Ranking:
    """The counties of a place in the order of a figure.

    `missing` are the codes of those without an account; `unapproved` of those left out because theirs is not approved.
    `measures` is `equivalents` where totals are values by equivalent factors and no GEP; `quantities` says that services have
    quantities without values.
    """

    place: str
    name_zh: str
    name_en: str
    year: int
    standard: str
    by: str
    unit: str
    counties: tuple[CountyFigures, ...]
    missing: tuple[str, ...]
    unapproved: tuple[str, ...]
    comparable: bool
    measures: str = "gep"
    quantities: bool = False


@dataclass(frozen=True)
class Neighbours:
    """A county and those that touch it, the longest border first.

    Attributes
    ----------
    known      : whether the table of borders has the county
    outside_km : length of its border with what the table does not have: other provinces
    comparable : whether all that have an account cover the same services
    """

    county: CountyFigures
    year: int
    standard: str
    known: bool
    neighbours: tuple[CountyFigures, ...]
    outside_km: float
    source: str
    comparable: bool


def rank_counties(store: Store, place: Region, year: int, standard: str | None, by: str, *, approved: bool = False) -> Ranking:
    """Return the counties of a place in descending order of a figure or of a service's value.

    Parameters
    ----------
    standard : id; None: the default one, or the only one there is
    by       : gep, gep_per_km2, gep_per_head, gep_per_gdp, the id of a service, or SERVICE.quantity; `unit` of the result is
        its unit. A service that has quantities and no values is ranked by its quantities, and `by` of the result says so
    approved : only approved accounts

    Raises
    ------
    Problems : a county instead of a place, an unknown figure, no account of the year
    """
    if place.level in SMALL and not has_parts(place):
        refuse_one(
            "PLACE",
            say("{code} {name} is a county", code=place.code, name=place.name_zh),
            "a prefecture, a province or CN",
            "gep neighbours compares a county",
        )
    if by not in FIGURES and by.removesuffix(QUANTITY) not in SERVICE_TITLES:
        options = [*FIGURES, *SERVICE_TITLES]
        refuse_one(
            "--by",
            say("there is no figure {name!r}", name=by),
            say("one of {names}", names=join_list(options)),
            suggest_nearest(by, options),
        )
    wide = place.level in {"nation", "province", "prefecture"}
    codes = list_counties_in(place) if wide else _list_inside(make_parts(place, year))
    chosen = look_up_standard(store, codes, year, standard)
    found = _read_figures(store, codes, year, chosen, by)
    unit = FIGURES.get(by, "CNY/yr")
    if by not in FIGURES and (by.endswith(QUANTITY) or all(one.value is None for one in found.values())):
        found, unit, by = _by_quantity(store, codes, year, chosen, by, found)
    if not found:
        refuse_one(
            "PLACE",
            say(
                "there is no account of {year} under {standard} in {code} {place}",
                year=year,
                standard=chosen,
                code=place.code,
                place=place.name_zh,
            ),
            "gep list",
        )
    waiting = tuple(code for code, one in found.items() if approved and one.state != "approved")
    if len(waiting) == len(found):
        raise Problems([describe_unapproved(place, year, chosen, len(waiting))])
    taken = [one for code, one in found.items() if code not in waiting]
    ordered = sorted(taken, key=lambda one: (one.value is None, -(one.value or 0.0), one.county))
    ranked: list[CountyFigures] = []
    for at, one in enumerate(ordered, start=1):
        same = ranked and one.value is not None and ranked[-1].value == one.value
        ranked.append(replace(one, rank=None if one.value is None else ranked[-1].rank if same else at))
    missing = tuple(code for code in codes if code not in found)
    return Ranking(
        place.code,
        place.name("zh", year),
        place.name("en", year),
        year,
        chosen,
        by,
        unit,
        tuple(ranked),
        missing,
        waiting,
        by not in FIGURES or _comparable(ranked),
        "equivalents" if has_notice(store, year, chosen, NOT_GEP) else "gep",
        any(not one.priced for one in list_service_quantities(store, year, chosen, codes)),
    )


def _by_quantity(
    store: Store, codes: tuple[str, ...], year: int, standard: str, by: str, found: dict[str, CountyFigures]
) -> tuple[dict[str, CountyFigures], str, str]:
    """Return the figures with the quantities of a service as what is ranked by, the unit, and the figure's name.

    Raises
    ------
    Problems : the counties give it in units that differ
    """
    service = by.removesuffix(QUANTITY)
    quantities = {one.county: one for one in list_service_quantities(store, year, standard, codes) if one.service == service}
    units = sorted({one.unit for one in quantities.values()})
    if not units:
        return found, "CNY/yr" if by == service else "", by
    if len(units) > 1:
        refuse_one(
            "--by", say("the quantities of {service} are in {units}", service=service, units=join_list(units)), say("one unit")
        )
    valued = {code: replace(one, value=quantities[code].quantity if code in quantities else None) for code, one in found.items()}
    return valued, units[0], f"{service}{QUANTITY}"


def compare_neighbours(store: Store, county: str, year: int, standard: str | None) -> Neighbours:
    """Return a county's account beside those of its neighbours, the longest common border (km) first; values in CNY/yr.

    Parameters
    ----------
    county   : six-digit code, or a name in Chinese or English
    standard : id; None: the default one, or the only one there is

    Raises
    ------
    Problems : no such county, or no account of it
    """
    place = store.find(county, year, standard)
    borders = find_borders(place.county)
    lengths = {one.neighbour: one.border_km for one in borders or ()}
    outside = lengths.pop("", 0.0)
    codes = (place.county, *lengths)
    unpriced = [one for one in list_service_quantities(store, year, place.standard, codes) if not one.priced]
    found = {
        code: replace(one, quantities=tuple(quantity for quantity in unpriced if quantity.county == code))
        for code, one in _read_figures(store, codes, year, place.standard, "gep").items()
    }
    others = [replace(found.get(code) or _empty(code, year), border_km=km) for code, km in lengths.items()]
    others.sort(key=lambda one: (-(one.border_km or 0.0), one.county))
    own = found[place.county]
    source = borders[0].source if borders else ""
    comparable = _comparable([own, *others])
    return Neighbours(own, year, place.standard, borders is not None, tuple(others), outside, source, comparable)


def _list_inside(place: Part) -> tuple[str, ...]:
    """Return the codes of what a place is made of, and of the units in it that no sum has."""
    return tuple(dict.fromkeys((*place.list_counted_leaves(), *place.list_apart())))


def _read_figures(store: Store, codes: tuple[str, ...], year: int, standard: str, by: str) -> dict[str, CountyFigures]:
    """Return the figures of each county that has an account."""
    services: dict[str, dict[str, float | None]] = {}
    for one in list_service_values(store, year, standard, codes):
        services.setdefault(one.county, {})[one.service] = one.value
    known = read_regions()
    found = {}
    for total in list_totals(store, year, standard, codes):
        own = services.get(total.county, {})
        names = known[total.county].named_in(year)
        found[total.county] = CountyFigures(
            total.county,
            names.name_zh,
            names.name_en,
            None,
            getattr(total, by) if by in FIGURES else own.get(by),
            total.gep,
            total.gep_per_km2,
            total.gep_per_head,
            total.services_accounted,
            total.services_counted,
            tuple(name for name in SERVICE_TITLES if name in own),
            total.state,
        )
    return found


def _empty(code: str, year: int) -> CountyFigures:
    one = read_regions()[code].named_in(year)
    return CountyFigures(code, one.name_zh, one.name_en, None, None, None, None, None, None, None, (), "")


def _comparable(found: list[CountyFigures]) -> bool:
    return len({one.services for one in found if one.state}) <= 1
