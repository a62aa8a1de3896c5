"""Polygons: read from files, measured on the ellipsoid, made zones and accounting units."""
