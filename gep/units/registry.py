"""Units: reads a unit as people write it, gives the factor to another, prints it for people."""

from __future__ import annotations

import math
import re
import unicodedata
from calendar import isleap
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from gep.messages.texts import Name, Text, mark_word, say
from gep.records import dataclass
from gep.units.measure import Measure, sort_powers
from gep.units.names import find_unknown_name, strip_numeral
from gep.units.repairs import say_no_unit
from gep.units.table import DEFINITIONS, look_up_measure

if TYPE_CHECKING:
    import pint

PRICE_YEARS = range(1978, 2101)
"""Years whose yuan is a unit of its own."""


class UnitError(ValueError):
    """A unit that cannot be read, or two that measure different things; its first argument says which, in both languages."""


class _UnknownUnitError(UnitError):
    """A text that is no unit: the refusal without a repair, and the name that is not in the list, or an empty text."""


@dataclass(frozen=True)
class Unit:
    """A unit as somebody wrote it.

    Attributes
    ----------
    text       : the text as written
    scale      : the power of ten it begins with, the 1e4 of `1e4 t`
    measure    : what it is without the scale
    price_year : the year of its yuan; None if it is not money, or money without a year
    """

    text: str
    scale: float
    measure: Measure
    price_year: int | None = None
    is_money: bool = False


_LAST_DIGITS = 8
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_LONGEST = 100
_YEARS = {"year", "year_zh", "month", "month_zh"}
_TIMES = _YEARS | {"second", "minute", "hour", "day", "second_zh", "minute_zh", "hour_zh", "day_zh"}
_POWER = re.compile(r"(?:(?<![^\W_])[^\W\d]\w*|(\)))\s*(?:\^|\*\*)\s*\(?[-+]?\d{1,2}(?:\.\d{1,3})?(?![\d.])\)?")
_SCALE = re.compile(r"^(?:1[eE](\d{1,2})|10\^(\d{1,2})|10\*\*(\d{1,2}))(?!\d)(?:\s|\*|·)*(?=\S)")
_SUBSTANCE = re.compile(r"(?<![A-Za-z])(kg|g|t|万吨|亿吨|吨)[ _]?(CO2|O2|DM|C)(?![A-Za-z0-9_])")
_MICROGRAM = re.compile(r"(?<![A-Za-z])ug(?=[/*·^]|$)")
_BARE_POWER = re.compile(r"(?<![A-Za-z0-9_.^])((?:k|c|m|h|d)?m|s|hm|h|d|kWh)(-?[1-9])(?![0-9])")
_NEGATIVE = re.compile(r"(?<![A-Za-z0-9_.^])(ha|a|yr|kg|g|t|L|MJ|kJ)(-[1-3])(?![0-9])")
"""Powers as scientists write them, t ha-1 a-1."""
_PARTED_NUMERAL = re.compile(r"(?:(?<=[/(*])|(?<=^))\s*(千万|百万|[百千万亿])\s+(?=[\u4e00-\u9fff])")
"""万 元: a numeral and a space before what it counts."""
_COUNTED = re.compile(r"(千万|百万|[百千万亿])\s*([A-Za-zµμ][A-Za-z0-9_]*(?:\^-?\d+)?)")
"""万m³ is ten thousand cubic metres, not the cube of ten kilometres: a Chinese numeral counts what follows, power and all."""
_MONEY = re.compile(r"(?:(?:千万|百万|万|亿|千|百)?(?:元|人民币)|yuan|CNY|RMB)(?:_(\d{4}))?(?![A-Za-z])")
_PERCENT = re.compile(r"%(?:\s*/\s*[^\W\d]\w*)?")
"""A percentage stands alone or by the year: 50000 人% is nobody's number of people."""
_IN_WORDS = {"吨": "t", "-": "1", "": "1", "‰": "permille"}


@cache
def make_registry() -> pint.UnitRegistry[Fraction]:
    """Return pint's registry: its own units, `coefficients/units.txt`, and one yuan for each price year; factors stay exact."""
    import pint

    ureg: pint.UnitRegistry[Fraction] = pint.UnitRegistry(
        cache_folder=None, autoconvert_offset_to_baseunit=False, non_int_type=Fraction
    )
    ureg.define("permille = 0.001")
    for line in DEFINITIONS.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            ureg.define(line)
    for year in PRICE_YEARS:
        ureg.define(f"CNY_{year} = [money_{year}] = 元_{year}")
    return ureg


@cache
def parse_unit(text: str) -> Unit:
    """Return the unit that a text means.

    Superscripts, full-width letters, `m3`, `km2`, `1e4 t`, `t CO2`, `万元_2020` and `%` are understood; names are those of
    `coefficients/lists/units.csv`.

    Raises
    ------
    UnitError : the text is no unit, holds a name that is not in the list, or holds money of two different years
    """
    try:
        return _read_unit(text)
    except _UnknownUnitError as error:
        raise UnitError(say_no_unit(text[:_LONGEST], error.args[0], error.args[1], is_unit)) from None


def _read_unit(text: str) -> Unit:
    """Return the unit that a text means; where it is none, the refusal has no repair yet."""
    scale, written = split_scale(text)
    if not _can_be_parsed(written) or "倍" in text or ("%" in written and not _PERCENT.fullmatch(written)):
        raise _UnknownUnitError(say("{text!r} is not a unit", text=text[:_LONGEST]), "")
    if unknown := find_unknown_name(written):
        raise _UnknownUnitError(say("{text!r} is not a unit", text=text), unknown)
    found = _MONEY.findall(written)
    years = {int(year) for year in found if year}
    if len(years) > 1:
        msg = say("{text!r} holds money of {years}", text=text, years=" and ".join(map(str, sorted(years))))
        raise UnitError(msg)
    price_year = years.pop() if years else None
    dated_once = price_year if len(found) == 1 and price_year in PRICE_YEARS else None
    measure = look_up_measure(written, dated_once) or derive_measure(written, text)
    is_money = any(name.startswith("[money") for name, _ in measure.dimensions)
    return Unit(text, scale, measure, price_year, is_money)


def is_unit(text: str) -> bool:
    """Return whether a text is a unit."""
    try:
        _read_unit(text)
    except UnitError:
        return False
    return True


def derive_measure(written: str, text: str) -> Measure:
    """Return what pint makes of a unit in its own spelling.

    Parameters
    ----------
    written : the unit in pint's spelling, without its scale
    text    : how a person wrote it, for the refusal

    Raises
    ------
    UnitError : pint knows no such unit, or it is a number with a unit
    """
    try:
        quantity = make_registry().parse_expression(written)
        unit = quantity.units if hasattr(quantity, "units") else make_registry().dimensionless
        magnitude = float(quantity.magnitude) if hasattr(quantity, "magnitude") else float(quantity)
        size = _size(unit)
        if not (0 < float(size) < math.inf):
            raise OverflowError(size)
        measure = Measure(size, sort_powers(unit._units), sort_powers(unit.dimensionality))  # noqa: SLF001 - pint has no other way to the names
    except Exception as error:  # pint raises AttributeError, tokenize errors, ValueError and more for bad texts
        raise _UnknownUnitError(say("{text!r} is not a unit", text=text), "") from error
    if magnitude != 1:
        raise _UnknownUnitError(say("{text!r} is a number with a unit, not a unit", text=text), "")
    return measure


def _size(unit: Any) -> Fraction | float:
    size: Any = make_registry().get_base_units(unit)[0]
    return size if isinstance(size, float) else Fraction(size)


def split_scale(text: str) -> tuple[float, str]:
    """Return the power of ten that a unit's text begins with (`1e4 t`), and the rest in pint's spelling."""
    written = _normalise(text)
    if power := _SCALE.match(written):
        return 10.0 ** int(next(group for group in power.groups() if group)), written[power.end() :]
    return 1.0, written


def _normalise(text: str) -> str:
    """Return the text in pint's spelling."""
    written = _SUPERSCRIPT.sub(lambda found: "^" + found.group().translate(_POWERS), text)
    written = unicodedata.normalize("NFKC", written).strip().replace("·", "*").replace("㎡", "m^2").replace("°C", "deg_C")
    written = _IN_WORDS.get(written, written)
    written = _SUBSTANCE.sub(lambda found: f"{_IN_WORDS.get(found[1], found[1])}_{found[2]}", written)
    written = written.replace("吨_", "t_").replace("RMB", "CNY")
    written = _PARTED_NUMERAL.sub(r"\1", written)
    return _COUNTED.sub(r"(\1倍*\2)", _NEGATIVE.sub(r"\1^\2", _BARE_POWER.sub(r"\1^\2", written)))


def _can_be_parsed(written: str) -> bool:
    """Whether a text is short and raises nothing but names to small powers: of `9^9^9` the parser would compute every digit."""
    if len(written) > _LONGEST:
        return False
    rest = _POWER.sub("x", written)
    return "^" not in rest and "**" not in rest and sum(bool(found[1]) for found in _POWER.finditer(written)) <= 1


@cache
def find_factor(given: str, wanted: str) -> float:
    """Return what a number in one unit is multiplied by to be in another; money of a year stays of that year.

    Parameters
    ----------
    given, wanted : units as people write them, as `parse_unit` reads them

    Raises
    ------
    UnitError : one of them is not a unit, or they measure different things
    """
    have, want = parse_unit(given), parse_unit(wanted)
    measured = price_other_carbon(have.measure, want.measure) if have.is_money and want.is_money else have.measure
    factor = have.scale / want.scale * find_unit_factor(measured, want.measure, given, wanted)
    if _count_cancelled_time(have.measure) != _count_cancelled_time(want.measure):
        msg = say(
            "{given!s} and {wanted!s}: a share of time and a plain number are different things",
            given=given or "1",
            wanted=name_unit(wanted),
        )
        raise UnitError(msg)
    return factor


_CARBON, _CARBON_DIOXIDE = "[carbon]", "[carbon_dioxide]"
CO2_PER_CARBON = Fraction(44, 12)
"""Tonnes of CO2 that hold a tonne of carbon."""


def price_other_carbon(have: Measure, want: Measure) -> Measure:
    """Return a price per tonne of carbon as one per tonne of CO2 where that is wanted, and the other way round; else the same.

    Only prices: an amount of carbon is turned into CO2 by a rule, which says so.
    """
    for given, asked, ratio in ((_CARBON, _CARBON_DIOXIDE, CO2_PER_CARBON), (_CARBON_DIOXIDE, _CARBON, 1 / CO2_PER_CARBON)):
        powers, others = dict(have.dimensions), dict(want.dimensions)
        power = powers.get(given)
        if power is not None and power.denominator == 1 and asked in others and given not in others and asked not in powers:
            swapped = {(asked if name == given else name): one for name, one in powers.items()}
            return Measure(have.size * ratio ** int(power), have.names, sort_powers(swapped))
    return have


def _count_cancelled_time(measure: Measure) -> Fraction:
    """Return how much time stands over time in a unit: 1 in hours a year, 0 in a plain number; both have no dimension."""
    powers = [power for name, power in measure.names if strip_numeral(name) in _TIMES]
    return min(
        sum((power for power in powers if power > 0), Fraction(0)), -sum((power for power in powers if power < 0), Fraction(0))
    )


JULIAN_YEAR = Fraction(1461, 4)
"""Days of the year by which units of time are joined where no accounting year is known."""


def find_yearly_factor(given: str, wanted: str, year: int) -> float:
    """Return what a number in one unit is multiplied by to be in another, where a year has the days of an accounting year.

    20 m³/d are 7,300 m³/a in 2023 and 7,320 m³/a in 2024; a twelfth of a year stays a month.

    Parameters
    ----------
    given, wanted : units as people write them
    year          : the accounting year, whose 365 or 366 days count

    Raises
    ------
    UnitError : one of them is not a unit, or they measure different things
    """
    factor = find_factor(given, wanted)
    years = count_joined_years(given, wanted)
    if not years:
        return factor
    have, want = parse_unit(given), parse_unit(wanted)
    exact = Fraction(have.measure.size) / Fraction(want.measure.size) * (count_days(year) / JULIAN_YEAR) ** years
    return have.scale / want.scale * float(exact)


@cache
def count_joined_years(given: str, wanted: str) -> int:
    """Return how often the conversion joins a year with days, hours or seconds; 0 where both are rates per year, or neither is."""
    return count_years_between(parse_unit(given).measure, parse_unit(wanted).measure)


def count_years_between(given: Measure, wanted: Measure) -> int:
    """Return how often a conversion from one measure to another joins a year with days, hours or seconds."""
    powers = [sum(power for name, power in one.names if name in _YEARS) for one in (wanted, given)]
    return int(powers[1] - powers[0])


def count_days(year: int) -> int:
    """Return the days of a calendar year, 365 or 366."""
    return 366 if isleap(year) else 365


def scale_number(value: float, by: float) -> float:
    """Return a number converted by a factor, with the digits people wrote: 4.65 % is 0.0465, not 0.04650000000000001."""
    return float(f"{value * by:.15g}")


def find_unit_factor(have: Measure, want: Measure, given: str = "", wanted: str = "") -> float:
    """Return the factor from one measure to another, free of the last digits that binary fractions add.

    Parameters
    ----------
    given, wanted : how the two were written, for the refusal; empty: in pint's symbols

    Raises
    ------
    UnitError : the two measure different things
    """
    if have.dimensions != want.dimensions:
        msg = say(
            "{given!s} measures {have}, {wanted!s} {want}",
            given=given or shorten_unit(have),
            have=describe_kind(have),
            wanted=name_unit(wanted or shorten_unit(want)),
            want=describe_kind(want),
        )
        raise UnitError(msg)
    exact = float(have.size / want.size)
    round_number = float(f"{exact:.12g}")
    return round_number if abs(round_number - exact) <= _LAST_DIGITS * math.ulp(exact) else exact


def shorten_unit(measure: Measure) -> str:
    """Return a unit in pint's symbols, for refusals of formulas: `km²·mm/a`."""
    powers = {name: int(power) if power.denominator == 1 else float(power) for name, power in measure.names}
    for name in powers:
        make_registry().parse_units(name)  # pint knows a unit with a prefix (millimeter) only once it has read it
    return f"{make_registry().Unit(make_registry().UnitsContainer(powers)):~P}"


def remove_price_year(text: str) -> str:
    """Return a unit's text with the price year taken off: `CNY_2010/m^3` becomes `CNY/m^3`."""
    return re.sub(r"(CNY|元|yuan)_\d{4}", r"\1", text)


def describe_kind(measure: Measure) -> Text:
    """Return in words what a unit measures, such as "length²"; also in Chinese."""
    dimensions = measure.dimensions
    if not dimensions:
        return say("a plain number")
    names = {f"part{at}": mark_word(name.strip("[]").replace("_", " ")) for at, (name, _) in enumerate(dimensions)}
    return Text("·".join(f"{{{part}}}{_superscript(power)}" for part, (_, power) in zip(names, dimensions, strict=True)), names)


def _superscript(power: Fraction) -> str:
    if power == 1:
        return ""
    return str(power).translate(_SUPERSCRIPTS) if power.denominator == 1 else f"^{float(power):g}"


@cache
def print_unit(text: str) -> str:
    """Return a unit for people: superscripts, a middle dot, no asterisks."""
    if text in {"1", ""}:
        return ""
    shown = re.sub(r"\^(-?\d+)", lambda found: found.group(1).translate(_SUPERSCRIPTS), text)
    shown = re.sub(r"(?<![A-Za-z])(kg|g|t)_(CO2|O2|DM|C)", r"\1 \2", shown).replace("CO2", "CO₂").replace("O2", "O₂")
    shown = print_micro(shown.replace("deg_C", "℃"))
    return shown.replace("**", "^").replace("*", "·")


def print_micro(text: str) -> str:
    """Return a text with its micrograms by their sign: µg/m³."""
    return _MICROGRAM.sub("µg", text)


def print_unit_in(text: str, lang: str) -> str:
    """Return a unit for people in the words of a language: in Chinese 元/年 and 元(2020), for a reader who knows no CNY."""
    shown = print_unit(text)
    if lang != "zh":
        return shown
    shown = re.sub(r"(?<![A-Za-z])CNY(?:_(\d{4}))?(?![A-Za-z_])", lambda found: f"元({found[1]})" if found[1] else "元", shown)
    shown = re.sub(
        r"(?<![A-Za-z])(person|visit|piece|household)(?![A-Za-z_])", lambda found: _COUNTED_IN_CHINESE[found[1]], shown
    )
    return re.sub(r"(?<=/)(yr|a)(?![A-Za-z_])|(?<![A-Za-z_/])yr(?![A-Za-z_])", "年", shown)


_COUNTED_IN_CHINESE = {"CNY": "元", "person": "人", "visit": "人次", "piece": "件", "household": "户"}


def name_unit(text: str) -> Name:
    """Return a unit as it stands in a sentence; in Chinese, money, persons, visits and pieces have their Chinese names."""
    chinese = re.sub(
        r"(?<![A-Za-z])(CNY|person|visit|piece|household)(?![A-Za-z])", lambda found: _COUNTED_IN_CHINESE[found[1]], text
    )
    return Name(text, chinese)
