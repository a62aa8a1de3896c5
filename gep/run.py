"""From files to an account: the one public function behind `gep run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.account import Account, make_account
from gep.coefficients import read_tables
from gep.inputs import read_inputs
from gep.places import COEFFICIENTS as FOLDER
from gep.rules import COEFFICIENTS, SERVICES
from gep.standard import DEFAULT, load_standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

APPLICABLE = frozenset(SERVICES) | frozenset(line.id for service in SERVICES.values() for line in service.lines)
"""Ids that an input row may state not to apply."""


def run_account(
    inputs: Iterable[Path],
    standard: str | None = None,
    price_year: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Account:
    """Return the accounts of all counties and years in the input files, computed and not yet stored.

    Parameters
    ----------
    inputs     : CSV or Parquet tables, or folders of them
    standard   : id of a shipped standard or path of a YAML file; None: the default
    price_year : price year of a second, constant-price series

    Raises
    ------
    Problems : everything that is wrong in the inputs, the standard or the tables
    """
    progress("reading standard and coefficients")
    chosen = load_standard(standard or DEFAULT)
    tables = read_tables(FOLDER, COEFFICIENTS)
    progress("reading inputs")
    rows = read_inputs(inputs, COEFFICIENTS, APPLICABLE)
    progress(f"computing {len(rows.accounts):,} accounts")
    return make_account(chosen, rows, tables, price_year)
