"""From what a call names to one raster: a file, tiles side by side, or the months and bands of a year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, Problems
from gep.space.raster.hdf4 import is_hdf4, look_at_hdf4
from gep.space.raster.names import read_raster_names
from gep.space.raster.sources import look_at_bands
from gep.space.raster.stacks import MEAN, SUM, make_mosaic

if TYPE_CHECKING:
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
    for name in read_raster_names(text):
        try:
            if is_hdf4(name.path):
                found.append(look_at_hdf4(name.path, name.variable, name.crs))
            else:
                found += look_at_bands(name.path, name.variable, None if every_band and not name.band else name.band, name.crs)
        except Problems as error:
            problems += error.problems
    if problems:
        raise Problems(problems)
    return found


def look_at_one(text: str) -> Raster:
    """Return the one raster that a text names: a file, or tiles side by side.

    Raises
    ------
    Problems : all that cannot be used, tiles that do not fit
    """
    return make_mosaic(look_at_all(text))
