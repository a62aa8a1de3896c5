"""Accounts of a store: heads to list, and whole accounts to show."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import asdict, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from gep.messages.problems import Problem, Problems
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.records import dataclass
from gep.reference.members import find_member_title
from gep.reference.periods import describe_period, is_period
from gep.standards.model import Standard
from gep.store.keys import AccountKey
from gep.store.rows import Connection, fetch_rows
from gep.store.signing import ReviewState, hash_accounts, state_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from datetime import datetime

    import pandas as pd

    from gep.formula.nodes import Leaf
    from gep.store.kept import Made


class OpenStore(Connection, AbstractContextManager[Connection], Protocol):
    """A store that can be opened again when more is asked of it: a `Store`."""

    @property
    def keeps(self) -> bool:
        """Whether answers are kept for others who share the store, so that it pays to ask for more at once."""

    def remember(self, key: Hashable, make: Callable[[], Made], *, large: bool = False) -> Made:
        """Return what `make` returns, kept where answers are kept, until something is written."""


@dataclass(frozen=True)
class AccountHead:
    """An account of a run: totals, what they cover, ratios, and its state of review.

    Units: values in CNY/yr of the account's year, `*_constant` of `constant_year`; `gep_per_km2` in CNY/km²/yr, `gep_per_head`
    in CNY/person/yr. None is missing, never zero.

    Attributes
    ----------
    state          : draft, submitted, approved or returned; `state_zh` and `state_en` say it in a sentence
    voided_run     : an earlier run whose approval the run `voided_by` has voided
    superseded_by  : the next run of the same county, year and standard
    signed_sha256  : hash of the results that were signed; `hash_matches` says whether they still have it, None without one
    kept_from, kept_in : the run whose sign-off stands here, and the run where this one's stands; None in lists
    """

    county: str
    name_zh: str
    name_en: str
    year: int
    standard: str
    material: float | None
    regulating: float | None
    cultural: float | None
    gep: float | None
    value_unit: str
    constant_year: int | None
    material_constant: float | None
    regulating_constant: float | None
    cultural_constant: float | None
    gep_constant: float | None
    services_accounted: int
    services_counted: int
    gep_per_km2: float | None
    gep_per_head: float | None
    gep_per_gdp: float | None
    results_sha256: str
    run: int
    account: int
    state: str
    voided_run: int | None
    voided_by: int | None
    superseded_by: int | None
    signed_by: str | None
    signed_at: datetime | None
    signed_note: str | None
    signed_sha256: str | None
    kept_from: int | None = None
    kept_in: int | None = None
    hash_matches: bool | None = None
    state_zh: str = ""
    state_en: str = ""

    @property
    def key(self) -> AccountKey:
        """The key by which the account is found in the store."""
        return AccountKey(self.run, self.account, self.county, self.year, self.standard)

    @property
    def review(self) -> ReviewState:
        """Its state of review, as `read_state` returns it where it was read with what its sign-off was kept from."""
        return ReviewState(**{name: getattr(self, name) for name in _STATE})

    def as_dict(self, *, kept: bool = False) -> dict[str, Any]:
        """Return the head as plain values.

        Parameters
        ----------
        kept : with the runs that its sign-off was kept from and in
        """
        found = asdict(self)
        if is_period(self.year):
            found["period"] = describe_period(self.year, self.gep)
        return found if kept else {name: value for name, value in found.items() if name not in {"kept_from", "kept_in"}}


_COLUMNS = [field.name for field in fields(AccountHead)][: -len(("kept_from", "kept_in", "hash_matches", "state_zh", "state_en"))]


_STATE = [field.name for field in fields(ReviewState)]


@dataclass(frozen=True)
class ServiceResult:
    """A service of an account: value in CNY/yr, quantity and price in their own units; None where it is not accounted for."""

    service: str
    category: str
    status: str
    missing: str | None
    reason: str | None
    quantity: float | None
    quantity_unit: str | None
    unit_price: float | None
    price_unit: str | None
    value: float | None
    value_constant: float | None


@dataclass(frozen=True)
class ServiceGroup:
    """An indicator that a standard makes of several services: `value` in CNY/yr over the `accounted` of `counted` ones."""

    id: str
    title_zh: str
    title_en: str
    services: tuple[str, ...]
    category: str
    value: float | None
    accounted: int
    counted: int
    mark: str


@dataclass(frozen=True)
class ShownFigure:
    """A figure that the standard only shows, of a member where there is one: `value` in `unit`; in no total."""

    figure: str
    title_zh: str
    title_en: str
    service: str | None
    ecosystem: str | None
    pollutant: str | None
    item: str | None
    value: float | None
    unit: str
    value_constant: float | None
    missing: str | None

    def name(self, lang: str) -> str:
        """Return what it is called, with the member that it is of."""
        members = [find_member_title(axis, getattr(self, axis) or "")[lang] for axis in ("ecosystem", "pollutant")]
        return " ".join(filter(None, (self.title_zh if lang == "zh" else self.title_en, *members, self.item)))


@dataclass(frozen=True)
class StoredNotice:
    """A caution for readers of an account; `service` is None where it holds for the whole account."""

    code: str
    service: str | None
    text_zh: str
    text_en: str


@dataclass(frozen=True)
class StoredAccount:
    """An account as the store keeps it. Tables are read when they are first asked for.

    Examples
    --------
    >>> one = gep.open_store("outputs/gep.duckdb").account("崇义县", 2022)
    >>> one.head.gep, one.head.state
    (19832000000.0, 'approved')
    >>> one.services[["service", "status", "value"]]
    """

    head: AccountHead
    results: tuple[ServiceResult, ...]
    roll_ups: tuple[ServiceGroup, ...]
    notices: tuple[StoredNotice, ...]
    shown: tuple[ShownFigure, ...]
    store: AbstractContextManager[Connection]

    @property
    def key(self) -> AccountKey:
        """The key by which the account is found in the store."""
        return self.head.key

    @property
    def state(self) -> str:
        """Its step of review: draft, submitted, approved or returned."""
        return self.head.state

    @cached_property
    def services(self) -> pd.DataFrame:
        """One row a service, columns as of `ServiceResult`: `value` in CNY/yr, `quantity` in `quantity_unit`."""
        import pandas as pd

        return pd.DataFrame(asdict(one) for one in self.results)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """One row a line, pollutant and item of a service; values in CNY/yr; `detail` rows are parts of another and not added."""
        return self._table("SELECT * EXCLUDE (run, account) FROM line_result WHERE run = ? AND account = ? ORDER BY ALL")

    @cached_property
    def own_leaves(self) -> Mapping[str, Leaf]:
        """Figures and parameters that the standard declares, by id."""
        with self.store as connection:
            text = fetch_rows(connection, "SELECT standard_text FROM run WHERE run = ?", [self.head.run])[0][0]
        standard = Standard.model_validate_json(text)
        return standard.own.leaves if standard.declares else {}

    @cached_property
    def own_titles(self) -> dict[str, dict[str, str]]:
        """Line that the standard declares → its title in Chinese and English (`zh`, `en`)."""
        with self.store as connection:
            text = fetch_rows(connection, "SELECT standard_text FROM run WHERE run = ?", [self.head.run])[0][0]
        return {name: dict(line["title"]) for name, line in json.loads(text).get("lines", {}).items()}

    @cached_property
    def ecosystems(self) -> pd.DataFrame:
        """One row a service and ecosystem type; values in CNY/yr."""
        return self._table("SELECT * EXCLUDE (run, account) FROM ecosystem_result WHERE run = ? AND account = ? ORDER BY ALL")

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """One row a figure: `value` in the variable's own unit, `value_given` and `unit_given` as given, `address` of the cell."""
        return self._table(
            "SELECT * EXCLUDE (run, account, file, line, cell), file || coalesce('!' || cell, ':' || nullif(line, 0), '') AS address FROM input_given "
            "WHERE run = ? AND account = ? ORDER BY file, cell, line, variable, ecosystem, pollutant, product"
        )

    @cached_property
    def used(self) -> pd.DataFrame:
        """One row a coefficient that was used, with its source, address and the rows it was preferred to."""
        return self._table(f"{USED} ORDER BY ALL")

    def _table(self, sql: str) -> pd.DataFrame:
        with self.store as connection:
            return connection.execute(sql, [self.head.run, self.head.account]).df()

    def as_dict(self) -> dict[str, Any]:
        """Return the account as plain values: its head, services, roll-ups and notices."""
        return {
            **self.head.as_dict(kept=True),
            "services": [asdict(one) for one in self.results],
            "roll_ups": [asdict(one) for one in self.roll_ups],
            "shown": [asdict(one) for one in self.shown],
            "notices": [asdict(one) for one in self.notices],
        }


USED = """SELECT c.coefficient, c.ecosystem, c.pollutant, c.product, w.value, w.unit, w.computed, w.price_year, w.low, w.high, w.source,
       w.locator, w.mark, w.region, w.note, w.file || ':' || w.line AS address, c.beaten, p.ratio
  FROM coefficient_account a JOIN account n USING (run, account) JOIN coefficient_choice c USING (run, pattern) JOIN run r USING (run)
  JOIN coefficient_row w ON w.coefficients_sha256 = r.coefficients_sha256 AND w.row_id = c.row_id
  LEFT JOIN price_ratio p ON p.run = a.run AND p.given = w.price_year AND p.wanted = CASE WHEN n.year > 9999 THEN r.constant_year ELSE n.year END
  WHERE a.run = ? AND a.account = ?"""
"""The coefficients that an account of a run used; `ratio` is the price index from the row's price year to the account's."""


def list_accounts(connection: Connection, *, approved: bool = False) -> list[AccountHead]:
    """Return the newest account of every county, year and standard, in this order.

    Parameters
    ----------
    approved : only those whose newest result is approved
    """
    condition = "AND state = 'approved'" if approved else ""
    found = fetch_rows(
        connection,
        f"SELECT {', '.join(_COLUMNS)} FROM gep_account_run WHERE superseded_by IS NULL {condition} ORDER BY county, year, standard",  # noqa: S608 - our own names
    )
    return _check(connection, [AccountHead(*row) for row in found])


def list_page(
    connection: Connection, prefix: str, states: Iterable[str] | None = None, year: int | None = None
) -> list[AccountHead]:
    """Return the newest accounts of the places below a prefix, by code, year and standard; hashes are not looked at.

    Parameters
    ----------
    prefix : first digits of the codes; empty: everywhere
    states : of review; None: all
    year   : None: all years
    """
    found = fetch_rows(
        connection,
        f"SELECT {', '.join(_COLUMNS)} FROM gep_account_run WHERE superseded_by IS NULL AND starts_with(county, $prefix) "  # noqa: S608 - our own names
        "AND ($states IS NULL OR state IN (SELECT unnest($states))) AND ($year IS NULL OR year = $year) "
        "ORDER BY county, year, standard",
        {"prefix": prefix, "states": None if states is None else list(states), "year": year},
    )
    return [AccountHead(*row) for row in found]


def list_run(connection: Connection, run: int, account: int | None = None) -> list[AccountHead]:
    """Return the accounts of a run, superseded or not, with their state of review.

    Parameters
    ----------
    account : number of an account in the run; None: all
    """
    return _check(connection, _list_run(connection, run, account))


def _list_run(connection: Connection, run: int, account: int | None = None) -> list[AccountHead]:
    columns = ", ".join(f"g.{name}" for name in _COLUMNS)
    found = fetch_rows(
        connection,
        f"SELECT {columns}, s.kept_from, s.kept_in FROM gep_account_run g JOIN account_state s USING (run, account) "  # noqa: S608 - our own names
        "WHERE run = ? AND (? IS NULL OR account = ?) ORDER BY account",
        [run, account, account],
    )
    return [AccountHead(*row) for row in found]


def read_account_head(store: OpenStore, run: int, account: int) -> AccountHead:
    """Return an account of a run, superseded or not, with its state of review; where answers are kept, its whole run is asked once.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    """
    if not store.keeps:
        return list_run(store, run, account)[0]
    return store.remember(("head", run, account), lambda: _check(store, [_read_unchecked(store, run, account)])[0])


def list_heads(store: OpenStore, keys: Iterable[AccountKey]) -> list[AccountHead]:
    """Return the accounts of keys; hashes are not looked at, and of their signatures nothing is said in words."""
    asked = [(key.run, key.account) for key in keys]
    alone = [one for one in asked if not store.keeps or _count(store, one[0]) > TOGETHER]
    chosen = store.remember(("heads", tuple(alone)), lambda: _list_chosen(store, alone)) if alone else []
    found = {(one.run, one.account): one for one in chosen}
    return [found.get(one) or _read_whole_run(store, one[0])[one[1]] for one in asked]


TOGETHER = 500
"""Accounts of a run that are read together where one of them is asked for and answers are kept; of larger runs only those asked for."""


def _read_unchecked(store: OpenStore, run: int, account: int) -> AccountHead:
    if _count(store, run) > TOGETHER:
        return _list_run(store, run, account)[0]
    return _read_whole_run(store, run)[account]


def _read_whole_run(store: OpenStore, run: int) -> dict[int, AccountHead]:
    return store.remember(("run", run), lambda: {one.account: one for one in _list_run(store, run)})


def _count(store: OpenStore, run: int) -> int:
    counts: dict[int, int] = store.remember(
        "counts", lambda: dict(fetch_rows(store, "SELECT run, count(*)::INTEGER FROM account GROUP BY run"))
    )
    return counts[run]


def _list_chosen(connection: Connection, chosen: Sequence[tuple[int, int]]) -> list[AccountHead]:
    columns = ", ".join(f"g.{name}" for name in _COLUMNS)
    found = fetch_rows(
        connection,
        f"SELECT {columns} FROM gep_account_run g JOIN (SELECT unnest(?::BIGINT[]) AS run, unnest(?::INTEGER[]) AS account) c "  # noqa: S608 - our own names
        "USING (run, account)",
        [[run for run, _ in chosen], [account for _, account in chosen]],
    )
    return [AccountHead(*row) for row in found]


def read_account(store: OpenStore, run: int, account: int, head: AccountHead | None = None) -> StoredAccount:
    """Return an account of a run, superseded or not, with its state of review, services and notices.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    head    : of the account, where it has been read; None: it is read

    Raises
    ------
    IndexError : the run has no such account
    """
    head = read_account_head(store, run, account) if head is None else head
    services = fetch_rows(
        store,
        f"SELECT {', '.join(field.name for field in fields(ServiceResult))} FROM service_result WHERE run = ? AND account = ?",  # noqa: S608 - our own names
        [run, account],
    )
    results = tuple(ServiceResult(*row) for row in services)
    notices = fetch_rows(
        store,
        "SELECT code, service, text_zh, text_en FROM notice WHERE run = ? AND account IN (-1, ?) ORDER BY ALL",
        [run, account],
    )
    review = StoredNotice("review", None, head.state_zh, head.state_en)
    return StoredAccount(
        head,
        results,
        _roll_up(store, run, results),
        (review, *(StoredNotice(*row) for row in notices)),
        list_shown(store, run, account),
        store,
    )


def list_shown(connection: Connection, run: int, account: int) -> tuple[ShownFigure, ...]:
    """Return the figures that the standard of an account only shows, in its order.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    """
    rows = fetch_rows(
        connection,
        "SELECT s.figure, r.title_zh, r.title_en, s.service, s.ecosystem, s.pollutant, s.item, s.value, s.unit, s.value_constant, s.missing "
        "FROM shown_result s JOIN rule r ON r.run = s.run AND r.rule = s.figure WHERE s.run = ? AND s.account = ? "
        "ORDER BY r.place, s.rowid",
        [run, account],
    )
    return tuple(ShownFigure(*row) for row in rows)


def _check(connection: Connection, heads: list[AccountHead]) -> list[AccountHead]:
    """Add to accounts whether their results are still those that were signed, and their state in words."""
    signed = [(head.run, head.account) for head in heads if head.signed_sha256 is not None]
    hashes = hash_accounts(connection, signed) if signed else {}
    found = []
    for head in heads:
        sha256 = hashes.get((head.run, head.account))
        checked = replace(head, hash_matches=None if sha256 is None else sha256 == head.signed_sha256)
        zh, en = state_in_words(checked.review)
        found.append(replace(checked, state_zh=zh, state_en=en))
    return found


def _roll_up(connection: Connection, run: int, results: tuple[ServiceResult, ...]) -> tuple[ServiceGroup, ...]:
    """Return the indicators that the run's standard makes of several services, with how many of them are accounted for."""
    text = fetch_rows(connection, "SELECT standard_text FROM run WHERE run = ?", [run])[0][0]
    of_service = {one.service: one for one in results}
    found = []
    for name, part in json.loads(text)["roll_up"].items():
        members = [of_service[service] for service in part["services"] if of_service[service].status in {"accounted", "no data"}]
        known = [one.value for one in members if one.value is not None]
        found.append(
            ServiceGroup(
                name,
                part["title"]["zh"],
                part["title"]["en"],
                tuple(part["services"]),
                of_service[part["services"][0]].category,
                sum(known) if known else None,
                len(known),
                len(members),
                part["mark"],
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Approved:
    """The number of newest accounts that are approved and of others, and the accounts whose results changed after approval."""

    approved: int
    others: int
    changed: tuple[str, ...]


def count_approved(connection: Connection) -> Approved:
    """Count approved and other accounts, and list those changed after approval."""
    found = list_accounts(connection, approved=True)
    count = fetch_rows(connection, "SELECT count(*) FROM account_state WHERE superseded_by IS NULL")[0][0]
    changed = tuple(f"{one.county} {one.year} ({one.standard})" for one in found if not one.hash_matches)
    return Approved(len(found), int(count) - len(found), changed)


def describe_unknown_service(service: str, rules: Iterable[str]) -> Problems:
    """Return, to be raised, the problem of a service that the account's standard does not count.

    Parameters
    ----------
    service : as it was asked for
    rules   : ids of the rules of the account
    """
    known = [rule.removesuffix(".value") for rule in rules if rule.endswith(".value")]
    return Problems(
        [
            Problem(
                "SERVICE",
                0,
                say("the standard counts no service {service!r}", service=service),
                say("one of {names}", names=join_list(known)),
                suggest_nearest(service, known),
            )
        ]
    )
