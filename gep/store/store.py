"""The face of the store: what everything above it takes to find, keep, sign and ask for accounts."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gep.messages.problems import refuse_one
from gep.store.accounts import AccountHead, Approved, StoredAccount, count_approved, list_accounts, list_run, read_account
from gep.store.ask import Answer, run_query
from gep.store.chain import read_head
from gep.store.copying import copy_file
from gep.store.history import Change, Entry, list_differences, list_runs
from gep.store.kept import Kept
from gep.store.keys import AccountKey, find_account
from gep.store.opening import DEFAULT, open_to_read, open_to_write
from gep.store.signing import Event, sign
from gep.store.units import adopt_units_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    import duckdb

    from gep.account.account import Account
    from gep.messages.findings import Finding
    from gep.store.chain import Head
    from gep.store.export import Exported
    from gep.store.kept import Made
    from gep.store.saving import StoredRun


class Opener(Protocol):
    """Opens the file of a store for those who share it: the keeper of a server."""

    def read(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Open to read one state."""

    def write(self, *, new: bool) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Open to write in one transaction, made first where there is none and `new` allows it."""

    def alone(self) -> AbstractContextManager[None]:
        """Give the file up to this thread."""

    def remember(self, key: Hashable, make: Callable[[], Made], state: tuple[int, ...] | None, *, large: bool) -> Made:
        """Return what `make` returns, kept as long as the file is in a state; None: as it is now."""

    def find_state(self) -> tuple[int, ...]:
        """Return what changes with everything that is written."""


class Store:
    """A file of accounts. Making one opens nothing; each method opens the file for as long as it runs.

    Inside `with store:` the file stays open to read, so that everything asked there sees one state of it; `with
    store.changing():` opens it to write, and everything inside is one transaction. Reading programs share a file, a writing
    one has it alone and waits for the others up to 30 seconds, so let go of it soon. A `Store` is of one thread: a web
    service makes one a request.

    Examples
    --------
    >>> store = Store("outputs/gep.duckdb")
    >>> [head.county for head in store.accounts(approved=True)]
    ['360725']
    >>> store.account("崇义县", 2022).head.gep
    19832000000.0

    Parameters
    ----------
    keeper : of a server, which holds the file for many; None: the file is opened for each question
    still  : whether nobody writes to the file, a copy of one's own: small answers are kept

    Raises
    ------
    Problems : there is no store where one is read, the file is not a store, or another program keeps it
    """

    def __init__(self, path: Path | str = DEFAULT, keeper: Opener | None = None, *, still: bool = False) -> None:
        self.path = Path(path)
        self._keeper = keeper
        self._answers = Kept() if still else None
        self._held = 0
        self._writing = False
        self._seen: tuple[int, ...] = ()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._open = ExitStack()

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    def __enter__(self) -> Self:
        if self._connection is None:
            self._connection = self._open_again()
            adopt_units_of(self._connection)
        self._held += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._held -= 1
        if self._held == 0:
            self._connection = None
            self._open.__exit__(kind, error, trace)

    @contextmanager
    def changing(self, *, new: bool = True) -> Iterator[Self]:
        """Open the store to write; everything done inside is one transaction, and undone if anything is refused.

        Parameters
        ----------
        new : whether a store is made where there is none

        Raises
        ------
        Problems : the folder cannot be made, the file is not a store, another program keeps it, or the disk is full
        """
        if self._writing:
            yield self
            return
        if self._answers is not None:
            raise RuntimeError("the store is still: nothing is written to it")
        was_open = self._connection is not None
        self._open.close()
        try:
            with self._keeper.write(new=new) if self._keeper else open_to_write(self.path, new=new) as self._connection:
                self._writing = True
                adopt_units_of(self._connection)
                self._held += 1
                yield self
        finally:
            self._held -= self._writing
            self._writing = False
            self._connection = self._open_again() if was_open else None

    def remember(self, key: Hashable, make: Callable[[], Made], *, large: bool = False) -> Made:
        """Return what `make` returns; those who share the store are given it again until something is written to its file.

        What is being written is seen by the writer alone, and asked each time.

        Parameters
        ----------
        large : whether the answer takes so much memory that few of its kind are kept
        """
        if self._answers is not None and not large:
            return self._answers.find(key, make)
        if self._keeper is None or self._writing:
            return make()
        return self._keeper.remember(key, make, self._seen if self._connection is not None else None, large=large)

    @property
    def keeps(self) -> bool:
        """Whether answers are kept for those who share the store."""
        return self._answers is not None or (self._keeper is not None and not self._writing)

    def _open_again(self) -> duckdb.DuckDBPyConnection:
        self._seen = self._keeper.find_state() if self._keeper else ()  # before it opens: what opens is as new, or newer
        return self._open.enter_context(self._read())

    def _read(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return self._keeper.read() if self._keeper is not None and self.path.exists() else open_to_read(self.path)

    def execute(self, query: str, parameters: object = None, /) -> duckdb.DuckDBPyConnection:
        """Run one statement of SQL inside `with`; only for the files that may hold SQL, others call functions of this room."""
        return self.connection.execute(query, parameters)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection; inside `with` only.

        Raises
        ------
        RuntimeError : the store is not open
        """
        if self._connection is None:
            raise RuntimeError("the store is not open: use it inside `with store:`")
        return self._connection

    @contextmanager
    def alone(self) -> Iterator[Store]:
        """Give a store without a keeper, for what opens the file itself; those who share it with this one wait.

        Raises
        ------
        Problems : the others do not leave it
        """
        with self._keeper.alone() if self._keeper else nullcontext():
            yield Store(self.path)

    def copy(self, target: Path) -> None:
        """Write a copy of the file as it stands, for a backup.

        Raises
        ------
        Problems : there is no store, it is not one, or another program keeps it
        """
        if not self.exists:
            refuse_one(str(self.path), "there is no store", "", "gep run makes one")
        with self.alone():
            copy_file(self.path, target)

    @property
    def exists(self) -> bool:
        """Whether there is a file at all."""
        return self.path.exists()

    def know_units(self) -> None:
        """Make the accounting units of the store known to this call, where there is a store."""
        if self.exists:
            with self:
                pass

    def head(self) -> Head:
        """Return the head of the store's chain, which stands for everything stored."""
        with self:
            return read_head(self)

    def find(self, county: str, year: int, standard: str | None = None, run: int | None = None) -> AccountKey:
        """Return where an account stands: the newest of a county, year and standard, or that of a run.

        Parameters
        ----------
        county   : six-digit code, or a name in Chinese or English
        standard : id; None: the default one, or the only one there is
        run      : number of a run, superseded or not; None: the newest

        Raises
        ------
        Problems : unknown county, several counties of that name, or no such account, with what there is
        """
        with self:
            return find_account(self, county, year, standard, run)

    def account(self, county: str, year: int, standard: str | None = None, run: int | None = None) -> StoredAccount:
        """Return an account with its services, lines, inputs and state of review.

        Parameters
        ----------
        county   : six-digit code, or a name in Chinese or English
        standard : id; None: the default one, or the only one there is
        run      : number of a run, superseded or not; None: the newest

        Returns
        -------
        StoredAccount with values in CNY/yr, None or NaN where there is no data

        Raises
        ------
        Problems : unknown county, several counties of that name, or no such account, with what there is
        """
        with self:
            return self.read(find_account(self, county, year, standard, run))

    def read(self, key: AccountKey) -> StoredAccount:
        """Return the account of a key; money in CNY/yr."""
        with self:
            return read_account(self, key.run, key.account)

    def accounts(self, *, approved: bool = False) -> list[AccountHead]:
        """Return the newest account of every county, year and standard, in this order.

        Parameters
        ----------
        approved : only those whose newest result is approved

        Returns
        -------
        Heads with values in CNY/yr, None where there is no data
        """
        with self:
            return list_accounts(self, approved=approved)

    def accounts_of_run(self, run: int) -> list[AccountHead]:
        """Return the accounts of a run, superseded or not, in the order they were computed."""
        with self:
            return list_run(self, run)

    def approved(self) -> Approved:
        """Count approved and other accounts, and list those changed after approval."""
        with self:
            return count_approved(self)

    def history(self, key: AccountKey, standard: str | None = None) -> list[Entry]:
        """Return the runs of a county and year, the newest first.

        Parameters
        ----------
        key      : any account of the county and year
        standard : id; None: under all standards
        """
        with self:
            return list(self.remember(("history", key.county, key.year, standard), lambda: list_runs(self, key, standard)))

    def differences(self, one: int, other: int, county: str | None = None) -> list[Change]:
        """Return everything that two runs have differently, line by line.

        Parameters
        ----------
        one, other : numbers of the runs
        county : six-digit code; None: all counties that both runs have

        Raises
        ------
        Problems : there is no such run, or no account that both runs have
        """
        with self:
            return list_differences(self, one, other, county)

    def save(self, account: Account, reason: str = "", findings: Sequence[Finding] = ()) -> StoredRun:
        """Store a computed account: inputs as given, coefficients chosen, rules, results and the hashes of all.

        Parameters
        ----------
        reason   : why it takes the place of an earlier run; required where that one is approved
        findings : what was doubtful in the inputs, with the county's explanations

        Raises
        ------
        Problems : approved accounts would be superseded without a reason, or the store cannot be written
        """
        from gep.store.saving import save_run  # loads pandas, which reading need not wait for

        with self.changing():
            return save_run(self.connection, account, reason, findings)

    def sign(self, key: AccountKey, step: str, who: str, note: str = "", expected: str = "") -> Event:
        """Add one step of review of an account.

        Parameters
        ----------
        step     : submitted, approved or returned
        who      : name of the person
        note     : required for approvals and returns; of a submission it answers findings that nobody explained
        expected : the first digits of the hash that the person looked at; empty: not asked

        Raises
        ------
        Problems : the step does not follow from the state, maker and checker are one, findings stand in the way, or the
                   results are not what was submitted
        """
        with self.changing(new=False):
            return sign(self, key, step, who, note, expected)

    def ask(self, question_or_sql: str) -> Answer:
        """Return columns and rows of a named question (`gep query --list`) or of one SELECT; takes at most twenty seconds.

        Raises
        ------
        Problems : SQL that is wrong, is anything but one question, takes too long or answers with too many rows
        """
        with self:
            return run_query(self.connection, question_or_sql)

    def export(self, folder: Path | str, *, replace: bool = False, progress: Callable[[str], None] = lambda _: None) -> Exported:
        """Write all views as Parquet in folders of province and year, whole or not at all.

        Parameters
        ----------
        replace  : whether an earlier export in the folder is written anew
        progress : is told each year and view, and an empty text at the end

        Raises
        ------
        Problems : the folder is there and not to be replaced, or is not an export; the store is empty; no room, no right to write
        """
        from gep.store.export import write_export

        with self:
            return write_export(self.connection, Path(folder), replace=replace, progress=progress)
