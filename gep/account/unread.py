"""Finds figures that were accepted and have no effect: no counted rule reads them, or a figure that says more goes before them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gep.account.many_notices import NoticeColumns
from gep.account.prices_read import find_index_rows_read
from gep.formula.evaluate import NEVER
from gep.formula.nodes import Rule
from gep.formula.reading import find_cells_read
from gep.inputs.row_numbers import number_keys
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

    import pandas as pd
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


class UnreadRows(Sequence[Unread]):
    """The figures that have no effect, and the statements that something does not apply which does not count anyway.

    Each is made when it is asked for: there may be hundreds of thousands.

    Attributes
    ----------
    rows   : as in `Inputs.rows`
    places : positions of the figures among them
    whole  : which of these were checked against their parts, which are counted; flags
    stated : the statements, which stand behind the figures
    """

    def __init__(self, inputs: Inputs, read: NDArray[np.bool_], wholes: NDArray[np.bool_], counted: Container[str]) -> None:
        """Keep what has no effect.

        Parameters
        ----------
        read    : which rows have an effect, flags of shape (rows,)
        wholes  : which rows were checked against their parts, flags of shape (rows,)
        counted : ids of services and lines that the standard counts, which alone can be stated not to apply
        """
        self.rows, self.places = inputs.rows, np.flatnonzero(~read)
        self.whole = wholes[self.places]
        stated = [row for row in inputs.inapplicable.to_dict("records") if row["id"] not in counted]
        self.stated = [Unread(int(row["account"]), str(row["id"]), (), DOES_NOT_APPLY, place_of(row)) for row in stated]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.places) + len(self.stated)

    @overload
    def __getitem__(self, at: int) -> Unread: ...
    @overload
    def __getitem__(self, at: slice) -> list[Unread]: ...
    def __getitem__(self, at: int | slice) -> Unread | list[Unread]:
        """Return one, or some as a list."""
        wanted = range(len(self))[at]
        if isinstance(wanted, range):
            figures = np.array([one for one in wanted if one < len(self.places)], dtype=np.int64)
            return [*self._make(figures), *(self.stated[one - len(self.places)] for one in wanted if one >= len(self.places))]
        return next(self._make(np.array([wanted]))) if wanted < len(self.places) else self.stated[wanted - len(self.places)]

    def __iter__(self) -> Iterator[Unread]:
        """Yield all in their order."""
        yield from self._make(np.arange(len(self.places)))
        yield from self.stated

    def _make(self, figures: NDArray[np.int64]) -> Iterator[Unread]:
        at = self.places[figures]
        accounts, variables, values, units = (
            list_values(self.rows[name], at) for name in ("account", "variable", "value_given", "unit_given")
        )
        given = [f"{value} {unit}".strip() for value, unit in zip(values, units, strict=True)]
        members = _list_members([list_values(self.rows[name], at) for name in MEMBERS])
        return map(Unread, accounts, variables, members, given, list_places(self.rows, at), self.whole[figures].tolist())


def _list_members(columns: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the members that each row names; of those that name the same it is one tuple."""
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for one in zip(*columns, strict=True):
        named = known.get(one)
        yield known.setdefault(one, tuple(filter(None, one))) if named is None else named


def note_unread(unread: UnreadRows) -> Iterator[NoticeColumns]:
    """Yield a notice for each account and variable with figures that nothing reads, with the cells they stand in."""
    variables = list(dict.fromkeys([*unread.rows["variable"].cat.categories, *(one.variable for one in unread.stated)]))
    rank = {name: at for at, name in enumerate(sorted(variables, key=lambda name: f"{_title(name).zh} {name}:"))}
    of_rows = np.array([rank[name] for name in unread.rows["variable"].cat.categories], dtype=np.int64)
    account = unread.rows["account"].to_numpy()[unread.places]
    of_variable = of_rows[unread.rows["variable"].cat.codes.to_numpy()[unread.places]]
    for whole in (False, True):
        own = np.flatnonzero(unread.whole == whole)
        key = account[own] * len(rank) + of_variable[own]
        order = np.argsort(key, kind="stable")
        key, texts = key[order], _write_pieces(unread.rows, unread.places[own[order]])
        if unread.stated and not whole:
            key = np.append(key, [one.account * len(rank) + rank[one.variable] for one in unread.stated])
            order = np.argsort(key, kind="stable")
            key, texts = key[order], _add_stated(unread.stated, texts, order)
        if not len(key):
            continue
        first = np.flatnonzero(np.diff(key, prepend=-1))
        accounts, named = np.divmod(key[first], len(rank))
        bounds = pa.array(np.append(first, len(key)))
        zh, en = (
            pc.binary_join(pa.LargeListArray.from_arrays(bounds, pieces), pa.scalar(between, pa.large_string()))
            for pieces, between in zip(texts, (";", "; "), strict=True)
        )
        del texts
        heads_zh = pa.array([f"{_title(name).zh} {name}:{_SAID[whole][0]}:" for name in rank], pa.large_string())
        heads_en = pa.array([f"{name}: {_SAID[whole][1]}: " for name in rank], pa.large_string())
        text_zh = _join(heads_zh.take(pa.array(named)), pc.replace_substring(zh, DOES_NOT_APPLY, "不适用"))
        text_en = _join(heads_en.take(pa.array(named)), en)
        yield NoticeColumns(accounts, CHECKED_WHOLE if whole else UNREAD, "", text_zh, text_en)


def _add_stated(stated: Iterable[Unread], texts: tuple[pa.Array, pa.Array], order: NDArray[np.intp]) -> tuple[pa.Array, pa.Array]:
    """Return texts of figures and behind them those of statements, in another order."""
    zh = [f"{one.given}({one.place})" for one in stated]
    en = [f"{one.given} ({one.place})" for one in stated]
    both = (pa.concat_arrays([one, pa.array(more, pa.large_string())]) for one, more in zip(texts, (zh, en), strict=True))
    zh, en = (one.take(pa.array(order)) for one in both)
    return zh, en


def _write_pieces(rows: pd.DataFrame, at: NDArray[np.intp]) -> tuple[pa.Array, pa.Array]:
    """Return what is said of each figure without effect, in Chinese and in English: members, value and unit as given, place."""
    key, most = np.zeros(len(at), dtype=np.int64), 1
    for name in MEMBERS:
        key = key * len(rows[name].cat.categories) + rows[name].cat.codes.to_numpy()[at]
        most *= len(rows[name].cat.categories)
    number, distinct = number_keys(key, most)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[number[::-1]] = at[::-1]
    members = list(_list_members([list_values(rows[name], first) for name in MEMBERS]))
    named_zh = _take([_join_titles(one) for one in members], number)
    named_en = _take(["".join(f"{name} " for name in one) for one in members], number)
    units, files = rows["unit_given"].cat, rows["file"].cat
    value = pa.array(list(map(str.lstrip, map(str, list_values(rows["value_given"], at)))), pa.large_string())
    given = _join(value, _take([f" {unit}".rstrip() for unit in units.categories], units.codes.to_numpy()[at]))
    lines = pa.array(rows["line"].to_numpy()[at])
    tail = pc.if_else(pc.equal(lines, 0), "", _join(pa.scalar(":", pa.large_string()), lines.cast(pa.large_string())))
    if "cell" in rows:
        cells = _take([f"!{cell}" if cell else "" for cell in rows["cell"].cat.categories], rows["cell"].cat.codes.to_numpy()[at])
        tail = pc.if_else(pc.equal(cells, ""), tail, cells)
    place = _join(
        _take([f"({file}" for file in files.categories], files.codes.to_numpy()[at]), tail, pa.scalar(")", pa.large_string())
    )
    return _join(named_zh, given, place), _join(named_en, given, pa.scalar(" ", pa.large_string()), place)


def _take(texts: Iterable[str], codes: NDArray[np.integer[Any]]) -> pa.Array:
    return pa.array(texts, pa.large_string()).take(pa.array(codes))


def _join(*pieces: pa.Array | pa.Scalar) -> pa.Array:
    return pc.binary_join_element_wise(*pieces, pa.scalar("", pa.large_string()))


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
