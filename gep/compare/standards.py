"""The same inputs under two standards: every service side by side, and what each difference comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.compare.counterfactual import Counterfactuals, Mix, find_closure, find_value
from gep.compare.shapley import compute_shapley_shares, list_states
from gep.formula.walk import list_leaves
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, mark_word, name_id, say
from gep.reference.members import read_ecosystems, read_pollutants
from gep.reference.services import SERVICE_TITLES
from gep.store.record import read_record, read_records
from gep.store.results import read_statuses, sum_lines
from gep.units.allocation import round_parts_to_fen
from gep.units.money import round_to_fen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    import pandas as pd

    from gep.formula.evaluate import Evaluation
    from gep.formula.nodes import Leaf
    from gep.standards.model import Standard
    from gep.store.keys import AccountKey
    from gep.store.record import StoredRecord
    from gep.store.results import ServiceStatus
    from gep.store.rows import Connection

COVERAGE, FORMULA, COEFFICIENT, MEMBERS, ROUNDING = "coverage", "formula", "coefficient", "members", "rounding"
CAUSES = (FORMULA, COEFFICIENT, MEMBERS)


@dataclass(frozen=True)
class ServiceDifference:
    """A service under two standards; `one` + the parts = `other`, in fen. None: not accounted for."""

    service: str
    status: tuple[str, str]
    reasons: tuple[str, str]
    """Why it is excluded or does not apply, in both languages."""
    missing: tuple[str, str]
    """Ids of what it lacks."""
    one: int | None
    other: int | None
    parts: dict[str, int]
    because: tuple[str, ...]
    """What the standards say differently, whether it moves the value of this county or not."""
    lines: tuple[tuple[str, int | None, int | None], ...]
    """Lines that either standard counts, with their values."""


@dataclass(frozen=True)
class Contrasts:
    """An account under two standards, totals and parts in whole fen; `one` + the parts = `other`. None: not accounted for."""

    county: str
    year: int
    standards: tuple[str, str]
    runs: tuple[int, int]
    services: tuple[ServiceDifference, ...]
    one: int | None
    other: int | None
    parts: dict[str, int]


def compare_standards(connection: Connection, one: AccountKey, other: AccountKey) -> Contrasts:
    """Return an account under two standards, service by service, with what each difference comes from, in whole fen.

    Parameters
    ----------
    one, other : accounts of the same county and year, made from the same inputs

    Raises
    ------
    Problems : the two runs do not rest on the same inputs

    Source: Shapley's value, as in `gep.compare.shapley`.
    """
    kept = (read_record(connection, one.run, one.account), read_record(connection, other.run, other.account))
    if _given(kept[0]) != _given(kept[1]):
        refuse_one(
            "--standards",
            say(
                "run {one} ({standard}) and run {other} ({other_standard}) rest on different inputs",
                one=one.run,
                standard=one.standard,
                other=other.run,
                other_standard=other.standard,
            ),
            "one set of inputs under two standards",
            say("gep diff {one} {other} shows them; gep run the same inputs under both", one=one.run, other=other.run),
        )
    pair = Counterfactuals(*kept)
    mixed = {
        state: pair.evaluate(Mix(rules=state[0], coefficient=state[1], members=state[2])) for state in list_states(len(CAUSES))
    }
    statuses = [read_statuses(connection, place) for place in (one, other)]
    lines = [sum_lines(connection, place) for place in (one, other)]
    services = tuple(
        _contrast(
            name, pair, kept, mixed, (statuses[0][name], statuses[1][name]), (lines[0].get(name, {}), lines[1].get(name, {}))
        )
        for name in SERVICE_TITLES
        if any(name in standard.choices for standard in pair.standards)
    )
    first, last = find_value(mixed[0, 0, 0], "gep.total"), find_value(mixed[1, 1, 1], "gep.total")
    parts = {cause: sum(one.parts.get(cause, 0) for one in services) for cause in (COVERAGE, *CAUSES)}
    parts[ROUNDING] = (_fen(last) or 0) - (_fen(first) or 0) - sum(parts.values())
    return Contrasts(
        one.county, one.year, (one.standard, other.standard), (one.run, other.run), services, _fen(first), _fen(last), parts
    )


def _given(kept: StoredRecord) -> set[tuple[Any, ...]]:
    names = ["variable", "ecosystem", "pollutant", "product", "value", "price_year"]
    return set(kept.inputs[names].astype(object).fillna("").itertuples(index=False, name=None))


def _contrast(
    name: str,
    pair: Counterfactuals,
    kept: tuple[StoredRecord, StoredRecord],
    mixed: Mapping[tuple[int, ...], Evaluation],
    status: tuple[ServiceStatus, ServiceStatus],
    lines: tuple[Mapping[str, float | None], Mapping[str, float | None]],
) -> ServiceDifference:
    rule = f"{name}.value"
    values = {state: find_value(evaluation, rule) for state, evaluation in mixed.items()}
    one, other = values[0, 0, 0], values[1, 1, 1]
    change = (_fen(other) or 0) - (_fen(one) or 0)
    finite = {state: value for state, value in values.items() if value is not None}
    if one is None or other is None:
        parts = {COVERAGE: change} if change else {}
    elif len(finite) < len(values):  # the formulas ask for different things: none can be put in without the other
        parts = {FORMULA: change}
    else:
        parts = {
            cause: part
            for cause, part in zip(CAUSES, round_parts_to_fen(compute_shapley_shares(finite), change), strict=True)
            if part
        }
    named = tuple(dict.fromkeys((*lines[0], *lines[1])))
    return ServiceDifference(
        name,
        (status[0].status, status[1].status),
        (status[0].reason, status[1].reason),
        (status[0].missing, status[1].missing),
        _fen(one),
        _fen(other),
        parts,
        tuple(_because(name, pair, kept)),
        tuple((line, _fen(lines[0].get(line)), _fen(lines[1].get(line))) for line in named) if len(named) > 1 else (),
    )


def _because(name: str, pair: Counterfactuals, kept: tuple[StoredRecord, StoredRecord]) -> Iterable[str]:
    """Yield what two standards say differently of how a service that both count is computed."""
    if any(name not in standard.choices for standard in pair.standards):
        return
    closures = [find_closure(f"{name}.value", account.steps) for account in pair.accounts]
    for rule in dict.fromkeys((*closures[0], *closures[1])):
        one, other = closures[0].get(rule), closures[1].get(rule)
        if one is None or other is None:
            yield say(
                "rule {rule}: only under {standard}", rule=_rule(rule), standard=pair.standards[0 if other is None else 1].id
            )
        elif (one.variant, _formula(kept[0], rule)) != (other.variant, _formula(kept[1], rule)):
            yield say("rule {rule}: {one} → {other}", rule=_rule(rule), one=one.variant, other=other.variant)
    asked: dict[str, Leaf] = {
        leaf.id: leaf for closure in closures for step in closure.values() for leaf in list_leaves(step.formula)
    }
    for leaf in asked:
        one_row, other_row = (_chosen(account.used, leaf) for account in kept)
        if one_row != other_row:
            yield say(
                "coefficient {coefficient}: {one} → {other}",
                coefficient=name_id(leaf, asked),
                one=one_row or mark_word("none"),
                other=other_row or mark_word("none"),
            )
    for what in ("ecosystems", "pollutants"):
        one_list, other_list = (_counted(standard, name, what) for standard in pair.standards)
        if one_list != other_list:
            yield say("{what} counted: {one} → {other}", what=mark_word(what), one=one_list, other=other_list)


def _rule(identity: str) -> str:
    from gep.rules.catalogue import RULES

    return name_id(identity, RULES)


def _counted(standard: Standard, name: str, what: str) -> str:
    known = {"ecosystems": read_ecosystems, "pollutants": read_pollutants}[what]()
    return join_list([name_id(one, known) for one in getattr(standard.choices[name], what)] or [mark_word("all")])


def _formula(kept: StoredRecord, rule: str) -> str:
    return str(kept.rules.loc[kept.rules["rule"] == rule, "formula"].iloc[0])


def _chosen(used: pd.DataFrame, coefficient: str) -> str:
    rows = read_records(used[used["variable"] == coefficient])
    texts = [
        f"{' '.join(filter(None, (row['ecosystem'], row['pollutant'], row['product'])))} {row['value']:.12g} {row['unit']}".strip()
        for row in rows
    ]
    return "; ".join(sorted(texts))


def _fen(value: Fraction | float | None) -> int | None:
    return None if value is None else round_to_fen(value)
