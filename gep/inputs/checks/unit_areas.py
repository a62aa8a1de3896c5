"""Checks the land area of an account against the area that the table of units states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.texts import say
from gep.reference.regions import read_own_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.inputs.checks.figures import Figures
    from gep.messages.findings import Finding

APART = 0.005
"""Share by which the two may differ: the same as areas of ecosystems and land."""


def check_unit_areas(figures: Figures) -> Iterator[Finding]:
    """Yield a finding (B) for each account whose land area is not that of its unit, in km²."""
    stated = {code: one.area_km2 for code, one in read_own_units().items() if one.area_km2 is not None}
    if not stated or "land_area" not in figures.at:
        return
    for row in figures.of("land_area").to_dict("records"):
        code = str(figures.county[int(row["account"])])
        area = stated.get(code)
        if area is None or abs(float(row["value"]) - area) <= APART * area:
            continue
        found = say(
            "the land area of {unit} is {land:,.2f} km², its table says {area:,.2f} km²", unit=code, land=row["value"], area=area
        )
        yield figures.doubt(row, "B", "unit_area", found, "a difference of at most 0.5%", "correct one of them, or explain it")
