"""Products of land cover and drivers that are known by what their files say: steps, units, fill codes, classes; with sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.paths import LISTS
from gep.space.raster.confined import open_confined
from gep.space.raster.hdf4 import Hdf4Raster

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.space.raster.sources import Raster

LAND, DRIVER = "land", "driver"
YEAR = "year"


@dataclass(frozen=True)
class Product:
    """A row of `products.csv`.

    Attributes
    ----------
    pattern   : what its file names and tags say, in small letters
    variables : ids of what it gives; empty: any, or classes
    dtypes    : types of numbers that the row holds for; empty: any
    period    : what a number is of: a year, a month, a day, 8 days
    scale     : what stored numbers are multiplied by if the file says nothing; None: the file says it
    factor    : what turns its numbers into the variable's sense, beside the scale: -1 where it counts the other way
    unit      : of scaled numbers; empty: none that a year could have
    fills     : numbers as stored that are no figures, from and to
    scheme    : crosswalk of its classes; empty: none is shipped
    """

    name: str
    kind: str
    pattern: str
    variables: tuple[str, ...]
    dtypes: tuple[str, ...]
    period: str
    scale: float | None
    factor: float
    unit: str
    fills: tuple[tuple[float, float], ...]
    scheme: str
    source: str
    mark: str

    def is_said_by(self, text: str) -> bool:
        """Whether file names or tags speak of the product."""
        return re.search(self.pattern, text.casefold()) is not None


@cache
def read_products() -> tuple[Product, ...]:
    """Return the shipped list."""
    return tuple(
        Product(
            row["product"],
            row["kind"],
            row["pattern"],
            tuple(row["variables"].split()),
            tuple(row["dtypes"].split()),
            row["period"],
            float(row["scale"]) if row["scale"] else None,
            float(row["factor"] or 1),
            row["unit"],
            tuple(_read_range(text) for text in row["nodata"].split()),
            row["scheme"],
            row["source"],
            row["mark"],
        )
        for row in read_list(LISTS / "products.csv")
    )


def _read_range(text: str) -> tuple[float, float]:
    low, _, high = text.partition("..")
    return float(low), float(high or low)


def list_land_products() -> tuple[Product, ...]:
    """Return the products of land cover."""
    return tuple(one for one in read_products() if one.kind == LAND)


def find_fills_of_scheme(scheme: str) -> tuple[tuple[float, float], ...]:
    """Return the numbers that mark no data in the files of a land-cover scheme; none for a scheme of one's own."""
    return next((one.fills for one in list_land_products() if one.scheme == scheme), ())


def recognise_driver(raster: Raster, variable: str, said: str) -> Product | None:
    """Return the product that a raster of a variable says it is; None where it says none.

    Parameters
    ----------
    said : what the file says of itself, as `read_words` gives it
    """
    return next(
        (
            one
            for one in read_products()
            if one.kind == DRIVER
            and (not one.variables or variable in one.variables)
            and (not one.dtypes or raster.dtype in one.dtypes)
            and one.is_said_by(said)
        ),
        None,
    )


def read_words(raster: Raster) -> str:
    """Return what a raster says of itself: its name, its tags and those of its band, its description."""
    if isinstance(raster, Hdf4Raster):
        return " ".join([raster.path.rpartition("/")[2], *(f"{name} {value}" for name, value in raster.tags)])
    with open_confined(raster.dataset or raster.path) as source:
        return " ".join([raster.path.rpartition("/")[2], *_words(source, raster.band)])


def read_tags(rasters: Sequence[Raster]) -> list[dict[str, str]]:
    """Return the tags of each raster and its band, names in small letters; the band's go before. Bands of one file open it once."""
    found: list[dict[str, str]] = []
    for (path, dataset), bands in groupby(rasters, lambda one: (one.path, one.dataset)):
        first = next(bands)
        if isinstance(first, Hdf4Raster):
            found += [{name.casefold(): value for name, value in first.tags}]
            continue
        with open_confined(dataset or path) as source:
            of_all = source.tags()
            found += [
                {name.casefold(): value for tags in (of_all, source.tags(one.band)) for name, value in tags.items()}
                for one in (first, *bands)
            ]
    return found


def _words(source: object, band: int) -> Iterator[str]:
    for tags in (source.tags(), source.tags(band)):  # type: ignore[attr-defined]
        for name, value in tags.items():
            yield f"{name} {value}"
    yield str(source.descriptions[band - 1] or "")  # type: ignore[attr-defined]
