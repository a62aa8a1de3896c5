"""Every place in a source that the program ships: clauses of rules, locators of tables; and what is noted of rows of coefficients."""

from __future__ import annotations

import csv
import re

from conftest import ROOT

from gep.coefficients.shipped import read_shipped_tables
from gep.indicators.sets import load_set
from gep.standards.plan import make_plan
from gep.standards.standard import list_shipped_standards, load_standard


def list_clauses() -> set[str]:
    """Every clause that a rule of the program is written with, wherever it stands."""
    found = set()
    for path in (ROOT / "gep").rglob("*.py"):
        found |= set(re.findall(r'clause="(.+?)"', path.read_text("utf-8")))
    for name in list_shipped_standards():
        found |= {way.clause for rule in load_standard(name).known_rules.values() for way in rule.variants.values()}
        found |= {way.clause for way in make_plan(load_standard(name)).published.values()}
    return {one for one in found if " | " not in one}


def list_locators() -> set[str]:
    """Every locator of the shipped tables and of the rows of shipped standards."""
    found = set()
    for path in (ROOT / "coefficients").rglob("*.csv"):
        with path.open(encoding="utf-8-sig") as rows:
            found |= {row.get("locator") or "" for row in csv.DictReader(rows)}
    for name in list_shipped_standards():
        found |= {row.locator for row in load_standard(name).own_rows}
    return found


def list_notes() -> set[str]:
    """Every note of a row of the shipped coefficients, of tables and of standards, and of the shipped indicators."""
    rows = [*read_shipped_tables().rows, *(row for name in list_shipped_standards() for row in load_standard(name).own_rows)]
    return {row.note for row in rows if row.note} | {one.note for one in load_set("ganzhou-2035").indicators if one.note}
