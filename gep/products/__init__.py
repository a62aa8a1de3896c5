"""What a county's ecosystems yield, as people surveyed it, and series that are watched; no number here becomes a yearly account."""
