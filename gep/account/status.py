"""The four statuses of a service."""

from __future__ import annotations

ACCOUNTED, NO_DATA, NOT_APPLICABLE, EXCLUDED = "accounted", "no data", "not applicable", "excluded"


STATUSES = (ACCOUNTED, NO_DATA, NOT_APPLICABLE, EXCLUDED)
