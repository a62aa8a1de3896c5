"""Puts the reference value of the county where a row says 参考: its figure, its unit, and a source that begins with 参考."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gep.reference.county_references import WORDS, find_county_reference
from gep.units.registry import print_unit

if TYPE_CHECKING:
    from gep.reference.county_references import CountyReference

_TEXTS = ("unit", "source")


def take_references(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with reference values in the place of the word that takes them over; where there is none the word stays.

    Parameters
    ----------
    rows : as in `check_rows`, texts as categories
    """
    values = rows["value"]
    if pd.api.types.is_numeric_dtype(values.dtype):
        return rows
    asking = values.astype(str).str.strip().str.lower().isin(WORDS).to_numpy().nonzero()[0]
    if not len(asking):
        return rows
    taken = rows.copy(deep=False)
    taken["value"] = values.astype(object)
    for name in _TEXTS:
        taken[name] = rows[name].astype(object)
    for at in asking.tolist():
        found = _find(rows, at)
        if found is None:
            continue
        place = taken.index[at]
        taken.loc[place, ["value", *_TEXTS]] = [found.value, print_unit(found.unit), found.stated_source]
    return taken.astype(dict.fromkeys(_TEXTS, "category"))


def _find(rows: pd.DataFrame, at: int) -> CountyReference | None:
    row = rows.iloc[at]
    members = (str(row[name]) for name in ("ecosystem", "pollutant", "product"))
    return find_county_reference(str(row["county"]), str(row["variable"]), members)
