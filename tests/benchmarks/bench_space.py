"""Benchmark of the spatial part, printed as a table: the program against raw reading and writing, plain numpy, rasterstats.

Synthetic Jiangxi, fixed seed. Each measurement is a process of its own, so that its peak memory is its own. Run by
`make bench-space`; `--side` and `--five-side` set the size, `--folder` where the rasters go (about 40 GB at full size).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("GDAL_CACHEMAX", "64")
import numpy as np
import rasterio
import shapely

from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES

LEAVES = {**VARIABLES, **COEFFICIENTS}


ROOT = Path(__file__).parent.parent.parent
ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=WGS84 +units=m"
LEFT, TOP, STEP = 850_000.0, 3_280_000.0, 30.0
BLOCK = 1024
# name: low, high, stored as, unit of what is stored
DRIVERS = {
    "precipitation": (1300, 2100, "uint16", "mm/yr"),
    "evapotranspiration": (500, 1100, "uint16", "mm/yr"),
    "rainfall_erosivity": (4000, 11000, "uint16", ""),
    "soil_erodibility": (0.01, 0.06, "float32", ""),
    "slope_factor": (0.1, 25, "float32", ""),
    "cover_factor": (0.005, 0.4, "float32", ""),
    "npp_dry_matter": (600, 2100, "uint16", "t_DM/km^2/yr"),
}
WATER = ("precipitation", "evapotranspiration")
FIVE = ("water_conservation", "soil_retention", "carbon_sequestration", "climate_regulation", "air_purification")
COUNTY = {"practice_factor": "0.5,1", "hot_days": "90,d", "npp_to_nep_ratio": "0.2,1"}


def codes() -> list[str]:
    import csv

    with (ROOT / "coefficients/lists/regions.csv").open(encoding="utf-8") as file:
        return [row["code"] for row in csv.DictReader(file) if row["code"].startswith("36") and row["level"] == "county"][:100]


def smooth(rng: np.random.Generator, side: int, rows: slice, coarse: np.ndarray) -> np.ndarray:
    """Return rows of a field that is smooth over kilometres and a little rough from pixel to pixel."""
    at = np.arange(rows.start, rows.stop) * (len(coarse) - 1) / side
    low = at.astype(int)
    lines = coarse[low] + (coarse[low + 1] - coarse[low]) * (at - low)[:, None]
    across = np.arange(side) * (coarse.shape[1] - 1) / side
    left = across.astype(int)
    field = lines[:, left] + (lines[:, left + 1] - lines[:, left]) * (across - left)
    return np.clip(field + rng.integers(0, 4, field.shape) * 0.004, 0, 1)


def write_layer(path: Path, side: int, seed: int, dtype: str, low: float, high: float, unit: str = "") -> None:
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(0, 1, (max(4, side // 100), max(4, side // 100)))
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=side,
        height=side,
        count=1,
        dtype=dtype,
        crs=ALBERS,
        tiled=True,
        blockxsize=512,
        blockysize=512,
        compress="deflate",
        zlevel=1,
        transform=rasterio.Affine(STEP, 0, LEFT, 0, -STEP, TOP),
        nodata=255 if dtype == "uint8" else None,
    ) as file:
        if unit:
            file.units = (unit,)
        for row in range(0, side, 512):
            rows = slice(row, min(row + 512, side))
            field = low + smooth(rng, side, rows, coarse) * (high - low)
            if dtype == "float32":
                field = np.round(field, 4)
            file.write(field.astype(dtype), 1, window=((rows.start, rows.stop), (0, side)))


def write_zones(path: Path, side: int) -> None:
    import pyogrio

    rng = np.random.default_rng(1)
    wide = side * STEP
    corner = np.stack(np.meshgrid(np.linspace(0, wide, 11), np.linspace(0, wide, 11)), axis=-1)
    corner[1:-1, 1:-1] += rng.uniform(-0.03, 0.03, (9, 9, 2)) * wide
    edges: dict[tuple[tuple[int, int], tuple[int, int]], np.ndarray] = {}

    def edge(a: tuple[int, int], b: tuple[int, int]) -> np.ndarray:
        if (b, a) in edges:
            return edges[b, a][::-1]
        if (a, b) not in edges:
            share = np.linspace(0, 1, 201)[:, None]
            points = corner[a] + (corner[b] - corner[a]) * share
            outer = any(one[axis] == two[axis] and one[axis] in {0, 10} for axis in (0, 1) for one, two in ((a, b),))
            if not outer:
                points[1:-1] += rng.normal(0, 1, (199, 2)).cumsum(axis=0) * np.sin(np.pi * share[1:-1]) * wide / 20000
            edges[a, b] = points
        return edges[a, b]

    shapes = []
    for i in range(10):
        for j in range(10):
            ring = [
                edge((i, j), (i, j + 1)),
                edge((i, j + 1), (i + 1, j + 1)),
                edge((i + 1, j + 1), (i + 1, j)),
                edge((i + 1, j), (i, j)),
            ]
            points = np.vstack([part[:-1] for part in ring])
            shapes.append(shapely.make_valid(shapely.Polygon(points * (1, -1) + (LEFT, TOP))))
    clean, taken = [], shapely.Polygon()
    for shape in shapes:  # a wiggle may cross another: cut it away, so that nothing overlaps
        cut = shapely.difference(shape, taken)
        parts = shapely.get_parts(cut)
        clean.append(shapely.multipolygons(parts[shapely.get_type_id(parts) == 3]))
        taken = shapely.union(taken, shape)
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(np.array(clean)),
        [np.array(codes(), dtype=object)],
        ["adcode"],
        geometry_type="MultiPolygon",
        crs=ALBERS,
        driver="GPKG",
    )


def make(folder: Path, side: int, names: tuple[str, ...]) -> Path:
    """Make the rasters of a size in a process of its own: the peak memory of this one would be inherited by all others."""
    place = folder / f"s{side}"
    measured(sys.executable, __file__, "--task", "make", "--side", str(side), "--place", str(place), *names)
    return place


def make_here(place: Path, side: int, names: list[str]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    if not (place / "land.tif").exists():
        write_layer(place / "land.tif", side, 1, "uint8", 1, 8.999)
        write_zones(place / "zones.gpkg", side)
        (place / "classes.csv").write_text(
            "code,ecosystem\n1,evergreen_broadleaf_forest\n2,evergreen_needleleaf_forest\n3,mixed_forest\n4,tussock\n5,orchard\n6,paddy\n7,urban\n8,lake\n",
            "utf-8",
        )
        lines = ["county,year,variable,ecosystem,pollutant,product,value,unit,source,note"]
        for code in codes():
            lines += [f"{code},2022,{name},,,,{value},a," for name, value in COUNTY.items()]
            lines += [
                f"{code},2022,transpiration_heat,,,,3000,kJ/m2/d,a,",
                f"{code},2022,pollutant_uptake,,SO2,,9,t/km2/yr,a,",
                f"{code},2022,pollutant_uptake,,NOx,,0.5,t/km2/yr,a,",
                f"{code},2022,pollutant_uptake,,dust,,20,t/km2/yr,a,",
            ]
        (place / "local.csv").write_text("\n".join(lines) + "\n", "utf-8")
    for seed, name in enumerate(names, start=2):
        if not (place / f"{name}.tif").exists():
            low, high, dtype, unit = DRIVERS[name]
            write_layer(place / f"{name}.tif", side, seed, dtype, low, high, unit)


Found = tuple[float, float, float]


def measured(*command: str) -> Found:
    """Return seconds on the clock and of the processors, and peak megabytes of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}\n{said}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def gep_map(place: Path, services: tuple[str, ...], names: tuple[str, ...], output: str = "out") -> Found:
    shutil.rmtree(place / output, ignore_errors=True)
    return measured(
        sys.executable,
        "-m",
        "gep",
        "map",
        "--land-cover",
        str(place / "land.tif"),
        "--zones",
        str(place / "zones.gpkg"),
        "--year",
        "2022",
        "--classes",
        str(place / "classes.csv"),
        "--inputs",
        str(place / "local.csv"),
        "--standard",
        "inputs/jiangxi-2019-space/standard.yaml",
        "--no-pictures",
        "-o",
        str(place / output),
        *(part for name in services for part in ("--service", name)),
        *(part for name in names for part in ("--driver", f"{name}[{LEAVES[name].unit}]={place / name}.tif")),
    )


def gep_extract(place: Path) -> Found:
    return measured(
        sys.executable,
        "-m",
        "gep",
        "extract",
        "--land-cover",
        str(place / "land.tif"),
        "--zones",
        str(place / "zones.gpkg"),
        "--year",
        "2022",
        "--classes",
        str(place / "classes.csv"),
        "-o",
        str(place / "zonal.parquet"),
    )


def own(place: Path, task: str, *names: str) -> Found:
    return measured(sys.executable, __file__, "--task", task, "--place", str(place), *names)


def floor(place: Path, names: list[str]) -> None:
    """Read the inputs and write the results of the last map again, by rasterio alone: the same blocks, the same COGs."""
    from rasterio.shutil import copy

    from gep.space.raster.writing import COG

    inputs = [rasterio.open(place / f"{name}.tif") for name in ("land", *names)]
    results = [rasterio.open(path) for path in sorted((place / "out").glob("*.tif"))]
    copies = [
        rasterio.open(
            place / f"floor{at}.tif",
            "w",
            driver="GTiff",
            width=one.width,
            height=one.height,
            count=one.count,
            dtype="float32",
            crs=one.crs,
            transform=one.transform,
            nodata=np.nan,
            tiled=True,
            blockxsize=512,
            blockysize=512,
            interleave="band",
        )
        for at, one in enumerate(results)
    ]
    side = inputs[0].width
    reading_results = 0.0
    for row in range(0, side, BLOCK):
        for column in range(0, side, BLOCK):
            window = ((row, min(row + BLOCK, side)), (column, min(column + BLOCK, side)))
            for file in inputs:
                file.read(1, window=window)
            for one, two in zip(results, copies, strict=True):
                start = time.process_time()
                cells = one.read(window=window)
                reading_results += time.process_time() - start
                two.write(cells, window=window)
    for at, two in enumerate(copies):
        two.close()
        copy(str(place / f"floor{at}.tif"), str(place / f"floor{at}.cog.tif"), num_threads=os.cpu_count(), **COG)
        (place / f"floor{at}.tif").unlink()
        (place / f"floor{at}.cog.tif").unlink()
    (place / "floor.txt").write_text(str(reading_results), "utf-8")


def whole_numpy(place: Path) -> None:
    """The water balance over the whole array in plain numpy, with zonal sums, read and written by rasterio."""
    read = {name: rasterio.open(place / f"{name}.tif") for name in ("land", *WATER)}
    runoff = np.array([np.nan, 0.0465, 0.0452, 0.0352, 0.0387, 0.0957, np.nan, np.nan, 0.0])
    land = read["land"].read(1)
    rain = read["precipitation"].read(1).astype(np.float64)
    volume = STEP**2 / 1e6 * (rain - rain * runoff[land] - read["evapotranspiration"].read(1).astype(np.float64)) * 1000
    price = 8.8309
    for at, cells in enumerate((volume, volume * price)):
        with rasterio.open(
            place / f"numpy{at}.tif",
            "w",
            driver="GTiff",
            width=land.shape[1],
            height=land.shape[0],
            count=1,
            dtype="float32",
            crs=ALBERS,
            transform=read["land"].transform,
            nodata=np.nan,
            tiled=True,
            blockxsize=512,
            blockysize=512,
            compress="deflate",
            zlevel=1,
            predictor=3,
            num_threads=os.cpu_count(),
        ) as file:
            file.write(cells.astype(np.float32), 1)
        (place / f"numpy{at}.tif").unlink()


def by_rasterstats(place: Path) -> None:
    import pyogrio
    import rasterstats

    _, _, shapes, _ = pyogrio.raw.read(str(place / "zones.gpkg"))
    rasterstats.zonal_stats([shapely.from_wkb(one) for one in shapes], str(place / "land.tif"), categorical=True, nodata=255)


def by_exactextract(place: Path) -> None:
    import pyogrio
    from exactextract import exact_extract

    _, _, shapes, _ = pyogrio.raw.read(str(place / "zones.gpkg"))
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shapely.from_wkb(one))} for one in shapes
    ]
    with rasterio.open(place / "land.tif") as source:
        exact_extract(source, features, ["unique", "frac"])


def by_reading(place: Path) -> None:
    """Read land cover block by block and do nothing with it."""
    with rasterio.open(place / "land.tif") as source:
        for _, window in source.block_windows(1):
            source.read(1, window=window)


def line(what: str, side: int, found: Found, against: Found | None = None) -> None:
    seconds, processors, peak = found
    ratio = f"  ratio {against[0] / seconds:.2f} (processors {against[1] / processors:.2f})" if against else ""
    print(
        f"{what:42}{side**2 / 1e6:5.0f} Mpixel {seconds:7.1f} s {processors:7.1f} s of processors "
        f"{side**2 / 1e6 / seconds:6.1f} Mpixel/s {peak:6.0f} MB{ratio}",
        flush=True,
    )


def floor_of(place: Path, names: tuple[str, ...]) -> Found:
    seconds, processors, peak = own(place, "floor", *names)
    reading = float((place / "floor.txt").read_text("utf-8"))
    return seconds - reading, processors - reading, peak


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", type=int, default=20_000)
    parser.add_argument("--five-side", type=int, default=20_000)
    parser.add_argument("--other-side", type=int, default=10_000, help="size for whole-array numpy and rasterstats")
    parser.add_argument("--growth", default="1000,3162,10000")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--task")
    parser.add_argument("--place", type=Path)
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_args()
    if chosen.task:
        tasks = {
            "make": lambda: make_here(chosen.place, chosen.side, chosen.names),
            "floor": lambda: floor(chosen.place, chosen.names),
            "numpy": lambda: whole_numpy(chosen.place),
            "rasterstats": lambda: by_rasterstats(chosen.place),
            "exactextract": lambda: by_exactextract(chosen.place),
            "reading": lambda: by_reading(chosen.place),
        }
        sys.path.insert(0, str(ROOT))
        tasks[chosen.task]()
        return
    with tempfile.TemporaryDirectory(dir=chosen.folder) as temporary:
        run(Path(temporary) if chosen.folder is None else chosen.folder, chosen)


def run(folder: Path, chosen: argparse.Namespace) -> None:
    for side in [int(one) for one in chosen.growth.split(",")] + [chosen.side]:
        place = make(folder, side, WATER)
        line("gep map, water balance, 2 rasters out", side, found := gep_map(place, FIVE[:1], WATER))
        if side in {chosen.side, chosen.other_side}:
            line("  floor: read and write the same raw", side, floor_of(place, WATER), (found[0], found[1], 0))
        if side == chosen.other_side:
            line("  numpy over the whole array", side, own(place, "numpy"), (found[0], found[1], 0))
    for side in dict.fromkeys((chosen.other_side, chosen.side)):
        place = make(folder, side, WATER)
        line("gep extract, exact areas of 100 counties", side, found := gep_extract(place))
        if side == chosen.other_side:
            for name in ("rasterstats", "exactextract", "reading"):
                line(f"  {name}", side, own(place, name), found)
    side = chosen.five_side
    place = make(folder, side, tuple(DRIVERS))
    line(
        "gep map, soil retention, 4 rasters out",
        side,
        found := gep_map(place, FIVE[1:2], ("rainfall_erosivity", "soil_erodibility", "slope_factor", "cover_factor")),
    )
    line("gep map, five services, 12 rasters out", side, found := gep_map(place, FIVE, tuple(DRIVERS)))
    line("  floor: read and write the same raw", side, floor_of(place, tuple(DRIVERS)), (found[0], found[1], 0))


if __name__ == "__main__":
    main()
