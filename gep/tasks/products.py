"""`gep products`: the catalogue of ecological products, and series that are watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.files.writing import write_file
from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.products.acknowledged import Acknowledgement, read_acknowledged, write_acknowledged
from gep.products.catalogue import Product, read_catalogue
from gep.products.form import write_form
from gep.products.series import Series, read_series
from gep.products.thresholds import Watched, read_thresholds, watch
from gep.reference.regions import look_up_division, name_region
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
        series = [
            {
                "variable": one.variable,
                "place": one.place,
                "unit": one.unit,
                "step": one.step,
                "reports": len(one.points),
                "first": one.name(min(one.points)),
                "last": one.name(one.last),
                "not_reported": [one.name(period) for period in one.missing],
            }
            for one in self.series
        ]
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


def find_watch(series: Sequence[Path], thresholds: Path, day: date, log: Path | None = None) -> Watch:
    """Return thresholds held against series as they were known on a day.

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
    for option, text in (("--by", by), ("--note", note)):
        if not text.strip():
            refuse_one(option, say("{key} is missing", key=option), say("a text"))
    made = Acknowledgement(alert, by.strip(), found.day, note.strip())
    write_acknowledged(log, {**found.acknowledged, alert: made})
    return made
