"""Accounts of periods of several years: what they must state, and what a reader must be told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.account.notices import Notice
from gep.messages.problems import Problem
from gep.messages.texts import name_id, say
from gep.reference.periods import as_year, count_years, is_period
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan


def list_undated_periods(plan: Plan, inputs: Inputs, price_year: int | None) -> list[Problem]:
    """Return what is wrong with the prices of accounts of periods: no price year, or figures that stand in ratios at another one."""
    accounts = inputs.accounts["year"].to_numpy()
    periods = [int(at) for at in is_period(accounts).nonzero()[0]]
    if not periods or plan.standard.physical:
        return []
    if price_year is None:
        return [
            Problem(
                "--price-year",
                0,
                say("{county} {year} has no price year", county=inputs.accounts["county"].iloc[at], year=as_year(accounts[at])),
                say("the year in whose yuan an account of several years is valued"),
                say("give --price-year, or write it on the cover of the workbook"),
            )
            for at in periods
        ]
    rows = inputs.rows
    current = [name for name, leaf in VARIABLES.items() if leaf.current]
    wrong = rows[rows["account"].isin(periods) & rows["variable"].isin(current) & (rows["price_year"] != price_year)]
    return [
        Problem(
            str(row["file"]),
            int(row["line"]),
            say(
                "{variable} is at prices of {price_year}, the account at those of {year}",
                variable=name_id(str(row["variable"]), VARIABLES),
                price_year=int(row["price_year"]),
                year=price_year,
            ),
            say("a figure at prices of {year}: a ratio to GEP has one price year", year=price_year),
            "",
            str(row.get("cell") or ""),
        )
        for row in wrong.to_dict("records")
    ]


def note_periods(plan: Plan, inputs: Inputs, price_year: int | None) -> Iterator[Notice]:
    """Yield for each account of a period that its values are those of a mean year, and how the sum of all years is made of them."""
    for at, number in enumerate(inputs.accounts["year"].to_numpy()):
        if not is_period(number):
            continue
        period, count = as_year(number), count_years(number)
        zh, en = ("", "") if plan.standard.physical else (f",按 {price_year} 年价格", f", in yuan of {price_year}")
        yield Notice(
            at,
            "period",
            "",
            f"核算期为 {period}({count} 年):各数为年平均{zh};{count} 年合计为其 {count} 倍",
            f"the account is of {period} ({count} years): figures are those of the mean year{en}; the sum of the years is {count} times as much",
        )
