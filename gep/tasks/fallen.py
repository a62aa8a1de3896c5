"""Says which bookings rest on accounts whose approval has fallen; loads nothing that computes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.texts import mark_word, say
from gep.reference.regions import name_region
from gep.store.keys import find_account
from gep.store.transfers import list_fallen, list_on_account
from gep.store.walk import refuse_forged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.store.store import Store
    from gep.store.transfers import OnAccount, RestsOn


def list_fallen_approvals(store: Store, county: str = "", year: int | None = None) -> list[str]:
    """Return a sentence for each booked run that rests on an account whose approval has fallen, with the correction.

    Parameters
    ----------
    county : six-digit code of the account; empty: all
    year   : of the account; None: all
    """
    if not store.exists:
        return []
    with store:
        return list(describe_fallen(list_fallen(store, county, year)))


def describe_fallen(found: Iterable[RestsOn]) -> tuple[str, ...]:
    """Return a sentence for each booked run and account whose approval has fallen."""
    return tuple(
        say(
            "{count} postings of {scheme} {year} (transfer run {transfer_run}) rest on the account {county} {of_year}, run {run}, {happened}; when the account is approved, gep compensate {scheme} {year} --post --reason ... books the correction",
            count=one.postings,
            scheme=one.scheme,
            year=one.year,
            transfer_run=one.transfer_run,
            county=name_region(one.county, one.of_year),
            of_year=one.of_year,
            run=one.run,
            happened=say("voided on {day:%Y-%m-%d} by run {later}", day=one.fallen, later=one.later)
            if one.later is not None
            else say("which is {state} since {day:%Y-%m-%d}", state=mark_word(one.state), day=one.fallen),
        )
        for one in found
    )


def list_resting_on(store: Store, county: str, year: int) -> tuple[str, list[OnAccount]]:
    """Return the code of a county, and what money and register rest on its accounts of a year.

    Parameters
    ----------
    county : six-digit code or name

    Raises
    ------
    Problems : an unknown county, no account of it, or money that another program wrote into the store
    """
    with store:
        refuse_forged(store.connection, store.path)
        key = find_account(store, county, year)
        return key.county, list_on_account(store, key.county, year)
