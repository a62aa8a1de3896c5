"""Monitored series by month or day, as they were observed: never filled, never turned into a year."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from gep.messages.texts import say
from gep.units.registry import UnitError, find_factor, parse_unit, scale_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gep.worked.calculation import Figure
    from gep.worked.written import Reader, WrittenRow

COLUMNS = ("variable", "place", "time", "value", "unit", "source")
MONTH, DAY = "month", "day"
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Series:
    """One variable at one place, in the unit of its first row.

    Attributes
    ----------
    step   : month or day
    points : period → figure; periods are counted months (12 x year + month - 1) or days since year 1, without those that are missing
    """

    variable: str
    place: str
    unit: str
    step: str
    points: dict[int, Figure]

    @property
    def last(self) -> int:
        """The last period with a figure."""
        return max(self.points)

    @property
    def missing(self) -> list[int]:
        """Periods between the first and the last that nobody reported."""
        return [one for one in range(min(self.points), self.last + 1) if one not in self.points]

    def as_dict(self) -> dict[str, Any]:
        """Return what is reported, as plain values."""
        return {
            "variable": self.variable,
            "place": self.place,
            "unit": self.unit,
            "step": self.step,
            "reports": len(self.points),
            "first": self.name(min(self.points)),
            "last": self.name(self.last),
            "not_reported": [self.name(period) for period in self.missing],
        }

    def name(self, period: int) -> str:
        """Return a period as written: YYYY-MM or YYYY-MM-DD."""
        return f"{period // 12:04}-{period % 12 + 1:02}" if self.step == MONTH else date.fromordinal(period).isoformat()

    def find(self, day: date) -> int:
        """Return the period that a day lies in."""
        return 12 * day.year + day.month - 1 if self.step == MONTH else day.toordinal()

    def year_before(self, period: int) -> int | None:
        """Return the same period a year before; None for 29 February."""
        if self.step == MONTH:
            return period - 12
        day = date.fromordinal(period)
        try:
            return day.replace(year=day.year - 1).toordinal()
        except ValueError:
            return None

    def until(self, day: date) -> Series | None:
        """Return the series as known on a day; None: nothing was."""
        end = self.find(day) - (0 if self.step == DAY or (day + timedelta(days=1)).month != day.month else 1)
        kept = {period: figure for period, figure in self.points.items() if period <= end}
        return Series(self.variable, self.place, self.unit, self.step, kept) if kept else None


def read_series(paths: list[Path], reader: Reader) -> list[Series]:
    """Return the series of tables, by variable and place; what is wrong with their rows is kept by the reader.

    Parameters
    ----------
    paths : tables or workbooks with the columns variable, place, time (YYYY-MM or YYYY-MM-DD), value, unit, source
    """
    found: dict[tuple[str, str], Series] = {}
    for path in paths:
        for row in reader.rows(path, COLUMNS):
            _read_row(row, found, reader)
    return list(found.values())


def join_series(
    kept: Sequence[Series], sent: Sequence[Series], day: date, reader: Reader, *, correct: bool = False
) -> tuple[list[Series], list[Series]]:
    """Return the series that are kept with those that were sent, and of the sent ones what is not kept yet, in the unit kept.

    Parameters
    ----------
    day     : of which it is known that later periods have not begun
    correct : whether a sent figure may be another than the one kept; otherwise it is kept by the reader as a problem
    """
    joined = {(one.variable, one.place): one for one in kept}
    fresh = []
    for one in sent:
        known = joined.get((one.variable, one.place))
        base = known or Series(one.variable, one.place, one.unit, one.step, {})
        taken = _find_fresh(base, one, day, reader, correct=correct)
        joined[one.variable, one.place] = replace(base, points={**base.points, **taken})
        if taken:
            fresh.append(replace(base, points=taken))
    return list(joined.values()), fresh


def _find_fresh(kept: Series, sent: Series, day: date, reader: Reader, *, correct: bool) -> dict[int, Figure]:
    name = f"{sent.variable} {sent.place}"
    first = next(iter(sent.points.values()))
    if kept.step != sent.step:
        what = say("{what} is reported by {one} and by {other}", what=name, one=kept.step, other=sent.step)
        reader.tell(first.address, 0, what, say("one series by month or by day"))
        return {}
    try:
        factor = find_factor(sent.unit, kept.unit)
    except UnitError as error:
        found = say("unit of {name} is {unit!r}: {error}", name=name, unit=sent.unit, error=error.args[0])
        reader.tell(first.address, 0, found, say("a unit of {unit}", unit=kept.unit))
        return {}
    fresh = {}
    for period, figure in sent.points.items():
        value = scale_number(figure.value, factor)
        before = kept.points.get(period)
        named = f"{name} {sent.name(period)}"
        if period > sent.find(day):
            found = say("{what} is reported before it has begun", what=named)
            reader.tell(figure.address, 0, found, say("a period up to {day}", day=day))
        elif before is None or (correct and not math.isclose(before.value, value, rel_tol=1e-12)):
            fresh[period] = replace(figure, value=value)
        elif not math.isclose(before.value, value, rel_tol=1e-12):
            found = say(
                "{what} is {new}, and {old} is kept from {address}",
                what=named,
                new=figure.given,
                old=before.given,
                address=before.address,
            )
            hint = say("if the figure was corrected, say why with --correct")
            reader.tell(figure.address, 0, found, say("the figure that is kept"), hint)
    return fresh


def _read_row(row: WrittenRow, found: dict[tuple[str, str], Series], reader: Reader) -> None:
    for column in ("variable", "place", "source"):
        reader.text(row, column)
    moment = _read_time(row, reader)
    key = (row["variable"], row["place"])
    known = found.get(key)
    unit = known.unit if known else row["unit"]
    try:
        parse_unit(unit or "1")
    except UnitError as error:
        told = say("unit of {name} is {unit!r}: {error}", name="value", unit=unit, error=error.args[0])
        reader.tell(*row.where("unit"), told, say("a unit this program knows; gep variables lists some"))
        return
    if not row["unit"]:
        reader.tell(*row.where("unit"), say("{key} is missing", key="unit"), say("the unit of the value, 1 for a plain number"))
        return
    value = reader.number(row, "value", row["unit"], unit, least=None)
    if moment is None or value is None:
        return
    step, period = moment
    if known is None:
        known = found[key] = Series(*key, unit, step, {})
    name = " ".join(key)
    if known.step != step:
        reader.tell(
            *row.where("time"),
            say("{what} is reported by {one} and by {other}", what=name, one=known.step, other=step),
            say("one series by month or by day"),
        )
    elif period in known.points:
        reader.tell(*row.where("time"), say("{what} stands twice", what=f"{name}, {row['time']}"), say("one value a period"))
    else:
        known.points[period] = value.from_(row["source"])


def _read_time(row: WrittenRow, reader: Reader) -> tuple[str, int] | None:
    if (found := read_period(row["time"])) is None:
        reader.tell(*row.where("time"), say("{name} is {text!r}", name="time", text=row["time"]), say("YYYY-MM or YYYY-MM-DD"))
    return found


def read_period(text: str) -> tuple[str, int] | None:
    """Return month or day, and the period of a text such as 2023-05 or 2023-05-31; None where it is none."""
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12:  # noqa: PLR2004 - months of a year
        return MONTH, 12 * int(found[1]) + int(found[2]) - 1
    try:
        return (DAY, date.fromisoformat(text).toordinal()) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None
