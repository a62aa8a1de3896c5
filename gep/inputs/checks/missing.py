"""Departments and required figures that are missing from submitted workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.checks.applying import list_inapplicable, list_variables_of
from gep.inputs.checks.figures import KNOWN
from gep.inputs.workbook.layout import list_entries
from gep.messages.findings import Finding
from gep.messages.problems import Problem
from gep.messages.texts import join_list, name_id, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan


def check_missing(inputs: Inputs, plan: Plan) -> Iterator[Finding]:
    """Yield a finding (D) for departments whose sheet was not submitted, and for figures left empty on a sheet that was."""
    if not inputs.departments:
        return
    known = {**KNOWN, **plan.standard.known_leaves}
    accounts = {
        (str(county), int(year)): at
        for at, (county, year) in enumerate(zip(inputs.accounts["county"], inputs.accounts["year"], strict=True))
    }
    for (county, year), given in sorted(inputs.departments.items()):
        of_department = list_entries(plan, county, year)
        absent = [name for name in of_department if name not in given]
        if absent:
            found = say(
                "{county} {year}: no sheet of {departments} was given", county=county, year=year, departments="、".join(absent)
            )
            yield Finding("D", "department", Problem("", 0, found, "one sheet a department"), county, year)
        at = accounts.get((county, year))
        filled = set(inputs.rows.loc[inputs.rows["account"] == at, "variable"].astype(str)) if at is not None else set()
        for name in given:
            asked = {entry.leaf.id for entry in of_department.get(name, ())} - list_variables_of(
                plan, list_inapplicable(inputs, at)
            )
            empty = sorted(asked - filled)
            if empty:
                found = say(
                    "{county} {year}: {department} left empty: {variables}",
                    county=county,
                    year=year,
                    department=name,
                    variables=join_list(name_id(one, known) for one in empty),
                )
                rule = "what is empty stays missing, it is not zero"
                yield Finding("D", "missing", Problem("", 0, found, rule), county, year)
