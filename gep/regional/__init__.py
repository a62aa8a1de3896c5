"""Accounts of places above a county: coverage, sums, overlaps, ranks, neighbours."""
