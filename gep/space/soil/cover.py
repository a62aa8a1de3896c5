"""C, the cover factor of soil loss, pixel by pixel from land cover and the cover of vegetation.

HJ 1173-2021, A.2: by type and band of cover in forest, shrub, grassland and orchards (table A.1), C = 0.221 − 0.595 log10 c on dry cropland (c as a fraction; the base of the logarithm is
not printed, 10 by use; at most 1), one value each for paddy, wetland, built-up land and desert. All values are rows of the coefficient tables. Other types have none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.coefficients.shipped import read_shipped_tables
from gep.formula.nodes import Observed
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.messages.title import Title
from gep.reference.crosswalk import read_crosswalk
from gep.reference.members import list_types_above, name_member, order_ecosystems
from gep.space.drivers.layers import UNKNOWN, Layers, classify_pixels, look_at_land, make_layers
from gep.space.drivers.reading import Driver, read_driver
from gep.space.raster.blocks import USUAL, Work, plan_blocks
from gep.space.raster.sources import describe_wrong_file
from gep.space.raster.writing import Kind
from gep.space.soil.factors import write_factor

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.coefficients.tables import Row
    from gep.space.raster.grid import Window
    from gep.space.raster.sources import Raster

VEGETATION = "vegetation_cover"
_VEGETATION = Observed(VEGETATION, VEGETATION, "%", (), Title("植被覆盖度", "Cover of vegetation"), least=0.0, most=100.0)
EDGES = (10.0, 30.0, 50.0, 70.0)
"""Percent at which a band begins; the last begins above 90."""
LAST = 90.0
BANDS = ("cover_0_10", "cover_10_30", "cover_30_50", "cover_50_70", "cover_70_90", "cover_90_100")
BY_COVER, BY_TYPE, NATION, SET = "cover_factor_by_cover", "cover_factor", "CN", "reference"
DRY = "dry_cropland"
BYTES, LOOKS = 64, 16
"""What a pixel takes, and blocks that are looked at before."""


@dataclass(frozen=True)
class _Cover:
    """Layers, and for each class of the crosswalk its six values by band of cover; those of dry cropland by the formula."""

    layers: Layers
    vegetation: Driver
    table: NDArray[np.int16]
    values: NDArray[np.float64]
    dry: NDArray[np.bool_]

    def compute(self, window: Window) -> NDArray[np.float32]:
        """Return C of a block; NaN where the class has none or, where it goes by cover, cover has no figure.

        Raises
        ------
        Problems : a class that the crosswalk does not know
        """
        stored = self.layers.read_land(window)
        places = classify_pixels(stored, self.table, self.layers.land.nodata)
        if (places == UNKNOWN).any():
            codes = join_list(map(str, np.unique(stored[places == UNKNOWN]).tolist()[:10]))
            raise describe_wrong_file(
                self.layers.land.path,
                say("the classes {codes} occur, which {scheme} does not know", codes=codes, scheme=self.layers.crosswalk.scheme),
                "a row of the crosswalk for every class",
                "--classes FILE.csv",
            )
        cover = self.vegetation.values(self.vegetation.read(window).ravel()).reshape(stored.shape)
        band = np.digitize(cover, EDGES) + (cover > LAST)
        place = np.where(places < 0, len(self.values) - 1, places)
        found = self.values[place, band]
        with np.errstate(divide="ignore", invalid="ignore"):
            dry = np.clip(0.221 - 0.595 * np.log10(cover / 100), 0.0, 1.0)
        found = np.where(self.dry[place], dry, found)
        by_cover = self.dry[place] | (np.ptp(self.values, axis=1)[place] > 0)
        return np.where(by_cover & np.isnan(cover), np.nan, found).astype(np.float32)


def write_cover_factor(
    land_cover: Path, vegetation: str, output: Path, year: int, classes: str | None = None, work: Work = USUAL
) -> list[str]:
    """Write C on the grid of the land cover; return what was done, in words.

    Parameters
    ----------
    vegetation : cover of vegetation, FILE*FACTOR[UNIT]
    year       : whose coefficients count
    classes    : scheme or file of the crosswalk; None: the shipped one that fits

    Raises
    ------
    Problems : files that cannot be used, cover without a unit or beyond 0 to 100 %
    """
    land = look_at_land(land_cover)
    driver = read_driver(f"{VEGETATION}={vegetation}", land, {VEGETATION: _VEGETATION}, None, year)
    _refuse_shares(driver, land)
    layers = make_layers(land, read_crosswalk(classes) if classes else None, (), {}, None, year)
    tables = read_shipped_tables()
    rows = [row for name in (BY_COVER, BY_TYPE) for row in tables.by_id[name] if _counts(row, year)]
    types = [one.ecosystem for one in layers.crosswalk.classes]
    found = {kind: _find_values(kind, rows) for kind in dict.fromkeys(types)}
    nothing = np.full(len(BANDS), np.nan)
    values = np.array([*(found[kind][0] for kind in types), nothing])
    dry = np.array([*(kind == DRY for kind in types), False])
    lacking = order_ecosystems(kind for kind in found if np.isnan(found[kind][0]).any() and kind != DRY)
    if len(lacking) == len(found):
        refuse_one(str(land_cover), say("none of its types has a cover factor"), "forest, shrub, grassland, cropland")
    used = dict.fromkeys(f"{row.source} {row.locator} [{row.mark}]" for kind in found for row in found[kind][1])
    method = (
        f"by type and cover: {'; '.join(used)}; dry cropland 0.221 - 0.595 log10 c: hj1173-2021 A.2 [V; base of the logarithm K]"
    )
    tags = {"UNIT": "1", "RULE": BY_TYPE, "METHOD": method, "LAND_COVER": land.cited, "VEGETATION": driver.raster.cited}
    kind = Kind(output.stem, (BY_TYPE,), "1", tags)
    write_factor(_Cover(layers, driver, layers.class_table(), values, dry), land, kind, output, work)
    none = [say("no cover factor for {types}: no data there", types=join_list(map(name_member, lacking)))] if lacking else []
    return [driver.told, layers.classes_told, *none, say("cover factor by type and cover of vegetation: {output}", output=output)]


def _refuse_shares(driver: Driver, land: Raster) -> None:
    """Refuse cover that never exceeds 1 %: shares that are taken for percent.

    Raises
    ------
    Problems : it does not, in the blocks of a first look
    """
    blocks = plan_blocks(land, BYTES)
    most = -np.inf
    for window in blocks[:: max(1, len(blocks) // LOOKS)]:
        most = max(most, float(np.nanmax(driver.values(driver.read(window).ravel()), initial=-np.inf)))
    if 0 < most <= 1:
        raise describe_wrong_file(
            driver.raster.path,
            say("the cover of vegetation is at most {most:.3g} %", most=most),
            say("percent, 0 to 100"),
            "shares of 0 to 1: FILE[1]",
        )


def _counts(row: Row, year: int) -> bool:
    return row.region == NATION and row.set == SET and row.applies(year)


def _find_values(kind: str, rows: list[Row]) -> tuple[NDArray[np.float64], list[Row]]:
    """Return the values of a type by band of cover, those of the narrowest type that has any, and their rows; NaN where there are none."""
    for name in list_types_above(kind):
        mine = [row for row in rows if row.ecosystem == name]
        by_band = {row.product: row for row in mine if row.id == BY_COVER}
        if len(by_band) == len(BANDS):
            return np.array([by_band[band].computed for band in BANDS]), list(by_band.values())
        for row in mine:
            if row.id == BY_TYPE:
                return np.full(len(BANDS), row.computed), [row]
    return np.full(len(BANDS), np.nan), []
