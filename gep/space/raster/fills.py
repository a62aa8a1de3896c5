"""Numbers in a driver that are no figures: fill codes of known products, and backgrounds that the file does not mark."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gep.files.lists import read_list
from gep.messages.texts import Name, join_list, say
from gep.paths import LISTS
from gep.reference.periods import is_period
from gep.space.raster.looking import find_numbers, look_around, look_at_all_of
from gep.space.raster.sources import describe_wrong_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from gep.space.raster.grid import Window
    from gep.space.raster.sources import Raster

_SINGLE = 1e-6
"""By how much of itself a number stored in single precision may be off."""
NOWHERE_ZERO = {"precipitation", "evapotranspiration", "rainfall_erosivity"}
"""What a whole year has some of everywhere in China."""


@cache
def read_fill_values() -> tuple[dict[str, str], ...]:
    """Return the fill codes of known products: `variables` and types (`dtype`) they occur in (empty: any), from `low` to `high`."""
    return tuple(read_list(LISTS / "fill_values.csv"))


def asks_about_ends(raster: Raster) -> bool:
    """Whether 0 and the ends of its type may be a background, since nothing else marks no data in a raster."""
    marks = raster.nodata is not None or bool(raster.fills)
    return not (marks or (np.issubdtype(raster.dtype, np.floating) and _has_nan(raster)))


def list_codes(raster: Raster, variable: str, *, asks: bool) -> tuple[tuple[float, float], ...]:
    """Return what is looked for in every block of a driver, as stored, from and to: possible fill codes, and where it is asked 0 and the ends of the type."""
    ends = ({0.0, *_list_ends(raster)}) if asks else set()
    return (*((low, high) for _, low, high in _list_ranges(raster, variable)), *((one, one) for one in sorted(ends)))


def check_block(
    raster: Raster,
    variable: str,
    stored: NDArray[np.generic],
    ends: tuple[float, float],
    codes: Iterable[tuple[float, float]],
    *,
    asks: bool,
) -> None:
    """Refuse numbers of a block as `check_fills` does those of a first look, which sees a large raster in some places only.

    Parameters
    ----------
    ends  : the least and the largest of them; mostly they alone say that there is no such number
    codes : as `list_codes` gives them

    Raises
    ------
    Problems : as `check_fills`
    """
    near = [(low, high) for low, high in codes if low <= ends[1] and ends[0] <= high]
    if not near:
        return
    parts = [stored[(stored >= np.float64(low)) & (stored <= np.float64(high))] for low, high in near]
    found = _leave_out_marked(raster, np.unique(np.concatenate([np.zeros(0), *parts])).astype(np.float64))
    if found.size:
        check_fills(raster, variable, found, asks=asks)


def check_fills(raster: Raster, variable: str, found: NDArray[np.float64], *, asks: bool) -> None:
    """Refuse a driver whose numbers hold fill codes of a known product, or may hold a background that is not marked.

    Parameters
    ----------
    variable : id of what the raster gives
    found    : as `find_doubtful` gives it
    asks     : as `asks_about_ends` gives it

    Raises
    ------
    Problems : such a code occurs and is not the file's nodata value; or there is none, and 0 or an end of the type occurs
    """
    for row, low, high in _list_ranges(raster, variable):
        codes = found[(found >= low) & (found <= high)]
        if codes.size:
            raise describe_wrong_file(
                raster.path,
                say(
                    "{code:.9g} occurs, which {product} writes for {meaning}",
                    code=float(codes[0]),
                    product=row["product"],
                    meaning=Name(row["meaning"], row["meaning_zh"]),
                ),
                "fill codes marked as nodata",
                say(
                    "gdal_edit.py -a_nodata {code:.9g} FILE; where several codes occur, make them one first (gdal_calc.py)",
                    code=float(codes[0]),
                ),
            )
    if not asks:
        return
    for code in sorted({0.0, *_list_ends(raster)} & set(found.tolist())):
        raise describe_wrong_file(
            raster.path,
            say("{code:.9g} occurs and the raster states no nodata value: is it a figure, or the background?", code=code),
            "a nodata value",
            say(
                "background: gdal_edit.py -a_nodata {code:.9g} FILE; a figure: gdal_edit.py -a_nodata {free} FILE",
                code=code,
                free=_find_free(raster.dtype, found),
            ),
        )


def doubt_zeros() -> str:
    """Return what to ask where a year's figure that is 0 nowhere is 0 in a raster whose nodata value is another."""
    return say("0 occurs in it: if that is the background, gdal_edit.py -a_nodata 0 FILE")


def may_not_be_zero(raster: Raster, variable: str) -> bool:
    """Whether a stored 0 is a figure of 0 that occurs nowhere in a whole year."""
    return variable in NOWHERE_ZERO and raster.offset == 0


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=(?:\d{2}){0,2}(?!\d)|\d{3}(?!\d))")
"""A year in a name, alone or before a month, a month and a day, or a day of the year: 2021, 202107, 20210701, A2021193."""


def doubt_year(names: Iterable[str], year: int) -> str:
    """Return a sentence where the names of files (not of their folders) of a year's figure say years, and the accounting year is none of them; else nothing."""
    said = sorted({found for name in names for found in _YEAR.findall(Path(name).name)})
    if not said or is_period(year) or str(year) in said or not year:
        return ""
    return say("its name says {years}, the account is of {year}: see that it is the right year", years=join_list(said), year=year)


def find_doubtful(raster: Raster, variable: str, within: Window | None = None) -> NDArray[np.float64]:
    """Return the numbers as stored that occur in a first look, each once, without what marks no data: of floats only 0 and possible fill codes.

    Parameters
    ----------
    within : a block to look at all of; None: some places of the whole raster
    """
    ranges = [(0.0, 0.0), *((low, high) for _, low, high in _list_ranges(raster, variable))]
    blocks = look_around(raster) if within is None else look_at_all_of(raster.crop(within))
    return _leave_out_marked(raster, np.unique(np.concatenate([np.zeros(0), *(_doubtful(block, ranges) for block in blocks)])))


def _leave_out_marked(raster: Raster, found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers as stored without those that mark no data."""
    marked = np.nan if raster.nodata is None else float(np.asarray(raster.nodata).astype(raster.dtype))
    kept: NDArray[np.float64] = found[~np.isnan(found) & (found != marked)]
    for low, high in raster.fills:
        kept = kept[(kept < low) | (kept > high)]
    return kept


def _doubtful(block: NDArray[np.generic], ranges: Iterable[tuple[float, float]]) -> NDArray[np.float64]:
    if block.dtype.kind != "f" or not block.size:
        return find_numbers(block).astype(np.float64)
    least, most = float(np.fmin.reduce(block, axis=None)), float(np.fmax.reduce(block, axis=None))
    within = [(np.float64(low), np.float64(high)) for low, high in ranges if least <= high and low <= most]
    return np.unique(np.concatenate([np.zeros(0), *(block[(block >= low) & (block <= high)] for low, high in within)]))


def _list_ranges(raster: Raster, variable: str) -> list[tuple[Mapping[str, str], float, float]]:
    """Return the fill codes that a driver of this type may hold, each with the numbers that it lies between as stored."""
    found: list[tuple[Mapping[str, str], float, float]] = []
    for row in read_fill_values():
        if any(
            row[column] and one not in row[column].split() for column, one in (("variables", variable), ("dtype", raster.dtype))
        ):
            continue
        low, high = (float(row[end]) for end in ("low", "high"))
        found.append((row, low - abs(low) * _SINGLE, high + abs(high) * _SINGLE))
    return found


def _list_ends(raster: Raster) -> tuple[float, ...]:
    if not np.issubdtype(raster.dtype, np.integer):
        return ()
    return float(np.iinfo(raster.dtype).min), float(np.iinfo(raster.dtype).max)


def _has_nan(raster: Raster) -> bool:
    return any(bool(np.isnan(block).any()) for block in look_around(raster))


def _find_free(dtype: str, found: NDArray[np.float64]) -> int:
    """Return a number of the type that does not occur."""
    if np.issubdtype(dtype, np.floating):
        return -9999
    ends = np.iinfo(np.dtype(dtype))
    taken = set(found.tolist())
    wanted: list[int] = [-9999, *range(int(ends.max) - 1, 0, -1)]
    return next(one for one in wanted if ends.min <= one and one not in taken)
