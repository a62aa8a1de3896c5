"""Ids that an input row may state not to apply."""

from __future__ import annotations

from gep.rules.catalogue import SERVICES

APPLICABLE = frozenset(SERVICES) | frozenset(line.id for service in SERVICES.values() for line in service.lines)
"""Ids that an input row may state not to apply."""
