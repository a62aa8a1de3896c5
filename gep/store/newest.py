"""Lists the newest accounts: of which counties, years and standards, and in which state of review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.records import dataclass
from gep.reference.periods import count_years
from gep.reference.retired import list_codes_over_time
from gep.store.accounts import list_heads, list_page
from gep.store.keys import AccountKey
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gep.store.accounts import AccountHead, OpenStore
    from gep.store.rows import Connection
    from gep.store.store import Store


@dataclass(frozen=True)
class NewestAccount:
    """The newest account of a county, year and standard; `voided`: it takes the place of one that was approved."""

    run: int
    account: int
    county: str
    year: int
    standard: str
    state: str
    voided: bool

    @property
    def key(self) -> AccountKey:
        """The key by which it is found in the store."""
        return AccountKey(self.run, self.account, self.county, self.year, self.standard)


@dataclass(frozen=True)
class AccountCount:
    """How many accounts a year has under a standard."""

    year: int
    standard: str
    accounts: int


def read_newest(store: Store) -> Mapping[tuple[str, int], tuple[NewestAccount, ...]]:
    """Return county and year → the newest account under each standard, of all that there are; do not change it."""
    return store.remember("newest", lambda: _read_newest(store)) if store.exists else {}


def _read_newest(store: OpenStore) -> dict[tuple[str, int], tuple[NewestAccount, ...]]:
    with store:
        rows = fetch_rows(
            store,
            "SELECT run, account, county, year, standard, state, voided_run IS NOT NULL FROM account_state WHERE superseded_by IS NULL "
            "ORDER BY county, year, standard",
        )
    found: dict[tuple[str, int], list[NewestAccount]] = {}
    for row in rows:
        one = NewestAccount(*row)
        found.setdefault((one.county, one.year), []).append(one)
    return {key: tuple(several) for key, several in found.items()}


def list_newest_kept(store: OpenStore, codes: Iterable[str], year: int | None = None) -> list[NewestAccount]:
    """Return the newest accounts of divisions, by code, year and standard, where answers are kept: out of all that there are.

    Parameters
    ----------
    codes : six-digit codes
    year  : None: all years
    """
    wanted = set(codes)
    if not store.keeps:
        return list_newest(store, sorted(wanted), year)
    newest = store.remember("newest", lambda: _read_newest(store))
    if year is not None:
        return [one for code in sorted(wanted) for one in newest.get((code, year), ())]
    return [one for (code, _), several in newest.items() if code in wanted for one in several]


def list_heads_of_years(store: OpenStore, key: AccountKey) -> list[AccountHead]:
    """Return the newest account of each year of a county under a standard up to the key's year; hashes are not looked at.

    Years in which the county had another code are those of that code; of a period the periods of its length. Where answers are
    kept, those that are wanted are found in them; else the heads are asked for at once.
    """
    codes = list_codes_over_time(key.county)
    heads = [] if store.keeps else [one for code in codes for one in list_page(store, code) if one.county == code]
    of_year: dict[int, NewestAccount | AccountHead] = {}
    for one in list_newest_kept(store, codes) if store.keeps else heads:
        before = of_year.get(one.year)
        if one.standard != key.standard or one.year > key.year or count_years(one.year) != count_years(key.year):
            continue
        if before is None or (one.county == key.county, one.run) > (before.county == key.county, before.run):
            of_year[one.year] = one
    chosen = [of_year[year].key for year in sorted(of_year)]
    return list_heads(store, chosen) if store.keeps else [one for key in chosen for one in heads if one.key == key]


def list_newest(connection: Connection, codes: Iterable[str], year: int | None = None) -> list[NewestAccount]:
    """Return the newest accounts of divisions, by code, year and standard.

    Parameters
    ----------
    codes : six-digit codes
    year  : None: all years
    """
    found = fetch_rows(
        connection,
        "SELECT run, account, county, year, standard, state, voided_run IS NOT NULL FROM account_state WHERE superseded_by IS NULL "
        "AND county IN (SELECT unnest(?)) AND (year = ? OR ? IS NULL) ORDER BY county, year, standard",
        [list(codes), year, year],
    )
    return [NewestAccount(*row) for row in found]


def list_standards(connection: Connection, year: int | None = None, codes: Iterable[str] | None = None) -> list[str]:
    """Return the ids of the standards that there are accounts under.

    Parameters
    ----------
    year  : None: of any year
    codes : six-digit codes; None: of any division
    """
    found = fetch_rows(
        connection,
        "SELECT DISTINCT standard FROM latest WHERE (year = $year OR $year IS NULL) "
        "AND ($codes IS NULL OR county IN (SELECT unnest($codes))) ORDER BY 1",
        {"year": year, "codes": None if codes is None else list(codes)},
    )
    return [str(row[0]) for row in found]


def list_years(connection: Connection) -> list[int]:
    """Return the years that there are accounts of, in order."""
    return [int(row[0]) for row in fetch_rows(connection, "SELECT DISTINCT year FROM latest ORDER BY year")]


def count_accounts(connection: Connection, codes: Iterable[str], most: int) -> list[AccountCount]:
    """Return how many accounts divisions have by year and standard.

    Parameters
    ----------
    codes : six-digit codes
    most  : rows at most
    """
    found = fetch_rows(
        connection,
        "SELECT year, standard, count(*) FROM latest WHERE county IN (SELECT unnest(?)) GROUP BY ALL ORDER BY ALL LIMIT ?",
        [list(codes), most],
    )
    return [AccountCount(*row) for row in found]
