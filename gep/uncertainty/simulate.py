"""Draws the uncertain numbers of an account many times and evaluates all draws at once by the account's own rules."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.uncertainty.parameters import Parameter, Stated, count_numbers, find_cells, list_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gep.explain.rebuild import RecomputedAccount

    Floats = NDArray[np.float64]

FEWEST, MOST = 100, 1_000_000
BATCH = 1000
"""Draws evaluated in one pass: some tens of megabytes."""
SHARES = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
LOW, HIGH = 0.05, 0.95
"""Of the tornado: a number at its 5 % and at its 95 % quantile, all others as used."""
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
    """How far GEP moves with one number, CNY/yr; its share of the variance alone and with all others (None: not computed)."""

    parameter: Parameter
    low: float
    high: float
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
        return {**heads, "bands": bands, "swings": swings, "unit": "CNY/yr"}


def simulate(
    account: RecomputedAccount,
    services: list[str],
    draws: int = 10_000,
    seed: int = 1,
    stated: list[Stated] | None = None,
    by_mark: Mapping[str, float] | None = None,
    *,
    variance: bool = False,
) -> Uncertainty:
    """Return how the total and the services of a stored account vary with its uncertain numbers.

    Parameters
    ----------
    services : ids of those the account has a value of; their sum is the total
    seed     : the same gives the same draws; each number has its own stream, by its own name, so that a coefficient used in many
               accounts is drawn the same in all of them, in whatever order they are asked
    stated, by_mark : as in `list_parameters`
    variance : whether shares of the variance are computed too (Saltelli's design, scipy.stats.sobol_indices)

    Raises
    ------
    Problems : too few or too many draws, a spread that cannot be meant, or no number of which a spread is known
    """
    refuse_draws(draws)
    parameters = list_parameters(account, stated or [], by_mark or {})
    if not parameters:
        refuse_one(
            str(account.record.head["county"]),
            "no number of the account has a known spread",
            "ranges of coefficients, a table of spreads, or a spread by mark",
            "give --spreads FILE, or --by-mark K=30%",
        )
    model = Model(account, services, parameters)
    values = model.draw(draws, seed)
    stored = model.evaluate(np.array([[one.spread.value for one in parameters]]))[0]
    bands = [make_band(name, stored[at], values[:, at]) for at, name in enumerate(services)]
    swings = _find_swings(model)
    if variance:
        swings = _share_variance(model, swings, seed)
    touched = [at for at, band in enumerate(bands) if band.sd > 0]
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
        len(parameters),
        count_numbers(account),
        float(stored[touched].sum() / total) if total else 0.0,
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
    """The values of services as a function of the uncertain numbers."""

    def __init__(self, account: RecomputedAccount, services: list[str], parameters: list[Parameter]) -> None:
        self.account = account
        self.services = services
        self.parameters = parameters
        self._cells = [find_cells(account, one) for one in parameters]

    def draw(self, draws: int, seed: int) -> Floats:
        """Return the services' values of shape (draws, services), CNY/yr; a parameter of one name is drawn the same in any account."""
        streams = [_open_stream(one, seed) for one in self.parameters]
        return np.concatenate(
            [
                self.evaluate(
                    np.column_stack(
                        [
                            one.spread.find_quantiles(stream.random(size))
                            for one, stream in zip(self.parameters, streams, strict=True)
                        ]
                    )
                    if streams
                    else np.empty((size, 0))
                )
                for size in (min(BATCH, draws - start) for start in range(0, draws, BATCH))
            ]
        )

    def evaluate(self, numbers: Floats) -> Floats:
        """Return the services' values, CNY/yr, of shape (draws, services), for numbers of shape (draws, parameters)."""
        return np.concatenate([self._evaluate_together(numbers[at : at + BATCH]) for at in range(0, len(numbers), BATCH)])

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
        return np.column_stack(found)


def _open_stream(parameter: Parameter, seed: int) -> np.random.Generator:
    """Return the random numbers of a parameter alone, the same for a seed whatever else is drawn."""
    key = hashlib.sha256(f"{seed}|{parameter.key}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(key[:16])))


def make_band(identity: str, value: float, drawn: Floats) -> Band:
    """Return what a value came to over all draws, CNY/yr.

    Parameters
    ----------
    value : as stored
    drawn : one a draw
    """
    quantiles = dict(zip(SHARES, np.quantile(drawn, SHARES).tolist(), strict=True))
    return Band(identity, float(value), float(drawn.mean()), float(drawn.std(ddof=1)), quantiles)


def _find_swings(model: Model) -> list[Swing]:
    """Return every number moved alone from its low to its high quantile, the widest first."""
    used = np.array([one.spread.value for one in model.parameters])
    ends = np.array([one.spread.find_quantiles(np.array([LOW, HIGH])) for one in model.parameters])
    moved = np.repeat(used[None, :], 2 * len(used), axis=0)
    for at in range(len(used)):
        moved[2 * at : 2 * at + 2, at] = ends[at]
    totals = model.evaluate(moved).sum(axis=1)
    found = [
        Swing(one, float(ends[at, 0]), float(ends[at, 1]), float(totals[2 * at]), float(totals[2 * at + 1]))
        for at, one in enumerate(model.parameters)
    ]
    return sorted(found, key=lambda one: (-one.width, one.parameter.key))


def _share_variance(model: Model, swings: list[Swing], seed: int) -> list[Swing]:
    """Return the widest swings with their first-order and total shares of the variance, all other numbers as used.

    Source: Saltelli et al. 2010, as in scipy.stats.sobol_indices.
    """
    from scipy import stats

    chosen = [one for one in swings[:LARGEST] if one.width > 0]
    if not chosen:
        return swings
    used = np.array([one.spread.value for one in model.parameters])
    places = [model.parameters.index(one.parameter) for one in chosen]

    def total(shares: Floats) -> Floats:
        numbers = np.repeat(used[None, :], shares.shape[1], axis=0)
        for at, place in enumerate(places):
            numbers[:, place] = model.parameters[place].spread.find_quantiles(shares[at])
        summed: Floats = model.evaluate(numbers).sum(axis=1)
        return summed

    found = stats.sobol_indices(func=total, n=SOBOL, dists=[stats.uniform()] * len(chosen), rng=np.random.default_rng(seed))
    shared = [
        Swing(
            one.parameter, one.low, one.high, one.at_low, one.at_high, float(found.first_order[at]), float(found.total_order[at])
        )
        for at, one in enumerate(chosen)
    ]
    return [*shared, *swings[len(chosen) :]]
