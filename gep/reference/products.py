"""Names of products that stand for others: totals by their word, and groups of the statistical yearbooks by a closed list."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from gep.files.lists import read_list
from gep.messages.title import Title
from gep.paths import LISTS

TOTALS = frozenset(
    {
        *("all", "total", "sum", "subtotal", "grand total", "whole", "annual", "whole year", "county"),
        *("合计", "总计", "小计", "总和", "总量", "总数", "全部", "全县", "全市", "全区", "全县合计", "全年", "全年合计", "累计"),
    }
)
"""Names of an item that is the sum of the others, as forms and tables write it."""
BRANCHES = frozenset(("农业", "种植业", "农作物", "农产品", "林业", "林产品", "畜牧业", "牧业", "畜产品", "畜牧产品", "渔业"))
"""Names of a branch, which beside its products is their sum; among users or owners it is one of several."""
OF_WHICH = ("其中", "of which", "#")
"""How the name of an item begins that is part of the one above it."""


_SUMS = re.compile(r"(?:合计|总计|小计|总和|\(合计\)|\btotal|\bsubtotal|\bsum)$|^(?:合计|总计|小计|total\b|subtotal\b|sum of\b)")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十0-9]+[)）]|[0-9]+(?:[、．)）]|\.(?![0-9]))|[①-⑳⑴-⒛㈠-㈩])\s*"
)
_NOTED = re.compile(r"\s*(?:[*＊†‡§※]+|[¹²³⁴-⁹①-⑳⑴-⒛]+|[\[［][0-9]+[\]］]|[(（]注?[0-9]+[)）])$")
"""How yearbooks number the lines of a table, and mark what a note below it says."""


def strip_marks(name: str) -> str:
    """Return the name of an item without the number of its line (一、稻谷) and the mark of a note (稻谷①); itself where it has none."""
    plain = _NOTED.sub("", _NUMBERED.sub("", name))
    return plain or name


def names_a_sum(name: str) -> bool:
    """Return whether an item is named as the sum of some others (粮食合计), not of all."""
    return not is_total(name) and _SUMS.search(spell(name)) is not None


def is_narrower(name: str, whole: str) -> bool:
    """Return whether an item is another with words in brackets: 稻谷（早） of 稻谷."""
    return name != whole and spell_alone(name) == spell(whole)


def spell_alone(name: str) -> str:
    """Return a name of an item in one spelling and without words in brackets at its end."""
    return spell(name).partition("(")[0].strip()


def lists_its_parts(name: str) -> bool:
    """Return whether an item says in brackets what it holds: 粮食（含稻谷）."""
    return re.search(r"\((?:含|包括|incl)", spell(name)) is not None


def spell(name: str) -> str:
    """Return a name of an item in one spelling: without case, width and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split()).replace(" 计", "计")


def is_total(name: str) -> bool:
    """Return whether an item is named as the sum of the others."""
    spelled = spell(name)
    return names_branch(name) or spelled in TOTALS or spelled.replace(" ", "") in TOTALS


def names_branch(name: str) -> bool:
    """Return whether an item is a branch of agriculture, which beside its products is their sum."""
    return spell(name) in BRANCHES


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


def find_product_title(name: str) -> Title:
    """Return what a product is called in both languages: as it is written, and in English where it is a common one."""
    return Title(name, _read_english().get(spell(name), name))


@cache
def _read_english() -> dict[str, str]:
    """Return the English names of common products by their Chinese one, in one spelling."""
    found: dict[str, str] = {}
    for row in read_list(LISTS / "products_within.csv"):
        for part in ("whole", "part"):
            found.setdefault(spell(row[f"{part}_zh"]), row[f"{part}_en"])
    return {**found, **{spell(row["zh"]): row["en"] for row in read_list(LISTS / "product_names.csv")}}
