"""Timber, bamboo and what forests yield beside them, valued as products at market value (or as the standard chooses)."""

from gep.rules.products import products
from gep.variables.material import forestry

SERVICE = products("forestry_products", forestry, seea="wood, wild plants")
