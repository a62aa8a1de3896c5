"""Explains a stored number from the store alone: the formula, the formula in numbers, and where each number came from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.arrays import Filler, Labels, flags_over, item_axis, make_labels
from gep.formula.audit import at, line
from gep.formula.check import is_priced
from gep.formula.evaluate import Bound, Evaluation, Step
from gep.formula.nodes import ECOSYSTEM, PLACES, POLLUTANT, Observed, Rule, place
from gep.formula.show import html_equation
from gep.formula.stored import leaves, read, read_rule, rules_named
from gep.labels import WHOLE, with_children
from gep.standard import Standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from gep.formula.nodes import Leaf


@dataclass(frozen=True)
class Origin:
    """One number of a formula: what it is, its value, and the cell or table row it came from."""

    id: str
    symbol: str
    title_zh: str
    title_en: str
    members: str
    value: float
    unit: str
    as_given: str
    address: str
    source: str
    mark: str
    beaten: str = ""
    steps: str = ""
    """Unit and price steps from the figure as given to the value used."""


@dataclass(frozen=True)
class Explained:
    """One rule in one cell."""

    rule: str
    variant: str
    title_zh: str
    title_en: str
    formula: str
    html: str
    members: str
    numbers: str
    value: float
    unit: str
    source: str
    clause: str
    mark: str
    origins: tuple[Origin, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Rebuilt:
    """An account brought back from the store, ready to be explained."""

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


def rebuild(connection: duckdb.DuckDBPyConnection, run: int, account: int) -> Rebuilt:
    """Return an account of a run, evaluated again from what the store kept."""
    head = records(
        connection.execute(
            "SELECT r.*, a.county, a.year FROM run r JOIN account a USING (run) WHERE run = ? AND account = ?", [run, account]
        ).df()
    )[0]
    rules_frame = connection.execute("SELECT * FROM rule WHERE run = ? ORDER BY place", [run]).df()
    inputs = connection.execute(
        "SELECT * EXCLUDE (run, account) FROM input_row WHERE run = ? AND account = ? ORDER BY file, line", [run, account]
    ).df()
    used = connection.execute(
        """SELECT c.coefficient AS variable, c.ecosystem, c.pollutant, c.product, w.computed, w.price_year, p.ratio, w.value, w.unit, w.source,
                  w.locator, w.mark, w.region, w.file || ':' || w.line AS address, c.beaten
           FROM coefficient_account a JOIN coefficient_choice c USING (run, pattern) JOIN run r USING (run)
           JOIN coefficient_row w ON w.coefficients_sha256 = r.coefficients_sha256 AND w.row_id = c.row_id
           LEFT JOIN price_ratio p ON p.run = r.run AND p.given = w.price_year AND p.wanted = ?
           WHERE a.run = ? AND a.account = ? ORDER BY ALL""",
        [int(head["year"]), run, account],
    ).df()
    ratios = {
        (int(given), int(wanted)): ratio
        for given, wanted, ratio in connection.execute(
            "SELECT given, wanted, ratio FROM price_ratio WHERE run = ?", [run]
        ).fetchall()
    }
    stated = connection.execute("SELECT id FROM inapplicable_row WHERE run = ? AND account = ?", [run, account]).fetchall()
    marked = connection.execute(
        "SELECT service FROM service_result WHERE run = ? AND account = ? AND status = 'not applicable'", [run, account]
    ).fetchall()
    standard = Standard.model_validate_json(head["standard_text"])
    steps, leaf = _steps(rules_frame)
    year = int(head["year"])
    rows, values = _rows(inputs, used, leaf, year, ratios)
    kinds = {name for choice in standard.choices.values() for name in choice.pollutants}
    labels = make_labels(rows, leaf, 1, kinds)
    filler = Filler(rows, labels)
    arrays = {name: filler.fill(one, values) for name, one in leaf.items()}
    listed = {
        name: ~np.isnan(arrays[name])
        for name, one in leaf.items()
        if isinstance(one, Observed) and one.extent and name in filler.at
    }
    flag = np.ones((1, 1, 1, 1), dtype=bool)
    inapplicable = {name: flag for (name,) in (*stated, *marked)}
    for step in steps:
        for name in [part for part, _ in getattr(step.formula, "parts", ())]:
            if name.partition(".")[0] in inapplicable:
                inapplicable[name] = flag
    evaluation = Evaluation(steps, Bound(1, arrays, listed, _counted(standard, labels), inapplicable))
    evaluation.run()
    return Rebuilt(str(head["county"]), year, standard, run, head, evaluation, labels, rules_frame, inputs, used, leaf)


def _steps(frame: pd.DataFrame) -> tuple[list[Step], dict[str, Leaf]]:
    rules: dict[str, Rule] = {}
    steps = []
    found: dict[str, Leaf] = {}
    for row in frame.pipe(records):
        rule = read_rule(json.loads(row["head"]))
        formula = read(json.loads(row["tree"]), rules)
        rules[rule.id] = rule
        steps.append(Step(rule, row["variant"], formula, float(row["factor"]), row["scope"]))
        found.update({one.id: one for one in leaves(formula)})
    return steps, found


def _rows(
    inputs: pd.DataFrame, used: pd.DataFrame, leaf: Mapping[str, Leaf], year: int, ratios: Mapping[tuple[int, int], float | None]
) -> tuple[pd.DataFrame, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Return inputs and coefficients as rows of one table, and their values in the account's own prices."""
    own = []
    for variable, value, price_year in zip(inputs["variable"], inputs["value"], inputs["price_year"], strict=True):
        ratio = (
            1.0
            if not price_year or price_year == year or variable not in leaf or not is_priced(leaf[variable])
            else ratios.get((int(price_year), year))
        )
        own.append(value * (np.nan if ratio is None else ratio))
    looked_up = [
        computed if not price_year else computed * (np.nan if ratio is None or np.isnan(ratio) else ratio)
        for computed, price_year, ratio in zip(used["computed"], used["price_year"], used["ratio"], strict=True)
    ]
    names = ["variable", "ecosystem", "pollutant", "product"]
    rows = pd.concat([inputs[names], used[names]], ignore_index=True).fillna("")
    for name in names:
        rows[name] = rows[name].astype(str).astype("category")
    rows["account"] = np.zeros(len(rows), dtype=np.int64)
    return rows, np.array([*own, *looked_up], dtype=np.float64)


def _counted(standard: Standard, labels: Labels) -> dict[tuple[str, str], Any]:
    flags = {}
    for service, choice in standard.choices.items():
        if choice.ecosystems:
            wanted = {name for one in choice.ecosystems for name in with_children(one)} | {WHOLE}
            flags[service, ECOSYSTEM] = flags_over(labels.ecosystem, wanted, ECOSYSTEM)
        if choice.pollutants:
            flags[service, POLLUTANT] = flags_over(labels.pollutant, choice.pollutants, POLLUTANT)
    return flags


def explain(account: Rebuilt, rule: str, ecosystem: str | None = None) -> list[Explained]:
    """Return a rule and every rule below it, each in the cells it was computed in, the asked one first."""
    found: list[Explained] = []
    waiting, seen = [rule], set()
    while waiting:
        identity = waiting.pop(0)
        if identity in seen or identity not in account.evaluation.steps:
            continue
        seen.add(identity)
        step = account.evaluation.steps[identity]
        found += _explain_step(account, step, ecosystem)
        waiting += [named.id for named in rules_named(step.formula)]
    return found


def _explain_step(account: Rebuilt, step: Step, ecosystem: str | None) -> list[Explained]:
    row = account.rule_of[step.rule.id]
    result = account.evaluation.results[step.rule.id]
    found = []
    for cell in np.ndindex(result.shape):
        value = at(result, cell)
        if np.isnan(value) and result.size > 1:
            continue
        if not _counts(account, step, cell, result.shape) or _stated_none(account, step, cell):
            continue
        members = _members(account.labels, step.rule, cell, result.shape)
        if (
            ecosystem is not None
            and ECOSYSTEM in step.rule.axes
            and result.shape[1] > 1
            and account.labels.ecosystem[cell[1]] != ecosystem
        ):
            continue
        printed = line(account.evaluation, step, cell)
        found.append(
            Explained(
                step.rule.id, step.variant, step.rule.title.zh, step.rule.title.en, str(row["formula"]), html_equation(step.rule, step.formula),
                members, printed.arithmetic, value, step.rule.unit, str(row["source"]), str(row["clause"]), str(row["mark"]),
                tuple(_origins(account, step, cell)),
            )
        )  # fmt: skip
    return found


def _counts(account: Rebuilt, step: Step, cell: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    for axis in (ECOSYSTEM, POLLUTANT):
        flags = account.evaluation.bound.counted.get((step.scope, axis))
        where = place(axis)
        if (
            flags is not None
            and shape[where] > 1
            and not at(flags, tuple(cell[where] if one == where else 0 for one in range(len(shape))))
        ):
            return False
    return True


def _stated_none(account: Rebuilt, step: Step, cell: tuple[int, ...]) -> bool:
    """Whether the county states that it has none of the members of a cell (an area of 0)."""
    extents = [
        one for one in account.evaluation.extents(step.formula) if any(place(axis) and cell[place(axis)] for axis in one.axes)
    ]
    arrays = [account.evaluation.bound.arrays[one.id] for one in extents]
    known = [at(array, cell) for array in arrays if any(size > 1 for size in array.shape)]
    known = [value for value in known if not np.isnan(value)]
    return bool(known) and all(value == 0 for value in known)


def _members(labels: Labels, rule: Rule, cell: tuple[int, ...], shape: tuple[int, ...]) -> str:
    return " ".join(labels.name(axis, 0, cell[place(axis)]) for axis in rule.axes if shape[place(axis)] > 1).strip()


def _origins(account: Rebuilt, step: Step, cell: tuple[int, ...]) -> list[Origin]:
    """Return the origin of every leaf of a rule in a cell; a sum names the leaves of all its members."""
    found = []
    for leaf in leaves(step.formula):
        item = item_axis(leaf)
        wanted = {
            ECOSYSTEM: account.labels.ecosystem[cell[1]]
            if ECOSYSTEM in step.rule.axes and account.evaluation.results[step.rule.id].shape[1] > 1
            else None,
            POLLUTANT: account.labels.pollutant[cell[2]]
            if POLLUTANT in step.rule.axes and account.evaluation.results[step.rule.id].shape[2] > 1
            else None,
            "product": account.labels.name(item, 0, cell[3]) if item and item in step.rule.axes else None,
        }
        found += _from_inputs(account, leaf, wanted) or _from_tables(account, leaf, wanted)
    return found


def _matches(row: Mapping[str, Any], wanted: Mapping[str, str | None]) -> bool:
    return all(name is None or (row[axis] or "") in {"", name} for axis, name in wanted.items())


def _most_specific(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = [row for row in rows if row["ecosystem"] or row["pollutant"] or row["product"]]
    return named or rows


def _from_inputs(account: Rebuilt, leaf: Leaf, wanted: Mapping[str, str | None]) -> list[Origin]:
    rows = [row for row in account.inputs_of.get(leaf.id, []) if _matches(row, wanted)]
    if len(rows) > 1 and any(wanted.values()):
        rows = _most_specific(rows)
    found = []
    for row in rows:
        price_year = int(row["price_year"])
        steps = "" if not price_year or price_year == account.year else f"CNY_{price_year} → CNY_{account.year}"
        members = " ".join(str(row[name]) for name in (*PLACES, "product") if row[name])
        found.append(
            Origin(leaf.id, leaf.symbol, leaf.title.zh, leaf.title.en, members, float(row["value"]), leaf.unit, f"{row['value_given']} {row['unit_given']}".strip(),
                   f"{row['file']}:{row['line']}", str(row["source"] or ""), "local" if not isinstance(leaf, Observed) else "", "", steps)
        )  # fmt: skip
    return found


def _from_tables(account: Rebuilt, leaf: Leaf, wanted: Mapping[str, str | None]) -> list[Origin]:
    rows = [row for row in account.used_of.get(leaf.id, []) if _matches(row, wanted)]
    if len(rows) > 1 and any(wanted.values()):
        rows = _most_specific(rows)
    found = []
    for row in rows:
        ratio = float(row["ratio"]) if row["price_year"] and not pd.isna(row["ratio"]) else 1.0
        steps = (
            f"× {ratio!r} ({account.standard.price_index} {row['price_year']} → {account.year})"
            if row["price_year"] and row["price_year"] != account.year
            else ""
        )
        members = " ".join(str(row[name]) for name in (*PLACES, "product") if row[name])
        found.append(
            Origin(leaf.id, leaf.symbol, leaf.title.zh, leaf.title.en, members, float(row["computed"]) * ratio, leaf.unit, f"{row['value']:g} {row['unit']}",
                   str(row["address"]), f"{row['source']}, {row['locator']} ({row['region']})", str(row["mark"]), str(row["beaten"] or ""), steps)
        )  # fmt: skip
    return found
