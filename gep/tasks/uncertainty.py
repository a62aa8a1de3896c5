"""`gep uncertainty`: how sure a stored account is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.explain.rebuild import rebuild
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.reference.marks import MARKS
from gep.reference.regions import read_regions
from gep.regional.coverage import find_place
from gep.regional.ranking import rank_counties
from gep.tasks.find import resolve_standard
from gep.uncertainty.correlations import read_correlations
from gep.uncertainty.given import Given
from gep.uncertainty.land import read_confusion, read_maps
from gep.uncertainty.simulate import Uncertainty, simulate
from gep.uncertainty.stated import read_spreads
from gep.uncertainty.together import Accounted, ChangeBand, RankBand, simulate_change, simulate_ranks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.store.keys import AccountKey
    from gep.store.store import Store


DRAWS, SEED = 10_000, 1
"""How often uncertain numbers are drawn unless somebody says otherwise, and from which seed."""


@dataclass(frozen=True)
class Files:
    """Where somebody wrote what is known of uncertainty.

    Attributes
    ----------
    spreads : table of spreads: id, member, kind, low, high, sd, unit, source; None: only the ranges of coefficient rows
    by_mark : such as `K=30%`: relative standard deviation of the coefficients with this mark that have no range
    correlations : table of id, member, with_id, with_member, correlation, source
    maps    : table of county, year, map, weight, ecosystem, area, unit, source: of these maps each draw takes one
    confusion : table of mapped, reference, count, source: the confusion matrix of the map that the account used
    """

    spreads: Path | None = None
    by_mark: tuple[str, ...] = ()
    correlations: Path | None = None
    maps: Path | None = None
    confusion: Path | None = None


NONE = Files()


@dataclass(frozen=True)
class MethodBands:
    """Runs of one county and year by different methods, each with its own band: side by side, never pooled."""

    runs: tuple[Uncertainty, ...]

    @property
    def gap(self) -> float:
        """How far the stored totals lie apart, CNY/yr."""
        values = [one.total.value for one in self.runs]
        return max(values) - min(values)

    @property
    def widest(self) -> float:
        """The widest middle 90 % of any run, CNY/yr."""
        return max(one.total.quantiles[0.95] - one.total.quantiles[0.05] for one in self.runs)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"runs": [one.as_dict() for one in self.runs], "gap": self.gap, "widest": self.widest, "unit": "CNY/yr"}


def find_uncertainty(
    store: Store, key: AccountKey, draws: int = 10_000, seed: int = 1, files: Files = NONE, *, variance: bool = False
) -> Uncertainty:
    """Return how the total and the services of a stored account vary with its uncertain numbers.

    Parameters
    ----------
    files   : what is known beside the ranges of coefficient rows
    variance : whether shares of the variance are computed too

    Raises
    ------
    Problems : what is wrong in the table or the numbers asked for, an account without a value, or without an uncertain number
    """
    given = read_given(files)
    with store:
        one = _open(store, key)
    if not one.services:
        refuse_one("COUNTY", say("the account of {county} for {year} has no value", county=key.county, year=key.year))
    return simulate(one.account, list(one.services), draws, seed, given, variance=variance)


def find_change_band(store: Store, keys: tuple[AccountKey, AccountKey], draws: int, seed: int, files: Files = NONE) -> ChangeBand:
    """Return how sure the change of a total from one year to another is.

    Parameters
    ----------
    keys : the account of the earlier year and that of the later
    draws, seed, files : as in `find_uncertainty`

    Raises
    ------
    Problems : as `find_uncertainty`; two accounts that have no service in common
    """
    given = read_given(files)
    with store:
        one, other = (_open(store, key) for key in keys)
    if not set(one.services) & set(other.services):
        refuse_one("YEAR", "the two accounts have no service with a value in common", "two years of the same services")
    return simulate_change(one, other, draws, seed, given)


def find_rank_band(
    store: Store,
    place: str,
    year: int,
    standard: str | None,
    draws: int,
    seed: int,
    files: Files = NONE,
    *,
    approved: bool = False,
) -> RankBand:
    """Return the counties of a place in the order of their GEP, and how sure that order is.

    Parameters
    ----------
    place : code or name of a prefecture or province, or CN
    approved : only approved accounts
    draws, seed, files : as in `find_uncertainty`

    Raises
    ------
    Problems : as `find_uncertainty` and `rank_counties`
    """
    given = read_given(files)
    with store:
        ranking = rank_counties(store, find_place(place), year, resolve_standard(store, standard), "gep", approved=approved)
        codes = [one.county for one in ranking.counties if one.value is not None]
        accounts = [_open(store, store.find(code, year, ranking.standard)) for code in codes]
    if not accounts:
        refuse_one("PLACE", say("no account of {place} has a value", place=ranking.name_zh), "accounts with a value")
    return simulate_ranks(ranking.place, accounts, draws, seed, given)


def find_method_bands(
    store: Store, keys: Sequence[AccountKey], draws: int, seed: int, files: Files = NONE, *, variance: bool = False
) -> MethodBands:
    """Return the bands of several runs of one county and year, each drawn by its own rules; what they share is drawn alike.

    Raises
    ------
    Problems : as `find_uncertainty`; one run twice
    """
    if len(set(keys)) < len(keys):
        refuse_one("--beside", "one run is named twice", "runs of other methods")
    return MethodBands(tuple(find_uncertainty(store, key, draws, seed, files, variance=variance) for key in keys))


def read_given(files: Files) -> Given:
    """Return all that stands in the files.

    Raises
    ------
    Problems : what is wrong in one of them; maps and a confusion matrix together
    """
    if files.maps is not None and files.confusion is not None:
        refuse_one(
            "--confusion", "the land is given by maps too", "--maps or --confusion", "run it twice: neither says what both mean"
        )
    return Given(
        read_spreads(files.spreads) if files.spreads is not None else [],
        _read_marks(files.by_mark),
        read_correlations(files.correlations) if files.correlations is not None else [],
        read_maps(files.maps) if files.maps is not None else [],
        read_confusion(files.confusion) if files.confusion is not None else [],
    )


def _open(store: Store, key: AccountKey) -> Accounted:
    services = tuple(one.service for one in store.read(key).results if one.status == "accounted")
    region = read_regions()[key.county].named_in(key.year)
    return Accounted(key.county, region.name_zh, region.name_en, rebuild(store, key.run, key.account), services)


def _read_marks(texts: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for text in texts:
        mark, share = _read_mark(text)
        if mark not in MARKS:
            refuse_one("--by-mark", say("there is no mark {mark!r}", mark=mark), say("one of {names}", names=join_list(MARKS)))
        if mark in found:
            refuse_one("--by-mark", say("{what} stands twice", what=mark), "each mark once")
        found[mark] = share
    return found


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
