"""The subjects of the budget that transfers name."""

from __future__ import annotations

from functools import cache

from gep.files.lists import read_list
from gep.paths import COEFFICIENTS


@cache
def read_budget_subjects() -> dict[str, dict[str, str]]:
    """Return the subjects of the budget that transfers may name: code → the row of the table, by column."""
    return {row["code"]: row for row in read_list(COEFFICIENTS / "schemes" / "accounts.csv")}
