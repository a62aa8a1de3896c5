"""MODIS as NASA distributes it, HDF4: a field by its name, where its grid lies, its steps and fill codes; what is no grid is refused."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from conftest import Program
from pyhdf.SD import SD, SDC
from spaces import write_raster, write_zones

SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"
LEFT, TOP, STEP = 11_119_505.196667, 3_335_851.559, 463.312716528
"""Corner of tile h28v06."""
TYPES = {"int16": SDC.INT16, "uint16": SDC.UINT16, "uint8": SDC.UINT8}
META = """GROUP=SwathStructure
END_GROUP=SwathStructure
GROUP=GridStructure
	GROUP=GRID_1
		GridName="MOD_Grid"
		XDim={width}
		YDim={height}
		UpperLeftPointMtrs=({left:.6f},{top:.6f})
		LowerRightMtrs=({right:.6f},{bottom:.6f})
		Projection={projection}
		ProjParams=(6371007.181000,0,0,0,0,0,0,0,0,0,0,0,0)
		SphereCode=-1
		GROUP=DataField
			OBJECT=DataField_1
				DataFieldName="{field}"
			END_OBJECT=DataField_1
		END_GROUP=DataField
	END_GROUP=GRID_1
END_GROUP=GridStructure
"""


def write_hdf(
    path: Path,
    field: str,
    cells: np.ndarray[Any, Any],
    *,
    left: float = LEFT,
    top: float = TOP,
    step: float = STEP,
    projection: str = "GCTP_SNSOID",
    meta: str = META,
    **about: Any,
) -> Path:
    file = SD(str(path), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    for name, values in ((field, cells), (f"{field}_QC", np.zeros_like(cells))):
        written = file.create(name, TYPES[str(values.dtype)], values.shape)
        written[:] = values
        for key, value in about.items() if name == field else ():
            if isinstance(value, str):
                written.attr(key).set(SDC.CHAR, value)
            else:
                written.attr(key).set(SDC.FLOAT64 if key.startswith(("scale", "add")) else TYPES[str(cells.dtype)], value)
        written.endaccess()
    height, width = cells.shape
    right, bottom = left + step * width, top - step * height
    if projection == "GCTP_GEO":
        left, top, right, bottom = (pack(one) for one in (left, top, right, bottom))
    said = meta.format(
        width=width, height=height, left=left, top=top, right=right, bottom=bottom, projection=projection, field=field
    )
    file.attr("StructMetadata.0").set(SDC.CHAR, said)
    file.end()
    return path


def pack(degrees: float) -> float:
    """DDDMMMSSS.SS of HDF-EOS."""
    seconds = round(abs(degrees) * 3600)
    return float(np.copysign(seconds // 3600 * 1e6 + seconds // 60 % 60 * 1e3 + seconds % 60, degrees))


def zones(folder: Path) -> list[str]:
    zone = shapely.box(LEFT, TOP - 8 * STEP, LEFT + 8 * STEP, TOP)
    return ["--zones", str(write_zones(folder / "zones.gpkg", {"360725": zone}, crs=SINUSOIDAL)), "--year", "2022"]


def means(path: Path) -> dict[tuple[str, str], float]:
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return {(row["variable"], row["ecosystem"]): float(row["value"]) for row in rows}


def test_modis_is_read_as_it_is_distributed(gep: Program, tmp_path: Path) -> None:
    land = np.where(np.arange(64).reshape(8, 8) < 32, 2, 12).astype(np.uint8)
    cover = write_hdf(tmp_path / "MCD12Q1.A2022001.h28v06.061.hdf", "LC_Type1", land, _FillValue=255)
    npp = np.full((8, 8), 6000, dtype=np.int16)
    npp[0, 0], npp[1, 1] = 32767, 32761  # fill, and a code of the product
    carbon = write_hdf(
        tmp_path / "MOD17A3HGF.A2022001.h28v06.061.hdf",
        "Npp_500m",
        npp,
        scale_factor=0.0001,
        _FillValue=32767,
        units="kg_C/m^2/year",
    )
    rain = tmp_path / "rain.tif"
    write_raster(rain, np.full((8, 8), 1500, np.float32), unit="mm/yr", left=LEFT, top=TOP, step=STEP, crs=SINUSOIDAL)
    out = tmp_path / "inputs.csv"
    call = ["--land-cover", f"{cover}|variable=LC_Type1", *zones(tmp_path), "--driver", f"NPP={carbon}|variable=Npp_500m"]
    said = gep("extract", *call, "--driver", f"precipitation={rain}", "--least-cover", "90", "-o", str(out)).stdout
    found = means(out)
    cell = 0.46331271652777775**2
    assert found["area", "evergreen_broadleaf_forest"] == pytest.approx(
        32 * cell, rel=3e-3
    )  # the sphere's latitudes are taken as WGS 84's
    assert found["npp_carbon", "evergreen_broadleaf_forest"] == pytest.approx(600.0)
    assert "igbp" in said
    digest = __import__("hashlib").sha256(carbon.read_bytes()).hexdigest()
    assert f"MOD17A3HGF.A2022001.h28v06.061.hdf sha256:{digest[:16]}" in out.read_text("utf-8")


def test_two_tiles_are_one_and_degrees_are_unpacked(gep: Program, tmp_path: Path) -> None:
    for at, name in enumerate(("a", "b")):
        write_hdf(
            tmp_path / f"MCD12Q1.{name}.hdf",
            "LC_Type1",
            np.full((4, 4), 2 + 10 * at, np.uint8),
            left=114.25 + at * 0.2,
            top=25.5,
            step=0.05,
            projection="GCTP_GEO",
            _FillValue=255,
        )
    zone = write_zones(tmp_path / "zones.gpkg", {"360725": shapely.box(114.25, 25.3, 114.65, 25.5)}, crs="EPSG:4326")
    out = tmp_path / "inputs.csv"
    gep(
        "extract",
        "--land-cover",
        f"{tmp_path}/MCD12Q1.*.hdf|variable=LC_Type1",
        "--zones",
        str(zone),
        "--year",
        "2022",
        "-o",
        str(out),
    )
    found = means(out)
    assert found["area", "evergreen_broadleaf_forest"] == pytest.approx(found["land_area", ""] / 2, rel=1e-5)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("behind", "change", "said"),
    [
        ("", {}, ("the file holds 2 rasters: Npp_500m", "Npp_500m_QC")),
        ("|variable=Gpp_500m", {}, ("Gpp_500m", "Npp_500m_QC")),
        ("|variable=Npp_500m", {"projection": "GCTP_LAMAZ"}, ("GCTP_LAMAZ", "gdal_translate")),
        ("|variable=Npp_500m", {"meta": "nothing"}, ("Npp_500m", "gdal_translate")),
        ("|variable=Npp_500m|crs=EPSG:4326", {}, ("EPSG:4326", "HDF-EOS")),
        ("|variable=Npp_500m", None, ("MOD17A3HGF.A2022001.h28v06.061.hdf",)),
    ],
)
def test_what_is_no_grid_of_modis_is_refused(
    gep: Program, tmp_path: Path, lang: str, behind: str, change: dict[str, Any] | None, said: tuple[str, ...]
) -> None:
    land = write_raster(
        tmp_path / "igbp.tif", np.full((8, 8), 2, np.uint8), nodata=255, left=LEFT, top=TOP, step=STEP, crs=SINUSOIDAL
    )
    file = tmp_path / "MOD17A3HGF.A2022001.h28v06.061.hdf"
    if change is None:
        file.write_bytes(b"\x0e\x03\x13\x01" + bytes(4096))
    else:
        write_hdf(file, "Npp_500m", np.full((8, 8), 6000, np.int16), scale_factor=0.0001, **change)
    call = ["--land-cover", str(land), "--classes", "igbp", *zones(tmp_path), "--driver", f"NPP={file}{behind}"]
    done = gep("extract", *call, "-o", str(tmp_path / "out.csv"), "--lang", lang, code=2)
    assert change is not None or ("copy it again" if lang == "en" else "重新复制") in done.stderr
    for text in said if lang == "en" else [one for one in said if not one.startswith("the file")]:
        assert text in " ".join(done.stderr.split())
    assert not (tmp_path / "out.csv").exists()
