"""Asks a set of indicators about places, a year and targets: the one public function behind `gep indicators`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gep.indicators.assess import Assessed, assess
from gep.indicators.derived import derive
from gep.indicators.figures import FIGURE, read_figures
from gep.indicators.from_accounts import add_accounts
from gep.messages.problems import refuse, refuse_one
from gep.messages.texts import join_list, mark_word, say
from gep.reference.regions import look_up_division, name_region, read_units_of_today, shorten_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.explain.approved_figures import ReadApproved
    from gep.indicators.figures import Figures
    from gep.indicators.from_accounts import Taken
    from gep.indicators.sets import IndicatorSet
    from gep.messages.problems import Problem


@dataclass(frozen=True)
class Asked:
    """The places judged, the one asked for (empty: all), and the target year of score and rank."""

    place: str
    target_year: int
    found: tuple[Assessed, ...]
    taken: Taken = field(default_factory=dict)
    """The figures of accounts that were read."""
    not_taken: tuple[tuple[str, Problem], ...] = ()
    """Places, and why a figure of their accounts was not read."""


def ask(
    wanted: IndicatorSet,
    inputs: Sequence[Path],
    place: str | None,
    year: int | None,
    target: int | None,
    *,
    common: bool = False,
    accounts: ReadApproved | None = None,
    also: Sequence[str] = (),
) -> Asked:
    """Return every place of the inputs judged in one year.

    Parameters
    ----------
    inputs : tables or workbooks of figures; none: only what the set prints
    place  : six-digit code or name; None: all places that have a figure in the year
    year   : year of the figures; None: the only one in the inputs, or without inputs the base years of the set
    target : target year; None: the first that is not before the year, or the last
    common : score only on the indicators that are known for every place
    accounts : reads figures of approved accounts, for a set that takes some; places without figures of their own: that of `place`,
        or all counties of the region
    also   : codes of places that are judged too, whether or not the inputs have figures of them

    Raises
    ------
    Problems : everything wrong in the inputs, an unknown place, several years or a year without figures
    """
    given = read_figures(inputs, wanted)
    taken: Taken = {}
    not_taken: list[tuple[str, Problem]] = []
    if wanted.accounts and accounts is not None:
        given, taken, not_taken = add_accounts(given, wanted, _list_accounts(given, wanted, place, year, also), accounts)
    figures = derive(given, wanted)
    if target is not None and target not in wanted.targets:
        refuse_one(
            "--target",
            say("{set} has no targets of {year}", set=wanted.id, year=target),
            say("one of {names}", names=join_list(map(str, wanted.targets))),
        )
    if not inputs and not taken:
        refuse([problem for _, problem in not_taken])
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
    places = sorted({*_places(figures, of), *also})
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
    return Asked(chosen, goal, assess(figures, wanted, places, of, goal, common=common), taken, tuple(not_taken))


def _list_accounts(
    given: Figures, wanted: IndicatorSet, place: str | None, year: int | None, also: Sequence[str]
) -> list[tuple[str, int]]:
    """Return the places and years whose accounts are read: those of the figures, and the place and year asked for."""
    found = {(code, at) for code, at, _, kind in given if kind == FIGURE and year in {None, at}}
    if year is not None:
        found |= {(code, year) for code in also}
    if place and year is not None:
        found.add((_place(place, wanted), year))
    elif year is not None and not found:
        inside = shorten_code(wanted.region)
        found = {
            (one.code, year) for one in read_units_of_today().values() if one.level == "county" and one.code.startswith(inside)
        }
    return sorted(found)


def _places(figures: Figures, year: int) -> list[str]:
    return sorted({place for place, at, _, kind in figures if kind == FIGURE and at == year})


def _next(wanted: IndicatorSet, year: int) -> int:
    return next((goal for goal in wanted.targets if goal >= year), wanted.targets[-1])


def _place(text: str, wanted: IndicatorSet) -> str:
    return look_up_division(text, "PLACE", likely=lambda one: one.code.startswith(shorten_code(wanted.region))).code
