"""The reviewer's list of one account: what to look at before signing, and how much of the total depends on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.explain.rebuild import RecomputedAccount, print_address, rebuild
from gep.formula.nodes import Observed
from gep.messages.problems import Problem, refuse
from gep.messages.texts import say
from gep.reference.marks import UNVERIFIED
from gep.review.outliers import Outlier, Unusual, compare_with_others, compare_with_past
from gep.rules.gep import TOTAL
from gep.store.accounts import read_account
from gep.store.record import read_records
from gep.store.results import list_findings
from gep.store.signing import hash_account

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from gep.formula.evaluate import Evaluation
    from gep.store.accounts import OpenStore
    from gep.store.keys import AccountKey

STEP = 0.01
"""Every figure is raised by 1 % in its turn and the account computed again."""

AGREES = 1e-9
"""Relative difference up to which a stored value follows from the stored inputs."""

NOTHING = 1e-9
"""Shares below this are rounding."""

ESTIMATED = (
    "估",
    "推算",
    "折算",
    "插补",
    "外推",
    "模拟",
    "反演",
    "参照",
    "借用",
    "estimat",
    "deriv",
    "grid",
    "model",
    "proxy",
    "interpolat",
    "mean of",
    "long-term mean",
    "extrapol",
    "assum",
)
"""Words in an input's source or note by which it is taken for an estimate rather than an observation."""


@dataclass(frozen=True)
class Weight:
    """A parameter or a figure, and how much of GEP it carries.

    `share` is the elasticity: the relative change of GEP over the relative change of the figure, for a raise by STEP.
    Where GEP is proportional to the figure in part of its services, that is the part of GEP resting on it.
    """

    id: str
    title_zh: str
    title_en: str
    share: float
    marks: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Review:
    """Everything a reviewer should see of one account; money in CNY/yr."""

    county: str
    year: int
    standard: str
    run: int
    account_sha256: str
    head: dict[str, Any]
    findings: tuple[dict[str, Any], ...]
    explained: int
    unverified: tuple[Weight, ...]
    unverified_methods: tuple[dict[str, Any], ...]
    estimates: tuple[Weight, ...]
    largest: tuple[Weight, ...]
    resting_on_largest: float | None
    past: Unusual
    others: Unusual
    not_accounted: tuple[dict[str, Any], ...]
    does_not_follow: tuple[dict[str, Any], ...] = field(default_factory=tuple)
    quantities: int = 0
    """Services that have a quantity and no value, as their standard has no prices."""

    @property
    def outliers(self) -> tuple[Outlier, ...]:
        """All outliers, against the past first."""
        return (*self.past.outliers, *self.others.outliers)


@dataclass(frozen=True)
class Weighed:
    """How much of GEP rests on the figures of an account, and which stored values do not follow from them."""

    unverified: tuple[Weight, ...]
    estimates: tuple[Weight, ...]
    largest: tuple[Weight, ...]
    resting_on_largest: float | None
    does_not_follow: tuple[dict[str, Any], ...]


def weigh_account(connection: OpenStore, place: AccountKey) -> Weighed:
    """Return how much of GEP depends on each figure of an account; from the store, the same as long as the account is."""
    account = rebuild(connection, place.run, place.account)
    weights = _Weights(account)
    largest = weights.largest(3)
    head = read_account(connection, place.run, place.account).as_dict()
    return Weighed(
        weights.unverified(),
        weights.estimates(),
        largest,
        weights.resting_on([one.id for one in largest]),
        tuple(_does_not_follow(head, account)),
    )


def review_account(connection: OpenStore, place: AccountKey, weighed: Weighed | None = None) -> Review:
    """Return what to look at in an account before signing it, and how much of GEP depends on each figure; from the store.

    Parameters
    ----------
    weighed : of this account, where it is known; None: it is computed
    """
    weighed = weighed or weigh_account(connection, place)
    head = read_account(connection, place.run, place.account).as_dict()
    found = list_findings(connection, place)
    still = [one for one in found if one["grade"] == "A" or not one["explanation"].strip()]
    services = head["services"]
    return Review(
        place.county,
        place.year,
        place.standard,
        place.run,
        hash_account(connection, place.run, place.account),
        head,
        tuple(still),
        len(found) - len(still),
        weighed.unverified,
        _methods(head),
        weighed.estimates,
        weighed.largest,
        weighed.resting_on_largest,
        compare_with_past(connection, place),
        compare_with_others(connection, place),
        tuple(one for one in services if one["status"] not in {"accounted", "quantity only"}),
        weighed.does_not_follow,
        sum(one["status"] == "quantity only" for one in services),
    )


def refuse_what_does_not_follow(connection: OpenStore, place: AccountKey) -> None:
    """Refuse an account whose stored results are not what its stored inputs, coefficients and rules give.

    Raises
    ------
    Problems : every service, or the total, that was changed in the store
    """
    head = read_account(connection, place.run, place.account).as_dict()
    refuse(
        Problem(
            one["rule"],
            0,
            say("{stored} is stored, the stored inputs give {recomputed}", stored=one["stored"], recomputed=one["recomputed"]),
            "results as computed",
            "gep run again",
        )
        for one in _does_not_follow(head, rebuild(connection, place.run, place.account))
    )


class _Weights:
    """Computes an account again with one group of figures raised at a time, all groups in one pass."""

    def __init__(self, account: RecomputedAccount) -> None:
        self.account = account
        self.rows = read_records(pd.concat([account.record.inputs, account.record.used], ignore_index=True))
        self.variables = np.array([str(row["variable"]) for row in self.rows], dtype=object)
        self.total = _number(account.evaluation.results[TOTAL])

    def _raised(self, groups: list[NDArray[np.bool_]]) -> Evaluation | None:
        """Return the account evaluated once a group, with the rows of that group raised by STEP."""
        if not groups:
            return None
        chosen = np.stack(groups)
        arrays = {}
        for name in set(self.variables[chosen.any(axis=0)]) & set(self.account.leaf):
            own = chosen & (self.variables == name)
            filled = {int(at): self._fill(name, own[at]) for at in np.flatnonzero(own.any(axis=1))}
            nothing = np.zeros_like(next(iter(filled.values())))
            raised = np.concatenate([filled.get(at, nothing) for at in range(len(own))])
            arrays[name] = self.account.bound.arrays[name] * (1.0 + STEP * raised)
        return self.account.with_(arrays=arrays).evaluation

    def _fill(self, name: str, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return 1 in the cells of a leaf that rows fill, 0 elsewhere."""
        return np.nan_to_num(self.account.cells.fill(self.account.leaf[name], rows.astype(np.float64)))

    def _shares(self, groups: list[NDArray[np.bool_]]) -> list[float]:
        evaluation = self._raised(groups)
        if evaluation is None or not self.total or math.isnan(self.total):
            return [0.0] * len(groups)
        totals = np.broadcast_to(evaluation.results[TOTAL], (len(groups), 1, 1, 1))[:, 0, 0, 0]
        return [float(share) for share in (totals / self.total - 1.0) / STEP]

    def _weighed(self, chosen: NDArray[np.bool_], *, observed: bool) -> list[Weight]:
        """Return the chosen rows, one weight a leaf, those that carry anything, the heaviest first."""
        leaves = [
            name
            for name in dict.fromkeys(self.variables[chosen])
            if name in self.account.leaf and isinstance(self.account.leaf[name], Observed) is observed
        ]
        groups = [chosen & (self.variables == name) for name in leaves]
        weights = []
        for name, group, share in zip(leaves, groups, self._shares(groups), strict=True):
            if abs(share) < NOTHING:
                continue
            leaf, rows = self.account.leaf[name], [self.rows[at] for at in np.flatnonzero(group)]
            weights.append(
                Weight(
                    name,
                    leaf.title.zh,
                    leaf.title.en,
                    share,
                    tuple(sorted({_mark(row) for row in rows} - {""})),
                    tuple(dict.fromkeys(_address(row) for row in rows)),
                    "; ".join(dict.fromkeys(_why(row) for row in rows)),
                )
            )
        return sorted(weights, key=lambda one: (-abs(one.share), one.id))

    def unverified(self) -> tuple[Weight, ...]:
        """Return the parameters with unverified rows, only those rows raised."""
        chosen = np.array([_mark(row) in UNVERIFIED for row in self.rows], dtype=bool)
        return tuple(self._weighed(chosen, observed=False))

    def estimates(self) -> tuple[Weight, ...]:
        """Return the inputs that their own source or note calls an estimate."""
        chosen = np.array(
            [not _mark(row) and any(word in _why(row).casefold() for word in ESTIMATED) for row in self.rows], dtype=bool
        )
        return tuple(self._weighed(chosen, observed=True))

    def largest(self, count: int) -> tuple[Weight, ...]:
        """Return the coefficients that carry most of GEP."""
        return tuple(self._weighed(np.ones(len(self.rows), dtype=bool), observed=False)[:count])

    def resting_on(self, names: list[str]) -> float | None:
        """Return the share of GEP that rests on any of the coefficients: of each service, as much as its heaviest one carries."""
        evaluation = self._raised([self.variables == name for name in names])
        if evaluation is None or not self.total or math.isnan(self.total):
            return None
        resting = 0.0
        for name, before in self.account.evaluation.results.items():
            value = _number(before) if name.endswith(".value") else math.nan
            if math.isnan(value) or value == 0.0:
                continue
            after = np.broadcast_to(evaluation.results[name], (len(names), 1, 1, 1))[:, 0, 0, 0]
            resting += value * min(1.0, float(np.max(np.abs(after / value - 1.0))) / STEP)
        return resting / self.total


def _number(cells: NDArray[np.float64]) -> float:
    return float(cells.reshape(-1)[0])


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)


def _mark(row: dict[str, Any]) -> str:
    """Return the mark of a row of the coefficient tables; inputs of the county have none."""
    return _text(row, "mark")


def _address(row: dict[str, Any]) -> str:
    return _text(row, "address") or (print_address({**row, "cell": _text(row, "cell"), "line": int(row["line"])}))


def group_findings(findings: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[str]]]:
    """Return open findings of a review, those that say the same once, each with all its addresses."""
    alike: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for one in findings:
        alike.setdefault((one["grade"], one["check_code"], one["found"]), []).append(one)
    return [(group[0], [one["address"] for one in group]) for group in alike.values()]


def _why(row: dict[str, Any]) -> str:
    return "; ".join(part for part in (_text(row, "source"), _text(row, "note")) if part)


def _methods(head: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the services with unverified statements on method, with their share of GEP and how many there are."""
    values = {one["service"]: one["value"] for one in head["services"] if one["value"] is not None}
    counts: dict[str, int] = {}
    for notice in head["notices"]:
        if notice["code"] == "unverified" and notice["service"] in values:
            counts[notice["service"]] = counts.get(notice["service"], 0) + 1
    found = [
        {"service": service, "statements": count, "share": values[service] / head["gep"] if head["gep"] else None}
        for service, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda one: -(one["share"] or 0.0)))


def _does_not_follow(head: dict[str, Any], account: RecomputedAccount) -> list[dict[str, Any]]:
    """Return the stored values that the stored inputs, coefficients and rules do not give."""
    stored = {f"{one['service']}.value": one["value"] for one in head["services"] if one["status"] == "accounted"}
    stored[TOTAL] = head["gep"]
    found = []
    for rule, value in stored.items():
        results = account.evaluation.results.get(rule)
        again = math.nan if results is None else _number(results)
        if value is None and math.isnan(again):
            continue
        if value is None or not math.isclose(value, again, rel_tol=AGREES):
            found.append({"rule": rule, "stored": value, "recomputed": None if math.isnan(again) else again})
    return found
