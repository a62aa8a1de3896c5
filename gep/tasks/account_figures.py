"""Figures of approved accounts for schemes and indicators, growth told apart by cause: the rooms that know each are brought together here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compensation.account_figures import make_account_reader
from gep.explain.approved_figures import make_figure_reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.compensation.binding import ReadAccountFigures
    from gep.explain.approved_figures import ReadApproved
    from gep.store.keys import AccountKey
    from gep.store.rows import Connection
    from gep.store.store import Store


def read_accounts(store: Store) -> ReadAccountFigures:
    """Return a function that reads the inputs of schemes from the approved accounts of a store."""
    return make_account_reader(store.path, _split_growth)


def read_approved(store: Store) -> ReadApproved:
    """Return a function that reads figures of the approved accounts of a store."""
    return make_figure_reader(store.path, _split_growth)


def _split_growth(
    connection: Connection, one: AccountKey, other: AccountKey, of: str, constant_year: int | None
) -> Mapping[str, int]:
    """Return what moved a figure from one account to another, as `gep.compare.growth`, which loads where a growth is asked for."""
    from gep.compare.growth import split_growth

    return split_growth(connection, one, other, of, constant_year)
