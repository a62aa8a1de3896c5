"""What an entry of the register is, and when one stands in the way of another; pure, exact, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from gep.messages.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

SOLD, PLEDGED, COMPENSATED = "sold", "pledged", "compensated"
KINDS = (SOLD, PLEDGED, COMPENSATED)
PARCEL, CARBON, SERVICE = "parcel", "carbon", "service"
DIGITS = 38
"""Digits a stored quantity may have."""


@dataclass(frozen=True)
class Subject:
    """What is encumbered; the fields of its kind are filled, the others are None.

    Attributes
    ----------
    kind       : parcel, carbon or service
    held_quantity : of a service, in `quantity_unit`; `account_quantity` is what the account has in all
    first_tonne, last_tonne : serial numbers of tonnes of CO2, both included
    """

    kind: str
    county: str | None = None
    parcel: str | None = None
    project: str | None = None
    vintage: int | None = None
    first_tonne: int | None = None
    last_tonne: int | None = None
    issued_tonnes: int | None = None
    year: int | None = None
    standard: str | None = None
    run: int | None = None
    service: str | None = None
    line: str | None = None
    pollutant: str | None = None
    item: str | None = None
    held_quantity: Decimal | None = None
    quantity_unit: str | None = None
    account_quantity: float | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What must be the same for two entries to concern each other."""
        return {
            PARCEL: (PARCEL, self.county, self.parcel),
            CARBON: (CARBON, self.project, self.vintage),
            SERVICE: (SERVICE, self.county, self.year, self.line, self.pollutant or "", self.item or ""),
        }[self.kind]

    @property
    def name(self) -> str:
        """What it is, for people."""
        if self.kind == PARCEL:
            return f"parcel {self.parcel} of {self.county}"
        if self.kind == CARBON:
            return f"tonnes {self.first_tonne}-{self.last_tonne} of {self.project} {self.vintage}"
        members = " ".join(part for part in (self.line, self.pollutant, self.item) if part)
        return f"{members} of {self.county} {self.year}"


@dataclass(frozen=True)
class Entry:
    """One entry of the register; it holds from `starts` to `until`, both included (`until` None: without end)."""

    number: int
    kind: str
    subject: Subject
    starts: date
    until: date | None
    party: str
    document: str
    note: str = ""
    released_by: int | None = None

    def holds_with(self, starts: date, until: date | None) -> bool:
        """Whether it holds on some day of a period."""
        if self.until is not None and self.until < self.starts:
            return False
        return (self.until is None or starts <= self.until) and (until is None or self.starts <= until)

    @property
    def told(self) -> str:
        """The entry as a refusal names it."""
        return f"entry {self.number}: {self.kind} to {self.party} {period(self.starts, self.until)}, document {self.document}"


def period(starts: date, until: date | None) -> str:
    """Return a period in words."""
    return f"from {starts} to {until}" if until else f"from {starts} without end"


def conflict(new: Entry, entries: Iterable[Entry]) -> Problem | None:
    """Return why an entry cannot be added to those that are there, naming the first in its way; None: it can."""
    same = [one for one in entries if one.subject.key == new.subject.key and one.holds_with(new.starts, new.until)]
    same.sort(key=lambda one: one.number)
    subject = new.subject
    if subject.kind == PARCEL and same:
        return Problem(
            "encumbrance",
            0,
            f"{subject.name} is already encumbered: {same[0].told}",
            f"a parcel that nobody holds {period(new.starts, new.until)}",
            f"gep encumber release {same[0].number} with the document that ends it",
        )
    if subject.kind == CARBON:
        return _tonnes_held(subject, same)
    if subject.kind == SERVICE:
        return _too_much(new, same)
    return None


def peak(starts: date, until: date | None, entries: Sequence[Entry]) -> tuple[Decimal, date]:
    """Return the largest sum of quantities held on one day of a period, and the first such day."""
    days = sorted({starts, *(one.starts for one in entries if one.starts > starts and (until is None or one.starts <= until))})
    with localcontext() as context:
        context.prec = 2 * DIGITS
        sums = [
            (sum((one.subject.held_quantity or Decimal(0) for one in entries if one.holds_with(day, day)), Decimal(0)), day)
            for day in days
        ]
    return max(sums, key=lambda found: (found[0], -found[1].toordinal()))


def _tonnes_held(subject: Subject, same: Sequence[Entry]) -> Problem | None:
    first, last = subject.first_tonne or 0, subject.last_tonne or 0
    for one in same:
        low, high = max(first, one.subject.first_tonne or 0), min(last, one.subject.last_tonne or 0)
        if low <= high:
            return Problem(
                "encumbrance",
                0,
                f"tonnes {low}-{high} of {subject.project} {subject.vintage} are already encumbered: {one.told}",
                "tonnes that nobody holds",
                f"gep encumber release {one.number} with the document that ends it",
            )
    return None


def _too_much(new: Entry, same: Sequence[Entry]) -> Problem | None:
    subject = new.subject
    held, day = peak(new.starts, new.until, same)
    whole = Decimal(repr(subject.account_quantity))
    wanted = subject.held_quantity or Decimal(0)
    with localcontext() as context:
        context.prec = 2 * DIGITS
        free = whole - held
    if wanted <= free:
        return None
    holders = [one for one in same if one.holds_with(day, day)]
    unit = subject.quantity_unit
    if not holders:
        return Problem(
            "encumbrance",
            0,
            f"{subject.name}: {plain(wanted)} {unit} is more than the account has: {plain(whole)} {unit} (run {subject.run})",
            f"at most {plain(max(free, Decimal(0)))} {unit}",
        )
    others = f", and {len(holders) - 1} more" if len(holders) > 1 else ""
    return Problem(
        "encumbrance",
        0,
        f"{subject.name}: {plain(wanted)} {unit} is not free on {day}: of {plain(whole)} {unit} (run {subject.run}) "
        f"{plain(held)} is already encumbered: {holders[0].told}{others}",
        f"at most {plain(max(free, Decimal(0)))} {unit}",
        f"gep encumber release {holders[0].number} with the document that ends it",
    )


def plain(number: Decimal) -> str:
    """Return a decimal with thousands marked, without an exponent and without trailing zeros."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
