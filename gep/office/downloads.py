"""A department's or the whole workbook of a draft, with everything that is typed in it: what comes back is read like any other."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from gep.coefficients.shipped import read_shipped_tables
from gep.formula.nodes import Observed
from gep.inputs.workbook.last_year import KEPT, LastYear, arrange
from gep.inputs.workbook.layout import read_texts
from gep.inputs.workbook.write import write_workbook
from gep.office.drafts import read_choices, read_draft
from gep.office.forms import choose_standard, make_plan_of
from gep.office.uploads import KNOWN
from gep.store.inputs import read_given_account

if TYPE_CHECKING:
    from gep.office.database import Office
    from gep.reference.regions import Region
    from gep.standards.plan import Plan
    from gep.store.store import Store


def make_draft_workbook(office: Office, store: Store, county: Region, year: int, department: str = "") -> bytes:
    """Return the workbook of a draft, with what is typed and last year's figures.

    Parameters
    ----------
    department : Chinese name of the only form that is wanted; empty: all of them
    """
    target = BytesIO()
    plan = make_plan_of(choose_standard(office, store, county.code, year))
    sheets = read_texts()["sheets"]
    alone = sheets["coefficients"] if department == sheets["applicability"] else department
    write_workbook(
        target,
        plan,
        read_shipped_tables(),
        county,
        year,
        departments=[alone] if alone else None,
        last=_read_last(store, county.code, year, plan, read_choices(office, county.code, year).get("price_year", "")),
        filled={key: cell.content for key, cell in read_draft(office, county.code, year).items() if key[0] in KNOWN},
    )
    return target.getvalue()


def _read_last(store: Store, county: str, year: int, plan: Plan, price_year: str) -> LastYear:
    """Return last year's figures, to stand beside the cells; what the county says now is the draft's to say."""
    before = None
    if store.exists:
        with store:
            before = read_given_account(store, county, year - 1)
    last = arrange(before, plan) if before is not None else LastYear(year - 1)
    rows = {key: row for key, row in last.rows.items() if isinstance(last.leaves[key[0]], Observed) and key[0] not in KEPT}
    return replace(last, rows=rows, answers={}, constant_year=int(price_year) if price_year else None)
