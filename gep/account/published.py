"""Judges the totals of an account by published ones: GEP against GDP and land, and what part of it a category or service makes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gep.account.status import ACCOUNTED, NO_DATA
from gep.inputs.checks.figures import Figures
from gep.messages.texts import Name, join_list, say
from gep.records import dataclass
from gep.reference.published import GEP_PER_KM2, GEP_TO_GDP, SHARE, find_range
from gep.reference.services import CATEGORIES, SERVICE_TITLES, name_service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gep.account.account import Account
    from gep.messages.findings import Finding
    from gep.reference.published import Published

CODE = "published"
ENOUGH = 0.5
"""Part of the counted services that must be accounted for before shares are judged, unless the total itself lies outside."""
MOST_NAMED = 3
WAN = 1e4


def judge_totals(account: Account) -> Iterator[Finding]:
    """Yield a finding (C) for every total, ratio and share of the accounts that lies outside what published accounts say.

    Where services lack data the total is at least so large, so that only what lies above is said; shares are judged where at
    least half of the services are accounted for, those of single services also where the total lies outside.
    """
    if account.plan.standard.measures != "gep":
        return
    figures = Figures(account.inputs)
    first = _rows_by_account(figures)
    per = {name: figures.totals(name) for name in ("gdp", "land_area")}
    for number, services in _services_by_account(account).items():
        row = first.get(number)
        accounted = [one for one in services if one.status == ACCOUNTED]
        total = math.fsum(one.value for one in accounted if not math.isnan(one.value))
        if row is None or not total > 0:
            continue
        one = _Judged(figures, row, str(figures.county[number]), int(figures.year[number]), services, accounted, total)
        found = [
            *one.judge_ratio(per["gdp"].get(number), GEP_TO_GDP),
            *one.judge_ratio(per["land_area"].get(number), GEP_PER_KM2),
        ]
        yield from found
        enough = len(accounted) >= ENOUGH * (len(accounted) + one.lacking)
        if found or enough:
            yield from one.judge_shares((*CATEGORIES, *SERVICE_TITLES) if enough else tuple(SERVICE_TITLES))


@dataclass(frozen=True)
class _Service:
    """A service of an account: its value in CNY/yr, NaN where it has none."""

    service: str
    category: str
    status: str
    value: float


def _services_by_account(account: Account) -> dict[int, list[_Service]]:
    frame = account.services
    columns = (frame[name].astype(str).tolist() for name in ("service", "category", "status"))
    found: dict[int, list[_Service]] = {}
    for number, service, category, status, value in zip(
        frame["account"].tolist(), *columns, frame["value"].tolist(), strict=True
    ):
        found.setdefault(number, []).append(_Service(service, category, status, value))
    return found


class _Judged:
    """One account: its services and the total of those accounted for, in CNY/yr."""

    def __init__(
        self,
        figures: Figures,
        row: Mapping[Any, Any],
        county: str,
        year: int,
        services: Sequence[_Service],
        accounted: Sequence[_Service],
        total: float,
    ) -> None:
        self.figures, self.row, self.county, self.year = figures, row, county, year
        self.accounted, self.total = accounted, total
        self.lacking = sum(one.status == NO_DATA for one in services)

    def judge_ratio(self, against: float | None, measure: str) -> Iterator[Finding]:
        """Yield a finding where the total per CNY of GDP (1) or per km² of land (CNY/km²) is outside."""
        if against is None or not against > 0:
            return
        value = self.total / float(against)
        ends = find_range(measure, "", self.county)
        if ends is None or not self._is_outside(value, *ends):
            return
        if measure == GEP_TO_GDP:
            said = "{county} {year}: GEP is {value:,.2f} times GDP, {services} of {counted} services accounted for"
            shown = value
        else:
            said = "{county} {year}: GEP is {value:,.0f} × 10⁴ CNY per km², {services} of {counted} services accounted for"
            shown = value / WAN
        found = say(
            said,
            county=self.county,
            year=self.year,
            value=shown,
            services=len(self.accounted),
            counted=len(self.accounted) + self.lacking,
        )
        yield self._doubt(
            found,
            _say_range(measure, *ends),
            say("most of it is {services}; confirm these or correct them", services=self._largest()),
        )

    def judge_shares(self, names: tuple[str, ...]) -> Iterator[Finding]:
        """Yield a finding for each of these categories and services that makes more, or where nothing is missing less, than published."""
        sums: dict[str, float] = {}
        for one in self.accounted:
            for name in (one.category, one.service):
                sums[name] = sums.get(name, 0.0) + one.value
        for name in names:
            ends = find_range(SHARE, name, self.county) if name in sums else None
            share = sums.get(name, 0.0) / self.total
            if ends is None or not self._is_outside(share, *ends):
                continue
            found = say(
                "{county} {year}: {what} is {share:,.1f} % of GEP, {services} of {counted} services accounted for",
                county=self.county,
                year=self.year,
                what=_name(name),
                share=100 * share,
                services=len(self.accounted),
                counted=len(self.accounted) + self.lacking,
            )
            yield self._doubt(
                found,
                _say_range(SHARE, *ends),
                "check its inputs, prices and the days or areas counted, and confirm or correct it",
            )

    def _is_outside(self, value: float, least: Published, most: Published | None) -> bool:
        return (most is not None and value > most.value) or (not self.lacking and value < least.value)

    def _largest(self) -> Any:
        rows = sorted(self.accounted, key=lambda one: -one.value)[:MOST_NAMED]
        return join_list(
            say("{service} {share:,.1f} %", service=name_service(one.service), share=100 * one.value / self.total) for one in rows
        )

    def _doubt(self, found: str, rule: str, repair: str) -> Finding:
        return self.figures.doubt(self.row, "C", CODE, found, rule, repair)


def _rows_by_account(figures: Figures) -> dict[int, Mapping[Any, Any]]:
    """Return the row of each account that its findings stand at: GDP, else the land, else the first."""
    found: dict[int, Mapping[Any, Any]] = {}
    for rows in (figures.of("gdp"), figures.of("land_area"), figures.rows):
        first = np.flatnonzero(~rows["account"].duplicated().to_numpy())
        for row in figures.records(rows, first):
            found.setdefault(int(row["account"]), row)
    return found


def _name(identity: str) -> Name:
    title = CATEGORIES[identity] if identity in CATEGORIES else SERVICE_TITLES[identity][1]
    return Name(title.en, title.zh)


def _say_range(measure: str, least: Published, most: Published | None) -> str:
    if most is None:
        return say("published accounts: from {low} upwards", low=_say_figure(measure, least))
    if least is most:
        return say("a published account: {low}", low=_say_figure(measure, least))
    return say("published accounts: {low} to {high}", low=_say_figure(measure, least), high=_say_figure(measure, most))


def _say_figure(measure: str, one: Published) -> str:
    value = {GEP_TO_GDP: f"{one.value:,.2f}", GEP_PER_KM2: f"{one.value / WAN:,.0f}", SHARE: f"{100 * one.value:,.1f} %"}[measure]
    return say(
        "{value} ({place} {year}, {source} [{mark}])",
        value=value,
        place=Name(one.place.en, one.place.zh),
        year=one.year,
        source=one.source,
        mark=one.mark,
    )
