"""What changed since an earlier account: service by service, and split into area, physical intensity and price.

The split is the logarithmic mean Divisia index (LMDI-I; B. W. Ang, Energy Policy 33 (2005) 867-871): exact, without a rest
and independent of the order of the factors. It is made only where area, quantity and price of both years are known and positive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.reports.numbers import known

if TYPE_CHECKING:
    from gep.reports.stored import Stored

ACCOUNTED = "accounted"


@dataclass(frozen=True)
class Change:
    """The change of one service between two years, yuan of each year; parts are None where they cannot be told apart."""

    service: str
    before: float | None
    after: float | None
    change: float | None
    area: float | None = None
    intensity: float | None = None
    price: float | None = None


def changes(stored: Stored) -> list[Change]:
    """Return the change of every service accounted in either year; `change` only where it is accounted in both."""
    if stored.earlier is None:
        return []
    before = {one["service"]: one["value"] for one in stored.earlier.services if one["status"] == ACCOUNTED}
    found = []
    for one in stored.head["services"]:
        service = one["service"]
        after = one["value"] if one["status"] == ACCOUNTED else None
        old = before.get(service)
        if not known(old) and not known(after):
            continue
        if known(old) and known(after):
            parts = _parts(stored, service, after - old)
            found.append(Change(service, old, after, after - old, *parts))
        else:
            found.append(Change(service, old, after, None))
    return found


def logarithmic_mean(one: float, two: float) -> float:
    """Return the logarithmic mean of two positive numbers."""
    return one if one == two else (two - one) / (math.log(two) - math.log(one))


def split(before: tuple[float, ...], after: tuple[float, ...]) -> tuple[float, ...]:
    """Return what each positive factor of a product contributed to the product's change; the parts add up to it."""
    weight = logarithmic_mean(math.prod(before), math.prod(after))
    return tuple(weight * math.log(new / old) for old, new in zip(before, after, strict=True))


def _parts(stored: Stored, service: str, change: float) -> tuple[float | None, float | None, float | None]:
    """Return the parts of area, intensity and price; area and intensity are told apart only for services spread over ecosystems."""
    earlier = stored.earlier
    if earlier is None:
        return None, None, None
    old = _priced(earlier.lines, service)
    new = _priced(stored.lines, service)
    if old is None or new is None or set(old) != set(new):
        return None, None, None
    areas = _area(stored, service)
    sums = [0.0, 0.0, 0.0]
    for key, (quantity, value) in new.items():
        quantity_before, value_before = old[key]
        if value == value_before == 0:
            continue
        if min(quantity, value, quantity_before, value_before) <= 0:
            return None, None, None
        before: tuple[float, ...] = (quantity_before, value_before / quantity_before)
        after: tuple[float, ...] = (quantity, value / quantity)
        if areas is not None:
            before = (areas[0], quantity_before / areas[0], before[1])
            after = (areas[1], quantity / areas[1], after[1])
        for at, part in enumerate(split(before, after), start=3 - len(before)):
            sums[at] += part
    if not math.isclose(sum(sums), change, rel_tol=1e-6, abs_tol=1.0):
        return None, None, None
    return (sums[0] if areas is not None else None), sums[1], sums[2]


def _priced(lines: list[dict[str, Any]], service: str) -> dict[tuple[str, str, str], tuple[float, float]] | None:
    """Return quantity and value of every line of a service, or None where one has no quantity."""
    found = {}
    for row in lines:
        if row["service"] != service or row["detail"] or not known(row["value"]):
            continue
        if not known(row["quantity"]):
            return None
        found[row["line"], row["pollutant"] or "", row["item"] or ""] = (row["quantity"], row["value"])
    return found or None


def _area(stored: Stored, service: str) -> tuple[float, float] | None:
    """Return the area of the ecosystems a service comes from, before and now."""
    earlier = stored.earlier
    if earlier is None:
        return None
    types = {row["ecosystem"] for row in stored.ecosystems if row["service"] == service and row["ecosystem"]}
    types |= {row["ecosystem"] for row in earlier.ecosystems if row["service"] == service and row["ecosystem"]}
    if not types:
        return None
    now = sum(row["value"] for row in stored.inputs if row["variable"] == "area" and row["ecosystem"] in types)
    then = sum(row["value"] for row in earlier.areas if row["ecosystem"] in types)
    return (then, now) if then > 0 and now > 0 else None
