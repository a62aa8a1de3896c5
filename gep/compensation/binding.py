"""Brings facts to the inputs of a scheme: every place and period is there, in range, final, in a unit that fits, or it is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from gep.compensation.matching import find_misspelt, match_rows
from gep.compensation.own_texts import read_own
from gep.compensation.scheme import REQUIRED, As
from gep.compensation.step_notes import make_code
from gep.compensation.titles import name_in_both
from gep.formula.exact import Column
from gep.messages.problems import Problem
from gep.messages.suggest import find_closest
from gep.messages.texts import Joined, join_list, mark_word, say
from gep.units.exact import MONEY, convert_to_base, convert_to_base_of_year, find_dimension
from gep.units.money import FEN_PER_YUAN, parse_decimal
from gep.units.registry import UnitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gep.compensation.checked import CheckedScheme
    from gep.compensation.facts import Fact, Facts
    from gep.compensation.members import Places
    from gep.compensation.periods import Span
    from gep.compensation.scheme import Input

    ReadAccountFigures = Callable[[str, Input, Mapping[str, str], int, int], "dict[str, Fact] | list[Problem]"]
    """(name, input, member → code, year, year computed for) → member → fact, or what is refused."""

SHOWN = 6


@dataclass
class InputColumns:
    """Columns of one year, the facts they were made of and what is wrong."""

    columns: dict[str, Column] = field(default_factory=dict)
    used: list[Fact] = field(default_factory=list)
    rests: list[Fact] = field(default_factory=list)
    """Figures of accounts that the facts used were computed from."""
    notes: list[tuple[str, str, str, str]] = field(default_factory=list)
    """(input, place, part, what the scheme said to do)."""
    problems: list[Problem] = field(default_factory=list)


def bind(
    ready: CheckedScheme, facts: Facts, span: Span, names: list[str], figures: ReadAccountFigures | None, places: Places, now: int
) -> InputColumns:
    """Return the named inputs of a year as columns in base units, with what is wrong; a gap is filled only as the scheme says.

    Parameters
    ----------
    span    : the days the facts are of
    figures : reads figures of approved accounts; None: inputs that name one are problems
    now     : the year that is computed
    """
    year = span.year
    bound = InputColumns(problems=find_misspelt(ready, facts))
    for name in names:
        one = ready.scheme.inputs[name]
        rows = _rows(ready, name, one, facts, span, figures, places, now, bound)
        members = list(places.codes) if one.by == "party" else list(ready.scheme.sections) if one.by == "section" else [""]
        cells: dict[tuple[str, ...], Fraction] = {}
        lacking: list[str] = []
        parts = list(span.list_parts(one.every))
        for member in members:
            last: Fraction | None = None
            for part in parts:
                key = (*((member,) if one.by else ()), *((part,) if part else ()))
                fact = rows.get((member, part))
                if fact is not None:
                    value = check_fact(ready, name, one, fact, bound)
                    if value is not None:
                        cells[key] = last = value
                    continue
                if isinstance(one.missing, As):
                    cells[key] = last = parse_decimal(one.missing.value) * convert_to_base(one.unit)
                    bound.notes.append((name, member, part, f"{make_code('no_row', one.missing.value)} {one.missing.because}"))
                elif one.missing == "skip":
                    bound.notes.append((name, member, part, make_code("no_row_skipped")))
                elif one.missing == "carry" and last is not None:
                    cells[key] = last
                    bound.notes.append((name, member, part, make_code("no_row_carried")))
                else:
                    lacking.append(f"{member} {span.name_part(part)}".strip())
        if lacking and not any(problem.found.startswith(f"{name} ") for problem in bound.problems if one.account):
            bound.problems.append(_missing(ready, name, one, facts, year, lacking))
        place = {"party": ("party",), "section": ("section",), "": ()}[one.by]
        bound.columns[name] = Column((*place, *(() if one.every == "year" else (one.every,))), cells)
    return bound


def _rows(
    ready: CheckedScheme,
    name: str,
    one: Input,
    facts: Facts,
    span: Span,
    figures: ReadAccountFigures | None,
    places: Places,
    now: int,
    bound: InputColumns,
) -> dict[tuple[str, str], Fact]:
    if one.account is not None:
        if figures is None:
            bound.problems.append(
                _here(ready, name, say("{name} is read from approved accounts and no store was given", name=name), "--store FILE")
            )
            return {}
        found = figures(name, one, places.codes, span.year, now)
        if isinstance(found, list):
            bound.problems += [
                Problem(
                    problem.file,
                    problem.line,
                    say("{name} {found}", name=name, found=problem.found),
                    problem.expected,
                    problem.hint,
                )
                for problem in found
            ]
            return {}
        return {(member, ""): fact for member, fact in found.items()}
    rows, wrong = match_rows(ready, name, one, facts, span, places)
    bound.problems += wrong
    return rows


@cache
def _find_fit(given: str, wanted: str, year: int) -> tuple[bool, Fraction, bool]:
    """Return whether a unit fits the one wanted, its factor to the base unit in a year, and whether money is wanted."""
    fits = find_dimension(given) == find_dimension(wanted)
    factor = convert_to_base_of_year(given, wanted, year) if fits else convert_to_base(given)
    return fits, factor, find_dimension(wanted) == MONEY


@cache
def _ends(ends: tuple[str, str], unit: str) -> tuple[Fraction, Fraction]:
    low, high = (parse_decimal(end) * convert_to_base(unit) for end in ends)
    return low, high


@lru_cache(maxsize=65536)
def _judge(
    over: int, under: int, given: str, wanted: str, year: int, ends: tuple[str, str] | None
) -> tuple[Fraction, bool, bool, bool]:
    """Return a number in base units, and whether its unit fits, it is no part of a fen, and it lies in the range.

    Of what stands in many rows each number is judged once, and its cells are one object, which `join` counts on to be quick.

    Raises
    ------
    UnitError : a unit nobody knows
    """
    fits, factor, is_money = _find_fit(given, wanted, year)
    value = Fraction(over, under) * factor
    whole = not is_money or (value * FEN_PER_YUAN).denominator == 1
    if ends is None or not fits:
        return value, fits, whole, True
    low, high = _ends(ends, wanted)
    return value, fits, whole, low <= value <= high


def check_fact(ready: CheckedScheme, name: str, one: Input, fact: Fact, bound: InputColumns) -> Fraction | None:
    """Return the number of a row in base units, the row then being among those used; None: it is refused, and was told.

    The one gate of every row: final, in a unit that fits, money in whole fen, in range.
    """

    def what() -> str:
        return say("{name} of {place} {period}", name=name, place=fact.place or mark_word("the scheme"), period=fact.period)

    if fact.status not in one.accept:
        bound.problems.append(
            Problem(
                fact.file,
                fact.line,
                say("{value} is {status}", value=what(), status=fact.status),
                Joined(one.accept, " or ", " 或 "),
                say("{id} accepts nothing else; wait for the final figure", id=ready.scheme.id),
            )
        )
        return None
    try:
        value, fits, is_whole, is_inside = _judge(*fact.value.as_integer_ratio(), fact.unit, one.unit, fact.year, one.range)
    except UnitError as error:
        bound.problems.append(
            Problem(
                fact.file,
                fact.line,
                say("the unit of {value}: {error}", value=what(), error=error.args[0]),
                say("a unit such as {unit}", unit=one.unit),
            )
        )
        return None
    if not fits:
        bound.problems.append(
            Problem(
                fact.file,
                fact.line,
                say("{value} is in {unit!r}", value=what(), unit=fact.unit),
                say("a unit that fits {unit}", unit=one.unit),
            )
        )
        return None
    if not is_whole:
        bound.problems.append(
            Problem(
                fact.file,
                fact.line,
                say("{value} is {text} {unit}", value=what(), text=fact.text, unit=fact.unit),
                "money in whole fen, 0.01 yuan",
            )
        )
        return None
    if one.range is not None and not is_inside:
        bound.problems.append(
            Problem(
                fact.file,
                fact.line,
                say("{value} is {text} {unit}", value=what(), text=fact.text, unit=fact.unit),
                say("between {low} and {high} {unit}", low=one.range[0], high=one.range[1], unit=one.unit),
            )
        )
        return None
    bound.used.append(fact)
    bound.rests += fact.rests_on
    return value


def _missing(ready: CheckedScheme, name: str, one: Input, facts: Facts, year: int, lacking: list[str]) -> Problem:
    indicator = one.indicator or name
    shown: str = join_list(lacking[:SHOWN])
    if len(lacking) > SHOWN:
        shown = say("{names} and {count} more", names=shown, count=len(lacking) - SHOWN)
    what = say("{indicator} of {places} {year}", indicator=indicator, places=shown, year=year) if shown else f"{indicator} {year}"
    if one.missing == REQUIRED:
        return _here(
            ready,
            name,
            say("{what} has no row, and what a missing {name} means is REQUIRED", what=what, name=name),
            "refuse, skip, carry or {as, because}",
            "the agreement decides; state it in a document that extends this one",
            "missing",
        )
    near = find_closest(indicator, facts.rows)
    hint = (
        say("did you mean {near}, which the inputs hold?", near=near[0])
        if near and near[0] != indicator
        else "missing is never zero"
    )
    return _here(
        ready,
        name,
        say("{what} has no row", what=what),
        say("a row in {unit} for every place and {every}", unit=one.unit, every=mark_word(one.every)),
        hint,
    )


def _here(ready: CheckedScheme, name: str, found: str, expected: str, hint: str = "", part: str = "") -> Problem:
    path = ("inputs", name, part) if part else ("inputs", name)
    return Problem(ready.document.file, ready.document.line(path), found, expected, hint)


def list_required(ready: CheckedScheme) -> list[Problem]:
    """Return a problem for everything that the document leaves REQUIRED, each by name."""
    found = []
    for name, constant in ready.scheme.constants.items():
        if constant.value == REQUIRED:
            line = ready.document.line(("constants", name, "value"))
            found.append(
                Problem(
                    ready.document.file,
                    line,
                    say(
                        "the constant {name} of {id} is REQUIRED: {note}",
                        name=name_in_both(ready.scheme, name),
                        id=ready.scheme.id,
                        note=read_own(constant.note),
                    ),
                    say("a decimal in {unit}", unit=constant.unit),
                    say("state it in a document with `extends: {id}`", id=ready.scheme.id),
                )
            )
    for name, party in ready.scheme.parties.items():
        if party.code == REQUIRED:
            line = ready.document.line(("parties", name, "code"))
            found.append(
                Problem(
                    ready.document.file,
                    line,
                    say("the party {name} of {id} is REQUIRED: {party}", name=name, id=ready.scheme.id, party=party.name),
                    "the code of a division",
                    say("state it in a document with `extends: {id}`", id=ready.scheme.id),
                )
            )
    return found
