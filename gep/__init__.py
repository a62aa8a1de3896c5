"""Accounts of Gross Ecosystem Product that can be explained down to the cell they came from."""
