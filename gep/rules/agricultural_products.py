"""Crops and other plants farmed, valued as products at market value (or as the standard chooses)."""

from gep.rules.products import products
from gep.variables.material import agricultural

SERVICE = products("agricultural_products", agricultural, seea="crop")
