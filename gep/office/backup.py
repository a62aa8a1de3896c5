"""A backup: store and office at one point in time, each naming the other's head; and how it is taken back."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING

from gep.files.writing import write_whole_folder
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say
from gep.office.database import Office
from gep.office.heads import walk_journal
from gep.office.journal import note_act, read_head, read_last_entry
from gep.paths import print_path
from gep.store.office_heads import note_office_head
from gep.store.store import Store
from gep.store.walk import walk_chain

if TYPE_CHECKING:
    from pathlib import Path

SM3 = "sm3"
STORE, OFFICE, ABOUT = "gep.duckdb", "gep.office.sqlite", "backup.json"


@dataclass(frozen=True)
class Backup:
    """A backup and what it holds: the heads of both chains, the hashes of both files, when (UTC) and by whom it was made."""

    name: str
    made_at: str
    made_by: str
    program: str
    store_sha256: str
    store_head: str
    office_sha256: str
    office_entry: int
    office_head: str
    size: int
    """Bytes of both files."""
    store_sm3: str = ""
    office_sm3: str = ""
    """SM3 (GB/T 32905) of both files, where the machine's OpenSSL has it; empty: it has not."""


def make_backup(store: Store, office: Office, folder: Path, by: str, address: str = "") -> Backup:
    """Write store and office as they are at one moment into a new folder inside `folder`.

    The store writes down the head of the journal, then the journal that of the store: nobody makes one of the two anew unseen.

    Parameters
    ----------
    folder : of all backups; each is a folder of its own in it, named after its time
    by     : account of the administrator, or what the server's own machine says

    Raises
    ------
    Problems : there is no store, the folder cannot be written, or the disk is full
    """
    made_at = datetime.now(UTC)
    name = f"gep-{made_at:%Y%m%dT%H%M%S}-{made_at.microsecond // 1000:03}Z"
    with office.frozen(), write_whole_folder(folder / name, "backup") as inside:
        entry = read_last_entry(office)
        note_office_head(store, entry, read_head(office))
        store.copy(inside / STORE)
        head = Store(inside / STORE).head()
        with office.changing() as connection:
            note_act(connection, by, address, "backup", f"store {head.sha256}", name)
        office.copy(inside / OFFICE)
        with closing(Office(inside / STORE)) as copied:
            found = Backup(
                name,
                made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                by,
                metadata.version("gep"),
                _digest(inside / STORE),
                head.sha256,
                "",
                read_last_entry(copied),
                read_head(copied),
                0,
            )
        for log in inside.glob(f"{OFFICE}-*"):
            log.unlink()
        whole = {
            **asdict(found),
            "office_sha256": _digest(inside / OFFICE),
            "store_sm3": _digest(inside / STORE, SM3),
            "office_sm3": _digest(inside / OFFICE, SM3),
            "size": sum((inside / file).stat().st_size for file in (STORE, OFFICE)),
        }
        (inside / ABOUT).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
        (inside / OFFICE).chmod(0o600)
    return Backup(**whole)


def list_backups(folder: Path) -> list[Backup]:
    """Return the backups in a folder, the newest first; what is none is left out."""
    found = []
    for path in sorted(folder.glob(f"*/{ABOUT}"), reverse=True):
        try:
            found.append(Backup(**json.loads(path.read_text("utf-8"))))
        except (ValueError, TypeError, OSError, RecursionError):
            continue
    return found


def restore_backup(backup: Path, store: Path) -> Backup:
    """Put a backup where there is no store yet, after both chains have been walked; everybody has to log in anew.

    Parameters
    ----------
    backup : folder of one backup
    store  : path of the store that is made

    Raises
    ------
    Problems : it is no backup, its files are not those that were written, a chain in it is broken, or something stands in the way
    """
    found = read_backup(backup)
    target = Office(store)
    refuse(
        Problem(
            print_path(one),
            0,
            "something stands here already",
            "a place without a store",
            "move it away first; it is not overwritten",
        )
        for one in (store, target.path)
        if one.exists()
    )
    store.parent.mkdir(parents=True, exist_ok=True)
    try:
        for source, to in ((backup / STORE, store), (backup / OFFICE, target.path)):
            part = to.with_name(to.name + ".part")
            shutil.copyfile(source, part)
            part.rename(to)
    except OSError as error:
        refuse_one(
            print_path(store), say("writing failed: {why}", why=str(error.strerror)), "", "make room, or name another place"
        )
    target.path.chmod(0o600)
    with closing(target), target.changing() as connection:
        connection.execute("DELETE FROM session")
        note_act(connection, "", "", "restored", f"store {found.store_head}", found.name)
    return found


def read_backup(backup: Path) -> Backup:
    """Return what a folder says it is, once its files are found to be so and both chains hold.

    Raises
    ------
    Problems : it is no backup, a file is missing or other than written, or a chain is broken
    """
    try:
        found = Backup(**json.loads((backup / ABOUT).read_text("utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        refuse_one(print_path(backup), "this is no backup", say("a folder with {file}, as gep backup writes it", file=ABOUT))
    wanted = [(STORE, "sha256", found.store_sha256), (OFFICE, "sha256", found.office_sha256)]
    if SM3 in hashlib.algorithms_available:
        wanted += [(file, SM3, digest) for file, digest in ((STORE, found.store_sm3), (OFFICE, found.office_sm3)) if digest]
    refuse(
        Problem(
            print_path(backup / file),
            0,
            "the file is not the one that was written",
            "the file of the backup",
            "take another backup",
        )
        for file, kind, digest in wanted
        if not (backup / file).is_file() or _digest(backup / file, kind) != digest
    )
    walk = walk_chain(backup / STORE)
    journal = walk_journal(backup / STORE)
    broken = [*(one.found for one in walk.broken), *(journal.broken if journal else ())]
    refuse(Problem(print_path(backup), 0, one, "", "take another backup") for one in broken)
    return found


def _digest(path: Path, kind: str = "sha256") -> str:
    """Return a hash of a file; empty where the machine does not have its kind."""
    if kind not in hashlib.algorithms_available:
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()
