"""Finds wholes that stand beside their parts: a figure of the county beside its types, 合计 beside products, 粮食 beside 稻谷.

Of a quantity that adds up, whole and parts must not both be counted. Where they agree within rounding the parts are counted and
the whole has been checked; where they do not they are refused.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Observed
from gep.inputs.row_problems import find_cell, place_of
from gep.messages.problems import Problem
from gep.messages.texts import join_names, name_id, say
from gep.records import dataclass
from gep.reference.item_classes import begins_as_total, find_class, holds_item
from gep.reference.members import WHOLE, list_types_above, name_member
from gep.reference.origins import holds_origin, may_hold_origin, names_division
from gep.reference.products import (
    BRANCH_AXES,
    find_held,
    find_key,
    is_of_which,
    is_total,
    list_keys,
    lists_its_parts,
    names_a_sum,
    names_branch,
    spell,
    spell_alone,
)
from gep.units.registry import print_unit
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf

ORIGIN = "origin"
AREA = "area"
"""Land is checked by itself and refused where it is counted twice, whatever it adds up to."""
TOGETHER = (
    *(
        tuple(f"{branch}_{what}" for what in ("output", "output_volume", "output_count", "product_value"))
        for branch in ("agricultural", "forestry", "livestock", "fishery")
    ),
    ("bioenergy_output", "bioenergy_output_volume", "bioenergy_product_value"),
    ("lake_area", "lake_flood_capacity"),
)
"""Variables of which each item takes the first that is known, so that a total of one stands beside items of another."""
SLOP = 1e-9
"""Share by which binary numbers may miss a sum of decimals."""

MOST_ROUNDING = 0.02
"""Share of a whole above which a difference is no rounding, however few digits the figures have."""


@dataclass(frozen=True)
class Whole:
    """A row that stands beside its parts: positions of rows. `other` is a variable of the parts that is not the whole's own."""

    at: int
    parts: tuple[int, ...]
    other: str = ""


def is_additive(leaf: Leaf) -> bool:
    """Return whether the figures of a variable's members add up to that of the whole: amounts and sums of money, not rates."""
    return isinstance(leaf, Observed) and bool(leaf.axes) and (leaf.extent or leaf.unit in {"t/yr", "CNY/yr"})


def flag_wholes(
    rows: pd.DataFrame, known: Mapping[str, Leaf] = VARIABLES, homes: Mapping[int, str] | None = None
) -> NDArray[np.bool_]:
    """Return which rows are wholes beside their parts, and so are not counted themselves; flags of shape (rows,).

    Parameters
    ----------
    rows  : account, variable, ecosystem, pollutant, product; texts as categories
    known : what rows may be about, by id
    homes : account → code of its place, of which 省内 and 本市 speak
    """
    return mark_wholes(len(rows), find_wholes(rows, known, homes))


def mark_wholes(count: int, wholes: Iterable[Whole]) -> NDArray[np.bool_]:
    """Return which of so many rows are wholes that are not counted themselves; flags of shape (rows,)."""
    flags = np.zeros(count, dtype=bool)
    flags[[one.at for one in wholes if not one.other]] = True
    return flags


def check_wholes(rows: pd.DataFrame, wholes: Sequence[Whole], known: Mapping[str, Leaf] = VARIABLES) -> list[Problem]:
    """Return a problem for each whole that its parts do not add up to within rounding.

    Parameters
    ----------
    rows   : as in `Inputs.rows`
    wholes : as `find_wholes` finds them among these rows
    known  : as in `flag_wholes`
    """
    problems = []
    places_named = [at for one in wholes for at in (one.at, *one.parts)]
    values = rows["value"].to_numpy()
    given = dict(zip(places_named, rows["value_given"].iloc[places_named].astype(str), strict=True))
    for one in wholes:
        row = rows.iloc[one.at]
        leaf = known[str(row["variable"])]
        names = [name_id(leaf.id, known), *(name_member(str(row[name])) for name in ("ecosystem", "pollutant", "product"))]
        whole, parts = values[one.at], values[list(one.parts)]
        places = join_names(place_of(rows.iloc[at]) for at in one.parts[:PLACES_SHOWN])
        if one.other:
            found = say(
                "{whole} stands beside {other} of its parts ({places})",
                whole=join_names(name for name in names if name),
                other=name_id(one.other, known),
                places=places,
            )
            problems.append(_problem(row, found))
            continue
        rounding = sum(_rounding(values[at], given[at]) for at in (one.at, *one.parts))
        bound = min(rounding, MOST_ROUNDING * abs(whole)) + SLOP * abs(whole)
        if abs(parts.sum() - whole) > bound:
            found = say(
                "{whole} is {value:,.12g}{unit}, its parts ({places}) add up to {sum:,.12g}",
                whole=join_names(name for name in names if name),
                value=whole,
                unit=f" {print_unit(leaf.unit)}",
                places=places,
                sum=parts.sum(),
            )
            problems.append(_problem(row, found))
    return problems


_OF_ORIGIN = {name for name, one in VARIABLES.items() if ORIGIN in one.axes}
PLACES_SHOWN = 8


def _problem(row: pd.Series, found: str) -> Problem:
    expected = say("a whole that is the sum of its parts, or one of the two")
    hint = say("keep the parts if they are complete, else the whole; both would count twice")
    if may_hold_origin(str(row["product"])) and row["variable"] in _OF_ORIGIN:
        hint = say(
            "keep the parts if they are complete, else the whole; a place that leaves its parts out is written {name}",
            name=f"{row['product']}其他",
        )
    return Problem(str(row["file"]), int(row["line"]), found, expected, hint, find_cell(row))


def check_of_which(rows: pd.DataFrame) -> list[Problem]:
    """Return a problem for each figure of an amount whose product is named as part of the one above it, or as the sum of some."""
    part = np.array([is_of_which(name) or names_a_sum(name) for name in rows["product"].cat.categories], dtype=bool)
    if not part.any():
        return []
    found = []
    for _, row in rows[part[rows["product"].cat.codes.to_numpy()]].iterrows():
        if not is_additive(VARIABLES.get(str(row["variable"]), _NOTHING)):
            continue
        name = str(row["product"])
        said, hint = (
            (say("the product {name} is part of another", name=name), _ALONE)
            if is_of_which(name)
            else (say("the product {name} is the sum of others", name=name), _WITHOUT_SUM)
        )
        place = (str(row["file"]), int(row["line"]))
        found.append(Problem(*place, said, "products that do not hold one another", hint, find_cell(row)))
    return found


_ALONE = "write the product alone, and leave out the figure that holds it"
_WITHOUT_SUM = "keep the products it is the sum of, or write the name without the word for the sum"


_NOTHING = VARIABLES["gdp"]


def find_wholes(rows: pd.DataFrame, known: Mapping[str, Leaf] = VARIABLES, homes: Mapping[int, str] | None = None) -> list[Whole]:
    """Return the rows of amounts that stand beside their parts, in the order of rows.

    Parameters
    ----------
    known, homes : as in `flag_wholes`
    """
    names = rows["variable"].cat.categories
    variables = rows["variable"].cat.codes.to_numpy()
    additive = np.array([name in known and is_additive(known[name]) and name != AREA for name in names], dtype=bool)
    if not additive.any():
        return []
    groups = {"", *(above for name in rows["ecosystem"].cat.categories for above in list_types_above(name)[1:])}
    by_type = np.array([name in known and ECOSYSTEM in known[name].axes for name in names], dtype=bool)
    group = np.array([name in groups for name in rows["ecosystem"].cat.categories], dtype=bool)
    axes = [_find_axis(known[name]) if name in known else "" for name in names]
    products = rows["product"].cat.categories
    bracketed = {spell_alone(name) for name in products if "(" in spell(name)}
    item = np.array([is_total(name) or lists_its_parts(name) for name in products], dtype=bool)
    listed = np.array([_may_hold(name) or spell(name) in bracketed for name in products], dtype=bool)
    division = np.array([names_division(name) for name in products], dtype=bool)
    origin = np.array([may_hold_origin(name) for name in products], dtype=bool)
    of_program = np.array([name in VARIABLES for name in names], dtype=bool)  # 农业 among the users of a standard is no product
    classed = np.array([bool(find_class(name)) or begins_as_total(name) for name in products], dtype=bool)
    of_branch, of_origin = (np.array([axis in wanted for axis in axes], dtype=bool) for wanted in (BRANCH_AXES, {ORIGIN}))
    by_product = (
        item
        | (of_program[:, None] & listed)
        | (of_branch[:, None] & division)
        | (of_origin[:, None] & origin)
        | ((of_program & ~of_branch & ~of_origin)[:, None] & classed)
    )
    may = np.zeros(len(rows), dtype=bool)
    by_types = additive[:, None] & by_type[:, None] & group
    for column, together in (("ecosystem", by_types), ("product", additive[:, None] & by_product)):
        if together.any():  # found for each pair of texts, and looked up once a row
            may |= together.take(variables * np.int64(together.shape[1]) + rows[column].cat.codes.to_numpy())
    if not may.any():
        return []
    family = np.arange(len(names))
    for together in TOGETHER:
        members = [at for at, name in enumerate(names) if name in together]
        family[members] = min(members, default=0)
    accounts = rows["account"].to_numpy()
    key = accounts * len(names) + family[variables]
    taken = np.flatnonzero(additive[variables] & np.isin(key, np.unique(key[may])))
    order = taken[np.argsort(key[taken], kind="stable")]
    bounds = np.flatnonzero(np.diff(key[order], prepend=-1))
    texts = {
        name: rows[name].cat.categories.to_numpy(dtype=object)[rows[name].cat.codes.to_numpy()[order]]
        for name in ("variable", ECOSYSTEM, POLLUTANT, "product")
    }
    found: list[Whole] = []
    for start, end in zip(bounds, [*bounds[1:], len(order)], strict=True):
        if end - start > 1:
            of_account = {name: column[start:end].tolist() for name, column in texts.items()}
            home = (homes or {}).get(int(accounts[order[start]]), "")
            found += _wholes_of(of_account, order[start:end].tolist(), known, home)
    return sorted(found, key=lambda one: (one.at, one.other))


def _wholes_of(texts: Mapping[str, list[str]], at: list[int], known: Mapping[str, Leaf], home: str) -> Iterator[Whole]:
    """Yield the wholes among the rows of one account and variable, or of variables of which each item takes the first known."""
    by_item: dict[tuple[str, str, str], dict[str, int]] = {}
    by_type: dict[tuple[str, str, str], dict[str, int]] = {}
    for place, (variable, ecosystem, pollutant, product) in enumerate(zip(*texts.values(), strict=True)):
        by_item.setdefault((variable, ecosystem, pollutant), {})[product] = at[place]
        by_type.setdefault((variable, pollutant, product), {})[ecosystem] = at[place]
    for (variable, _, _), rows in by_type.items():
        if ECOSYSTEM in known[variable].axes:
            yield from _wholes_of_types(rows)
    items = {key: _Items(rows, _find_axis(known[key[0]]), home) for key, rows in by_item.items()}
    for (variable, *others), of in items.items():
        for name, place in of.rows.items():
            if not of.may_hold(name):
                continue
            parts = of.list_parts(name)
            if parts:
                yield Whole(place, tuple(of.rows[part] for part in parts))
                continue
            for (another, *same), beside in items.items():
                if another != variable and same == others:
                    parts = beside.list_parts(name)
                    if parts:
                        yield Whole(place, tuple(beside.rows[part] for part in parts), another)


class _Items:
    """The items of one variable in an account, and which of them hold which.

    Attributes
    ----------
    rows : position of each item's row
    axis : what the items are
    home : code of the place of the account, empty where it is not known
    """

    def __init__(self, rows: Mapping[str, int], axis: str, home: str = "") -> None:
        self.rows = rows
        self.axis = axis
        self.home = home

    @cached_property
    def by_key(self) -> dict[str, list[str]]:
        """The items by each key that another may hold them by."""
        found: dict[str, list[str]] = {}
        for name in self.rows:
            for key in list_keys(name):
                found.setdefault(key, []).append(name)
        return found

    @cached_property
    def narrower(self) -> dict[str, list[str]]:
        """The items with words in brackets, by their name without."""
        found: dict[str, list[str]] = {}
        for name in self.rows:
            if "(" in spell(name):
                found.setdefault(spell_alone(name), []).append(name)
        return found

    def may_hold(self, name: str) -> bool:
        """Whether an item may hold others."""
        if self.axis == ORIGIN and may_hold_origin(name):
            return True
        return (
            self.names_all(name)
            or bool(find_held(name))
            or spell(name) in self.narrower
            or (self.of_places and bool(find_class(name)))
        )

    def names_all(self, name: str) -> bool:
        """Whether an item is named as the sum of the others; of products also by the branch, or by the place they are from."""
        if self.axis in BRANCH_AXES:
            return is_total(name) or names_branch(name) or names_division(name)
        return is_total(name) or (self.of_places and begins_as_total(name))

    @property
    def of_places(self) -> bool:
        """Whether the items are places or uses, neither products of a branch nor origins of visitors."""
        return self.axis not in BRANCH_AXES and self.axis != ORIGIN

    def list_parts(self, name: str) -> list[str]:
        """Return the items that a named one holds, those that hold others among them in their place."""
        below = (
            [one for one in self.rows if one != name and not self.names_all(one)] if self.names_all(name) else self._held(name)
        )
        inner = {part for one in below if self.may_hold(one) for part in self._held(one)}
        return [one for one in below if one not in inner]

    def _held(self, name: str) -> list[str]:
        if self.axis == ORIGIN:
            return [one for one in self.rows if holds_origin(name, one, self.home)]
        own = find_key(name)
        found = {one for key in find_held(name) for one in self.by_key.get(key, ()) if find_key(one) != own}
        found |= {one for one in self.narrower.get(spell(name), ()) if one != name and not lists_its_parts(one)}
        if self.of_places and find_class(name):
            found |= {one for one in self.rows if one != name and holds_item(name, one)}
        return [one for one in self.rows if one in found] if found else []


def _find_axis(leaf: Leaf) -> str:
    """Return the axis of a variable's items; empty where it has none, or only ecosystem types and pollutants."""
    return next((axis for axis in leaf.axes if axis not in {ECOSYSTEM, POLLUTANT}), "") if isinstance(leaf, Observed) else ""


def _may_hold(name: str) -> bool:
    """Whether an item may hold others: a branch, a group of the list, or several joined."""
    return names_branch(name) or bool(find_held(name))


def _wholes_of_types(rows: Mapping[str, int]) -> Iterator[Whole]:
    top = dict(rows)
    for name in rows:
        below = [one for one in rows if one and name == next((above for above in list_types_above(one)[1:] if above in rows), "")]
        below = below if name else []
        if below:
            yield Whole(rows[name], tuple(rows[one] for one in below))
        for one in below:
            top.pop(one)
    if WHOLE in top and len(top) > 1:
        yield Whole(top[WHOLE], tuple(place for name, place in top.items() if name != WHOLE))


def _rounding(value: float, given: str) -> float:
    """Return half a unit of the last decimal of a figure as given, in the unit of its value."""
    try:
        written = Decimal(given)
    except InvalidOperation:
        return 0.0
    exponent = written.as_tuple().exponent
    if not isinstance(exponent, int) or not written:
        return 0.0
    return abs(value / float(written)) * 0.5 * 10.0 ** min(exponent, 0)
