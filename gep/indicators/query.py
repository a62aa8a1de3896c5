"""What is asked of a set of indicators: which places, year and targets; the one public function behind `gep indicators`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.indicators.assess import Assessed, assess
from gep.indicators.derived import derive
from gep.indicators.figures import FIGURE, read_figures
from gep.messages.problems import Problem, Problems
from gep.reference.regions import look_up_division, short

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
    place  : code or name; None: all places that have a figure in the year
    year   : year of the figures; None: the only one in the inputs, or without inputs the base years of the set
    target : target year; None: the first that is not before the year, or the last

    Raises
    ------
    Problems : everything wrong in the inputs, an unknown place, several years or a year without figures
    """
    figures = derive(read_figures(inputs, wanted), wanted)
    if target is not None and target not in wanted.targets:
        raise _problem("--target", f"{wanted.id} has no targets of {target}", f"one of {', '.join(map(str, wanted.targets))}")
    if not inputs:
        chosen = _place(place, wanted) if place else wanted.region
        if chosen != wanted.region:
            raise _problem(
                "--input", f"there are no figures of {place}", "--input FILE", f"the set itself prints those of {wanted.region}"
            )
        bases = sorted({one.base_year for one in wanted.indicators})
        if year is not None and year not in bases:
            raise _problem(
                "--input",
                f"there are no figures of {year}",
                "--input FILE",
                f"the set itself prints those of {', '.join(map(str, bases))}",
            )
        goal = target or _next(wanted, year or bases[-1])
        return Asked(chosen, goal, assess(figures, wanted, [chosen], year, goal, common=common))
    chosen = _place(place, wanted) if place else ""
    years = sorted({at for _, at, _, kind in figures if kind == FIGURE})
    if year is None and len(years) != 1:
        raise _problem("YEAR", f"the figures are of {', '.join(map(str, years)) or 'no year'}", "one of them as YEAR")
    of = years[0] if year is None else year
    places = _places(figures, of)
    if chosen and chosen not in places:
        has = ", ".join(places[:10]) or "no place at all"
        raise _problem("PLACE", f"there are no figures of {chosen} {of}", f"for {of} the input has {has}")
    if not places:
        raise _problem("YEAR", f"there are no figures of {of}", f"one of {', '.join(map(str, years))}")
    goal = target or _next(wanted, of)
    return Asked(chosen, goal, assess(figures, wanted, places, of, goal, common=common))


def _places(figures: Figures, year: int) -> list[str]:
    return sorted({place for place, at, _, kind in figures if kind == FIGURE and at == year})


def _next(wanted: IndicatorSet, year: int) -> int:
    return next((goal for goal in wanted.targets if goal >= year), wanted.targets[-1])


def _place(text: str, wanted: IndicatorSet) -> str:
    return look_up_division(text, "PLACE", likely=lambda one: one.code.startswith(short(wanted.region))).code


def _problem(where: str, found: str, expected: str = "", hint: str = "") -> Problems:
    return Problems([Problem(where, 0, found, expected, hint)])
