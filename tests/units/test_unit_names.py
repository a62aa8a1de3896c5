"""The closed list of unit names: each has the size its row states, Chinese numerals stand where listed, and nothing else is a unit."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from gep.inputs.row_units import find_unit_step, fits_leaf, suggest_unit_of
from gep.units.exact import convert_to_base, find_dimension
from gep.units.names import read_unit_names
from gep.units.registry import UnitError, find_factor, make_registry, parse_unit
from gep.units.repairs import read_other_units
from gep.variables.catalogue import VARIABLES

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
    ("given", "wanted", "by"),
    [
        ("h/yr", "h/yr", 1),
        ("d/yr", "h/yr", 24),
        ("min/a", "h/年", 1 / 60),
        ("秒/年", "h/yr", 1 / 3600),
        ("万小时/年", "h/yr", 1e4),
        ("亿小时/a", "h/a", 1e8),
        ("g/kg", "1", 1e-3),
    ],
)
def test_a_share_of_time_is_a_share_of_time(given: str, wanted: str, by: float) -> None:
    assert find_factor(given, wanted) == pytest.approx(by)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        *(
            ("万 吨", "万t"),
            ("亿 元", "亿元"),
            ("元/万 吨", "元/万吨"),
            ("百 公顷", "百ha"),
            ("万 立方", "万m3"),
            ("亿立方", "亿m3"),
        ),
        *(("t ha-1 a-1", "t/(ha*a)"), ("t·hm-2·yr-1", "t/(hm2*yr)"), ("gC m-2 a-1", "g_C/(m2*a)"), ("元/立方", "元/m3")),
        *(("MJ·mm·hm-2·h-1·a-1", "MJ*mm/(ha*h*a)"), ("万公吨/年", "万t/yr"), ("斤/市亩", "kg/亩*0"), ("万吨标煤", "万tce")),
    ],
)
def test_another_spelling_has_the_same_size(text: str, same: str) -> None:
    assert convert_to_base(text) == (convert_to_base("斤/亩") if same.endswith("*0") else convert_to_base(same))


REPAIRED = {
    "人 次": "人次",
    "单位：万元": "万元",
    "万元（当年价）": "万元",
    "万元(2020年不变价)": "万元_2020",
    "2020年万元": "万元_2020",
    "元(2020)": "元_2020",
    "Km2": "km2",
    "Ha": "ha",
    "千分之": "‰",
    "人时": "小时",
}


@pytest.mark.parametrize(("text", "written"), REPAIRED.items())
def test_a_refusal_says_what_to_write_and_that_is_read(text: str, written: str) -> None:
    with pytest.raises(UnitError, match=rf"is not a unit: .*write {re.escape(written)}$"):
        parse_unit(text)
    parse_unit(written)


@pytest.mark.parametrize("text", ["吨(干重)", "元(干)", "万元(1200)", "t/h·m·", "万元（不含税）"])
def test_a_remark_that_says_something_else_is_not_left_out(text: str) -> None:
    with pytest.raises(UnitError, match=r"is (not a unit|a number with a unit, not a unit)$"):
        parse_unit(text)


@pytest.mark.parametrize("name", read_other_units())
def test_a_figure_in_another_unit_has_to_be_turned_first(name: str) -> None:
    into = read_other_units()[name]
    for text in (name, f"t/{name}", *([] if name == "$" else [f"万{name}"])):
        with pytest.raises(UnitError, match=f"turn the figure into {re.escape(into)} and write that unit"):
            parse_unit(text)
    for one in into.split(", "):
        parse_unit(one)


@pytest.mark.parametrize("name", [name for name, row in read_unit_names().items() if row["instead"]])
def test_what_is_to_be_written_instead_is_a_unit(name: str) -> None:
    for one in re.split(", | or ", read_unit_names()[name]["instead"]):
        parse_unit(one)


def test_every_unit_that_a_refusal_offers_fits_its_variable() -> None:
    for leaf in VARIABLES.values():
        hint = suggest_unit_of(leaf, "?")
        assert hint.startswith("write the figure in a unit such as "), leaf.id
        for unit in re.split(", | and ", hint.removeprefix("write the figure in a unit such as ")):
            assert fits_leaf(leaf, unit), (leaf.id, unit)
    assert suggest_unit_of(VARIABLES["recreation_hours"], "h/a·万") != ""


@pytest.mark.parametrize("text", ["mt", "Mm³", "mw", "MG", "mj/a", "dam3", "Ml", "PT", "人/Mm3"])
def test_a_repair_never_changes_a_prefix(text: str) -> None:
    for leaf in VARIABLES.values():
        hint = suggest_unit_of(leaf, text)
        assert hint.startswith("write the figure in a unit such as "), (leaf.id, hint)


def test_hours_of_recreation_are_counted_in_ten_thousands_too() -> None:
    for text in ("万小时", "万小时/年", "万h", "万 小时"):
        assert find_unit_step(VARIABLES["recreation_hours"], text)[0] == 1e4
    assert find_unit_step(VARIABLES["recreation_hours"], "小时")[0] == 1
    assert suggest_unit_of(VARIABLES["recreation_hours"], "万人时") == "write 万小时"
