"""`gep assets extent` and `gep assets table`: accounts between two dates that balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gep.assets.causes import LINES, AssetChange, split_assets
from gep.assets.condition import Condition, check_areas, make_condition, read_condition_areas, read_own, read_quality, read_water
from gep.assets.extent import UNIT, Extent, add_figures, make_extent, read_transitions
from gep.assets.present_value import FACTOR, Flow, make_calculation
from gep.assets.valuation import Valuation, read_valuation
from gep.explain.explain import explain_service
from gep.explain.rebuild import print_address, rebuild
from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import say
from gep.paths import print_path
from gep.reference.members import find_member_title, list_types_above
from gep.units.registry import find_factor
from gep.variables.catalogue import VARIABLES
from gep.worked.calculation import Calculation, Figure, describe
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.assets.condition import Measured, Section
    from gep.store.keys import AccountKey
    from gep.store.store import Store

AREA = "area"


def find_extent(
    store: Store | None, years: tuple[AccountKey, AccountKey] | None, transitions: Path | None, zone: str | None = None
) -> Extent:
    """Return the extent account between two stored years, of a transition matrix, or of both.

    Parameters
    ----------
    years       : opening and closing account; None: the matrix says all
    transitions : table of the matrix; None: only net changes are known
    zone        : which zone of a matrix of several; None: that of the accounts

    Raises
    ------
    Problems : what is wrong in the table, areas that nobody stated, an account that does not balance
    """
    if years is None and transitions is None:
        refuse_one("COUNTY", say("there is no extent to account"), say("a county with two years, a transition matrix, or both"))
    if zone and (years is not None or transitions is None):
        refuse_one("--zone", say("--zone goes with a matrix of several zones, and without a county"), say("one of the two"))
    reader = Reader()
    moved = None if transitions is None else read_transitions(transitions, reader, zone, years[0].county if years else "")
    reader.refuse()
    sides: tuple[dict[str, Figure] | None, dict[str, Figure] | None] = (None, None)
    where = print_path(transitions) if transitions is not None else "COUNTY"
    if store is not None and years is not None:
        check_order(years)
        sides = (read_areas(store, years[0]), read_areas(store, years[1]))
    return make_extent(*sides, moved, where, reader)


def find_condition(
    quality: Path | None,
    water: Path | None,
    own: Path | None,
    areas: Path | None = None,
    years: tuple[AccountKey, AccountKey] | None = None,
    store: Store | None = None,
) -> Condition:
    """Return the condition account of what stands in the tables.

    Parameters
    ----------
    quality : LAI, FVC and GPP of types with their references; None: not asked
    water   : grades of sections
    own     : indicators of one's own with their levels
    areas   : areas of the types, by which they count in the index of the unit
    years   : accounts of the store whose areas these are, where there is no table of them; neither: no index of the unit

    Raises
    ------
    Problems : all that is wrong in the tables, a type without an area, areas of a table and of a store
    """
    if areas is not None and years is not None:
        refuse_one("--areas", say("the areas are of {county} and of a table", county=years[0].county), say("one of the two"))
    reader = Reader()
    parts = _read_parts(quality, water, own, reader)
    weights = None if areas is None else read_condition_areas(areas, reader)
    reader.refuse()
    if years is not None and store is not None:
        check_order(years)
        named = [_name_as_given(read_areas(store, key), (*parts[0], *parts[2])) for key in years]
        weights = (named[0], named[1])
    if weights is not None:
        if not parts[0] and not parts[2]:
            refuse_one("--areas", say("areas weight indices, and there is none"), say("--quality, --indicators or both"))
        for several in (parts[0], parts[2]):
            check_areas(several, weights, reader)
        reader.refuse()
    return make_condition(*parts, weights)


def find_stored_condition(
    store: Store, years: tuple[AccountKey, AccountKey], quality: Path | None, water: Path | None, own: Path | None
) -> Condition:
    """Return the condition account of a stored place, with the index of the unit where both accounts state the areas it counts by.

    Parameters
    ----------
    years : opening and closing account
    quality, water, own : as in `find_condition`

    Raises
    ------
    Problems : all that is wrong in the tables

    Returns
    -------
    Condition; where an area is not stated it has no index of the unit, and `lacking` names the types
    """
    reader = Reader()
    parts = _read_parts(quality, water, own, reader)
    reader.refuse()
    found = make_condition(*parts)
    measured = (*parts[0], *parts[2])
    try:
        opening, closing = (_name_as_given(read_areas(store, key), measured) for key in years)
    except Problems:
        return replace(found, lacking=tuple(dict.fromkeys(one.type for one in measured)))
    lacking: list[str] = []
    for name, several in (("quality_whole", parts[0]), ("own_whole", parts[2])):
        reader = Reader()
        check_areas(several, (opening, closing), reader)
        if not reader.problems:
            whole = make_condition(
                parts[0] if several is parts[0] else [], [], parts[2] if several is parts[2] else [], (opening, closing)
            )
            found = replace(found, **{name: getattr(whole, name)})
            continue
        types = [one.type for one in several]
        lacking += [one for one in types if one not in opening or one not in closing] or types
    return replace(found, lacking=tuple(dict.fromkeys(lacking)))


def _read_parts(
    quality: Path | None, water: Path | None, own: Path | None, reader: Reader
) -> tuple[list[Measured], list[Section], list[Measured]]:
    return (
        read_quality(quality, reader) if quality is not None else [],
        read_water(water, reader) if water is not None else [],
        read_own(own, reader) if own is not None else [],
    )


def _name_as_given(areas: dict[str, Figure], several: Sequence[Measured]) -> dict[str, Figure]:
    """Return areas of ecosystem types under the names of the tables: id or Chinese name of the type, or of the nearest one above it."""
    wanted = {one.type for one in several}
    parts: dict[str, list[Figure]] = {}
    for identity, figure in areas.items():
        names = [name for each in list_types_above(identity) for name in (each, find_member_title("ecosystem", each).zh)]
        own = find_member_title("ecosystem", identity).zh
        parts.setdefault(next((name for name in names if name in wanted), own), []).append(figure)
    return {name: add_figures(several) for name, several in parts.items()}


def check_order(years: tuple[AccountKey, AccountKey]) -> None:
    """Refuse a closing that is not after the opening.

    Raises
    ------
    Problems : the years stand the wrong way round, or are one
    """
    if years[0].year >= years[1].year:
        refuse_one(
            "YEAR",
            say("the opening is {one} and the closing {other}", one=years[0].year, other=years[1].year),
            say("the earlier year first"),
        )


def read_areas(store: Store, key: AccountKey) -> dict[str, Figure]:
    """Return the areas of ecosystem types that an account was computed from, in hm2, each with its cell.

    Raises
    ------
    Problems : the account has none
    """
    with store:
        account = rebuild(store, key.run, key.account)
    factor = find_factor(VARIABLES[AREA].unit, UNIT)
    wholes = account.cells.wholes[: len(account.inputs)]
    found = {
        str(row["ecosystem"]): Figure(
            float(row["value"]) * factor,
            f"{row['value_given']} {row['unit_given']}",
            print_address(row),
            str(row["source"] or ""),
        )
        for row, whole in zip(account.inputs, wholes, strict=True)
        if row["variable"] == AREA and row["ecosystem"] and not whole
    }
    if not found:
        refuse_one(
            "COUNTY", say("the account of {county} for {year} has no areas of ecosystem types", county=key.county, year=key.year)
        )
    return found


@dataclass(frozen=True)
class AssetTable:
    """The asset account of a county between two years; money in fen.

    Attributes
    ----------
    valuations : of the opening and of the closing, the same one unless two were given
    factors    : the calculations of their present value factors
    cells      : service → cells and rows it rests on in the opening, and in the closing account
    """

    years: tuple[AccountKey, AccountKey]
    valuations: tuple[Valuation, Valuation]
    factors: tuple[Calculation, Calculation]
    changes: tuple[AssetChange, ...]
    cells: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]

    @property
    def lines(self) -> dict[str, int]:
        """The lines of all services together, fen; those that nothing moved are 0."""
        return {line: sum(one.lines.get(line, 0) for one in self.changes) for line in LINES}

    @property
    def opening(self) -> int:
        """The opening value of all services that are accounted, fen."""
        return sum(one.opening or 0 for one in self.changes)

    @property
    def closing(self) -> int:
        """The closing value of all services that are accounted, fen."""
        return sum(one.closing or 0 for one in self.changes)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; money in whole fen."""
        one, other = self.years
        return {
            "county": one.county,
            "standard": other.standard,
            "years": [one.year, other.year],
            "runs": [one.run, other.run],
            "conventions": [how.convention.id for how in self.valuations],
            "present_value_factors": [found.value(FACTOR) for found in self.factors],
            "unit": "fen",
            "opening": self.opening,
            "lines": self.lines,
            "catastrophic_losses": None,
            "closing": self.closing,
            "services": [
                {
                    "service": change.service,
                    "opening": change.opening,
                    "lines": change.lines,
                    "net_change": change.change,
                    "closing": change.closing,
                    "opening_cells": list(self.cells[change.service][0]),
                    "closing_cells": list(self.cells[change.service][1]),
                }
                for change in self.changes
            ],
            "explained": [describe(found.explain(FACTOR)) for found in self.factors],
        }


def find_asset_table(
    store: Store, years: tuple[AccountKey, AccountKey], valuation: Path, closing_valuation: Path | None = None
) -> AssetTable:
    """Return the asset account between two years, every line from a known cause.

    Parameters
    ----------
    years             : opening and closing account of one county
    valuation         : document of the opening, and of the closing where there is no other
    closing_valuation : document of the closing

    Raises
    ------
    Problems : what is wrong in a document, or the years the wrong way round
    """
    check_order(years)
    first = read_valuation(valuation)
    last = first if closing_valuation is None else read_valuation(closing_valuation)
    factors = (_find_factor(first), _find_factor(last))
    with store:
        changes = split_assets(store, *years, (factors[0].value(FACTOR), factors[1].value(FACTOR)))
        accounts = [rebuild(store, key.run, key.account) for key in years]
    cells = {}
    for change in changes:
        parts = [explain_service(account, change.service) for account in accounts]
        sides = [tuple(dict.fromkeys(origin.address for part in side for origin in part.origins)) for side in parts]
        cells[change.service] = (sides[0], sides[1])
    return AssetTable(years, (first, last), factors, changes, cells)


def _find_factor(how: Valuation) -> Calculation:
    return make_calculation(how, [Flow("", "", "", Figure(1.0, "1 CNY/yr", ""))])
