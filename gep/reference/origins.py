"""Where visitors come from: places that hold one another, and the names that stand for several of them."""

from __future__ import annotations

from functools import cache, lru_cache

from gep.reference.products import KEPT, spell
from gep.reference.regions import read_divisions, shorten_code

_NATION = frozenset(("国内", "全国", "中国", "境内", "国内游客", "大陆", "中国大陆", "china", "domestic"))
_ABROAD = frozenset(
    ("入境", "境外", "海外", "国外", "国际", "入境游客", "境外游客", "海外游客", "港澳台及国外", "foreign", "inbound", "overseas")
)
_FROM_ABROAD = frozenset(
    (
        "香港",
        "澳门",
        "台湾",
        "港澳台",
        "港澳",
        "香港同胞",
        "澳门同胞",
        "台湾同胞",
        "外国",
        "外国人",
        "国外",
        "hong kong",
        "macao",
        "taiwan",
    )
)
_OF_HOME = frozenset(("省内", "省外", "市内", "市外", "县内", "县外", "本省", "外省", "本市", "外市", "本县", "外县"))
_HOME = {"省内": 2, "本省": 2, "市内": 4, "本市": 4, "县内": 6, "本县": 6, "区内": 6, "本区": 6, "本地": 6}
"""Names of the place of the account itself and of what holds it → digits of its code."""
_ELSEWHERE = {"省外": 2, "外省": 2, "市外": 4, "外市": 4, "县外": 6, "外县": 6}
"""Names of every other place of the nation → digits of the code of the place that is left out."""
_GROUPS = {
    "华北": ("11", "12", "13", "14", "15"),
    "东北": ("21", "22", "23"),
    "华东": ("31", "32", "33", "34", "35", "36", "37"),
    "华中": ("41", "42", "43"),
    "华南": ("44", "45", "46"),
    "西南": ("50", "51", "52", "53", "54"),
    "西北": ("61", "62", "63", "64", "65"),
    "江浙沪": ("31", "32", "33"),
    "长三角": ("31", "32", "33", "34"),
    "京津冀": ("11", "12", "13"),
    "川渝": ("50", "51"),
}
_MUNICIPALITIES = ("11", "12", "31", "50")
"""Provinces that are cities: 本市 is the whole of them."""
_ENDINGS = "省市县区盟州旗"
_SUFFIXES = ("地区", "区域", "游客", "客源")


@lru_cache(KEPT)
def find_places(name: str) -> frozenset[str]:
    """Return the short codes of the divisions that a Chinese name means, with or without 省 or 市; none for other names."""
    return _by_name().get(spell(name), frozenset())


def names_division(name: str) -> bool:
    """Return whether a name is that of a division with its 省, 市, 县 or 区; 龙井 is a tea, 龙井市 a city."""
    return bool(find_places(name)) and spell(name)[-1] in _ENDINGS


@lru_cache(KEPT)
def find_origin_key(name: str) -> str:
    """Return the full name of the province or city that a name means (江西 is 江西省); other names as they are."""
    codes = find_places(name)
    wide = [code for code in codes if len(code) < 6]  # noqa: PLR2004 - digits of a county
    if len(codes) != 1 or not wide:
        return name
    return next(one.name_zh for code, one in read_divisions().items() if shorten_code(code) == wide[0])


def may_hold_origin(name: str) -> bool:
    """Return whether a name may hold others: a division, or one that stands for several."""
    bare = _bare(name)
    return bare in _NATION | _ABROAD | _HOME.keys() | _ELSEWHERE.keys() or bare in _GROUPS or bool(find_places(bare))


@lru_cache(KEPT)
def holds_origin(whole: str, part: str, home: str = "") -> bool:
    """Return whether visitors from one place are visitors from another: 江西省 of 国内, 南昌市 of 江西省, 香港 of 境外.

    Parameters
    ----------
    home : code of the place of the account, of which 省内, 本市 and 省外 speak; empty: not known
    """
    above, below = _bare(whole), _bare(part)
    if above == below:
        return False
    if above in _NATION:
        return below in _OF_HOME or bool(_find_codes(below))
    if above in _ABROAD:
        return below in _FROM_ABROAD
    several = _GROUPS.get(above, ())
    own = _find_home(below, home)
    inner = (_find_codes(below) or own) - frozenset(several if below in _GROUPS else ())
    if several:
        return any(one.startswith(several) for one in inner)
    if above in _ELSEWHERE:
        left_out = _cut(home, _ELSEWHERE[above])
        return bool(left_out and inner) and not any(_meet(one, left_out) for one in inner)
    for code in _find_home(above, home):
        same = any(code == one for one in inner) and (not own or above < below)
        return same or any(code != one and one.startswith(code) for one in inner)
    return any(code != one and one.startswith(code) for code in find_places(above) for one in inner)


def _find_home(name: str, home: str) -> frozenset[str]:
    """Return the short code of the place that 省内 or 本市 means in an account; nothing for other names."""
    code = _cut(home, _HOME[name]) if name in _HOME else ""
    return frozenset([code]) if code else frozenset()


def _cut(home: str, digits: int) -> str:
    """Return the short code of what holds the place of an account; empty where it is wider, or holds no province of its own."""
    short = shorten_code(home) if home else ""
    if digits > 2 and short[:2] in _MUNICIPALITIES and digits < len(home):  # noqa: PLR2004 - digits of a province
        digits = 2
    return short[:digits] if len(short) >= digits else ""


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _bare(name: str) -> str:
    spelled = spell(name)
    for suffix in _SUFFIXES:
        if spelled not in _NATION | _ABROAD and len(spelled) > len(suffix) + 1:
            spelled = spelled.removesuffix(suffix)
    return spelled


def _find_codes(name: str) -> frozenset[str]:
    return frozenset(_GROUPS.get(name, ())) or find_places(name)


_RESPELLED = str.maketrans("乾", "干")
"""Letters of names of divisions that are spelled as another one here: 乾县 as 干县. A test holds that there are no others."""


@cache
def _by_name() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for code, one in read_divisions().items():
        short = shorten_code(code)
        full = one.name_zh.translate(_RESPELLED)
        names = {full, full.removesuffix(full[-1])} if len(full) > 2 and full[-1] in _ENDINGS else {full}  # noqa: PLR2004 - letters of a name and its ending
        for ending in ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区"):
            if full.endswith(ending):
                names.add(full.removesuffix(ending))
        for name in names:
            found.setdefault(name, set()).add(short)
    return {name: frozenset(codes) for name, codes in found.items()}
