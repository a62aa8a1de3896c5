"""From what a call names to one raster: a file, tiles side by side, or the months and bands of a year."""

from __future__ import annotations

import re
from math import isclose, isnan
from typing import TYPE_CHECKING

from pyproj import CRS
from pyproj.exceptions import CRSError

from gep.messages.problems import Problem, Problems
from gep.messages.texts import mark_word, say
from gep.paths import print_path
from gep.space.raster.hdf4 import is_hdf4, look_at_hdf4
from gep.space.raster.names import ONLY_LISTS, read_raster_names
from gep.space.raster.sources import describe_wrong_file, look_at_bands
from gep.space.raster.stacks import MEAN, SUM, make_mosaic

if TYPE_CHECKING:
    from pathlib import Path

    from gep.space.raster.names import Listing
    from gep.space.raster.sources import Raster

_RULE = re.compile(rf"({SUM}|{MEAN})\((.+)\)")


def split_rule(text: str) -> tuple[str, str]:
    """Return the rule that a name of rasters begins with (`sum(…)`, `mean(…)`) and the names; an empty rule where there is none."""
    written = _RULE.fullmatch(text.strip())
    return (written[1], written[2]) if written else ("", text)


def look_at_all(text: str, *, every_band: bool = False) -> list[Raster]:
    """Return the rasters that a text names.

    Parameters
    ----------
    every_band : take all bands of a file of several of which none is named

    Raises
    ------
    Problems : all that cannot be used
    """
    found: list[Raster] = []
    problems: list[Problem] = []
    wrong: dict[Path, str] = {}
    for name in read_raster_names(text):
        try:
            if is_hdf4(name.path):
                looked: list[Raster] = [look_at_hdf4(name.path, name.variable, name.crs)]
            else:
                looked = look_at_bands(name.path, name.variable, None if every_band and not name.band else name.band, name.crs)
            if name.listing is not None and name.listing.vrt not in wrong:
                said = _find_contradiction(looked[0], name.listing)
                if said:
                    wrong[name.listing.vrt] = said
            found += looked
        except Problems as error:
            problems += error.problems
    problems += [Problem(print_path(vrt), 0, said, ONLY_LISTS, _WRITE) for vrt, said in wrong.items()]
    if problems:
        raise Problems(problems)
    return found


_WRITE = "of a VRT only the list is read; gdal_edit.py writes into the file itself what is right"


def _find_contradiction(raster: Raster, listing: Listing) -> str:
    """Return where a VRT says something else of a file than the file itself, which would not be read; nothing where they agree.

    That is another place, system of coordinates, nodata value or unit.

    Raises
    ------
    Problems : its system of coordinates is none
    """
    grid = raster.grid
    own = raster.name
    if listing.crs and not _is_system(listing, grid.crs):
        return say("it states the system {system}, {file} itself {own}", system=_name(listing.crs), file=own, own=_name(grid.crs))
    if listing.corner is not None:
        left, top, step_x, step_y = listing.corner
        if abs(left - grid.left) > abs(step_x) or abs(top - grid.top) > abs(step_y):
            return say(
                "it puts {file} at {left:.9g}, {top:.9g}, the file itself says {own_left:.9g}, {own_top:.9g}",
                file=own,
                left=left,
                top=top,
                own_left=grid.left,
                own_top=grid.top,
            )
    none = mark_word("(none)")
    if listing.nodata and not any(_are_same(one, raster.nodata) for one in listing.nodata):
        marked = none if raster.nodata is None else f"{raster.nodata:.9g}"
        return say("it states the nodata value {nodata:.9g}, {file} itself {own}", nodata=listing.nodata[0], file=own, own=marked)
    if listing.unit and listing.unit != raster.unit:
        return say("it states the unit {unit}, {file} itself {own}", unit=listing.unit, file=own, own=raster.unit or none)
    return ""


def _is_system(listing: Listing, crs: str) -> bool:
    try:
        return bool(CRS.from_user_input(listing.crs).equals(CRS.from_wkt(crs), ignore_axis_order=True))
    except CRSError:
        raise describe_wrong_file(
            listing.vrt, say("{crs!r} is no system of coordinates", crs=listing.crs), "a code such as EPSG:4326 or EPSG:4490"
        ) from None


def _name(crs: str) -> str:
    return str(CRS.from_user_input(crs).name)


def _are_same(one: float, nodata: float | None) -> bool:
    return nodata is not None and (one == nodata or (isnan(one) and isnan(nodata)) or isclose(one, nodata, rel_tol=1e-6))


def look_at_one(text: str) -> Raster:
    """Return the one raster that a text names: a file, or tiles side by side.

    Raises
    ------
    Problems : all that cannot be used, tiles that do not fit
    """
    return make_mosaic(look_at_all(text))
