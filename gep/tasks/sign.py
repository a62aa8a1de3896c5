"""Takes a step of review: submits, approves or returns an account, after it was computed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.review.review import refuse_what_does_not_follow
from gep.store.signing import SUBMITTED
from gep.tasks.find import find_account

if TYPE_CHECKING:
    from gep.store.signing import Event
    from gep.store.store import Store


def sign_account(
    store: Store, county: str, year: int, step: str, who: str, note: str = "", standard: str | None = None, expected: str = ""
) -> Event:
    """Add a step of review of the newest account of a county and year; found, checked and signed in one transaction.

    Parameters
    ----------
    county   : six-digit code, or a name in Chinese or English
    step     : submitted, approved or returned
    who      : name of the person
    note     : required for approvals and returns; of a submission it answers findings that nobody explained
    standard : id, or the file of a standard; None: the default one, or the only one there is
    expected : the first digits of the hash that the person looked at; empty: not asked

    Raises
    ------
    Problems : no such account, results that do not follow from the stored inputs (on submission), a step that does not follow
               from the state, maker and checker are one, or findings that stand in the way
    """
    with store.changing(new=False):
        key = find_account(store, county, year, standard)
        if step == SUBMITTED:
            refuse_what_does_not_follow(store, key)
        return store.sign(key, step, who, note, expected)
