"""Entries of the register, and when one stands in the way of another; pure, exact, without a clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING

from gep.messages.problems import Problem
from gep.messages.texts import Joined, Name, mark_word, say
from gep.reference.regions import name_region
from gep.reference.services import SERVICE_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SOLD, PLEDGED, COMPENSATED = "sold", "pledged", "compensated"
KINDS = (SOLD, PLEDGED, COMPENSATED)
PARCEL, CARBON, SERVICE = "parcel", "carbon", "service"
DIGITS = 38
"""Digits a stored quantity may have."""


@dataclass(frozen=True)
class Subject:
    """The parcel, carbon or service that is encumbered; the fields of its kind are filled, the others are None.

    Attributes
    ----------
    kind       : parcel, carbon or service
    held_quantity : of a service, in `quantity_unit`; `account_quantity` is what the account has in all. Of a parcel the area that is held of
                    `account_quantity`, its whole area; None: the parcel as a whole
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
        """Return what must be the same in two entries for them to concern each other."""
        return {
            PARCEL: (PARCEL, self.county, self.parcel),
            CARBON: (CARBON, self.project, self.vintage),
            SERVICE: (SERVICE, self.county, self.year, self.line, self.pollutant or "", self.item or ""),
        }[self.kind]

    @property
    def name(self) -> str:
        """Its name for people."""
        county = name_region(self.county or "")
        if self.kind == PARCEL and self.held_quantity is not None:
            area = format_decimal(self.held_quantity)
            text = "{area} {unit} of parcel {parcel} of {county}"
            return say(text, area=area, unit=self.quantity_unit, parcel=self.parcel, county=county)
        if self.kind == PARCEL:
            return say("parcel {parcel} of {county}", parcel=self.parcel, county=county)
        if self.kind == CARBON:
            return say(
                "tonnes {first_tonne}-{last_tonne} of {project} {vintage}",
                first_tonne=self.first_tonne,
                last_tonne=self.last_tonne,
                project=self.project,
                vintage=self.vintage,
            )
        members = name_line(self.service or "", self.line or "", self.pollutant or "", self.item or "")
        return say("{members} of {county} {year}", members=members, county=county, year=self.year)


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
    distinct: str = ""
    """Why it is another thing than one that looks the same under another name; kept in the note."""

    def holds_with(self, starts: date, until: date | None) -> bool:
        """Whether it holds on some day of a period, both ends included; `until` None: a period without end."""
        if self.until is not None and self.until < self.starts:
            return False
        return (self.until is None or starts <= self.until) and (until is None or self.starts <= until)

    @property
    def told(self) -> str:
        """The entry in the words of a refusal."""
        return say(
            "entry {number}: {kind} to {party} {period}, document {document}",
            number=self.number,
            kind=mark_word(self.kind),
            party=self.party,
            period=describe_period(self.starts, self.until),
            document=self.document,
        )


def name_line(service: str, line: str, pollutant: str, item: str) -> str:
    """Return the line of a service, with pollutant and item; in a Chinese message the service's name goes before it."""
    known = SERVICE_TITLES.get(service)
    named = Name(line, f"{known[1].zh}（{line}）") if known else line
    return Joined([part for part in (named, pollutant, item) if part], " ", " ")


def describe_period(starts: date, until: date | None) -> str:
    """Return a period in words."""
    return (
        say("from {starts} to {until}", starts=starts, until=until) if until else say("from {starts} without end", starts=starts)
    )


def find_conflict(new: Entry, entries: Iterable[Entry]) -> Problem | None:
    """Return the problem that an entry cannot be added to those that are there, naming the first in its way; None: it can."""
    holding = sorted((one for one in entries if one.holds_with(new.starts, new.until)), key=lambda one: one.number)
    same = [one for one in holding if one.subject.key == new.subject.key]
    subject = new.subject
    other = next((one for one in holding if one.subject.key != subject.key and may_be_the_same(subject, one.subject)), None)
    if other is not None and not same:
        return Problem(
            mark_word("encumbrance"),
            0,
            say(
                "{name} seems to be {other} under another name: {told}",
                name=subject.name,
                other=other.subject.name,
                told=other.told,
            ),
            "a parcel or tonnes that nobody holds",
            say(
                "is it another one, --distinct TEXT says why; otherwise gep encumber release {number} with the document that ends it",
                number=other.number,
            )
            if subject.kind == CARBON
            else say(
                "one number is one parcel; gep encumber release {number} with the document that ends it", number=other.number
            ),
        )
    if subject.kind == PARCEL and same and subject.held_quantity is not None and all(one.subject.held_quantity for one in same):
        return _too_much(new, same)
    if subject.kind == PARCEL and same:
        return Problem(
            mark_word("encumbrance"),
            0,
            say("{name} is already encumbered: {told}", name=subject.name, told=same[0].told),
            say("a parcel that nobody holds {period}", period=describe_period(new.starts, new.until)),
            say("gep encumber release {number} with the document that ends it", number=same[0].number),
        )
    if subject.kind == CARBON:
        return _tonnes_held(subject, same)
    if subject.kind == SERVICE:
        return _too_much(new, same)
    return None


def may_be_the_same(one: Subject, other: Subject) -> bool:
    """Return whether two subjects with different keys look like one thing under two names.

    That is a parcel of the same number under another county, one whose number is written with or without the county's code, leading
    zeros, 号 or letters that look like digits, or tonnes of one vintage whose serial numbers overlap in series of alike names
    or of the same number issued.
    """
    if one.kind != other.kind:
        return False
    if one.kind == PARCEL:
        county = one.county if one.county == other.county else None
        return _bare(one.parcel) == _bare(other.parcel) or _read_number(one.parcel, county) == _read_number(other.parcel, county)
    if one.kind != CARBON or one.vintage != other.vintage:
        return False
    if max(one.first_tonne or 0, other.first_tonne or 0) > min(one.last_tonne or 0, other.last_tonne or 0):
        return False
    names = _bare(one.project), _bare(other.project)
    alike = SequenceMatcher(None, *names).ratio() >= ALIKE or names[0] in names[1] or names[1] in names[0]
    return alike or (one.issued_tonnes is not None and one.issued_tonnes == other.issued_tonnes)


class Parcels:
    """Entries of parcels, found by the numbers they may go by, so that a new one is compared with few of many."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._found: dict[tuple[str, str], list[Entry]] = {}
        for one in entries:
            self.add(one)

    def add(self, entry: Entry) -> None:
        """Add an entry of a parcel that has its number."""
        for name in self._list_names(entry.subject):
            self._found.setdefault(name, []).append(entry)

    def find(self, subject: Subject) -> list[Entry]:
        """Return all entries of the same parcel, and those of others that `may_be_the_same`, in the order they were made."""
        found = {one.number: one for name in self._list_names(subject) for one in self._found.get(name, ())}
        return [found[number] for number in sorted(found)]

    @staticmethod
    def _list_names(subject: Subject) -> set[tuple[str, str]]:
        county = subject.county or ""
        return {
            ("bare", _bare(subject.parcel)),
            ("anywhere", _read_number(subject.parcel, None)),
            (f"in {county}", _read_number(subject.parcel, county)),
        }


ALIKE = 0.6
"""How alike two names of series are before one is taken for the other."""


def _bare(name: str | None) -> str:
    """Return a number or a name without spaces and signs."""
    return "".join(sign for sign in name or "" if sign.isalnum())


def _read_number(parcel: str | None, county: str | None) -> str:
    """Return the number of a parcel without what people write or leave out: the county's code, leading zeros, 号; O between digits is 0."""
    text = re.sub(r"(?:宗地|地块|号)+$", "", parcel or "")
    text = re.sub(r"(?<=[0-9])O|O(?=[0-9])", "0", text)
    text = re.sub(r"(?<=[0-9])[IL]|[IL](?=[0-9])", "1", text)
    groups = re.findall(r"[0-9]+|[^\W\d_]+", text)
    if county and groups and groups[0].startswith(county):
        groups[0] = groups[0].removeprefix(county)
    return ".".join(group.lstrip("0") or "0" for group in groups if group)


def find_peak(starts: date, until: date | None, entries: Sequence[Entry]) -> tuple[Decimal, date]:
    """Return the largest sum of quantities held on one day of a period, in the entries' unit, and the first such day.

    Parameters
    ----------
    until : last day, included; None: without end
    """
    changes = {starts: Decimal(0)}
    with localcontext() as context:
        context.prec = 2 * DIGITS
        for one in entries:
            if one.holds_with(starts, until):
                held, first = one.subject.held_quantity or Decimal(0), max(starts, one.starts)
                changes[first] = changes.get(first, Decimal(0)) + held
                if one.until is not None and one.until < date.max:
                    after = one.until + timedelta(days=1)
                    changes[after] = changes.get(after, Decimal(0)) - held
        days = sorted(changes)
        sums = list(accumulate(changes[day] for day in days))
    highest = max(sums)
    return highest, days[sums.index(highest)]


def _tonnes_held(subject: Subject, same: Sequence[Entry]) -> Problem | None:
    first, last = subject.first_tonne or 0, subject.last_tonne or 0
    for one in same:
        low, high = max(first, one.subject.first_tonne or 0), min(last, one.subject.last_tonne or 0)
        if low <= high:
            return Problem(
                mark_word("encumbrance"),
                0,
                say(
                    "tonnes {low}-{high} of {project} {vintage} are already encumbered: {told}",
                    low=low,
                    high=high,
                    project=subject.project,
                    vintage=subject.vintage,
                    told=one.told,
                ),
                "tonnes that nobody holds",
                say("gep encumber release {number} with the document that ends it", number=one.number),
            )
    return None


def _too_much(new: Entry, same: Sequence[Entry]) -> Problem | None:
    subject = new.subject
    held, day = find_peak(new.starts, new.until, same)
    whole = Decimal(repr(subject.account_quantity))
    wanted = subject.held_quantity or Decimal(0)
    with localcontext() as context:
        context.prec = 2 * DIGITS
        free = whole - held
    if wanted <= free:
        return None
    holders = [one for one in same if one.holds_with(day, day)]
    unit = subject.quantity_unit
    at_most = say("at most {free} {unit}", free=format_decimal(max(free, Decimal(0))), unit=unit)
    if not holders:
        return Problem(
            mark_word("encumbrance"),
            0,
            say(
                "{name}: {wanted} {unit} is more than the account has: {whole} {unit} (run {run})",
                name=subject.name,
                wanted=format_decimal(wanted),
                unit=unit,
                whole=format_decimal(whole),
                run=subject.run,
            ),
            at_most,
        )
    if subject.kind == PARCEL:
        found = say(
            "{name} are not free on {day}: of its {whole} {unit} {held} are already encumbered: {told}",
            name=subject.name,
            unit=unit,
            day=day,
            whole=format_decimal(whole),
            held=format_decimal(held),
            told=holders[0].told,
        )
        return Problem(mark_word("encumbrance"), 0, found, at_most)
    first = holders[0].told
    told = say("{entry}, and {count} more", entry=first, count=len(holders) - 1) if len(holders) > 1 else first
    return Problem(
        mark_word("encumbrance"),
        0,
        say(
            "{name}: {wanted} {unit} is not free on {day}: of {whole} {unit} (run {run}) {held} is already encumbered: {told}",
            name=subject.name,
            wanted=format_decimal(wanted),
            unit=unit,
            day=day,
            whole=format_decimal(whole),
            run=subject.run,
            held=format_decimal(held),
            told=told,
        ),
        say("at most {free} {unit}", free=format_decimal(max(free, Decimal(0))), unit=unit),
        say("gep encumber release {number} with the document that ends it", number=holders[0].number),
    )


def format_decimal(number: Decimal) -> str:
    """Return a decimal with thousands marked, without an exponent and without trailing zeros."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
