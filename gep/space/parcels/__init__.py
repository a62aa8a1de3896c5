"""Parcels of a land survey in the place of land cover."""
