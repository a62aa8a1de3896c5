"""Turns arrays of results into tables of services, lines, ecosystems and totals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gep.account.missing import Reasons
from gep.account.status import ACCOUNTED, EXCLUDED, NO_DATA, NOT_APPLICABLE, QUANTITY
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Rule, total
from gep.messages.words import NOT_LISTED
from gep.records import dataclass
from gep.reference.services import CATEGORIES, OPEN_SERVICES
from gep.rules.catalogue import SERVICES
from gep.rules.gep import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from gep.account.binding import Binding
    from gep.formula.evaluate import Evaluation, Flags, Floats
    from gep.formula.nodes import Coefficient, Node
    from gep.rules.service import Line
    from gep.standards.plan import Plan


class Tabulator:
    """Turns arrays of results into the tables of an account.

    Parameters
    ----------
    why_inapplicable : says of a service, for each account, why it does not apply
    constant : results at constant prices; None: `value_constant` is NaN
    """

    def __init__(
        self,
        plan: Plan,
        why_inapplicable: Callable[[str], NDArray[np.object_]],
        binding: Binding,
        current: Evaluation,
        constant: Evaluation | None,
    ) -> None:
        self.plan, self.why_inapplicable, self.binding = plan, why_inapplicable, binding
        self.current, self.constant = current, constant
        self.accounts = binding.bound.accounts
        self.every = np.arange(self.accounts)
        self.reasons = Reasons(current, binding)
        self._item_texts: dict[str, NDArray[np.object_]] = {}

    def _one(self, evaluation: Evaluation | None, rule: str) -> NDArray[np.float64]:
        if evaluation is None:
            return np.full(self.accounts, np.nan)
        return np.broadcast_to(evaluation.results[rule], (self.accounts, 1, 1, 1))[:, 0, 0, 0]

    def _flags(self, name: str) -> NDArray[np.bool_]:
        flags = self.binding.bound.inapplicable.get(name)
        return (
            np.zeros(self.accounts, dtype=bool) if flags is None else np.broadcast_to(flags, (self.accounts, 1, 1, 1))[:, 0, 0, 0]
        )

    def services(self) -> pd.DataFrame:
        """Return one row an account and service, as in `Account.services`; services that a standard leaves out are among them."""
        frames = []
        for identity, service in SERVICES.items():
            part = self.plan.counted.get(identity)
            if part is None and identity in OPEN_SERVICES:
                continue
            frame = {"account": self.every, "service": identity, "category": service.category}
            if part is None:
                reason = self.plan.standard.excluded.get(identity, NOT_LISTED)
                frames.append(_Part({**frame, "status": EXCLUDED, "missing": "", "reason": reason}, self.accounts))
                continue
            value = self._one(self.current, part.value.id).copy()
            inapplicable = self._flags(identity)
            value[inapplicable] = np.nan
            unknown = np.isnan(value) & ~inapplicable
            if self.plan.standard.physical:
                counted = self._all_quantities(part.lines, identity)
                frame["status"] = np.select([inapplicable, counted], [NOT_APPLICABLE, QUANTITY], NO_DATA)
                frame["missing"] = self._missing_quantities(part.lines, identity, ~counted & ~inapplicable)
            else:
                frame["status"] = np.select([inapplicable, unknown], [NOT_APPLICABLE, NO_DATA], ACCOUNTED)
                frame["missing"] = self.reasons.missing(part.value, identity, unknown)
            frame["reason"] = np.where(inapplicable, self.why_inapplicable(identity), "") if inapplicable.any() else ""
            frame["value"] = value
            constant = self._one(self.constant, part.value.id).copy()
            constant[np.isnan(value)] = np.nan
            frame["value_constant"] = constant
            frame.update(self._single(part.lines, identity))
            frames.append(_Part(frame, self.accounts))
        return _joined(frames)

    def _quantities(self, line: Line, scope: str) -> list[NDArray[np.float64]]:
        """Return the quantities of a line over all its members, each of shape (account,)."""
        found = []
        for rule in line.quantities:
            node: Node = rule
            for axis in rule.axes:
                node = total(node, over=axis)
            with np.errstate(invalid="ignore"):
                cells = self.current.value(node, scope)
            found.append(np.broadcast_to(cells, (self.accounts, 1, 1, 1))[:, 0, 0, 0])
        return found

    def _all_quantities(self, lines: tuple[Line, ...], scope: str) -> NDArray[np.bool_]:
        """Return the accounts that know a quantity of every line that applies to them."""
        known = np.ones(self.accounts, dtype=bool)
        for line in lines:
            any_known = np.any([~np.isnan(one) for one in self._quantities(line, scope)], axis=0) if line.quantities else True
            known &= any_known | self._flags(line.id)
        return known

    def _missing_quantities(self, lines: tuple[Line, ...], scope: str, unknown: NDArray[np.bool_]) -> NDArray[np.object_]:
        """Return for each account the ids of the leaves for want of which quantities are unknown, as `Reasons.missing`."""
        found = np.full(self.accounts, "", dtype=object)
        for line in lines:
            lacking = unknown & ~self._flags(line.id)
            if not lacking.any() or not line.quantities:
                continue
            lacking = lacking & np.all([np.isnan(one) for one in self._quantities(line, scope)], axis=0)
            said = self.reasons.missing(line.quantities[0], scope, lacking)
            found = np.array(
                [
                    ";".join(dict.fromkeys(filter(None, [*one.split(";"), *two.split(";")])))
                    for one, two in zip(found, said, strict=True)
                ],
                dtype=object,
            )
        return found

    def _single(self, lines: tuple[Line, ...], scope: str) -> dict[str, object]:
        """Return quantity and price of a service that is one line with one quantity, not spread over members, or its headline."""
        headline = SERVICES[scope].headline
        if headline is not None and headline.id in self.current.steps:
            cells = self._spread(self._over_ecosystems(self.current, headline, scope))[:, 0, 0]
            return {"quantity": cells, "quantity_unit": headline.unit}
        if len(lines) != 1 or len(lines[0].quantities) != 1:
            return {}
        line = lines[0]
        if any(axis != ECOSYSTEM for axis in line.quantities[0].axes):
            return {}
        quantity = self._spread(self._over_ecosystems(self.current, line.quantities[0], scope))[:, 0, 0]
        found: dict[str, object] = {"quantity": quantity, "quantity_unit": line.quantities[0].unit}
        price = self._price(line.prices[0], scope)
        if price is not None:
            found |= {"unit_price": self._spread(price)[:, 0, 0], "price_unit": line.prices[0].unit}  # type: ignore[union-attr]
        return found

    def _over_ecosystems(self, evaluation: Evaluation, rule: Rule, scope: str) -> Floats:
        node: Node = total(rule, over=ECOSYSTEM) if ECOSYSTEM in rule.axes else rule
        with np.errstate(invalid="ignore"):
            return evaluation.value(node, scope)

    def _price(self, node: Rule | Coefficient | None, scope: str) -> Floats | None:
        """Return a line's price, unless it differs between ecosystems."""
        if node is None or self.plan.standard.physical:
            return None
        price = self.current.value(node, scope)
        return price if price.shape[1] == 1 else None

    def _spread(self, cells: Floats) -> NDArray[np.float64]:
        """Return cells without the ecosystem axis, one row an account."""
        return np.broadcast_to(cells, (self.accounts, *cells.shape[1:]))[:, 0]

    def lines(self) -> pd.DataFrame:
        """Return one row an account, line and member, as in `Account.lines`."""
        frames = []
        for scope, part in self.plan.counted.items():
            for line in part.lines:
                frames += self._line(line, scope)
        if not frames:
            return _empty()
        return _joined(frames)

    def _line(self, line: Line, scope: str) -> list[_Part]:
        frames = []
        if line.detail is None:
            frames += self._members(line, line.value, scope, detail=False)
        else:
            frames += self._members(line, line.value, scope, detail=False, quantities=False)
            frames += self._members(line, line.detail, scope, detail=True)
        return frames

    def _members(self, line: Line, value: Rule, scope: str, *, detail: bool, quantities: bool = True) -> list[_Part]:
        """Return a line's rows: one a pollutant and item that the account has, or one for the line."""
        axes = line.quantities[0].axes if self.plan.standard.physical and line.quantities and not value.axes else value.axes
        values = self._spread(self._over_ecosystems(self.current, value, scope))
        constants = self._spread(self._over_ecosystems(self.constant, value, scope)) if self.constant else None
        counts = (
            [self._spread(self._over_ecosystems(self.current, rule, scope)) for rule in line.quantities] if quantities else []
        )
        prices = [self._price(price, scope) for price in line.prices] if quantities else []
        kinds = (
            [at for at, name in enumerate(self.binding.labels.pollutant) if name in self._pollutants(line, scope)]
            if POLLUTANT in axes
            else [0]
        )
        item = next((axis for axis in axes if axis not in {ECOSYSTEM, POLLUTANT}), None)
        places = range(max([values.shape[2], *(one.shape[2] for one in counts)])) if item else range(1)
        inapplicable = self._flags(line.id) | self._flags(scope)
        frames = []
        for kind in kinds:
            for place in places:
                has = self._has(item, place)
                if item and place == 0 and not detail:
                    has = has | ~self._lists(item)
                if not has.any():
                    continue
                chosen = self.every[has]
                worth = _pick(values, kind, place)[has]
                frame: dict[str, object] = {
                    "account": chosen,
                    "service": scope,
                    "line": line.id,
                    "detail": detail,
                    "pollutant": self.binding.labels.pollutant[kind] if POLLUTANT in axes else "",
                    "item": self._item_names(item, place)[has] if item else "",
                    "value": np.where(inapplicable[has], np.nan, worth),
                    "value_constant": _pick(constants, kind, place)[has] if constants is not None else np.nan,
                }
                frame.update(self._quantity(line, counts, prices, kind, place, has))
                kept = np.isnan(worth) & ~np.isnan(frame["quantity"]) & self.plan.standard.physical  # type: ignore[call-overload]
                frame["status"] = np.select(
                    [inapplicable[has], kept, np.isnan(worth)], [NOT_APPLICABLE, QUANTITY, NO_DATA], ACCOUNTED
                )
                frames.append(_Part(frame, len(chosen)))
        return frames

    def _pollutants(self, line: Line, scope: str) -> tuple[str, ...]:
        """Return the pollutants that a line counts."""
        own = self.plan.standard.lines.get(line.id)
        return (own.pollutants if own is not None else ()) or self.plan.standard.choices[scope].pollutants

    def _quantity(
        self, line: Line, counts: list[NDArray[np.float64]], prices: list[Floats | None], kind: int, place: int, has: Flags
    ) -> dict[str, object]:
        quantity = np.full(int(has.sum()), np.nan)
        price, unit, price_unit = (
            quantity.copy(),
            np.full(len(quantity), "", dtype=object),
            np.full(len(quantity), "", dtype=object),
        )
        for rule, cells, priced, node in zip(line.quantities, counts, prices, line.prices, strict=False):
            found = _pick(cells, kind, place)[has]
            new = np.isnan(quantity) & ~np.isnan(found)
            quantity[new], unit[new] = found[new], rule.unit
            if priced is not None and node is not None:
                price[new], price_unit[new] = _pick(self._spread(priced), kind, place)[has][new], node.unit
        return {
            "quantity": quantity,
            "quantity_unit": unit,
            "unit_price": price,
            "price_unit": np.where(np.isnan(price), "", price_unit),
        }

    def _has(self, item: str | None, place: int) -> Flags:
        if item is None:
            return np.ones(self.accounts, dtype=bool)
        items = self.binding.labels.items.get(item)
        if items is None or place >= items.codes.shape[1]:
            return np.zeros(self.accounts, dtype=bool)
        return items.codes[:, place] >= 0

    def _lists(self, item: str) -> Flags:
        return self._has(item, 0)

    def _item_names(self, item: str, place: int) -> NDArray[np.object_]:
        items = self.binding.labels.items.get(item)
        if items is None or place >= items.codes.shape[1]:
            return np.full(self.accounts, "", dtype=object)
        found: NDArray[np.object_] = self._names_of_items(item)[items.codes[:, place]]
        return found

    def _names_of_items(self, item: str) -> NDArray[np.object_]:
        """Return the names of an axis's items, nothing as the last; made once, for they are asked for at each place."""
        if item not in self._item_texts:
            self._item_texts[item] = np.array([*self.binding.labels.items[item].names, ""], dtype=object)
        return self._item_texts[item]

    def by_ecosystem(self) -> pd.DataFrame:
        """Return one row an account, service and ecosystem type that takes part in it, as in `Account.by_ecosystem`."""
        frames = []
        for scope, part in self.plan.counted.items():
            known = ~np.isnan(self._one(self.current, part.value.id)) & ~self._flags(scope)
            sums: dict[int, list[tuple[NDArray[np.float64], NDArray[np.float64]]]] = {}
            for line in part.lines:
                self._by_type(line, scope, sums)
            for place, cells in sums.items():
                worth, any_known = _add([one for one, _ in cells])
                constant, _ = _add([two for _, two in cells])
                has = any_known & known
                if has.any():
                    frames.append(
                        _Part(
                            {
                                "account": self.every[has],
                                "service": scope,
                                "ecosystem": self.binding.labels.ecosystem[place],
                                "value": worth[has],
                                "value_constant": constant[has] if self.constant else np.nan,
                            },
                            int(has.sum()),
                        )
                    )
        if not frames:
            return _empty()
        return _joined(frames)

    def _by_type(self, line: Line, scope: str, sums: dict[int, list[tuple[NDArray[np.float64], NDArray[np.float64]]]]) -> None:
        """Add a line's value at each ecosystem it takes part in; what is not spread over ecosystems stands at the whole."""
        node: Node = line.value
        for axis in line.value.axes:
            if axis != ECOSYSTEM:
                node = total(node, over=axis)
        with np.errstate(invalid="ignore"):
            values = self.current.value(node, scope)
            constants = self.constant.value(node, scope) if self.constant else np.full((1, 1, 1, 1), np.nan)
        leave_out = self._flags(line.id)
        taking = None
        if ECOSYSTEM in line.value.axes and values.shape[1] > 1:
            taking, _ = self.current.members(total(line.value, over=ECOSYSTEM), scope)
        for place in range(values.shape[1]):
            cells = np.broadcast_to(values, (self.accounts, *values.shape[1:]))[:, place, 0, 0].copy()
            cells[leave_out] = np.nan
            if taking is not None:
                flags = np.broadcast_to(taking, (self.accounts, *taking.shape[1:]))[:, min(place, taking.shape[1] - 1)].any(
                    axis=(1, 2)
                )
                cells[~flags] = np.nan
            constant = np.broadcast_to(constants, (self.accounts, *constants.shape[1:]))[
                :, min(place, constants.shape[1] - 1), 0, 0
            ]
            if (~np.isnan(cells)).any():
                sums.setdefault(place, []).append((cells, constant))

    def totals(self) -> pd.DataFrame:
        """Return one row an account and category, and one for GEP, as in `Account.totals`."""
        frames = []
        for category in (*CATEGORIES, "gep"):
            rule = TOTAL if category == "gep" else f"gep.{category}"
            if rule not in self.current.results:
                continue
            members = [part for part in self.plan.counted.values() if category in {"gep", part.service.category}]
            applies = np.sum([~self._flags(part.service.id) for part in members], axis=0)
            known = np.sum(
                [~np.isnan(self._one(self.current, part.value.id)) & ~self._flags(part.service.id) for part in members], axis=0
            )
            frames.append(
                _Part(
                    {
                        "account": self.every,
                        "category": category,
                        "value": self._one(self.current, rule),
                        "value_constant": self._one(self.constant, rule),
                        "accounted": known,
                        "counted": applies,
                    },
                    self.accounts,
                )
            )
        return _joined(frames)


_TEXT = (
    "service",
    "category",
    "status",
    "missing",
    "reason",
    "quantity_unit",
    "price_unit",
    "line",
    "pollutant",
    "item",
    "ecosystem",
)


@dataclass(frozen=True)
class _Part:
    """Some rows of a table: column → one value for all of them, or an array of `length` values."""

    columns: Mapping[str, Any]
    length: int


def _empty() -> pd.DataFrame:
    return pd.DataFrame({"account": np.zeros(0, dtype=np.int64)})


def _joined(parts: list[_Part]) -> pd.DataFrame:
    """Return parts under one another, text columns as categories, sorted by account in a stable order."""
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    accounts = np.concatenate([part.columns["account"] for part in parts])
    order = np.argsort(accounts, kind="stable")
    return pd.DataFrame({name: (_texts(parts, name) if name in _TEXT else _numbers(parts, name))[order] for name in names})


def _numbers(parts: list[_Part], name: str) -> NDArray[Any]:
    """Return a column of numbers or flags; unknown where a part lacks it."""
    return np.concatenate([np.broadcast_to(part.columns.get(name, np.nan), (part.length,)) for part in parts])


FEW = 200
"""Texts that are numbered one by one: asking pandas costs as much as that many, and an account may have thousands of parts."""


def _texts(parts: list[_Part], name: str) -> pd.Categorical[str]:
    """Return a column of texts, empty where a part lacks it; categories in the order of parts, inside a part in that of the alphabet."""
    known: dict[str, int] = {}
    codes = []
    for part in parts:
        values = part.columns.get(name, "")
        if isinstance(values, str):
            codes.append(np.full(part.length, known.setdefault(values, len(known)), dtype=np.int32))
            continue
        if part.length and (values == values[0]).all():
            codes.append(np.full(part.length, known.setdefault(str(values[0]), len(known)), dtype=np.int32))
            continue
        if part.length < FEW:
            written = [str(text) for text in np.asarray(values, dtype=object)]
            for text in sorted(set(written)):
                known.setdefault(text, len(known))
            codes.append(np.array([known[text] for text in written], dtype=np.int32))
            continue
        found, texts = pd.factorize(np.asarray(values, dtype=object), sort=True)
        codes.append(np.array([known.setdefault(str(text), len(known)) for text in texts], dtype=np.int32)[found])
    return pd.Categorical.from_codes(np.concatenate(codes), categories=pd.Index(list(known)))


def _pick(cells: NDArray[np.float64], kind: int, place: int) -> NDArray[np.float64]:
    return cells[:, kind if cells.shape[1] > 1 else 0, place if cells.shape[2] > 1 else 0]


def _add(cells: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    found = np.zeros(len(cells[0]))
    known = np.zeros(len(cells[0]), dtype=bool)
    for one in cells:
        has = ~np.isnan(one)
        known |= has
        found[has] += one[has]
    found[~known] = np.nan
    return found, known
