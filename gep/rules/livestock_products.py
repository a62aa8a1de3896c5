"""Animals and what they yield, valued as products at market value (or as the standard chooses)."""

from gep.rules.products import products
from gep.variables.material import livestock

SERVICE = products("livestock_products", livestock, seea="grazed biomass / livestock")
