"""Raster files: as they are found, by what they are known, block by block, and written."""
