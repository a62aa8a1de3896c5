"""Takes figures from last year's stored account, where the standard says so: the state that this year's is compared with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from gep.reference.periods import as_year
from gep.store.earlier import read_quantity_before
from gep.units.registry import find_factor
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from gep.inputs.rows import Inputs
    from gep.standards.model import Standard
    from gep.store.store import Store

_TEXTS = ("variable", "ecosystem", "pollutant", "product", "unit_given", "source", "note", "file")


def take_earlier(store: Store, inputs: Inputs, standard: Standard) -> Inputs:
    """Return the inputs with the figures that the standard reads from last year's account; what a county states itself stays.

    The figure is a row of its own, whose source names account and run; without such an account it stays missing.
    """
    if not standard.earlier or not store.exists:
        return inputs
    given = set(zip(inputs.rows["account"].tolist(), inputs.rows["variable"].astype(str), strict=True))
    units = {name: ({**VARIABLES, **standard.known_leaves})[name].unit for name in standard.earlier}
    rows: list[dict[str, Any]] = []
    with store:
        for at, (county, year) in enumerate(zip(inputs.accounts["county"].astype(str), inputs.accounts["year"], strict=True)):
            for figure, name in standard.earlier.items():
                if (at, figure) not in given and (
                    found := read_quantity_before(store, county, int(year), standard.key, name)
                ) is not None:
                    rows.append({"account": at, **_make_row(figure, units[figure], name, *found)})
    if not rows:
        return inputs
    added = pd.DataFrame(rows).reindex(columns=list(inputs.rows.columns))
    frame = pd.concat([inputs.rows, added], ignore_index=True)
    for text in (*_TEXTS, *(("cell",) if "cell" in frame else ())):
        frame[text] = frame[text].astype(object).fillna("").astype(str).astype("category")
    frame["value_given"] = frame["value_given"].astype(str)
    frame = frame.sort_values(["account", "line"], kind="stable", ignore_index=True)
    return replace(inputs, rows=frame.astype({"account": inputs.rows["account"].dtype, "line": inputs.rows["line"].dtype}))


def _make_row(
    figure: str, leaf_unit: str, name: str, quantity: float, unit: str, code: str, year: int, run: int
) -> dict[str, Any]:
    where = f"{code} {as_year(year)} run {run}"
    return {
        "variable": figure,
        "ecosystem": "",
        "pollutant": "",
        "product": "",
        "value": quantity * find_factor(unit, leaf_unit),
        "price_year": 0,
        "value_given": repr(quantity),
        "unit_given": unit,
        "source": f"库内上年账户 | last year's account in the store: {where}",
        "note": f"{name} 的实物量 | quantity of {name}",
        "file": f"STORE {where}",
        "line": 0,
    }
