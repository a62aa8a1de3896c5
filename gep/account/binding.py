"""Every leaf of a plan as an array: observed figures from the inputs, coefficients from tables or from the county itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.account.arrays import NOBODY, Labels, LeafArrays, find_item_axis, make_flags_over, make_labels
from gep.account.price_index import PriceIndices
from gep.coefficients.tables import OWN, REFERENCE
from gep.formula.check import is_priced
from gep.formula.evaluate import EvaluationInputs
from gep.formula.nodes import ECOSYSTEM, POLLUTANT
from gep.inputs.row_numbers import number_keys
from gep.inputs.row_problems import place_of
from gep.inputs.wholes import flag_wholes
from gep.records import dataclass
from gep.reference.members import WHOLE, list_types_above
from gep.reference.periods import split_periods
from gep.reference.regions import NATION, list_chain
from gep.units.currencies import YUAN
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.coefficients.tables import Row, Tables
    from gep.formula.evaluate import Flags, Floats
    from gep.formula.nodes import Coefficient
    from gep.inputs.rows import Inputs
    from gep.standards.model import Standard
    from gep.standards.plan import Plan

NO_ROW, LOCAL = -1, -2


@dataclass(frozen=True)
class Choice:
    """What was chosen for a coefficient.

    Arrays are of shape (account, ecosystem, pollutant, item), length 1 where they do not vary.

    Attributes
    ----------
    rows      : the candidates, of the set that the standard chose
    values    : in the coefficient's unit, money in yuan of the price basis; NaN where no row applies
    winner    : in every cell the position of the row in `rows`, NO_ROW, or LOCAL for the county's own value
    unindexed : flags of shape (accounts,): a value cannot be brought to the price basis for want of an index
    """

    coefficient: Coefficient
    rows: tuple[Row, ...]
    values: Floats
    winner: NDArray[np.int32]
    unindexed: Flags


@dataclass(frozen=True)
class Binding:
    """The arrays of a plan for a batch of accounts at one price basis."""

    bound: EvaluationInputs
    labels: Labels
    choices: dict[str, Choice]
    unindexed: dict[str, Flags]
    """Leaf → accounts that lack an index for it."""


class Binder:
    """Binds a plan to inputs and tables; labels and positions are worked out once for all price bases."""

    def __init__(self, plan: Plan, inputs: Inputs, tables: Tables) -> None:
        self.plan, self.inputs, self.tables = plan, inputs, tables
        self.accounts = len(inputs.accounts)
        leaves = {**plan.observed, **plan.coefficients}
        pollutants = {name for choice in plan.standard.choices.values() for name in choice.pollutants}
        wholes = flag_wholes(inputs.rows, {**VARIABLES, **plan.observed}, dict(enumerate(inputs.accounts["county"])))
        self.labels = make_labels(inputs.rows[~wholes] if wholes.any() else inputs.rows, leaves, self.accounts, pollutants)
        self.filler = LeafArrays(inputs.rows, self.labels, wholes)
        self.values = inputs.rows["value"].to_numpy()
        self.price_years = inputs.rows["price_year"].to_numpy()
        self.counties = inputs.accounts["county"].to_numpy()
        self.years = inputs.accounts["year"].to_numpy().astype(np.int64)
        self.first_years, self.last_years = split_periods(self.years)
        self.indices = PriceIndices(tables, plan.standard.price_index, inputs)
        self._regions = self._region_flags()
        self._in_basis: NDArray[np.float64] | None = None

    def bind(self, basis: NDArray[np.int64]) -> Binding:
        """Return the arrays of all leaves at a price basis.

        A county's own value goes before the tables; in these the narrowest region wins, then the row that names most members.

        Parameters
        ----------
        basis : the year whose yuan each account is computed in, of shape (accounts,)
        """
        arrays: dict[str, Floats] = {}
        unindexed: dict[str, Flags] = {}
        listed: dict[str, Flags] = {}
        choices: dict[str, Choice] = {}
        for identity, leaf in self.plan.observed.items():
            values = self.values
            if is_priced(leaf):
                values, lacking = self._indexed(identity, basis)
                if lacking.any():
                    unindexed[identity] = lacking
            arrays[identity] = self.filler.fill(leaf, values)
            if leaf.extent and identity in self.filler.at:
                listed[identity] = (
                    ~np.isnan(arrays[identity]) if values is self.values else ~np.isnan(self.filler.fill(leaf, self.values))
                )
        for identity, coefficient in self.plan.coefficients.items():
            choice = self._choose(coefficient, basis)
            choices[identity] = choice
            arrays[identity] = choice.values
            if choice.unindexed.any():
                unindexed[identity] = choice.unindexed
        bound = EvaluationInputs(
            self.accounts, arrays, listed, flag_counted(self.plan.standard, self.labels), self._inapplicable()
        )
        return Binding(bound, self.labels, choices, unindexed)

    def _indexed(self, identity: str, basis: NDArray[np.int64]) -> tuple[NDArray[np.float64], Flags]:
        """Return the values of a leaf in yuan of the basis, and the accounts that lack an index for it."""
        lacking = np.zeros(self.accounts, dtype=bool)
        at = self.filler.at.get(identity)
        if at is None:
            return self.values, lacking
        accounts = self.filler.account[at]
        given = self.price_years[at]
        if (given == basis[accounts]).all():
            return self.values, lacking
        pairs, pair_of = np.unique(np.stack([basis, self.indices.of_account], axis=1), axis=0, return_inverse=True)
        least, most = int(given.min()), int(given.max())
        key = (given - least) * len(pairs) + pair_of.reshape(-1)[accounts]
        number, keys = number_keys(key, (most - least + 1) * len(pairs))
        ratios = [
            self.indices.find_ratio(int(pairs[pair, 1]), int(year) + least, int(pairs[pair, 0]))
            for year, pair in zip(*np.divmod(keys, len(pairs)), strict=True)
        ]
        factors = np.array(ratios, dtype=np.float64)[number]  # NaN where there is none
        lacking[accounts[np.isnan(factors)]] = True
        if self._in_basis is None:
            self._in_basis = self.values.copy()
        self._in_basis[at] = self.values[at] * factors  # rows of one leaf are nobody else's
        return self._in_basis, lacking

    def _region_flags(self) -> dict[str, Flags]:
        within: dict[str, list[int]] = {}
        for at, (county, year) in enumerate(zip(self.counties, self.years.tolist(), strict=True)):
            for region in list_chain(county, year)[1:]:
                within.setdefault(region, []).append(at)
        flags = {NATION: np.ones(self.accounts, dtype=bool)}
        for region, members in within.items():
            flags[region] = np.zeros(self.accounts, dtype=bool)
            flags[region][members] = True
        return flags

    def _choose(self, coefficient: Coefficient, basis: NDArray[np.int64]) -> Choice:
        wanted_set = self.plan.standard.sets.get(coefficient.id, REFERENCE)
        rows = tuple(row for row in self.tables.by_id.get(coefficient.id, ()) if row.set in {wanted_set, OWN})
        if self.plan.standard.currency != YUAN and is_priced(coefficient):
            rows = tuple(row for row in rows if row.set == OWN)  # what is shipped is in yuan
        winner = self._winners(coefficient, rows)
        table, lacking_cells = self._row_values(coefficient, rows, winner, basis)
        if coefficient.id not in self.filler.at:
            values, unknown = table, lacking_cells
        else:
            in_basis, _ = self._indexed(coefficient.id, basis) if is_priced(coefficient) else (self.values, None)
            own = self.filler.fill(coefficient, in_basis)
            given = ~np.isnan(self.filler.fill(coefficient, self.values))
            values = np.where(given, own, table)
            unknown = np.where(given, np.isnan(own), lacking_cells)
            winner = np.where(given, np.int32(LOCAL), winner)
        flags = np.zeros(self.accounts, dtype=bool)
        flags |= unknown.any(axis=(1, 2, 3))
        return Choice(coefficient, rows, values, winner, flags)

    def _winners(self, coefficient: Coefficient, rows: tuple[Row, ...]) -> NDArray[np.int32]:
        """Return for every cell the row that applies: the most specific region first, then the most specific members."""
        by_type = ECOSYSTEM in coefficient.axes and any(row.ecosystem for row in rows)
        by_kind = POLLUTANT in coefficient.axes and any(row.pollutant for row in rows)
        item = find_item_axis(coefficient)
        by_item = item if item and item in self.labels.items and any(row.product for row in rows) else None
        uniform = not by_item and all(
            row.region == NATION and row.applies_from is None and row.applies_to is None for row in rows
        )
        shape = (
            len(self.labels.ecosystem) if by_type else 1,
            len(self.labels.pollutant) if by_kind else 1,
            self.labels.length(by_item) if by_item else 1,
            1 if uniform else self.accounts,
        )
        winner = np.full(shape, NO_ROW, dtype=np.int32)
        for at in sorted(range(len(rows)), key=lambda at: _specificity(rows[at])):
            row = rows[at]
            takers = self._takers(row)
            if not takers.any() or (row.product and not by_item):
                continue  # a row of one item applies to nobody where no items are listed
            types = self._types(row.ecosystem) if by_type else [0]
            kinds = self._members(self.labels.pollutant, (row.pollutant,) if row.pollutant else None) if by_kind else [0]
            where = np.broadcast_to(takers, (shape[2], self.accounts))
            if by_item and row.product:
                items = self.labels.items[by_item]
                code = items.names.index(row.product) if row.product in items.names else NOBODY - 1
                where = where & (code == items.codes.T)
            where = where[:, : shape[3]]
            for one in types:
                for two in kinds:
                    winner[one, two][where] = at
        return np.moveaxis(winner, -1, 0)

    def _takers(self, row: Row) -> Flags:
        flags = self._regions.get(row.region, np.zeros(self.accounts, dtype=bool))
        if row.applies_from is not None:
            flags = flags & (self.first_years >= row.applies_from)
        if row.applies_to is not None:
            flags = flags & (self.last_years <= row.applies_to)
        return flags

    def _types(self, wanted: str) -> list[int]:
        """Return the places of a type and of all below it; of all where none is named."""
        return [at for at, name in enumerate(self.labels.ecosystem) if not wanted or wanted in list_types_above(name)]

    @staticmethod
    def _members(members: tuple[str, ...], wanted: tuple[str, ...] | None) -> list[int]:
        return [at for at, name in enumerate(members) if wanted is None or name in wanted]

    def _row_values(
        self, coefficient: Coefficient, rows: tuple[Row, ...], winner: NDArray[np.int32], basis: NDArray[np.int64]
    ) -> tuple[Floats, Flags]:
        """Return the winners' values in the basis, and the cells that have a row but no index for it."""
        if not rows:
            return np.full((1, 1, 1, 1), np.nan), np.zeros((1, 1, 1, 1), dtype=bool)
        plain = np.array([*(row.computed for row in rows), np.nan])
        if not is_priced(coefficient):
            return plain[winner], np.zeros((1, 1, 1, 1), dtype=bool)
        years, of_account = np.unique(np.stack([basis, self.indices.of_account], axis=1), axis=0, return_inverse=True)
        ratios = [[self.indices.find_ratio(int(chain), row.price_year, int(year)) for year, chain in years] for row in rows]
        ratio = np.array([*ratios, [None] * len(years)], dtype=np.float64)
        if winner.shape[0] == 1 and len(years) > 1:
            winner = np.broadcast_to(winner, (self.accounts, *winner.shape[1:]))
        year_at = of_account.reshape(-1, 1, 1, 1) if winner.shape[0] > 1 else np.zeros((1, 1, 1, 1), dtype=np.int64)
        values = plain[winner] * ratio[winner, year_at]
        return values, np.isnan(values) & (winner != NO_ROW)

    def _inapplicable(self) -> dict[str, Flags]:
        stated = self.inputs.inapplicable
        lines = {line.id: name for name, part in self.plan.counted.items() for line in part.service.lines}
        flags: dict[str, Flags] = {}
        for identity, account in zip(stated["id"], stated["account"], strict=True):
            of_service = [line for line, service in lines.items() if service == identity]
            for one in (identity, *of_service):
                flags.setdefault(one, np.zeros((self.accounts, 1, 1, 1), dtype=bool))[account] = True
        for row in self.tables.inapplicable:
            takers = self._regions.get(row.region)
            if takers is not None and takers.any():
                for one in (row.service, *(line for line, service in lines.items() if service == row.service)):
                    cells = flags.setdefault(one, np.zeros((self.accounts, 1, 1, 1), dtype=bool))
                    cells[takers] = True
        for part in self.plan.counted.values():
            own = [flags.get(line.id) for line in part.lines]
            if own and all(one is not None for one in own):
                every = np.logical_and.reduce([one for one in own if one is not None])
                flags[part.service.id] = flags.get(part.service.id, every) | every
        return flags

    def why_inapplicable(self, service: str) -> NDArray[np.object_]:
        """Return for each account why a service does not apply, `中文 | English`; empty where nobody said so. Shape (accounts,)."""
        found = np.full(self.accounts, "", dtype=object)
        for row in self.tables.inapplicable:
            takers = self._regions.get(row.region)
            if row.service == service and takers is not None:
                found[takers] = f"{row.reason_zh} | {row.reason_en}"
        frame = self.inputs.inapplicable
        for stated in frame[frame["id"] == service].to_dict("records"):
            said, where = stated["note"] or stated["source"], place_of(stated)
            found[stated["account"]] = f"县报不适用:{said}({where}) | stated by the county: {said} ({where})"
        return found


def flag_counted(standard: Standard, labels: Labels) -> dict[tuple[str, str], Flags]:
    """Return which members of the closed axes each service counts.

    Returns
    -------
    (service, ecosystem or pollutant) → flags of length 1 on all other axes; without an entry all members count
    """
    flags: dict[tuple[str, str], Flags] = {}
    for service, choice in standard.choices.items():
        if choice.ecosystems:
            wanted = {name for name in labels.ecosystem if set(list_types_above(name)) & set(choice.ecosystems)} | {WHOLE}
            flags[service, ECOSYSTEM] = make_flags_over(labels.ecosystem, wanted, ECOSYSTEM)
        if choice.pollutants:
            flags[service, POLLUTANT] = make_flags_over(labels.pollutant, choice.pollutants, POLLUTANT)
    return flags


def _specificity(row: Row) -> tuple[bool, int, int, str]:
    named = sum(bool(name) for name in (row.pollutant, row.product))
    type_level = len(list_types_above(row.ecosystem)) if row.ecosystem else 0
    return row.set == OWN, (0 if row.region == NATION else len(row.region)), named * 4 + type_level, row.address
