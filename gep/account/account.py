"""The account: the one place where rules, inputs and coefficients meet, and what comes out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.account.binding import Binder, Binding
from gep.account.many_notices import Notices
from gep.account.notices import collect_notices
from gep.account.period_accounts import list_undated_periods, note_periods
from gep.account.price_index import list_ratios
from gep.account.prices_read import read_price_years
from gep.account.printed_prices import check_constant_year, note_printed_prices
from gep.account.shown import tabulate_shown
from gep.account.tabulate import Tabulator
from gep.account.totals_said import note_outside, note_totals
from gep.account.unread import UnreadRows, find_rows_read, note_unread
from gep.account.unusable import list_unusable
from gep.formula.evaluate import Evaluation
from gep.inputs.classes import list_undeclared_classes
from gep.messages.problems import refuse
from gep.records import dataclass
from gep.reference.periods import choose_bases
from gep.standards.plan import Plan, make_plan
from gep.units.currencies import YUAN, show_money

if TYPE_CHECKING:
    import pandas as pd

    from gep.coefficients.tables import Tables
    from gep.inputs.rows import Inputs
    from gep.standards.model import Standard


def name_currency(frame: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return results whose units are in the currency of the account."""
    if currency == YUAN:
        return frame
    units = [name for name in ("quantity_unit", "price_unit", "unit") if name in frame]
    return frame.assign(**{name: [show_money(str(text), currency) for text in frame[name].astype(str)] for name in units})


@dataclass(frozen=True)
class Account:
    """Every account of a batch under one standard, as tables.

    Values are in yuan of the account's year, constant ones in yuan of `constant_year`; NaN is unknown. `account` is the
    position of the account in `inputs.accounts`.

    Attributes
    ----------
    services : account, service, category, status, value, value_constant, missing (leaf ids), and where a service is one
               line: quantity, quantity_unit, unit_price, price_unit
    lines    : account, service, line, pollutant, item, detail (a member of a line valued as a whole), status, quantity,
               quantity_unit, unit_price, price_unit, value, value_constant
    by_ecosystem : account, service, ecosystem, value, value_constant
    totals   : account, category (or gep), value, value_constant, accounted, counted
    shown    : figures that the standard only shows, as `tabulate_shown` makes them
    notices  : what a reader must be told
    ratios   : price year given, year wanted, and the ratio of the price index; None without an index
    current, constant : the results of all rules at the two price bases
    """

    plan: Plan
    inputs: Inputs
    tables: Tables
    constant_year: int | None
    current: Evaluation
    binding: Binding
    constant: Evaluation | None
    services: pd.DataFrame
    lines: pd.DataFrame
    by_ecosystem: pd.DataFrame
    totals: pd.DataFrame
    shown: pd.DataFrame
    notices: Notices
    unread: UnreadRows
    """Figures that were accepted and have no effect, in the order of the inputs."""
    ratios: tuple[tuple[int, int, float | None], ...]


def make_account(standard: Standard, inputs: Inputs, tables: Tables, constant_year: int | None = None) -> Account:
    """Return the accounts of all counties and years in the inputs under a standard, with everything their numbers were made of.

    Values are in yuan of the account's own year, and where a constant year is given in yuan of that year too. A missing figure
    makes a service `no data`, never 0.

    Parameters
    ----------
    constant_year : price year of a second series of values; None: current prices only

    Raises
    ------
    Problems  : periods of several years without a price year, or with figures at other prices
    Problems  : the inputs name a class of their own that the standard does not declare, or a formula divides by zero
    RuleError : a formula does not give the unit or axes of its rule; a mistake of ours
    Problems  : index rows that hang on no year, or differ between accounts of the run
    """
    refuse(list_undeclared_classes(inputs, standard.classes, standard.id))
    refuse(check_constant_year(standard, inputs, constant_year))
    plan = make_plan(standard)
    refuse(list_undated_periods(plan, inputs, constant_year))
    binder = Binder(plan, inputs, tables)
    bases = choose_bases(binder.years, constant_year)
    ratios = tuple(list_ratios(binder.indices, tables, inputs, bases, constant_year))
    binding = binder.bind(bases)
    current = Evaluation(plan.steps, binding.bound)
    current.run()
    refuse(list_unusable(plan, inputs, current))
    constant = None
    if constant_year is not None:
        constant = Evaluation(plan.steps, binder.bind(np.full(len(bases), constant_year, dtype=np.int64)).bound)
        constant.run()
    table = Tabulator(plan, binder.why_inapplicable, binding, current, constant)
    services, lines, by_ecosystem, totals = table.services(), table.lines(), table.by_ecosystem(), table.totals()
    shown = tabulate_shown(plan, binding, current, constant)
    services, lines, shown = (name_currency(frame, standard.currency) for frame in (services, lines, shown))
    wanted = (bases, np.full(len(bases), constant_year or 0, dtype=np.int64))
    prices = read_price_years(inputs.rows, binder.price_years, wanted, binding.choices)
    read = find_rows_read(
        current, binder.filler, {**plan.observed, **plan.coefficients}, len(inputs.rows), standard.known_services, prices
    )
    counted = {name for identity, part in plan.counted.items() for name in (identity, *(line.id for line in part.lines))}
    unread = UnreadRows(inputs, read, binder.filler.wholes, counted)
    del binder, read, prices, table  # of a nation as large as half of its figures
    notices = Notices(
        (
            *collect_notices(plan, inputs, binding, current, services),
            *note_unread(unread),
            *note_totals(plan, lines),
            *note_outside(plan, services, inputs),
            *note_printed_prices(plan, inputs, binding),
            *note_periods(plan, inputs, constant_year),
        )
    )
    return Account(
        plan,
        inputs,
        tables,
        constant_year,
        current,
        binding,
        constant,
        services,
        lines,
        by_ecosystem,
        totals,
        shown,
        notices,
        unread,
        ratios,
    )
