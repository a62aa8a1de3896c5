"""Shares of pixels are those of the shapes cut by each pixel, wherever borders and corners lie; runs of classes are the pixels one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from pyproj import CRS
from spaces import ALBERS

from gep.space.parcels.over_pixels import lay_over_pixels
from gep.space.raster.grid import Grid, Window
from gep.space.shapes.zones import NO_ZONE, ZoneBlock, Zones
from gep.space.zonal.class_runs import sum_class_runs


def make_shapes(seed: int) -> list[shapely.Geometry]:
    """Return shapes side by side, some with a hole or of several parts, drawn either way round; every third time with all corners on lines or middles of pixels."""
    rng = np.random.default_rng(seed)
    points = shapely.multipoints(shapely.points(rng.uniform(-8, 40, 25), -rng.uniform(-8, 30, 25)))
    shapes = list(shapely.get_parts(shapely.voronoi_polygons(points)))
    if seed % 3 == 0:
        snapped = shapely.transform(np.array(shapes), lambda points: np.round(points * 2) / 2)
        shapes = [one for one in snapped if one.is_valid and one.area > 0]
    if seed % 2 == 0:
        shapes = [one.difference(one.centroid.buffer(1.3)) for one in shapes]
    if seed % 4 == 1:
        shapes = list(shapely.reverse(shapes))
    return [shapely.union_all(shapes[:9:2]), *shapes[1:9:2], *shapes[9:]]


def list_shares(block: ZoneBlock, zones: int) -> np.ndarray:
    """Return the share of each zone in each pixel."""
    found = np.zeros((zones, block.label.size))
    inside = block.inside()
    whole = np.flatnonzero(inside != NO_ZONE)
    found[block.here[inside[whole]], whole] = 1
    np.add.at(found, (block.here[block.zone], block.at), block.share)
    return found


def cut_pixels(shapes: list[shapely.Geometry], window: Window) -> np.ndarray:
    row, column = np.divmod(np.arange(window.rows * window.columns), window.columns)
    left, top = window.column + column, -(window.row + row)
    pixels = shapely.box(left, top - 1, left + 1, top)
    return np.array([shapely.area(shapely.intersection(one, pixels)) for one in shapes])


@pytest.mark.parametrize("seed", range(8))
def test_shares_are_those_of_cut_pixels(seed: int) -> None:
    shapes, window = make_shapes(seed), Window(3, 5, 20, 27)
    block = Zones(tuple(map(str, range(len(shapes)))), tuple(shapes), "").within(window)
    assert np.abs(list_shares(block, len(shapes)) - cut_pixels(shapes, window)).max() < 1e-11
    row, column = np.divmod(np.arange(block.label.size), window.columns)
    centres = shapely.points(window.column + column + 0.5, -(window.row + row + 0.5))
    taken = np.where(block.label.ravel() >= 0, block.here[block.label.ravel()], NO_ZONE)
    inside = np.array([shapely.contains_properly(one, centres) for one in shapes])
    assert all(inside[:, at].sum() == 0 or inside[taken[at], at] for at in range(len(taken)))


def test_zones_that_overlap_a_little_keep_the_pixels_they_have_whole() -> None:
    shapes = [
        shapely.box(0, -10, 10.3, 0),
        shapely.box(9.6, -10, 20, 0),
        shapely.Polygon([(2.2, -2.2), (2.7, -2.4), (2.4, -2.8)]),
    ]
    window = Window(0, 0, 10, 20)
    block = Zones(("1", "2", "3"), tuple(shapes), "").within(window)
    assert np.abs(list_shares(block, 3) - cut_pixels(shapes, window)).max() < 1e-12


def test_a_block_inside_a_zone_and_one_that_none_reaches() -> None:
    zones = Zones(("1",), (shapely.box(2, -90, 90, -2),), "")
    inside, outside = zones.within(Window(10, 10, 4, 6)), zones.within(Window(0, 100, 4, 6))
    assert (inside.label == 0).all()
    assert not len(inside.at)
    assert not len(outside.here)
    assert (outside.label == NO_ZONE).all()


@pytest.mark.parametrize("by_row", [True, False])
def test_runs_are_the_pixels_one_by_one(by_row: bool) -> None:
    rng = np.random.default_rng(3)
    shapes, window = (
        [shapely.box(2.5, -20.2, 17, 3), shapely.Point(17, -12).buffer(16) - shapely.box(0, -30, 17, 9)],
        Window(0, 0, 24, 36),
    )
    block = Zones(("1", "2"), tuple(shapes), "").within(window)
    stored = np.repeat(rng.integers(0, 6, (24, 4)), 9, axis=1).astype(np.uint8)
    areas = rng.uniform(0.5, 1.5, (24, 1 if by_row else 36))
    table = np.full(1 << 16, -2, dtype=np.int16)
    table[[1, 2, 3, 4]] = [0, 1, 2, -1]  # 0 and 5 are in no crosswalk
    found = sum_class_runs(block, stored, table, 4.0, areas, 3)
    assert found is not None
    weights = list_shares(block, len(shapes))[block.here] * np.broadcast_to(areas, stored.shape).ravel()
    wanted = np.array(
        [[weights[at][np.isin(stored.ravel(), of)].sum() for of in ([0, 4, 5], 1, 2, 3)] for at in range(len(block.here))]
    )
    assert found[0] == pytest.approx(wanted, rel=1e-12)
    assert found[1] == pytest.approx({of: weights[:, stored.ravel() == of].sum() for of in (0, 5)}, rel=1e-12)
    noise = rng.integers(0, 6, (24, 36)).astype(np.uint8)
    assert sum_class_runs(block, noise, table, 4.0, areas, 3) is None


@pytest.mark.parametrize("step_y", [-1000.0, 1000.0])
def test_means_below_parcels_are_those_of_exactextract(step_y: float) -> None:
    rng = np.random.default_rng(5)
    cells = rng.uniform(100, 900, (30, 40))
    cells[rng.uniform(size=cells.shape) < 0.1] = np.nan
    shapes = np.array(
        [shapely.transform(one, lambda points: points * 1000) for seed in (0, 1, 2, 3) for one in make_shapes(seed)]
    )
    inside = shapely.intersection(shapes, shapely.box(0, -30_000, 40_000, 0))
    inside = inside[shapely.area(inside) > 0]
    grid = Grid(CRS.from_user_input(ALBERS).to_wkt(), 0.0, 0.0 if step_y < 0 else -30_000.0, 1000.0, step_y, 40, 30)
    turned = cells if step_y < 0 else cells[::-1]
    weighted, known, whole = (np.zeros(len(inside)) for _ in range(3))
    for block in lay_over_pixels(
        inside, grid, lambda at: turned[at.row : at.row + at.rows, at.column : at.column + at.columns], np.nan
    ):
        values = block.cells[block.at].astype(float)
        has = ~np.isnan(values)
        np.add.at(whole, block.shape, block.area)
        np.add.at(known, block.shape[has], block.area[has])
        np.add.at(weighted, block.shape[has], (block.area * values)[has])
    source = NumPyRasterSource(cells, 0, -30_000, 40_000, 0, nodata=np.nan)
    features = [{"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)} for one in inside]
    wanted = [one["properties"] for one in exact_extract(source, features, ["mean", "count"])]
    assert weighted / known == pytest.approx([one["mean"] for one in wanted], rel=1e-6)
    assert known == pytest.approx([one["count"] for one in wanted], rel=1e-6)
    assert whole == pytest.approx(shapely.area(inside) / 1e6, rel=1e-9)
