"""Finds accounts of units whose borders overlap those of another part of the same unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.findings import Finding
from gep.messages.problems import Problem
from gep.messages.texts import say
from gep.reference.regions import read_own_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.inputs.rows import Inputs


def check_overlaps(inputs: Inputs) -> Iterator[Finding]:
    """Yield a finding (B) for each account of a unit that overlaps another by more than slivers; their parent is no sum of both."""
    drawn = [one for one in read_own_units().values() if one.polygon]
    if len(drawn) < 2:  # noqa: PLR2004 - a pair
        return
    from gep.space.shapes.unit_overlaps import list_overlaps  # shapely is slow to load

    overlaps = list_overlaps(drawn)
    known = read_own_units()
    for county, year in zip(inputs.accounts["county"].astype(str), inputs.accounts["year"], strict=True):
        for one in overlaps:
            if county not in {one.one, one.other}:
                continue
            other = one.other if county == one.one else one.one
            found = say(
                "{unit} and {other}, both parts of {parent}, overlap by {area:,.4g} km², {share:.1%} of the smaller",
                unit=county,
                other=other,
                parent=one.parent,
                area=one.area_km2,
                share=one.share,
            )
            problem = Problem(
                known[county].address.rpartition(":")[0] or known[county].address,
                0,
                found,
                say(
                    "borders that overlap by less than {share:.1%}: what lies in both is counted twice in {parent}",
                    share=0.005,
                    parent=one.parent,
                ),
                say("correct the borders, or give them different hierarchies"),
            )
            yield Finding("B", "overlap", problem, county, int(year))
