"""Makes the figures of a period of several years from those of its years: each the mean of all of them, every year needed."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from gep.inputs.row_problems import place_of
from gep.messages.problems import Problem
from gep.messages.texts import join_list, name_id, say
from gep.reference.periods import as_year, list_years
from gep.variables.base import price_index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gep.formula.nodes import Leaf
    from gep.inputs.rows import Inputs

MEMBERS = ("ecosystem", "pollutant", "product")
_OF_YEARS = " | mean of the years "
Row = dict[Any, Any]


def make_mean_year(
    inputs: Inputs,
    period: int,
    price_year: int | None,
    find_ratio: Callable[[int, int], float | None],
    leaves: Mapping[str, Leaf],
) -> tuple[Inputs, list[Problem]]:
    """Return the inputs with the accounts of the years of a period folded into one account of the period for each unit.

    Amounts, areas, rates and prices become the mean of the years; money is brought to the price year first. Accounts of years
    outside the period stay as they are.

    Parameters
    ----------
    period     : number of a period
    price_year : in whose yuan money is; None: there is none
    find_ratio : account and price year → what yuan of that year are multiplied by to be yuan of the price year; None without an index
    leaves     : every figure and coefficient by id

    Returns
    -------
    the inputs, and what is wrong: years that a figure lacks, a figure stated for the period and by years, money without an index
    """
    years = list_years(period)
    accounts = inputs.accounts
    within = accounts["year"].isin([*years, period])
    units = sorted(set(accounts.loc[within & (accounts["year"] != period), "county"].astype(str)))
    folded = within & accounts["county"].isin(units)
    problems: list[Problem] = []
    if not units:
        expected = say("figures of {years}", years=join_list(map(str, years)))
        return inputs, [
            Problem("--period", 0, say("no figures of the years of {period} were given", period=as_year(period)), expected)
        ]
    kept = accounts[~folded]
    made = pd.DataFrame({"county": units, "year": [int(period)] * len(units)})
    joined = pd.concat([kept, made], ignore_index=True).sort_values(["county", "year"], ignore_index=True)
    number = {
        (str(county), int(year)): at for at, (county, year) in enumerate(zip(joined["county"], joined["year"], strict=True))
    }
    old = [(str(county), int(year)) for county, year in zip(accounts["county"], accounts["year"], strict=True)]
    inside = folded.to_numpy()
    new_of = [number[old[at][0], int(period) if inside[at] else old[at][1]] for at in range(len(old))]
    rows: list[Row] = []
    groups: dict[tuple[Any, ...], list[tuple[int, Row]]] = {}
    for row in inputs.rows.to_dict("records"):
        at = int(row["account"])
        if not inside[at]:
            rows.append({**row, "account": new_of[at]})
            continue
        key = (new_of[at], str(row["variable"]), *(str(row[name]) for name in MEMBERS))
        groups.setdefault(key, []).append((old[at][1], row))
    for (account, variable, *_), of in groups.items():
        if variable == price_index.id or (len(of) == 1 and of[0][0] == period):
            rows += [{**row, "account": account} for _, row in of[:1]]
        elif (mean := _take_mean(of, period, price_year, find_ratio, leaves, problems)) is not None:
            rows.append({**mean, "account": account})
    stated, wrong = _fold_statements(inputs.inapplicable, inside.tolist(), new_of, old, period)
    frame = pd.DataFrame(rows, columns=list(inputs.rows.columns))
    for name, kind in inputs.rows.dtypes.items():
        frame[name] = frame[name].astype("category" if isinstance(kind, pd.CategoricalDtype) else kind)
    frame = frame.sort_values(["account", "line"], kind="stable", ignore_index=True)
    departments = {key: names for key, names in inputs.departments.items() if key in number}
    return replace(inputs, accounts=joined, rows=frame, inapplicable=stated, departments=departments), [*problems, *wrong]


def _take_mean(
    of: list[tuple[int, Row]],
    period: int,
    price_year: int | None,
    find_ratio: Callable[[int, int], float | None],
    leaves: Mapping[str, Leaf],
    problems: list[Problem],
) -> Row | None:
    """Return one row with the mean of the years, or None with what is wrong."""
    first = of[0][1]
    name = name_id(str(first["variable"]), dict(leaves))
    members = " ".join(str(first[one]) for one in MEMBERS if first[one])
    by_year = dict(of)
    given = Counter(year for year, _ in of)
    if period in by_year:
        found = say("{variable} is stated for {period} and for single years of it", variable=name, period=as_year(period))
        problems.append(_problem(first, found, say("one of them: the mean of the period, or the figures of its years")))
        return None
    lacking = [year for year in list_years(period) if year not in by_year]
    if lacking:
        found = say(
            "{variable} {members} lacks {years} of {period}",
            variable=name,
            members=members,
            years=join_list(map(str, lacking)),
            period=as_year(period),
        )
        problems.append(_problem(first, found, say("every year of the period; what a year has none of is stated as 0")))
        return None
    values, texts = [], []
    for year, row in sorted(of, key=lambda one: one[0]):
        value = float(row["value"])
        step = ""
        if row["price_year"]:
            ratio = find_ratio(int(row["account"]), int(row["price_year"]))
            if ratio is None:
                found = say("there is no price index from {given} to {wanted}", given=int(row["price_year"]), wanted=price_year)
                problems.append(_problem(row, found, say("money in yuan of {year}, or an index up to it", year=price_year)))
                return None
            value, step = value * ratio, f" × {ratio!r}" if ratio != 1 else ""
        values.append(value)
        texts.append(f"{year} {float(row['value'])!r}{step} ({place_of(row)})")
    mean = math.fsum(values) / len(values)
    leaf = leaves[str(first["variable"])]
    unit = leaf.unit.replace("CNY", f"CNY_{price_year}") if first["price_year"] else leaf.unit
    note = f"{as_year(period)} 各年之平均:{_OF_YEARS}{', '.join(texts)}"
    return (
        {
            **first,
            "value": mean,
            "price_year": price_year if first["price_year"] else 0,
            "value_given": repr(mean),
            "unit_given": unit,
            "source": "; ".join(dict.fromkeys(str(row["source"]) for _, row in of if row["source"])),
            "note": "; ".join([*dict.fromkeys(str(row["note"]) for _, row in of if row["note"]), note]),
        }
        if max(given.values()) == 1
        else None
    )


def read_mean(note: str) -> str:
    """Return of which years' figures a figure is the mean, as its note says; empty where it is none."""
    last = note.rpartition("; ")[2]
    return f"(mean / 平均: {last.partition(_OF_YEARS)[2]})" if _OF_YEARS in last else ""


def _fold_statements(
    stated: pd.DataFrame, inside: list[bool], new_of: list[int], old: list[tuple[str, int]], period: int
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the statements that services do not apply; of a period only what is stated for each of its years."""
    if not len(stated):
        return stated, []
    rows: list[Row] = []
    problems: list[Problem] = []
    groups: dict[tuple[int, str], list[Row]] = {}
    for row in stated.to_dict("records"):
        if inside[int(row["account"])]:
            groups.setdefault((new_of[int(row["account"])], str(row["id"])), []).append(row)
        else:
            rows.append({**row, "account": new_of[int(row["account"])]})
    for (account, identity), of in groups.items():
        said = {old[int(row["account"])][1] for row in of}
        lacking = [year for year in list_years(period) if year not in said]
        if period not in said and lacking:
            found = say(
                "{service} is said not to apply, but not for {years}", service=identity, years=join_list(map(str, lacking))
            )
            problems.append(_problem(of[0], found, say("the same for every year of the period")))
        rows.append({**of[0], "account": account})
    return pd.DataFrame(rows, columns=list(stated.columns)), problems


def _problem(row: Row, found: str, expected: str) -> Problem:
    return Problem(str(row["file"]), int(row["line"] or 0), found, expected, "", str(row.get("cell") or ""))
