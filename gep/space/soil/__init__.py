"""Factors of soil loss on pixels: rain, soil, slope, cover."""
