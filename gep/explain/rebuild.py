"""Brings an account back from what was kept of it, in a store or in a certificate: rules, inputs, coefficients, ratios."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.account.arrays import Filler, Labels, flags_over, make_labels
from gep.formula.check import is_priced
from gep.formula.evaluate import Bound, Evaluation, Step
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Observed, Rule
from gep.formula.stored import read, read_rule
from gep.formula.walk import leaves
from gep.reference.members import WHOLE, with_children
from gep.standards.standard import Standard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb
    from numpy.typing import NDArray

    from gep.formula.evaluate import Flags, Floats
    from gep.formula.nodes import Leaf

MEMBERS = ("ecosystem", "pollutant", "product")


@dataclass(frozen=True)
class Kept:
    """What is kept of one account; enough to compute it again.

    Attributes
    ----------
    head   : county, year, run, standard_text, constant_year, hashes
    rules  : place, rule, scope, variant, formula, factor, tree, head, source, clause, mark ...; in order of evaluation
    inputs : variable, members, value (in the unit of computation, money of `price_year`), value_given, unit_given, file, line, cell
    used   : the coefficient rows that were chosen: variable, members, computed, price_year, value, unit, address, beaten ...
    ratios : (price year given, price year wanted) → ratio, None without an index
    reasons : id of a service or line that does not apply → why
    """

    head: Mapping[str, Any]
    rules: pd.DataFrame
    inputs: pd.DataFrame
    used: pd.DataFrame
    ratios: Mapping[tuple[int, int], float | None]
    reasons: Mapping[str, str]

    @property
    def year(self) -> int:
        """The accounting year."""
        return int(self.head["year"])


@dataclass(frozen=True)
class Rebuilt:
    """An account evaluated again, ready to be explained or tabulated."""

    county: str
    year: int
    standard: Standard
    run: int
    head: Mapping[str, Any]
    evaluation: Evaluation
    labels: Labels
    rules: pd.DataFrame
    inputs: pd.DataFrame
    used: pd.DataFrame
    leaf: Mapping[str, Leaf]
    ratios: Mapping[tuple[int, int], float | None]
    unindexed: Mapping[str, Flags]
    """Leaf → whether the account lacks an index for it."""

    @cached_property
    def inputs_of(self) -> dict[str, list[dict[str, Any]]]:
        """The input rows of each variable."""
        return _grouped(self.inputs, "variable")

    @cached_property
    def used_of(self) -> dict[str, list[dict[str, Any]]]:
        """The coefficient rows of each coefficient."""
        return _grouped(self.used, "variable")

    @cached_property
    def rule_of(self) -> dict[str, dict[str, Any]]:
        """The stored row of each rule."""
        return {name: rows[0] for name, rows in _grouped(self.rules, "rule").items()}


def _grouped(frame: pd.DataFrame, column: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(frame):
        found.setdefault(str(row[column]), []).append(row)
    return found


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def address(row: Mapping[str, Any]) -> str:
    """Return where a figure stands: `file!sheet!cell` in a workbook, `file:line` in a table."""
    cell = row.get("cell")
    return f"{row['file']}!{cell}" if isinstance(cell, str) and cell else f"{row['file']}:{row['line']}"


def gather(connection: duckdb.DuckDBPyConnection, run: int, account: int) -> Kept:
    """Return what the store kept of an account of a run."""
    head = connection.execute(
        "SELECT r.*, a.county, a.year FROM run r JOIN account a USING (run) WHERE run = ? AND account = ?", [run, account]
    ).df()
    rules = connection.execute("SELECT * EXCLUDE (run) FROM rule WHERE run = ? ORDER BY place", [run]).df()
    inputs = connection.execute(
        "SELECT * EXCLUDE (run, account) FROM input_row WHERE run = ? AND account = ? ORDER BY file, line, cell, variable, ecosystem, pollutant, product",
        [run, account],
    ).df()
    used = connection.execute(
        """SELECT c.coefficient AS variable, c.ecosystem, c.pollutant, c.product, w.computed, w.price_year, p.ratio, w.value, w.unit, w.source,
                  w.locator, w.mark, w.region, w."set", w.low, w.high, w.note, w.file || ':' || w.line AS address, c.beaten
           FROM coefficient_account a JOIN coefficient_choice c USING (run, pattern) JOIN run r USING (run)
           JOIN coefficient_row w ON w.coefficients_sha256 = r.coefficients_sha256 AND w.row_id = c.row_id
           LEFT JOIN price_ratio p ON p.run = r.run AND p.given = w.price_year AND p.wanted = ?
           WHERE a.run = ? AND a.account = ? ORDER BY ALL""",
        [int(head["year"].iloc[0]), run, account],
    ).df()
    ratios = connection.execute("SELECT given, wanted, ratio FROM price_ratio WHERE run = ?", [run]).fetchall()
    stated = connection.execute(
        "SELECT id, coalesce(nullif(note, ''), source, '') FROM inapplicable_row WHERE run = ? AND account = ?", [run, account]
    ).fetchall()
    marked = connection.execute(
        "SELECT service, reason FROM service_result WHERE run = ? AND account = ? AND status = 'not applicable'", [run, account]
    ).fetchall()
    reasons = {str(identity): str(reason or "") for identity, reason in (*stated, *marked)}
    return Kept(
        records(head)[0], rules, inputs, used, {(int(given), int(wanted)): ratio for given, wanted, ratio in ratios}, reasons
    )


def rebuild(connection: duckdb.DuckDBPyConnection, run: int, account: int) -> Rebuilt:
    """Return an account of a run, evaluated again from what the store kept."""
    return rebuild_from(gather(connection, run, account))


def rebuild_from(kept: Kept, basis: int | None = None) -> Rebuilt:
    """Return an account evaluated again.

    Parameters
    ----------
    basis : price year of the values; None: the account's own year
    """
    standard = Standard.model_validate_json(kept.head["standard_text"])
    steps, leaf = read_steps(kept.rules)
    rows = joined_rows((kept,))
    labels = own_labels(rows, leaf, (standard,))
    arrays, listed, unindexed = fill_leaves(kept, leaf, labels, rows, kept.year if basis is None else basis)
    bound = Bound(1, arrays, listed, counted_flags(standard, labels), inapplicable_flags(kept, steps))
    evaluation = Evaluation(steps, bound)
    evaluation.run()
    return Rebuilt(
        str(kept.head["county"]),
        kept.year,
        standard,
        int(kept.head["run"]),
        kept.head,
        evaluation,
        labels,
        kept.rules,
        kept.inputs,
        kept.used,
        leaf,
        kept.ratios,
        unindexed,
    )


def read_steps(frame: pd.DataFrame) -> tuple[list[Step], dict[str, Leaf]]:
    """Return the stored rules in order, and their leaves by id."""
    rules: dict[str, Rule] = {}
    steps = []
    found: dict[str, Leaf] = {}
    for row in records(frame):
        rule = read_rule(json.loads(row["head"]))
        formula = read(json.loads(row["tree"]), rules)
        rules[rule.id] = rule
        steps.append(Step(rule, row["variant"], formula, float(row["factor"]), row["scope"]))
        found.update({one.id: one for one in leaves(formula)})
    return steps, found


def joined_rows(accounts: Sequence[Kept]) -> pd.DataFrame:
    """Return inputs and coefficients of accounts as rows of one table, to find their members; all as one account.

    `own` marks the rows that say who the members are (inputs), `of` counts the accounts. A coefficient of an item that the
    account does not list was taken for want of any item, and stands for all of them.
    """
    names = ["variable", *MEMBERS]
    frames = []
    for at, kept in enumerate(accounts):
        listed = set(kept.inputs["product"].dropna())
        for own, frame in ((True, kept.inputs), (False, kept.used)):
            part = frame[names].astype(object)
            if not own:
                part = part.assign(product=part["product"].where(part["product"].isin(listed), ""))
            frames.append(part.assign(own=own, of=at))
    rows = pd.concat(frames, ignore_index=True).fillna("")
    for name in names:
        rows[name] = rows[name].astype(str).astype("category")
    rows["account"] = np.zeros(len(rows), dtype=np.int64)
    return rows


def own_labels(rows: pd.DataFrame, leaf: Mapping[str, Leaf], standards: Iterable[Standard]) -> Labels:
    """Return the members that the inputs among joined rows name, and the pollutants that the standards count."""
    counted = {name for standard in standards for choice in standard.choices.values() for name in choice.pollutants}
    return make_labels(rows[rows["own"].astype(bool)], leaf, 1, counted)


def fill_leaves(
    kept: Kept, leaf: Mapping[str, Leaf], labels: Labels, rows: pd.DataFrame, basis: int
) -> tuple[dict[str, Floats], dict[str, Flags], dict[str, Flags]]:
    """Return the arrays of leaves in prices of the basis, the cells that extents list, and the leaves without an index.

    Parameters
    ----------
    rows : the `joined_rows` of this account
    """
    values, plain, lacking = _values(kept, leaf, basis)
    filler = Filler(rows, labels)
    arrays = {name: filler.fill(one, values) for name, one in leaf.items()}
    listed = {
        name: ~np.isnan(filler.fill(one, plain))
        for name, one in leaf.items()
        if isinstance(one, Observed) and one.extent and name in filler.at
    }
    return arrays, listed, {name: np.ones(1, dtype=bool) for name in lacking if name in leaf}


def _values(kept: Kept, leaf: Mapping[str, Leaf], basis: int) -> tuple[NDArray[np.float64], NDArray[np.float64], set[str]]:
    """Return the values of all rows in prices of the basis, the same without an index, and the ids of those that lack one."""
    found, plain, lacking = [], [], set()
    own = zip(kept.inputs["variable"], kept.inputs["value"], kept.inputs["price_year"], strict=True)
    looked_up = zip(kept.used["variable"], kept.used["computed"], kept.used["price_year"], strict=True)
    for name, value, price_year in (*own, *looked_up):
        one = leaf.get(name)
        priced = bool(price_year) and int(price_year) != basis and one is not None and is_priced(one)
        ratio = kept.ratios.get((int(price_year), basis)) if priced else 1.0
        if ratio is None or np.isnan(ratio):
            lacking.add(str(name))
            ratio = np.nan
        plain.append(float(value))
        found.append(float(value) * ratio)
    return np.array(found, dtype=np.float64), np.array(plain, dtype=np.float64), lacking


def counted_flags(standard: Standard, labels: Labels) -> dict[tuple[str, str], Flags]:
    """Return which members of the closed axes each service counts; absent: all."""
    flags: dict[tuple[str, str], Flags] = {}
    for service, choice in standard.choices.items():
        if choice.ecosystems:
            wanted = {name for one in choice.ecosystems for name in with_children(one)} | {WHOLE}
            flags[service, ECOSYSTEM] = flags_over(labels.ecosystem, wanted, ECOSYSTEM)
        if choice.pollutants:
            flags[service, POLLUTANT] = flags_over(labels.pollutant, choice.pollutants, POLLUTANT)
    return flags


def inapplicable_flags(kept: Kept, steps: list[Step]) -> dict[str, Flags]:
    """Return the services and lines that do not apply; a line goes with its service."""
    flag = np.ones((1, 1, 1, 1), dtype=bool)
    found = dict.fromkeys(kept.reasons, flag)
    for step in steps:
        for name, _ in getattr(step.formula, "parts", ()):
            if name.partition(".")[0] in found:
                found[name] = flag
    return found
