"""Fish and other water animals and plants, valued as products at market value (or as the standard chooses)."""

from gep.rules.products import make_product_service
from gep.variables.material import fishery

SERVICE = make_product_service("fishery_products", fishery, seea="aquaculture, wild fish")
