"""Computes a stored account again from its record: as it was, or with other arrays, prices or rules. The one way to do so."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.account.arrays import LeafArrays, make_labels
from gep.account.binding import flag_counted
from gep.account.prices_read import read_price_years
from gep.account.unread import find_rows_read
from gep.formula.check import is_priced
from gep.formula.evaluate import Evaluation, EvaluationInputs, Step
from gep.formula.nodes import Observed
from gep.formula.stored import read, read_rule
from gep.formula.walk import list_leaves
from gep.inputs.wholes import flag_wholes
from gep.records import dataclass
from gep.standards.model import Standard
from gep.store.record import read_record, read_records
from gep.store.rows import remember_large
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gep.account.arrays import Labels
    from gep.formula.evaluate import Flags, Floats
    from gep.formula.nodes import Leaf, Rule
    from gep.store.record import StoredRecord
    from gep.store.rows import Connection

MEMBERS = ("ecosystem", "pollutant", "product")


@dataclass(frozen=True)
class RecomputedAccount:
    """A stored account and everything it is evaluated on; evaluated when it is first asked.

    Attributes
    ----------
    record   : what is stored
    standard : whose lists of members count
    steps    : the rules, in order of evaluation
    leaf     : the leaves by id
    labels   : the members of every axis
    rows     : its inputs, then its coefficients: variable, members, own (it is an input)
    cells    : where these rows stand in the arrays
    prices   : price year of all values
    bound    : arrays of leaves in the leaf's unit, of shape (1 or variants, ecosystem, pollutant, item), and what counts and applies
    unindexed : leaf → whether the account lacks an index for it
    """

    record: StoredRecord
    standard: Standard
    steps: tuple[Step, ...]
    leaf: Mapping[str, Leaf]
    labels: Labels
    rows: pd.DataFrame
    cells: LeafArrays
    prices: int
    bound: EvaluationInputs
    unindexed: Mapping[str, Flags]

    @cached_property
    def evaluation(self) -> Evaluation:
        """The results of all rules, in their units."""
        found = Evaluation(self.steps, self.bound)
        found.run()
        return found

    def with_(
        self,
        *,
        arrays: Mapping[str, Floats] | None = None,
        prices: int | None = None,
        rules: Iterable[Step] | None = None,
        members: Standard | None = None,
    ) -> RecomputedAccount:
        """Return the account with something of it changed, not evaluated yet.

        Parameters
        ----------
        arrays  : leaf → floats in the leaf's unit and of its shape; with a leading axis of n they are n variants, evaluated in one pass
        prices  : price year that all leaves are brought to, by the ratios of the record; unknown where it has none
        rules   : other steps, in order of evaluation: some of the account's own, or those of another account on the same axes
        members : the standard whose lists of ecosystem types and pollutants count
        """
        steps = self.steps if rules is None else tuple(rules)
        bound, unindexed = self.bound, self.unindexed
        if prices is not None and prices != self.prices:
            filled, _, unindexed = fill_leaves(self.record, self.leaf, self.cells, prices)
            bound = replace(bound, arrays=filled)
        if arrays:
            variants = max(bound.accounts, *(len(array) for array in arrays.values()))
            bound = replace(bound, accounts=variants, arrays={**bound.arrays, **arrays})
        if rules is not None:
            bound = replace(bound, inapplicable=_inapplicable_flags(self.record, steps))
        if members is not None:
            bound = replace(bound, counted=flag_counted(members, self.labels))
        return replace(
            self,
            standard=members or self.standard,
            steps=steps,
            prices=self.prices if prices is None else prices,
            bound=bound,
            unindexed=unindexed,
        )

    @cached_property
    def winners(self) -> dict[str, Floats]:
        """Of every leaf, the number of the row that each cell has its value from: inputs first, then coefficients; else NaN."""
        numbers = np.arange(len(self.rows), dtype=np.float64)
        return {name: self.cells.fill(one, numbers) for name, one in self.leaf.items() if name in self.cells.at}

    @cached_property
    def inputs(self) -> list[dict[str, Any]]:
        """The input rows, in the order of the record."""
        return read_records(self.record.inputs)

    @cached_property
    def used(self) -> list[dict[str, Any]]:
        """The coefficient rows that were chosen, in the order of the record."""
        return read_records(self.record.used)

    @cached_property
    def unread(self) -> list[dict[str, Any]]:
        """The input rows that nothing reads under this standard, in the order of the record.

        `whole` is true of those that were checked against their parts, which are counted.
        """
        own = len(self.record.inputs)
        years = [*self.record.inputs["price_year"], *self.record.used["price_year"]]
        wanted = (self.record.basis_year, self.head["constant_year"])
        prices = read_price_years(
            self.rows.assign(product=[*self.record.inputs["product"].fillna(""), *[""] * (len(years) - own)]),
            pd.Series(years, dtype="Int64").fillna(0).to_numpy(np.int64),
            tuple(pd.Series([year], dtype="Int64").fillna(0).to_numpy(np.int64) for year in wanted),
            {},
        )
        read = find_rows_read(self.evaluation, self.cells, self.leaf, len(self.rows), self.standard.known_services, prices)[:own]
        return read_records(self.record.inputs.assign(whole=self.cells.wholes[:own])[~read])

    @cached_property
    def numbers(self) -> list[tuple[int, str, float]]:
        """The rows that have an effect on the account: number, leaf, value in the leaf's unit."""
        read = find_rows_read(self.evaluation, self.cells, self.leaf, len(self.rows), self.standard.known_services)
        found = []
        for leaf, winners in self.winners.items():
            array = self.bound.arrays.get(leaf)
            if array is None:
                continue
            values = np.broadcast_to(array, np.broadcast_shapes(array.shape, winners.shape))
            rows, first = np.unique(winners[~np.isnan(winners)], return_index=True)
            places = np.argwhere(~np.isnan(winners))
            found += [
                (int(row), leaf, float(values[tuple(places[at])])) for row, at in zip(rows, first, strict=True) if read[int(row)]
            ]
        return sorted(found)

    @property
    def head(self) -> Mapping[str, Any]:
        """The row of the run, with county and year."""
        return self.record.head

    @property
    def year(self) -> int:
        """The accounting year."""
        return self.record.year

    @cached_property
    def inputs_of(self) -> dict[str, list[dict[str, Any]]]:
        """The input rows of each variable."""
        return _grouped(self.record.inputs, "variable")

    @cached_property
    def places_of(self) -> dict[tuple[str, ...], list[tuple[int, str]]]:
        """Number and place of the input rows of each variable, ecosystem type, pollutant and product."""
        found: dict[tuple[str, ...], list[tuple[int, str]]] = {}
        for number, row in enumerate(self.inputs):
            key = (str(row["variable"]), *(str(row[name] or "") for name in ("ecosystem", "pollutant", "product")))
            found.setdefault(key, []).append((number, print_address(row)))
        return found

    @cached_property
    def rule_of(self) -> dict[str, dict[str, Any]]:
        """The stored row of each rule."""
        return {name: rows[0] for name, rows in _grouped(self.record.rules, "rule").items()}


def rebuild(connection: Connection, run: int, account: int) -> RecomputedAccount:
    """Return an account of a run as the store keeps it, to be evaluated again as it was or changed.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run

    Raises
    ------
    IndexError : the run has no such account
    """
    return remember_large(connection, ("rebuilt", run, account), lambda: rebuild_from(read_record(connection, run, account)))


def rebuild_from(record: StoredRecord, prices: int | None = None) -> RecomputedAccount:
    """Return the account of a record, to be evaluated again as it was or changed.

    Parameters
    ----------
    prices : price year of all values; None: the account's own
    """
    return rebuild_together((record,), None if prices is None else (prices,))[0]


def rebuild_together(stored: Sequence[StoredRecord], prices: Sequence[int] | None = None) -> tuple[RecomputedAccount, ...]:
    """Return accounts with all their arrays on the same axes, so that a leaf of one can stand in another.

    Parameters
    ----------
    prices : price year of each; None: each in prices of its own year
    """
    standards = tuple(_read_standard(record.head["standard_text"]) for record in stored)
    read_rules = [read_steps(record.rules) for record in stored]
    leaf: dict[str, Leaf] = {}
    for _, own in reversed(read_rules):
        leaf.update(own)
    rows = _joined_rows(stored)
    counted = {name for standard in standards for choice in standard.choices.values() for name in choice.pollutants}
    wholes = np.zeros(len(rows), dtype=bool)
    for at in range(len(stored)):
        of = np.flatnonzero((rows["of"] == at) & rows["own"].astype(bool))
        homes = dict.fromkeys(rows["account"].iloc[of], str(stored[at].head["county"]))
        wholes[of] = flag_wholes(rows.iloc[of], {**VARIABLES, **standards[at].known_leaves}, homes)
    labels = make_labels(rows[rows["own"].astype(bool) & ~wholes], leaf, 1, counted)
    found = []
    for at, (record, standard, (steps, _)) in enumerate(zip(stored, standards, read_rules, strict=True)):
        placed = rows[rows["of"] == at]
        cells = LeafArrays(placed, labels, wholes[(rows["of"] == at).to_numpy()])
        basis = record.basis_year if prices is None else prices[at]
        arrays, listed, unindexed = fill_leaves(record, leaf, cells, basis)
        bound = EvaluationInputs(1, arrays, listed, flag_counted(standard, labels), _inapplicable_flags(record, steps))
        found.append(RecomputedAccount(record, standard, tuple(steps), leaf, labels, placed, cells, basis, bound, unindexed))
    return tuple(found)


def read_steps(frame: pd.DataFrame) -> tuple[list[Step], dict[str, Leaf]]:
    """Return the stored rules in order of evaluation, and their leaves by id.

    Parameters
    ----------
    frame : `rules` of a `StoredRecord`
    """
    columns = [frame[name] for name in ("head", "tree", "variant", "factor", "scope")]
    steps, found = _read_steps(tuple(zip(*columns, strict=True)))
    return list(steps), dict(found)


@lru_cache(maxsize=16)
def _read_steps(rows: tuple[tuple[str, str, str, float, str], ...]) -> tuple[tuple[Step, ...], Mapping[str, Leaf]]:
    """Return the steps and leaves of rules; most accounts that a process opens have the same ones."""
    rules: dict[str, Rule] = {}
    steps = []
    found: dict[str, Leaf] = {}
    for head, tree, variant, factor, scope in rows:
        rule = read_rule(json.loads(head))
        formula = read(json.loads(tree), rules)
        rules[rule.id] = rule
        steps.append(Step(rule, variant, formula, float(factor), scope))
        found.update({one.id: one for one in list_leaves(formula)})
    return tuple(steps), found


@lru_cache(maxsize=16)
def _read_standard(text: str) -> Standard:
    return Standard.model_validate_json(text)


def fill_leaves(
    record: StoredRecord, leaf: Mapping[str, Leaf], cells: LeafArrays, prices: int
) -> tuple[dict[str, Floats], dict[str, Flags], dict[str, Flags]]:
    """Return the arrays of leaves, the cells that extents list, and the leaves without an index; each by the leaf's id.

    Parameters
    ----------
    cells  : where the rows of the record stand, its inputs first and its coefficients after them
    prices : price year that all money is brought to

    Returns
    -------
    Floats in the leaf's unit of shape (1, ecosystem, pollutant, item), length 1 where it does not vary, NaN where there is no
    figure; flags over the same axes; one flag each
    """
    values, plain, lacking = _values(record, leaf, prices)
    arrays = {name: cells.fill(one, values) for name, one in leaf.items()}
    listed = {
        name: ~np.isnan(cells.fill(one, plain))
        for name, one in leaf.items()
        if isinstance(one, Observed) and one.extent and name in cells.at
    }
    return arrays, listed, {name: np.ones(1, dtype=bool) for name in lacking if name in leaf}


def print_address(row: Mapping[str, Any]) -> str:
    """Return where a figure stands: `file!sheet!cell` in a workbook, `file:line` in a table; what was typed has neither."""
    cell = row.get("cell")
    if isinstance(cell, str) and cell:
        return f"{row['file']}!{cell}"
    return f"{row['file']}:{row['line']}" if row["line"] else str(row["file"])


def _grouped(frame: pd.DataFrame, column: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in read_records(frame):
        found.setdefault(str(row[column]), []).append(row)
    return found


def _joined_rows(stored: Sequence[StoredRecord]) -> pd.DataFrame:
    """Return inputs and coefficients of accounts as rows of one table, to find their members; all as one account.

    `own` marks the rows that say who the members are (inputs), `of` counts the accounts. A coefficient of an item that the
    account does not list was taken for want of any item, and stands for all of them.
    """
    names = ["variable", *MEMBERS]
    frames = []
    for at, record in enumerate(stored):
        listed = set(record.inputs["product"].dropna())
        for own, frame in ((True, record.inputs), (False, record.used)):
            part = frame[names].astype(object)
            if not own:
                part = part.assign(product=part["product"].where(part["product"].isin(listed), ""))
            frames.append(part.assign(own=own, of=at))
    rows = pd.concat(frames, ignore_index=True).fillna("")
    for name in names:
        rows[name] = rows[name].astype(str).astype("category")
    rows["account"] = np.zeros(len(rows), dtype=np.int64)
    return rows


def _values(
    record: StoredRecord, leaf: Mapping[str, Leaf], prices: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], set[str]]:
    """Return the values of all rows in prices of a year, the same without an index, and the ids of those that lack one."""
    found, plain, lacking = [], [], set()
    own = zip(record.inputs["variable"], record.inputs["value"], record.inputs["price_year"], strict=True)
    looked_up = zip(record.used["variable"], record.used["computed"], record.used["price_year"], strict=True)
    for name, value, price_year in (*own, *looked_up):
        one = leaf.get(name)
        priced = bool(price_year) and int(price_year) != prices and one is not None and is_priced(one)
        ratio = record.ratios.get((int(price_year), prices)) if priced else 1.0
        if ratio is None or np.isnan(ratio):
            lacking.add(str(name))
            ratio = np.nan
        plain.append(float(value))
        found.append(float(value) * ratio)
    return np.array(found, dtype=np.float64), np.array(plain, dtype=np.float64), lacking


def _inapplicable_flags(record: StoredRecord, steps: Iterable[Step]) -> dict[str, Flags]:
    """Return the services and lines that do not apply; a line goes with its service."""
    flag = np.ones((1, 1, 1, 1), dtype=bool)
    found = dict.fromkeys(record.reasons, flag)
    for step in steps:
        for name, _ in getattr(step.formula, "parts", ()):
            if name.partition(".")[0] in found:
                found[name] = flag
    return found
