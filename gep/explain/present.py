"""Computes stored inputs again under the standard, the rules and the coefficients as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gep.account.account import make_account
from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import add_rows
from gep.inputs.validate import check_rows
from gep.messages.problems import refuse
from gep.standards.standard import load_standard

if TYPE_CHECKING:
    from gep.account.account import Account
    from gep.store.approved import GivenInputs

NOT_APPLICABLE = "不适用"
"""What an input table has for a value where a service does not apply."""


def compute_under_present_rules(given: GivenInputs, standard: str, constant_year: int | None) -> Account:
    """Return the accounts of stored inputs, read and computed as if they were given today; all in one pass.

    Parameters
    ----------
    standard      : id of a shipped standard, or path of a YAML file
    constant_year : price year of a second series of values; None: current prices only

    Returns
    -------
    Account with values in CNY/yr, NaN where there is no data

    Raises
    ------
    Problems : inputs that the present glossary, units or checks no longer take
    """
    stated = given.inapplicable.rename(columns={"id": "variable"}).assign(value=NOT_APPLICABLE, unit="")
    stated = stated.assign(ecosystem="", pollutant="", product="")
    frame = pd.concat([given.figures, stated[list(given.figures.columns)]], ignore_index=True).astype({"value": str})
    chosen = load_standard(standard)
    inputs, problems = check_rows(frame, chosen.known_leaves, chosen.applicable)
    refuse(problems)
    tables = add_rows(read_shipped_tables(), chosen.own_rows)
    return make_account(chosen, inputs, tables, constant_year)
