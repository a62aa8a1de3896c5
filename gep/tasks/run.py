"""From files to an account: what stands behind `gep run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.account.account import Account, make_account
from gep.coefficients.tables import read_tables
from gep.inputs.read import read_inputs
from gep.messages.problems import Problem, Problems
from gep.messages.texts import say
from gep.paths import COEFFICIENTS as FOLDER
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE
from gep.standards.standard import DEFAULT, load_standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gep.inputs.rows import Inputs


def run_account(
    inputs: Iterable[Path],
    standard: str | None = None,
    price_year: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Account:
    """Return the accounts of all counties and years in the input files, computed and not yet stored.

    Parameters
    ----------
    inputs     : workbooks, CSV or Parquet tables, or folders of them
    standard   : id of a shipped standard or path of a YAML file; None: the one on the cover, else the default
    price_year : price year of a second, constant-price series; None: the one on the cover, if any

    Raises
    ------
    Problems : everything that is wrong in the inputs, the standard or the tables
    """
    progress("reading inputs")
    rows = read_inputs(inputs, COEFFICIENTS, APPLICABLE)
    progress("reading standard and coefficients")
    chosen = load_standard(chosen_standard(standard, rows))
    tables = read_tables(FOLDER, COEFFICIENTS)
    count = len(rows.accounts)
    progress(say("computing {count:,} accounts", count=count) if count != 1 else say("computing 1 account"))
    return make_account(chosen, rows, tables, price_year or _price_year(rows))


def chosen_standard(standard: str | None, inputs: Inputs) -> str:
    """Return the standard asked for, else the one the covers of workbooks name, else the default.

    Raises
    ------
    Problems : covers name different standards, or another than the one asked for
    """
    named = sorted(set(inputs.standards.values()))
    wanted = standard or (named[0] if len(named) == 1 else DEFAULT)
    if any(name != wanted for name in named) and (standard is None or not standard.endswith((".yaml", ".yml"))):
        places = [
            Problem(
                place,
                0,
                say("the cover asks for the standard {name}", name=name),
                wanted if standard else "one standard for all workbooks",
                "correct the cover, or give --standard",
            )
            for place, name in inputs.standards.items()
            if name != wanted or not standard
        ]
        raise Problems(places)
    return wanted


def _price_year(inputs: Inputs) -> int | None:
    years = sorted(set(inputs.price_years.values()))
    if len(years) > 1:
        raise Problems(
            [
                Problem(place, 0, say("the cover asks for the price year {year}", year=year), "one price year for all workbooks")
                for place, year in inputs.price_years.items()
            ]
        )
    return int(years[0]) if years else None
