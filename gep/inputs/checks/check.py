"""Runs all checks across cells, one after the other.

What makes a figure unreadable or impossible is refused where it is read (grade A); what stands here must be explained (B),
confirmed (C) or known (D).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.checks.applying import keep_applying
from gep.inputs.checks.balances import balance, check_not_above
from gep.inputs.checks.bands import check_bands
from gep.inputs.checks.codes import check_codes
from gep.inputs.checks.earlier import check_last_year
from gep.inputs.checks.figures import Figures
from gep.inputs.checks.index_rows import check_index_rows
from gep.inputs.checks.missing import check_missing
from gep.inputs.checks.products import check_parts, check_twice
from gep.inputs.checks.single import check_cover, check_days, check_sentinels, check_shares, check_sources, check_types
from gep.inputs.checks.unit_areas import check_unit_areas
from gep.inputs.explanations import join_to_many

if TYPE_CHECKING:
    import pandas as pd

    from gep.inputs.rows import Inputs
    from gep.messages.findings import Finding
    from gep.messages.many_findings import FindingColumns
    from gep.standards.plan import Plan


def check_inputs(inputs: Inputs, plan: Plan, before: pd.DataFrame | None = None) -> list[Finding | FindingColumns]:
    """Return everything doubtful in validated inputs, with the written explanations of the county.

    Figures that only services ask for which were said not to apply are not doubted.

    Parameters
    ----------
    plan   : of the standard, for the figures that it needs
    before : last year's figures, in the variables' units: county, year (of this account), variable, ecosystem, pollutant,
             product, value; None: changes are not checked
    """
    figures = Figures(keep_applying(inputs, plan), plan.standard.known_leaves)
    found: list[Finding | FindingColumns] = [
        *check_bands(figures),
        *balance(figures),
        *check_not_above(figures),
        *check_parts(figures),
        *check_twice(figures),
        *check_types(figures),
        *check_sentinels(figures),
        *check_shares(figures),
        *check_sources(figures),
        *check_days(figures),
        *check_cover(figures),
        *check_unit_areas(figures),
        *check_codes(figures),
        *check_last_year(figures, before),
        *check_missing(inputs, plan),
        *check_index_rows(inputs, plan),
    ]
    return join_to_many([*inputs.findings, *found], inputs.explanations)
