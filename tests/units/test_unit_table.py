"""The table of units read before says what pint says, and is not believed once anything it was derived from has changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from unit_table import make_table, usual_texts

from gep.units.registry import PRICE_YEARS, derive_measure, find_factor, parse_unit, split_scale
from gep.units.table import DEFINITIONS, TABLE, hash_definitions, look_up_measure, read_table

if TYPE_CHECKING:
    from pathlib import Path


def test_the_table_is_what_pint_makes_of_the_units() -> None:
    assert TABLE.read_text("utf-8") == make_table(), "run: make units"


@pytest.mark.parametrize(
    "text", ["元_2010/m^3", "万元_2020", "CNY_1999/kg", "百万元_2019/人", "元_2020/(hm2)", "CNY_2015*km/h", "元_2012/yr"]
)
def test_money_of_a_year_is_looked_up_without_its_year(text: str) -> None:
    written = split_scale(text)[1]
    looked_up = look_up_measure(written, parse_unit(text).price_year)
    assert looked_up is None or looked_up == derive_measure(written, text)
    assert parse_unit(text).measure == derive_measure(written, text)


def test_all_dated_money_of_the_tables_agrees_with_pint() -> None:
    dated = {text for text in usual_texts() if "_20" in text or "_19" in text}
    dated |= {
        text.replace(name, f"{name}_2017", 1)
        for text in usual_texts()
        for name in ("CNY", "元")
        if text.count(name) == 1 and f"{name}_" not in text
    }
    assert len(dated) > 50
    for text in dated:
        assert parse_unit(text).measure == derive_measure(split_scale(text)[1], text), text


@pytest.mark.parametrize(
    "text", [f"CNY_{PRICE_YEARS[0] - 1}", f"元_{PRICE_YEARS[-1] + 1}/t", "CNY_20101", "yuan_2010", "人民币_2010"]
)
def test_money_of_no_price_year_is_not_looked_up(text: str) -> None:
    with pytest.raises(ValueError, match="is not a unit"):
        parse_unit(text)


def test_money_of_a_year_and_of_the_basis_do_not_cancel() -> None:
    assert dict(parse_unit("CNY_2015/CNY").measure.dimensions) == {"[money]": -1, "[money_2015]": 1}


def test_a_changed_definition_is_noticed(tmp_path: Path) -> None:
    changed = tmp_path / "units.txt"
    changed.write_text(DEFINITIONS.read_text("utf-8").replace("hectare / 15", "hectare / 16"), "utf-8")
    assert hash_definitions(changed) != hash_definitions()
    assert read_table()
    assert read_table(definitions=changed) == {}
    assert read_table(definitions=tmp_path / "none.txt") == {}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"units": {}}', json.dumps({"derived_from": "", "units": {"t": {}}})])
def test_a_damaged_table_is_not_believed(tmp_path: Path, text: str) -> None:
    table = tmp_path / "table.json"
    assert read_table(table) == {}
    table.write_text(text, "utf-8")
    assert read_table(table) == {}


@pytest.mark.parametrize(
    ("given", "wanted", "by"), [("万亩", "km^2", 20 / 3), ("mg/L", "t/m^3", 1e-6), ("MJ", "kWh", 1 / 3.6), ("min", "d", 1 / 1440)]
)
def test_factors_are_the_nearest_double(given: str, wanted: str, by: float) -> None:
    assert find_factor(given, wanted) == by
