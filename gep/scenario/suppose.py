"""Puts the changes of a scenario into the figures of a stored account: rows as an office could have handed them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.account.arrays import find_item_axis
from gep.inputs.validate import check_rows
from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, say
from gep.reference.members import list_types_above, name_member
from gep.scenario.document import AREA
from gep.units.registry import find_factor

if TYPE_CHECKING:
    from gep.explain.rebuild import RecomputedAccount
    from gep.inputs.rows import Inputs
    from gep.scenario.document import Change, Scenario

Members = tuple[str, str, str]
"""Ecosystem, pollutant and product; an empty one is none, or all."""
NOT_APPLICABLE = "not applicable"
ROUNDING = 1e-12
MOST_APART = 0.01
"""Share by which a matrix and the account may differ on the land of a type: pixels at its border."""


@dataclass(frozen=True)
class Figure:
    """A figure as given, or the statement that a service does not apply; and where it stands."""

    variable: str
    members: Members
    value: str
    unit: str
    source: str
    note: str
    file: str
    line: int


def list_figures(account: RecomputedAccount) -> list[Figure]:
    """Return the figures of a stored account as they were given, and what it states not to apply."""
    stated = [
        Figure(name, ("", "", ""), NOT_APPLICABLE, "", why or "stored account", why, "", 0)
        for name, why in account.record.reasons.items()
    ]
    return [
        *(
            Figure(
                str(row["variable"]),
                (row["ecosystem"] or "", row["pollutant"] or "", row["product"] or ""),
                str(row["value_given"]),
                row["unit_given"] or "",
                row["source"] or "",
                row["note"] or "",
                str(row["file"]),
                int(row["line"] or 0),
            )
            for row in account.inputs
        ),
        *stated,
    ]


def list_empty_types(figures: list[Figure], scenarios: tuple[Scenario, ...]) -> list[Figure]:
    """Return an area of 0 for every type that some scenario makes and the account does not have."""
    has = {one.members[0] for one in figures if one.variable == AREA}
    made = {one.target: one for scenario in scenarios for one in scenario.changes if one.is_transition}
    return [_suppose_figure(made[name], (name, "", ""), 0.0, "km2") for name in sorted(set(made) - has)]


def suppose(account: RecomputedAccount, figures: list[Figure], scenario: Scenario) -> list[Figure]:
    """Return the figures of a scenario: those of the account with its changes.

    Parameters
    ----------
    account : the stored account, evaluated again
    figures : its own, with the types that a scenario makes

    Raises
    ------
    Problems : more land than there is, and changes of figures that the account does not have
    """
    found, problems = _move_land(figures, scenario)
    for one in scenario.changes:
        if one.is_transition:
            continue
        change = _set_figures if one.value is not None else _scale_figures
        changed = change(account, found, one)
        if isinstance(changed, Problem):
            problems.append(changed)
        else:
            found = changed
    refuse(problems)
    return found


def read_together(account: RecomputedAccount, batch: list[list[Figure]]) -> Inputs:
    """Return the figures of several accounts of one county and year as one batch, validated like any inputs.

    Raises
    ------
    Problems : what a supposed figure would be refused for: its unit, its bounds, its members
    """
    standard = account.standard
    read, problems = [], []
    for figures in batch:
        inputs, found = check_rows(_make_frame(account, figures), standard.known_leaves, standard.applicable)
        read.append(inputs)
        problems += found
    refuse(list(dict.fromkeys(problems)))
    rows = pd.concat([one.rows.assign(account=at) for at, one in enumerate(read)], ignore_index=True)
    for name in ("variable", "ecosystem", "pollutant", "product", "unit_given", "source", "note", "file"):
        rows[name] = rows[name].astype(str).astype("category")
    return replace(
        read[0],
        rows=rows,
        accounts=pd.concat([one.accounts for one in read], ignore_index=True),
        inapplicable=pd.concat([one.inapplicable.assign(account=at) for at, one in enumerate(read)], ignore_index=True),
    )


def is_within(group: Members, members: Members) -> bool:
    """Return whether members are those of a group of them, an empty one holding all."""
    return all(not a or a in list_types_above(b) for a, b in zip(group, members, strict=True))


def _make_frame(account: RecomputedAccount, figures: list[Figure]) -> pd.DataFrame:
    names = ("ecosystem", "pollutant", "product")
    return pd.DataFrame(
        [
            {
                "county": str(account.head["county"]),
                "year": str(account.year),
                **dict(zip(names, one.members, strict=True)),
                **{name: getattr(one, name) for name in ("variable", "value", "unit", "source", "note", "file", "line")},
            }
            for one in figures
        ]
    )


def _move_land(figures: list[Figure], scenario: Scenario) -> tuple[list[Figure], list[Problem]]:
    """Return the figures with the areas after all transitions, and what cannot be moved."""
    problems: list[Problem] = []
    moves = [one for one in scenario.changes if one.is_transition]
    areas = {one.members[0]: float(one.value) * find_factor(one.unit, "km^2") for one in figures if one.variable == AREA}
    problems += _find_unbalanced(areas, scenario)
    leaving = dict.fromkeys(areas, 0.0)
    change = dict.fromkeys(areas, 0.0)
    for one in moves:
        if one.origin not in areas:
            found = say("the account has no area of {name}", name=name_member(one.origin))
            there = say("a type that the account has an area of: {names}", names=join_list(areas))
            problems.append(Problem(one.file, one.line, found, there))
            continue
        leaving[one.origin] += one.area
        if leaving[one.origin] > areas[one.origin] * (1 + ROUNDING):
            found = say("{area:.6g} km² of {name} change", area=leaving[one.origin], name=name_member(one.origin))
            expected = say("at most the {area:.6g} km² there are", area=areas[one.origin])
            problems.append(Problem(one.file, one.line, found, expected))
        change[one.origin] -= one.area
        change[one.target] += one.area
    return [
        replace(
            one,
            value=repr(max(areas[one.members[0]] + change[one.members[0]], 0.0) * find_factor("km^2", one.unit)),
            file=scenario.file,
            line=moves[0].line,
        )
        if one.variable == AREA and change[one.members[0]]
        else one
        for one in figures
    ], problems


def _find_unbalanced(areas: dict[str, float], scenario: Scenario) -> list[Problem]:
    """Return a problem for each type of a whole matrix, which says what stays too, whose land is not that of the account."""
    problems = []
    for stays in scenario.matrix:
        if stays.origin != stays.target:
            continue
        before = sum(one.area for one in scenario.matrix if one.origin == stays.origin)
        there = areas.get(stays.origin, 0.0)
        if abs(before - there) > MOST_APART * max(there, before):
            found = say("the matrix has {area:.6g} km² of {name} before", area=before, name=name_member(stays.origin))
            expected = say("the {area:.6g} km² of the account, to 1 %", area=there)
            problems.append(Problem(stays.file, stays.line, found, expected, "a matrix of the account's own place and year"))
    return problems


def _set_figures(account: RecomputedAccount, figures: list[Figure], change: Change) -> list[Figure] | Problem:  # noqa: ARG001 - the twin of _scale_figures
    """Return the figures with one in place of those of the members of a change."""
    product = change.members[2]
    if product and all(one.members[2] != product for one in figures):
        return Problem(change.file, change.line, say("the account has no {name}", name=product), "an item of the account")
    kept = [one for one in figures if one.variable != change.variable or not is_within(change.members, one.members)]
    return [*kept, _suppose_figure(change, change.members, change.value or 0.0, change.unit)]


def _scale_figures(account: RecomputedAccount, figures: list[Figure], change: Change) -> list[Figure] | Problem:
    """Return the figures with those of the members of a change times its factor; a wider figure becomes one of their own."""
    factor = change.factor if change.factor is not None else 1.0
    own = [one for one in figures if one.variable == change.variable and is_within(change.members, one.members)]
    taken = {one.members for one in own}
    above = _list_from_above(account, change, taken)
    if not taken and not above:
        what = " ".join(filter(None, (change.variable, *change.members)))
        found = say("the account uses no figure of {name}", name=what)
        return Problem(change.file, change.line, found, "a figure it uses")
    return [
        *(
            replace(one, value=repr(float(one.value) * factor), file=change.file, line=change.line) if one in own else one
            for one in figures
        ),
        *(_suppose_figure(change, members, value * factor, unit) for members, value, unit in above),
    ]


def _list_from_above(account: RecomputedAccount, change: Change, taken: set[Members]) -> list[tuple[Members, float, str]]:
    """Return the members of a change whose figure is that of their group, the county or a table: its value and unit as given.

    Parameters
    ----------
    taken : members of the figures that the change found
    """
    leaf, winners = account.leaf.get(change.variable), account.winners.get(change.variable)
    if leaf is None or winners is None:
        return []
    axis = find_item_axis(leaf)
    found: dict[Members, int] = {}
    for place in np.argwhere(~np.isnan(winners)):
        _, ecosystem, pollutant, item = (int(one) for one in place)
        members = (
            account.labels.ecosystem[ecosystem] if winners.shape[1] > 1 else change.members[0],
            account.labels.pollutant[pollutant] if winners.shape[2] > 1 else change.members[1],
            account.labels.name(axis, 0, item) if axis and winners.shape[3] > 1 else change.members[2],
        )
        if is_within(change.members, members) and not any(is_within(one, members) for one in taken):
            found[members] = int(winners[tuple(place)])
    if len(set(found.values())) == 1 and not taken:
        return [(change.members, *_as_given(account, next(iter(found.values()))))]
    return [(members, *_as_given(account, row)) for members, row in found.items() if any(members)]


def _as_given(account: RecomputedAccount, row: int) -> tuple[float, str]:
    own = len(account.inputs)
    if row < own:
        return float(account.inputs[row]["value_given"]), str(account.inputs[row]["unit_given"] or "")
    return float(account.used[row - own]["value"]), str(account.used[row - own]["unit"])


def _suppose_figure(change: Change, members: Members, value: float, unit: str) -> Figure:
    return Figure(change.variable, members, repr(value), unit, change.file, "", change.file, change.line)
