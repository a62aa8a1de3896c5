"""The figures that a standard only shows, as a table: one row a figure and member, beside the totals and never in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.account.missing import Reasons
from gep.formula.nodes import ECOSYSTEM, PLACES, POLLUTANT, Constant, If, Leaf, Rule, children, total
from gep.rules.service import SHOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.account.binding import Binding
    from gep.formula.evaluate import Evaluation, Flags, Floats, Step
    from gep.formula.nodes import Node
    from gep.standards.plan import Plan

COLUMNS = ("account", "figure", "service", "ecosystem", "pollutant", "item", "value", "unit", "value_constant", "missing")


def tabulate_shown(plan: Plan, binding: Binding, current: Evaluation, constant: Evaluation | None) -> pd.DataFrame:
    """Return the figures that are only shown, in the order of the standard.

    Returns
    -------
    columns account, figure, service (empty: of the whole account), ecosystem, pollutant, item, value and value_constant in unit,
    missing (ids of what is missing where no member has a value, joined by semicolons)
    """
    reasons = Reasons(current, binding)
    rows: list[dict[str, object]] = []
    for step in plan.steps:
        if step.variant == SHOWN:
            rows += _list_rows(step, binding, current, constant, reasons)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"account": "int64", "value": "float64", "value_constant": "float64"})


def flag_members(evaluation: Evaluation, step: Step) -> Flags:
    """Return the cells of a figure that the account has: types and items it lists with more than 0 of, and that the service counts.

    Returns
    -------
    flags on (account, ecosystem, pollutant, item) that broadcast to the figure's
    """
    found: Flags = np.ones((1, 1, 1, 1), dtype=bool)
    for axis in step.rule.axes:
        taking, _ = evaluation.members(total(step.formula, over=axis), step.scope)
        if taking is not None:
            found = found & taking
        counting = _list_counting(step.formula, axis)
        if counting:
            found = found & np.logical_or.reduce([evaluation.bound.arrays[leaf.id] != 0 for leaf in counting])
    return found


def _list_counting(node: Node, axis: str) -> list[Leaf] | None:
    """Return what says which members of an axis services count, where all results in a formula that vary over it are of such; else None.

    A member that none of them counts is no row of 0.
    """
    match node:
        case If(condition=Leaf() as leaf, then=Rule(), otherwise=Constant(value=0.0)) if leaf.axes == (axis,):
            return [leaf]
        case Rule() if axis in node.axes:
            return None
    found: list[Leaf] = []
    for part in children(node):
        of_part = _list_counting(part, axis)
        if of_part is None:
            return None
        found += of_part
    return found


def _list_rows(
    step: Step, binding: Binding, current: Evaluation, constant: Evaluation | None, reasons: Reasons
) -> list[dict[str, object]]:
    rule, labels = step.rule, binding.labels
    result = current.results[rule.id]
    shape = (binding.bound.accounts, *result.shape[1:])
    cells, has = _spread(result, shape), np.broadcast_to(flag_members(current, step), shape)
    then = _spread(constant.results[rule.id], shape) if constant is not None else np.full(shape, np.nan)
    found: list[dict[str, object]] = []
    lacks_all = np.ones(shape[0], dtype=bool)
    for account, eco, kind, place in zip(*(at.tolist() for at in np.nonzero(has & ~np.isnan(cells))), strict=True):
        at = (account, eco, kind, place)
        names = {
            axis: labels.name(axis, account, at[PLACES.get(axis, 3)]) for axis in rule.axes if shape[PLACES.get(axis, 3)] > 1
        }
        item = next((text for axis, text in names.items() if axis not in PLACES), "")
        lacks_all[account] = False
        found.append(_row(step, account, names.get(ECOSYSTEM, ""), names.get(POLLUTANT, ""), item, cells[at], then[at], ""))
    missing = reasons.missing(rule, step.scope, lacks_all)
    found += [_row(step, at, "", "", "", np.nan, np.nan, str(missing[at])) for at in np.flatnonzero(lacks_all).tolist()]
    return found


def _row(
    step: Step, account: int, ecosystem: str, pollutant: str, item: str, value: float, then: float, missing: str
) -> dict[str, object]:
    figures = {"value": float(value), "unit": step.rule.unit, "value_constant": float(then), "missing": missing}
    return {
        "account": account,
        "figure": step.rule.id,
        "service": step.scope,
        "ecosystem": ecosystem,
        "pollutant": pollutant,
        "item": item,
        **figures,
    }


def _spread(cells: Floats, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.broadcast_to(cells, shape)
