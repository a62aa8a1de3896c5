"""The document that says how a yearly flow becomes the value of an asset: convention, rates, growth, and who chose them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from gep.files.lists import read_list
from gep.files.no_source import names_no_source
from gep.files.schema import Part
from gep.files.yaml_lines import read_typed_document, validate_document
from gep.messages.texts import join_list, say
from gep.messages.title import Title
from gep.paths import COEFFICIENTS, print_path
from gep.worked.calculation import Figure
from gep.worked.written import Reader, Written

if TYPE_CHECKING:
    from pathlib import Path

    from gep.files.yaml_lines import Document

CONVENTIONS = COEFFICIENTS / "assets" / "npv_conventions.csv"
YEAR_END, MID_YEAR = "year-end", "mid-year"
OWN, FORWARD = "own", "forward"
FINITE, PERPETUAL = "finite", "perpetual"
MOST_YEARS = 1000
KEYS = "convention, growth, rates, author, basis"


@dataclass(frozen=True)
class Convention:
    """A named way to a present value.

    Attributes
    ----------
    timing      : whether a year's income counts at its end or in its middle
    discounting : `own`: each block of years from year 0 at its own rate; `forward`: through the rates of the blocks before
    horizon     : finite or perpetual
    rates       : the schedule it fixes, such as `4 % x 36; 3 % x 35; 2 %`; empty: the user's
    """

    id: str
    title: Title
    timing: str
    discounting: str
    horizon: str
    rates: str
    source: str
    locator: str
    mark: str
    address: str


@dataclass(frozen=True)
class Block:
    """Years that share a rate; `years` None: without end."""

    rate: Figure
    years: Figure | None


@dataclass(frozen=True)
class Rent:
    """A yearly income of the document: what it is, in yuan a year; it may be negative."""

    id: str
    title: str
    value: Figure


@dataclass(frozen=True)
class Valuation:
    """A document that was read: the convention, the blocks of rates, growth as a share a year, and rents of its own."""

    file: str
    convention: Convention
    blocks: tuple[Block, ...]
    growth: Figure
    author: str
    basis: str
    rents: tuple[Rent, ...]


class _Rate(Part):
    rate: Written
    years: Written | None = None


class _Rent(Part):
    id: str
    value: Written
    source: str
    title: str = ""
    mark: str = ""


class _Valuation(Part):
    convention: str
    growth: Written
    author: str
    basis: str
    rates: tuple[_Rate, ...] | None = None
    rents: tuple[_Rent, ...] = ()


@cache
def read_conventions() -> dict[str, Convention]:
    """Return the conventions that come with the program, by id."""
    shown = print_path(CONVENTIONS)
    return {
        row["id"]: Convention(
            row["id"],
            Title(row["title_zh"], row["title_en"]),
            row["timing"],
            row["discounting"],
            row["horizon"],
            row["rates"],
            row["source"],
            row["locator"],
            row["mark"],
            f"{shown}:{line}",
        )
        for line, row in enumerate(read_list(CONVENTIONS), start=2)
    }


def read_valuation(path: Path) -> Valuation:
    """Return the valuation in a YAML document.

    Raises
    ------
    Problems : everything that is wrong with it: unknown keys or convention, rates that the convention fixes otherwise, a rate
               not above growth, a horizon that the convention does not have
    """
    document = read_typed_document(path, say("the file holds no valuation"), say("a map with {keys}", keys=KEYS))
    model = validate_document(_Valuation, document)
    reader = Reader()
    for key in ("author", "basis"):
        if not getattr(model, key).strip():
            reader.tell(
                document.file, document.line((key,)), say("{key} is missing", key=key), say("who chose the rate, and why")
            )
    growth = reader.amount(document.file, document.line(("growth",)), "growth", model.growth, "1", least=None, most=1, above=-1)
    _need_percent(reader, document, ("growth",), "growth", model.growth)
    convention = read_conventions().get(model.convention)
    if convention is None:
        found = say("there is no convention {name!r}", name=model.convention)
        reader.tell(
            document.file, document.line(("convention",)), found, say("one of {names}", names=join_list(read_conventions()))
        )
        reader.refuse()
        raise AssertionError
    blocks = _read_blocks(reader, document, model, convention)
    if growth is not None:
        _check_growth(reader, document, blocks, growth)
    rents = [_read_rent(reader, document, one, at) for at, one in enumerate(model.rents)]
    seen: dict[str, int] = {}
    for at, one in enumerate(model.rents):
        if one.id in seen:
            line = document.line(("rents", str(at)))
            reader.tell(document.file, line, say("{what} stands twice", what=one.id), say("each rent once"))
        seen[one.id] = at
    reader.refuse()
    if growth is None:
        raise AssertionError
    return Valuation(
        document.file,
        convention,
        tuple(blocks),
        growth,
        model.author.strip(),
        model.basis.strip(),
        tuple(one for one in rents if one is not None),
    )


def _need_percent(reader: Reader, document: Document, path: tuple[str, ...], name: str, text: str) -> None:
    """Keep a problem where a rate has no % behind it: 3 may be 3 % or 300 %."""
    if re.fullmatch(r"\s*[+-]?[0-9.]+\s*", text):
        found = say("{name} is {text!r}", name=name, text=text)
        reader.tell(document.file, document.line(path), found, say("a percentage with its sign, such as 3 %"))


def _read_blocks(reader: Reader, document: Document, model: _Valuation, convention: Convention) -> list[Block]:
    if convention.rates:
        if model.rates is not None:
            found = say("{convention} fixes its rates: {rates}", convention=convention.id, rates=convention.rates)
            reader.tell(document.file, document.line(("rates",)), found, say("no rates, or another convention"))
        return _read_fixed(convention)
    if not model.rates:
        found = say("{key} is missing", key="rates")
        hint = "rates: [{rate: 3 %, years: 30}]"
        reader.tell(
            document.file,
            document.line(("rates",)),
            found,
            say("the rates that {convention} leaves open", convention=convention.id),
            hint,
        )
        return []
    found_blocks = []
    for at, one in enumerate(model.rates):
        line, last = document.line(("rates", str(at))), at == len(model.rates) - 1
        rate = reader.amount(document.file, line, "rate", one.rate, "1", least=0, most=1)
        _need_percent(reader, document, ("rates", str(at)), "rate", one.rate)
        years = None
        if one.years is not None:
            years = reader.amount(document.file, line, "years", one.years, "1", least=1, most=MOST_YEARS)
            if years is not None and not years.value.is_integer():
                reader.tell(document.file, line, say("{name} is {text!r}", name="years", text=one.years), say("whole years"))
        if one.years is None and (not last or convention.horizon == FINITE):
            reader.tell(document.file, line, say("{key} is missing", key="years"), say("how many years the rate holds"))
        if one.years is not None and last and convention.horizon == PERPETUAL:
            found = say("{convention} has no end, and the last rate has {years} years", convention=convention.id, years=one.years)
            reader.tell(document.file, line, found, say("no years in the last rate, or a convention with a finite horizon"))
        if rate is not None:
            found_blocks.append(Block(rate, years))
    return found_blocks


def _read_fixed(convention: Convention) -> list[Block]:
    blocks = []
    for part in convention.rates.split(";"):
        rate, _, years = part.strip().partition(" x ")
        number = Figure(float(rate.removesuffix("%")) / 100, rate, convention.address, convention.source, convention.mark)
        length = Figure(float(years), years, convention.address, convention.source, convention.mark) if years else None
        blocks.append(Block(number, length))
    return blocks


def _check_growth(reader: Reader, document: Document, blocks: list[Block], growth: Figure) -> None:
    for block in blocks:
        if block.rate.value <= growth.value:
            found = say("the rate {rate} is not above the growth {growth}", rate=block.rate.given, growth=growth.given)
            expected = say("a rate above the growth; otherwise the value has no bound or grows with every year that is added")
            reader.tell(document.file, document.line(("growth",)), found, expected)


def _read_rent(reader: Reader, document: Document, one: _Rent, at: int) -> Rent | None:
    line = document.line(("rents", str(at)))
    value = reader.amount(document.file, line, "value", one.value, "CNY/yr", least=None)
    if names_no_source(one.source):
        reader.tell(document.file, line, say("{key} is missing", key="source"), say("where the figure is from"))
    return None if value is None else Rent(one.id, one.title or one.id, value.from_(one.source, one.mark))
