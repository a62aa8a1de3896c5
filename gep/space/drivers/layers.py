"""The layers of a run on one grid: land-cover classes and drivers, read block by block as they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.problems import Problem, Problems
from gep.messages.texts import join_list, say
from gep.reference.crosswalk import Crosswalk, read_class_number
from gep.space.drivers.reading import Driver, name_leaf, read_driver
from gep.space.raster.background import check_background, doubt_background, may_hide_background, suggest_class_repair
from gep.space.raster.collect import look_at_one
from gep.space.raster.evidence import check_one_product, check_stated_classes, recognise_crosswalk
from gep.space.raster.fills import doubt_year
from gep.space.raster.looking import find_numbers, look_around
from gep.space.raster.products import find_fills_of_scheme
from gep.space.raster.sources import Raster, describe_wrong_file, read_block, tell_stated
from gep.space.raster.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.space.raster.grid import Grid, Window

NODATA, UNKNOWN = -1, -2
_VALUES = 1 << 16
"""Classes are whole numbers from -32,768 to 65,535, held as sixteen bits."""


@dataclass(frozen=True)
class Layers:
    """Land cover and drivers on the land cover's grid.

    `evidence` is how the product was known, where nobody named it; `doubt` asks about what may be background, `of_years` tells of
    files whose names say another year; both mostly empty.
    """

    land: Raster
    crosswalk: Crosswalk
    drivers: tuple[Driver, ...]
    evidence: str = ""
    doubt: str = ""
    of_years: tuple[str, ...] = ()

    @property
    def grid(self) -> Grid:
        """The grid everything is computed on."""
        return self.land.grid

    @property
    def classes_told(self) -> str:
        """What a run reports of its classes: the crosswalk, and how the product was known."""
        said = say("classes by {scheme} ({file})", scheme=self.crosswalk.scheme, file=self.crosswalk.file)
        codes = [one for one in self.no_data if one != self.land.nodata]
        if codes:
            said = say("{classes}, no data: {codes}", classes=said, codes=join_list(map(str, codes)))
        if not self.evidence:
            return said
        return say("{classes}: the product is known by {evidence}", classes=said, evidence=self.evidence)

    @property
    def stated(self) -> list[str]:
        """What to tell of projections that the call states, of land cover of another year, and of what may be background."""
        rasters = (self.land, *(one.raster for one in self.drivers))
        stated = [text for one in rasters for text in tell_stated(one.name, one.stated)]
        return [*stated, *self.of_years, *([self.doubt] if self.doubt else [])]

    @property
    def no_data(self) -> list[int]:
        """The numbers that mark no data in files of the product, whatever the file itself says; none of them is a class."""
        ranges = find_fills_of_scheme(self.crosswalk.scheme)
        return [code for low, high in ranges for code in range(int(low), int(high) + 1) if code not in self.crosswalk.numbers]

    def class_table(self) -> NDArray[np.int16]:
        """Return the table from a stored value's sixteen bits to its class's position in the crosswalk, NODATA or UNKNOWN."""
        table = np.full(_VALUES, UNKNOWN, dtype=np.int16)
        for at, one in enumerate(self.crosswalk.classes):
            number = read_class_number(one.code)
            if number is not None and -_VALUES // 2 <= number < _VALUES:
                table[number % _VALUES] = at
        for code in self.no_data:
            table[code % _VALUES] = NODATA
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
    land = look_at_one(str(path))
    if not np.issubdtype(np.dtype(land.dtype), np.integer):
        raise describe_wrong_file(
            path, say("the land cover is of type {dtype}", dtype=land.dtype), "whole numbers: classes", suggest_class_repair(land)
        )
    return land


def find_classes(land: Raster) -> set[int]:
    """Return the classes that occur in the blocks read for a first look (all of a small raster)."""
    found: set[int] = set()
    for block in look_around(land):
        found |= set(find_numbers(block).tolist())
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
    check_one_product(land)
    if crosswalk is not None:
        check_stated_classes(land, crosswalk, lambda: find_classes(land))
    if crosswalk is None or may_hide_background(land, crosswalk):
        codes = find_classes(land)
        if crosswalk is None:
            crosswalk, evidence = recognise_crosswalk(land, codes)
        check_background(land, crosswalk, codes)
    return Layers(land, crosswalk, tuple(found), evidence, doubt_background(land, crosswalk), _doubt_years(land, year))


def _doubt_years(land: Raster, year: int) -> tuple[str, ...]:
    """Return what to tell of land cover whose files, or tiles, are of another year by their names: one sentence for all that say so."""
    parts = land.parts if isinstance(land, Stack) else (land,)
    others = [one for one in parts if doubt_year((one.name,), year)]
    if not others:
        return ()
    first, more = others[0].name, len(others) - 1
    return (
        say("{file}: {what}", file=f"{first} + {more}" if more else first, what=doubt_year((one.name for one in others), year)),
    )
