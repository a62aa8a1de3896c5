"""C and P of every pixel of a landscape, from a table of classes or from rasters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.rules.catalogue import COEFFICIENTS
from gep.space.routing.class_values import SOIL, read_class_values
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from pathlib import Path

    from gep.space.routing.connectivity import Floats
    from gep.space.routing.landscape import Landscape

LEAVES = ("cover_factor", "practice_factor")


@dataclass(frozen=True)
class SoilRasters:
    """Rasters in the place of a column of the table of classes, FILE*FACTOR[UNIT]: C and P; None: the table has it."""

    cover: str | None = None
    practice: str | None = None


@dataclass(frozen=True)
class SoilFactors:
    """C and P of each pixel, what to cite and what to tell of them."""

    values: tuple[Floats, Floats]
    cited: tuple[str, ...]
    told: tuple[str, ...]


def read_cover_and_practice(land: Landscape, year: int, table: Path | None, rasters: SoilRasters) -> SoilFactors:
    """Return C and P: of each the raster, else the column of the table.

    Raises
    ------
    Problems : neither gives one of them, both are rasters and there is a table all the same, files that cannot be used
    """
    given = dict(zip(SOIL, (rasters.cover, rasters.practice), strict=True))
    of_table = {name: ends for name, ends in SOIL.items() if given[name] is None}
    if of_table and table is None:
        refuse_one(
            "--table",
            say("nothing gives {names}", names=join_list(of_table)),
            say("a table of what each class does, or --cover and --practice"),
        )
    if not of_table and table is not None:
        refuse_one("--table", say("--cover and --practice give C and P"), say("either of them, or no table"))
    read = read_class_values(table, of_table, {}, land.present) if table is not None else None
    leaves = {**VARIABLES, **COEFFICIENTS}
    values: list[Floats] = []
    cited, told = [], []
    for (name, text), letter, leaf in zip(given.items(), "CP", LEAVES, strict=True):
        if text is None:
            assert read is not None  # noqa: S101 - refused above
            values.append(read.spread(name, land.places, land.numbers))
            continue
        found, source, said = land.read(leaf, text, leaves, year)
        values.append(found)
        cited.append(f"{letter} {source}")
        told.append(said)
        lacking = np.isnan(found) & land.inside & ~np.isnan(land.heights)
        if lacking.any():
            share = float(lacking.sum() / (land.inside & ~np.isnan(land.heights)).sum())
            told.append(say("{share:.2%} of the land has no {letter}: water is not followed there", share=share, letter=letter))
    if read is not None:
        cited.append(read.cited)
    return SoilFactors((values[0], values[1]), tuple(cited), tuple(told))
