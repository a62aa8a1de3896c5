"""Counties in GCJ-02 that are said to be in WGS 84 are noticed; and files of counties as other programs write them are read."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from conftest import ROOT
from pyproj import CRS

from gep.messages.problems import Problems
from gep.space.raster.sources import look_at_bands
from gep.space.shapes.datum import check_datum, shift_to_bd09, shift_to_gcj02
from gep.space.shapes.polygons import read_polygons
from gep.space.shapes.zones import read_codes

if TYPE_CHECKING:
    from pathlib import Path

with (ROOT / "coefficients/lists/county_centres.csv").open(encoding="utf-8") as opened:
    CENTRES = {row["county"]: row for row in csv.DictReader(opened)}
COUNTIES = ("360725", "361027", "360921")


def outline(code: str) -> shapely.Geometry:
    """A square of the county's area about its centre."""
    lon, lat, area = (float(CENTRES[code][name]) for name in ("longitude", "latitude", "area_km2"))
    half = area**0.5 / 2
    east, north = half / (111.32 * np.cos(np.radians(lat))), half / 110.9
    return shapely.box(lon - east, lat - north, lon + east, lat + north)


def write(path: Path, shapes: list[shapely.Geometry], codes: tuple[str, ...], field: str = "adcode") -> Path:
    driver = {".shp": "ESRI Shapefile", ".geojson": "GeoJSON"}[path.suffix.lower()]
    values = [np.array(codes, dtype=object)]
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array(shapes)),
        values,
        [field],
        geometry_type="Polygon",
        crs=CRS(4326).to_wkt(),
        driver=driver,
    )
    return path


@pytest.mark.parametrize(("system", "shift"), [("GCJ-02", shift_to_gcj02), ("BD-09", shift_to_bd09)])
def test_outlines_of_web_maps_are_refused(tmp_path: Path, system: str, shift: object) -> None:
    def moved(points: np.ndarray) -> np.ndarray:
        return np.array([[x + shift(x, y)[0], y + shift(x, y)[1]] for x, y in points])  # type: ignore[operator]

    path = write(tmp_path / "a.geojson", [shapely.transform(outline(code), moved) for code in COUNTIES], COUNTIES)
    polygons = read_polygons(path)
    with pytest.raises(Problems, match=f"as coordinates in {system} do"):
        check_datum(polygons, read_codes(polygons, None))


@pytest.mark.parametrize("digits", ["100", "200202"])
@pytest.mark.parametrize("moved", [True, False])
def test_townships_and_villages_that_make_up_a_county_are_judged_as_it(tmp_path: Path, digits: str, moved: bool) -> None:
    left, bottom, right, top = outline("360725").bounds
    middle = left + 0.4 * (right - left)
    east, north = shift_to_gcj02(*map(float, (CENTRES["360725"]["longitude"], CENTRES["360725"]["latitude"])))
    parts = [shapely.box(left, bottom, middle, top), shapely.box(middle, bottom, right, top)]
    shapes = [shapely.transform(one, lambda points: points + ((east, north) if moved else (0, 0))) for one in parts]
    codes: tuple[str, ...] = (f"360725{digits}", f"360725{int(digits) + 1}")
    polygons = read_polygons(write(tmp_path / "a.geojson", shapes, codes))
    if moved:
        with pytest.raises(Problems, match="as coordinates in GCJ-02 do"):
            check_datum(polygons, codes)
        shapes, codes = shapes[:1], codes[:1]  # a part of a county tells nothing of its place
        polygons = read_polygons(write(tmp_path / "b.geojson", shapes, codes))
    check_datum(polygons, codes)


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (60.0, -40.0), (-500.0, 290.0), (0.0, 600.0)])
def test_outlines_in_their_place_or_off_it_otherwise_are_not(tmp_path: Path, east: float, north: float) -> None:
    shapes = [shapely.transform(outline(code), lambda points: np.add(points, (east / 1e5, north / 1.11e5))) for code in COUNTIES]
    polygons = read_polygons(write(tmp_path / "a.geojson", shapes, COUNTIES))
    check_datum(polygons, COUNTIES)


def test_the_shift_of_jiangxi_is_the_one_that_was_measured() -> None:
    """505 m east and 289 m south, the median of 100 counties against an independent layer."""
    east = [shift_to_gcj02(float(one["longitude"]), float(one["latitude"]))[0] for one in CENTRES.values()]
    north = [shift_to_gcj02(float(one["longitude"]), float(one["latitude"]))[1] for one in CENTRES.values()]
    assert np.median(east) * 111_320 * np.cos(np.radians(27.5)) == pytest.approx(505, abs=30)
    assert np.median(north) * 110_900 == pytest.approx(-289, abs=80)


@pytest.mark.parametrize("field", ["gb", "GB"])
def test_codes_of_tianditu_are_read(tmp_path: Path, field: str) -> None:
    path = write(tmp_path / "a.geojson", [outline(code) for code in COUNTIES], tuple(f"156{code}" for code in COUNTIES), field)
    polygons = read_polygons(path)
    assert read_codes(polygons, None) == read_codes(polygons, field) == COUNTIES


def test_a_shapefile_with_capital_endings_is_read_and_hashed_with_all_its_parts(tmp_path: Path) -> None:
    small = read_polygons(write(tmp_path / "a.shp", [outline(code) for code in COUNTIES], COUNTIES))
    for part in list(tmp_path.iterdir()):
        part.rename(part.with_suffix(part.suffix.upper()))
    capital = read_polygons(tmp_path / "a.SHP")
    assert capital.sha256 == small.sha256
    assert capital.fields == small.fields
    dbf = tmp_path / "a.DBF"
    dbf.write_bytes(dbf.read_bytes().replace(b"360725", b"360726"))
    assert read_polygons(tmp_path / "a.SHP").sha256 != small.sha256


def test_topojson_is_named_with_a_way_to_turn_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"type":"Topology","objects":{"c":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0]],'
        '"properties":{"adcode":"360725"}}]}},"arcs":[[[114,25],[114.4,25],[114.4,25.4],[114,25.4],[114,25]]]}',
        "utf-8",
    )
    with pytest.raises(Problems, match="this is TopoJSON"):
        read_polygons(tmp_path / "a.json")


def test_a_file_of_several_rasters_is_refused_with_their_names(tmp_path: Path) -> None:
    pages = tmp_path / "pages.tif"
    for page in ({}, {"append_subdataset": True}):
        with rasterio.open(
            pages,
            "w",
            driver="GTiff",
            width=2,
            height=2,
            count=1,
            dtype="uint8",
            crs="EPSG:4326",
            transform=rasterio.Affine(1, 0, 114, 0, -1, 26),
            **page,
        ) as file:
            file.write(np.ones((1, 2, 2), np.uint8))
    with pytest.raises(Problems, match="the file holds 2 rasters") as caught:
        look_at_bands(pages)
    assert "gdal_translate 'GTIFF_DIR:1:" in str(caught.value)
