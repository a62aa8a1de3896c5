"""What pages show of accounts as they were computed: the same whoever asks, so it is computed once, at best before anybody asks."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from gep.compare.years import compare_years
from gep.messages.problems import Problems
from gep.reference.periods import comes_before
from gep.review.review import weigh_account
from gep.store.newest import list_newest_kept
from gep.store.signing import hash_account
from gep.tasks.uncertainty import find_change_band, find_uncertainty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.compare.years import Comparison
    from gep.review.review import Weighed
    from gep.store.kept import Kept
    from gep.store.keys import AccountKey
    from gep.store.store import Store
    from gep.uncertainty.simulate import Uncertainty
    from gep.uncertainty.together import ChangeBand

DRAWS, SEED = 1000, 1
"""Of the bands on pages: the same each time."""


def find_weights(kept: Kept, store: Store, key: AccountKey) -> Weighed:
    """Return how much of an account's total each of its figures carries; kept as long as its results are the same."""
    with store:
        sha256 = store.remember(("hash", key), lambda: hash_account(store, key.run, key.account))
        return kept.find((str(store.path), key, sha256, "weights"), lambda: weigh_account(store, key))


def find_change(kept: Kept, store: Store, one: AccountKey, other: AccountKey) -> Comparison:
    """Return what moved an account from one year to another."""
    with store:
        return kept.find((str(store.path), one, other), lambda: compare_years(store, one, other))


def find_band(kept: Kept, store: Store, key: AccountKey) -> Uncertainty:
    """Return how far an account may be off.

    Raises
    ------
    Problems : the account has no value, or no uncertain number
    """
    return kept.find((str(store.path), key, "uncertainty"), lambda: find_uncertainty(store, key, DRAWS, SEED))


def find_band_of_change(kept: Kept, store: Store, one: AccountKey, other: AccountKey) -> ChangeBand:
    """Return how sure the change from one year to another is.

    Raises
    ------
    Problems : as `find_band`; two accounts that have no service in common
    """
    return kept.find((str(store.path), one, other, "uncertainty"), lambda: find_change_band(store, (one, other), DRAWS, SEED))


def prepare(kept: Kept, store: Store, key: AccountKey) -> Iterator[None]:
    """Compute what the pages of a new account will show, piece by piece; what cannot be shown is left to the page to say."""
    with store:
        before = [
            one.key
            for one in list_newest_kept(store, [key.county])
            if one.standard == key.standard and comes_before(one.year, key.year)
        ]
    find_weights(kept, store, key)
    yield
    if before:
        find_change(kept, store, before[-1], key)
        yield
    with suppress(Problems):
        find_band(kept, store, key)
    yield
    if before:
        with suppress(Problems):
            find_band_of_change(kept, store, before[-1], key)
