"""Opens the file of a store, to read or to write, made or upgraded where need be. The frontier to DuckDB."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import time
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from gep.files.writing import PART, sweep
from gep.messages.problems import Problem, Problems
from gep.messages.texts import mark_word, say
from gep.paths import print_name
from gep.reference.members import read_ecosystems, read_pollutants
from gep.reference.regions import read_divisions
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.store.chain import LINKS, MADE, MIGRATED, link_new_rows, refuse_unlinked
from gep.store.comments import COMMENTS
from gep.store.empty import copy_kept, keep
from gep.store.log import find_log, is_whole
from gep.store.turns import asking_for
from gep.store.walked import find_state, is_walked, remember_walked
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT = Path("outputs/gep.duckdb")

SCHEMA = Path(__file__).parent / "schema"
"""A file a version, applied in order: a new store gets all of them, an old one those it lacks."""

WAIT = 30.0
"""Seconds to wait for another program that is using the store, unless GEP_WAIT in the environment says otherwise."""

CLOSED = {
    "memory_limit": "50%",
    "max_temp_directory_size": "0KiB",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "enable_external_access": "false",
    "lock_configuration": "true",
}
"""What a reader may not do: reach files, extensions, the variables of this program, or take all memory."""


_OURS = (
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConstraintException,
    duckdb.ConversionException,
)
"""What only a mistake in our own SQL raises; everything else is the file's or the machine's."""

_MISREAD = re.compile(r"\?|^:memory:$|^\w{2,}:" + ("" if os.sep == "\\" else r"|\\"))
"""What DuckDB takes for parameters, for an address on a network or for another kind of file; on a system without it, the backslash."""
_CAUSES = re.compile(
    r"Permission denied|Read-only file system|Operation not permitted|No space left on device|File too large|Input/output error"
)


@contextmanager
def open_to_read(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store to read; writes, other files and extensions are out of reach. A store of an older version is upgraded first.

    Raises
    ------
    Problems : there is no store, the file is not a store of this program, or another program keeps writing to it
    """
    _refuse_path(path)
    if not path.exists():
        raise _refused(path, "there is no store", "gep run makes one")
    _refuse_content(path)
    connection = connect(path, read_only=True)
    try:
        if _version(connection, path) < len(_versions()):
            connection.close()
            with open_to_write(path):
                pass
            connection = connect(path, read_only=True)
        yield connection
    except duckdb.Error as error:
        if isinstance(error, _OURS):
            raise
        raise _refused(
            path, say("the store cannot be read: {why}", why=str(error).splitlines()[0]), "take it from a copy"
        ) from None
    finally:
        connection.close()


@contextmanager
def open_to_write(path: Path, *, new: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a store to write, made or upgraded if need be; everything done inside is one transaction, and linked to its chain.

    Parameters
    ----------
    new : whether a store is made where there is none

    Raises
    ------
    Problems : the folder cannot be made, the file is not a store, another program keeps using it, it has rows that its chain
               does not cover, or the disk is full
    """
    _refuse_path(path)
    _refuse_content(path)
    if not path.exists():
        if not new:
            raise _refused(path, "there is no store", "gep run makes one")
        if find_log(path).exists():
            found = "the log of a store lies here, and the store itself is missing"
            raise _refused(find_log(path), found, "put the store back beside it, or move the log away")
        _make(path)
    connection = connect(path, read_only=False)
    try:
        with write_inside(connection, path):
            yield connection
    finally:
        with suppress(duckdb.Error):
            connection.close()


def connect_current(path: Path, config: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """Return a connection to a store that is there, to read and write, brought up to date by this program before.

    Raises
    ------
    Problems : as `open_to_read`
    """
    connection = connect(path, read_only=False, config=config)
    if _tables(connection) and _version(connection, path) == len(_versions()):
        return connection
    connection.close()
    with open_to_read(path):
        pass
    return connect(path, read_only=False, config=config)


def write_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring what is committed from the log into the file, so that no log is needed to read it; it stays in the log where that fails."""
    with suppress(duckdb.Error):
        connection.execute("CHECKPOINT")


@contextmanager
def write_inside(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Make everything done inside one transaction of an open store, brought up to date first; undone if anything is raised.

    Raises
    ------
    Problems : the file is not a store, or the disk is full
    """
    began = find_state(path)
    try:
        connection.execute("BEGIN")
        _upgrade(connection, path)
        refuse_unlinked(connection, path)
        yield
        link_new_rows(connection)
        connection.execute("COMMIT")
        write_out(connection)
        if is_walked(began):  # nobody but this transaction wrote since
            remember_walked(path)
    except duckdb.Error as error:
        raise _not_written(path, error) from None
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise


def _refuse_content(path: Path) -> None:
    """Refuse what is no store before DuckDB waits for it: a special file, an empty one, and a store that lies beside a log."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise _refused(path, "this is a device, a pipe or another special file", "--store names a file")
    if path.is_file() and path.stat().st_size == 0:
        found = "the file is empty and not a store of this program"
        raise _refused(path, found, "remove it, or --store FILE names another")


def _refuse_path(path: Path) -> None:
    if misread := _MISREAD.search(str(path)):
        found = say("{text} cannot stand in the path of a store", text=misread[0])
        raise _refused(path, found, "--store FILE names another")
    if "?" in str(whole := path.absolute()):
        found = say("{text} cannot stand in the path of a store", text="?")
        raise _refused(whole, found, "rename the folder, or --store FILE names a place in another folder, beginning at its root")
    if print_name(str(path)) != str(path):
        raise _refused(path, "the name is not in UTF-8, and no store can have it", "--store FILE names another")
    try:
        path.exists()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise _refused(
            path, say("the store cannot be opened: {why}", why=mark_word(why)), "--store FILE names another place"
        ) from None


def _make(path: Path) -> None:
    """Make an empty store that appears whole: made under a temporary name, then linked; whoever is first has made it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.stem[:40]}.", suffix=PART) as folder:
            temporary = Path(folder) / "new.duckdb"
            key = _made_from()
            if not copy_kept(key, temporary):
                _build(temporary)
                keep(key, temporary)
            _give_name(temporary, path)
    except duckdb.Error as error:
        raise _not_written(path, error) from None
    except OSError as error:
        raise _refused(
            path,
            say("the store cannot be made: {why}", why=mark_word(error.strerror or str(error))),
            "--store FILE names another place",
        ) from None


def _build(path: Path) -> None:
    connection = duckdb.connect(str(path))
    try:
        connection.execute("BEGIN")
        _upgrade(connection, path)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


@contextmanager
def open_empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the tables and views of a store, in memory only: without rows, links and comments, which would take three times as long."""
    connection = duckdb.connect()
    try:
        for file in _versions():
            connection.execute(file.read_text("utf-8"))
        yield connection
    finally:
        connection.close()


def _made_from() -> str:
    """Return the hash of all that an empty store is made from."""
    schema = [file.read_text("utf-8") for file in _versions()]
    places = [(one.code, one.name_zh, one.name_en, one.level, one.parent) for one in read_divisions().values()]
    return sha256(repr((duckdb.__version__, schema, COMMENTS, places, _names())).encode()).hexdigest()[:32]


def _give_name(temporary: Path, path: Path) -> None:
    """Give a finished file its name unless somebody else has just taken it."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}:
            raise
        if not path.exists():  # a file system without links
            temporary.rename(path)


def _not_written(path: Path, error: Exception) -> Problems:
    """Return a failure to write as a problem; a mistake in our own SQL stays a mistake of ours.

    Raises
    ------
    duckdb.Error : anything but a full disk, a place that cannot be written, or a store that is damaged
    """
    if isinstance(error, _OURS):
        raise error
    hint = "nothing was stored; make room or name another place with --store, and try again"
    return _refused(path, say("writing failed: {why}", why=str(error).splitlines()[0]), hint)


def insert(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table, run: int | None = None) -> None:
    """Append an Arrow table to a table of the store.

    Parameters
    ----------
    name : of the table in the store
    run  : number of the run the rows belong to; None: the table has its own
    """
    if table.num_rows == 0:
        return
    connection.register("incoming", table)
    has_run = run is not None and name != "coefficient_row"
    columns = ", ".join(f'"{column}"' for column in table.column_names)
    if has_run:
        connection.execute(f"INSERT INTO {name} (run, {columns}) SELECT {run}, {columns} FROM incoming")  # noqa: S608 - our own names
    else:
        connection.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM incoming")  # noqa: S608 - our own names
    connection.unregister("incoming")


def connect(path: Path, *, read_only: bool, config: dict[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    """Open the file of a store once no other program holds it, if its log is whole.

    Parameters
    ----------
    config : of DuckDB; None: CLOSED for readers, nothing for writers

    Raises
    ------
    Problems : it is not a store, its log is damaged, or another program keeps it
    """
    log = find_log(path)
    if log.exists() and not read_only:
        _open_file(path, read_only=True).close()  # to write, DuckDB would take what it can of the log, and remove it
        _refuse_damaged_log(log)
    connection = _open_file(path, read_only=read_only, config=config)
    if log.exists() and read_only:
        try:
            _refuse_damaged_log(log)
        except Problems:
            connection.close()
            raise
    return connection


def _refuse_damaged_log(log: Path) -> None:
    with suppress(FileNotFoundError):
        if not is_whole(log.read_bytes()):
            raise _describe_damaged_log(log)


def _describe_damaged_log(log: Path) -> Problems:
    return _refused(
        log,
        "the log of the store is damaged or of another store: what was stored last may be missing from the file",
        "take store and log from a copy; or move the log away, and see with gep history what the file holds without it",
    )


def _open_file(path: Path, *, read_only: bool, config: dict[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    patience = _patience()
    until = time.monotonic() + patience
    with asking_for(path) as ask:
        while True:
            try:
                return duckdb.connect(str(path), read_only=read_only, config=dict(config or (CLOSED if read_only else {})))
            except (duckdb.Error, OSError) as error:
                if not _is_held(error):
                    raise _not_opened(path, error) from None
                if time.monotonic() > until:
                    raise _describe_holder(path, str(error), patience) from None
            ask()
            time.sleep(0.05)


def _describe_holder(path: Path, said: str, patience: float) -> Problems:
    holder = re.search(r"held in (.*?) \(PID (\d+)\)", said)
    who = (
        say("process {number} ({program})", number=holder[2], program=Path(holder[1]).name) if holder else say("another program")
    )
    return _refused(
        path,
        say("{who} has held the store for {seconds:.0f} seconds", who=who, seconds=patience),
        "try again when it has finished",
    )


def _is_held(error: Exception) -> bool:
    """Whether another program holds the file, or another thread of this one has it open the other way."""
    said = str(error)
    if isinstance(error, duckdb.IOException):
        return "lock" in said.lower()
    return "different configuration" in said or "already attached" in said


def _patience() -> float:
    """Return how many seconds to wait for another program; what is no number is taken for the 30 seconds of everybody."""
    with suppress(ValueError):
        return max(0.0, float(os.environ.get("GEP_WAIT", "")))
    return WAIT


def _not_opened(path: Path, error: Exception) -> Problems:
    """Return why a store cannot be opened: a folder, a place we may not write or read, or no store."""
    if path.is_dir():
        return _refused(path, "this is a folder", "--store names a file")
    if "WAL" in str(error):
        return _describe_damaged_log(find_log(path))
    cause = _CAUSES.search(str(error))
    if cause:
        return _refused(
            path, say("the store cannot be opened: {why}", why=mark_word(cause[0])), "--store FILE names another place"
        )
    return _refused(path, "the file is not a store of this program, or is damaged", "--store FILE names another")


def _refused(path: Path, found: str, hint: str) -> Problems:
    return Problems([Problem(print_name(str(path)), 0, found, "", hint)])


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def _versions() -> list[Path]:
    return sorted(SCHEMA.glob("*.sql"), key=lambda file: int(file.name.partition("-")[0]))


def _version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    try:  # looking whether the table is there would read all that the file says of its tables
        version = connection.execute("SELECT max(version) FROM store_version").fetchall()[0][0]
    except duckdb.CatalogException:
        raise _refused(path, "the file is not a store of this program", "--store FILE names another") from None
    if version is None or version < 1:
        raise _changed(path, version)
    if version > len(_versions()):
        raise _refused(
            path,
            say("the store is of version {version}, this program knows {known}", version=version, known=len(_versions())),
            "use a newer program",
        )
    return int(version)


def _changed(path: Path, version: int | None) -> Problems:
    """Return that a store is not of the version that it says: somebody else wrote that."""
    found = say("the store says that it is of version {version}, and its tables are not of it", version=version)
    return _refused(path, found, "the store was changed by another program: take it from a copy")


def _upgrade(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring a store to this program's version; an empty file becomes a store."""
    tables = _tables(connection)
    present = _version(connection, path) if tables else 0
    if present < len(_versions()) and LINKS in tables:
        refuse_unlinked(connection, path)  # what the upgrade adds is linked below; what others added is not
    try:
        for number, file in enumerate(_versions()[present:], start=present + 1):
            connection.execute(file.read_text("utf-8"))
            connection.execute("INSERT INTO store_version VALUES (?)", [number])
    except _OURS:
        if present == 0:
            raise
        raise _changed(path, present) from None
    if present == len(_versions()):
        return
    bare = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL ORDER BY ALL"
    ).fetchall()
    for table, column in bare:
        text = COMMENTS[column].replace("'", "''")
        connection.execute(f"COMMENT ON COLUMN {table}.\"{column}\" IS '{text}'")
    if present == 0:
        _insert_names(connection)
    link_new_rows(connection, MIGRATED if present else MADE)


def _insert_names(connection: duckdb.DuckDBPyConnection) -> None:
    regions_table = pa.Table.from_pylist(
        [
            {"code": one.code, "name_zh": one.name_zh, "name_en": one.name_en, "level": one.level, "parent": one.parent}
            for one in read_divisions().values()
        ]
    )
    insert(connection, "region", regions_table)
    insert(
        connection,
        "name",
        pa.Table.from_pylist(
            [{"id": name, "kind": kind, "title_zh": zh, "title_en": en} for name, (kind, zh, en) in _names().items()]
        ),
        None,
    )


def _names() -> dict[str, tuple[str, str, str]]:
    """Return what an id names: kind, and title in Chinese and English."""
    names: dict[str, tuple[str, str, str]] = {}
    for kind, titles in (
        ("service", {name: title for name, (_, title) in SERVICE_TITLES.items()}),
        ("variable", {name: leaf.title for name, leaf in VARIABLES.items()}),
        ("coefficient", {name: leaf.title for name, leaf in COEFFICIENTS.items()}),
        ("ecosystem", {name: member.title for name, member in read_ecosystems().items()}),
        ("pollutant", {name: member.title for name, member in read_pollutants().items()}),
    ):
        for name, title in titles.items():
            names.setdefault(name, (kind, title.zh, title.en))
    return names
