"""The figures of a report as numbers, taken from its tables, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.numbers import format_fixed, format_quantity, is_known
from gep.messages.tables import GROUP, MINOR, MONEY, SUM, Column, Table, print_cell
from gep.reference.regions import find_province, read_regions
from gep.reference.services import SERVICE_TITLES
from gep.reports.comparison import compare_with_last_year
from gep.reports.maps import read_polygons
from gep.reports.model import Figure, Point
from gep.reports.waterfall import place_bars

if TYPE_CHECKING:
    from gep.reports.stored import Stored
    from gep.reports.words import Words

_MONEY = Column("", "", MONEY)


def make_figures(stored: Stored, tables: dict[str, Table], words: Words, county: str) -> dict[str, Figure]:
    """Return the figures that the store has numbers for, in the order of the report."""
    unit = tables["value"].columns[1].unit
    made = [
        _shares(stored, tables["value"], words, unit),
        _ecosystems(tables["extent"], words),
        _map(stored, words, county),
        _series(stored, tables["series"], words, unit),
        _waterfall(stored, tables, words, unit),
    ]
    return {figure.id: figure for figure in made if figure is not None}


def _alt(title: str, points: list[Point], unit: str, words: Words) -> str:
    """Return a figure in words: every label with its number."""
    parts = words.join(
        [
            f"{point.label} {print_cell(point.value, _MONEY) if unit != 'km²' else format_fixed(point.value, 2)}"
            for point in points
        ]
    )
    return words.say("f_alt", title=title, parts=parts, unit=unit)


def _shares(stored: Stored, values: Table, words: Words, unit: str) -> Figure | None:
    """Return the value of each service, the largest first."""
    category = {SERVICE_TITLES[one.service][1][words.lang]: one.category for one in stored.services}
    points = [
        Point(str(row.cells[0]), value, category[str(row.cells[0])])
        for row in values.rows
        if row.kind == MINOR and isinstance(value := row.cells[1], float)
    ]
    if not points:
        return None
    points.sort(key=lambda point: -point.value)
    return Figure("shares", words["f_shares"], unit, _alt(words["f_shares"], points, unit, words), "", tuple(points))


def _ecosystems(extent: Table, words: Words) -> Figure | None:
    points = [
        Point(str(row.cells[0]), value)
        for row in extent.rows
        if row.kind not in {MINOR, SUM, GROUP} and isinstance(value := row.cells[1], float)
    ]
    if not points:
        return None
    points.sort(key=lambda point: -point.value)
    return Figure(
        "ecosystems", words["f_ecosystems"], "km²", _alt(words["f_ecosystems"], points, "km²", words), "", tuple(points)
    )


def _series(stored: Stored, series: Table, words: Words, unit: str) -> Figure | None:
    """Return the totals of all years; constant prices only of the report's own price year."""
    constant_year = stored.head.constant_year
    points = []
    for row in series.rows:
        year, current, constant, priced = row.cells[:4]
        if isinstance(current, float):
            points.append(Point(str(year), current, words["current"]))
        if constant_year and priced == str(constant_year) and isinstance(constant, float):
            points.append(Point(str(year), constant, words.say("constant", year=constant_year)))
    if len({point.label for point in points}) < 2:  # noqa: PLR2004 - a series has two years
        return None
    points.sort(key=lambda point: (point.group != words["current"], point.label))
    named = [Point(f"{point.label} {point.group}", point.value) for point in points]
    return Figure("series", words["f_series"], unit, _alt(words["f_series"], named, unit, words), "", tuple(points))


def _waterfall(stored: Stored, tables: dict[str, Table], words: Words, unit: str) -> Figure | None:
    """Return the way from the earlier total to this one, service by service."""
    found = compare_with_last_year(stored)
    if stored.earlier is None or not found or not any(one.change is not None for one in found):
        return None
    rows = tables["change"].rows
    year, earlier = stored.head.year, stored.earlier.year
    points = [Point(str(earlier), _total(earlier, tables), "whole")]
    for one, row in zip(found, rows, strict=False):
        name, before, after, change = row.cells[:4]
        if isinstance(change, float):
            points.append(Point(str(name), change, "change"))
        elif one.before is None and isinstance(after, float):
            points.append(Point(words.say("new_service", name=name), after, "change"))
        elif isinstance(before, float):
            points.append(Point(words.say("gone_service", name=name), -before, "change"))
    points.append(Point(str(year), _total(year, tables), "whole"))
    title = words.say("f_waterfall", before=earlier, after=year)
    base, _ = place_bars(points)
    note = words.say("f_cut", value=print_cell(base, _MONEY), unit=unit) if base else ""
    return Figure("waterfall", title, unit, _alt(title, points, unit, words), note, tuple(points))


def _total(year: int, tables: dict[str, Table]) -> float:
    table = tables["series"]
    row = next(row for row in table.rows if row.cells[0] == str(year))
    value = row.cells[1]
    return value if isinstance(value, float) else 0.0


def _map(stored: Stored, words: Words, county: str) -> Figure | None:
    """Return GEP per km² of every county of the province that has an account of the same year and standard."""
    code = stored.head.county
    if code not in read_polygons(find_province(code)):
        return None
    points = [Point(one.county, one.gep_per_km2 / 1e4, one.county) for one in stored.neighbours if is_known(one.gep_per_km2)]
    if not points:
        return None
    return map_figure("map", words["f_map"], points, code, county, words, year=stored.head.year)


def map_figure(
    identity: str, title: str, points: list[Point], own: str, county: str, words: Words, unit: str = "", year: int | None = None
) -> Figure:
    """Return a map of counties by a number.

    Parameters
    ----------
    points : labelled by six-digit codes
    own    : code of the county to mark; empty: none
    unit   : of the points; empty: the catalogue's `f_map_unit`
    year   : whose names counties are called by; None: today
    """
    ranked = sorted(points, key=lambda point: -point.value)
    mine = [(rank, point) for rank, point in enumerate(ranked, 1) if point.label == own]
    said = words.say("f_map_own", county=county, value=format_quantity(mine[0][1].value), rank=mine[0][0]) if mine else ""
    unit = unit or words["f_map_unit"]
    alt = words.say(
        "f_map_alt",
        title=title,
        count=len(points),
        low=format_quantity(ranked[-1].value),
        high=format_quantity(ranked[0].value),
        own=said,
        unit=unit,
    )
    named = tuple(Point(read_regions()[point.label].name(words.lang, year), point.value, point.label) for point in points)
    return Figure(identity, title, unit, alt, words["f_map_note"], named, own, year=year)
