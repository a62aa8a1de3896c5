"""Names of products that stand for others: totals by their word, and groups of the statistical yearbooks by a closed list."""

from __future__ import annotations

import unicodedata
from functools import cache

from gep.files.lists import read_list
from gep.paths import LISTS

TOTALS = frozenset(
    {
        *("all", "total", "sum", "subtotal", "grand total", "whole", "annual", "whole year", "county"),
        *("合计", "总计", "小计", "总和", "总量", "总数", "全部", "全县", "全市", "全区", "全县合计", "全年", "全年合计", "累计"),
    }
)
"""Names of an item that is the sum of the others, as forms and tables write it."""
OF_WHICH = ("其中", "of which", "#")
"""How the name of an item begins that is part of the one above it."""


def spell(name: str) -> str:
    """Return a name of an item in one spelling: without case, width and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()).replace(" 计", "计")


def is_total(name: str) -> bool:
    """Return whether an item is named as the sum of the others."""
    spelled = spell(name)
    return spelled in TOTALS or spelled.replace(" ", "") in TOTALS


def is_of_which(name: str) -> bool:
    """Return whether an item is named as part of another (其中:稻谷)."""
    return spell(name).startswith(OF_WHICH)


@cache
def read_products_within() -> dict[str, frozenset[str]]:
    """Return the products that hold others, each with those it holds at any depth; names in one spelling."""
    found: dict[str, set[str]] = {}
    for row in read_list(LISTS / "products_within.csv"):
        for language in ("zh", "en"):
            found.setdefault(spell(row[f"whole_{language}"]), set()).add(spell(row[f"part_{language}"]))
    return {whole: frozenset(parts) for whole, parts in found.items()}
