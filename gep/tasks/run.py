"""`gep run`: input files computed, checked and stored as one run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, overload

from gep.inputs.read import list_input_files
from gep.records import dataclass
from gep.reference.periods import as_year
from gep.standards.standard import load_standard
from gep.store.accounts import read_account
from gep.store.history import list_superseded
from gep.tasks.check import check_account, read_last_year
from gep.tasks.compute import compute, fold_years, read_inputs
from gep.tasks.earlier_figures import take_earlier
from gep.tasks.settings import choose_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from gep.account.account import Account
    from gep.account.unread import Unread
    from gep.inputs.workbook.book import Book
    from gep.messages.many_findings import Findings
    from gep.messages.texts import Text
    from gep.store.accounts import AccountHead, StoredAccount
    from gep.store.saving import StoredRun
    from gep.store.store import Store


READ_AT_ONCE = 200_000
"""Bytes of inputs that are read so soon that the store stays open meanwhile; for more, nobody who writes to it should wait."""


class UnreadFigures(Sequence[dict[str, object]]):
    """Figures without effect as maps of plain values, each made when it is asked for: there may be hundreds of thousands."""

    def __init__(self, figures: Sequence[Unread], places: Sequence[tuple[str, object]]) -> None:
        """Keep the figures.

        Parameters
        ----------
        places : county and year of each account, by its number
        """
        self._figures, self._places = figures, places

    def __len__(self) -> int:
        """Return how many figures there are."""
        return len(self._figures)

    @overload
    def __getitem__(self, at: int) -> dict[str, object]: ...
    @overload
    def __getitem__(self, at: slice) -> list[dict[str, object]]: ...
    def __getitem__(self, at: int | slice) -> dict[str, object] | list[dict[str, object]]:
        """Return one, or some as a list."""
        if isinstance(at, slice):
            return [self._make(one) for one in self._figures[at]]
        return self._make(self._figures[at])

    def _make(self, one: Unread) -> dict[str, object]:
        county, year = self._places[one.account]
        return {"county": county, "year": year, **one._asdict()}


@dataclass(frozen=True)
class Run:
    """A run that was stored: its accounts, what was doubtful in the inputs, and the earlier accounts it takes the place of."""

    stored: StoredRun
    accounts: tuple[AccountHead, ...]
    only: StoredAccount | None
    """The account, where the run has one."""
    findings: Findings
    superseded: tuple[tuple[str, int, int], ...]
    """County, year and newest earlier run of each; empty where a reason was given."""
    unread: UnreadFigures
    """County, year, variable, members, value and unit as given, place and whole of each figure that has no effect."""
    kept: tuple[Text, ...]
    """In a sentence each: settings that nobody named and that were kept from the run before."""


def run_account(
    inputs: Iterable[Path],
    standard: str | None = None,
    price_year: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
    typed: Iterable[Book] = (),
) -> Account:
    """Return the accounts of all counties and years in input files, computed and not stored; see `compute`.

    Raises
    ------
    Problems : everything that is wrong in the inputs, the standard or the tables
    """
    progress("reading inputs")
    return compute(read_inputs(inputs, standard, typed), standard, price_year, progress)


def run_files(
    store: Store,
    inputs: Iterable[Path],
    standard: str | None = None,
    price_year: int | None = None,
    reason: str = "",
    progress: Callable[[str], None] = lambda _: None,
    typed: Iterable[Book] = (),
    *,
    current_only: bool = False,
    period: int | None = None,
) -> Run:
    """Compute, check and store the accounts of all counties and years in input files, in one transaction.

    Parameters
    ----------
    store      : made if it is not there
    inputs     : workbooks, CSV or Parquet tables, or folders of them
    standard   : id of a shipped standard or path of a YAML file; None: the one on the cover, else the one the accounts were
                 last stored under, else the default
    price_year : price year of a second, constant-price series; None: the one on the cover, else the one last stored, if any
    reason     : why the run takes the place of an earlier one; required where that one is approved
    progress   : is told each stage, and an empty text at the end
    typed      : figures that stand in no file, as books
    current_only : no second series, whatever the accounts were last stored with
    period   : of several years, whose account is made from the figures of its years; None: accounts of what is given

    Raises
    ------
    Problems : everything that is wrong in the inputs, the standard or the tables; approved accounts that would be superseded
               without a reason; a store that cannot be written
    """
    progress("reading inputs")
    inputs = tuple(inputs)
    soon = sum(file.stat().st_size for file in list_input_files(inputs)) <= READ_AT_ONCE
    with store if soon and store.exists else nullcontext():  # opening a store costs more than what is asked of it
        store.know_units()
        read = read_inputs(inputs, standard, typed)
        if period is not None:
            read = fold_years(read, period, standard, price_year)
        with store if store.exists else nullcontext():
            chosen = choose_settings(store, read, standard, price_year, current_only=current_only)
            read = take_earlier(store, read, load_standard(chosen.standard))
            before = read_last_year(store, read)
    account = compute(read, chosen.standard, chosen.price_year, progress, current_only=current_only)
    progress("checking across cells")
    findings = check_account(account, before)
    del before  # of a province as large as the figures themselves
    progress("storing")
    with store.changing():
        stored = store.save(account, reason, findings)
        heads = store.accounts_of_run(stored.run)
        superseded = list_superseded(store, stored.run) if not reason else []
        only = read_account(store, stored.run, heads[0].account, heads[0]) if len(heads) == 1 else None
    progress("")
    return Run(stored, tuple(heads), only, findings, tuple(superseded), _list_unread(account), chosen.kept)


def _list_unread(account: Account) -> UnreadFigures:
    accounts = account.inputs.accounts
    places = [(str(county), as_year(year)) for county, year in zip(accounts["county"], accounts["year"], strict=True)]
    return UnreadFigures(account.unread, places)
