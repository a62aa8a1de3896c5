"""The layers of a run on one grid: land-cover classes and drivers, read block by block as they are stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gep.formula.nodes import Coefficient, Leaf, Observed
from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import Joined, mark_word, name_id, say
from gep.reference.crosswalk import Crosswalk, read_class_number
from gep.rules.catalogue import COEFFICIENTS
from gep.space.background import check_background, may_hide_background, suggest_class_repair
from gep.space.evidence import recognise_crosswalk
from gep.space.fills import check_fills
from gep.space.grid import Grid, measure_pixel_areas, split_windows
from gep.space.polygons import describe_no_overlap
from gep.space.sources import Raster, describe_wrong_file, find_moved_type, look_at, read_block
from gep.units.registry import UnitError, count_days, count_joined_years, find_yearly_factor, remove_price_year
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from gep.space.grid import Window

NODATA, UNKNOWN = -1, -2
_VALUES = 1 << 16
"""Classes are whole numbers from -32,768 to 65,535, held as sixteen bits."""
FINER = 0.67
"""A driver whose pixels are smaller than this share of the land cover's is averaged, a coarser one interpolated."""
_DRIVER = re.compile(r"(?P<id>\w+)(\[(?P<unit>[^\]]*)\])?=(?P<path>.+)")


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
    stated: bool
    factor: float
    least: float | None
    most: float | None
    days: int = 0
    """Days of the accounting year that a rate per day was taken over; 0: it is none."""

    @property
    def about(self) -> str:
        """The way it was read, in words."""
        unit = (
            say("unit {unit}", unit=self.unit)
            if self.stated
            else say("unit not stated in the file: {unit} taken", unit=self.unit)
        )
        days = [say("rates per day over the {days} days of the year", days=self.days)] if self.days else []
        return Joined([unit, *days, self._grid], "; ", "；")

    @property
    def told(self) -> str:
        """What a run reports of it at its end."""
        return say("{file}: {variable}, {about}", file=self.raster.name, variable=name_leaf(self.id), about=self.about)

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
        scale, offset = self.raster.scale * self.factor, self.raster.offset * self.factor
        if scale != 1:
            found *= scale
        if offset:
            found += offset
        if stored.size and not self._possible(stored, scale, offset):
            self._refuse_impossible(found)
        return found

    def _possible(self, stored: NDArray[np.generic], scale: float, offset: float) -> bool:
        """Whether all stored numbers, those that mark nodata too, are possible: the quick look that mostly suffices."""
        least, most = (-np.inf if self.least is None else self.least), (np.inf if self.most is None else self.most)
        ends = np.fmin.reduce(stored) * scale + offset, np.fmax.reduce(stored) * scale + offset
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


@dataclass(frozen=True)
class Layers:
    """Land cover and drivers on the land cover's grid; `evidence` is how the product was known, where nobody named it."""

    land: Raster
    crosswalk: Crosswalk
    drivers: tuple[Driver, ...]
    evidence: str = ""

    @property
    def grid(self) -> Grid:
        """The grid everything is computed on."""
        return self.land.grid

    @property
    def classes_told(self) -> str:
        """What a run reports of its classes: the crosswalk, and how the product was known."""
        said = say("classes by {scheme} ({file})", scheme=self.crosswalk.scheme, file=self.crosswalk.file)
        if not self.evidence:
            return said
        return say("{classes}: the product is known by {evidence}", classes=said, evidence=self.evidence)

    def class_table(self) -> NDArray[np.int16]:
        """Return the table from a stored value's sixteen bits to its class's position in the crosswalk, NODATA or UNKNOWN."""
        table = np.full(_VALUES, UNKNOWN, dtype=np.int16)
        for at, one in enumerate(self.crosswalk.classes):
            number = read_class_number(one.code)
            if number is not None and -_VALUES // 2 <= number < _VALUES:
                table[number % _VALUES] = at
        if self.land.nodata is not None and -_VALUES // 2 <= self.land.nodata < _VALUES:
            table[int(self.land.nodata) % _VALUES] = NODATA
        return table

    def read_land(self, window: Window) -> NDArray[np.integer]:
        """Return a block of land cover as stored, shape (rows, columns).

        Raises
        ------
        Problems : the file is broken there
        """
        return np.asarray(read_block(self.land, window))


def classify_pixels(stored: NDArray[np.integer], table: NDArray[np.int16], nodata: float | None) -> NDArray[np.int16]:
    """Return the position of each pixel's class in the crosswalk, NODATA or UNKNOWN.

    Parameters
    ----------
    table : as `Layers.class_table` gives it
    nodata : what marks pixels without data; it matters here where it is beyond the table's sixteen bits
    """
    if stored.dtype.itemsize <= 2:  # noqa: PLR2004 - bytes
        return table[stored.astype(np.uint16, copy=False)] if stored.dtype != np.int16 else table[stored.view(np.uint16)]
    far = (stored < -_VALUES // 2) | (stored >= _VALUES)
    found = table[(stored & (_VALUES - 1)).astype(np.uint16)]
    found[far] = UNKNOWN
    if nodata is not None and not -_VALUES // 2 <= nodata < _VALUES:
        found[stored == int(nodata)] = NODATA
    return found


def look_at_land(path: Path) -> Raster:
    """Return the land-cover raster of a file.

    Raises
    ------
    Problems : the file is not a raster, or one of numbers that are not classes
    """
    land = look_at(path)
    if not np.issubdtype(np.dtype(land.dtype), np.integer):
        raise describe_wrong_file(
            path, say("the land cover is of type {dtype}", dtype=land.dtype), "whole numbers: classes", suggest_class_repair(land)
        )
    return land


def find_classes(land: Raster, most: int = 1 << 22) -> set[int]:
    """Return the classes that occur in the blocks read for a first look (all of a small raster).

    Parameters
    ----------
    most : pixels read at most
    """
    found: set[int] = set()
    rows = max(1, min(land.grid.height, most // land.grid.width))
    every = list(split_windows(land.grid, rows, land.grid.width))
    for window in {*every[:: max(1, len(every) // 16)], every[-1]}:
        found |= set(np.unique(read_block(land, window)).tolist())
    return found - {land.nodata}


def make_layers(
    land: Raster,
    crosswalk: Crosswalk | None,
    drivers: Iterable[str],
    leaves: Mapping[str, Leaf],
    resampling: str | None,
    year: int,
) -> Layers:
    """Return the layers of a run: land cover, and drivers brought onto its grid.

    Parameters
    ----------
    crosswalk : None: that of the product which the raster says it is
    drivers   : texts `ID=FILE` or `ID[UNIT]=FILE`
    leaves    : variables and coefficients by id
    resampling : how drivers are brought onto the grid; None: average finer ones, interpolate coarser ones
    year      : accounting year, whose days rates per day are taken over

    Raises
    ------
    Problems : everything wrong with the drivers
    """
    found: list[Driver] = []
    problems: list[Problem] = []
    for text in drivers:
        try:
            found.append(read_driver(text, land, leaves, resampling, year))
        except Problems as error:
            problems += error.problems
    seen: dict[str, str] = {}
    for one in found:
        if one.id in seen:
            problems.append(
                Problem("--driver", 0, say("{variable} is given twice", variable=name_leaf(one.id)), "one raster a driver")
            )
        seen[one.id] = one.id
    if problems:
        raise Problems(problems)
    evidence = ""
    if crosswalk is None or may_hide_background(land, crosswalk):
        codes = find_classes(land)
        if crosswalk is None:
            crosswalk, evidence = recognise_crosswalk(land, codes)
        check_background(land, crosswalk, codes)
    return Layers(land, crosswalk, tuple(found), evidence)


def read_driver(text: str, land: Raster | None, leaves: Mapping[str, Leaf], resampling: str | None, year: int) -> Driver:
    """Return the driver that a text names, brought onto the grid of the land cover, if that is a raster.

    Parameters
    ----------
    text   : `ID=FILE` or `ID[UNIT]=FILE`
    land   : None: parcels of a survey stand in its place
    leaves : variables and coefficients by id
    year   : accounting year

    Raises
    ------
    Problems : an unknown id or unit, a file that cannot be used or lies elsewhere, fill codes or an unmarked background in it
    """
    written = _DRIVER.fullmatch(text)
    if written is None:
        refuse_one(
            "--driver", say("a driver is {text!r}", text=text), "ID=FILE or ID[UNIT]=FILE", "precipitation[mm/yr]=rain.tif"
        )
    leaf = leaves.get(written["id"])
    if leaf is None or leaf.id == "area":
        near = suggest_nearest(written["id"], leaves) or "gep variables and gep coefficients list them"
        hint = near if leaf is None else "areas come from the land cover"
        refuse_one("--driver", say("a driver is named {id!r}", id=written["id"]), "the id of a variable or coefficient", hint)
    raster = look_at(Path(written["path"]))
    given = written["unit"] or raster.unit
    unit = given or leaf.unit
    try:
        by = find_yearly_factor(remove_price_year(unit), leaf.unit, year)
        days = count_days(year) if count_joined_years(remove_price_year(unit), leaf.unit) else 0
    except UnitError as error:
        raise describe_wrong_file(
            raster.path,
            say("{variable} is in {unit!r}: {error}", variable=name_leaf(leaf.id), unit=unit, error=error.args[0]),
            say("a unit of {unit}", unit=leaf.unit),
        ) from None
    onto, how = None, "nearest"
    if land is None:
        how = "exact shares of pixels"
        if raster.grid.step_y > 0:
            raise describe_wrong_file(
                raster.path, "its rows run from south to north", "rows from north to south beside parcels", "gdalwarp turns them"
            )
    elif not raster.grid.same_as(land.grid):
        onto, how = land.grid, resampling or _usual(raster, land)
        _meets(raster, land)
    check_fills(raster, leaf.id)
    least, most = (leaf.least, leaf.most) if isinstance(leaf, Observed | Coefficient) else (None, None)
    return Driver(leaf.id, raster, onto, how, leaf.unit, bool(given), by, least, most, days)


def _ground_size(grid: Grid) -> float:
    """Return the size of a pixel in the middle of a grid, km²."""
    from gep.space.grid import Window as OneBlock

    return float(measure_pixel_areas(grid, OneBlock(grid.height // 2, grid.width // 2, 1, 1))[0, 0])


def _usual(raster: Raster, land: Raster) -> str:
    return "average" if _ground_size(raster.grid) < FINER * _ground_size(land.grid) else "bilinear"


def _meets(raster: Raster, land: Raster) -> None:
    """Refuse a driver that lies elsewhere."""
    from pyproj import CRS, Transformer

    transformer = Transformer.from_crs(CRS.from_wkt(raster.grid.crs), CRS.from_wkt(land.grid.crs), always_xy=True)
    moved = transformer.transform_bounds(*raster.grid.bounds)
    left, bottom, right, top = land.grid.bounds
    if not all(np.isfinite(moved)) or moved[0] >= right or moved[2] <= left or moved[1] >= top or moved[3] <= bottom:
        raise describe_no_overlap(raster.path, moved, land.name, land.grid.bounds)
