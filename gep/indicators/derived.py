"""Computes figures of a set from others of it: `protected_wetland / wetland`, for every place and year at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gep.formula.evaluate import Evaluation, EvaluationInputs
from gep.formula.show import show_text
from gep.formula.walk import list_leaves
from gep.indicators.figures import FIGURE, Figure
from gep.indicators.own_formula import make_step
from gep.units.registry import scale_number

if TYPE_CHECKING:
    from gep.indicators.figures import Figures
    from gep.indicators.sets import IndicatorSet


def derive(figures: Figures, wanted: IndicatorSet) -> Figures:
    """Return the figures with those that the set computes, wherever all parts are exact and the figure was not handed in."""
    known = {one.id: one for one in wanted.indicators}
    accounts = sorted({(place, year) for place, year, _, kind in figures if kind == FIGURE})
    found = dict(figures)
    for one in wanted.indicators:
        if not one.formula or not accounts:
            continue
        step = make_step(one, known, wanted.source)
        parts = sorted({leaf.id for leaf in list_leaves(step.formula)})
        given = {name: [figures.get((*account, name, FIGURE)) for account in accounts] for name in parts}
        arrays = {name: np.array([_exact(figure) for figure in column]).reshape(-1, 1, 1, 1) for name, column in given.items()}
        values = np.broadcast_to(
            Evaluation([step], EvaluationInputs(len(accounts), arrays)).run()[one.id], (len(accounts), 1, 1, 1)
        ).reshape(-1)
        for at, (place, year) in enumerate(accounts):
            number = float(values[at])
            if math.isfinite(number):
                addresses = " ".join(figure.address for column in given.values() if (figure := column[at]))
                made = Figure(
                    place,
                    year,
                    one.id,
                    FIGURE,
                    scale_number(number, 1),
                    "",
                    show_text(step.formula),
                    one.unit,
                    wanted.source,
                    "",
                    addresses,
                )
                found.setdefault((place, year, one.id, FIGURE), made)
    return found


def _exact(figure: Figure | None) -> float:
    return math.nan if figure is None or figure.number is None or figure.bound else figure.number
