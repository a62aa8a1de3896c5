"""Writes gep/units/table.json (`make units`): what pint makes of every unit of rules, coefficients, schemes, examples and bulletins."""

from __future__ import annotations

import csv
import json
import re
import sys
from itertools import product
from pathlib import Path

import gep.web.app  # noqa: F401 - all that declares figures is loaded with the pages
from gep.formula.nodes import Constant, InUnits, Leaf, Node, Rule, children
from gep.inputs.workbook.layout import read_texts
from gep.office.forms import list_form_entries
from gep.rules.catalogue import COEFFICIENTS, OBSERVED, RULES
from gep.standards.standard import DEFAULT
from gep.units.measure import write_measure
from gep.units.registry import UnitError, derive_measure, print_unit, split_scale
from gep.units.table import DEFINITIONS, TABLE, hash_definitions, remove_year
from gep.variables.catalogue import VARIABLES

ROOT = Path(__file__).parents[2]
_COUNTS = ("", "百", "千", "万", "百万", "千万", "亿")
_COUNTED = [
    "元",
    "人",
    "人次",
    "吨",
    "t",
    "千克",
    "公斤",
    "斤",
    "头",
    "只",
    "株",
    "件",
    "立方米",
    "m3",
    "m^3",
    "公顷",
    "亩",
    "平方米",
    "平方公里",
    "千瓦时",
    "kWh",
]
_ALONE = [
    "km2",
    "km^2",
    "ha",
    "hm2",
    "m2",
    "m^2",
    "m",
    "km",
    "mm",
    "cm",
    "d",
    "h",
    "a",
    "yr",
    "s",
    "L",
    "g",
    "kg",
    "mg",
    "µg",
    "MJ",
    "GJ",
    "TJ",
    "J",
    "kW",
    "MW",
    "tce",
    "t_C",
    "t_CO2",
    "t_O2",
    "t_DM",
    "kg_C",
    "g_C",
    "%",
    "permille",
    "1",
    "dB_A",
]
_MONEY_FOR = [
    "t",
    "kg",
    "吨",
    "千克",
    "公斤",
    "斤",
    "m3",
    "m^3",
    "立方米",
    "m2",
    "m^2",
    "平方米",
    "km2",
    "km^2",
    "ha",
    "hm2",
    "公顷",
    "亩",
    "kWh",
    "千瓦时",
    "人",
    "人次",
    "person",
    "visit",
    "piece",
    "h",
    "d",
    "a",
    "yr",
    "km",
    "m",
    "t_C",
    "t_CO2",
    "t_O2",
]
_UNIT_LINE = re.compile(r"\bunit: *[\"']?([^\"',}#\n]+)")


def usual_texts() -> set[str]:
    """Return units as people write them: all that this program declares, those of its tables and examples, and usual ones."""
    found = {leaf.unit for leaf in (*VARIABLES.values(), *OBSERVED.values(), *COEFFICIENTS.values())}
    declared = _list_declared()
    found |= {one.unit for one in declared}
    for rule in (one for one in declared if isinstance(one, Rule)):
        for variant in rule.variants.values():
            found |= _written_in(variant.expression)
    for file in (*ROOT.glob("coefficients/**/*.csv"), *ROOT.glob("inputs/**/*.csv"), *ROOT.glob("tests/cases/**/*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            found |= {text for row in csv.DictReader(opened) if (text := row.get("unit") or row.get("单位"))}
    for file in (*ROOT.glob("coefficients/**/*.yaml"), *ROOT.glob("gep/standards/*.yaml")):
        found |= {text.strip() for text in _UNIT_LINE.findall(file.read_text("utf-8"))}
    for entries in list_form_entries(DEFAULT, "", 2022).values():
        found |= {unit for entry in entries for unit in entry.units}
    found |= {str(unit) for unit in read_texts()["units"]}
    found |= {text.removesuffix("/yr") for text in found}
    found |= {print_unit(text) for text in found}
    found |= {f"{count}{unit}" for count, unit in product(_COUNTS, _COUNTED)} | set(_ALONE)
    found |= {f"{money}/{unit}" for money, unit in product(("元", "万元", "CNY"), _MONEY_FOR)}
    return found | {f"{text}/yr" for text in found if not text.endswith(("/yr", "/a"))}


def make_table() -> str:
    """Return the table as JSON; texts that are no unit are left out, and money of a year is kept without its year."""
    units = {}
    for text in sorted({remove_year(split_scale(text)[1]) for text in usual_texts()}):
        try:
            units[text] = write_measure(derive_measure(text, text))
        except UnitError:
            continue
    lines = ",\n".join(
        f"{json.dumps(text, ensure_ascii=False)}: {json.dumps(one, ensure_ascii=False)}" for text, one in units.items()
    )
    return f'{{"derived_from": "{hash_definitions(DEFINITIONS)}", "units": {{\n{lines}\n}}}}\n'


def _list_declared() -> list[Leaf | Rule]:
    """Return the rules of the catalogue, and every figure and rule that a module names: of carbon, assets, damage."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("gep.")]
    named = [one for module in modules for one in vars(module).values() if isinstance(one, Leaf | Rule)]
    return [*RULES.values(), *named]


def _written_in(node: Node) -> set[str]:
    own = {node.unit} if isinstance(node, Constant | InUnits) else set[str]()
    return own.union(*(_written_in(part) for part in children(node)))


if __name__ == "__main__":
    TABLE.write_text(make_table(), "utf-8")
