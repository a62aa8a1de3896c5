"""The language rules are written in: a formula is a value, and readers walk it. Knows nothing of ecosystems."""
