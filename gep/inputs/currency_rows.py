"""Money of input rows in the currency of the account: another currency is converted by a sourced rate of its year, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from gep.files.written_numbers import NUMBER
from gep.messages.problems import Problem
from gep.messages.texts import join_list, say
from gep.units.currencies import CONVERTED, YUAN, find_currencies, read_as_money

if TYPE_CHECKING:
    from collections.abc import Sequence

_YEAR = re.compile(r"_([0-9]{4})(?![0-9])")


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency was in that of the account in a year, with its source, date and mark."""

    currency: str
    year: int
    value: float
    said: str


@dataclass(frozen=True)
class Money:
    """The currency of an account, and the rates by which other currencies come into it."""

    currency: str = YUAN
    rates: tuple[Rate, ...] = ()

    def find_rate(self, currency: str, year: int) -> Rate | None:
        """Return the rate of a currency in a year; None where nobody stated it."""
        return next((one for one in self.rates if (one.currency, one.year) == (currency, year)), None)


def take_currency(rows: pd.DataFrame, money: Money | None) -> tuple[pd.DataFrame, list[Problem]]:
    """Return rows whose units are in the money of rules, and what is in a currency without a rate.

    Parameters
    ----------
    rows : as in `check_rows`, before it
    money : None: the standard cannot be read, so that money of any one currency is taken for that of the account
    """
    units = rows["unit"].astype("category")
    of = {str(text): find_currencies(str(text)) for text in units.cat.categories}
    own = {
        text: next(iter(found)) for text, found in of.items() if len(found) == 1 and (money is None or money.currency in found)
    }
    foreign = {text for text, found in of.items() if found and text not in own}
    if not foreign and set(own.values()) <= {YUAN}:
        return rows, []
    taken = rows.copy(deep=False)
    texts = units.astype(str).to_numpy(dtype=object)
    values = rows["value"].astype(object).to_numpy(copy=True)
    notes = rows["note"].astype(str).to_numpy(dtype=object).copy()
    problems: list[Problem] = []
    refused: list[int] = []
    written = texts.copy()
    for at in range(len(texts)):
        text = str(texts[at])
        if text in own:
            written[at] = read_as_money(text, own[text])
        elif text in foreign and money is not None:
            found = _convert(rows.iloc[at], text, of[text], money)
            if isinstance(found, Problem):
                problems.append(found)
                refused.append(at)
                continue
            values[at], written[at], said = found
            notes[at] = "; ".join(part for part in ("" if notes[at] == "nan" else notes[at], said) if part)
    taken["unit"] = pd.Series(written, index=rows.index).astype("category")
    taken["note"] = pd.Series(notes, index=rows.index).astype("category")
    taken["value"] = pd.Series([str(one) for one in values], index=rows.index)
    return (taken.drop(index=rows.index[refused]) if refused else taken), problems


def _convert(row: pd.Series, text: str, currencies: set[str], money: Money) -> tuple[str, str, str] | Problem:
    """Return value and unit in the money of rules and what is to be noted, or what is wrong."""
    named = _YEAR.search(text)
    year = int(named[1]) if named else int(str(row["year"])) if re.fullmatch(r"[0-9]{4}", str(row["year"])) else 0
    other = next(iter(currencies - {money.currency}))
    rate = money.find_rate(other, year) if len(currencies) == 1 else None
    value = str(row["value"]).strip()
    if rate is None or not NUMBER.fullmatch(value):
        found = say("the unit is {unit}: money in {found}", unit=text, found=join_list(sorted(currencies)))
        expected = say(
            "money in {currency}, or a standard that states a rate of {other} in {year} with its source",
            currency=money.currency,
            other=other,
            year=year or "…",
        )
        hint = say("exchange_rates: of a standard of your own; nothing is converted without a rate")
        return Problem(str(row["file"]), int(row["line"]), found, expected, hint, str(row.get("cell_unit") or ""))
    bare = (
        re.sub(r"(?<![A-Za-z])(CNY|RMB|yuan)(?![A-Za-z])|元|人民币", "CNY", text) if other == YUAN else read_as_money(text, other)
    )
    dated = bare if named else bare.replace("CNY", f"CNY_{year}")
    said = f"{value} {text}, 1 {other} = {rate.value!r} {money.currency} ({rate.said})"
    return repr(float(value) * rate.value), dated, f"{CONVERTED}{said}"


def list_rates(stated: Sequence[object]) -> tuple[Rate, ...]:
    """Return the rates that a standard states."""
    return tuple(
        Rate(one.currency, one.year, one.value, f"{one.source}, {one.date} [{one.mark}]")  # type: ignore[attr-defined]
        for one in stated
    )
