"""The subjects of the budget that transfers name."""

from __future__ import annotations

import csv
from functools import cache

from gep.paths import COEFFICIENTS


@cache
def accounts() -> dict[str, dict[str, str]]:
    """Return every known account by its code."""
    with (COEFFICIENTS / "schemes" / "accounts.csv").open(encoding="utf-8") as file:
        return {row["code"]: row for row in csv.DictReader(file)}
