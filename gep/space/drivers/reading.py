"""Drivers: rasters that give the values of a leaf, with what says their steps, their unit and their fill codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer

from gep.formula.nodes import Coefficient, Leaf, Observed
from gep.messages.texts import Joined, mark_word, name_id, say
from gep.rules.catalogue import COEFFICIENTS
from gep.space.drivers.texts import DriverText, find_driver_leaf, list_candidates, read_driver_text
from gep.space.raster.collect import look_at_all, split_rule
from gep.space.raster.fills import (
    asks_about_ends,
    check_block,
    check_fills,
    doubt_year,
    doubt_zeros,
    find_doubtful,
    list_codes,
    may_not_be_zero,
)
from gep.space.raster.grid import Grid, Window, find_window, measure_pixel_areas
from gep.space.raster.looking import sees_all_of
from gep.space.raster.moving import read_moved
from gep.space.raster.products import YEAR, Product, read_tags, read_words, recognise_driver
from gep.space.raster.sources import Raster, describe_wrong_file, find_moved_type, read_block
from gep.space.raster.stacks import MEAN, SUM, find_days, make_mosaic, make_sum
from gep.space.raster.times import check_parts, doubt_times, list_dates, read_time
from gep.space.shapes.polygons import describe_no_overlap
from gep.units.registry import UnitError, count_days, count_joined_years, find_yearly_factor, parse_unit, remove_price_year
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

EIGHT_DAYS = "8 days"
FINER = 0.67
"""A driver whose pixels are smaller than this share of the land cover's is averaged, a coarser one interpolated."""
SCALE_TAG, OFFSET_TAG, UNIT_TAGS = "scale_factor", "add_offset", ("units", "unit", "unittype")
"""Tags in which files state what GDAL does not hand on, in small letters."""


def name_leaf(name: str) -> str:
    """Return the id of a variable or coefficient; in a Chinese message its title goes before it."""
    return name_id(name, VARIABLES if name in VARIABLES else COEFFICIENTS)


@dataclass(frozen=True)
class Driver:
    """A raster that gives a leaf's values, in the leaf's unit after `factor`; `onto` is the grid it is brought onto."""

    id: str
    raster: Raster
    onto: Grid | None
    resampling: str
    unit: str
    said_by: str
    factor: float
    least: float | None
    most: float | None
    days: int = 0
    """Days of the accounting year that a rate per day was taken over; 0: it is none."""
    steps: str = ""
    """What product it is and what its stored numbers are multiplied by, in words; empty: they are the figures."""
    doubt: str = ""
    """What to ask about its numbers; mostly empty."""
    codes: tuple[tuple[float, float], ...] = ()
    """Numbers as stored, from and to, that every block is looked through for; empty where all of it was looked through before."""
    asks: bool = False
    """Whether 0 and the ends of its type may be a background."""
    zeros: bool = False
    """Whether a 0 in any block is to be told: it occurs nowhere, and the first look saw none."""

    @property
    def about(self) -> str:
        """The way it was read, in words."""
        days = [say("rates per day over the {days} days of the year", days=self.days)] if self.days else []
        parts = [say("unit {unit}", unit=self.unit), *([self.steps] if self.steps else []), *days, self._grid]
        return Joined(parts, "; ", "；")

    @property
    def told(self) -> str:
        """What a run reports of it at its end."""
        about = Joined([self.about, self.doubt], "; ", "；") if self.doubt else self.about
        return say("{file}: {variable}, {about}", file=self.raster.name, variable=name_leaf(self.id), about=about)

    @property
    def _grid(self) -> str:
        if self.onto is None:
            return say("on the grid of the land cover") if self.resampling == "nearest" else mark_word(self.resampling)
        return say("resampled: {resampling}", resampling=mark_word(self.resampling))

    @property
    def dtype(self) -> str:
        """Type of the numbers that are read."""
        return self.raster.dtype if self.onto is None else find_moved_type(self.raster.dtype)

    def read(self, window: Window) -> NDArray[np.generic]:
        """Return a block as stored, shape (rows, columns).

        Raises
        ------
        Problems : the file is broken there
        """
        if self.onto is not None and (self.raster.fills or self.raster.band > 1 or not self.raster.is_plain):
            return np.asarray(read_moved(self.raster, window, self.onto, self.resampling))
        return np.asarray(read_block(self.raster, window, self.onto, self.resampling))

    def values(self, stored: NDArray[np.generic], *, marked: bool = True) -> NDArray[np.float64]:
        """Return stored numbers in the leaf's unit; NaN where there is no data.

        Parameters
        ----------
        marked : whether numbers equal to the file's nodata value are no data

        Raises
        ------
        Problems : a number outside what is possible
        """
        found = stored.astype(np.float64)
        nodata = self.raster.nodata if self.onto is None else None  # on another grid it is NaN already
        if marked and nodata is not None and nodata == nodata:  # noqa: PLR0124 - not NaN
            found[stored == np.asarray(nodata).astype(stored.dtype)] = np.nan
        if marked and self.onto is None:
            for low, high in self.raster.fills:
                found[(found >= low) & (found <= high)] = np.nan
        scale, offset = self.raster.scale * self.factor, self.raster.offset * self.factor
        if scale != 1:
            found *= scale
        if offset:
            found += offset
        if stored.size:
            ends = float(np.fmin.reduce(stored)), float(np.fmax.reduce(stored))
            if marked:
                check_block(self.raster, self.id, stored, ends, self.codes, asks=self.asks)
            if not self._possible(ends, scale, offset):
                self._refuse_impossible(found)
        return found

    def _possible(self, stored: tuple[float, float], scale: float, offset: float) -> bool:
        """Whether all stored numbers between two, those that mark nodata too, are possible: the quick look that mostly suffices."""
        least, most = (-np.inf if self.least is None else self.least), (np.inf if self.most is None else self.most)
        ends = stored[0] * scale + offset, stored[1] * scale + offset
        return bool(least <= min(ends) and max(ends) <= most and np.isfinite(ends).all())

    def _refuse_impossible(self, found: NDArray[np.float64]) -> None:
        known = found[~np.isnan(found)]
        if not known.size:
            return
        low, high = float(known.min()), float(known.max())
        below = self.least is not None and low < self.least
        if below or (self.most is not None and high > self.most) or np.isinf(high):
            raise describe_wrong_file(
                self.raster.path,
                say(
                    "{variable} reaches {value:,.6g} {unit}",
                    variable=name_leaf(self.id),
                    value=low if below else high,
                    unit=self.unit,
                ),
                say("between {least} and {most}", least=self.least, most=self.most),
                say(
                    "is the unit right ({unit})? --driver {id}[UNIT]=FILE states it; is nodata marked in the file?",
                    unit=self.unit,
                    id=self.id,
                ),
            )


def read_driver(text: str, land: Raster | None, leaves: Mapping[str, Leaf], resampling: str | None, year: int) -> Driver:
    """Return the driver that a text names, brought onto the grid of the land cover, if that is a raster.

    Parameters
    ----------
    text   : `ID=FILE`, `ID[UNIT]=FILE` or `ID=FILE*FACTOR[UNIT]`
    land   : None: parcels of a survey stand in its place
    leaves : variables and coefficients by id
    year   : accounting year

    Raises
    ------
    Problems : an unknown id, a unit that is unknown or stated nowhere, a file that cannot be used or lies elsewhere, fill codes or
               an unmarked background in it
    """
    written = read_driver_text(text)
    list_candidates(written.name, leaves)  # before files are looked for
    rule, names = split_rule(written.file)
    rasters = look_at_all(names, every_band=bool(rule))
    first = rasters[0]
    tags = read_tags(rasters)
    in_file = first.unit or next((tags[0][name].strip() for name in UNIT_TAGS if tags[0].get(name, "").strip()), "")
    words = read_words(first)
    known = {one.id: recognise_driver(first, one.id, words) for one in list_candidates(written.name, leaves)}
    by_product = next((one.unit for one in known.values() if one is not None), "")
    leaf = find_driver_leaf(written.name, written.unit or by_product or (in_file if _is_unit(in_file) else ""), leaves)
    product = known[leaf.id]
    part_of_year = product is not None and product.period != YEAR
    if part_of_year and product is not None and not rule:
        if len(rasters) == 1 or product.period == EIGHT_DAYS:
            raise describe_wrong_file(
                first.path,
                say("{product}: one file is no year", product=product.name),
                say("the figures of a year for {variable}", variable=name_leaf(leaf.id)),
                "give all of them, as files or bands: --driver 'ID=sum(FILES)[UNIT]'",
            )
        rule = SUM
    dates = list_dates(rasters, tags, year) if rule else []
    scaled = [scale_raster(one, its_own, written, product) for one, its_own in zip(rasters, tags, strict=True)]
    unit, said_by = _find_unit(first, written, in_file, product, leaf)
    whole_year = leaf.unit.endswith("/yr") and (rule == SUM or _is_rate_of_part(unit, leaf))
    check_parts(first.path, dates, whole_year=whole_year)
    if part_of_year and product is not None and product.period != EIGHT_DAYS and whole_year:
        find_days(year, len(rasters))
    doubtful = [find_doubtful(part, leaf.id) for part in scaled]
    asks = [asks_about_ends(part) for part in scaled]
    for part, found, asked in zip(scaled, doubtful, asks, strict=True):
        check_fills(part, leaf.id, found, asks=asked)
    zeros = len(scaled) == 1 and may_not_be_zero(scaled[0], leaf.id)
    doubt = doubt_zeros() if zeros and 0 in doubtful[0] else ""
    if leaf.unit.endswith("/yr") and isinstance(leaf, Observed):
        doubt = doubt or doubt_year((one.name for one in rasters), year)
        doubt = doubt or doubt_times(dates or [read_time(one) for one in tags], year)
    raster, unit, how_made = _join(scaled, rule, unit, leaf, year, dates)
    try:
        by = find_yearly_factor(remove_price_year(unit), leaf.unit, year)
        days = count_days(year) if count_joined_years(remove_price_year(unit), leaf.unit) else 0
    except UnitError as error:
        raise describe_wrong_file(
            raster.path,
            say("{variable} is in {unit!r}: {error}", variable=name_leaf(leaf.id), unit=unit, error=error.args[0]),
            say("a unit of {unit}", unit=leaf.unit),
            say("--driver '{id}=FILE*FACTOR[UNIT]' states it", id=leaf.id),
        ) from None
    onto, how = None, "nearest"
    if land is None:
        how = "exact shares of pixels"
    elif (on_it := land.grid.find_on(raster.grid)) is not None:
        raster = raster.crop(on_it)
    else:
        onto, how = land.grid, resampling or _usual(raster, land)
        _meets(raster, land)
    as_stored = onto is None and land is not None and len(scaled) == 1
    if not as_stored:
        for part, asked in zip(scaled, asks, strict=True):
            _check_unseen(part, leaf.id, land, asks=asked)
    least, most = (leaf.least, leaf.most) if isinstance(leaf, Observed | Coefficient) else (None, None)
    return Driver(
        leaf.id,
        raster,
        onto,
        how,
        leaf.unit,
        said_by,
        by,
        least,
        most,
        days,
        _describe_steps(scaled[0], product, unit, how_made),
        doubt,
        list_codes(scaled[0], leaf.id, asks=asks[0]) if as_stored else (),
        asks[0],
        zeros and 0 not in doubtful[0],
    )


def _check_unseen(part: Raster, variable: str, land: Raster | None, *, asks: bool) -> None:
    """Refuse fill codes near the land cover where the first look does not see them: once numbers are added up or resampled they are none any more.

    Raises
    ------
    Problems : as `check_fills`
    """
    if sees_all_of(part):
        return
    within = Window(0, 0, part.grid.height, part.grid.width)
    if land is not None:
        moved = Transformer.from_crs(CRS.from_wkt(land.grid.crs), CRS.from_wkt(part.grid.crs), always_xy=True)
        bounds = moved.transform_bounds(*land.grid.bounds)
        if all(np.isfinite(bounds)):
            within = find_window(part.grid, bounds, margin=2)
    check_fills(part, variable, find_doubtful(part, variable, within), asks=asks)


def _join(rasters: list[Raster], rule: str, unit: str, leaf: Leaf, year: int, dates: Sequence[date]) -> tuple[Raster, str, str]:
    """Return one raster of several, its unit, and in words how it was made.

    Rates of months or days are weighted by their share of the year, so that their unit stays; amounts are added up to a year's.

    Raises
    ------
    Problems : they do not fit each other, or are no year
    """
    count = len(rasters)
    if not rule:
        told = say("{count} tiles side by side", count=count) if count > 1 else ""
        return make_mosaic(rasters), unit, told
    if rule == MEAN and not _is_rate_of_part(unit, leaf):
        return make_sum(rasters, MEAN, [1 / count] * count), unit, say("mean of {count} rasters", count=count)
    if _is_rate_of_part(unit, leaf):
        days = find_days(year, count, dates)
        by_month = "month" in unit or "月" in unit
        weights = [1 / count] * count if by_month else [one / sum(days) for one in days]
        return make_sum(rasters, rule, weights), unit, say("{count} parts of the year, each by its length", count=count)
    whole = f"{unit}/yr" if _fits(f"{unit}/yr", leaf) else unit
    return make_sum(rasters, SUM, [1.0] * count), whole, say("sum of {count} rasters", count=count)


def _is_rate_of_part(unit: str, leaf: Leaf) -> bool:
    """Whether a unit is a rate per month, day or less of what the leaf counts per year."""
    return _fits(unit, leaf) and leaf.unit.endswith("/yr") and not unit.rstrip().endswith(("/yr", "/a", "/年", "/year"))


def _fits(unit: str, leaf: Leaf) -> bool:
    try:
        find_yearly_factor(remove_price_year(unit), leaf.unit, 2000)
    except UnitError:
        return False
    return True


def _is_unit(text: str) -> bool:
    try:
        parse_unit(text)
    except UnitError:
        return False
    return bool(text)


def scale_raster(raster: Raster, tags: Mapping[str, str], written: DriverText, product: Product | None) -> Raster:
    """Return a raster with what turns its stored numbers into real ones: as stated in the call, in the file, else by its product.

    Raises
    ------
    Problems : call and file, or call and product, say different things; a tag may be read in two ways
    """
    scale, offset = raster.scale, raster.offset
    in_file = scale != 1 or offset != 0
    if not in_file:
        scale, offset = _read_scale_tags(raster, tags)
        in_file = scale != 1 or offset != 0
    if written.factor is not None:
        if in_file:
            raise describe_wrong_file(
                raster.path,
                say(
                    "the file itself says times {scale:.9g}, and the call times {factor:.9g}", scale=scale, factor=written.factor
                ),
                "one of them",
                "leave the factor out: what the file says is applied (gdal_edit.py -unsetscale takes it out of the file)",
            )
        scale = written.factor
        usual = None if product is None or product.scale is None else product.scale * product.factor
        if usual is not None and not np.isclose(scale, usual) and written.unit in {"", product.unit if product else ""}:
            raise describe_wrong_file(
                raster.path,
                say(
                    "{product} is stored in steps of {usual:.9g}, the call says {factor:.9g}",
                    product=_name(product),
                    usual=usual,
                    factor=scale,
                ),
                say("times {usual:.9g}", usual=usual),
                "leave the factor out; a file that is no longer stored so needs another name",
            )
    elif product is not None:
        scale = (scale if in_file or product.scale is None else product.scale) * product.factor
        offset *= product.factor
    return replace(raster, scale=scale, offset=offset, fills=product.fills if product is not None else ())


def _name(product: Product | None) -> str:
    return product.name if product is not None else ""


def _read_scale_tags(raster: Raster, tags: Mapping[str, str]) -> tuple[float, float]:
    """Return scale and offset that stand in tags only, as conversions to GeoTIFF leave them.

    Raises
    ------
    Problems : a tag that may be read in two ways
    """
    scale, offset = _number(tags.get(SCALE_TAG, "1")), _number(tags.get(OFFSET_TAG, "0"))
    if scale == 1 and offset == 0:
        return scale, offset
    if scale is None or offset is None or not 0 < scale <= 1 or offset != 0 or not np.issubdtype(raster.dtype, np.integer):
        raise describe_wrong_file(
            raster.path,
            say(
                "its tags say scale {scale} and offset {offset}, which makers of files mean in different ways",
                scale=tags.get(SCALE_TAG, "1"),
                offset=tags.get(OFFSET_TAG, "0"),
            ),
            "scale and offset as GDAL knows them",
            "gdal_edit.py -scale SCALE -offset OFFSET FILE says them, real number = stored × SCALE + OFFSET",
        )
    return scale, offset


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if np.isfinite(found) else None


def _find_unit(raster: Raster, written: DriverText, in_file: str, product: Product | None, leaf: Leaf) -> tuple[str, str]:
    """Return the unit of a driver's real numbers, and who says it.

    Raises
    ------
    Problems : nobody does
    """
    if written.unit:
        return written.unit, "call"
    if product is not None and product.unit:
        return product.unit, product.name
    if in_file:
        return in_file, "file"
    raise describe_wrong_file(
        raster.path,
        say("no unit of {variable} is stated, neither in the call nor in the file", variable=name_leaf(leaf.id)),
        say("a unit of {unit}", unit=leaf.unit),
        say("--driver '{id}=FILE*FACTOR[UNIT]' states it; FACTOR may be left out", id=leaf.id),
    )


def _describe_steps(raster: Raster, product: Product | None, unit: str, how_made: str) -> str:
    """Return, in words, what product a driver is and what its stored numbers are multiplied by; empty where they are the figures."""
    parts: list[str] = []
    if product is not None:
        parts.append(say("{product} by its name or tags ({source})", product=product.name, source=product.source))
    if raster.scale != 1 or raster.offset != 0:
        times = say("stored numbers times {scale:.9g} are {unit}", scale=raster.scale, unit=unit)
        parts.append(
            say("{times}, after {offset:+.9g}", times=times, offset=raster.offset / raster.scale) if raster.offset else times
        )
    if how_made:
        parts.append(how_made)
    return Joined(parts, "; ", "；")


def _ground_size(grid: Grid) -> float:
    """Return the size of a pixel in the middle of a grid, km²."""
    return float(measure_pixel_areas(grid, Window(grid.height // 2, grid.width // 2, 1, 1))[0, 0])


def _usual(raster: Raster, land: Raster) -> str:
    return "average" if _ground_size(raster.grid) < FINER * _ground_size(land.grid) else "bilinear"


def _meets(raster: Raster, land: Raster) -> None:
    """Refuse a driver that lies elsewhere."""
    transformer = Transformer.from_crs(CRS.from_wkt(raster.grid.crs), CRS.from_wkt(land.grid.crs), always_xy=True)
    moved = transformer.transform_bounds(*raster.grid.bounds)
    left, bottom, right, top = land.grid.bounds
    if not all(np.isfinite(moved)) or moved[0] >= right or moved[2] <= left or moved[1] >= top or moved[3] <= bottom:
        raise describe_no_overlap(raster.path, moved, land.name, land.grid.bounds)
