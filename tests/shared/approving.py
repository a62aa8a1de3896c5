"""Signs every account of a store, as two persons would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.store.keys import find_account
from gep.store.opening import open_to_write
from gep.store.signing import APPROVED, SUBMITTED, sign

if TYPE_CHECKING:
    from pathlib import Path


def approve(store: Path) -> None:
    """Submit and approve every account of a store that is not approved yet, by two persons."""
    with open_to_write(store) as connection:
        waiting = connection.execute(
            "SELECT county, year, standard FROM account_state WHERE superseded_by IS NULL AND state = 'draft' ORDER BY ALL"
        )
        for county, year, standard in waiting.fetchall():
            place = find_account(connection, county, year, standard)
            sign(connection, place, SUBMITTED, "张三", "looked at")
            sign(connection, place, APPROVED, "李四", "looked at again")
