"""`gep uncertainty`: how sure a stored account is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.explain.rebuild import rebuild
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.reference.regions import read_regions
from gep.regional.coverage import find_place
from gep.regional.ranking import rank_counties
from gep.tasks.find import resolve_standard
from gep.uncertainty.parameters import Stated, read_spreads
from gep.uncertainty.simulate import Uncertainty, simulate
from gep.uncertainty.together import Accounted, ChangeBand, RankBand, simulate_change, simulate_ranks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gep.store.keys import AccountKey
    from gep.store.store import Store


def find_uncertainty(
    store: Store,
    key: AccountKey,
    draws: int = 10_000,
    seed: int = 1,
    spreads: Path | None = None,
    by_mark: Iterable[str] = (),
    *,
    variance: bool = False,
) -> Uncertainty:
    """Return how the total and the services of a stored account vary with its uncertain numbers.

    Parameters
    ----------
    spreads : table of spreads: id, member, kind, low, high, sd, unit, source; None: only the ranges of coefficient rows
    by_mark : such as `K=30%`: relative standard deviation of the coefficients with this mark that have no range
    variance : whether shares of the variance are computed too

    Raises
    ------
    Problems : what is wrong in the table or the numbers asked for, an account without a value, or without an uncertain number
    """
    stated, marks = _read_given(spreads, by_mark)
    with store:
        one = _open(store, key)
    if not one.services:
        refuse_one("COUNTY", say("the account of {county} for {year} has no value", county=key.county, year=key.year))
    return simulate(one.account, list(one.services), draws, seed, stated, marks, variance=variance)


def find_change_band(
    store: Store,
    keys: tuple[AccountKey, AccountKey],
    draws: int,
    seed: int,
    spreads: Path | None = None,
    by_mark: Iterable[str] = (),
) -> ChangeBand:
    """Return how sure the change of a total from one year to another is.

    Parameters
    ----------
    keys : the account of the earlier year and that of the later
    draws, seed, spreads, by_mark : as in `find_uncertainty`

    Raises
    ------
    Problems : as `find_uncertainty`; two accounts that have no service in common
    """
    stated, marks = _read_given(spreads, by_mark)
    with store:
        one, other = (_open(store, key) for key in keys)
    if not set(one.services) & set(other.services):
        refuse_one("YEAR", "the two accounts have no service with a value in common", "two years of the same services")
    return simulate_change(one, other, draws, seed, stated, marks)


def find_rank_band(
    store: Store,
    place: str,
    year: int,
    standard: str | None,
    draws: int,
    seed: int,
    spreads: Path | None = None,
    by_mark: Iterable[str] = (),
) -> RankBand:
    """Return the counties of a place in the order of their GEP, and how sure that order is.

    Parameters
    ----------
    place : code or name of a prefecture or province, or CN
    draws, seed, spreads, by_mark : as in `find_uncertainty`

    Raises
    ------
    Problems : as `find_uncertainty` and `rank_counties`
    """
    stated, marks = _read_given(spreads, by_mark)
    with store:
        ranking = rank_counties(store, find_place(place), year, resolve_standard(store, standard), "gep")
        codes = [one.county for one in ranking.counties if one.value is not None]
        accounts = [_open(store, store.find(code, year, ranking.standard)) for code in codes]
    if not accounts:
        refuse_one("PLACE", say("no account of {place} has a value", place=ranking.name_zh), "accounts with a value")
    return simulate_ranks(ranking.place, accounts, draws, seed, stated, marks)


def _read_given(spreads: Path | None, by_mark: Iterable[str]) -> tuple[list[Stated], dict[str, float]]:
    """Return the lines of a table of spreads, none without one, and the spread of each mark."""
    marks = dict(map(_read_mark, by_mark))
    return read_spreads(spreads) if spreads is not None else [], marks


def _open(store: Store, key: AccountKey) -> Accounted:
    services = tuple(one.service for one in store.read(key).results if one.status == "accounted")
    region = read_regions()[key.county]
    return Accounted(key.county, region.name_zh, region.name_en, rebuild(store, key.run, key.account), services)


def _read_mark(text: str) -> tuple[str, float]:
    mark, _, share = text.partition("=")
    number = share.strip().removesuffix("%")
    if (
        mark.strip()
        and share.strip().endswith("%")
        and number.replace(".", "", 1).isascii()
        and number.replace(".", "", 1).isdigit()
    ):
        value = float(number) / 100
        if 0 < value <= 10:  # noqa: PLR2004 - ten times the number itself is no spread
            return mark.strip(), value
    refuse_one("--by-mark", say("the spread is {text!r}", text=text), "a mark and a share, such as K=30%")
