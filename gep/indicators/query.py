"""Asks a set of indicators about places, a year and targets: the one public function behind `gep indicators`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.indicators.assess import Assessed, assess
from gep.indicators.derived import derive
from gep.indicators.figures import FIGURE, read_figures
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, mark_word, say
from gep.reference.regions import look_up_division, name_region, shorten_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.indicators.figures import Figures
    from gep.indicators.sets import IndicatorSet


@dataclass(frozen=True)
class Asked:
    """The places judged, the one asked for (empty: all), and the target year of score and rank."""

    place: str
    target_year: int
    found: tuple[Assessed, ...]


def ask(
    wanted: IndicatorSet, inputs: Sequence[Path], place: str | None, year: int | None, target: int | None, *, common: bool = False
) -> Asked:
    """Return every place of the inputs judged in one year.

    Parameters
    ----------
    inputs : tables or workbooks of figures; none: only what the set prints
    place  : six-digit code or name; None: all places that have a figure in the year
    year   : year of the figures; None: the only one in the inputs, or without inputs the base years of the set
    target : target year; None: the first that is not before the year, or the last
    common : score only on the indicators that are known for every place

    Raises
    ------
    Problems : everything wrong in the inputs, an unknown place, several years or a year without figures
    """
    figures = derive(read_figures(inputs, wanted), wanted)
    if target is not None and target not in wanted.targets:
        refuse_one(
            "--target",
            say("{set} has no targets of {year}", set=wanted.id, year=target),
            say("one of {names}", names=join_list(map(str, wanted.targets))),
        )
    if not inputs:
        chosen = _place(place, wanted) if place else wanted.region
        if chosen != wanted.region:
            refuse_one(
                "--input",
                say("there are no figures of {place}", place=place),
                "--input FILE",
                say("the set itself prints those of {region}", region=name_region(wanted.region)),
            )
        bases = sorted({one.base_year for one in wanted.indicators})
        if year is not None and year not in bases:
            refuse_one(
                "--input",
                say("there are no figures of {year}", year=year),
                "--input FILE",
                say("the set itself prints those of {years}", years=join_list(map(str, bases))),
            )
        goal = target or _next(wanted, year or bases[-1])
        return Asked(chosen, goal, assess(figures, wanted, [chosen], year, goal, common=common))
    chosen = _place(place, wanted) if place else ""
    years = sorted({at for _, at, _, kind in figures if kind == FIGURE})
    if year is None and len(years) != 1:
        refuse_one(
            "YEAR",
            say("the figures are of {years}", years=join_list(map(str, years))) if years else "there are no figures",
            "one of them as YEAR",
        )
    of = years[0] if year is None else year
    places = _places(figures, of)
    if chosen and chosen not in places:
        has = join_list(map(name_region, places[:10])) if places else mark_word("no place at all")
        refuse_one(
            "PLACE",
            say("there are no figures of {place} {year}", place=name_region(chosen), year=of),
            say("for {year} the input has {has}", year=of, has=has),
        )
    if not places:
        refuse_one(
            "YEAR", say("there are no figures of {year}", year=of), say("one of {names}", names=join_list(map(str, years)))
        )
    goal = target or _next(wanted, of)
    return Asked(chosen, goal, assess(figures, wanted, places, of, goal, common=common))


def _places(figures: Figures, year: int) -> list[str]:
    return sorted({place for place, at, _, kind in figures if kind == FIGURE and at == year})


def _next(wanted: IndicatorSet, year: int) -> int:
    return next((goal for goal in wanted.targets if goal >= year), wanted.targets[-1])


def _place(text: str, wanted: IndicatorSet) -> str:
    return look_up_division(text, "PLACE", likely=lambda one: one.code.startswith(shorten_code(wanted.region))).code
