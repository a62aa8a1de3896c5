"""A form asks for the cells that the workbook of the county asks for and that a check says are empty, under the standard a run would take."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from gep.inputs.checks.missing import check_missing
from gep.inputs.read import gather
from gep.inputs.workbook.layout import read_texts
from gep.inputs.workbook.typed import TypedFigure, make_book
from gep.messages.texts import say_in
from gep.office.database import Office
from gep.office.downloads import make_draft_workbook
from gep.office.drafts import Cell, save_cells, write_choice
from gep.office.forms import FIGURES, choose_standard, count_form, make_forms, make_plan_of
from gep.office.rights import Person, Role
from gep.reference.regions import read_regions
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.store.store import Store
from gep.tasks.standard_choice import keep_choice
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from pathlib import Path

INLAND, COAST = "361027", "330225"
ZHANG = Person("zhang", "张三", Role.ACCOUNTANT)


def _asked(office: Office, store: Store, county: str, year: int) -> dict[str, set[str]]:
    forms = make_forms(office, store, county, year, {})
    return {form.department: {row.variable for row in form.rows} for form in forms if form.kind == FIGURES}


@pytest.mark.parametrize(
    ("county", "year", "standard"), [(INLAND, 2022, "ndrc-2022"), (COAST, 2031, "ndrc-2022"), (COAST, 2022, "mee-2020")]
)
def test_form_workbook_and_check_ask_for_the_same_figures(tmp_path: Path, county: str, year: int, standard: str) -> None:
    store, office = Store(tmp_path / "gep.duckdb"), Office(tmp_path / "gep.duckdb")
    write_choice(office, county, year, "standard", standard, ZHANG)
    asked = _asked(office, store, county, year)
    book = load_workbook(BytesIO(make_draft_workbook(office, store, read_regions()[county], year)))
    for name, variables in asked.items():
        texts = {str(cell.value) for row in book[name].iter_rows() for cell in row}
        assert texts & set(VARIABLES) <= variables, "a row of the workbook is a row of the form"
        without = {one for one in variables if one not in texts and VARIABLES[one].title.zh not in texts}
        assert without <= set(read_texts()["spare_only"]), (
            "a row of the form is a row of the workbook, or is offered for its spare rows"
        )
    assert set(asked) <= set(book.sheetnames)
    typed = make_book(county, year, [TypedFigure("population", "", "1000", "人", "", "", "张三", "2026-01-01")], standard)
    typed.departments.update(asked)
    inputs, _ = gather([], COEFFICIENTS, APPLICABLE, [typed])
    said = "".join(say_in(one.problem.found, "en") for one in check_missing(inputs, make_plan_of(standard)))
    named = set(re.findall(r"[a-z_]+", said)) & set(VARIABLES)
    assert len(named) > 10
    assert named <= set().union(*asked.values()), "a check misses nothing that the form does not ask for"
    assert ("protected_coast_length" in named) == ("protected_coast_length" in asked["自然资源局"])
    if standard == "ndrc-2022":
        assert ("protected_coast_length" in named) == (county == COAST)
        assert ("price_index" in asked["统计局"]) == (year == 2031)
    office.close()


def test_a_figure_that_is_not_asked_for_and_is_in_the_draft_stands_in_its_form(tmp_path: Path) -> None:
    store, office = Store(tmp_path / "gep.duckdb"), Office(tmp_path / "gep.duckdb")
    only = next(iter(_asked(office, store, COAST, 2022)["自然资源局"] - _asked(office, store, INLAND, 2022)["自然资源局"]))
    member = "" if not VARIABLES[only].axes else "全县"
    saved = save_cells(office, INLAND, 2022, [Cell(only, member, "3", "km")], ZHANG)
    draft = {one.key: one for one in saved.cells}
    forms = {form.department: form for form in make_forms(office, store, INLAND, 2022, draft)}
    assert [row.cell.value for row in forms["自然资源局"].rows if row.variable == only] == ["3"]
    count = count_form(office, store, INLAND, 2022, "自然资源局", draft)
    assert count is not None
    assert only in count.variables
    office.close()


def test_the_standard_is_that_of_the_account_before_that_of_the_store(kept_site: Path, tmp_path: Path) -> None:
    shutil.copy(kept_site / "gep.duckdb", tmp_path / "gep.duckdb")
    store, office = Store(tmp_path / "gep.duckdb"), Office(tmp_path / "gep.duckdb")
    assert choose_standard(office, store, "361027", 2030) == "ndrc-2022"
    keep_choice(store, "mee-2020")
    assert choose_standard(office, store, "361027", 2030) == "mee-2020"
    assert choose_standard(office, store, "361027", 2022) == "ndrc-2022", "as it was last stored"
    write_choice(office, "361027", 2030, "standard", "ndrc-2022", ZHANG)
    assert choose_standard(office, store, "361027", 2030) == "ndrc-2022"
    office.close()
