"""Crops and other plants farmed, valued as products at market value (or as the standard chooses)."""

from gep.rules.products import make_product_service
from gep.variables.material import agricultural

SERVICE = make_product_service("agricultural_products", agricultural, seea="crop")
