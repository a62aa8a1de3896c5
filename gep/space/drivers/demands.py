"""What is demanded of means of rasters: data for most of the area, and a size that is plausible; what is accepted by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gep.inputs.cover import COMPLETE, USUAL_LEAST, write_cover
from gep.messages.citing import mark_cited
from gep.messages.problems import Problem, refuse_one
from gep.messages.texts import join_list, mark_word, name_id, say
from gep.reference.members import name_member
from gep.reference.plausible import Band, read_bands
from gep.reference.regions import list_chain
from gep.space.drivers.reading import name_leaf
from gep.units.registry import print_unit
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.space.drivers.reading import Driver

TOLD = 5
"""Figures of a driver that are named one by one."""


@dataclass(frozen=True)
class Demands:
    """The share of an area that must have data, and the drivers whose gaps and sizes are accepted by name."""

    least: float = USUAL_LEAST
    accepted: frozenset[str] = frozenset()


@dataclass
class Judgement:
    """What was found of the means of a run: figures that are not taken, and those outside their plausible band."""

    demands: Demands
    missing: dict[str, list[tuple[str, str, float]]] = field(default_factory=dict)
    told: dict[str, list[tuple[str, str, float]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def take(self, driver: Driver, county: str, ecosystem: str, mean: float, share: float) -> str | None:
        """Return what the note of a figure says of its gaps; None where it is not taken.

        Parameters
        ----------
        mean  : in the driver's unit
        share : of the area that has data
        """
        note = ""
        if 1 - share > COMPLETE:
            if share < self.demands.least and driver.id not in self.demands.accepted:
                self.missing.setdefault(driver.id, []).append((county, ecosystem, share))
                return None
            self.told.setdefault(driver.id, []).append((county, ecosystem, share))
            note = write_cover(share) + (", accepted by name" if share < self.demands.least else "")
        band = find_band(driver.id, county)
        if band is not None and not band.low <= mean <= band.high:
            if driver.id not in self.demands.accepted:
                self.problems.append(self._outside(driver, county, ecosystem, mean, band))
                return None
            note = "; ".join(filter(None, [note, f"outside {band.low:g} to {band.high:g} {band.unit}, accepted by name"]))
        return note

    def miss(self, driver: Driver, county: str, ecosystem: str, area: float) -> None:
        """Note a figure that nothing is known of; none is missing where there is no area."""
        if area > 0:
            self.missing.setdefault(driver.id, []).append((county, ecosystem, 0.0))

    def _outside(self, driver: Driver, county: str, ecosystem: str, mean: float, band: Band) -> Problem:
        return Problem(
            driver.raster.name,
            0,
            say(
                "the mean of {variable} in {place} is {value:,.4g} {unit}",
                variable=name_leaf(driver.id),
                place=_place(county, ecosystem),
                value=mean,
                unit=print_unit(driver.unit),
            ),
            say(
                "{low:,g} to {high:,g} {unit} ({source}: {place} [{mark}])",
                low=band.low,
                high=band.high,
                unit=print_unit(band.unit),
                source=mark_word(band.source),
                place=mark_cited(band.locator or band.note),
                mark=band.mark,
            ),
            say("is factor or unit right ({about})? If it is so: --accept {id}", about=driver.about, id=driver.id),
        )

    def sentences(self) -> list[str]:
        """Return, for the user, what was not taken and what was found from a part of the area."""
        return [
            *(
                say(
                    "not taken, since less than {least:.0%} of the area has data: {variable} of {places}; --accept {id} takes it all the same",
                    least=self.demands.least,
                    variable=name_leaf(name),
                    places=_list(of),
                    id=name,
                )
                for name, of in self.missing.items()
            ),
            *(
                say("{variable} was found from a part of the area only: {places}", variable=name_leaf(name), places=_list(of))
                for name, of in self.told.items()
            ),
        ]


def _place(county: str, ecosystem: str) -> str:
    return say("{type} in {county}", type=name_member(ecosystem), county=county) if ecosystem else county


def _list(places: Iterable[tuple[str, str, float]]) -> str:
    worst = sorted(places, key=lambda one: one[2])
    named = join_list(say("{place} {share:.2%}", place=_place(county, kind), share=share) for county, kind, share in worst[:TOLD])
    return named if len(worst) <= TOLD else say("{places} and {more} more", places=named, more=len(worst) - TOLD)


def find_band(variable: str, county: str) -> Band | None:
    """Return the plausible band of a variable as it stands that is the narrowest for a county; None where there is none."""
    chain = list_chain(county)
    holding = [
        one for one in read_bands() if one.variable == variable and not one.per and not one.product and one.region in chain
    ]
    return max(holding, key=lambda one: 0 if one.region == "CN" else len(one.region), default=None)


def read_demands(least: float | None, accepted: Iterable[str], drivers: Iterable[Driver]) -> Demands:
    """Return what a call demands.

    Parameters
    ----------
    least    : percent; None: 95
    accepted : ids of drivers

    Raises
    ------
    Problems : a name that is no driver of the call
    """
    names = set(accepted)
    known = {one.id for one in drivers}
    for name in sorted(names - known):
        refuse_one(
            "--accept",
            say("{name} is no driver of this call", name=name_id(name, VARIABLES) if name in VARIABLES else name),
            say("one of {names}", names=join_list(sorted(known)) or mark_word("(none)")),
        )
    return Demands(USUAL_LEAST if least is None else least / 100, frozenset(names))
