"""Coefficient tables, and the one row that applies."""
