"""The catalogue of ecological products and alerts of watched series in a store: rows are only added, and linked like all others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gep.files.written_names import check_person, clean_reason, clean_text, tidy_person
from gep.messages.problems import refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.reference.periods import find_first_year, find_last_year
from gep.store.opening import open_to_write
from gep.store.rows import fetch_rows
from gep.store.series import add_points

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from gep.store.rows import Connection
    from gep.store.series import KeptPoint

SHOWN = 6


@dataclass(frozen=True)
class KeptProduct:
    """An entry of a catalogue as it was handed in; `months` as numbers, comma between."""

    product: str
    kind: str
    place: str
    given: str
    amount: float
    unit: str
    quality: str
    months: str
    department: str
    evidence: str
    address: str


@dataclass(frozen=True)
class KeptAlert:
    """A threshold that was passed in a county, and who has seen it; empty: nobody yet.

    Attributes
    ----------
    when : the formula that was true
    day  : on which it was asked
    """

    alert: str
    county: str
    threshold: str
    title: str
    variable: str
    place: str
    period: str
    when: str
    severity: str
    basis: str
    day: date
    address: str
    seen_by: str = ""
    seen_at: datetime | None = None
    note: str = ""


def keep_catalogue(path: Path, county: str, year: int, who: str, entries: Sequence[KeptProduct]) -> int:
    """Add a new edition of the catalogue of a county and year, and return its number within them.

    Raises
    ------
    Problems : the store cannot be written
    """
    with open_to_write(path) as connection:
        last = fetch_rows(
            connection, "SELECT coalesce(max(edition), 0) FROM product_entry WHERE county = ? AND year = ?", [county, year]
        )
        edition = int(last[0][0]) + 1
        now = datetime.now(UTC).replace(tzinfo=None)
        for one in entries:
            texts = (one.product, one.kind, one.place, one.given)
            rest = (one.unit, one.quality, one.months, one.department, one.evidence, one.address)
            row = [edition, now, tidy_person(who), county, year, *map(clean_text, texts), one.amount, *map(clean_text, rest)]
            connection.execute(f"INSERT INTO product_entry VALUES ({', '.join('?' for _ in row)})", row)  # noqa: S608 - places only
    return edition


def read_kept_catalogue(connection: Connection, county: str, year: int) -> tuple[int, str, list[KeptProduct]]:
    """Return the newest edition of the catalogue of a county and year, who entered it, and its entries; 0 where there is none."""
    rows = fetch_rows(
        connection,
        "SELECT edition, who, product, product_kind, product_place, value_given, amount_value, unit_given, quality_grade, season_months, "
        "department, evidence, address FROM product_entry WHERE county = $county AND year = $year AND edition = "
        "(SELECT max(edition) FROM product_entry WHERE county = $county AND year = $year) ORDER BY rowid",
        {"county": county, "year": year},
    )
    return (int(rows[0][0]), str(rows[0][1]), [KeptProduct(*row[2:]) for row in rows]) if rows else (0, "", [])


def keep_watched(path: Path, who: str, points: Sequence[KeptPoint], alerts: Sequence[KeptAlert]) -> int:
    """Add reports of series, and of the alerts those that are not there yet, together; return how many alerts these are.

    Raises
    ------
    Problems : the store cannot be written
    """
    with open_to_write(path) as connection:
        add_points(connection, who, points)
        known = {(alert, county) for alert, county in fetch_rows(connection, "SELECT alert, county FROM product_alert")}
        new = [one for one in alerts if (one.alert, one.county) not in known]
        now = datetime.now(UTC).replace(tzinfo=None)
        for one in new:
            texts = (one.threshold, one.title, one.variable, one.place, one.period, one.when, one.severity, one.basis)
            row = [one.alert, now, tidy_person(who), one.county, *map(clean_text, texts), one.day, clean_text(one.address)]
            connection.execute(f"INSERT INTO product_alert VALUES ({', '.join('?' for _ in row)})", row)  # noqa: S608 - places only
    return len(new)


def list_alerts(connection: Connection, prefix: str = "", year: int | None = None) -> list[KeptAlert]:
    """Return the alerts of places whose code begins so, what nobody has seen first, then the newest.

    Parameters
    ----------
    year : only alerts on periods of it; None: of all years
    """
    rows = fetch_rows(
        connection,
        "SELECT a.alert, a.county, threshold_id, threshold_title, variable, product_place, period, passed_when, severity, threshold_basis, "
        "watched_on, address, coalesce(s.who, ''), s.entered_at, coalesce(s.note, '') FROM product_alert a "
        "LEFT JOIN alert_seen s ON s.alert = a.alert AND s.county = a.county WHERE starts_with(a.county, ?) "
        "AND CAST(substr(a.period, 1, 4) AS INTEGER) BETWEEN ? AND ? ORDER BY s.entered_at IS NOT NULL, a.entered_at DESC, a.rowid",
        [prefix, 0 if year is None else find_first_year(year), 9999 if year is None else find_last_year(year)],
    )
    return [KeptAlert(*row) for row in rows]


def see_alert(path: Path, alert: str, who: str, note: str, login: str = "", prefix: str = "") -> KeptAlert:
    """Note who has seen an alert and what is done about it, and return it; the first to see it stays.

    Parameters
    ----------
    alert  : its id, or the first letters of it
    prefix : only places whose code begins so

    Raises
    ------
    Problems : no such alert, several of these letters, one that was seen before, nobody's name or nothing to say
    """
    refuse(check_person("--by", who, say("a text")))
    if not clean_reason(note):
        refuse_one("--note", say("{key} is missing", key="--note"), say("a text"))
    with open_to_write(path, new=False) as connection:
        every = list_alerts(connection, prefix)
        found = [one for one in every if alert and one.alert.startswith(alert)]
        if len(found) != 1:
            names = [one.alert for one in every if not one.seen_by][:SHOWN]
            expected = say("one of {names}", names=join_list(names)) if names else say("an alert; there is none")
            refuse_one("ALERT", say("there is no alert {name!r}", name=alert), expected)
        one = found[0]
        if one.seen_by:
            day = one.seen_at.date() if one.seen_at else ""
            refuse_one(
                "ALERT",
                say("{name} was seen by {by} on {day}", name=one.alert, by=one.seen_by, day=day),
                say("an alert that nobody has seen"),
            )
        now = datetime.now(UTC).replace(tzinfo=None)
        row = [one.alert, one.county, now, tidy_person(who), login, clean_text(note)]
        connection.execute("INSERT INTO alert_seen VALUES (?, ?, ?, ?, ?, ?)", row)
        return next(other for other in list_alerts(connection, prefix) if (other.alert, other.county) == (one.alert, one.county))
