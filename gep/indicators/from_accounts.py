"""Adds the figures that a set reads from approved accounts; an account that does not pass the gate gives none, and it is said why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gep.indicators.figures import FIGURE, Figure
from gep.messages.problems import Problem
from gep.messages.texts import say
from gep.units.registry import UnitError, find_factor, remove_price_year, scale_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.explain.approved_figures import AccountFigure, ReadApproved
    from gep.explain.wanted_figure import FromAccount
    from gep.indicators.figures import Figures
    from gep.indicators.sets import IndicatorSet

Taken = dict[tuple[str, int, str], "AccountFigure"]
"""(place, year, indicator) → the figure of an account that it is."""


def add_accounts(
    figures: Figures, wanted: IndicatorSet, places: Iterable[tuple[str, int]], read: ReadApproved
) -> tuple[Figures, Taken, list[tuple[str, Problem]]]:
    """Return the figures with those of approved accounts, in the unit of each indicator, and why any was not taken, each with its place.

    Parameters
    ----------
    places : code and year
    read   : reads figures of approved accounts
    """
    found = dict(figures)
    taken: Taken = {}
    problems: list[tuple[str, Problem]] = []
    by_year: dict[int, list[str]] = {}
    for place, year in places:
        by_year.setdefault(year, []).append(place)
    units = {one.id: one.unit for one in wanted.indicators}
    for name, asked in wanted.accounts.items():
        for year, codes in by_year.items():
            for code, figure in _read_each(asked, codes, year, read, name, problems).items():
                try:
                    factor = find_factor(figure.unit.replace("元", "CNY"), remove_price_year(units[name]))
                except UnitError as error:
                    said = say("{name} of {place} {year}: {error}", name=name, place=code, year=year, error=error.args[0])
                    problems.append((code, Problem("STORE", 0, said, say("a unit of {unit}", unit=units[name]))))
                    continue
                taken[code, year, name] = figure
                found[code, year, name, FIGURE] = Figure(
                    code,
                    year,
                    name,
                    FIGURE,
                    scale_number(float(figure.value), factor),
                    "",
                    figure.text,
                    units[name],
                    figure.source,
                    figure.note,
                    figure.file,
                )
    return found, taken, problems


def _read_each(
    asked: FromAccount, codes: list[str], year: int, read: ReadApproved, name: str, problems: list[tuple[str, Problem]]
) -> dict[str, AccountFigure]:
    """Return code → figure; where one account does not pass, the others do."""
    together = read(asked, {code: code for code in codes}, year, year)
    if not isinstance(together, list):
        return together
    if len(codes) == 1:
        problems += [(codes[0], replace(one, found=say("{name} {found}", name=name, found=one.found))) for one in together]
        return {}
    return {code: figure for one in codes for code, figure in _read_each(asked, [one], year, read, name, problems).items()}
