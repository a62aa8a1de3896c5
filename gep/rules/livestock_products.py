"""Animals and what they yield, valued as products at market value (or as the standard chooses)."""

from gep.rules.products import make_product_service
from gep.variables.material import livestock

SERVICE = make_product_service("livestock_products", livestock, seea="grazed biomass / livestock")
