"""Names of products that stand for others: totals by their word, and groups of the statistical yearbooks by a closed list."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from gep.files.lists import read_list
from gep.files.written_names import simplify
from gep.messages.title import Title
from gep.paths import LISTS

TOTALS = frozenset(
    {
        *("all", "total", "sum", "subtotal", "grand total", "whole", "annual", "whole year", "county"),
        *(
            "合计",
            "总计",
            "小计",
            "共计",
            "总和",
            "总量",
            "总数",
            "全部",
            "全县",
            "全市",
            "全区",
            "全县合计",
            "全年",
            "全年合计",
            "累计",
            "汇总",
        ),
    }
)
"""Names of an item that is the sum of the others, as forms and tables write it."""
_OF_A_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计|汇总|累计|全年|本年|全县|全市|全区|全省|各类|所有|总|产值|产量|产出|用水量|用水|面积|游客|旅游|接待|人数|人次|全社会|发电量|里程|长度|长|时长|数)+"
)
_NO_TOTALS = frozenset(("旅游", "用水", "面积", "数", "产出", "发电量", "里程", "长度", "长", "时长"))
"""Words that a total is written with (产值合计, 总用水量, 游客总数), and those of them that alone are none."""
BRANCHES = frozenset(
    (
        *(
            "农业",
            "种植业",
            "农作物",
            "农作物种植",
            "农作物种植业",
            "农产品",
            "林业",
            "林产品",
            "畜牧业",
            "牧业",
            "畜产品",
            "畜牧产品",
            "渔业",
            "渔业产品",
            "作物",
            "种植业产品",
            "农林牧渔业",
            "畜禽产品",
        ),
        *("farming", "agriculture", "crops", "forestry", "animal husbandry", "livestock", "fishery", "fisheries"),
    )
)
"""Names of a branch, which beside its products is their sum; among users or owners it is one of several."""
BRANCH_AXES = frozenset(("agricultural_product", "forestry_product", "livestock_product", "fishery_product"))
"""Axes whose items are products of a branch."""
_WORDS = re.compile(
    r"^(?:全年|本年|当年|全县|全市|全区|全部|各类|各种|所有|主要|大宗)(?=.)|(?<=.)(?:总产量|总产值|总量|产品产量|产品产值|产量|产值|总播种面积|播种面积|作物|的饲养|饲养|用水量|用水|用电|类产品|类)$"
)
"""Words before and behind the name of a product that say of it what the variable says already."""
_JOINED = re.compile(r"[、/+＋&]|以?及|和|与|\band\b")
OF_WHICH = ("其中", "of which", "#")
"""How the name of an item begins that is part of the one above it."""


_SUMS = re.compile(r"(?:合计|总计|小计|总和|\(合计\)|\btotal|\bsubtotal|\bsum)$|^(?:合计|总计|小计|total\b|subtotal\b|sum of\b)")
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十0-9]+[)）]|[0-9]+(?:[、．)）]|\.(?![0-9]))|[①-⑳⑴-⒛㈠-㈩])\s*"
)
_NOTED = re.compile(r"\s*(?:[*＊†‡§※]+|[¹²³⁴-⁹①-⑳⑴-⒛]+|[\[［][0-9]+[\]］]|[(（]注?[0-9]+[)）])$")
"""How yearbooks number the lines of a table, and mark what a note below it says."""


KEPT = 1 << 16
"""Names whose meaning is kept: a table has some hundreds."""


def strip_marks(name: str) -> str:
    """Return the name of an item without the number of its line (一、稻谷) and the mark of a note (稻谷①); itself where it has none."""
    plain = _NOTED.sub("", _NUMBERED.sub("", name))
    return plain or name


def names_a_sum(name: str) -> bool:
    """Return whether an item is named as the sum of some others (粮食合计), not of all."""
    return not is_total(name) and _SUMS.search(spell(name)) is not None


def spell_alone(name: str) -> str:
    """Return a name of an item in one spelling and without words in brackets at its end."""
    return spell(name).partition("(")[0].strip()


def lists_its_parts(name: str) -> bool:
    """Return whether an item says in brackets what it holds: 粮食（含稻谷）."""
    return re.search(r"\((?:含|包括|incl)", spell(name)) is not None


@lru_cache(KEPT)
def spell(name: str) -> str:
    """Return a name of an item in one spelling: without case, width and spaces, in simplified characters."""
    return simplify(" ".join(unicodedata.normalize("NFKC", name).casefold().split())).replace(" 计", "计")


@lru_cache(KEPT)
def find_key(name: str) -> str:
    """Return what all names of one product have in common: rice, 稻谷 and 稻谷产量 are 稻谷. Of a name that no list has its spelling.

    Words in brackets stay: 稻谷（早） is narrower than 稻谷.
    """
    spelled = spell(name)
    known = _read_keys()
    while spelled not in known and spelled not in BRANCHES and (shorter := _WORDS.sub("", spelled, count=1)) != spelled:
        spelled = shorter
    return known.get(spelled, spelled)


@lru_cache(KEPT)
def is_total(name: str) -> bool:
    """Return whether an item is named as the sum of all others."""
    spelled = spell(name).replace(" ", "")
    return (
        spelled in TOTALS or spell(name) in TOTALS or (_OF_A_TOTAL.fullmatch(spelled) is not None and spelled not in _NO_TOTALS)
    )


@lru_cache(KEPT)
def names_branch(name: str) -> bool:
    """Return whether an item is a branch of agriculture, which beside its products is their sum."""
    return not BRANCHES.isdisjoint({spell(name), find_key(name)})


@lru_cache(KEPT)
def find_held(whole: str) -> frozenset[str]:
    """Return the keys of all products that a named one holds: by the list of groups, or by its name, which joins theirs."""
    named = find_key(spell_alone(whole) if lists_its_parts(whole) else whole)
    within, pieces = read_products_within(), list_joined(named)
    return within.get(named, frozenset()).union(pieces, *(within.get(piece, frozenset()) for piece in pieces))


@lru_cache(KEPT)
def list_keys(part: str) -> frozenset[str]:
    """Return the keys by which a product may be one that another holds: its own, and that without words in brackets."""
    return frozenset() if lists_its_parts(part) else frozenset((find_key(part), find_key(spell_alone(part))))


@lru_cache(KEPT)
def list_joined(name: str) -> tuple[str, ...]:
    """Return the products that a name joins, 稻谷和小麦, by their keys; none where it is one."""
    pieces = [find_key(piece.strip()) for piece in _JOINED.split(spell_alone(name)) if piece.strip()]
    return tuple(pieces) if len(pieces) > 1 else ()


def is_of_which(name: str) -> bool:
    """Return whether an item is named as part of another (其中:稻谷)."""
    return spell(name).startswith(OF_WHICH)


@cache
def read_products_within() -> dict[str, frozenset[str]]:
    """Return the products that hold others, each with those it holds at any depth; names by their keys."""
    direct: dict[str, set[str]] = {}
    for row in read_list(LISTS / "products_within.csv"):
        direct.setdefault(find_key(row["whole_zh"]), set()).add(find_key(row["part_zh"]))
    found: dict[str, frozenset[str]] = {}
    for whole in direct:
        held: set[str] = set()
        waiting = [whole]
        while waiting:
            below = direct.get(waiting.pop(), set()) - held
            held |= below
            waiting += below
        found[whole] = frozenset(held)
    return found


@cache
def _read_keys() -> dict[str, str]:
    """Return the Chinese name of each listed product by all its names in one spelling: English ones, other Chinese ones."""
    found: dict[str, str] = {}
    for row in read_list(LISTS / "products_within.csv"):
        for part in ("whole", "part"):
            chinese = spell(row[f"{part}_zh"])
            found.setdefault(spell(row[f"{part}_en"]), chinese)
            found[chinese] = chinese
    for row in read_list(LISTS / "product_names.csv"):
        found.setdefault(spell(row["en"]), spell(row["zh"]))
        found[spell(row["zh"])] = spell(row["zh"])
    for row in read_list(LISTS / "product_aliases.csv"):
        found[spell(row["name"])] = spell(row["means"])
    return found


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
