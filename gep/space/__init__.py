"""The spatial end: land-cover rasters and polygons become inputs of accounts, and the rules run on every pixel."""
