"""Quantities of an account without prices by ecosystem type, for its page: the same table as the report's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.numbers import YI
from gep.reports.stored import read_stored
from gep.reports.tables import Tables
from gep.reports.words import read_words

if TYPE_CHECKING:
    from gep.messages.tables import Table
    from gep.store.keys import AccountKey
    from gep.store.store import Store


def make_quantity_table(store: Store, key: AccountKey, lang: str) -> Table:
    """Return the quantity of each line by ecosystem type, in the unit of the line.

    Parameters
    ----------
    lang : zh or en
    """
    with store:
        stored = read_stored(store, key.run, key.account, compare=False)
    return Tables(stored, read_words(lang), YI, "").quantity_matrix()
