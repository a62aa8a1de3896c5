"""Make the county polygons of the reports' maps: whole thousandths of a degree, shared borders stay shared.

python templates/maps/make_map.py jiangxi_counties.geojson templates/maps/36.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

STEPS = 1000
"""Steps a degree; a ring is its first point and then the differences from point to point, in steps."""


def steps(ring: list[list[float]]) -> list[int]:
    """Return a ring as differences, points that fall together taken once."""
    found: list[int] = []
    last = (0, 0)
    for x, y in ring:
        point = (round(x * STEPS), round(y * STEPS))
        if not found or point != last:
            found += [point[0] - last[0], point[1] - last[1]]
            last = point
    return found


def main(source: Path, target: Path) -> None:
    """Write the rings of each county code: outer rings and holes alike, for even-odd filling."""
    least = 2 * 3  # a triangle
    counties = {}
    for feature in json.loads(source.read_text("utf-8"))["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        counties[feature["properties"]["adcode"]] = [
            found for part in parts for ring in part if len(found := steps(ring)) > least
        ]
    target.write_text(json.dumps({"steps": STEPS, "counties": counties}, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
