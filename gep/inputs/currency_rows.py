"""Money of input rows in the currency of the account: another currency is converted by a sourced rate of its year, or refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from gep.files.written_numbers import NUMBER
from gep.inputs.exchange_rows import EXCHANGE_RATE, read_exchange_rows, tell_unused
from gep.messages.problems import Problem
from gep.messages.texts import join_list, say
from gep.units.currencies import CONVERTED, YUAN, find_currencies, read_as_money

if TYPE_CHECKING:
    from gep.inputs.exchange_rows import Given
    from gep.inputs.rates import Money

_YEAR = re.compile(r"_([0-9]{4})(?![0-9])")


def take_currency(rows: pd.DataFrame, money: Money | None) -> tuple[pd.DataFrame, list[Problem]]:
    """Return rows whose units are in the money of rules, and what is in a currency without a rate.

    Parameters
    ----------
    rows : as in `check_rows`, before it
    money : None: the standard cannot be read, so that money of any one currency is taken for that of the account
    """
    of_rates = (rows["variable"] == EXCHANGE_RATE).to_numpy(dtype=bool)
    if of_rates.any():
        given, wrong = read_exchange_rows(rows[of_rates], money) if money is not None else ({}, [])
        used: set[tuple[str, str, str, int]] = set()
        taken, problems = _take(rows[~of_rates], money, given, used)
        return taken, [*wrong, *problems, *tell_unused(given, used)]
    return _take(rows, money, {}, set())


def _take(
    rows: pd.DataFrame, money: Money | None, given: Given, used: set[tuple[str, str, str, int]]
) -> tuple[pd.DataFrame, list[Problem]]:
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
            found = _convert(rows.iloc[at], text, of[text], money, given, used)
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


def _convert(
    row: pd.Series, text: str, currencies: set[str], money: Money, given: Given, used: set[tuple[str, str, str, int]]
) -> tuple[str, str, str] | Problem:
    """Return value and unit in the money of rules and what is to be noted, or what is wrong; the county's own rate goes first."""
    named = _YEAR.search(text)
    year = int(named[1]) if named else int(str(row["year"])) if re.fullmatch(r"[0-9]{4}", str(row["year"])) else 0
    other = next(iter(currencies - {money.currency}))
    key = (str(row["county"]), str(row["year"]), other, year)
    rate = None
    if len(currencies) == 1:
        used.add(key)
        rate = given[key][0] if key in given else money.find_rate(other, year)
    value = str(row["value"]).strip()
    if rate is None or not NUMBER.fullmatch(value):
        found = say("the unit is {unit}: money in {found}", unit=text, found=join_list(sorted(currencies)))
        expected = say(
            "money in {currency}, or a standard that states a rate of {other} in {year} with its source",
            currency=money.currency,
            other=other,
            year=year or "…",
        )
        hint = say("exchange_rates: of a standard of your own, or a row exchange_rate; nothing is converted without a rate")
        return Problem(str(row["file"]), int(row["line"]), found, expected, hint, str(row.get("cell_unit") or ""))
    bare = (
        re.sub(r"(?<![A-Za-z])(CNY|RMB|yuan)(?![A-Za-z])|元|人民币", "CNY", text) if other == YUAN else read_as_money(text, other)
    )
    dated = bare if named else bare.replace("CNY", f"CNY_{year}")
    said = f"{value} {text}, 1 {other} = {rate.value!r} {money.currency} ({rate.said})"
    return repr(float(value) * rate.value), dated, f"{CONVERTED}{said}"
