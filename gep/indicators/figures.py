"""Figures of indicators as people hand them in: tables of place, year, indicator, value, unit and source, checked like other inputs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from gep.files.dittos import resolve_dittos
from gep.files.no_source import names_no_source
from gep.files.written_numbers import DECIMAL_COMMA, THOUSANDS, find_false_digits, is_year, narrow_digits
from gep.indicators.indicator import ASSIGNED, TEXT
from gep.indicators.read import read_rows
from gep.indicators.sets import parse_bound
from gep.messages.problems import Problem, refuse
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, mark_word, name_id, say
from gep.reference.regions import name_region, read_regions, shorten_code, suggest_divisions
from gep.units.registry import UnitError, find_yearly_factor, remove_price_year, scale_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gep.indicators.indicator import Indicator
    from gep.indicators.read import TextRow
    from gep.indicators.sets import IndicatorSet

FIGURE, TARGET = "figure", "target"
KINDS = {"": FIGURE, FIGURE: FIGURE, "现状值": FIGURE, TARGET: TARGET, "目标值": TARGET}
FIRST_YEAR, LAST_YEAR = 1978, 2100
_NOTHING = {"", "-", "—", "/", "无", "n/a", "na", "null", "none", "nan"}


@dataclass(frozen=True)
class Figure:
    """One figure, in the indicator's unit.

    Attributes
    ----------
    number : None where the indicator is a text
    bound  : `>=` or `<=` where only a bound is known (至少 95 %); empty: exact
    kind   : figure, or target: what a higher authority assigned for the year
    """

    place: str
    year: int
    indicator: str
    kind: str
    number: float | None
    bound: str
    given: str
    unit: str
    source: str
    note: str
    address: str


Figures = dict[tuple[str, int, str, str], Figure]
"""(place, year, indicator, kind) → figure."""


def read_figures(paths: Iterable[Path], wanted: IndicatorSet) -> Figures:
    """Return the figures of files, each in the unit of its indicator.

    Raises
    ------
    Problems : everything that is wrong in all files
    """
    problems: list[Problem] = []
    found: Figures = {}
    names = _names(wanted)
    known = {one.id: one for one in wanted.indicators}
    for path in dict.fromkeys(path.resolve() for path in paths):
        rows, wrong = read_rows(path)
        problems += wrong
        of_sheets = groupby(rows, lambda row: row.cell.rpartition("!")[0])
        sources = [source for _, of in of_sheets for source in resolve_dittos(row.texts["source"] for row in of)]
        for row, source in zip(rows, sources, strict=True):
            row.texts["source"] = source or ""
            wrong_row: list[Problem] = []
            figure = _figure(row, wanted, names, wrong_row)
            problems += wrong_row
            if figure is None or wrong_row:
                continue
            key = (figure.place, figure.year, figure.indicator, figure.kind)
            if key in found:
                said = say(
                    "{kind} {indicator} of {place} {year} stands already in {address}",
                    kind=mark_word(figure.kind),
                    indicator=name_id(figure.indicator, known),
                    place=name_region(figure.place),
                    year=figure.year,
                    address=found[key].address,
                )
                problems.append(Problem(row.file, row.line, said, "one row a figure", "keep one of the two", row.cell))
            found.setdefault(key, figure)
    refuse(problems)
    return found


def _names(wanted: IndicatorSet) -> dict[tuple[str, str], list[Indicator]]:
    """Return what people may call an indicator: its id, or its printed name with or without the scope."""
    names: dict[tuple[str, str], list[Indicator]] = {}
    for one in wanted.indicators:
        for key in {(one.id, ""), (one.title.zh, one.scope), (one.title.zh, ""), (one.title.en, "")}:
            names.setdefault(key, []).append(one)
    return names


def _figure(
    written: TextRow, wanted: IndicatorSet, names: dict[tuple[str, str], list[Indicator]], problems: list[Problem]
) -> Figure | None:
    row = written.texts

    def wrong(found: str, expected: str = "", hint: str = "") -> None:
        problems.append(Problem(written.file, written.line, found, expected, hint, written.cell))

    place, year = row["place"], row["year"]
    if place not in read_regions():
        wrong(
            say("place is {place!r}", place=place),
            "a six-digit GB/T 2260 code",
            suggest_divisions(place) or "gep query regions lists all codes",
        )
    elif not place.startswith(shorten_code(wanted.region)):
        wrong(
            say(
                "place is {place!r}, the targets of {set} are those of {region}",
                place=place,
                set=wanted.id,
                region=name_region(wanted.region),
            ),
            say("{region} or a county in it", region=name_region(wanted.region)),
        )
    if not (re.fullmatch(r"\d{4}", year) and FIRST_YEAR <= int(year) <= LAST_YEAR):
        wrong(
            say("year is {text!r}", text=year),
            say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR),
        )
    if names_no_source(row["source"]):
        wrong(
            say("the source is {text!r}, which names none", text=row["source"]) if row["source"] else "the source is empty",
            "the document, survey or monitoring report that the figure stands in",
        )
    kind = KINDS.get(row["kind"])
    if kind is None:
        wrong(say("kind is {kind!r}", kind=row["kind"]), "figure, or target for a target assigned to the place")
    indicator = _indicator(row, wanted, names, wrong)
    if indicator is None:
        return None
    if kind == TARGET and not problems:
        _check_target(indicator, place, int(year), wanted, wrong)
    if kind == FIGURE and indicator.id in wanted.accounts:
        wrong(
            say(
                "{indicator} of {place} {year} is given, and the set reads it from approved accounts",
                indicator=indicator.id,
                place=place,
                year=year,
            ),
            "no row",
            "take the row out",
        )
    read = _number(row, indicator, wrong)
    if read is None or problems:
        return None
    number, bound = read
    return Figure(
        place,
        int(year),
        indicator.id,
        kind or FIGURE,
        number,
        bound,
        row["value"],
        row["unit"],
        row["source"],
        row["note"],
        written.address,
    )


def _indicator(
    row: dict[str, str], wanted: IndicatorSet, names: dict[tuple[str, str], list[Indicator]], wrong: _Wrong
) -> Indicator | None:
    called, scope = row["indicator"], row["scope"]
    meant = [one for one in names.get((called, scope), names.get((called, ""), [])) if scope in {"", one.scope}]
    if len(meant) == 1:
        return meant[0]
    if meant:
        wrong(
            say("indicator is {called!r}, of which there are {count}", called=called, count=len(meant)),
            say("one of the scopes {names}", names=join_list(one.scope for one in meant)),
            say("or one of the ids {names}", names=join_list(one.id for one in meant)),
        )
        return None
    said = (
        say("indicator is {called!r} with the scope {scope!r}", called=called, scope=scope)
        if scope
        else say("indicator is {called!r}", called=called)
    )
    wrong(
        said,
        say("an indicator of {set}, by id or name", set=wanted.id),
        suggest_nearest(called, [name for name, _ in names]) or "gep indicators --list names them",
    )
    return None


def _check_target(indicator: Indicator, place: str, year: int, wanted: IndicatorSet, wrong: _Wrong) -> None:
    """Refuse a target for a year without targets, for a text, and one that would override the printed target of the region itself."""
    titled = name_id(indicator.id, {indicator.id: indicator})
    if year not in wanted.targets:
        wrong(
            say("target of {indicator} is for {year}", indicator=titled, year=year),
            say("one of {names}", names=join_list(map(str, wanted.targets))),
            "the year of a target is the year it is to be reached",
        )
        return
    reading = indicator.readings[year]
    if reading.is_text:
        wrong(
            say(
                "{indicator} has a target in words for {year}: {printed}",
                indicator=titled,
                year=year,
                printed=indicator.printed[year],
            ),
            "no number",
            "people judge it",
        )
    elif place == wanted.region and reading.operand != ASSIGNED:
        wrong(
            say(
                "target {year} of {indicator} is given for {place}, the plan prints {printed}",
                year=year,
                indicator=titled,
                place=name_region(place),
                printed=indicator.printed[year],
            ),
            "no row",
            "a changed plan is a new set",
        )


def _number(row: dict[str, str], indicator: Indicator, wrong: _Wrong) -> tuple[float | None, str] | None:
    """Return number and bound in the indicator's unit."""
    value, unit = row["value"], row["unit"]
    titled = name_id(indicator.id, {indicator.id: indicator})
    if value.lower() in _NOTHING:
        wrong(
            say("value is {text!r}", text=value),
            "a figure",
            "a figure that is not at hand: take the row out; a true zero: write 0",
        )
        return None
    if indicator.unit == TEXT:
        if unit not in {"", TEXT}:
            wrong(say("unit of {indicator} is {unit!r}", indicator=titled, unit=unit), "no unit; it is judged in words")
        return None, ""
    read = parse_bound(value) if len(value) < 40 else None  # noqa: PLR2004 - longer is no figure
    exponent = re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]{1,2}", value)
    if read is None and exponent:
        read = "", float(value)
    if read is None:
        hint = _suggest(value)
        wrong(
            say("value is {text!r}", text=value),
            "a number with a decimal point, without thousands marks; or a bound such as >=95",
            hint,
        )
    try:
        if unit == "" and indicator.unit != "1":
            raise UnitError(mark_word("no unit"))
        by = find_yearly_factor(remove_price_year(unit), indicator.unit, int(row["year"]) if is_year(row["year"]) else FIRST_YEAR)
    except UnitError as error:
        wrong(
            say("unit of {variable} is {text!r}: {error}", variable=titled, text=unit, error=error.args[0]),
            say("a unit of {unit}", unit=indicator.unit),
            indicator.note if "stated" in indicator.note else "",
        )
        return None
    if read is None:
        return None
    bound, number = read[0], scale_number(read[1], by) if by != 1 else read[1]
    if not math.isfinite(number):
        wrong(say("value is {value} {unit}", value=value, unit=unit), "a finite number", "no figure is as large as this")
        return None
    for limit, outside, side in (
        (indicator.least, indicator.least is not None and number < indicator.least, "at least {amount}"),
        (indicator.most, indicator.most is not None and number > indicator.most, "at most {amount}"),
    ):
        if outside:
            wrong(
                say("{variable} is {amount}", variable=titled, amount=f"{number:g} {indicator.unit}"),
                say(side, amount=f"{limit:g} {indicator.unit}"),
            )
    return number, bound


def _suggest(value: str) -> str:
    """Return a hint what to write in place of a text that is no figure; it never has digits that the text has not."""
    plain = re.sub(r"\s", "", narrow_digits(value)).removesuffix("%")
    if (found := DECIMAL_COMMA.fullmatch(plain)) and not THOUSANDS.fullmatch(plain):
        return say("write {text} if the comma is the decimal mark", text=f"{found[1]}.{found[2]}")
    if marks := find_false_digits(plain):
        return say(
            "{marks} is no digit: leave the mark of a note out; write a power or a fraction out in plain digits", marks=marks[:20]
        )
    repaired = plain.replace(",", "")
    return say("write {text}", text=repaired) if repaired != value and parse_bound(repaired) else ""


if TYPE_CHECKING:
    from typing import Protocol

    class _Wrong(Protocol):
        def __call__(self, found: str, expected: str = "", hint: str = "") -> None: ...
