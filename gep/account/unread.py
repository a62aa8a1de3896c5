"""Finds figures that were accepted and have no effect: no counted rule reads them, or a figure that says more goes before them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gep.account.notices import Notice
from gep.account.prices_read import find_index_rows_read
from gep.formula.evaluate import NEVER
from gep.formula.nodes import Rule
from gep.formula.reading import find_cells_read
from gep.inputs.row_problems import list_places, list_values, place_of
from gep.inputs.workbook.layout import FACTS
from gep.messages.title import Title
from gep.reference.members import read_ecosystems, read_pollutants
from gep.rules.catalogue import COEFFICIENTS, SERVICES
from gep.rules.service import SHOWN
from gep.variables.base import price_index
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from gep.account.arrays import LeafArrays
    from gep.account.prices_read import PriceYears
    from gep.formula.evaluate import Evaluation, Flags
    from gep.formula.nodes import Leaf
    from gep.inputs.rows import Inputs
    from gep.rules.service import Service

UNREAD = "unread"
"""The code of a notice about figures without effect."""
CHECKED_WHOLE = "whole"
"""The code of a notice about a total that agrees with its parts, which are counted."""
_SAID = {
    False: ("本标准下没有规则使用此填报值", "read by nothing under this standard"),
    True: ("合计与分项相符,按分项计,不重复计", "agrees with its parts, which are counted in its place"),
}
MEMBERS = ("ecosystem", "pollutant", "product")
DOES_NOT_APPLY = "not applicable"
READ_BY_REPORTS = frozenset(FACTS) - {price_index.id}
"""Variables that ratios and checks rest on, not rules."""


class Unread(NamedTuple):
    """A figure that was accepted and has no effect.

    Attributes
    ----------
    account : number of the account
    members : ids of the members it is of
    given   : value and unit as given
    place   : `file!sheet!cell` or `file:line`
    whole   : it agrees with its parts, which are counted in its place
    """

    account: int
    variable: str
    members: tuple[str, ...]
    given: str
    place: str
    whole: bool = False


def find_rows_read(
    evaluation: Evaluation,
    cells: LeafArrays,
    leaves: Mapping[str, Leaf],
    count: int,
    services: Mapping[str, Service] = SERVICES,
    prices: PriceYears | None = None,
) -> NDArray[np.bool_]:
    """Return which rows of the inputs have an effect on an account.

    Parameters
    ----------
    evaluation : has run
    cells  : where the rows stand in the arrays
    leaves : by id
    count  : how many rows there are
    prices : price years of the rows; without them no row of the price index counts as read

    Returns
    -------
    flags of shape (rows,)
    """
    read = np.zeros(count, dtype=bool)
    numbers = np.arange(count, dtype=np.float64)
    reached = find_cells_read(evaluation, list_rules_that_count(evaluation, services))
    for identity, places in cells.at.items():
        if identity in READ_BY_REPORTS:
            read[places] = True
        if identity not in reached or identity not in leaves:
            continue
        winners, flags = cells.fill(leaves[identity], numbers), reached[identity]
        taken = np.broadcast_to(winners, np.broadcast_shapes(winners.shape, flags.shape))[
            np.broadcast_to(flags, np.broadcast_shapes(winners.shape, flags.shape))
        ]
        read[taken[~np.isnan(taken)].astype(np.int64)] = True
    return read if prices is None else read | find_index_rows_read(prices, cells.account, read, reached)


def list_rules_that_count(evaluation: Evaluation, services: Mapping[str, Service] = SERVICES) -> Iterator[tuple[str, Flags]]:
    """Yield the rules that an account prints (of services, of the lines it counts, only shown), and the accounts each applies to.

    Parameters
    ----------
    services : with the lines of the standard, by id
    """
    inapplicable = evaluation.bound.inapplicable
    every = np.ones((1, 1, 1, 1), dtype=bool)
    yield from ((step.rule.id, every) for step in evaluation.steps.values() if step.variant == SHOWN)
    for identity, service in services.items():
        if f"{identity}.value" not in evaluation.results:
            continue
        applies = ~inapplicable.get(identity, NEVER)
        yield f"{identity}.value", applies
        for line in service.lines:
            if line.value.id not in evaluation.results:
                continue
            for rule in (*line.quantities, *line.prices, line.value, line.detail):
                if isinstance(rule, Rule) and rule.id in evaluation.results:
                    yield rule.id, applies & ~inapplicable.get(line.id, NEVER)


def list_unread(
    inputs: Inputs, read: NDArray[np.bool_], wholes: NDArray[np.bool_], counted: Container[str]
) -> tuple[Unread, ...]:
    """Return the figures that have no effect, and the statements that something does not apply which does not count anyway.

    Parameters
    ----------
    read    : which rows have an effect, flags of shape (rows,)
    wholes  : which rows were checked against their parts, which are counted; flags of shape (rows,)
    counted : ids of services and lines that the standard counts, which alone can be stated not to apply
    """
    at = np.flatnonzero(~read)
    accounts, variables, values, units = (
        list_values(inputs.rows[name], at) for name in ("account", "variable", "value_given", "unit_given")
    )
    given = [f"{value} {unit}".strip() for value, unit in zip(values, units, strict=True)]
    members = _list_members([list_values(inputs.rows[name], at) for name in MEMBERS])
    found = list(map(Unread, accounts, variables, members, given, list_places(inputs.rows, at), wholes[at].tolist()))
    stated = [row for row in inputs.inapplicable.to_dict("records") if row["id"] not in counted]
    found += [Unread(int(row["account"]), str(row["id"]), (), DOES_NOT_APPLY, place_of(row)) for row in stated]
    return tuple(found)


def _list_members(columns: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the members that each row names; of those that name the same it is one tuple."""
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for one in zip(*columns, strict=True):
        named = known.get(one)
        yield known.setdefault(one, tuple(filter(None, one))) if named is None else named


def note_unread(unread: Iterable[Unread]) -> list[Notice]:
    """Return a notice for each account and variable with figures that nothing reads, with the cells they stand in."""
    cells: dict[tuple[int, str, bool], list[Unread]] = {}
    for one in unread:
        cells.setdefault((one.account, one.variable, one.whole), []).append(one)
    found = []
    for (account, variable, whole), several in cells.items():
        zh = ";".join([f"{_join_titles(one.members)}{one.given}({one.place})" for one in several])
        en = "; ".join([f"{' '.join((*one.members, one.given))} ({one.place})" for one in several])
        text_zh = f"{_title(variable).zh} {variable}:{_SAID[whole][0]}:{zh.replace(DOES_NOT_APPLY, '不适用')}"
        code = CHECKED_WHOLE if whole else UNREAD
        found.append(Notice(account, code, "", text_zh, f"{variable}: {_SAID[whole][1]}: {en}"))
    return found


@cache
def _join_titles(members: tuple[str, ...]) -> str:
    return "".join(f"{_title(name).zh} " for name in members)


@cache
def _title(identity: str) -> Title:
    leaf = VARIABLES.get(identity, COEFFICIENTS.get(identity))
    if leaf is not None:
        return leaf.title
    if identity in SERVICES:
        return SERVICES[identity].title
    found = {**read_ecosystems(), **read_pollutants()}.get(identity)
    return found.title if found else Title(identity, identity)
