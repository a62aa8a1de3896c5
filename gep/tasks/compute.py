"""From files to an account, in memory: inputs read, the standard chosen, everything computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gep.account.account import Account, make_account
from gep.account.price_index import PriceIndices
from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import add_rows
from gep.inputs.mean_year import make_mean_year
from gep.messages.problems import Problem, Problems, refuse
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.reference.periods import as_year
from gep.standards.standard import DEFAULT, list_shipped_standards, load_standard, names_standard
from gep.tasks.reading import gather_with_standard, load_or_say
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gep.inputs.rows import Inputs
    from gep.inputs.workbook.book import Book


def read_inputs(paths: Iterable[Path | str], standard: str | None = None, typed: Iterable[Book] = ()) -> Inputs:
    """Return the rows of input files, checked one by one and in the units of computation.

    Parameters
    ----------
    paths : workbooks, CSV or Parquet tables, or folders of them
    standard : id or file of the standard they are for, where it declares figures of its own; None: the program's figures only
    typed : figures that stand in no file, as books

    Returns
    -------
    Inputs with the table `rows`, one row a figure: `value` in the variable's own unit, `value_given` and `unit_given` as given

    Raises
    ------
    Problems : everything that is wrong in the files and in the standard

    Examples
    --------
    >>> inputs = gep.read_inputs(["360725-2022.xlsx"])
    >>> inputs.rows[["variable", "value", "value_given", "unit_given"]]
    """
    inputs, _, problems = gather_with_standard([Path(one) for one in paths], standard, typed)
    if problems and standard is None:
        problems = sorted({*problems, *_wrong_on_covers(inputs)})
    refuse(problems)
    return inputs


def _wrong_on_covers(inputs: Inputs) -> list[Problem]:
    """Return what is wrong with the standard that the covers of workbooks name, to be told with what is wrong in the figures."""
    try:
        return load_or_say(choose_standard(None, inputs))[1]
    except Problems as error:
        return list(error.problems)


def compute(
    inputs: Inputs,
    standard: str | None = None,
    price_year: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
    *,
    current_only: bool = False,
) -> Account:
    """Return the accounts of all counties and years in the inputs, computed and not stored.

    Parameters
    ----------
    standard   : id of a shipped standard or path of a YAML file; None: the one on the cover, else the default
    price_year : price year of a second, constant-price series; None: the one on the cover, if any
    progress   : is told each stage in a sentence, and an empty text at the end
    current_only : no second series, whatever the covers say

    Returns
    -------
    Account with tables `services`, `lines`, `by_ecosystem` and `totals`; values in CNY/yr, NaN where there is no data

    Raises
    ------
    Problems : covers that ask for different standards or price years, and everything that is wrong in the standard or the tables

    Examples
    --------
    >>> account = gep.compute(inputs, standard="ndrc-2022", price_year=2020)
    >>> account.services[["service", "status", "value"]]
    """
    progress("reading standard and coefficients")
    chosen = load_standard(choose_standard(standard, inputs))
    tables = add_rows(read_shipped_tables(), chosen.own_rows)
    count = len(inputs.accounts)
    progress(say("computing {count:,} accounts", count=count) if count != 1 else say("computing 1 account"))
    return make_account(chosen, inputs, tables, None if current_only else price_year or _price_year(inputs))


def fold_years(inputs: Inputs, period: int, standard: str | None = None, price_year: int | None = None) -> Inputs:
    """Return the inputs with the accounts of the years of a period made one account of the period, of the mean year.

    Parameters
    ----------
    period     : number of a period of several years
    price_year : in whose yuan the mean is taken; None: the one on the cover, if any

    Raises
    ------
    Problems : a figure lacks a year or is stated for the period too, or there is no index to the price year
    """
    chosen = load_standard(choose_standard(standard, inputs))
    tables = add_rows(read_shipped_tables(), chosen.own_rows)
    wanted = price_year or _price_year(inputs)
    if wanted is None and not chosen.physical:
        expected = say("the year in whose yuan an account of several years is valued")
        raise Problems(
            [Problem("--price-year", 0, say("the period {period} has no price year", period=as_year(period)), expected)]
        )
    indices = PriceIndices(tables, chosen.price_index, inputs)
    made, problems = make_mean_year(
        inputs,
        period,
        wanted,
        lambda account, given: indices.find_ratio(int(indices.of_account[account]), given, wanted or given),
        {**VARIABLES, **chosen.known_leaves},
    )
    refuse(problems)
    return made


def choose_standard(standard: str | None, inputs: Inputs) -> str:
    """Return the id or file of the standard asked for, else of the one that the covers of workbooks name, else of the default.

    Parameters
    ----------
    standard : id of a shipped standard or path of a YAML file; None: not asked

    Raises
    ------
    Problems : covers name different standards, another than the one asked for, or one that only its file can tell
    """
    named = sorted(set(inputs.standards.values()))
    if standard is None and len(named) == 1 and not names_standard(named[0]):
        raise Problems([_name_unknown(place, named[0]) for place in inputs.standards])
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


def _name_unknown(place: str, name: str) -> Problem:
    """Return that a cover names a standard of one's own, of which only the file is known to whoever made it."""
    return Problem(
        place,
        0,
        say("the cover asks for the standard {name}", name=name),
        say("one of {names}, or a file", names=join_list(list_shipped_standards())),
        suggest_nearest(name, list_shipped_standards()) or say("name its file: --standard {file}", file=f"{name}.yaml"),
    )


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
