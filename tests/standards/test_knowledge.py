"""What the project claims to know: marks no better than what was read, places that exist in the source, figures that chain."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import yaml

from gep.coefficients.tables import Tables, read_tables
from gep.paths import COEFFICIENTS as FOLDER
from gep.reference.marks import UNVERIFIED
from gep.reference.members import list_with_children
from gep.rules.catalogue import COEFFICIENTS, RULES
from gep.standards.standard import list_shipped_standards, load_standard
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path

UNREAD = {"recalled"}
GARZE = re.compile(r"section 2\.3 \([123]\)|section 2\.4\.[1-9]\b|section 2\.5|section 3\.2\.[1-9]|table [1-4]\b")
HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read_tables(FOLDER, COEFFICIENTS)


@pytest.mark.parametrize("rule", RULES)
def test_a_formula_recalled_is_not_shown_as_verified(rule: str, tables: Tables) -> None:
    for name, formula in RULES[rule].variants.items():
        if formula.source == "standards-family" or tables.sources[formula.source]["read"] in UNREAD:
            assert formula.mark in UNVERIFIED, (rule, name)


def test_a_number_recalled_is_not_shown_as_verified(tables: Tables) -> None:
    for row in tables.rows:
        if tables.sources[row.source]["read"] in UNREAD and row.mark not in UNVERIFIED:
            assert row.mark == "VC", row.address
            assert any(f"{source} " in row.note for source in tables.sources), f"{row.address}: recomputed from what?"


def test_places_in_the_paper_on_garze_exist(tables: Tables) -> None:
    clauses = {formula.clause for rule in RULES.values() for formula in rule.variants.values() if formula.source == "garze-2017"}
    clauses |= {row.locator for row in tables.rows if row.source == "garze-2017"}
    assert not [clause for clause in clauses if not GARZE.search(clause)]
    assert not [clause for clause in clauses if re.search(r"section 2\.[12]\b|section 2\.3[, ]+(?!\()", clause)]


@pytest.mark.parametrize("name", list_shipped_standards())
def test_what_is_inherited_is_known_no_better_than_the_standard(name: str) -> None:
    standard = load_standard(name)
    order = ("V", "VC", "D", "V-c", "K", "K-")
    least = order.index(standard.mark)
    for choice in standard.choices.values():
        assert order.index(choice.mark) >= least
        assert all(order.index(mark) >= least for mark in choice.variant_marks.values())
    assert all(order.index(part.mark) >= least for part in standard.roll_up.values())
    if standard.mark == "K-":  # its list was not seen, so nothing is known to be left out
        assert all("[K]" not in reason for reason in standard.excluded.values())


@pytest.mark.parametrize("name", list_shipped_standards())
def test_no_potential_erosion_is_credited_to_types_without_a_cover_factor(name: str, tables: Tables) -> None:
    bare = {
        kind
        for row in tables.by_id["cover_factor"]
        if row.value == 0 and row.set == "reference"
        for kind in list_with_children(row.ecosystem)
    }
    assert bare >= {"wetland", "lake", "river", "marsh"}
    choice = load_standard(name).choices.get("soil_retention")
    assert choice is None or not bare & set(choice.ecosystems)


def test_the_tax_is_the_rate_over_the_equivalent(tables: Tables) -> None:
    equivalents = {"SO2": 0.95, "NOx": 0.95, "dust": 4, "smoke_dust": 2.18, "COD": 1, "NH3N": 0.8, "TP": 0.25}
    for name, air, water in (("jiangxi-tax-2017", 1.2, 1.4), ("env-fee-2003", 0.6, 0.7)):
        rows = {
            row.pollutant: row
            for row in tables.by_id["pollutant_treatment_cost"]
            if row.source == name and row.set != "convention-tn"
        }
        assert set(rows) == set(equivalents)
        for pollutant, row in rows.items():
            rate = water if pollutant in {"COD", "NH3N", "TP"} else air
            assert row.computed == pytest.approx(1000 * rate / equivalents[pollutant], rel=1e-12)


def test_the_price_index_chains_the_printed_rates() -> None:
    with (FOLDER / "lists" / "price_index.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["index"] == "cpi"]
    assert [int(row["year"]) for row in rows] == list(range(1986, 2026))
    for before, row in pairwise(rows):
        rate = float(re.findall(r"rate (-?[\d.]+) %", row["note"])[0])
        assert float(row["value"]) == pytest.approx(float(before["value"]) * (1 + rate / 100), rel=1e-8)


def test_open_water_that_the_runoff_table_does_not_name_is_marked(tables: Tables) -> None:
    marks = {row.ecosystem: row.mark for row in tables.by_id["runoff_coefficient"] if row.set == "reference"}
    assert (marks["marsh"], marks["reservoir_pond"], marks["wetland"]) == ("V", "V", "K")


def test_salt_pans_are_artificial_wetland_in_the_third_survey() -> None:
    with (FOLDER / "crosswalks" / "survey3.csv").open(encoding="utf-8") as file:
        found = {row["code"]: row for row in csv.DictReader(file)}
    assert (found["0603"]["ecosystem"], found["0603"]["mark"]) == ("reservoir_pond", "K")


def test_water_of_garze_is_priced_by_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "inputs.csv"
    path.write_text(f"{HEAD}513301,2010,water_use,,,industrial,2,万m3,invented,\n", "utf-8")
    text = {
        "id": "water",
        "title": {"zh": "水", "en": "Water"},
        "source": "this-project",
        "mark": "K",
        "services": {"freshwater_supply": {"mark": "K"}},
    }
    standard = tmp_path / "water.yaml"
    standard.write_text(yaml.safe_dump(text), "utf-8")
    services = run_account([path], str(standard)).services
    assert services[services["service"] == "freshwater_supply"].iloc[0]["value"] == pytest.approx(20000 * 3.6)


def test_an_extension_takes_over_no_more_than_it_knows(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "id: mine\ntitle: {zh: 我, en: Mine}\nsource: as-entered\nmark: K-\nextends: ndrc-2022\n"
        "services:\n  bioenergy: {mark: V}\n",
        "utf-8",
    )
    standard = load_standard(str(path))
    assert standard.choices["bioenergy"].mark == "V"  # its own statement
    assert standard.choices["water_conservation"].mark == "K-"
    assert standard.variants["carbon_sequestration.amount"] == ("nep", "K-")
    assert standard.roll_up["biomass_supply"].mark == "K-"
