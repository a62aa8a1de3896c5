"""Whether the journal of the office beside a store follows its chain, and whether store and journal name each other's heads truly."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.texts import say
from gep.office.database import Office
from gep.office.journal import find_break, read_head, read_last_entry
from gep.store.chain import read_links
from gep.store.office_heads import list_office_heads
from gep.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class JournalWalk:
    """What walking a journal has found: how many entries, the hash of the last, how many heads the two chains name, what is broken."""

    path: str
    entries: int
    head: str
    named: int
    broken: tuple[str, ...]


def walk_journal(store: Path) -> JournalWalk | None:
    """Walk the journal beside a store; None: there is no office.

    Parameters
    ----------
    store : path of the store; it need not be there

    Raises
    ------
    Problems : the office or the store cannot be read
    """
    office = Office(store)
    if not office.exists:
        return None
    with closing(office):
        broken = []
        first = find_break(office)
        if first is not None:
            broken.append(say("entry {entry} of the journal does not follow from the one before", entry=first))
        hashes = {int(row["entry"]): str(row["hash"]) for row in office.rows("SELECT entry, hash FROM journal")}
        backups = office.rows("SELECT entry, object FROM journal WHERE act = 'backup' ORDER BY entry")
        stored: list[tuple[int, str]] = []
        links: set[str] = set()
        opened = Store(store)
        if opened.exists:
            with opened:
                stored = list_office_heads(opened)
                links = {one.link_sha256 for one in read_links(opened)}
        broken += [
            say("the store names another entry {entry} of the journal than stands in it", entry=entry)
            for entry, digest in stored
            if entry and hashes.get(entry) != digest
        ]
        broken += [
            say("entry {entry} of the journal names a head that the store does not have", entry=row["entry"])
            for row in backups
            if opened.exists and str(row["object"]).removeprefix("store ") not in links
        ]
        return JournalWalk(
            str(office.path), read_last_entry(office), read_head(office), len(stored) + len(backups), tuple(broken)
        )
