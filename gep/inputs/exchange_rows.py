"""Exchange rates among the figures of a county: rows that convert its other money and stand in no account themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gep.files.no_source import names_no_source
from gep.files.written_numbers import NUMBER
from gep.inputs.rates import Rate
from gep.messages.problems import Problem
from gep.messages.texts import join_list, say
from gep.units.currencies import find_currencies, read_currencies

if TYPE_CHECKING:
    import pandas as pd

    from gep.inputs.rates import Money

EXCHANGE_RATE = "exchange_rate"
"""What such a row has in the column of variables; its product is the currency, or the currency and the year of its money: USD_2010."""
Given = dict[tuple[str, str, str, int], tuple[Rate, "pd.Series"]]
_NAMED = re.compile(r"([A-Z]{3})(?:_([0-9]{4}))?")


def read_exchange_rows(rows: pd.DataFrame, money: Money) -> tuple[Given, list[Problem]]:
    """Return county, accounting year, currency and year of the money → its rate with the row; and what is wrong with the rows.

    Parameters
    ----------
    rows  : those of `EXCHANGE_RATE` alone, columns as in `check_rows`
    money : the currency of the accounts
    """
    found: Given = {}
    problems: list[Problem] = []
    known = [code for code in read_currencies() if code != money.currency]
    for _, row in rows.iterrows():
        product, unit, value = (str(row[name]).strip() for name in ("product", "unit", "value"))
        named = _NAMED.fullmatch(product)
        year = (named and named[2]) or str(row["year"])
        if named is None or named[1] not in known or not re.fullmatch(r"[0-9]{4}", year):
            said = say("an exchange rate is of {product!r}", product=product)
            problems.append(
                _problem(
                    row,
                    said,
                    say("a currency, or currency and year of its money (USD_2010): one of {names}", names=join_list(known)),
                )
            )
            continue
        code = named[1]
        if not _is_unit(unit, money.currency, code):
            problems.append(_problem(row, say("the unit of an exchange rate is {unit!r}", unit=unit), f"{money.currency}/{code}"))
        elif not NUMBER.fullmatch(value) or float(value) <= 0:
            problems.append(_problem(row, say("an exchange rate is {value!r}", value=value), say("a number above 0")))
        elif names_no_source("" if str(row["source"]) == "nan" else str(row["source"])):
            expected = say("the source and date of the rate; nothing is converted without")
            problems.append(_problem(row, say("an exchange rate names no source"), expected))
        elif (key := (str(row["county"]), str(row["year"]), code, int(year))) in found:
            said = say("the exchange rate of {currency} in {year} is given twice", currency=code, year=year)
            problems.append(_problem(row, said, say("one rate")))
        else:
            place = _problem(row, "", "").where
            found[key] = Rate(code, int(year), float(value), f"{row['source']}, {place}"), row
    return found, problems


def tell_unused(given: Given, used: set[tuple[str, str, str, int]]) -> list[Problem]:
    """Return that rates convert nothing: a figure without effect is never taken in silence."""
    return [
        _problem(
            row,
            say("the exchange rate of {currency} in {year} converts no figure", currency=key[2], year=key[3]),
            say("money of that currency and year, or no such row"),
        )
        for key, (_, row) in given.items()
        if key not in used
    ]


def _is_unit(text: str, one: str, other: str) -> bool:
    above, bar, below = text.partition("/")
    return (
        bool(bar)
        and find_currencies(above) == {one}
        and find_currencies(below) == {other}
        and not re.search(r"[0-9百千万亿]", text)
    )


def _problem(row: pd.Series, found: str, expected: str) -> Problem:
    return Problem(str(row["file"]), int(row["line"]), found, expected, "", str(row.get("cell") or ""))
