"""Currencies other than the yuan: how they are written, and how an account in one of them is computed and printed.

Rules know one money. In an account in dollars it means dollars: units are read from dollars into it, and printed from it as dollars.
Money of any other currency, the yuan among them, is another thing, and never read as that of the account.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from gep.files.lists import read_list
from gep.paths import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

YUAN = "CNY"
CONVERTED = "按汇率换算 | converted: "
"""Before what a note says of a figure that came out of another currency: the figure as given, and the rate with its source."""
_KEY = re.compile(r"[+][0-9a-f]{12}\.([A-Z]{3})$")
_CODE_OF_YUAN = re.compile(r"(?<![A-Za-z])(CNY|RMB|yuan)(?![A-Za-z])")
_SIGN_OF_YUAN = re.compile(r"(?<![一-鿿])元(?![一-鿿])|(?<=[亿万千百])元(?![一-鿿])|人民币")


@cache
def read_currencies() -> dict[str, tuple[str, str]]:
    """Return code → name in Chinese and English, as `coefficients/lists/currencies.csv` has them."""
    return {row["code"]: (row["name_zh"], row["name_en"]) for row in read_list(LISTS / "currencies.csv")}


def mark_key(key: str, currency: str) -> str:
    """Return the key that accounts of a standard of one's own are kept by, with its currency where that is not the yuan."""
    return key if currency == YUAN else f"{key}.{currency}"


def read_currency_of(key: str) -> str:
    """Return the currency of the accounts that are kept by a standard's key."""
    found = _KEY.search(key)
    return found[1] if found else YUAN


def find_currencies(text: str) -> set[str]:
    """Return the currencies that a unit or formula names, the yuan among them."""
    found = {code for code, pattern in _patterns().items() if pattern.search(text)}
    if _CODE_OF_YUAN.search(text) or _SIGN_OF_YUAN.search(text):
        found.add(YUAN)
    return found


def read_as_money(text: str, currency: str) -> str:
    """Return a unit or formula of a currency with the money of rules in its place: 万美元_2020/t becomes 万CNY_2020/t."""
    return text if currency == YUAN else _patterns()[currency].sub("CNY", text)


def show_money(text: str, currency: str) -> str:
    """Return a text of an account as it is printed: the money of rules by the name of the account's currency."""
    if currency == YUAN:
        return text
    named = read_currencies()[currency][0]
    return _SIGN_OF_YUAN.sub(named, _CODE_OF_YUAN.sub(currency, text))


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        code: re.compile(rf"(?<![A-Za-z]){code}(?![A-Za-z])|{name}")
        for code, (name, _) in read_currencies().items()
        if code != YUAN
    }


_AS_WRITTEN = {"source", "note", "address", "file", "files", "standard"}
"""Fields that hold what people wrote."""


def show_money_in(found: Any, currency: str) -> Any:
    """Return values, lists, maps and dataclasses with the texts in them as `show_money` prints them, but for what people wrote."""
    if currency == YUAN:
        return found
    if isinstance(found, str):
        shown = show_money(found, currency)
        return found if shown == found else shown
    if isinstance(found, dict):
        return {key: one if key in _AS_WRITTEN else show_money_in(one, currency) for key, one in found.items()}
    if isinstance(found, list | tuple) and not hasattr(found, "_fields"):
        return type(found)(show_money_in(one, currency) for one in found)
    if is_dataclass(found) and not isinstance(found, type):
        names = [one.name for one in fields(found) if one.init and one.name not in _AS_WRITTEN]
        return replace(found, **{name: show_money_in(getattr(found, name), currency) for name in names})
    return found


def show_lines(lines: Iterable[str], standard: str) -> Iterator[str]:
    """Yield the lines about accounts of a standard with the name of its currency."""
    currency = read_currency_of(standard)
    return (show_money(line, currency) for line in lines)
