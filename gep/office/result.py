"""The result of an account as a page tells it: services by category with status and reason, readable quantities, shares, years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.account.missing import explain_missing
from gep.account.said_notices import say_notice
from gep.account.status import ACCOUNTED, QUANTITY
from gep.account.unread import UNREAD
from gep.messages.numbers import format_quantity, is_known
from gep.messages.words import STATUS, pick_language
from gep.reference.members import find_member_title
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.rules.catalogue import SERVICES
from gep.store.around import list_areas, list_lines
from gep.store.county_figures import read_values
from gep.store.newest import list_heads_of_years
from gep.units.readable import print_readable, print_unit_readable

if TYPE_CHECKING:
    from gep.store.accounts import ServiceResult, ShownFigure, StoredAccount
    from gep.store.store import Store


@dataclass(frozen=True)
class LineRow:
    """A line of a service: its name, the quantity as people read it, its value in CNY/yr."""

    title: str
    quantity: str
    unit: str
    value: float | None


@dataclass(frozen=True)
class ServiceRow:
    """A service of the account in the language of the reader; values in CNY/yr.

    Attributes
    ----------
    status  : id; `shown` is its word
    reason  : why it has no value, and what is lacking at which department; empty where it has one
    share   : of the total; None where either is not known
    before  : value of the earlier account; `change` since then, where both years have it
    """

    id: str
    title: str
    status: str
    shown: str
    reason: str
    quantity: str
    unit: str
    value: float | None
    share: float | None
    before: float | None
    change: float | None
    lines: tuple[LineRow, ...]


@dataclass(frozen=True)
class Category:
    """The services of a category; `value` in CNY/yr over the `accounted` of the `counted` ones."""

    id: str
    title: str
    value: float | None
    share: float | None
    accounted: int
    counted: int
    rows: tuple[ServiceRow, ...]


@dataclass(frozen=True)
class Caution:
    """Something that readers of the account must be told, with the names of the services that it concerns."""

    text: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class YearRow:
    """A year of the county under the standard; money in CNY/yr, in CNY/km²/yr."""

    year: int
    gep: float | None
    gep_constant: float | None
    constant_year: int | None
    accounted: int
    counted: int
    gep_per_km2: float | None
    state: str


@dataclass(frozen=True)
class ShownRow:
    """A figure that the standard only shows, or what it lacks; `traced` names the page of its trace."""

    title: str
    value: str
    unit: str
    lacks: str
    traced: str


@dataclass(frozen=True)
class Result:
    """All that the page of a result shows.

    Attributes
    ----------
    earlier : the year that changes are counted from; None: the store has no earlier one
    unread  : figures that nothing reads, each a sentence with its place
    """

    categories: tuple[Category, ...]
    years: tuple[YearRow, ...]
    earlier: int | None
    cautions: tuple[Caution, ...]
    unread: tuple[str, ...]
    ecosystems: bool
    """Whether areas of ecosystem types are given."""
    shown: tuple[ShownRow, ...] = ()

    @property
    def has_years(self) -> bool:
        """Whether there is more than one year."""
        return len(self.years) > 1


def make_result(store: Store, account: StoredAccount, lang: str) -> Result:
    """Return the result of a stored account for a page; the store is open.

    Parameters
    ----------
    lang : zh or en
    """
    key = account.key
    years = list_heads_of_years(store, key)
    before = [one for one in years if one.year < key.year]
    earlier = before[-1] if before else None
    old = {}
    if earlier is not None:
        old = read_values(store, earlier.key)
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in list_lines(store, key.run, key.account):
        lines.setdefault(row["service"], []).append(row)
    rows = [_service(one, account, lines.get(one.service, []), old, lang) for one in account.results]
    kinds = {one.service: one.category for one in account.results}
    cautions, unread = _cautions(account, lang)
    return Result(
        tuple(_category(name, [row for row in rows if kinds[row.id] == name], account, lang) for name in CATEGORIES),
        tuple(
            YearRow(
                one.year,
                one.gep,
                one.gep_constant,
                one.constant_year,
                one.services_accounted,
                one.services_counted,
                one.gep_per_km2,
                one.state,
            )
            for one in years
        ),
        earlier.year if earlier else None,
        cautions,
        unread,
        bool(list_areas(store, key.run, key.account)),
        tuple(_shown(one, account, lang) for one in account.shown),
    )


def _shown(one: ShownFigure, account: StoredAccount, lang: str) -> ShownRow:
    value = format_quantity(one.value) if is_known(one.value) else ""
    lacks = "" if value else explain_missing(one.missing or "", lang, account.head.year, lambda: account.own_leaves)
    return ShownRow(one.name(lang), value, print_unit_readable(one.unit, lang), lacks, one.service or "gep")


def _service(
    one: ServiceResult, account: StoredAccount, lines: list[dict[str, Any]], old: dict[str, float], lang: str
) -> ServiceRow:
    head = account.head
    value = one.value if is_known(one.value) else None
    quantity, unit = print_readable(one.quantity, one.quantity_unit or "", lang) if is_known(one.quantity) else ("", "")
    shown = [
        _line(row, account, lang) for row in lines if not row["detail"] and (is_known(row["quantity"]) or is_known(row["value"]))
    ]
    before = old.get(one.service)
    return ServiceRow(
        one.service,
        SERVICE_TITLES[one.service][1][lang],
        one.status,
        STATUS[one.status][lang],
        _reason(one, account, lang),
        quantity,
        unit,
        value,
        value / head.gep if value is not None and is_known(head.gep) and head.gep > 0 else None,
        before,
        value - before if value is not None and before is not None else None,
        tuple(shown) if len(shown) > 1 or (not quantity and any(line.quantity for line in shown)) else (),
    )


def _reason(one: ServiceResult, account: StoredAccount, lang: str) -> str:
    if one.status == ACCOUNTED:
        return ""
    reason = pick_language(one.reason or "", lang)
    lacks = explain_missing(one.missing, lang, account.head.year, lambda: account.own_leaves) if one.missing else ""
    return ("；" if lang == "zh" else "; ").join(filter(None, (reason, lacks)))


def _line(row: dict[str, Any], account: StoredAccount, lang: str) -> LineRow:
    own = account.own_titles.get(row["line"])
    shipped = (line.title[lang] for one in SERVICES.values() for line in one.lines if line.id == row["line"])
    title = own[lang] if own is not None else next(shipped, row["line"])
    item = find_member_title("pollutant", row["pollutant"])[lang] if row["pollutant"] else row["item"] or ""
    quantity, unit = print_readable(row["quantity"], row["quantity_unit"] or "", lang) if is_known(row["quantity"]) else ("", "")
    return LineRow(f"{title} {item}".strip(), quantity, unit, row["value"] if is_known(row["value"]) else None)


def _category(name: str, rows: list[ServiceRow], account: StoredAccount, lang: str) -> Category:
    value = getattr(account.head, name)
    accounted = sum(row.status in {ACCOUNTED, QUANTITY} for row in rows)
    known = value if is_known(value) and accounted else None
    whole = account.head.gep
    return Category(
        name,
        CATEGORIES[name][lang],
        known,
        known / whole if known is not None and is_known(whole) and whole > 0 else None,
        accounted,
        sum(row.status in {ACCOUNTED, QUANTITY, "no data"} for row in rows),
        tuple(rows),
    )


def _cautions(account: StoredAccount, lang: str) -> tuple[tuple[Caution, ...], tuple[str, ...]]:
    """Return what readers must be told, each text once; and apart from it the figures that nothing reads."""
    found: dict[str, list[str]] = {}
    unread = []
    for one in account.notices:
        text = say_notice(one.text_zh, one.text_en, lang)
        if one.code == UNREAD:
            unread.append(text)
        elif one.code != "review":  # the state has its own place
            names = found.setdefault(text, [])
            names += [SERVICE_TITLES[one.service][1][lang]] if one.service in SERVICE_TITLES else []
    return tuple(Caution(text, tuple(dict.fromkeys(names))) for text, names in found.items()), tuple(unread)
