"""Accounts in DuckDB and what happens to them: stored, signed, superseded, asked, exported."""
