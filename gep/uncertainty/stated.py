"""Spreads that somebody states in a table: of a number, in all accounts or in those of one year or county, and what they mean of it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.files.no_source import names_no_source
from gep.messages.numbers import format_digits
from gep.messages.problems import Problem
from gep.messages.texts import mark_word, name_id, say
from gep.reference.regions import name_region
from gep.uncertainty.spread import BY_DEVIATION, KINDS, Spread
from gep.units.registry import UnitError, find_factor, parse_unit, remove_price_year
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from gep.explain.rebuild import RecomputedAccount
    from gep.formula.nodes import Leaf
    from gep.messages.texts import Text

COLUMNS = ("id", "kind", "source")
OPTIONAL = ("member", "low", "high", "sd", "unit", "county", "year")
OF_VALUE = ("% of value", "占值的%")
"""Units of numbers that are shares of the value used, whatever unit that value has."""
RARE = 0.001
"""Share of a normal spread that may lie beyond what its number can be; more is refused. The choice of this program."""
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Stated:
    """A line of a table of spreads: for an id, and a member of it or all; money and other units as given.

    `county` and `year` say of which accounts it is; empty: of all.
    """

    place: str
    line: int
    id: str
    member: str
    kind: str
    low: str
    high: str
    sd: str
    unit: str
    county: str = ""
    year: str = ""

    @property
    def whose(self) -> tuple[str, ...]:
        """What tells the line from all others."""
        return (self.id, self.member, self.county, self.year)

    @property
    def is_of_value(self) -> bool:
        """Whether its unit says that its numbers are shares of the value used."""
        return self.unit in OF_VALUE


def read_spreads(path: Path) -> list[Stated]:
    """Return the lines of a table of spreads.

    Parameters
    ----------
    path : table with the columns id, kind, source and, as the kind needs, member, low, high, sd, unit; county and year where a
           line is not of all accounts

    Raises
    ------
    Problems : what is no table, an unknown kind, a year that is none, a line that stands twice or without a source
    """
    reader = Reader()
    rows = reader.rows(path, COLUMNS, OPTIONAL)
    found: list[Stated] = []
    for row in rows:
        names = ("id", "member", "kind", "low", "high", "sd", "unit", "county", "year")
        one = Stated(*row.where("id"), *(row[name] for name in names))
        if one.kind not in KINDS:
            reader.tell(one.place, one.line, say("the kind is {kind!r}", kind=one.kind), ", ".join(KINDS))
        if one.year and not _YEAR.fullmatch(one.year):
            reader.tell(one.place, one.line, say("{name} is {text!r}", name="year", text=one.year), say("a year of four digits"))
        if one.whose in {other.whose for other in found}:
            what = " ".join(filter(None, one.whose))
            reader.tell(one.place, one.line, say("{what} stands twice", what=what), say("one spread of a number"))
        if names_no_source(row["source"]):
            reader.tell(one.place, one.line, say("there is no source"), say("where the spread is from"))
        found.append(one)
    reader.refuse()
    return found


def find_lines(account: RecomputedAccount, stated: Sequence[Stated], leaf: str, member: str) -> list[tuple[int, Stated]]:
    """Return the lines that are of a number of an account with their places, the one that counts last.

    A line of the member goes before one of all members, then one of the county, then one of the year.
    """
    county, year = str(account.head["county"]), str(account.year)
    found = [
        (at, one)
        for at, one in enumerate(stated)
        if one.id == leaf and one.member in {"", member} and one.county in {"", county} and one.year in {"", year}
    ]
    return sorted(found, key=lambda pair: (bool(pair[1].member), bool(pair[1].county), bool(pair[1].year)))


def list_unanswered(stated: Sequence[Stated], spare: Collection[int]) -> Iterator[Problem]:
    """Yield a problem for each line of a table of spreads, by its place, that no number of any account answers to."""
    for at, line in enumerate(stated):
        if at in spare:
            what = " ".join(filter(None, line.whose))
            expected = "an id and member of the account, as gep trace shows them"
            yield Problem(line.place, line.line, say("the account uses no number {name!r}", name=what), expected)


def read_stated(account: RecomputedAccount, line: Stated, leaf: str, value: float, problems: list[Problem]) -> Spread | None:
    """Return the spread of a line in the leaf's unit; what is wrong is added to the problems.

    Parameters
    ----------
    value : that the account uses, in the leaf's unit
    """
    declared = account.leaf[leaf]
    texts = {name: getattr(line, name) for name in ("low", "high", "sd")}
    try:
        numbers = {name: float(text) if text else 0.0 for name, text in texts.items()}
    except ValueError:
        found = say("the numbers are {low!r}, {high!r}, {sd!r}", **texts)
        problems.append(Problem(line.place, line.line, found, "plain numbers"))
        return None
    try:
        given = parse_unit(line.unit).price_year if line.unit and line.unit != "%" and not line.is_of_value else None
        if given not in {None, account.prices}:
            found = say("the spread is at prices of {year}", year=given)
            problems.append(Problem(line.place, line.line, found, say("prices of {year}, or a share in %", year=account.prices)))
            return None
        factor = _find_factor(line, declared.unit, value)
    except UnitError as error:
        problems.append(Problem(line.place, line.line, str(error), declared.unit))
        return None
    low, high, sd = (numbers[name] * factor for name in ("low", "high", "sd"))
    if line.kind == "truncated":
        least, most = find_bounds(declared)
        low, high = (low if line.low else least), (high if line.high else most)
    low, high = (high, low) if factor < 0 else (low, high)  # shares of a negative value
    spread = Spread(line.kind, value, low, high, sd)
    fault, beyond = spread.find_fault(), None
    if fault is None:
        beyond = judge_spread(spread, declared)
        if beyond is None:
            return spread
    whose = say(
        "{county} {year}: {found}", county=name_region(str(account.head["county"])), year=account.year, found=fault or beyond
    )
    problems.append(Problem(line.place, line.line, whose, *_advise(line, spread, is_beyond=beyond is not None)))
    return None


def is_share(line: Stated, unit: str) -> bool:
    """Return whether the numbers of a line are shares of the value used, whose unit is given.

    A % is one, but for the range of a number that is a share itself: there it is the number's own unit.
    """
    if line.is_of_value:
        return True
    if line.unit != "%" or line.kind == "lognormal":
        return False
    return line.kind in BY_DEVIATION or not _is_number(unit)


def judge_spread(spread: Spread, leaf: Leaf) -> Text | None:
    """Return that too much of a spread lies beyond what its number can be, by the bounds of its declaration; None where it does not."""
    least, most = find_bounds(leaf)
    below, above = spread.find_share_below(least), spread.find_share_above(most)
    if max(below, above) <= RARE:
        return None
    bound = {"bound": format_digits(least if below > above else most), "name": name_id(leaf.id, {leaf.id: leaf})}
    if spread.kind in {"normal", "lognormal"}:
        text = "{share:.2%} of the spread lie {side} {bound}, beyond what {name} can be"
        return say(text, share=max(below, above), side=mark_word("below" if below > above else "above"), **bound)
    return say(
        "the range is {low} to {high}; {name} ends at {bound}",
        low=format_digits(spread.low),
        high=format_digits(spread.high),
        **bound,
    )


def find_bounds(leaf: Leaf) -> tuple[float, float]:
    """Return the least and the most that a quantity can be by its declaration, in its unit; without end where it has no bound."""
    least, most = getattr(leaf, "least", None), getattr(leaf, "most", None)
    return -math.inf if least is None else least, math.inf if most is None else most


def _find_factor(line: Stated, unit: str, value: float) -> float:
    """Return what the numbers of a line times which are in the leaf's unit.

    Raises
    ------
    UnitError : a unit of something else
    """
    if is_share(line, unit):
        share = 0.01 if line.kind == "lognormal" else value / 100
        return abs(share) if line.kind in BY_DEVIATION else share
    if line.kind == "lognormal":
        return find_factor(line.unit or "1", "1")
    return find_factor(remove_price_year(line.unit), unit.removesuffix("/yr")) if line.unit else 1.0


def _advise(line: Stated, spread: Spread, *, is_beyond: bool) -> tuple[str, str]:
    """Return what a line of that kind has, and what to do where it is not that."""
    expected = "normal, lognormal and truncated with sd; triangular, uniform and beta with low and high round the value used"
    if is_beyond:
        return say("a spread within what the number can be"), say(
            "kind truncated is a normal spread cut there; lognormal and triangular, uniform, beta with their own low and high also do"
        )
    if spread.kind not in BY_DEVIATION and not line.year:
        return expected, say(
            "a range in the number's own unit is of one account: give each year its line (columns year, county), "
            "or one range for all as shares of the value used: low 90, high 115, unit % of value"
        )
    return expected, ""


def _is_number(unit: str) -> bool:
    try:
        find_factor("%", unit.removesuffix("/yr"))
    except UnitError:
        return False
    return True
