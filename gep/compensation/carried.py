"""What a fund takes in from the year before: from the booked year and only from it, or from a row that passed the gate of all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compensation.binding import check_fact
from gep.compensation.scheme import FUND, Input
from gep.messages.problems import Problem, Problems
from gep.messages.suggest import find_closest, suggest_nearest
from gep.messages.texts import join_list, say
from gep.units.exact import convert_to_base
from gep.units.money import format_exact, format_yuan

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.compensation.facts import Fact, Facts
    from gep.compensation.ledger import Ledger

CARRY_IN = "carry_in"
"""Indicator of the rows that say what a fund takes in where the year before was never booked."""
_MONEY = Input(unit="元", group="pool")


def read_carried_rows(ledger: Ledger, facts: Facts) -> dict[str, Fact]:
    """Return fund → row of what it takes in this year; the rows are among the facts that were used.

    Raises
    ------
    Problems : a row that is no final amount of money in whole fen from 0 up, of the year, for a fund that takes money in
    """
    scheme = ledger.ready.scheme
    funds = [name for name, fund in scheme.funds.items() if any(source.carry_in for source in fund.sources)]
    bound = ledger.values.bound[ledger.year]
    before = len(bound.problems)
    found: dict[str, Fact] = {}
    for (place, year, part), fact in facts.of(CARRY_IN).items():
        if year != ledger.year:
            continue
        owner, _, name = place.removeprefix(FUND).rpartition(":")
        if owner not in {"", scheme.id} or (not owner and not funds):
            continue
        if not place.startswith(FUND) or name not in funds:
            bound.problems.append(
                Problem(
                    fact.file,
                    fact.line,
                    say("{place} takes nothing in from the year before", place=place or '""'),
                    say("one of {names}", names=join_list(f"{FUND}{fund}" for fund in funds)),
                    next(
                        (suggest_nearest(f"{FUND}{near}", [f"{FUND}{near}"]) for near in find_closest(name or place, funds)), ""
                    ),
                )
            )
        elif part:
            found_text = say("{indicator} of {place} stands for {period}", indicator=CARRY_IN, place=place, period=fact.period)
            bound.problems.append(Problem(fact.file, fact.line, found_text, say("the year {year}", year=year)))
        elif (amount := check_fact(ledger.ready, CARRY_IN, _MONEY, fact, bound)) is not None:
            if amount < 0:
                less = say("{place} takes in {amount} yuan", place=place, amount=format_exact(amount))
                bound.problems.append(Problem(fact.file, fact.line, less, "an amount from 0 up"))
            found[name] = fact
    if len(bound.problems) > before:
        raise Problems(bound.problems[before:])
    return found


def find_carried(
    ledger: Ledger, name: str, stated: Fact | None, carried: Callable[[str], int | None] | None, path: tuple[str, ...]
) -> int:
    """Return what last year put aside for a fund, in fen: as it was booked; by a row only where nothing was booked.

    Parameters
    ----------
    stated  : row of this year
    carried : fund → fen in the booked run of last year; None: it is not booked
    path    : of the source in the document

    Raises
    ------
    Problems : a row beside a booked year that says otherwise, or neither row nor booked year after the first year of the scheme
    """
    if ledger.values.span.first > ledger.values.span.begins and _follows_a_version(ledger):
        return 0  # the version before it took in what last year put aside
    booked = carried(name) if carried is not None else None
    row = None if stated is None else int(stated.value * convert_to_base(stated.unit) * 100)
    if booked is not None:
        if row not in {None, booked}:
            assert stated is not None  # noqa: S101 - told apart by its row
            raise Problems(
                [
                    Problem(
                        stated.file,
                        stated.line,
                        say(
                            "the fund {name} of {year} takes in {amount} yuan by this row",
                            name=name,
                            year=ledger.year,
                            amount=format_yuan(row),
                        ),
                        say("{amount} yuan, as {year} is booked", amount=format_yuan(booked), year=ledger.year - 1),
                        "take the row out: what is carried comes from the booked year",
                    )
                ]
            )
        return booked
    if row is not None:
        return row
    if ledger.ready.scheme.effective.from_.year == ledger.year and not ledger.ready.scheme.supersedes:
        return 0
    raise ledger.refused(
        path,
        say("what {year} put aside for the fund {name} is not known", year=ledger.year - 1, name=name),
        say("a posted run of {year}", year=ledger.year - 1),
        say("or a row carry_in,{fund}{name},{year}", fund=FUND, name=name, year=ledger.year),
    )


def _follows_a_version(ledger: Ledger) -> bool:
    """Return whether the version follows another of the same scheme."""
    scheme = ledger.ready.scheme
    return any(one.partition(" ")[0] == scheme.id for one in scheme.supersedes)
