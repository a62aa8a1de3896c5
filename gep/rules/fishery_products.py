"""Fish and other water animals and plants, valued as products at market value (or as the standard chooses)."""

from gep.rules.products import products
from gep.variables.material import fishery

SERVICE = products("fishery_products", fishery, seea="aquaculture, wild fish")
