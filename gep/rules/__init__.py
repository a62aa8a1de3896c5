"""One file a service: its formulas."""
