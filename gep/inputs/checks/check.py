"""All checks across cells, one after the other.

What makes a figure unreadable or impossible is refused where it is read (grade A); what stands here must be explained (B), confirmed (C)
or known (D).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.checks.balances import balance, not_above
from gep.inputs.checks.bands import outside_bands
from gep.inputs.checks.earlier import last_year
from gep.inputs.checks.figures import Figures
from gep.inputs.checks.missing import missing
from gep.inputs.checks.products import parts, twice
from gep.inputs.checks.single import sentinels, sources, types
from gep.inputs.explanations import explained

if TYPE_CHECKING:
    import pandas as pd

    from gep.inputs.rows import Inputs
    from gep.messages.findings import Finding
    from gep.standards.plan import Plan


def check_inputs(inputs: Inputs, plan: Plan, before: pd.DataFrame | None = None) -> list[Finding]:
    """Return everything doubtful in validated inputs, graded, with the county's written explanations, in a fixed order.

    Parameters
    ----------
    before : last year's figures: county, year (of this account), variable, ecosystem, pollutant, product, value
    """
    figures = Figures(inputs)
    found = [
        *outside_bands(figures),
        *balance(figures),
        *not_above(figures),
        *parts(figures),
        *twice(figures),
        *types(figures),
        *sentinels(figures),
        *sources(figures),
        *last_year(figures, before),
        *missing(inputs, plan),
    ]
    return sorted(set(explained([*inputs.findings, *found], inputs.explanations)))
