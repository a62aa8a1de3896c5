"""gep backup and restore: store and office at one point in time."""

from __future__ import annotations

from pathlib import Path

import click

from gep.commands.common import say_to_user, store_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@store_option
def backup(folder: Path, store: str) -> None:
    """Write a backup of store and office into FOLDER, beside a running server or without one.

    Each backup is a folder of its own; the store names the head of the journal and the journal that of the store.
    """
    from gep.messages.problems import refuse_one
    from gep.office.backup import make_backup
    from gep.office.database import Office
    from gep.store.store import Store

    office = Office(store)
    if not office.exists:
        refuse_one(
            str(office.path),
            "there is no office beside the store",
            "",
            "gep user add makes one; without one, copying the store is enough",
        )
    found = make_backup(Store(store), office, folder, "server")
    click.echo(str(folder / found.name))
    say_to_user(
        "head of the store {store}; head of the journal {journal} (entry {entry})",
        store=found.store_head,
        journal=found.office_head,
        entry=found.office_entry,
    )


@click.command()
@click.argument("folder", metavar="BACKUP", type=click.Path(path_type=Path, exists=True, file_okay=False))
@store_option
def restore(folder: Path, store: str) -> None:
    """Put BACKUP where there is no store yet, once both chains in it have been walked.

    Nothing is overwritten; everybody has to log in anew.
    """
    from gep.office.backup import restore_backup

    found = restore_backup(folder, Path(store))
    say_to_user("{store} is as it was at {time}", store=store, time=found.made_at)
