"""The one registry of units, exact factors, and money in fen."""
