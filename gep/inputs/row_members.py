"""Checks that rows name known variables, and members of the lists that their variables vary over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Leaf, Observed
from gep.inputs import hints
from gep.inputs.row_problems import RowProblems, group_unique, say_always
from gep.inputs.row_units import fits_leaf
from gep.inputs.wholes import is_additive
from gep.messages.texts import Text, join_list, mark_word, name_id, say
from gep.reference.members import is_ecosystem, name_member, read_ecosystems, read_pollutants
from gep.units.registry import is_unit
from gep.variables.base import price_index

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

NO_VARIABLE = "an id of gep variables or gep coefficients"
"""What is expected of a name that is neither; a standard of one's own may declare it."""


def check_variables(finder: RowProblems, leaves: dict[str, Leaf], applicable: frozenset[str], stated: NDArray[np.bool_]) -> None:
    """Note as problems unknown ids of variables, and statements that something does not apply which cannot be stated so.

    Parameters
    ----------
    leaves     : variables and coefficients by id
    applicable : ids of services and lines that may be stated not to apply
    stated     : the rows that are such statements, flags
    """
    for text, positions in group_unique(finder, "variable"):
        says_not = positions[stated[positions]]
        if text not in applicable and len(says_not):
            near = finder.guess(hints.suggest_id, text, dict.fromkeys(applicable))
            finder.add(
                says_not,
                say_always(say("{text!r} cannot be stated not applicable", text=hints.cut(text))),
                "a service or a line of a service",
                near or "a figure that is not at hand is left out, not declared inapplicable",
            )
        figures = positions[~stated[positions]]
        if text in leaves or not len(figures):
            continue
        units = {str(one) for one in finder.rows["unit"].iloc[figures]} - {""}
        near = finder.guess(hints.suggest_id, text, leaves, _taking(leaves, units))
        finder.add(
            figures,
            say_always(say("variable is {text!r}", text=hints.cut(text))),
            NO_VARIABLE,
            near or "gep variables lists them",
            "cell_id",
        )


def _taking(leaves: dict[str, Leaf], units: set[str]) -> Callable[[str], bool]:
    """Return what says whether a variable takes figures in all of some units; units that are none say nothing."""
    known = [one for one in units if is_unit(one)]
    return lambda identity: all(fits_leaf(leaves[identity], one) for one in known)


def _filled(column: pd.Series) -> NDArray[np.bool_]:
    """Return which cells of a text column are not empty."""
    not_empty = np.array([text != "" for text in column.cat.categories], dtype=bool)
    found: NDArray[np.bool_] = not_empty[column.cat.codes.to_numpy()]
    return found


def check_members(finder: RowProblems, leaves: dict[str, Leaf], stated: NDArray[np.bool_]) -> None:
    """Note as problems members that are unknown, that a variable does not vary over, or that a row of it must name and does not.

    Parameters
    ----------
    leaves : variables and coefficients by id
    stated : rows that state that something does not apply, flags
    """
    closed = {ECOSYSTEM: read_ecosystems(), POLLUTANT: read_pollutants()}
    for axis, members in closed.items():
        unknown = {text for text in finder.rows[axis].cat.categories if text and text not in members}
        unknown = {text for text in unknown if axis != ECOSYSTEM or not is_ecosystem(text)}
        for text, positions in group_unique(finder, axis) if unknown else ():
            if text not in unknown:
                continue
            near = finder.guess(hints.suggest_id, text, members)
            finder.add(
                positions,
                say_always(say("{axis} is {text!r}", axis=mark_word(axis), text=hints.cut(text))),
                say("an id of a known {axis}", axis=mark_word(axis)),
                near or say("known: {members}", members=join_list(map(name_member, members))),
                "cell_member",
            )
    filled = {name: _filled(finder.rows[name]) for name in (ECOSYSTEM, POLLUTANT, "product")}
    for identity, positions in group_unique(finder, "variable"):
        leaf = leaves.get(identity)
        if leaf is None:
            continue
        of_leaf = positions[~stated[positions]]
        for name, has in filled.items():
            varies = any(axis == name or (name == "product" and axis not in closed) for axis in leaf.axes)
            if not varies:
                finder.add(
                    of_leaf[has[of_leaf]],
                    lambda at, name=name, identity=identity: say(
                        "{identity} names the {name} {member}",
                        identity=name_id(identity, leaves),
                        name=mark_word(name),
                        member=name_member(str(finder.rows[name].iloc[at])),
                    ),  # type: ignore[misc]
                    _one_figure(name, leaf, leaves),
                    column="cell_member",
                )
            elif (
                isinstance(leaf, Observed) and name != ECOSYSTEM and not leaf.extent and (name == POLLUTANT or is_additive(leaf))
            ) or (isinstance(leaf, Observed) and leaf.whole and name == POLLUTANT):
                _ask_for_each(finder, of_leaf[~has[of_leaf]], name, leaf, leaves)
            elif isinstance(leaf, Observed) and leaf.extent and not leaf.whole:
                finder.add(
                    of_leaf[~has[of_leaf]],
                    lambda _, name=name, identity=identity: say(
                        "{identity} has no {name}", identity=name_id(identity, leaves), name=mark_word(name)
                    ),  # type: ignore[misc]
                    _YEAR_OF_INDEX if identity == price_index.id else say("one row for each {name}", name=mark_word(name)),
                    _WRITE_YEAR
                    if identity == price_index.id
                    else say("the rows of {identity} say which of them the county has", identity=name_id(identity, leaves)),
                    "cell_member",
                )
        if identity == price_index.id:
            _check_index_years(finder, of_leaf, leaves)


def _check_index_years(finder: RowProblems, positions: NDArray[np.intp], leaves: dict[str, Leaf]) -> None:
    """Note as problems rows of the price index that are not for a year."""
    years = finder.rows["product"].astype(str).to_numpy()
    finder.add(
        [int(at) for at in positions if years[at] and not re.fullmatch(r"(?:19|20)[0-9]{2}", years[at])],
        lambda at: say("{identity} is for {member!r}", identity=name_id(price_index.id, leaves), member=hints.cut(years[at])),
        _YEAR_OF_INDEX,
        _WRITE_YEAR,
        "cell_member",
    )


_YEAR_OF_INDEX = "the year that the index is of, four digits"
_WRITE_YEAR = "write the year alone, such as 2026, in the column product (类别)"


def _ask_for_each(finder: RowProblems, positions: NDArray[np.intp], axis: str, leaf: Leaf, leaves: dict[str, Leaf]) -> None:
    """Note rows that name no member of an axis where one figure for all of them would be taken once for each."""
    finder.add(
        positions,
        lambda _: say("{identity} has no {name}", identity=name_id(leaf.id, leaves), name=mark_word(axis)),
        say("one row for each {name}", name=mark_word(axis)),
        say("one figure for all of them would be counted once for each"),
        "cell_member",
    )


def _one_figure(axis: str, leaf: Leaf, leaves: dict[str, Leaf]) -> Text:
    """Return what a row of a leaf that does not vary over an axis looks like."""
    own = name_id(leaf.id, leaves)
    if not leaf.axes:
        return say("no {name}; {identity} is one figure", name=mark_word(axis), identity=own)
    return say(
        "no {name}; {identity} is one figure by {axes}",
        name=mark_word(axis),
        identity=own,
        axes=join_list(mark_word(one) for one in leaf.axes),
    )
