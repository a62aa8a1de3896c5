"""The currency of a standard of one's own: its units and formulas are read into the money of rules, and those of others are refused."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from gep.files.lists import read_list
from gep.messages.problems import Problem
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.paths import LISTS
from gep.units.currencies import CONVERTED, YUAN, find_currencies, read_as_money, read_currencies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.files.yaml_lines import Document
    from gep.standards.model import Standard

NO_INDEX = "none"
"""The index of a standard in a currency of which none is shipped; index rows of the inputs make one."""
AS_PRINTED = "as-printed"
"""The index of a standard whose prices count as its document prints them, whatever their year."""
LAST_YEAR = 9999
_PARTS = ("variables", "coefficients", "values", "rules", "lines", "shown")
_TEXTS = {"unit", "price_unit", "formula", "quantity", "price", "value"}
Path = tuple[Any, ...]


def take_own_currency(document: Document) -> tuple[Document, list[Problem]]:
    """Return the document of a standard with its units and formulas in the money of rules, and what is in another currency."""
    content = document.content
    currency = str(content.get("currency") or YUAN)
    problems: list[Problem] = []
    rates = content.get("exchange_rates")
    for at, one in enumerate(rates if isinstance(rates, list) else ()):
        if isinstance(one, dict) and (str(one.get("currency")) not in read_currencies() or str(one.get("currency")) == currency):
            found = say("the rate is of {currency}", currency=str(one.get("currency")))
            problems.append(_problem(document, ("exchange_rates", at, "currency"), found, _known(currency)))
    if currency not in read_currencies():
        found = say("currency is {currency!r}", currency=currency[:20])
        return document, [*problems, _problem(document, ("currency",), found, _known(""))]
    changed = {name: _taken(content[name], (name,), currency, document, problems) for name in _PARTS if name in content}
    if currency == YUAN:
        return replace(document, content={**content, **changed}), problems
    if content.get("price_index") not in {None, NO_INDEX, AS_PRINTED}:
        found = say("price_index is {index}, which is one of the yuan", index=str(content["price_index"])[:40])
        expected = say("no index, or index rows of price_index among the figures")
        problems.append(_problem(document, ("price_index",), found, expected))
    return replace(document, content={**content, **changed, "price_index": content.get("price_index") or NO_INDEX}), problems


def check_index(standard: Standard, document: Document) -> Iterator[Problem]:
    """Yield that a standard names a price index that nobody knows."""
    known = [*list_price_indices(), AS_PRINTED, NO_INDEX]
    if standard.price_index not in known:
        found = say("price_index is {index!r}", index=standard.price_index[:40])
        near = suggest_nearest(standard.price_index, known)
        yield Problem(document.file, document.line(("price_index",)), found, say("one of {names}", names=join_list(known)), near)


@cache
def list_price_indices() -> tuple[str, ...]:
    """Return the ids of the shipped price indices."""
    return tuple(dict.fromkeys(row["index"] for row in read_list(LISTS / "price_index.csv")))


def check_base_currency(standard: Standard, base: Standard, document: Document) -> list[Problem]:
    """Return what is wrong where a standard extends one of another currency that states money of its own."""
    if standard.currency == base.currency or (base.currency == YUAN and not any(row.price_year for row in base.own_rows)):
        return []
    found = say(
        "{name} is in {other}, this standard in {currency}", name=base.id, other=base.currency, currency=standard.currency
    )
    return [_problem(document, ("extends",), found, say("one currency"))]


def _taken(value: Any, path: Path, currency: str, document: Document, problems: list[Problem]) -> Any:
    if isinstance(value, dict):
        value = _converted(value, path, currency, document)
        return {name: _taken(one, (*path, name), currency, document, problems) for name, one in value.items()}
    if isinstance(value, list):
        return [_taken(one, (*path, at), currency, document, problems) for at, one in enumerate(value)]
    if not isinstance(value, str) or path[-1] not in _TEXTS:
        return value
    others = set().union(*(find_currencies(text) for text in _units_in(value, path[-1]))) - {currency}
    if others:
        found = say("{text} is money in {others}", text=value[:80], others=join_list(sorted(others)))
        expected = say("money in {currency}, the currency of the standard", currency=currency)
        hint = say(
            "exchange_rates: with the rate of {year} converts values; formulas and units are in one currency",
            year=_year_of(value) or "YYYY",
        )
        problems.append(replace(_problem(document, path, found, expected), hint=hint))
        return value
    return read_as_money(value, currency)


def _converted(value: dict[Any, Any], path: Path, currency: str, document: Document) -> dict[Any, Any]:
    """Return a value of a coefficient in the currency of the standard, where it is in another one whose rate is stated; else as it is."""
    unit, number = value.get("unit"), value.get("value")
    if path[0] not in {"coefficients", "values"} or "source" not in value or not isinstance(unit, str):
        return value
    others, year = find_currencies(unit) - {currency}, _year_of(unit)
    stated = document.content.get("exchange_rates")
    rates = [one for one in (stated if isinstance(stated, list) else ()) if isinstance(one, dict)]
    rate = next((one for one in rates if {one.get("currency")} == others and str(one.get("year")) == year), None)
    by = rate.get("value") if rate is not None else None
    if rate is None or not _is_number(by) or not _is_number(number):
        return value
    other = next(iter(others))
    rate_said = f"1 {other} = {by!r} {currency} ({rate.get('source')}, {rate.get('date')} [{rate.get('mark')}])"
    said = f"{CONVERTED}{number} {unit}, {rate_said}"
    scaled = {key: value[key] * by for key in ("value", "low", "high") if _is_number(value.get(key))}
    note = "; ".join(filter(None, (str(value.get("note") or ""), said)))
    bare = read_as_money(unit, other) if other != YUAN else unit
    return {**value, **scaled, "unit": re.sub(r"(?<![A-Za-z])CNY(?![A-Za-z])", currency, bare), "note": note}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _year_of(text: str) -> str:
    found = re.search(r"_([0-9]{4})(?![0-9])", text)
    return found[1] if found else ""


def _units_in(text: str, key: str) -> Iterator[str]:
    """Yield the texts that are units: a unit itself, or those in quotes of a formula."""
    if key in {"unit", "price_unit"}:
        yield text
    else:
        yield from re.findall(r"[\"']([^\"']*)[\"']", text)


def _known(apart: str) -> str:
    return say("one of {names}", names=join_list(code for code in read_currencies() if code != apart))


def _problem(document: Document, path: Path, found: str, expected: str) -> Problem:
    return Problem(document.file, document.line(tuple(map(str, path))), found, expected)
