"""What a store knows of the journal beside it, heads written down at backups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gep.store.rows import Connection
    from gep.store.store import Store


def note_office_head(store: Store, entry: int, sha256: str) -> None:
    """Write down the head of the journal beside the store.

    Raises
    ------
    Problems : there is no store, or it cannot be written
    """
    with store.changing(new=False):
        store.execute("INSERT INTO office_head VALUES (?, ?, ?)", [datetime.now(UTC).replace(tzinfo=None), entry, sha256])


def list_office_heads(connection: Connection) -> list[tuple[int, str]]:
    """Return number and hash of the entries of the journal that the store has written down, in their order."""
    found = connection.execute("SELECT office_entry, office_sha256 FROM office_head ORDER BY rowid").fetchall()
    return [(int(entry), str(sha256)) for entry, sha256 in found]
