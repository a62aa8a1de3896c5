"""Several accounts drawn together: whether a change is more than the account's own uncertainty, and how sure a ranking is.

A number that two accounts share, a coefficient row or a price, is drawn once for both: it moves them together and does not
decide between them. Each account's own figures are drawn for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.uncertainty.given import Given, group_accounts
from gep.uncertainty.simulate import Band, Model, make_band, refuse_draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gep.explain.rebuild import RecomputedAccount

    Floats = NDArray[np.float64]

MOST_TOGETHER = 100_000
RANKS = (0.05, 0.95)


@dataclass(frozen=True)
class Accounted:
    """An account that can be drawn: its code, name in both languages, and the services that have a value."""

    code: str
    name_zh: str
    name_en: str
    account: RecomputedAccount
    services: tuple[str, ...]


@dataclass(frozen=True)
class ChangeBand:
    """The change of a total from one year to another over all draws, CNY/yr; the years' own bands beside it.

    Attributes
    ----------
    services : those that both years account for; only they are drawn
    increase : share of the draws in which the total grows
    outside  : whether 0 lies outside the middle 90 % of the changes
    """

    county: str
    years: tuple[int, int]
    standard: str
    draws: int
    seed: int
    services: tuple[str, ...]
    totals: tuple[Band, Band]
    change: Band
    increase: float
    outside: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        heads = {name: getattr(self, name) for name in ("county", "standard", "draws", "seed", "increase", "outside")}
        bands = {"totals": [one.as_dict() for one in self.totals], "change": self.change.as_dict()}
        return {**heads, "years": list(self.years), "services": list(self.services), **bands, "unit": "CNY/yr"}


@dataclass(frozen=True)
class Ranked:
    """A county in a ranking: its rank as stored, the ranks it takes in the middle 90 % of the draws, and how often it stands above the next."""

    code: str
    name_zh: str
    name_en: str
    rank: int
    band: Band
    best: int
    worst: int
    above_next: float | None
    services: int
    uncertain: int


@dataclass(frozen=True)
class RankBand:
    """A ranking of counties by GEP, and how sure its order is."""

    place: str
    year: int
    standard: str
    draws: int
    seed: int
    counties: tuple[Ranked, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        heads = {name: getattr(self, name) for name in ("place", "year", "standard", "draws", "seed")}
        names = ("code", "name_zh", "name_en", "rank", "best", "worst", "above_next", "services", "uncertain")
        counties = [{**{name: getattr(one, name) for name in names}, **one.band.as_dict()} for one in self.counties]
        return {**heads, "counties": counties, "unit": "CNY/yr"}


def simulate_change(one: Accounted, other: Accounted, draws: int, seed: int, given: Given) -> ChangeBand:
    """Return the band of the change from one account to another of the same place.

    Parameters
    ----------
    given : a line of a table of spreads need be of one of the two accounts only

    Raises
    ------
    Problems : too few or too many draws, a spread that cannot be meant
    """
    refuse_draws(draws)
    services = tuple(name for name in one.services if name in other.services)
    (before, first, _), (after, last, _) = _draw_all([(of.account, services) for of in (one, other)], draws, seed, given)
    change = make_band("change", last - first, after - before)
    head = other.account.head
    return ChangeBand(
        other.code,
        (one.account.year, other.account.year),
        str(head["standard"]),
        draws,
        seed,
        services,
        (make_band("gep", first, before), make_band("gep", last, after)),
        change,
        float((after > before).mean()),
        not change.quantiles[0.05] <= 0 <= change.quantiles[0.95],
    )


def simulate_ranks(place: str, accounts: Sequence[Accounted], draws: int, seed: int, given: Given) -> RankBand:
    """Return the ranking of counties by GEP with the ranks that each takes over all draws.

    Parameters
    ----------
    accounts : one or more, of one year and standard

    Raises
    ------
    Problems : too few or too many draws, a spread that cannot be meant
    """
    refuse_draws(draws, MOST_TOGETHER)
    drawn = _draw_all([(one.account, one.services) for one in accounts], draws, seed, given)
    stored = np.array([value for _, value, _ in drawn])
    order = sorted(range(len(accounts)), key=lambda at: (-stored[at], accounts[at].code))
    values = np.column_stack([drawn[at][0] for at in order])
    places = (-values).argsort(axis=1, kind="stable").argsort(axis=1) + 1
    found = []
    for rank, at in enumerate(order, start=1):
        best, worst = (int(one) for one in np.quantile(places[:, rank - 1], RANKS, method="nearest"))
        above = float((values[:, rank - 1] > values[:, rank]).mean()) if rank < len(order) else None
        one = accounts[at]
        band = make_band("gep", stored[at], values[:, rank - 1])
        services, uncertain = len(one.services), drawn[at][2]
        found.append(Ranked(one.code, one.name_zh, one.name_en, rank, band, best, worst, above, services, uncertain))
    head = accounts[0].account
    return RankBand(place, head.year, str(head.head["standard"]), draws, seed, tuple(found))


def _draw_all(
    accounts: Sequence[tuple[RecomputedAccount, Sequence[str]]], draws: int, seed: int, given: Given
) -> list[tuple[Floats, float, int]]:
    """Return of each account the total of its services over all draws, as stored, and how many uncertain numbers it has."""
    found = []
    grouped = group_accounts([account for account, _ in accounts], given)
    for (account, services), groups in zip(accounts, grouped, strict=True):
        model = Model(account, list(services), groups)
        stored = float(model.evaluate(model.used).sum())
        found.append((model.draw(draws, seed).sum(axis=1), stored, len(model.parameters)))
    return found
