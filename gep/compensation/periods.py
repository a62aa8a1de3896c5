"""The days a run settles: of the scheme's own year, on which the version is in force, up to the end of an in-year run."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from gep.messages.texts import say

if TYPE_CHECKING:
    from gep.compensation.scheme import Scheme

MONTHS, QUARTER_MONTHS, THURSDAY = 12, 3, 4
DAYS, BY_MONTHS, WHOLE = "days", "months", "whole"
"""How money of a period counts of which only a part is in force."""


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included, of a year of a scheme from `begins` to `ends`.

    `part` says how money of a period counts of which only some days lie inside; empty: it is refused.
    """

    year: int
    begins: date
    ends: date
    first: date
    last: date
    part: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole year."""
        return (self.first, self.last) == (self.begins, self.ends)

    @property
    def is_calendar(self) -> bool:
        """Whether the year of the scheme is the calendar year."""
        return (self.begins.month, self.begins.day) == (1, 1)

    def list_parts(self, every: str) -> dict[str, tuple[int, str]]:
        """Return key of a part of the year → calendar year and part that its facts are of, for the parts that count, in order.

        Parameters
        ----------
        every : year, quarter or month
        """
        if every == "year":
            return {"": (self.year, "")}
        if every in {"day", "week"}:
            days = (self.begins + timedelta(days=at) for at in range((self.ends - self.begins).days + 1))
            inside = [day for day in days if self.first <= day <= self.last]
            if every == "day":
                return {f"{day:%m-%d}": (day.year, f"{day:%m-%d}") for day in inside}
            weeks = [day.isocalendar() for day in inside if day.isoweekday() == THURSDAY]
            return {f"W{week.week:02d}": (week.year, f"W{week.week:02d}") for week in weeks}
        found: dict[str, tuple[int, str]] = {}
        for at in range(MONTHS):
            month = (self.begins.month - 1 + at) % MONTHS + 1
            year = self.begins.year + (self.begins.month - 1 + at) // MONTHS
            key = f"{month:02d}" if every == "month" else f"Q{(month - 1) // QUARTER_MONTHS + 1}"
            if key not in found and self._counts(key, year):
                found[key] = (year, key)
        return found

    def find_days(self, key: str, year: int) -> tuple[date, date]:
        """Return the first and last day of a month, quarter, week or day of a calendar year."""
        if key.startswith("W"):
            return date.fromisocalendar(year, int(key[1:]), 1), date.fromisocalendar(year, int(key[1:]), 7)
        if "-" in key:
            day = date.fromisoformat(f"{year}-{key}")
            return day, day
        first, last = list_months(key)
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])

    def name_part(self, key: str) -> str:
        """Return a part as a posting names it: with its calendar year where the scheme's year is another."""
        if not key or self.is_calendar:
            return key
        return f"{self.find_year(key)}{'-' if key[0].isdigit() else ''}{key}"

    def find_year(self, key: str) -> int:
        """Return the calendar year that a part lies in."""
        if key.startswith("W"):
            return self.list_parts("week")[key][0]
        return self.begins.year + (list_months(key)[0] < self.begins.month)

    def find_month(self, key: str) -> str:
        """Return the month that a month, day or week ends in, or the last of a quarter."""
        return f"{self.find_days(key, self.find_year(key))[1].month:02d}"

    def find_share(self, key: str = "") -> Fraction | None:
        """Return what part of the money of a month, a quarter or (empty) the year counts; None: the scheme does not say."""
        if key and ("-" in key or key.startswith("W")):
            return Fraction(1)
        begins, ends = self.find_days(key, self.find_year(key)) if key else (self.begins, self.ends)
        inside = self._days_inside(begins, ends)
        whole = (ends - begins).days + 1
        if inside == whole or self.part == WHOLE:
            return Fraction(1)
        if self.part == DAYS:
            return Fraction(inside, whole)
        if self.part == BY_MONTHS:
            if key.isdigit():
                return Fraction(1)
            months = [
                f"{month:02d}"
                for month in (range(1, MONTHS + 1) if not key else range(list_months(key)[0], list_months(key)[1] + 1))
            ]
            return Fraction(sum(month in self.list_parts("month") for month in months), len(months))
        return None

    def count_days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    def count_months(self) -> Fraction:
        """Return how many months it has; of a month that lies inside in part, the days count."""
        return sum(
            (
                Fraction(self._days_inside(*days), (days[1] - days[0]).days + 1)
                for key, (year, _) in self.list_parts("month").items()
                if (days := self.find_days(key, year))
            ),
            Fraction(0),
        )

    def before(self, years: int) -> Span:
        """Return the whole year some years earlier."""
        begins, ends = (day.replace(year=day.year - years, day=min(day.day, 28)) for day in (self.begins, self.ends))
        ends = ends.replace(day=monthrange(ends.year, ends.month)[1])
        return replace(self, year=self.year - years, begins=begins, ends=ends, first=begins, last=ends)

    def _days_inside(self, begins: date, ends: date) -> int:
        return max((min(ends, self.last) - max(begins, self.first)).days + 1, 0)

    def _counts(self, key: str, year: int) -> bool:
        begins, ends = self.find_days(key, year)
        if self.part == BY_MONTHS and key.isdigit():
            return self.first <= ends <= self.last
        return self._days_inside(begins, ends) > 0


def list_months(key: str) -> tuple[int, int]:
    """Return the first and last month of a part: of `03`, `03-15` or `Q1`."""
    if not key.startswith("Q"):
        return int(key[:2]), int(key[:2])
    last = int(key[1:]) * QUARTER_MONTHS
    return last - QUARTER_MONTHS + 1, last


def find_span(scheme: Scheme, year: int, through: date | None = None) -> Span | None:
    """Return the days of a year that a version settles; None: it is not in force on any of them.

    With `effective.on` the version in force on that day settles the whole year, as such a text means it.

    Parameters
    ----------
    year    : in which the scheme's year begins
    through : last day of an in-year run; None: to the end
    """
    effective, start = scheme.effective, scheme.settlement.year_begins
    begins = date(year, int(start[:2]), 1)
    ends = begins.replace(year=year + 1) - timedelta(days=1)
    if effective.on:
        rules = date(
            ends.year if effective.on <= ends.isoformat()[5:] else begins.year, int(effective.on[:2]), int(effective.on[3:])
        )
        if not effective.from_ <= rules <= (effective.to or date.max):
            return None
        first, last = begins, ends
    else:
        first, last = max(begins, effective.from_), min(ends, effective.to or ends)
    last = min(last, through or last)
    return Span(year, begins, ends, first, last, effective.part) if first <= last else None


def describe_span(span: Span) -> str:
    """Return the days of a span in words."""
    return say("{first} to {last}", first=span.first, last=span.last)


def parse_through(text: str) -> date | None:
    """Return the last day of a period written as 2020-06, 2020Q2 or 2020-06-30; None: it is not written so.

    The day must be the last of a month.
    """
    import re

    found = re.fullmatch(r"([0-9]{4})(?:Q([1-4])|-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)", text.strip())
    if found is None:
        return None
    year, month = int(found[1]), int(found[2]) * QUARTER_MONTHS if found[2] else int(found[3])
    last = monthrange(year, month)[1]
    return None if found[4] and int(found[4]) != last else date(year, month, last)
