"""Standards as data, the plan a standard makes of the rules, standards side by side, what is known by name."""
