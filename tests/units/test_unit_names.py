"""The closed list of unit names: each has the size its row states, Chinese numerals stand where listed, and nothing else is a unit."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from gep.units.exact import convert_to_base, find_dimension
from gep.units.names import read_unit_names
from gep.units.registry import UnitError, find_factor, make_registry, parse_unit

NUMERALS = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
NAMES = {name: row for name, row in read_unit_names().items() if row["size"]}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_has_the_size_of_its_row(name: str) -> None:
    size, of = Fraction(NAMES[name]["size"]), NAMES[name]["of"]
    assert find_dimension(name) == find_dimension(of)
    assert convert_to_base(name) == size * convert_to_base(of)
    for numeral, count in NUMERALS.items():
        text = f"{numeral}{name}"
        if NAMES[name]["counted"]:
            assert convert_to_base(text) == (count * size * convert_to_base(of) if text not in NAMES else convert_to_base(text))
            with pytest.raises(UnitError):
                parse_unit(f"万{text}" if text not in NAMES else f"万万{name}")
        elif text not in NAMES:
            with pytest.raises(UnitError):
                parse_unit(text)


@pytest.mark.parametrize(("area", "by"), [("m2", 1), ("km2", 10**6), ("hm2", 10**4), ("cm2", Fraction(1, 10**4)), ("㎡", 1)])
def test_areas_and_volumes_are_powers_of_the_length(area: str, by: Fraction) -> None:
    assert convert_to_base(area) == by
    if area != "㎡":
        root = {"m2": Fraction(1), "km2": Fraction(1000), "hm2": Fraction(100), "cm2": Fraction(1, 100)}[area]
        assert convert_to_base(area.replace("2", "3")) == convert_to_base(area.replace("2", "³")) == Fraction(root) ** 3


@pytest.mark.parametrize("name", [name for name, row in read_unit_names().items() if not row["size"]])
def test_a_name_of_several_meanings_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(UnitError, match=r"can be read in several ways, write |is not a unit"):
        parse_unit(name)
    for text in (f"CNY_2020/{name}", f"{name}/yr", f"万{name}"):
        with pytest.raises(UnitError):
            parse_unit(text)


@pytest.mark.parametrize(
    "text",
    [
        *("人%", "%人", "万人%", "人·%", "人/%", "t*%/yr", "m³/d%", "%m3/a", "%%", "%·%"),
        "Mm³",
        "Mm3",
        "Mm^3",
        "dam3",
        "dam²",
        "°",
        "degC",
        "K",
        "dB",
        "pi",
        "π",
        "rad",
        "ppm",
        "倍",
        "万倍",
        "百倍*t",
        "Gt",
        "kyr",
        "Ma",
        "万%",
        "亿‰",
        "千mm",
        "百万s",
        "dag",
        "hkg",
        "pt",
        "ct",
        "st",
        "bar",
        "count",
        "e",
        "c",
        "G",
        "R",
        "inch",
        "pint",
        "US_ton",
        "short_ton",
        "metric_ton",
        "long_ton",
        "kilo-t",
        "mu_0",
        "avogadro_number",
        "cmm",
        "μt",
        "k元",
        "mCNY",
        "MCNY",
        "kCNY",
        "kperson",
        "Mvisit",
        "mvisit",
        "CNY_20201",
        "元_99",
        "吨_2020",
        "万万t",
        "亿万元",
        "dozen",
    ],
)
def test_what_pint_or_a_guess_would_take_is_no_unit(text: str) -> None:
    with pytest.raises(UnitError):
        parse_unit(text)


def test_no_other_name_of_pint_is_a_unit() -> None:
    registry = make_registry()
    names = {*registry._units, *registry._suffixes} - set(NAMES)
    passed = [name for name in sorted(names) if name.isascii() and name and is_unit(name)]
    assert [name for name in passed if not re.fullmatch("CNY_[0-9]{4}|k?m[23]|hm2|cm3", name)] == []


def is_unit(text: str) -> bool:
    try:
        parse_unit(text)
    except UnitError:
        return False
    return True


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("1", "h/yr"), ("1", "d/yr"), ("%", "h/yr"), ("d/yr", "1"), ("h/d", "1"), ("kg/kg", "d/yr"), ("1/yr*h", "1")],
)
def test_a_share_of_time_is_no_plain_number(given: str, wanted: str) -> None:
    with pytest.raises(UnitError):
        find_factor(given, wanted)


@pytest.mark.parametrize(
    ("given", "wanted", "by"), [("h/yr", "h/yr", 1), ("d/yr", "h/yr", 24), ("min/a", "h/年", 1 / 60), ("g/kg", "1", 1e-3)]
)
def test_a_share_of_time_is_a_share_of_time(given: str, wanted: str, by: float) -> None:
    assert find_factor(given, wanted) == pytest.approx(by)
