"""Timber, bamboo and what forests yield beside them, valued as products at market value (or as the standard chooses)."""

from gep.rules.products import make_product_service
from gep.variables.material import forestry

SERVICE = make_product_service("forestry_products", forestry, seea="wood, wild plants")
