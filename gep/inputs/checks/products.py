"""Checks products against the branch they belong to and their prices, and finds products that count twice."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.inputs.row_problems import list_values
from gep.messages.many_texts import say_each
from gep.messages.texts import name_id, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.inputs.checks.figures import Figures
    from gep.messages.many_findings import FindingColumns

PARTS_TOLERANCE = 0.02
PRICES_PER_TONNE = (100, 300_000)
"""Yuan a tonne, from straw to saffron."""
BRANCHES = ("agricultural", "forestry", "livestock", "fishery")


def check_parts(figures: Figures) -> Iterator[FindingColumns]:
    """Yield findings (B) where values or prices of products cannot be right.

    Products above their branch by more than 2 %, a value of an output of 0, less than 100 or more than 300,000 yuan a tonne,
    and branches above GDP.
    """
    for branch in BRANCHES:
        whole, products = figures.of(f"{branch}_output_value"), figures.of(f"{branch}_product_value")
        if len(whole) and len(products):
            sums = products.groupby("account", observed=True)["value"].sum()
            of_parts, of_branch = sums.reindex(whole["account"]).to_numpy(dtype=float), whole["value"].to_numpy()
            above = np.flatnonzero(of_parts > of_branch * (1 + PARTS_TOLERANCE))
            if len(above):
                yield figures.doubt_each(
                    whole,
                    above,
                    "B",
                    "parts",
                    say_each(
                        "products add up to {parts:,.0f} CNY, the branch to {whole:,.0f} CNY",
                        {"parts": of_parts[above].tolist(), "whole": of_branch[above].tolist()},
                    ),
                    "parts are not above the total",
                    "check units, or a product that belongs to another branch",
                )
        output = figures.of(f"{branch}_output")
        if len(output) and len(products):
            both = products.reset_index().merge(
                output[["account", "product", "value"]], on=["account", "product"], suffixes=("", "_weight")
            )
            price = both["value"] / both["value_weight"].where(both["value_weight"] > 0)
            nothing = np.flatnonzero((both["value_weight"] == 0) & (both["value"] > 0))
            if len(nothing):
                yield figures.doubt_each(
                    both,
                    nothing,
                    "B",
                    "parts",
                    say_each("{product} has a value and an output of 0", {"product": list_values(both["product"], nothing)}),
                    "output and value together are zero or not",
                )
            odd = np.flatnonzero((both["value_weight"] > 0) & ~price.between(*PRICES_PER_TONNE))
            if len(odd):
                yield figures.doubt_each(
                    both,
                    odd,
                    "B",
                    "parts",
                    say_each(
                        "{product} costs {price:,.4g} CNY/t by its value and output",
                        {"product": list_values(both["product"], odd), "price": price.iloc[odd].tolist()},
                    ),
                    say("{low:,} to {high:,} CNY/t", low=PRICES_PER_TONNE[0], high=PRICES_PER_TONNE[1]),
                    "check the units of value and output",
                )
    values = [figures.totals(f"{branch}_output_value") for branch in BRANCHES if f"{branch}_output_value" in figures.at]
    if values and "gdp" in figures.at:
        rows = figures.of("gdp")
        together = pd.concat(values, axis=1).sum(axis=1).reindex(rows["account"]).to_numpy(dtype=float)
        gdp = rows["value"].to_numpy()
        below = np.flatnonzero((together > gdp) & (gdp > 0))
        if len(below):
            yield figures.doubt_each(
                rows,
                below,
                "B",
                "parts",
                say_each(
                    "GDP {gdp:,.0f} CNY is below the output of farming, forestry and fishery, {together:,.0f} CNY",
                    {"gdp": gdp[below].tolist(), "together": together[below].tolist()},
                ),
                "GDP of all branches is above it as a rule",
                "check the units of both",
            )


def check_twice(figures: Figures) -> Iterator[FindingColumns]:
    """Yield a finding (B) for each product that is reported in two branches, or measured in two ways."""
    names = [f"{branch}_{what}" for branch in BRANCHES for what in ("output", "output_volume", "output_count", "product_value")]
    rows = (
        pd.concat([figures.of(name) for name in names if name in figures.at])
        if any(name in figures.at for name in names)
        else figures.rows.iloc[:0]
    )
    rows = rows[rows["value"] > 0]
    if rows.empty:
        return
    variables, codes = rows["variable"].cat.categories, rows["variable"].cat.codes.to_numpy()
    branch = np.array([name.partition("_")[0] for name in variables], dtype=object)[codes]
    measured = np.where([name.endswith("_product_value") for name in variables], -1, np.arange(len(variables)))[codes]
    of_product = rows["account"].to_numpy() * len(rows["product"].cat.categories) + rows["product"].cat.codes.to_numpy()
    _, first, key = np.unique(of_product, return_index=True, return_inverse=True)
    way = np.full(len(first), -1)
    way[key[measured >= 0][::-1]] = measured[measured >= 0][::-1]  # the first in the order of the rows stays
    again = np.flatnonzero((branch != branch[first[key]]) | ((measured >= 0) & (measured != way[key])))
    if not len(again):
        return
    before = first[key][again]
    titles = np.array([name_id(name, figures.known) for name in variables], dtype=object)
    cells = list_values(rows["cell"], before) if "cell" in rows else [""] * len(again)
    file_names = {name: PurePath(name).name for name in rows["file"].unique()}
    text = say_each(
        "{product} is reported as {first} ({file}, {where}) and as {second}",
        {
            "product": list_values(rows["product"], again),
            "first": list(titles[codes[before]]),
            "file": [file_names[name] for name in list_values(rows["file"], before)],
            "where": [str(cell) or line for cell, line in zip(cells, list_values(rows["line"], before), strict=True)],
            "second": list(titles[codes[again]]),
        },
    )
    yield figures.doubt_each(rows, again, "B", "twice", text, "a product counts once, in one branch", "keep one of the two")
