"""Finds what a finance bureau issues: a booked run with its postings, who made it and the chain, or the booking of a result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gep.compensation.booking import recompute_run
from gep.compensation.issued import Booked
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.store.chain import read_head
from gep.store.transfers import list_booked_runs, list_bookings, list_fallen, list_parties, list_sides
from gep.store.two_people import find_makers
from gep.store.walk import refuse_forged
from gep.tasks.fallen import describe_fallen

if TYPE_CHECKING:
    from gep.compensation.compute import Result
    from gep.store.store import Store
    from gep.store.transfers import Side


def read_booked_run(store: Store, run: int) -> tuple[Result, Booked]:
    """Return a booked run computed again from what was booked with it, and its booking.

    Raises
    ------
    Problems : there is no such run, it does not come to its postings again, or another program wrote money into the store
    """
    with store:
        refuse_forged(store.connection, store.path)
        result, _ = recompute_run(store, run)
        return result, read_booking(store, run)


def find_booking(store: Store, result: Result) -> Booked | None:
    """Return the standing booking of a result; None where it is not booked, or booked otherwise.

    Raises
    ------
    Problems : another program wrote money into the store
    """
    if not store.exists or result.what_if:
        return None
    with store:
        refuse_forged(store.connection, store.path)
        runs = list_booked_runs(store, result.ready.scheme.id, result.year)
        same = [one.transfer_run for one in runs if one.stands and one.results_sha256 == result.sha256]
        return read_booking(store, same[0]) if same else None


def list_payable(store: Store, counties: list[str], year: int | None, scheme: str) -> list[Side]:
    """Return the standing postings that pay somebody, by year, scheme and posting; the reason says where an approval has fallen.

    Parameters
    ----------
    counties : codes or ids of payees; empty: all
    year     : None: all
    scheme   : id; empty: all

    Raises
    ------
    Problems : there is no store, or another program wrote money into it
    """
    with store:
        refuse_forged(store.connection, store.path)
        wanted = counties or sorted(list_parties(store))
        fallen = {one.transfer_run for one in list_fallen(store)}
        return [
            replace(one, reason=f"{one.reason}（所依据的核算结果已失效，待更正）") if one.transfer_run in fallen else one
            for one in list_sides(store, wanted, year, scheme)
            if one.sign > 0
        ]


def read_booking(store: Store, run: int) -> Booked:
    """Return the booking of a run, in an open store.

    Raises
    ------
    Problems : there is no such run
    """
    with store:
        found = list_booked_runs(store, run=run)
        if not found:
            refuse_one("--run", say("there is no booked run {run}", run=run), "a number from gep query transfers-as-of")
        before = list_bookings(store, [found[0].replaces]) if found[0].replaces is not None else []
        maker, checker = find_makers(store, run)
        fallen = describe_fallen(one for one in list_fallen(store) if one.transfer_run == run)
        return Booked(found[0], tuple(list_bookings(store, [run])), tuple(before), maker, checker, read_head(store), fallen)
