"""Leaves out what is only asked for services that were said not to apply: nobody is to confirm such figures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gep.rules.catalogue import list_services_of

if TYPE_CHECKING:
    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan


def keep_applying(inputs: Inputs, plan: Plan) -> Inputs:
    """Return inputs without the rows of figures that only services ask for which were said not to apply to the account."""
    if not len(inputs.inapplicable):
        return inputs
    kept = np.ones(len(inputs.rows), dtype=bool)
    accounts, variables = inputs.rows["account"].to_numpy(), inputs.rows["variable"].astype(str)
    for account in set(inputs.inapplicable["account"].tolist()):
        needless = list_variables_of(plan, list_inapplicable(inputs, int(account)))
        kept &= ~((accounts == account) & variables.isin(needless).to_numpy())
    return replace(inputs, rows=inputs.rows[kept].reset_index(drop=True)) if not kept.all() else inputs


def list_inapplicable(inputs: Inputs, account: int | None) -> set[str]:
    """Return the services that were said not to apply to an account."""
    rows = inputs.inapplicable
    return set(rows.loc[rows["account"] == account, "id"].astype(str)) if account is not None and len(rows) else set()


def list_variables_of(plan: Plan, services: set[str]) -> set[str]:
    """Return the variables that the standard asks for these services alone."""
    used = {name: set(several) & set(plan.counted) for name, several in list_services_of().items()}
    return {name for name, several in used.items() if several and several <= services}
