"""Reads from the store what a report tells: one account, its neighbours in time and place, and what reviewers did with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.account.status import ACCOUNTED
from gep.compare.years import split_change
from gep.explain.rebuild import rebuild
from gep.messages.numbers import is_known
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, mark_word, say
from gep.reference.regions import find_province, is_division_code
from gep.store.accounts import read_account
from gep.store.around import list_areas, list_ecosystems, list_explanations, list_inputs, list_lines, list_sign_offs, list_used
from gep.store.chain import read_head
from gep.store.county_figures import list_totals
from gep.store.newest import list_heads_of_years
from gep.store.signing import hash_account
from gep.store.transfers import list_postings
from gep.store.walk import has_booked, refuse_forged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.compare.years import Decomposition
    from gep.explain.rebuild import RecomputedAccount
    from gep.store.accounts import AccountHead, ServiceResult, ShownFigure, StoredNotice
    from gep.store.around import SignOff
    from gep.store.chain import Head
    from gep.store.county_figures import CountyTotals
    from gep.store.keys import AccountKey
    from gep.store.record import StoredRecord
    from gep.store.signing import ReviewState
    from gep.store.store import Store
    from gep.store.transfers import Posting

Dicts = list[dict[str, Any]]


@dataclass(frozen=True)
class Earlier:
    """The account of the year a report compares with: its results, as far as the comparison needs them."""

    year: int
    splits: tuple[Decomposition, ...]
    """What each service changed by since then, and why."""
    areas: Dicts


@dataclass(frozen=True)
class Stored:
    """All that a report tells of one account, from the store; values in CNY/yr, areas in km², amounts of postings in fen."""

    head: AccountHead
    services: tuple[ServiceResult, ...]
    notices: tuple[StoredNotice, ...]
    rebuilt: RecomputedAccount
    lines: Dicts
    ecosystems: Dicts
    inputs: Dicts
    used: Dicts
    state: ReviewState
    account_sha256: str
    events: list[SignOff]
    explanations: Dicts
    series: Sequence[AccountHead]
    lines_of_years: dict[int, Dicts]
    """Lines of each year of `series`, where the standard has no prices and the quantities are all there is."""
    earlier: Earlier | None
    postings: list[Posting]
    """Compensation money of the year that the county pays or receives."""
    neighbours: list[CountyTotals]
    """Accounts of the same province, year and standard: county and GEP per km²."""
    chain: Head
    """Head of the store's chain."""
    shown: tuple[ShownFigure, ...] = ()
    """Figures that the standard only shows."""

    @property
    def physical(self) -> bool:
        """Whether the account is of quantities only, as its standard has no prices."""
        return self.rebuilt.standard.physical

    def accounted(self) -> list[tuple[ServiceResult, float]]:
        """Return the services that have a value, with it, in CNY/yr."""
        return [(one, one.value) for one in self.services if one.status == ACCOUNTED and is_known(one.value)]


def read_stored(store: Store, run: int, account: int, since: int | None = None, *, compare: bool = True) -> Stored:
    """Return what the store holds about an account, as far as a report tells it.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    since   : the earlier year that it is compared with; None: the last that is stored before
    compare : whether the changes since the earlier year are shared out to their causes; else there is no earlier year

    Raises
    ------
    IndexError : the run has no such account
    Problems : no account of the earlier year that is asked for
    """
    stored = read_account(store, run, account)
    key = stored.key
    series = list_heads_of_years(store, key)
    before = [one.key for one in series if one.year < key.year and since in {None, one.year}]
    if since is not None and not before:
        years = join_list(str(one.year) for one in series if one.year < key.year) or mark_word("none")
        said = say("there is no account of {year} under {standard}", year=since, standard=key.standard)
        refuse_one("--since", said, say("one of the earlier years that are stored: {years}", years=years))
    rebuilt = rebuild(store, run, account)
    of_quantities = series if rebuilt.standard.physical else []
    return Stored(
        stored.head,
        stored.results,
        stored.notices,
        rebuilt,
        list_lines(store, run, account),
        list_ecosystems(store, run, account),
        list_inputs(store, run, account),
        list_used(store, run, account),
        stored.head.review,
        hash_account(store, run, account),
        list_sign_offs(store, key),
        list_explanations(store, run, account),
        series,
        {int(one.year): list_lines(store, one.run, one.account) for one in of_quantities},
        _read_earlier(store, before[-1], rebuilt.record, key) if before and compare else None,
        _list_postings(store, key),
        [
            one
            for one in list_totals(store, key.year, key.standard)
            if is_division_code(one.county) and find_province(one.county) == find_province(key.county)
        ],
        read_head(store),
        stored.shown,
    )


def _list_postings(store: Store, key: AccountKey) -> list[Posting]:
    """Return what a county pays and receives for a year; money that does not follow the chain of the store is printed nowhere."""
    found = list_postings(store, key.county, key.year)
    if found or has_booked(store.connection):
        refuse_forged(store.connection, store.path)
    return found


def _read_earlier(store: Store, then: AccountKey, record: StoredRecord, now: AccountKey) -> Earlier:
    return Earlier(then.year, split_change(store, then, now, record), list_areas(store, then.run, then.account))
