"""Which unit the money of a report has: 亿元, or 万元 where the account is small."""

from __future__ import annotations

from gep.messages.numbers import YI

WAN = 1e4
SMALL_ACCOUNT = 1e7
"""Below this many yuan an account is printed in 万元."""


def scale_of(total: float | None) -> float:
    """Return how many yuan the money unit of a report is: 1e8 (亿元), or 1e4 (万元) where the whole account is small.

    Parameters
    ----------
    total : GEP in CNY/yr
    """
    return WAN if total is not None and 0 < abs(total) < SMALL_ACCOUNT else YI
