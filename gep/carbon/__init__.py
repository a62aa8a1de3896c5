"""Carbon that stands in forests and soils, and how it changes; apart from the carbon of a year in GEP, and from project credits."""
