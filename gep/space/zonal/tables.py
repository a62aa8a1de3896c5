"""Makes zonal rows into the inputs of accounts, together with what tables say of the same counties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.inputs.rows import AS_TEXT, Inputs
from gep.inputs.validate import check_rows
from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, say
from gep.rules.catalogue import COEFFICIENTS
from gep.space.zonal.extract import COLUMNS, UNCLASSIFIED, Row, list_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gep.formula.nodes import Leaf
    from gep.reference.crosswalk import Crosswalk

PLACE = "zonal sums"


def list_every_type(codes: Iterable[str], crosswalk: Crosswalk, year: int) -> list[Row]:
    """Return rows that list every ecosystem type of a crosswalk in every zone, so that all coefficients are looked up for it.

    Parameters
    ----------
    codes : six-digit codes of the zones
    """
    types, _ = list_types(crosswalk)
    return [Row(code, year, "area", name, 1.0, "km2", "", "") for code in codes for name in types if name != UNCLASSIFIED]


def take_over_rows(tables: Inputs, codes: Iterable[str], year: int, replaced: frozenset[str]) -> list[Row]:
    """Return the rows of tables about the zones in a year, in the units given, but for variables that rasters give.

    Parameters
    ----------
    codes    : six-digit codes of the zones
    replaced : ids of the variables that rasters give
    """
    wanted = set(codes)
    counties, years = tables.accounts["county"], tables.accounts["year"]
    found = []
    for row in tables.rows.to_dict("records"):
        county = str(counties.iloc[int(row["account"])])
        if county not in wanted or int(years.iloc[int(row["account"])]) != year or row["variable"] in replaced:
            continue
        labels = {name: str(row[name]) for name in ("pollutant", "product")}
        place = f"taken over from {row['file']}:{row['line']}"
        note = f"{row['note']}; {place}" if row["note"] else place
        variable, ecosystem, source = (str(row[name]) for name in ("variable", "ecosystem", "source"))
        found.append(
            Row(county, year, variable, ecosystem, float(row["value_given"]), str(row["unit_given"]), source, note, **labels)
        )
    return found


def make_inputs(
    rows: Iterable[Row], tables: Inputs | None, replaced: frozenset[str], known: Mapping[str, Leaf] = COEFFICIENTS
) -> Inputs:
    """Return the inputs made of zonal rows and of tables.

    Parameters
    ----------
    rows     : all of one year
    tables   : rows of tables; those of other counties and years are left out
    replaced : variables whose rows in the tables are left out, because rasters give them
    known    : what rows may be about beside the glossary, by id

    Raises
    ------
    Problems : the tables hold nothing for the zones and the year
    """
    cells = [row.cells() for row in rows]
    frame = pd.DataFrame({name: list(values) for name, values in zip(COLUMNS, zip(*cells, strict=True), strict=True)})
    frame["year"] = frame["year"].astype(str)
    frame["line"] = np.arange(1, len(frame) + 1)
    frame["file"] = PLACE
    inputs, problems = check_rows(frame, known, frozenset())
    refuse(problems)
    return inputs if tables is None else _with_tables(inputs, tables, replaced)


def _with_tables(inputs: Inputs, tables: Inputs, replaced: frozenset[str]) -> Inputs:
    ours = pd.MultiIndex.from_frame(inputs.accounts)
    theirs = pd.MultiIndex.from_frame(tables.accounts)
    number = ours.get_indexer(theirs)
    if (number < 0).all():
        years = join_list(map(str, sorted(set(tables.accounts["year"]))))
        file = next(iter(tables.files), "--inputs")
        refuse(
            [
                Problem(
                    file,
                    0,
                    say(
                        "the tables hold {count} accounts of {years}, none of the zones in {year}",
                        count=len(tables.accounts),
                        years=years,
                        year=inputs.accounts["year"].iloc[0],
                    ),
                    "rows of the zones in the year of --year",
                )
            ]
        )
    kept = tables.rows[(number[tables.rows["account"]] >= 0) & ~tables.rows["variable"].astype(str).isin(replaced)].copy()
    kept["account"] = number[kept["account"]]
    rows = pd.concat([one.astype(dict.fromkeys(AS_TEXT, str)) for one in (inputs.rows, kept)], ignore_index=True)
    rows = rows.astype(dict.fromkeys(AS_TEXT, "category")).sort_values(["account"], kind="stable", ignore_index=True)
    stated = tables.inapplicable[number[tables.inapplicable["account"]] >= 0].copy()
    stated["account"] = number[stated["account"]]
    return Inputs(inputs.accounts, rows, stated, dict(tables.files))
