"""Where an account stands in a store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountKey:
    """Where an account stands in the store."""

    run: int
    account: int
    county: str
    year: int
    standard: str
