"""Draws the uncertain numbers of an account many times and evaluates all draws at once by the account's own rules."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.uncertainty.given import NOTHING, Given, group_accounts
from gep.uncertainty.land import LAND, ByConfusion, MapChoice
from gep.uncertainty.parameters import Parameter, count_numbers, find_cells
from gep.uncertainty.shown import ShownCell, list_shown_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from gep.explain.rebuild import RecomputedAccount
    from gep.uncertainty.groups import Group

    Floats = NDArray[np.float64]

FEWEST, MOST = 100, 1_000_000
BATCH = 1000
"""Draws evaluated in one pass: some tens of megabytes."""
SHARES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
LOW, HIGH = 0.05, 0.95
"""Of the tornado: a number at its 5 % and at its 95 % quantile, all others as used."""
ROUNDING = 1e-9
"""Share of a value that draws of it may differ by without being drawn: the last digits of a mean."""
LARGEST = 12
"""Numbers of the tornado, and of the sensitivities by variance."""
SOBOL = 256
"""Points of the design of the sensitivities by variance, a power of 2; it takes (numbers + 2) times as many evaluations."""


@dataclass(frozen=True)
class Band:
    """What a value came to over all draws, CNY/yr: as stored, mean, standard deviation, and quantiles by their share."""

    id: str
    value: float
    mean: float
    sd: float
    quantiles: Mapping[float, float]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        quantiles = {f"p{share * 100:g}": at for share, at in self.quantiles.items()}
        return {"id": self.id, "value": self.value, "mean": self.mean, "sd": self.sd, **quantiles}


@dataclass(frozen=True)
class Swing:
    """How far GEP moves with one number, CNY/yr; its share of the variance alone and with all others (None: not computed).

    `low` and `high` are the number's own; None where it stands for all areas of the land. Shares of a number that a stated correlation binds
    are those of all numbers bound with it.
    """

    parameter: Parameter
    low: float | None
    high: float | None
    at_low: float
    at_high: float
    first: float | None = None
    total: float | None = None

    @property
    def width(self) -> float:
        """How far the value moves in all."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Uncertainty:
    """How sure an account is, and of how much of it nothing is known.

    Attributes
    ----------
    total, services : bands; a service none of whose numbers is uncertain has no width
    swings   : the numbers that move the total most, the widest first
    parameters : how many uncertain numbers there are, of `numbers` that the rules use
    covered  : share of the stored total in services with at least one uncertain number
    shown    : figures that the standard only shows, each in its own unit
    """

    county: str
    year: int
    standard: str
    run: int
    draws: int
    seed: int
    total: Band
    services: tuple[Band, ...]
    swings: tuple[Swing, ...]
    parameters: int
    numbers: int
    covered: float
    shown: tuple[tuple[ShownCell, Band], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        bands = [one.as_dict() for one in (self.total, *self.services)]
        swings = [
            {
                "id": one.parameter.leaf,
                "member": one.parameter.member,
                "kind": one.parameter.spread.kind,
                "origin": one.parameter.spread.origin,
                **{name: getattr(one, name) for name in ("low", "high", "at_low", "at_high", "first", "total")},
            }
            for one in self.swings
        ]
        heads = {
            name: getattr(self, name)
            for name in ("county", "year", "standard", "run", "draws", "seed", "parameters", "numbers", "covered")
        }
        shown = [
            {**{name: getattr(cell, name) for name in ("ecosystem", "pollutant", "item", "unit")}, **band.as_dict()}
            for cell, band in self.shown
        ]
        return {**heads, "bands": bands, "swings": swings, **({"shown": shown} if shown else {}), "unit": "CNY/yr"}


def simulate(
    account: RecomputedAccount,
    services: list[str],
    draws: int = 10_000,
    seed: int = 1,
    given: Given = NOTHING,
    *,
    variance: bool = False,
) -> Uncertainty:
    """Return how the total and the services of a stored account vary with its uncertain numbers.

    Parameters
    ----------
    services : ids of those the account has a value of; their sum is the total
    seed     : the same gives the same draws; each number has its own stream, by its own name, so that a coefficient used in many
               accounts is drawn the same in all of them, in whatever order they are asked
    given    : spreads, correlations and land that are known beside the ranges of coefficient rows
    variance : whether shares of the variance are computed too (Saltelli's design, scipy.stats.sobol_indices)

    Raises
    ------
    Problems : too few or too many draws, a spread that cannot be meant, or no number of which a spread is known
    """
    refuse_draws(draws)
    (groups,) = group_accounts([account], given)
    if not groups:
        refuse_one(
            str(account.record.head["county"]),
            "no number of the account has a known spread",
            "ranges of coefficients, a table of spreads, or a spread by mark",
            "give --spreads FILE, or --by-mark K=30%",
        )
    shown = list_shown_cells(account)
    model = Model(account, services, groups, shown)
    drawn = model.draw(draws, seed)
    used = model.evaluate(model.used)[0]
    values, stored = drawn[:, : len(services)], used[: len(services)]
    bands = [make_band(name, stored[at], values[:, at]) for at, name in enumerate(services)]
    further = [make_band(one.rule, used[at], drawn[:, at]) for at, one in enumerate(shown, start=len(services))]
    swings = _find_swings(model, seed)
    if variance:
        swings = _share_variance(model, swings, seed)
    touched = [at for at, band in enumerate(bands) if band.sd > ROUNDING * abs(band.value)]
    total = float(stored.sum())
    head = account.record.head
    return Uncertainty(
        str(head["county"]),
        account.year,
        str(head["standard"]),
        int(head["run"]),
        draws,
        seed,
        make_band("gep", total, values.sum(axis=1)),
        tuple(bands),
        tuple(swings[:LARGEST]),
        len(model.parameters),
        count_numbers(account),
        float(stored[touched].sum() / total) if total else 0.0,
        tuple(zip(shown, further, strict=True)),
    )


def refuse_draws(draws: int, most: int = MOST) -> None:
    """Refuse too few or too many draws.

    Raises
    ------
    Problems : fewer than 100, or more than the most
    """
    if not FEWEST <= draws <= most:
        refuse_one("--draws", say("{count:,} draws", count=draws), say("from {least:,} to {most:,}", least=FEWEST, most=most))


class Model:
    """The values of services, and behind them figures only shown, as a function of the uncertain numbers."""

    def __init__(
        self, account: RecomputedAccount, services: list[str], groups: Sequence[Group], shown: Sequence[ShownCell] = ()
    ) -> None:
        self.account = account
        self.services = services
        self.shown = tuple(shown)
        self.groups = tuple(groups)
        self.parameters = [one for group in groups for one in group.parameters]
        self.used = np.array([[one.spread.value for one in self.parameters]])
        self._cells = [find_cells(account, one) for one in self.parameters]

    def draw(self, draws: int, seed: int) -> Floats:
        """Return the values of shape (draws, services and figures only shown); a parameter of one name is drawn the same in any account.

        Raises
        ------
        Problems : a service that has no value in some draws
        """
        streams = [[_open_stream(key, seed) for key in group.keys] for group in self.groups]
        found = np.concatenate(
            [
                self.evaluate(
                    self.find_numbers([np.column_stack([one.random(size) for one in several]) for several in streams], size)
                )
                for size in (min(BATCH, draws - start) for start in range(0, draws, BATCH))
            ]
        )
        names = (*self.services, *(one.rule for one in self.shown))
        for name, lacking in zip(names, (~np.isfinite(found)).sum(axis=0), strict=True):
            if lacking:
                refuse_one(
                    str(self.account.head["county"]),
                    say("{service} has no value in {count:,} of {draws:,} draws", service=name, count=int(lacking), draws=draws),
                    "numbers for which its formula has a value",
                    "a narrower spread, or one with bounds: triangular, uniform, beta",
                )
        return found

    def find_numbers(self, shares: Sequence[Floats], size: int) -> Floats:
        """Return the numbers of shape (size, parameters) for the shares of each group, of shape (size, its keys)."""
        parts = [group.find_numbers(one) for group, one in zip(self.groups, shares, strict=True)]
        return np.hstack([one.reshape(size, -1) for one in parts]) if parts else np.empty((size, 0))

    def find_places(self, group: Group) -> slice:
        """Return where the numbers of a group stand among all."""
        at = self.groups.index(group)
        start = sum(len(one.parameters) for one in self.groups[:at])
        return slice(start, start + len(group.parameters))

    def evaluate(self, numbers: Floats) -> Floats:
        """Return services in CNY/yr and figures only shown, of shape (draws, both), for numbers of shape (draws, parameters)."""
        return np.concatenate([self._evaluate_together(numbers[at : at + BATCH]) for at in range(0, len(numbers), BATCH)])

    def sum_services(self, numbers: Floats) -> Floats:
        """Return the total of the services, CNY/yr, for numbers of shape (draws, parameters)."""
        summed: Floats = self.evaluate(numbers)[:, : len(self.services)].sum(axis=1)
        return summed

    def _evaluate_together(self, numbers: Floats) -> Floats:
        arrays: dict[str, Floats] = {}
        for at, one in enumerate(self.parameters):
            base = arrays.get(one.leaf)
            if base is None:
                plain = self.account.bound.arrays[one.leaf]
                shape = np.broadcast_shapes(plain.shape, self._cells[at].shape)
                base = arrays[one.leaf] = np.repeat(np.broadcast_to(plain, shape), len(numbers), axis=0)
            cells = np.broadcast_to(self._cells[at], base.shape)
            np.copyto(base, numbers[:, at].reshape(-1, 1, 1, 1), where=cells)
        results = self.account.with_(arrays=arrays).evaluation.results
        found = [np.broadcast_to(results[f"{name}.value"], (len(numbers), 1, 1, 1)).reshape(-1) for name in self.services]
        for cell in self.shown:
            result = results[cell.rule]
            found.append(np.broadcast_to(result[:, *cell.cell], len(numbers)))
        return np.column_stack(found)


def _open_stream(key: str, seed: int) -> np.random.Generator:
    """Return the random numbers of a name alone, the same for a seed whatever else is drawn."""
    digest = hashlib.sha256(f"{seed}|{key}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16])))


def make_band(identity: str, value: float, drawn: Floats) -> Band:
    """Return what a value came to over all draws, CNY/yr.

    Parameters
    ----------
    value : as stored
    drawn : one a draw
    """
    quantiles = dict(zip(SHARES, np.quantile(drawn, SHARES).tolist(), strict=True))
    return Band(identity, float(value), float(drawn.mean()), float(drawn.std(ddof=1)), quantiles)


def _find_swings(model: Model, seed: int) -> list[Swing]:
    """Return every number moved alone from its low to its high quantile, all areas of the land as one; the widest first."""
    land = [group for group in model.groups if isinstance(group, MapChoice | ByConfusion)]
    of_land = {at for group in land for at in range(*model.find_places(group).indices(len(model.parameters)))}
    alone = [at for at in range(len(model.parameters)) if at not in of_land]
    moved = np.repeat(model.used, 2 * len(alone), axis=0)
    ends = [model.parameters[at].spread.find_quantiles(np.array([LOW, HIGH])) for at in alone]
    for row, (at, pair) in enumerate(zip(alone, ends, strict=True)):
        moved[2 * row : 2 * row + 2, at] = pair
    totals = model.sum_services(moved) if alone else np.empty(0)
    found = [
        Swing(model.parameters[at], float(low), float(high), float(totals[2 * row]), float(totals[2 * row + 1]))
        for row, (at, (low, high)) in enumerate(zip(alone, ends, strict=True))
    ]
    found += [_move_land(model, group, seed) for group in land]
    return sorted(found, key=lambda one: (-one.width, one.parameter.key))


def _move_land(model: Model, group: MapChoice | ByConfusion, seed: int) -> Swing:
    """Return how far the total moves with the land alone: from map to map, or between the quantiles of areas by the matrix."""
    if isinstance(group, MapChoice):
        areas = group.areas
    else:
        streams = [_open_stream(key, seed) for key in group.keys]
        areas = group.find_numbers(np.column_stack([one.random(BATCH) for one in streams]))
    moved = np.repeat(model.used, len(areas), axis=0)
    moved[:, model.find_places(group)] = areas
    totals = model.sum_services(moved)
    low, high = (totals.min(), totals.max()) if isinstance(group, MapChoice) else np.quantile(totals, [LOW, HIGH])
    return Swing(replace(LAND, spread=group.parameters[0].spread), None, None, float(low), float(high))


def _share_variance(model: Model, swings: list[Swing], seed: int) -> list[Swing]:
    """Return the widest swings with their first-order and total shares of the variance, all other numbers as used.

    What is drawn together has one share: correlated numbers, and all areas of the land.

    Source: Saltelli et al. 2010, as in scipy.stats.sobol_indices.
    """
    from scipy import stats

    chosen = [one for one in swings[:LARGEST] if one.width > 0]
    group_of = {one.key: group for group in model.groups for one in group.parameters}
    group_of |= dict.fromkeys([LAND.key], model.groups[-1])  # the land stands last
    groups = [group for group in model.groups if any(group_of[one.parameter.key] is group for one in chosen)]
    if not groups:
        return swings
    widths = [len(group.keys) for group in groups]
    points = stats.qmc.Sobol(2 * sum(widths), rng=np.random.default_rng(seed)).random(SOBOL)
    points = np.clip(points, np.finfo(float).tiny, 1 - np.finfo(float).epsneg)
    columns = np.cumsum([0, *widths])
    one, other = (
        [points[:, start + columns[at] : start + columns[at + 1]] for at in range(len(groups))] for start in (0, columns[-1])
    )

    def total(shares: Sequence[Floats]) -> Floats:
        numbers = np.repeat(model.used, SOBOL, axis=0)
        for group, own in zip(groups, shares, strict=True):
            numbers[:, model.find_places(group)] = group.find_numbers(own).reshape(SOBOL, -1)
        return model.sum_services(numbers)

    mixed = [total([*one[:at], other[at], *one[at + 1 :]]) for at in range(len(groups))]
    found = stats.sobol_indices(
        func={"f_A": total(one)[None, :], "f_B": total(other)[None, :], "f_AB": np.array(mixed)[:, None, :]}, n=SOBOL
    )
    first, whole = (np.atleast_1d(values).ravel().tolist() for values in (found.first_order, found.total_order))
    place = {id(group): at for at, group in enumerate(groups)}
    shared = [
        replace(one, first=first[place[id(group_of[one.parameter.key])]], total=whole[place[id(group_of[one.parameter.key])]])
        for one in chosen
    ]
    return [*shared, *swings[len(chosen) :]]
