"""Mutations that know what they mean: each says what a county's figures are after it, or that the file must be refused.

The sizes of units and the ways to write a number stand here once more, apart from the program's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
Key = tuple[str, ...]
"""County, year, variable, ecosystem, pollutant, product."""

_F = Fraction
SIZES: dict[str, dict[str, Fraction]] = {
    "money": {
        "元": _F(1),
        "千元": _F(10**3),
        "万元": _F(10**4),
        "百万元": _F(10**6),
        "亿元": _F(10**8),
        "CNY": _F(1),
        "10⁴元": _F(10**4),
        "1e8元": _F(10**8),
        "元/年": _F(1),
        "万元·a⁻¹": _F(10**4),
        "万元/a": _F(10**4),
    },
    "people": {"人": _F(1), "万人": _F(10**4), "千人": _F(10**3), "10⁴人": _F(10**4)},
    "visits": {"人次": _F(1), "万人次": _F(10**4)},
    "depth": {
        "mm": _F(1),
        "毫米": _F(1),
        "cm": _F(10),
        "m": _F(1000),
        "mm/yr": _F(1),
        "mm/a": _F(1),
        "㎜": _F(1),
        "mm/d": _F(365),
    },
    "area": {
        "km2": _F(1),
        "km²": _F(1),
        "平方公里": _F(1),
        "㎢": _F(1),
        "ha": _F(1, 100),
        "hm²": _F(1, 100),
        "公顷": _F(1, 100),
        "亩": _F(1, 1500),
        "万亩": _F(10**4, 1500),
        "m2": _F(1, 10**6),
        "千公顷": _F(10),
        "10⁴hm²": _F(100),
        "k㎡": _F(1),
    },
    "mass": {
        "吨": _F(1),
        "t": _F(1),
        "万吨": _F(10**4),
        "kg": _F(1, 1000),
        "公斤": _F(1, 1000),
        "斤": _F(1, 2000),
        "亿斤": _F(50_000),
        "10⁴ t": _F(10**4),
        "t/yr": _F(1),
        "t/a": _F(1),
        "kt": _F(1000),
        "千克": _F(1, 1000),
        "g": _F(1, 10**6),
    },
    "carbon": {"t C": _F(1), "tC": _F(1), "万t C": _F(10**4), "kgC": _F(1, 1000), "tC/a": _F(1)},
    "volume": {
        "m3": _F(1),
        "m³": _F(1),
        "万m3": _F(10**4),
        "亿m³": _F(10**8),
        "立方米": _F(1),
        "km3": _F(10**9),
        "L": _F(1, 1000),
    },
    "share": {"1": _F(1), "%": _F(1, 100), "‰": _F(1, 1000), "％": _F(1, 100)},
    "concentration": {"µg/m3": _F(1), "ug/m³": _F(1), "mg/m3": _F(1000), "微克/立方米": _F(1)},
    "days": {"d": _F(1), "天": _F(1), "日": _F(1)},
}
"""Kind of figure → units an office may write, each with its size in the unit of computation, of a year of 365 days."""
NO_UNITS = ("ton", "Mm³", "dam3", "°", "pi", "dB", "ppm", "随便", "", "K", "acre", "USD", "美元", "Ha", "104 t", "吨①", "公顷²")
"""What is no unit, or could be read in several ways."""


HOME, ELSEWHERE = "360725", ("361027", "360781", "330122")


@dataclass(frozen=True)
class Said:
    """A figure as it is said in a file, and what it means; `meant` is None where the file must be refused for it."""

    cells: tuple[str, ...]
    kind: str
    meant: Fraction | None
    absent: bool = False
    doubtful: bool = False
    """Whether it may be refused: the figure may lie beyond what is possible."""

    def cell(self, name: str) -> str:
        """What stands in a column."""
        return self.cells[COLUMNS.index(name)]

    def with_(self, **changed: str) -> Said:
        """The same figure with other cells."""
        return replace(self, cells=tuple(changed.get(name, cell) for name, cell in zip(COLUMNS, self.cells, strict=True)))

    @property
    def key(self) -> Key:
        """What it is a figure of."""
        return self.cells[:6]


def _say(variable: str, member: str, value: str, unit: str, kind: str) -> Said:
    columns = dict.fromkeys(COLUMNS, "") | {
        "county": "360725",
        "year": "2023",
        "variable": variable,
        "value": value,
        "unit": unit,
    }
    axis, _, name = member.partition(":")
    columns |= {axis: name} if axis else {}
    columns["source"] = "2023 年统计年鉴, 第 3 页"
    return Said(tuple(columns.values()), kind, Fraction(value) * SIZES[kind][unit])


BASE = (
    _say("gdp", "", "112", "亿元", "money"),
    _say("population", "", "17.8", "万人", "people"),
    _say("precipitation", "", "1489.9", "mm", "depth"),
    _say("evapotranspiration", "", "884.6", "mm", "depth"),
    _say("area", "ecosystem:evergreen_broadleaf_forest", "520.25", "km2", "area"),
    _say("area", "ecosystem:paddy", "13500", "公顷", "area"),
    _say("agricultural_output", "product:粮食", "61000", "吨", "mass"),
    _say("agricultural_output_value", "", "9.8", "亿元", "money"),
    _say("agricultural_product_value", "product:茶叶", "5600", "万元", "money"),
    _say("livestock_output", "product:猪肉", "9800", "吨", "mass"),
    _say("reservoir_capacity", "", "9400", "万m3", "volume"),
    _say("nature_share", "", "55", "%", "share"),
    _say("hot_days", "", "62", "d", "days"),
    _say("visitors", "product:赣州市", "210", "万人次", "visits"),
    _say("lake_area", "product:阳明湖", "2.8", "km2", "area"),
    _say("air_concentration", "pollutant:SO2", "9", "µg/m3", "concentration"),
    _say("air_emission", "pollutant:SO2", "310.5", "吨", "mass"),
    _say("net_ecosystem_production", "", "690000", "t C", "carbon"),
)


def _plain(number: str, chance: random.Random) -> str:
    """The same number in plain digits, as any reader takes it."""
    ways: list[Callable[[], str]] = [
        lambda: f"+{number}",
        lambda: f"0{number}",
        lambda: f" {number} ",
        lambda: f"{Decimal(number):E}",
        lambda: f"{number}0" if "." in number else f"{number}.00",
        lambda: f"{Decimal(number).scaleb(-3)}e3",
        lambda: f"{Decimal(number).scaleb(2):f}E-02",
    ]
    return chance.choice(ways)()


def _wide(number: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in number)


def _not_plain(number: str, chance: random.Random) -> str:
    """What looks like the number and is none, or might be another; to be refused, whoever reads it."""
    digits = number.replace(".", "")
    return chance.choice(
        [
            *(
                f"{number}{mark}"
                for mark in ("①", "²", "³", "*", "#", "[1]", "（1）", "⑴", "½", "万", "吨", "%", "±1", "~9", "。", "以上")
            ),
            *(f"{mark}{number}" for mark in ("约", "①", ">", "≥", "<", "￥", "$", "=", "--", "*")),
            *(
                "nan",
                "inf",
                "-inf",
                "Infinity",
                "1e999",
                "TRUE",
                "#DIV/0!",
                "一百",
                "壹佰",
                "½",
                "²",
                "٣",
                "१२",
                "0x1F",
                "1_000",
                "1e",
                "e5",
            ),
            f"{digits[:1]},{digits[1:]}" if len(digits) != 4 or digits[0] == "0" else f"{digits},5",
            f"{digits[:1]} {digits[1:]}" if len(digits) > 1 else f"{digits} {digits}",
            f"{digits[:1]}O{digits[1:]}",
            f"{number}.5.{digits}",
            f"({number})",
            f"{number}.5.{digits}",
            f"0,{digits}",
            f"{number}\n{number}",
        ]
    )


def change_value(one: Said, chance: random.Random, *, workbook: bool) -> Said:
    """The figure with its number written in another way."""
    number = one.cell("value")
    grouped = f"{Decimal(number):,}"
    if chance.random() < 0.45:
        return one.with_(value=_plain(number, chance))
    if workbook and chance.random() < 0.4:
        nothing = chance.choice(["-", "—", "/", "无", "", " "])
        if chance.random() < 0.4:
            return replace(one.with_(value=nothing), absent=True)
        return one.with_(
            value=chance.choice([_wide(number), grouped, grouped.replace(",", "，"), f"\u200b{number}", _wide(grouped)])
        )
    if not workbook and chance.random() < 0.3:
        text = chance.choice(
            [_wide(number), f"'{number}", f"\u200b{number}\u200b", *([grouped] if "," in grouped else ["", "-", "无"])]
        )
        return replace(one.with_(value=text), meant=None)
    return replace(one.with_(value=_not_plain(number, chance)), meant=None)


def change_unit(one: Said, chance: random.Random) -> Said:
    """The figure in another unit of its kind, converted or not; or with a unit that is none of its kind."""
    sizes = SIZES[one.kind]
    way = chance.random()
    if way < 0.3:
        others = [name for kind, units in SIZES.items() if kind != one.kind for name in units if name not in sizes]
        if one.kind == "depth":
            others = [name for name in others if "m" in name and "³" not in name and "3" not in name]
        taken = [name for name in others if not _fits(name, one.kind)]
        return replace(one.with_(unit=chance.choice([*NO_UNITS, *taken])), meant=None)
    unit = chance.choice(list(sizes))
    if way < 0.7 and one.meant is not None:
        number = one.meant / sizes[unit]
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        text = f"{exact.normalize():f}"
        return replace(one.with_(unit=unit, value=text), meant=Fraction(text) * sizes[unit])
    return replace(one.with_(unit=unit), meant=Fraction(one.cell("value")) * sizes[unit], doubtful=True)


def _fits(unit: str, kind: str) -> bool:
    """Whether a unit of another kind fits a kind too, so that it is not to be refused."""
    plain = {"share": {"1"}}
    return unit in plain.get(kind, set())


def change_name(one: Said, chance: random.Random, *, workbook: bool) -> Said:
    """The figure of somebody or something else, or of nothing."""
    way = chance.randrange(7)
    if way == 0 and not workbook:
        return one.with_(county=chance.choice(ELSEWHERE))
    if way == 1 and not workbook:
        return one.with_(year=chance.choice(["2021", "2022", "2025"])) if one.cell("unit") != "mm/d" else one
    if way == 2 and one.cell("product"):
        name = one.cell("product")
        marked = [f"{name}①", f"一、{name}", f"{name}*", f"{name}[1]", f"（二）{name}", f"3.{name}", f"{name}（1）", f"{name}²"]
        return replace(one.with_(product=chance.choice(marked)), meant=None)
    if way == 3 and one.cell("product"):
        name = one.cell("product")
        return one.with_(product=chance.choice([f" {name} ", f"\u200b{name}", f"{name}\u00ad", name]))
    broken = {
        "county": ["3607", "999999", "", "360725①", "崇义", "36072", "360725.5"],
        "year": ["", "23", "2023①", "二〇二三", "1023", "20233", "2023.5"],
        "variable": ["", "aera", "国内生产总值", "gdp①", "GDP ", "water conservation", "-"],
        "ecosystem": ["森林", "forrest", "forest①", "x"],
        "pollutant": ["二氧化硫", "so2", "SO₂"],
    }
    column = "variable" if workbook else chance.choice(list(broken))
    if column in {"ecosystem", "pollutant"} and not one.cell(column):
        return one
    return replace(one.with_(**{column: chance.choice(broken[column])}), meant=None)


def change_rows(rows: list[Said], chance: random.Random) -> list[Said]:
    """Rows in another order, with one left out, or with one twice, for which the file must be refused."""
    way = chance.randrange(4)
    if way == 0:
        return rows[::-1]
    if way == 1:
        rows = list(rows)
        chance.shuffle(rows)
        return rows
    if way == 2:
        at = chance.randrange(len(rows))
        return [*rows[:at], *rows[at + 1 :]]
    return [*rows, chance.choice(rows)]


def mutate(chance: random.Random, *, workbook: bool) -> tuple[list[Said], bool, bool]:
    """A county's figures after one to three mutations; whether they must be refused, and whether they may be."""
    rows = chance.sample(BASE, chance.randrange(3, 10))
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(rows))
        way = chance.random()
        if rows[at].meant is None or rows[at].absent or rows[at].cells != _first(rows[at]).cells:
            continue
        if way < 0.4:
            rows[at] = change_value(rows[at], chance, workbook=workbook)
        elif way < 0.7:
            rows[at] = change_unit(rows[at], chance)
        elif way < 0.85:
            rows[at] = change_name(rows[at], chance, workbook=workbook)
        else:
            rows = change_rows(rows, chance)
    there = [_seen(one) for one in rows if not one.absent]
    again = len(set(there)) < len(there)
    refused = again or any(one.meant is None and not one.absent for one in rows)
    return rows, refused, any(one.doubtful for one in rows)


def _first(one: Said) -> Said:
    return next((base for base in BASE if base.key[2:] == one.key[2:]), one)


def _seen(one: Said) -> Key:
    """What a figure is of, without characters that nobody sees."""
    return tuple("".join(letter for letter in part if letter.isprintable()).strip() for part in one.key)


def list_meant(rows: list[Said]) -> dict[Key, Fraction]:
    """What the figures mean, by what they are of; names without characters that nobody sees."""
    return {_seen(one): one.meant for one in rows if one.meant is not None and not one.absent}
