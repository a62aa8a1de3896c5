"""Disagreement on land cover: areas by several maps, of which each draw takes one, or by the confusion matrix of one map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, say
from gep.uncertainty.parameters import Parameter
from gep.uncertainty.spread import Spread
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.explain.rebuild import RecomputedAccount

    Floats = NDArray[np.float64]

AREA, UNIT = "area", "km^2"
MAPS, CONFUSION = "maps", "confusion"
MAP_COLUMNS, MAP_OPTIONAL = ("map", "ecosystem", "area", "unit", "source"), ("county", "year", "weight")
CONFUSION_COLUMNS = ("mapped", "reference", "count", "source")
MOST_APART = 0.01
"""Share by which the area of a place may differ between a map and the account: pixels at its border."""
MOST_POINTS = 10_000_000
LAND = Parameter("land cover", AREA, "", -1, Spread(MAPS, 0.0))
"""What stands for all areas together among the numbers that move a total."""


@dataclass(frozen=True)
class MapLine:
    """The area of a type of a county and year on one map, km2; empty county or year: of whichever account is asked."""

    file: str
    line: int
    county: str
    year: str
    map: str
    weight: float
    ecosystem: str
    area: float


@dataclass(frozen=True)
class Samples:
    """How many points of the sample that a map shows as one type are of which type on the ground."""

    file: str
    line: int
    mapped: str
    reference: str
    count: int


@dataclass(frozen=True)
class MapChoice:
    """Areas of which each draw takes those of one map, in proportion to the maps' weights; one choice for all accounts.

    Attributes
    ----------
    areas : of shape (maps, parameters)
    """

    parameters: tuple[Parameter, ...]
    weights: tuple[float, ...]
    areas: Floats
    keys: tuple[str, ...] = (LAND.key,)

    def find_numbers(self, shares: Floats) -> Floats:
        """Return the areas of the map that each share falls to."""
        ends = np.cumsum(self.weights) / sum(self.weights)
        chosen = np.minimum(np.searchsorted(ends, shares[:, 0], side="right"), len(ends) - 1)
        found: Floats = self.areas[chosen]
        return found


@dataclass(frozen=True)
class ByConfusion:
    """Areas by what a sample says of a map: of each mapped type the shares of the true ones, Dirichlet with the counts.

    Attributes
    ----------
    mapped : areas by the map, of the types that the matrix has rows of
    counts : of shape (mapped types, types with an area in the account)
    wanted : places of the parameters among these types

    Source: stratified estimator of areas (Olofsson et al. 2014), whose expectation the mean of the draws is; the shares of a row
    with n points vary by p (1 - p) / (n + 1).
    """

    parameters: tuple[Parameter, ...]
    mapped: Floats
    counts: NDArray[np.int64]
    wanted: tuple[int, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """One stream for each pair of types that a point of the sample shows; the same in all accounts."""
        return tuple(f"{LAND.key} {row} {column}" for row, column in np.argwhere(self.counts > 0))

    def find_numbers(self, shares: Floats) -> Floats:
        """Return the areas on the ground."""
        from scipy import special

        places = np.argwhere(self.counts > 0)
        weights = np.zeros((len(shares), *self.counts.shape))
        for at, (row, column) in enumerate(places):
            weights[:, row, column] = special.gammaincinv(float(self.counts[row, column]), shares[:, at])
        parts = weights / weights.sum(axis=2, keepdims=True)
        areas = np.einsum("m,dmt->dt", self.mapped, parts)
        return np.asarray(areas[:, list(self.wanted)])


def read_maps(path: Path) -> list[MapLine]:
    """Return the areas of types by several maps.

    Parameters
    ----------
    path : table with the columns map, ecosystem, area, unit, source and, as need be, county, year, weight

    Raises
    ------
    Problems : what is no table, no area, a line without a source or that stands twice, one map only, a map of two weights
    """
    reader = Reader()
    rows = reader.rows(path, MAP_COLUMNS, MAP_OPTIONAL)
    reader.once(rows, ("county", "year", "map", "ecosystem"))
    found = []
    for row in rows:
        area = reader.number(row, "area", row["unit"], UNIT)
        weight = reader.number(row, "weight", "1", "1", above=0.0) if row["weight"] else None
        for name in ("map", "ecosystem", "source"):
            reader.text(row, name)
        if area is not None and (weight is not None or not row["weight"]):
            share = 1.0 if weight is None else weight.value
            whose = (row["county"], row["year"], row["map"])
            found.append(MapLine(*row.where("map"), *whose, share, row["ecosystem"], area.value))
    reader.refuse()
    weights: dict[str, float] = {}
    for one in found:
        if weights.setdefault(one.map, one.weight) != one.weight:
            reader.tell(one.file, one.line, say("map {map!r} has two weights", map=one.map), say("one weight a map"))
    if len(weights) < 2:  # noqa: PLR2004 - a choice is between two
        told = say("there is only the map {map!r}", map="".join(weights))
        reader.tell(str(found[0].file if found else path), 0, told, say("two maps or more"))
    reader.refuse()
    return found


def read_confusion(path: Path) -> list[Samples]:
    """Return a confusion matrix as counts of points.

    Parameters
    ----------
    path : table with the columns mapped, reference, count, source

    Raises
    ------
    Problems : what is no table, no whole number, a pair that stands twice, a line without a source
    """
    reader = Reader()
    rows = reader.rows(path, CONFUSION_COLUMNS)
    reader.once(rows, ("mapped", "reference"))
    found = []
    for row in rows:
        count = reader.whole(row, "count", 0, MOST_POINTS)
        for name in ("mapped", "reference", "source"):
            reader.text(row, name)
        if count is not None:
            found.append(Samples(*row.where("mapped"), row["mapped"], row["reference"], count))
    reader.refuse()
    return found


def choose_maps(account: RecomputedAccount, lines: list[MapLine]) -> MapChoice:
    """Return the areas of an account by the maps.

    Raises
    ------
    Problems : a map without the area of a type, with a type that the account does not have, or of another area in all
    """
    stated, parameters = _find_areas(account, MAPS)
    county, year = str(account.head["county"]), str(account.year)
    own = [one for one in lines if one.county in {"", county} and one.year in {"", year}]
    names = list(dict.fromkeys(one.map for one in lines))
    file = lines[0].file
    weight = {one.map: one.weight for one in lines}
    total = sum(stated.values())
    problems, areas = [], []
    for name in names:
        here = {one.ecosystem: one for one in own if one.map == name}
        for identity, one in here.items():
            if identity not in stated:
                found = say("the account of {county} has no area of {name}", county=county, name=identity)
                expected = say("its types: {names}", names=join_list(stated))
                problems.append(Problem(one.file, one.line, found, expected))
        lacking = [identity for identity in stated if identity not in here]
        if lacking:
            found = say(
                "map {map!r} of {county} {year} lacks {names}", map=name, county=county, year=year, names=join_list(lacking)
            )
            problems.append(Problem(file, 0, found, "an area of every type of the account, 0 where there is none"))
            continue
        sum_here = sum(here[identity].area for identity in stated)
        if abs(sum_here - total) > MOST_APART * total:
            found = say("map {map!r} of {county} {year} has {area:,.6g} km²", map=name, county=county, year=year, area=sum_here)
            expected = say("the {area:,.6g} km² of the account, to 1 %", area=total)
            problems.append(Problem(file, next(iter(here.values())).line, found, expected))
        areas.append([here[one.member].area for one in parameters])
    refuse(problems)
    return MapChoice(parameters, tuple(weight[name] for name in names), np.array(areas))


def draw_by_confusion(account: RecomputedAccount, samples: list[Samples]) -> ByConfusion:
    """Return the areas of an account by a confusion matrix of its map.

    Raises
    ------
    Problems : a type of the account of which the map has no point, a type on the ground that the account does not have
    """
    stated, parameters = _find_areas(account, CONFUSION)
    types = list(dict.fromkeys((*sorted({one.mapped for one in samples} | {one.reference for one in samples}), *stated)))
    place = {name: at for at, name in enumerate(types)}
    counts = np.zeros((len(types), len(types)), dtype=np.int64)
    problems = []
    for one in samples:
        counts[place[one.mapped], place[one.reference]] = one.count
        if one.count and one.reference not in stated and stated.get(one.mapped):
            found = say("the account of {county} has no area of {name}", county=account.head["county"], name=one.reference)
            expected = say("its types: {names}", names=join_list(stated))
            problems.append(Problem(one.file, one.line, found, expected))
    for name, area in stated.items():
        if area and not counts[place[name]].any():
            found = say("no point of the sample is mapped as {name}", name=name)
            problems.append(Problem(samples[0].file if samples else "", 0, found, "points of every type of the account"))
    refuse(problems)
    counts[counts.sum(axis=1) == 0, 0] = 1  # a type without points has no area here: whatever it is a share of is nothing
    mapped = np.array([stated.get(name, 0.0) for name in types])
    return ByConfusion(parameters, mapped, counts, tuple(place[one.member] for one in parameters))


def _find_areas(account: RecomputedAccount, kind: str) -> tuple[Mapping[str, float], tuple[Parameter, ...]]:
    """Return the areas of all types of an account, km2, and those that its rules use as numbers to be drawn."""
    wholes = account.cells.wholes
    stated = {
        str(one["ecosystem"]): float(one["value"])
        for at, one in enumerate(account.inputs)
        if one["variable"] == AREA and one["ecosystem"] and not wholes[at]
    }
    found = []
    for row, leaf, value in account.numbers:
        if leaf == AREA and row < len(account.inputs):
            member = str(account.inputs[row]["ecosystem"])
            if member in stated:
                key = f"{account.head['county']} {account.year} {AREA} {member}"
                found.append(Parameter(key, AREA, member, row, Spread(kind, value, origin="stated")))
    return stated, tuple(found)
