"""A landscape that water runs over: terrain, land cover and zones on one grid of square pixels in metres, as routing needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.reference.crosswalk import read_class_number, read_crosswalk
from gep.space.drivers.layers import UNKNOWN, classify_pixels, look_at_land, make_layers
from gep.space.drivers.reading import read_driver
from gep.space.raster.collect import look_at_one
from gep.space.raster.grid import Window, measure_pixel_areas
from gep.space.raster.sources import Raster, describe_wrong_file
from gep.space.routing.connectivity import Terrain, compute_slope_beside_gaps, find_streams
from gep.space.routing.drainage import find_drainage
from gep.space.routing.spread import find_spread
from gep.space.shapes.crop import crop_to_zones
from gep.space.shapes.polygons import describe_left_out, read_polygons
from gep.space.shapes.zone_units import SETTLED, settle_zones
from gep.space.shapes.zones import NO_ZONE, make_zones
from gep.space.soil.marks import read_marks
from gep.space.soil.terrain import describe_heights, look_at_terrain, read_heights

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.reference.regions import Region
    from gep.space.drivers.layers import Layers
    from gep.space.raster.grid import Grid
    from gep.space.routing.connectivity import Flags, Floats
    from gep.space.shapes.zones import Zones

BYTES, BASE = 300, 450
"""What a pixel takes while the whole landscape is in memory, and megabytes of the program itself."""
SQUARE = 1e-6
FLOWS = ("mfd", "d8")
"""Whither water goes: to all lower neighbours, or to that of the steepest fall."""
MFD = FLOWS[0]


@dataclass(frozen=True)
class Asked:
    """What both routings are asked: files, zones, how water goes (one of FLOWS) and how streams are found."""

    dem: Path
    land_cover: Path
    zones: Path
    year: int
    classes: str | None
    zone_field: str | None
    zone_kind: str | None
    streams: float
    drainage: Path | None
    flow: str
    published: bool
    whole_terrain: bool
    memory: int


@dataclass(frozen=True)
class Landscape:
    """What is known of each pixel.

    Attributes
    ----------
    heights : metres; NaN where there is none, or where water is not followed
    places  : position of the land class in the crosswalk, negative where there is none
    label   : position of the zone at the centre of the pixel, or NO_ZONE
    areas   : on the ellipsoid, km²
    drained : pixels stated to drain into a stream at once; None: none are
    """

    dem: Raster
    layers: Layers
    zones: Zones
    heights: Floats
    places: NDArray[np.int16]
    label: NDArray[np.int16]
    areas: Floats
    drained: Flags | None
    units: tuple[Region, ...]
    told: tuple[str, ...]

    @property
    def grid(self) -> Grid:
        """The grid of the part of the terrain that is computed."""
        return self.dem.grid

    @property
    def whole(self) -> Window:
        """All of it."""
        return Window(0, 0, self.grid.height, self.grid.width)

    @property
    def inside(self) -> Flags:
        """Pixels in a zone."""
        return np.asarray(self.label != NO_ZONE)

    @property
    def numbers(self) -> list[int]:
        """Number of each class of the crosswalk, in its order."""
        codes = (read_class_number(one.code) for one in self.layers.crosswalk.classes)
        return [-(1 << 30) if code is None else code for code in codes]

    @property
    def present(self) -> list[int]:
        """Numbers of the classes that occur where water is followed."""
        numbers = self.numbers
        return [numbers[at] for at in np.unique(self.places[(self.places >= 0) & ~np.isnan(self.heights)])]

    def read(self, name: str, text: str, leaves: Mapping[str, Leaf], year: int) -> tuple[Floats, str, str]:
        """Return a driver on the grid of the terrain, what to cite of it and what to tell; NaN where there is no data.

        Parameters
        ----------
        text : FILE*FACTOR[UNIT]
        """
        driver = read_driver(f"{name}={text}", self.dem, leaves, None, year)
        found = driver.values(driver.read(self.whole).ravel()).reshape(self.heights.shape)
        return found, f"{driver.raster.cited} ({driver.about})", driver.told

    def find_terrain(self, asked: Asked, known: Flags | None, traced: float) -> Terrain:
        """Return the way of water over it.

        Parameters
        ----------
        known : pixels that water runs over; others are holes as those of the terrain; None: all
        traced : share of the pixels that make a stream which suffices between two pixels of it, where water spreads
        """
        heights = self.heights if known is None else np.where(known, self.heights, np.nan)
        drainage = find_spread(heights) if asked.flow == MFD else find_drainage(heights)
        slope = compute_slope_beside_gaps(drainage.heights, self.grid.step_x, -self.grid.step_y)
        streams = find_streams(drainage, asked.streams, traced, self.drained)
        return Terrain(drainage, slope, streams, self.grid.step_x, asked.published)


def read_landscape(asked: Asked, leaves: Mapping[str, Leaf]) -> Landscape:
    """Return the landscape of a call.

    Raises
    ------
    Problems : files that cannot be used or do not lie on one grid, pixels that are not square or not in metres, more of them than memory holds
    """
    dem, land = look_at_terrain(asked.dem), look_at_land(asked.land_cover)
    _check_square(dem)
    settled = settle_zones(read_polygons(asked.zones, (dem.grid.crs, dem.grid.bounds)), asked.zone_field, asked.zone_kind)
    if not asked.whole_terrain:
        dem = crop_to_zones(dem, settled.polygons)
    dem, land = _bring_together(dem, land, "--land-cover")
    grid = dem.grid
    need = BASE + (grid.width * grid.height * BYTES >> 20)
    if need > asked.memory:
        refuse_one(
            "--memory",
            say("the way of water over {count:,} pixels takes {need:,} MB", count=grid.width * grid.height, need=need),
            say("at most {memory:,} MB", memory=asked.memory),
            say("--memory {need} allows it; or take one basin, or a coarser model", need=need),
        )
    crosswalk = read_crosswalk(asked.classes) if asked.classes else None
    layers = make_layers(land, crosswalk, (), leaves, None, asked.year)
    whole = Window(0, 0, grid.height, grid.width)
    places = classify_pixels(layers.read_land(whole), layers.class_table(), land.nodata)
    _refuse_unknown(layers, whole, places)
    zones = make_zones(settled.polygons, SETTLED, grid, dem.name)
    heights = read_heights(dem, whole)[1:-1, 1:-1]
    block = zones.within(whole)
    label = (
        np.where(block.label == NO_ZONE, NO_ZONE, block.here[block.label].astype(np.int16)) if block.here.size else block.label
    )
    if not asked.whole_terrain:
        heights = np.where(label == NO_ZONE, np.nan, heights)
    areas = np.broadcast_to(measure_pixel_areas(grid, whole), heights.shape)
    drained = None
    if asked.drainage is not None:
        drained, heights = _read_drained(asked.drainage, dem, heights)
    told = (
        *describe_heights(asked.dem),
        *layers.stated,
        layers.classes_told,
        *settled.told,
        *describe_left_out(settled.polygons),
    )
    return Landscape(dem, layers, zones, heights, places, label, areas, drained, settled.units, told)


def _check_square(dem: Raster) -> None:
    """Refuse terrains whose pixels are no squares in metres: the equations count in them."""
    crs, grid = CRS.from_wkt(dem.grid.crs), dem.grid
    metre = crs.axis_info[0].unit_conversion_factor if crs.axis_info and not crs.is_geographic else 0.0
    if metre == 1 and grid.step_y < 0 and abs(grid.step_x + grid.step_y) <= SQUARE * grid.step_x:
        return
    found = (
        say("its system of coordinates counts in degrees")
        if crs.is_geographic
        else say("its pixels are {across:g} by {down:g} units of its system", across=grid.step_x, down=-grid.step_y)
    )
    raise describe_wrong_file(
        dem.path,
        found,
        "square pixels in metres, rows from north to south",
        "gdalwarp -t_srs EPSG:… -tr SIDE SIDE -r bilinear; land cover with -r mode",
    )


def _bring_together(dem: Raster, other: Raster, option: str) -> tuple[Raster, Raster]:
    """Return the parts of two rasters that lie on each other.

    Raises
    ------
    Problems : their pixels do not lie on each other, or they do not meet
    """
    one, two = dem.grid, other.grid
    column, row = (two.left - one.left) / one.step_x, (two.top - one.top) / one.step_y
    shift = round(row), round(column)
    size = min(one.height, shift[0] + two.height) - max(0, shift[0]), min(one.width, shift[1] + two.width) - max(0, shift[1])
    if min(size) > 0:
        window = Window(max(0, shift[0]), max(0, shift[1]), *size)
        parts = dem.crop(window), other.crop(window.shift(-shift[0], -shift[1]))
        if parts[0].grid.same_as(parts[1].grid):
            return parts
    raise describe_wrong_file(
        other.path,
        say("it does not lie on the grid of {other}", other=dem.name),
        say("rasters on one grid"),
        say("{option}: gdalwarp brings it onto that grid (-t_srs, -te, -tr; classes with -r mode)", option=option),
    )


def _refuse_unknown(layers: Layers, whole: Window, places: NDArray[np.int16]) -> None:
    if not (places == UNKNOWN).any():
        return
    codes = np.unique(layers.read_land(whole)[places == UNKNOWN]).tolist()
    raise describe_wrong_file(
        layers.land.path,
        say(
            "the classes {codes} occur, which {scheme} does not know",
            codes=join_list(map(str, codes[:10])),
            scheme=layers.crosswalk.scheme,
        ),
        "a row of the crosswalk for every class",
        "--classes FILE.csv",
    )


def _read_drained(path: Path, dem: Raster, heights: Floats) -> tuple[Flags, Floats]:
    """Return the pixels of 1, and heights without those of which the file knows nothing."""
    raster = look_at_one(str(path))
    on_it = dem.grid.find_on(raster.grid)
    if on_it is None:
        _bring_together(dem, raster, "--drainage")
        raise describe_wrong_file(path, say("it does not cover the terrain"), say("0 or 1 for every pixel of it"))
    marked, lacking = read_marks(raster.crop(on_it), say("0, or 1 where water runs into a stream at once"))
    return marked, np.where(lacking, np.nan, heights)
