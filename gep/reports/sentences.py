"""The summary in plain words: every sentence comes from numbers of the store, and is left out where they are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.account.status import QUANTITY
from gep.messages.numbers import format_amount, format_fixed, format_share, is_known
from gep.messages.tables import MONEY, Column, print_cell
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.reports.comparison import Change, compare_with_last_year

if TYPE_CHECKING:
    from gep.reports.stored import Stored
    from gep.reports.words import Words

MOST_NAMED = 3


class Sentences:
    """Writes about one account in one language."""

    def __init__(self, stored: Stored, words: Words, scale: float, unit: str, county: str) -> None:
        self.stored, self.words, self.scale, self.unit, self.county = stored, words, scale, unit, county
        self.head = stored.head
        self.lang = words.lang

    def money(self, value: float | None) -> str:
        """Return yuan in the unit of the report, with the unit."""
        if value is None or not is_known(value):
            return print_cell(None, Column("", "", MONEY))
        return self.words.say("s_money", value=print_cell(value / self.scale, Column("", "", MONEY)), unit=self.unit)

    def service(self, identity: str) -> str:
        """Return the name of a service inside a sentence."""
        title = SERVICE_TITLES[identity][1][self.lang]
        return title if self.lang == "zh" else title[:1].lower() + title[1:]

    def summary(self) -> tuple[str, ...]:
        """Return all sentences that the store supports, in their order."""
        found = [
            self.total(),
            self.named_quantities(),
            self.ratios(),
            self.largest(),
            self.categories(),
            self.constant(),
            *self.change(),
            self.gaps(),
        ]
        return tuple(text for text in found if text)

    def coverage(self) -> str:
        """Return a sentence on what the total covers, or on the quantities of an account without prices."""
        only = self.quantities()
        if only:
            return only
        whole = self.head.services_counted == self.head.services_accounted
        return self.words.say(
            "coverage_whole" if whole else "coverage", counted=self.head.services_counted, accounted=self.head.services_accounted
        )

    def total(self) -> str:
        """Return a sentence with the total, or that there is none."""
        if self.stored.physical:
            return self.words.say("s_quantities", county=self.county, year=self.head.year)
        if not self.head.services_accounted or not is_known(self.head.gep):
            return self.words.say("s_nothing", county=self.county, year=self.head.year)
        return self.words.say(
            "s_total",
            county=self.county,
            year=self.head.year,
            value=self.money(self.head.gep),
            accounted=self.head.services_accounted,
            counted=self.head.services_counted,
        )

    def quantities(self) -> str:
        """Return a sentence on how many services have a quantity, where the standard has no prices; else nothing."""
        count = sum(one.status == QUANTITY for one in self.stored.services)
        if not self.stored.physical:
            return ""
        return self.words.say("coverage_quantities", counted=self.head.services_counted, count=count)

    def named_quantities(self) -> str:
        """Return the quantity of each service that has one, where the standard has no prices."""
        parts = []
        for one in self.stored.services if self.stored.physical else ():
            if one.status == QUANTITY and one.quantity is not None and is_known(one.quantity):
                shown = format_amount(one.quantity, self.words.unit(one.quantity_unit or ""), self.lang)
                parts.append(self.words.say("s_named", name=self.service(one.service), value=shown))
        return self.words.say("s_named_quantities", parts=self.words.join(parts)) if parts else ""

    def ratios(self) -> str:
        """Return GEP per km², per head and over GDP, as far as known."""
        w, head = self.words, self.head
        parts = []
        if is_known(head.gep_per_km2):
            parts.append(w.say("s_per_km2", value=format_fixed(head.gep_per_km2 / 1e4, 2)))
        if is_known(head.gep_per_head):
            parts.append(w.say("s_per_head", value=format_fixed(head.gep_per_head, 2)))
        if is_known(head.gep_per_gdp):
            parts.append(w.say("s_per_gdp", value=format_share(head.gep_per_gdp)))
        return w.say("s_ratios", parts=w.join(parts)) if parts else ""

    def largest(self) -> str:
        """Return the largest three services with their shares."""
        found = sorted((one for one in self.stored.accounted() if one[1] > 0), key=lambda one: -one[1])[:MOST_NAMED]
        whole = self.head.gep
        if not found or not is_known(whole) or whole <= 0:
            return ""
        parts = [
            self.words.say("s_part", name=self.service(one.service), value=self.money(value), share=format_share(value / whole))
            for one, value in found
        ]
        return self.words.say("s_largest", count=len(found), parts=self.words.join(parts))

    def categories(self) -> str:
        """Return the three categories, as far as they are accounted for."""
        parts = []
        for category, title in CATEGORIES.items():
            if any(one.category == category for one, _ in self.stored.accounted()) and is_known(getattr(self.head, category)):
                name = title[self.lang] if self.lang == "zh" else title[self.lang].lower()
                parts.append(self.words.say("s_named", name=name, value=self.money(getattr(self.head, category))))
        return self.words.say("s_categories", parts=self.words.join(parts)) if len(parts) > 1 else ""

    def constant(self) -> str:
        """Return the total in constant prices."""
        head = self.head
        if not head.constant_year or not is_known(head.gep_constant) or not self.head.services_accounted:
            return ""
        return self.words.say("s_constant", year=head.constant_year, value=self.money(head.gep_constant))

    def change(self) -> list[str]:
        """Return sentences on what changed since the earlier year and why, for the services covered in both years."""
        w, earlier = self.words, self.stored.earlier
        found = compare_with_last_year(self.stored)
        both = [one for one in found if one.change is not None]
        if earlier is None or not both:
            return []
        before, moved = sum(one.before or 0.0 for one in both), sum(one.change or 0.0 for one in both)
        said = [
            w.say(
                "s_change_none" if moved == 0 else "s_more" if moved > 0 else "s_less",
                year=earlier.year,
                count=len(both),
                value=self.money(abs(moved)),
                share=format_share(abs(moved) / before) if before > 0 else "—",
            )
        ]
        strongest = sorted((one for one in both if one.change), key=lambda one: -abs(one.change or 0.0))[:MOST_NAMED]
        if strongest:
            said.append(
                w.say("s_movers", parts=w.join([self._signed(self.service(one.service), one.change or 0.0) for one in strongest]))
            )
        said += self._why(both)
        new = [one.service for one in found if one.before is None]
        gone = [one.service for one in found if one.after is None]
        for key, names in (("s_new", new), ("s_gone", gone)):
            if names:
                said.append(w.say(key, count=len(names), names=w.join([self.service(name) for name in names]), year=earlier.year))
        return said

    def _why(self, both: list[Change]) -> list[str]:
        """Return how much of the change is quantity, price, coefficients and coverage."""
        w = self.words
        parts = [
            self._signed(w[key], sum(values))
            for key, values in (
                ("in_quantity", [one.quantity or 0.0 for one in both]),
                ("in_price", [one.price or 0.0 for one in both]),
                ("in_coefficient", [one.coefficient or 0.0 for one in both]),
                ("in_coverage", [one.coverage or 0.0 for one in both]),
            )
            if any(abs(value) >= self.scale / 1e5 for value in values)
        ]
        if not parts:
            return []
        return [w.say("s_why", count=len(both), parts=w.join(parts))]

    def _signed(self, name: str, value: float) -> str:
        sign = "+" if value >= 0 else ""
        return f"{name} {sign}{self.money(value)}"

    def gaps(self) -> str:
        """Return a sentence on what is not covered."""
        lacking = [one.service for one in self.stored.services if one.status == "no data"]
        if not lacking:
            return ""
        return self.words.say("s_gaps", count=len(lacking), names=self.words.join([self.service(name) for name in lacking]))
