"""Units as people write them, and the traps."""

from __future__ import annotations

import pint
import pytest

from gep.coefficients.tables import read_tables
from gep.inputs.row_units import find_unit_step
from gep.paths import COEFFICIENTS as FOLDER
from gep.rules.catalogue import COEFFICIENTS
from gep.units.exact import convert_to_base, convert_to_base_of_year
from gep.units.readable import format_digits, print_unit_readable
from gep.units.registry import UnitError, count_joined_years, find_factor, find_yearly_factor, parse_unit, print_unit
from gep.variables.catalogue import VARIABLES


@pytest.mark.parametrize(
    ("given", "wanted", "by"),
    [
        ("亩", "km^2", 1 / 1500),
        ("公顷", "km^2", 0.01),
        ("hm2", "m2", 1e4),
        ("万亩", "ha", 10000 / 15),
        ("mm/yr*km^2", "m^3/yr", 1000),
        ("mm/yr*ha", "m^3/yr", 10),
        ("亿立方米", "m^3", 1e8),
        ("万m3", "m^3", 1e4),
        ("万km2", "km^2", 1e4),
        ("万kWh", "kWh", 1e4),
        ("百万m^3/yr", "m^3/yr", 1e6),
        ("万t CO2", "t_CO2", 1e4),
        ("1e8 m3", "m^3", 1e8),
        ("10^4 t", "t", 1e4),
        ("万吨", "t", 1e4),
        ("亿斤", "t", 50_000),
        ("kt", "t", 1000),
        ("亿元", "CNY", 1e8),
        ("万元_2020", "CNY_2020", 1e4),
        ("元/吨", "CNY/t", 1),
        ("万元/亩", "CNY/ha", 150_000),
        ("t CO2", "t_CO2", 1),
        ("g C/m2/yr", "t_C/km^2/yr", 1),
        ("kg/hm2/yr", "t/km^2/yr", 0.1),
        ("t/hm2", "t/km^2", 100),
        ("kWh", "kJ", 3600),
        ("亿千瓦时", "kWh", 1e8),
        ("万人次", "visit", 1e4),
        ("%", "1", 0.01),
        ("g/kg", "1", 0.001),
        ("km²", "ha", 100),
        ("ug/m^3", "µg/m^3", 1),
        ("亿m³", "m^3", 1e8),
        ("亿m3", "m^3", 1e8),
        ("亿 m^3", "m^3", 1e8),
        ("万m²", "m^2", 1e4),
        ("万㎡", "m^2", 1e4),
        ("百万m3/yr", "m^3/yr", 1e6),
        ("万km²", "km^2", 1e4),
        ("万hm²", "ha", 1e4),
        ("元/万m³", "CNY/m^3", 1e-4),
        ("亿kWh", "kWh", 1e8),
        ("万kWh/yr", "kWh/yr", 1e4),
        ("微克/立方米", "ug/m^3", 1),
        ("家", "个", 1),
        ("百万 m3", "m^3", 1e6),
        ("千hm2", "ha", 1e3),
        ("元_2020/万m3", "CNY_2020/m^3", 1e-4),
        ("万 t CO2", "t_CO2", 1e4),
        ("亿m3/a", "m^3/yr", 1e8),
    ],
)
def test_a_unit_as_people_write_it(given: str, wanted: str, by: float) -> None:
    assert find_factor(given, wanted) == pytest.approx(by, rel=1e-14)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("t", "t_CO2"),
        ("t_C", "t_CO2"),
        ("t_DM", "t_C"),
        ("t_O2", "t_CO2"),
        ("mm", "mm/yr"),
        ("CNY_2015", "CNY_2020"),
        ("CNY_2015", "CNY"),
        ("person", "visit"),
        ("t", "tce"),
        ("CNY/m^2", "CNY/m^2/yr"),
        ("CNY/km", "CNY/km/yr"),
    ],
)
def test_what_must_not_be_mixed(one: str, other: str) -> None:
    with pytest.raises(UnitError):
        find_factor(one, other)


@pytest.mark.parametrize("text", ["foo", "3 t", "CNY_2010/CNY_2012", "吨吨", "1e4", "t/C CO2"])
def test_what_is_no_unit(text: str) -> None:
    with pytest.raises(UnitError):
        parse_unit(text)


def test_the_traps_of_plain_pint() -> None:
    plain: pint.UnitRegistry[float] = pint.UnitRegistry()
    assert plain("mu").dimensionality == {"[mass]": 1}
    assert plain("kt").dimensionality == {"[length]": 1, "[time]": -1}
    assert dict(parse_unit("mu").measure.dimensions) == {"[length]": 2}
    assert dict(parse_unit("kt").measure.dimensions) == {"[mass]": 1}
    assert dict(parse_unit("kg C").measure.dimensions) == {"[carbon]": 1}


def test_units_for_people() -> None:
    assert print_unit("t_CO2/km^2/yr") == "t CO₂/km²/yr"
    assert print_unit("1") == ""


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        ("万m3", "m3", 1e4),
        ("万 m3", "m3", 1e4),
        ("万m³", "m3", 1e4),
        ("亿m3", "m3", 1e8),
        ("元/万m3", "元/m3", 1e-4),
        ("万km2", "km2", 1e4),
        ("万hm2", "hm2", 1e4),
    ],
)
def test_a_chinese_multiplier_is_not_raised_to_the_power(given: str, wanted: str, expected: float) -> None:
    assert find_factor(given, wanted) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("given", "year", "by"),
    [
        ("万m3/日", 2023, 3_650_000.0),
        ("万m3/日", 2024, 3_660_000.0),
        ("m3/s", 2023, 31_536_000.0),
        ("m3/s", 2024, 31_622_400.0),
        ("m3/h", 2023, 8_760.0),
        ("m3/month", 2024, 12.0),
        ("m3/yr", 2024, 1.0),
        ("亿m3/a", 2023, 1e8),
        ("亿m3/年", 2024, 1e8),
    ],
)
def test_a_day_is_a_day_of_the_accounting_year(given: str, year: int, by: float) -> None:
    assert find_unit_step(VARIABLES["water_use"], given, year)[0] == by


@pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366)])
def test_exact_factors_count_the_days_of_the_year_too(year: int, days: int) -> None:
    wanted = convert_to_base("m^3/yr")
    assert convert_to_base_of_year("m3/d", "m^3/yr", year) == days * wanted
    assert convert_to_base_of_year("m3/s", "万m3/a", year) == days * 86_400 * wanted
    assert convert_to_base_of_year("m3/a", "m^3/d", year) * days == convert_to_base("m^3/d")
    assert convert_to_base_of_year("mg/L", "t/m3", year) == convert_to_base("mg/L")


def test_no_shipped_coefficient_joins_days_with_years() -> None:
    for identity, rows in read_tables(FOLDER, COEFFICIENTS).by_id.items():
        assert [row.line for row in rows if count_joined_years(row.unit, COEFFICIENTS[identity].unit)] == []


def test_other_rates_per_day_count_the_days_of_the_year_too() -> None:
    assert find_yearly_factor("t/d", "t/yr", 2023) == 365
    assert find_yearly_factor("mm/d", "mm/yr", 2024) == 366
    assert find_yearly_factor("MW", "kWh/yr", 2023) == 8_760_000
    assert find_yearly_factor("t", "kg", 2023) == 1000
    assert (count_joined_years("t/d", "t/yr"), count_joined_years("t/a", "t/yr"), count_joined_years("t/month", "t/年")) == (
        1,
        0,
        0,
    )


def test_a_unit_is_printed_with_its_powers_raised_however_it_was_written() -> None:
    written = ("元/km2/yr", "元/hm2/yr", "t_CO2/ha/yr", "m3/km2/yr", "km^2")
    assert [print_unit_readable(one, "zh") for one in written] == ["元/km²/年", "元/hm²/年", "吨CO₂/公顷/年", "m³/km²/年", "km²"]
    assert [format_digits(one) for one in (0.12345678, 467552.712, 1478440.92)] == ["0.123457", "467,553", "1,478,441"]
