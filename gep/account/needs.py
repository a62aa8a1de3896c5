"""What an account still needs, service by service: the figures, the members they are needed for, and the years of the price index.

Asked of the same rules and evaluation as a run. What is missing is filled with a stand-in and the account evaluated again, until
nothing is missing: so one look names all that a run would ask for one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gep.account.arrays import find_item_axis
from gep.account.binding import Binder
from gep.formula.check import is_priced
from gep.formula.evaluate import Evaluation
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient, Observed, total
from gep.records import dataclass
from gep.reference.members import WHOLE, list_with_children, read_ecosystems
from gep.reference.periods import split_periods
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.rules.service import SHOWN
from gep.variables.base import price_index
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gep.account.binding import Binding
    from gep.coefficients.tables import Tables
    from gep.formula.evaluate import Flags
    from gep.formula.nodes import Leaf, Node
    from gep.inputs.rows import Inputs
    from gep.standards.plan import Plan

Members = tuple[str, str, str]
"""Ecosystem type, pollutant and item; empty where a leaf does not vary over one, or is wanted for the county as a whole."""

STAND_IN = "\N{HORIZONTAL ELLIPSIS}"
"""The item that stands for those the county will name."""
_ROUNDS = 8
_TEXTS = ("variable", "ecosystem", "pollutant", "product")


@dataclass(frozen=True)
class Need:
    """A figure, parameter or price without which a service of an account has no data, or a figure that is only shown.

    Attributes
    ----------
    account : number of the account
    service : id of the service, or of the figure that the standard only shows
    leaf    : id of the variable or coefficient
    members : what it is needed for; empty strings alone: one figure, or one for each member the county has
    each    : the county does not say yet which members it has: one for each it has
    years   : of the price index, where only it is missing; none: the figure itself is
    """

    account: int
    service: str
    leaf: str
    members: tuple[Members, ...]
    each: bool = False
    years: tuple[int, ...] = ()


def list_needs(plan: Plan, inputs: Inputs, tables: Tables) -> list[Need]:
    """Return everything that counted services of the accounts lack, in the order of accounts, services and leaves.

    What figures lack that the standard only shows comes after the services; what a service is asked for already is not repeated.

    Raises
    ------
    Problems : index rows of the inputs that cannot be used
    """
    found: dict[tuple[int, str, str, bool], dict[Members, None]] = {}
    supposed: set[tuple[int, str, str, str]] = set()
    years: dict[tuple[int, str], tuple[int, ...]] = {}
    named = {
        (int(account), axis, str(text))
        for axis in _TEXTS[1:]
        for account, text in set(zip(inputs.rows["account"], inputs.rows[axis], strict=True))
    }
    for _ in range(_ROUNDS):
        binder = Binder(plan, inputs, tables)
        new: dict[tuple[int, str, str, bool], dict[Members, None]] = {}
        for service, leaf, lacks_index, flags, binding in _list_missing(plan, binder):
            if lacks_index:
                for account in np.flatnonzero(flags.any(axis=(1, 2, 3))).tolist():
                    new.setdefault((account, service, leaf.id, True), {})[WHOLE, WHOLE, WHOLE] = None
            else:
                for account, members in _list_members(leaf, flags, binding):
                    new.setdefault((account, service, leaf.id, False), {})[members] = None
        new = {key: members for key, members in new.items() if not set(members) <= set(found.get(key, ()))}
        if not new:
            break
        for key, several in new.items():
            found.setdefault(key, {}).update(several)
        years |= {(account, leaf): _list_lacking_years(binder, account, leaf) for account, _, leaf, lacks in new if lacks}
        inputs = _suppose(plan, inputs, new, years, supposed)
    supposed = {one for one in supposed if (one[0], *one[2:]) not in named}
    found = _keep_unasked(plan, found)
    place = {name: at for at, name in enumerate([*SERVICE_TITLES, *plan.standard.shown_rules])}
    leaves = {name: at for at, name in enumerate(dict.fromkeys([*VARIABLES, *COEFFICIENTS, *plan.observed, *plan.coefficients]))}
    order = sorted(found, key=lambda key: (key[0], place[key[1]], leaves[key[2]], key[3]))
    return [_make_need(plan, key, tuple(found[key]), supposed, years) for key in order]


def _list_missing(plan: Plan, binder: Binder) -> Iterator[tuple[str, Leaf, bool, Flags, Binding]]:
    """Yield service, leaf, whether only its index is missing, and the cells in which it is missing."""
    binding = binder.bind(binder.last_years)
    evaluation = Evaluation(plan.steps, binding.bound)
    evaluation.run()
    every = np.ones((binder.accounts, 1, 1, 1), dtype=bool)
    for service, wanted in _list_wanted(plan):
        scope = _name_scope(service)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.broadcast_to(evaluation.value(wanted, scope), every.shape)
        unknown = np.isnan(value) & ~np.broadcast_to(binding.bound.inapplicable.get(scope, ~every), every.shape)
        if not unknown.any():
            continue
        for name, cells in evaluation.missing_cells(wanted, scope, unknown).items():
            flags = np.broadcast_to(cells, (binder.accounts, *cells.shape[1:]))
            lacking = np.zeros(every.shape, dtype=bool)
            if name in binding.unindexed:
                lacking = np.broadcast_to(binding.unindexed[name].reshape(-1, 1, 1, 1), every.shape)
            leaf = _leaf(plan, name)
            for lacks_index, where in ((True, flags & lacking), (False, flags & ~lacking)):
                if where.any():
                    yield service, leaf, lacks_index, where, binding


def _list_wanted(plan: Plan) -> Iterator[tuple[str, Node]]:
    """Yield what an account is to know of each service and of each figure that is only shown, by its id.

    Of a service it is its value, or under a standard of quantities the quantity of each line.
    """
    for service, part in plan.counted.items():
        if not plan.standard.physical:
            yield service, part.value
            continue
        for quantity in (line.quantities[0] for line in part.lines if line.quantities):
            whole: Node = quantity
            for axis in quantity.axes:
                whole = total(whole, over=axis)
            yield service, whole
    for identity, rule in plan.standard.shown_rules.items():
        figure: Node = rule if rule.axes else rule.variants[SHOWN].expression
        for axis in rule.axes:
            figure = total(figure, over=axis)
        yield identity, figure


def _name_scope(asking: str) -> str:
    """Return the service whose counted members are asked about: of a figure that is only shown, the one before its point."""
    owner = asking.partition(".")[0]
    return owner if owner in SERVICE_TITLES else ""


def _keep_unasked(
    plan: Plan, found: Mapping[tuple[int, str, str, bool], dict[Members, None]]
) -> dict[tuple[int, str, str, bool], dict[Members, None]]:
    """Return what is missing, of figures that are only shown without what a service lacks too."""
    asked = {
        (account, leaf, lacks, one)
        for (account, asking, leaf, lacks), members in found.items()
        if asking not in plan.standard.shown_rules
        for one in members
    }
    kept = {
        key: members
        if key[1] not in plan.standard.shown_rules
        else {one: None for one in members if (key[0], *key[2:], one) not in asked}
        for key, members in found.items()
    }
    return {key: members for key, members in kept.items() if members}


def _list_members(leaf: Leaf, flags: Flags, binding: Binding) -> Iterator[tuple[int, Members]]:
    """Yield the accounts and members for which a leaf is missing; a leaf is asked for over its own axes only."""
    item = find_item_axis(leaf)
    kept = flags
    for axis, wanted in ((1, ECOSYSTEM in leaf.axes), (2, POLLUTANT in leaf.axes), (3, item is not None)):
        if not wanted:
            kept = np.asarray(kept.any(axis=axis, keepdims=True))
    for account, eco, kind, place in zip(*(at.tolist() for at in np.nonzero(kept)), strict=True):
        yield (
            account,
            (
                binding.labels.ecosystem[eco] if kept.shape[1] > 1 else WHOLE,
                binding.labels.pollutant[kind] if kept.shape[2] > 1 else WHOLE,
                binding.labels.name(item, account, place) if item and kept.shape[3] > 1 else WHOLE,
            ),
        )


def _suppose(
    plan: Plan,
    inputs: Inputs,
    new: dict[tuple[int, str, str, bool], dict[Members, None]],
    lacking: dict[tuple[int, str], tuple[int, ...]],
    supposed: set[tuple[int, str, str, str]],
) -> Inputs:
    """Return the inputs with a stand-in for everything that was found missing; types the county has not named are noted."""
    rows: dict[tuple[int, str, Members], float] = {}
    for (account, service, name, lacks_index), several in new.items():
        if lacks_index:
            for year in lacking[account, name]:
                rows[account, price_index.id, (WHOLE, WHOLE, str(year))] = 1.0
            continue
        leaf = _leaf(plan, name)
        for members in several:
            for one in _list_stand_ins(plan, leaf, service, members):
                rows[account, name, one] = _stand_in(leaf)
                if isinstance(leaf, Observed) and leaf.extent and one != members:
                    supposed.update((account, service, axis, text) for axis, text in zip(_TEXTS[1:], one, strict=True) if text)
    _, years = split_periods(inputs.accounts["year"].to_numpy())
    added = pd.DataFrame(
        {
            "account": [account for account, _, _ in rows],
            "variable": [name for _, name, _ in rows],
            **{text: [members[at] for _, _, members in rows] for at, text in enumerate(_TEXTS[1:])},
            "value": list(rows.values()),
            "price_year": [int(years[account]) if _is_money(plan, name) else 0 for account, name, _ in rows],
        }
    )
    frame = pd.concat([inputs.rows, added], ignore_index=True)
    for text in _TEXTS:
        frame[text] = frame[text].astype(str).astype("category")
    return replace(inputs, rows=frame.drop_duplicates(["account", *_TEXTS], keep="first", ignore_index=True))


def _list_stand_ins(plan: Plan, leaf: Leaf, service: str, members: Members) -> Iterator[Members]:
    """Yield members to fill: those asked for, or any that the county may have where it names none of an extent."""
    if not (isinstance(leaf, Observed) and leaf.extent) or leaf.whole or any(members):
        yield members
        return
    if ECOSYSTEM in leaf.axes:
        parents = {one.parent for one in read_ecosystems().values()}
        choice = plan.standard.choices.get(_name_scope(service))
        counted = (choice.ecosystems if choice else ()) or tuple(name for name in read_ecosystems() if name != "unclassified")
        within = dict.fromkeys(name for one in counted for name in list_with_children(one) if name not in parents)
        for name in within:
            yield (name, WHOLE, WHOLE)
    elif POLLUTANT in leaf.axes:
        choice = plan.standard.choices.get(_name_scope(service))
        for name in choice.pollutants if choice else ():
            yield (WHOLE, name, WHOLE)
    else:
        yield (WHOLE, WHOLE, STAND_IN if leaf.axes else WHOLE)


def _stand_in(leaf: Leaf) -> float:
    least, most = getattr(leaf, "least", None), getattr(leaf, "most", None)
    low = max(least or 0.0, 0.0)
    return low + 1.0 if most is None else (low + most) / 2


def _leaf(plan: Plan, name: str) -> Leaf:
    return plan.observed[name] if name in plan.observed else plan.coefficients[name]


def _is_money(plan: Plan, name: str) -> bool:
    return name != price_index.id and is_priced(_leaf(plan, name))


def _list_lacking_years(binder: Binder, account: int, name: str) -> tuple[int, ...]:
    """Return the years for which an index row would bring the rows of a leaf to the accounting year."""
    end, year = binder.indices.find_end(account), int(binder.last_years[account])
    own = binder.filler.at.get(name, np.zeros(0, dtype=np.intp))
    given = [int(one) for at, one in zip(own, binder.price_years[own], strict=True) if binder.filler.account[at] == account]
    return tuple(range(end + 1, max([year, *given]) + 1)) if end else ()


def _make_need(
    plan: Plan,
    key: tuple[int, str, str, bool],
    members: Sequence[Members],
    supposed: set[tuple[int, str, str, str]],
    years: dict[tuple[int, str], tuple[int, ...]],
) -> Need:
    account, service, name, lacks_index = key
    if lacks_index and years[account, name]:
        return Need(account, service, name, (), years=years[account, name])
    leaf = _leaf(plan, name)
    unsaid = [
        any((account, service, axis, text) in supposed for axis, text in zip(_TEXTS[1:], one, strict=True))
        or (isinstance(leaf, Observed) and leaf.extent and not leaf.whole and bool(leaf.axes) and not any(one))
        for one in members
    ]
    each = all(unsaid) and bool(leaf.axes)
    if each and not isinstance(leaf, Coefficient):
        members = ()
    return Need(account, service, name, tuple(one for one in members if any(one) and STAND_IN not in one), each=each)
