"""Names of places and uses that stand for others: 公园 beside 森林公园, 公路总里程 beside 国道. Products are in `products.py`."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from gep.files.lists import read_list
from gep.paths import LISTS
from gep.reference.products import KEPT, spell

_ALL = re.compile(r"(?:全部|各类|各种|所有|全体)")
"""How the name of an item begins that is the sum of the others."""
_ABOUT = re.compile(
    r"(?:全部|各类|各种|所有|全体|全县|全市|全区|县域|城区|县城|本地|本县|总)?(.+?)"
    r"(?:总里程|总长度|总面积|总时长|总长|总量|总数|合计长度|里程|长度|面积|时长|用水量|用水|发电量|发电)?"
)
"""Words before and behind the name of a class that say of it what the variable says already."""


def begins_as_total(name: str) -> bool:
    """Return whether an item is named as all there is of something: 全部公园."""
    return _ALL.match(spell(name)) is not None


@lru_cache(KEPT)
def find_class(name: str) -> str:
    """Return the class of places or uses that an item is named after, 公路 of 公路总里程; empty where it is named after none."""
    spelled = spell(name).replace(" ", "")
    if spelled in _read_classes():
        return spelled
    found = _ABOUT.fullmatch(spelled)
    return found[1] if found and found[1] in _read_classes() else ""


@lru_cache(KEPT)
def holds_item(whole: str, part: str) -> bool:
    """Return whether an item that is named after a class holds another by its name: 公园 holds 森林公园, 国道 holds G206."""
    named = find_class(whole)
    return bool(named) and find_class(part) != named and any(one.fullmatch(spell(part)) for one in _read_classes()[named])


@cache
def _read_classes() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Return how the parts of each class are named: in the list … is any text, # a digit and * alone anything."""
    found: dict[str, list[re.Pattern[str]]] = {}
    for row in read_list(LISTS / "item_classes.csv"):
        written = re.escape(spell(row["parts"].replace("…", "*"))).replace(re.escape("*"), ".*").replace(re.escape("#"), "[0-9]")
        found.setdefault(spell(row["whole"]), []).append(re.compile(written))
    return {name: tuple(patterns) for name, patterns in found.items()}
