"""A raster or polygons that stand for other files, under whatever name: nothing but the file itself is opened, no network, no other file."""

from __future__ import annotations

import socket
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from conftest import Program
from spaces import write_crosswalk, write_raster, write_zones

RASTER = """<VRTDataset rasterXSize="2" rasterYSize="2"><SRS>EPSG:4326</SRS><GeoTransform>115,0.1,0,28,0,-0.1</GeoTransform>
<VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>{source}</SourceFilename><SourceBand>1</SourceBand>
</SimpleSource></VRTRasterBand></VRTDataset>"""
VECTOR = (
    """<OGRVRTDataSource><OGRVRTLayer name="zones"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_raster(tmp_path / "land.tif", np.array([[1, 1], [1, 1]], dtype=np.uint8), nodata=255)
    write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(0, -2000, 2000, 0)})
    write_crosswalk(tmp_path / "classes.csv", {1: "paddy"})
    return tmp_path


def extract(folder: Path, land: str, zones: str, *more: str, code: int = 2) -> str:
    asked = ("--land-cover", str(folder / land), "--zones", str(folder / zones), "--classes", str(folder / "classes.csv"))
    return Program("")("extract", *asked, *more, "--year", "2022", "-o", str(folder / "out.csv"), code=code).stderr


@pytest.mark.parametrize("name", ["other.tif", "other.img", "other.nc", "other.asc"])  # a .vrt is read as a list
def test_a_raster_that_stands_for_another_file_is_not_opened(name: str, folder: Path) -> None:
    (folder / name).write_text(RASTER.format(source=folder / "land.tif"), "utf-8")
    assert "cannot be read as a raster" in extract(folder, name, "zones.gpkg")
    assert "cannot be read as a raster" in extract(folder, "land.tif", "zones.gpkg", "--driver", f"precipitation={folder / name}")
    Program("")("terrain", str(folder / name), "-o", str(folder / "ls.tif"), code=2)


@pytest.mark.parametrize("name", ["other.geojson", "other.vrt", "other.shp", "other.gpkg", "other.zip"])
def test_polygons_that_stand_for_another_file_are_not_opened(name: str, folder: Path) -> None:
    text = VECTOR.format(source=folder / "zones.gpkg")
    if name == "other.zip":
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("zones.geojson", text)
    else:
        (folder / name).write_text(text, "utf-8")
    assert "cannot be read as polygons" in extract(folder, "land.tif", name)
    assert "cannot be read as polygons" in extract(folder, name, "zones.gpkg") or name != "other.gpkg"


def test_no_address_is_asked(folder: Path) -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:  # nobody asked, or the test is over
                    continue
                with connection:
                    asked.append(connection.recv(100))

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        for prefix in ("/vsicurl/", ""):
            (folder / "far.tif").write_text(RASTER.format(source=f"{prefix}{address}/a.tif"), "utf-8")
            (folder / "far.geojson").write_text(VECTOR.format(source=f"{prefix}{address}/a.geojson"), "utf-8")
            extract(folder, "far.tif", "zones.gpkg")
            extract(folder, "land.tif", "far.geojson")
        (folder / "land.tif.aux.xml").write_text(
            '<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">'
            f"/vsicurl/{address}/a.ovr</MDI></Metadata></PAMDataset>",
            "utf-8",
        )
        extract(folder, "land.tif", "zones.gpkg", code=0)
        done.set()
        listener.join()
    assert asked == []
