"""The statuses of a service."""

from __future__ import annotations

ACCOUNTED, NO_DATA, NOT_APPLICABLE, EXCLUDED = "accounted", "no data", "not applicable", "excluded"
QUANTITY = "quantity only"
"""Accounted in physical quantities under a standard that has no prices."""

STATUSES = (ACCOUNTED, QUANTITY, NO_DATA, NOT_APPLICABLE, EXCLUDED)
