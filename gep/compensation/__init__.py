"""Transfers between public budgets: schemes as documents, computed exactly to the fen, booked as double entries."""
