"""Areas and means by zone, and shares that tell apart what land cover lumps."""
