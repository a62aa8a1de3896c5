"""Finds rows that are right alone and wrong together: a figure given twice, areas that do not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.files.written_names import find_lookalike, fold_name, show_code
from gep.inputs.row_numbers import has_twice, number_keys
from gep.inputs.row_problems import RowProblems, find_cell, place_of, say_always
from gep.messages.problems import Problem
from gep.messages.texts import Text, join_names, name_id, say
from gep.reference.members import list_types_above, name_member
from gep.reference.origins import find_origin_key
from gep.reference.products import find_key, strip_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.formula.nodes import Leaf

AREA_TOLERANCE = 0.005
"""Areas may differ from the county's land area by this share: different surveys, rounding, water lines."""

MOST_KEYS = 1 << 62
"""Combinations of members that are numbered without counting which of them there are."""


def check_duplicates(finder: RowProblems, leaves: dict[str, Leaf]) -> None:
    """Note every second row of a figure as a problem; products that look alike (case, width, spaces, unseen characters, letters) are one product.

    Parameters
    ----------
    leaves : variables and coefficients by id
    """
    rows = finder.rows
    key, most = np.zeros(len(rows), dtype=np.int64), 1
    for name in ("variable", "ecosystem", "pollutant", "product", "county", "year"):  # what has few combinations first
        column = rows[name].cat
        spelled = (
            column.categories if name != "product" else [fold_name(find_key(find_origin_key(text))) for text in column.categories]
        )
        codes, found = pd.factorize(np.array(spelled, dtype=object))
        if most > MOST_KEYS // (len(found) + 1):
            key, distinct = number_keys(key, most)
            most = len(distinct)
        key *= len(found) + 1
        key += codes[column.codes.to_numpy()] + 1
        most *= len(found) + 1
        if name == "product":
            key, distinct = number_keys(key, most)
            most = len(distinct)
    if not has_twice(key, most):
        return
    again = np.flatnonzero(pd.Series(key).duplicated().to_numpy())
    _, first, back = np.unique(key, return_index=True, return_inverse=True)

    columns = (
        "county",
        "year",
        "variable",
        "ecosystem",
        "pollutant",
        "product",
        "file",
        "line",
        *(["cell"] if "cell" in rows else []),
    )
    texts = {name: rows[name].astype(object).to_numpy() for name in columns}

    def found_again(at: int) -> Text:
        row, before = ({name: column[one] for name, column in texts.items()} for one in (at, int(first[back[at]])))
        names = [name_id(row["variable"], leaves), *(name_member(row[name]) for name in ("ecosystem", "pollutant", "product"))]
        said: dict[str, Any] = {
            "cell": join_names(name for name in names if name),
            "county": row["county"],
            "year": row["year"],
            "place": place_of(before),
        }
        if row["product"] == before["product"]:
            return say("{cell} of {county} {year} stands already in {place}", **said)
        return say("{cell} of {county} {year} stands already in {place} as {product}", **said, product=before["product"])

    finder.add(again, found_again, "one row a figure", "keep one of the two")


def check_letters(finder: RowProblems) -> None:
    """Note products with a letter of another script that looks like a Latin one: nobody could tell them from those written right."""
    column = finder.rows["product"].cat
    alike = {at: found for at, text in enumerate(column.categories) if (found := find_lookalike(text))}
    for at, letter in alike.items():
        text = column.categories[at]
        finder.add(
            np.flatnonzero(column.codes.to_numpy() == at),
            say_always(say("product {text!r} holds {code}, a letter that looks like another", text=text, code=show_code(letter))),
            "letters of one script",
            say("write {name}", name=fold_name(text)),
        )


def check_marks(finder: RowProblems) -> None:
    """Note as problems products with the number of a line or the mark of a note: 一、稻谷 and 稻谷① would stand beside 稻谷."""
    column = finder.rows["product"].cat
    for at, text in enumerate(column.categories):
        if (plain := strip_marks(text)) != text:
            finder.add(
                np.flatnonzero(column.codes.to_numpy() == at),
                say_always(say("product {text!r} has the number of a line or the mark of a note", text=text)),
                "the name alone",
                say("write {name}", name=plain),
                "cell_member",
            )


def _doubled(
    accounts: pd.Series, types: pd.Series, holders: dict[str, dict[int, str]], pairs: pd.MultiIndex
) -> Iterator[tuple[int, int]]:
    """Yield how far above, and at which position, the area of a type that holds another's is given too."""
    for level in range(max(map(len, holders.values()), default=0)):
        above = types.map({name: found.get(level, "") for name, found in holders.items()})
        for at in np.flatnonzero(pd.MultiIndex.from_arrays([accounts, above]).isin(pairs)):
            yield level, int(at)


def check_areas(rows: pd.DataFrame, accounts: pd.DataFrame) -> list[Problem]:
    """Return problems of areas that count a piece of land twice, or differ from the county's land area by more than 0.5 %.

    Parameters
    ----------
    rows, accounts : as in `Inputs`, with the problems of single rows left out
    """
    area = rows[rows["variable"] == "area"]
    if area.empty:
        return []
    problems = []
    listed = area[area["value"] > 0]
    types = listed["ecosystem"].astype(str)
    pairs = pd.MultiIndex.from_arrays([area["account"], area["ecosystem"].astype(str)])
    holders = {name: dict(enumerate(list_types_above(name)[1:])) for name in types.unique()}
    for level, at in sorted(_doubled(listed["account"], types, holders, pairs), key=lambda one: (one[1], one[0])):
        row = listed.iloc[at]
        parent = holders[str(row["ecosystem"])][level]
        problems.append(
            Problem(
                str(row["file"]),
                int(row["line"]),
                say(
                    "area of {ecosystem} stands beside area of {parent}, which holds it",
                    ecosystem=name_member(str(row["ecosystem"])),
                    parent=name_member(parent),
                ),
                say("either {parent} or the types below it", parent=name_member(parent)),
                "",
                find_cell(row),
            )
        )
    sums = area.groupby("account", sort=True)["value"].sum()
    land = rows[rows["variable"] == "land_area"].set_index("account")["value"]
    both = sums.index.intersection(land.index)
    gap = (sums[both] - land[both]).abs() / land[both].where(land[both] > 0)
    for account in both[(gap > AREA_TOLERANCE).to_numpy()]:
        row = rows[(rows["account"] == account) & (rows["variable"] == "land_area")].iloc[0]
        county, year = accounts.iloc[account]
        problems.append(
            Problem(
                str(row["file"]),
                int(row["line"]),
                say(
                    "areas of ecosystems of {county} {year} add up to {sum:,.2f} km², land_area is {land:,.2f} km²",
                    county=county,
                    year=year,
                    sum=sums[account],
                    land=land[account],
                ),
                say("a difference of at most {share:.1%}", share=AREA_TOLERANCE),
                "land of unknown type is entered as unclassified",
                find_cell(row),
            )
        )
    return problems
