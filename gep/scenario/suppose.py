"""Puts the changes of a scenario into the figures of a stored account: rows as an office could have handed them in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.account.arrays import find_item_axis
from gep.inputs.validate import check_rows
from gep.messages.problems import Problem, refuse
from gep.messages.texts import join_list, say
from gep.reference.members import WHOLE, Members, list_groups_of, name_member
from gep.scenario.document import AREA
from gep.units.registry import find_factor

if TYPE_CHECKING:
    from gep.explain.rebuild import RecomputedAccount
    from gep.inputs.rows import Inputs
    from gep.scenario.document import Change, Scenario

NO_MEMBERS: Members = (WHOLE, WHOLE, WHOLE)
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
    """Return the figures of a scenario: those of the account with its changes, of which no two change the same.

    Parameters
    ----------
    account : the stored account, evaluated again
    figures : its own, with the types that a scenario makes

    Raises
    ------
    Problems : more land than there is, and changes of figures that the account does not have
    """
    found, problems = _move_land(figures, scenario)
    changes = [one for one in scenario.changes if not one.is_transition]
    named = {one.variable for one in changes}
    within = defaultdict[tuple[str, Members], list[int]](list)
    for at, figure in enumerate(found):
        if figure.variable in named:
            for group in list_groups_of(figure.members):
                within[figure.variable, group].append(at)
    items = {one.members[2] for one in found}
    used = {name: _UsedFigures(account, name) for name in {one.variable for one in changes if one.value is None}}
    changed: dict[int, Figure | None] = {}
    added: list[Figure] = []
    for one in changes:
        own = within.get((one.variable, one.members), [])
        if one.value is not None:
            if one.members[2] and one.members[2] not in items:
                found_there = say("the account has no {name}", name=one.members[2])
                problems.append(Problem(one.file, one.line, found_there, "an item of the account"))
            changed |= dict.fromkeys(own)
            added.append(_suppose_figure(one, one.members, one.value, one.unit))
            continue
        factor = one.factor if one.factor is not None else 1.0
        above = used[one.variable].list_from_above(one, {found[at].members for at in own})
        if not own and not above:
            what = " ".join(filter(None, (one.variable, *one.members)))
            problems.append(
                Problem(one.file, one.line, say("the account uses no figure of {name}", name=what), "a figure it uses")
            )
        changed |= {
            at: replace(found[at], value=repr(float(found[at].value) * factor), file=one.file, line=one.line) for at in own
        }
        added += [_suppose_figure(one, members, value * factor, unit) for members, value, unit in above]
    refuse(problems)
    return [*(kept for at, one in enumerate(found) if (kept := changed.get(at, one)) is not None), *added]


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


class _UsedFigures:
    """What the account uses of one variable, by every group of members that it is within."""

    def __init__(self, account: RecomputedAccount, variable: str) -> None:
        self._account = account
        self._differs = (False, False, False)
        """Whether figures of the variable differ by ecosystem, pollutant, product."""
        self._within = defaultdict[Members, dict[Members, int]](dict)
        leaf, winners = account.leaf.get(variable), account.winners.get(variable)
        if leaf is None or winners is None:
            return
        axis = find_item_axis(leaf)
        self._differs = (winners.shape[1] > 1, winners.shape[2] > 1, axis is not None and winners.shape[3] > 1)
        for place in np.argwhere(~np.isnan(winners)):
            _, ecosystem, pollutant, item = (int(one) for one in place)
            names = (
                account.labels.ecosystem[ecosystem],
                account.labels.pollutant[pollutant],
                account.labels.name(axis, 0, item) if axis else WHOLE,
            )
            members = self._take(names, NO_MEMBERS)
            for group in list_groups_of(members):
                self._within[group][members] = int(winners[tuple(place)])

    def list_from_above(self, change: Change, taken: set[Members]) -> list[tuple[Members, float, str]]:
        """Return the members of a change whose figure is that of their group, the county or a table: its value and unit as given.

        Parameters
        ----------
        taken : members of the figures that the change found
        """
        within = self._within.get(self._take(change.members, NO_MEMBERS), {})
        found = {self._take(members, change.members): row for members, row in within.items()}
        found = {members: row for members, row in found.items() if taken.isdisjoint(list_groups_of(members))}
        if len(set(found.values())) == 1 and not taken:
            return [(change.members, *_as_given(self._account, next(iter(found.values()))))]
        return [(members, *_as_given(self._account, row)) for members, row in found.items() if any(members)]

    def _take(self, members: Members, others: Members) -> Members:
        """Return members along the axes by which figures differ, others along those by which they do not."""
        ecosystem, pollutant, product = (
            one if differs else other for differs, one, other in zip(self._differs, members, others, strict=True)
        )
        return ecosystem, pollutant, product


def _as_given(account: RecomputedAccount, row: int) -> tuple[float, str]:
    own = len(account.inputs)
    if row < own:
        return float(account.inputs[row]["value_given"]), str(account.inputs[row]["unit_given"] or "")
    return float(account.used[row - own]["value"]), str(account.used[row - own]["unit"])


def _suppose_figure(change: Change, members: Members, value: float, unit: str) -> Figure:
    return Figure(change.variable, members, repr(value), unit, change.file, "", change.file, change.line)
