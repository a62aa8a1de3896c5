"""`gep products`: the catalogue of ecological products, and series that are watched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gep.files.writing import write_file
from gep.files.written_names import check_person, clean_reason, tidy_person
from gep.messages.problems import refuse, refuse_one
from gep.messages.texts import join_list, say
from gep.products.acknowledged import Acknowledgement, read_acknowledged, write_acknowledged
from gep.products.catalogue import Product, read_catalogue
from gep.products.form import write_form
from gep.products.series import Series, join_series, read_series
from gep.products.thresholds import Watched, read_thresholds, watch
from gep.reference.regions import look_up_division, name_region, shorten_code
from gep.store.products import KeptAlert, KeptProduct, keep_catalogue, keep_watched, list_alerts, read_kept_catalogue
from gep.store.store import Store
from gep.tasks.series import find_kept_series, make_points, read_kept_series
from gep.worked.calculation import Figure
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path


@dataclass(frozen=True)
class Watch:
    """Thresholds held against series on a day, and who has seen what."""

    day: date
    series: tuple[Series, ...]
    found: tuple[Watched, ...]
    acknowledged: dict[str, Acknowledgement]
    fresh: tuple[Series, ...] = ()
    """What of them the store does not keep yet."""

    @property
    def alerts(self) -> list[Watched]:
        """What is passed."""
        return [one for one in self.found if one.passed]

    @property
    def open(self) -> list[Watched]:
        """What is passed and nobody has seen."""
        return [one for one in self.alerts if one.id not in self.acknowledged]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        rows = []
        for one in self.found:
            seen = self.acknowledged.get(one.id)
            rows.append(
                {**one.as_dict(), "acknowledged_by": seen.by if seen else None, "acknowledged_note": seen.note if seen else None}
            )
        series = [one.as_dict() for one in self.series]
        return {"day": self.day, "open": len(self.open), "watched": rows, "series": series}


def make_form(county: str, year: int, target: Path) -> None:
    """Write the empty survey form of a county and year.

    Raises
    ------
    Problems : an unknown county, or a file that cannot be written
    """
    region = look_up_division(county, "COUNTY")
    write_file(target, write_form(name_region(region.code), year), "form")


def find_catalogue(forms: Sequence[Path]) -> list[Product]:
    """Return the products of forms and tables.

    Raises
    ------
    Problems : everything that is wrong in them
    """
    reader = Reader()
    found = [one for path in forms for one in read_catalogue(path, reader)]
    reader.refuse()
    return found


def keep_products(store: Path, county: str, year: int, forms: Sequence[Path], who: str) -> tuple[int, list[Product]]:
    """Enter the catalogue of a county and year in the store as its newest edition, and return its number with the products.

    Raises
    ------
    Problems : an unknown county, everything that is wrong in the forms, no product in them, nobody's name
    """
    code = look_up_division(county, "COUNTY").code
    found = find_catalogue(forms)
    if not found:
        refuse_one("FORMS", say("there is no product in the forms"), say("a catalogue with an entry"))
    refuse(check_person("--by", who, say("a text")))
    entries = [
        KeptProduct(
            one.name,
            one.kind,
            one.place,
            one.amount.given,
            one.amount.value,
            one.unit,
            one.quality,
            ",".join(map(str, one.months)),
            one.department,
            one.evidence,
            one.amount.address,
        )
        for one in found
    ]
    return keep_catalogue(store, code, year, who, entries), found


def find_kept_products(store: Store, county: str, year: int) -> tuple[int, str, list[Product]]:
    """Return the newest edition of a catalogue in the store: its number, who entered it, and its products.

    Raises
    ------
    Problems : an unknown county, or no catalogue of it
    """
    code = look_up_division(county, "COUNTY").code
    edition, who, found = read_products(store, code, year)
    if not edition:
        refuse_one(
            "COUNTY",
            say("there is no catalogue of {county} for {year}", county=code, year=year),
            say("one that gep products catalogue entered with --keep"),
        )
    return edition, who, found


def read_products(store: Store, code: str, year: int) -> tuple[int, str, list[Product]]:
    """Return the newest edition of the catalogue of a place and year: number, who entered it, products; 0 where there is none."""
    with store:
        edition, who, kept = read_kept_catalogue(store, code, year)
    found = [
        Product(
            one.product,
            one.kind,
            one.place,
            Figure(one.amount, one.given, one.address, one.evidence),
            one.unit,
            one.quality,
            tuple(map(int, one.months.split(","))),
            one.department,
            one.evidence,
        )
        for one in kept
    ]
    return edition, who, found


def keep_watch(store: Path, county: str, found: Watch, who: str, reason: str = "") -> tuple[int, int]:
    """Enter the new reports and the alerts of a watch in the store, each once, and return how many of each are new.

    Parameters
    ----------
    reason : why reports differ from those kept

    Raises
    ------
    Problems : an unknown county, nobody's name
    """
    code = look_up_division(county, "--county").code
    refuse(check_person("--by", who, say("a text")))
    alerts = []
    for one in found.alerts:
        of = one.threshold
        parts = (of.id, of.title, of.variable, one.place, one.period, of.when, of.severity, of.basis)
        alerts.append(KeptAlert(one.id, code, *parts, found.day, of.at))
    points = make_points(Store(store), code, found.fresh, reason)
    return len(points), keep_watched(store, who, points, alerts)


def find_alerts(store: Store, county: str = "", year: int | None = None) -> list[KeptAlert]:
    """Return the alerts in a store, of a county or of all places, what nobody has seen first.

    Parameters
    ----------
    year : only alerts on periods of it; None: of all years

    Raises
    ------
    Problems : an unknown county
    """
    prefix = shorten_code(look_up_division(county, "COUNTY").code) if county else ""
    with store:
        return list_alerts(store, prefix, year)


def find_watch(series: Sequence[Path], thresholds: Path, day: date, log: Path | None = None) -> Watch:
    """Return thresholds held against series of tables as they were known on a day.

    Parameters
    ----------
    log : table of acknowledgements; None: there is none

    Raises
    ------
    Problems : everything that is wrong in the tables, then in the document
    """
    reader = Reader()
    known = read_series(list(series), reader)
    seen = {} if log is None else read_acknowledged(log, reader)
    reader.refuse()
    wanted = read_thresholds(thresholds, known, reader)
    return Watch(day, tuple(known), tuple(watch(wanted, known, day)), seen)


def find_kept_watch(
    store: Store, county: str, series: Sequence[Path], thresholds: Path, day: date, *, correct: bool = False
) -> Watch:
    """Return thresholds held against the series that the store keeps of a county and those of tables that come to them.

    Parameters
    ----------
    series  : may be none
    correct : whether a figure of a table may be another than the one kept

    Raises
    ------
    Problems : an unknown county, no series at all, everything that is wrong in the tables, then in the document
    """
    code = look_up_division(county, "--county").code
    kept = read_kept_series(store, code) if series else find_kept_series(store, county, "--county")
    reader = Reader()
    sent = read_series(list(series), reader)
    reader.refuse()
    joined, fresh = join_series(kept, sent, datetime.now().astimezone().date(), reader, correct=correct)
    reader.refuse()
    wanted = read_thresholds(thresholds, joined, reader)
    return Watch(day, tuple(joined), tuple(watch(wanted, joined, day)), {}, tuple(fresh))


def acknowledge(found: Watch, alert: str, by: str, note: str, log: Path) -> Acknowledgement:
    """Note who has seen an alert, and return it; the first acknowledgement of an alert stays.

    Parameters
    ----------
    found : where the alert stands
    alert : its id

    Raises
    ------
    Problems : no such alert, one that was seen before, nobody's name or nothing to say
    """
    alerts = {one.id: one for one in found.alerts}
    if alert not in alerts:
        refuse_one(
            "ALERT",
            say("there is no alert {name!r}", name=alert),
            say("one of {names}", names=join_list(alerts)) if alerts else say("an alert; there is none"),
        )
    if alert in found.acknowledged:
        seen = found.acknowledged[alert]
        refuse_one(
            "ALERT",
            say("{name} was seen by {by} on {day}", name=alert, by=seen.by, day=seen.day),
            say("an alert that nobody has seen"),
        )
    refuse(check_person("--by", by, say("a text")))
    if not clean_reason(note):
        refuse_one("--note", say("{key} is missing", key="--note"), say("a text"))
    made = Acknowledgement(alert, tidy_person(by), found.day, clean_reason(note))
    write_acknowledged(log, {**found.acknowledged, alert: made})
    return made
