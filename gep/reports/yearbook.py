"""The yearbook of a province or prefecture: ranking, maps, and a page a county; from the store alone."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gep.account.status import QUANTITY
from gep.messages.layout import get_colon
from gep.messages.numbers import YI, format_amount, format_fixed, format_share, is_known, scale_of
from gep.messages.problems import refuse_one
from gep.messages.tables import MONEY, NUMBER, SHARE, SUM, Cell, Column, Row, Table, print_cell
from gep.messages.texts import join_list, say
from gep.messages.words import STATUS
from gep.reference.regions import PREFECTURE_DIGITS, PROVINCE_DIGITS, Region, read_divisions, read_regions, shorten_code
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.reports.maps import read_polygons
from gep.reports.model import Figure, Headline, Point, Run, Standard
from gep.reports.pictures import map_figure
from gep.reports.words import read_words as words_of
from gep.reports.words import say_basis
from gep.reports.yearbook_shown import list_shown_by_county, list_shown_ranges
from gep.standards.standard import DEFAULT
from gep.store.chain import read_head
from gep.store.county_figures import list_yearbook_rows, list_yearbook_services
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gep.reports.words import Words
    from gep.store.chain import Head
    from gep.store.county_figures import YearbookRow, YearbookService
    from gep.store.store import Store

_MONEY = Column("", "", MONEY)
TOP = 3


@dataclass(frozen=True)
class Page:
    """The page of one county."""

    code: str
    name: str
    rank: int
    total: Headline
    headlines: tuple[Headline, ...]
    sentence: str
    state: str
    hash: str
    table: Table
    shown: Table | None = None
    """What the standard only shows of the county; None where it shows nothing."""


@dataclass(frozen=True)
class Yearbook:
    """All that a yearbook says, in one language; money in `money_unit`, cells in the unit of their column."""

    kind: str
    lang: str
    title: str
    county: str
    code: str
    year: int
    total: Headline
    money_unit: str
    standard: Standard
    run: Run
    basis: str
    coverage: str
    summary: tuple[str, ...]
    tables: dict[str, Table]
    figures: dict[str, Figure]
    pages: tuple[Page, ...]
    schemes: tuple[Table, ...]
    facts: dict[str, float | None]


def is_area(text: str) -> Region | None:
    """Return the province or prefecture that a code or name means; None where it means no such area."""
    from gep.reference.regions import find

    meant = [one for one in find(text) if one.level in {"province", "prefecture"}]
    counties = [one for one in find(text) if one.level == "county"]
    return meant[0] if len(meant) >= 1 and not counties else None


def make_yearbook(store: Store, area: Region, year: int, standard: str | None, lang: str, texts: Path | None = None) -> Yearbook:
    """Return the yearbook of a province or prefecture: ranking, maps, and a page a county; from the store alone.

    Parameters
    ----------
    standard : id; None: the default one, or the first there is
    lang     : zh or en
    texts    : folder with a catalogue of the user's own, which goes before the shipped one

    Raises
    ------
    Problems : no county of the area has an account of that year
    """
    words = words_of(lang, texts)
    rows = list_yearbook_rows(store, shorten_code(area.code), year)
    found = sorted({row.standard for row in rows})
    chosen = standard or (DEFAULT if DEFAULT in found or not found else found[0])
    rows = [row for row in rows if row.standard == chosen]
    if not rows:
        refuse_one(
            "COUNTY",
            say("no county of {place} has an account of {year} under {chosen}", place=area.name_zh, year=year, chosen=chosen),
            say("the store has {has}", has=join_list(found) if found else say("none of that year")),
        )
    rows.sort(key=lambda row: (-(row.gep if is_known(row.gep) and row.services_accounted else float("-inf")), row.county))
    counties = {(row.run, row.account): row.county for row in rows}
    services: dict[str, list[YearbookService]] = {}
    for one in list_yearbook_services(store, [row.run for row in rows]):
        if county := counties.get((one.run, one.account)):
            services.setdefault(county, []).append(one)
    maker = _Maker(area, year, chosen, rows, services, words, read_head(store))
    return maker.make(list_shown_ranges(store, rows, maker.name, words), list_shown_by_county(store, rows, words))


def _sum(values: Iterable[float | None]) -> float:
    """Return the sum of what is known."""
    return sum(value for value in values if is_known(value))


class _Maker:
    def __init__(
        self,
        area: Region,
        year: int,
        standard: str,
        rows: list[YearbookRow],
        services: dict[str, list[YearbookService]],
        words: Words,
        head: Head,
    ) -> None:
        from gep.standards.model import Standard as Profile

        self.head = head
        self.area, self.year, self.rows, self.services, self.words = area.named_in(year), year, rows, services, words
        self.lang = words.lang
        self.standard = standard
        self.profile = Profile.model_validate_json(rows[0].standard_text)
        self.called = words["equivalents_total"] if self.profile.measures == "equivalents" else "GEP"
        self.accounted = [row for row in rows if is_known(row.gep) and row.services_accounted]
        self.whole = _sum(row.gep for row in self.accounted)
        self.scale = scale_of(self.whole if self.accounted else None)
        self.unit = words["yi" if self.scale == YI else "wan"]
        prefix = shorten_code(area.code)
        self.missing = [
            one
            for one in read_divisions().values()
            if one.level == "county" and one.code.startswith(prefix) and one.code not in {row.county for row in rows}
        ]

    def make(self, ranges: Table | None, shown: dict[str, Table]) -> Yearbook:
        words, profile = self.words, self.profile
        tables = {table.id: table for table in (self._ranking(), self._prefectures(), self._by_service(), ranges) if table}
        digest = hashlib.sha256(
            "".join(f"{row.county}{row.results_sha256}" for row in sorted(self.rows, key=lambda row: row.county)).encode()
        ).hexdigest()
        newest = max(self.rows, key=lambda row: row.made_at)
        run = Run(
            int(newest.run),
            f"{newest.made_at:%Y-%m-%d %H:%M}",
            str(newest.program),
            digest,
            "",
            "",
            "",
            "",
            "",
            self.head.sha256,
            self.head.link,
        )
        value = self.whole if self.accounted else None
        return Yearbook(
            "yearbook",
            self.lang,
            words["yearbook"],
            self.area.name(self.lang),
            self.area.code,
            self.year,
            Headline(
                "gep",
                words["y_sum"] if self.called == "GEP" else self.called,
                value,
                print_cell(self._money(value), _MONEY),
                self.unit,
            )
            if not profile.physical
            else Headline("gep", words["y_with_quantities"], None, str(len(self._quantified())), words["y_counties"]),
            self.unit,
            Standard(profile.id, profile.title[self.lang], profile.number, ()),
            run,
            words["quantities_basis"] if profile.physical else say_basis(self.year, profile.price_index, words),
            self._coverage(),
            self._summary(),
            tables,
            self._figures(),
            tuple(replace(self._page(rank, row), shown=shown.get(row.county)) for rank, row in enumerate(self.rows, 1)),
            (),
            {"gep": value},
        )

    def _money(self, value: float | None) -> float | None:
        return value / self.scale if is_known(value) else None

    def name(self, code: str) -> str:
        """Return what a county is called in the year."""
        found = read_regions().get(code)
        return found.name(self.lang, self.year) if found else code

    def _coverage(self) -> str:
        counties = self.words.say(
            "y_coverage", counties=len(self.accounted) or len(self._quantified()), known=len(self.rows) + len(self.missing)
        )
        return self.words["sentence_space"].join(filter(None, (self._services_covered(), counties)))

    def _services_covered(self) -> str:
        """Return a sentence on how many services the sum holds of those that the standard counts and that apply."""
        if not self.accounted:
            return ""
        words, numbers = self.words, sorted({row.services_accounted for row in self.accounted})
        counted = max(row.services_counted for row in self.accounted)
        if len(numbers) > 1:
            return words.say("y_services_differ", low=numbers[0], high=numbers[-1], counted=counted)
        if numbers[0] == counted:
            return words.say("coverage_whole", counted=counted)
        held = {one.service for found in self.services.values() for one in found if one.status == "accounted"}
        names = [title[self.lang] for name, (_, title) in SERVICE_TITLES.items() if name in held]
        return words.say("y_services", accounted=numbers[0], counted=counted, names=words.join(names))

    def _summary(self) -> tuple[str, ...]:
        words = self.words
        if not self.accounted and self._quantified():
            return (words.say("y_quantities", area=self.area.name(self.lang), year=self.year, counties=len(self._quantified())),)
        if not self.accounted:
            return (words.say("y_nothing", area=self.area.name(self.lang), year=self.year),)
        found = [
            words.say(
                "y_total",
                called=words["gep"] if self.called == "GEP" else self.called,
                area=self.area.name(self.lang),
                year=self.year,
                counties=len(self.accounted),
                value=words.say("s_money", value=format_fixed(self.whole / self.scale, 4), unit=self.unit),
            ),
            self._services_covered(),
        ]
        parts = [
            words.say(
                "s_named",
                name=self.name(row.county),
                value=words.say("s_money", value=print_cell(self._money(row.gep), _MONEY), unit=self.unit),
            )
            for row in self.accounted[:TOP]
        ]
        found.append(words.say("y_largest", parts=words.join(parts)))
        densities = [(row.county, row.gep_per_km2) for row in self.accounted if is_known(row.gep_per_km2)]
        dense = sorted(densities, key=lambda one: -one[1])[:TOP]
        if dense:
            parts = [
                words.say(
                    "s_named",
                    name=self.name(county),
                    value=words.say("s_money", value=format_fixed(density / 1e4, 2), unit=words["per_km2_unit"]),
                )
                for county, density in dense
            ]
            found.append(words.say("y_densest", parts=words.join(parts)))
        if len({(row.services_accounted, row.services_counted) for row in self.accounted}) > 1:
            found.append(words["y_unequal"])
        if self.missing:
            found.append(
                words.say("y_missing", count=len(self.missing), names=words.join([one.name(self.lang) for one in self.missing]))
            )
        return tuple(found)

    def _ranking(self) -> Table:
        w = self.words
        rows = []
        for rank, row in enumerate(self.rows, 1):
            known_total = row in self.accounted
            cells: list[Cell] = [
                str(rank) if known_total else "",
                self.name(row.county),
                row.county,
                self._money(row.gep) if known_total else None,
            ]
            cells += [self._money(getattr(row, category)) if self._has(row, category) else None for category in CATEGORIES]
            cells += [
                row.gep_per_km2 / 1e4 if is_known(row.gep_per_km2) else None,
                row.gep_per_head,
                row.gep_per_gdp,
                f"{row.services_accounted or self._count_quantities(row)}/{row.services_counted}",
                w[f"state_{row.state}"],
            ]
            rows.append(Row(tuple(cells)))
        if self.accounted:
            sums = [
                self._money(_sum(getattr(row, category) for row in self.accounted if self._has(row, category)))
                if any(self._has(row, category) for row in self.accounted)
                else None
                for category in CATEGORIES
            ]
            numbers = sorted({row.services_accounted for row in self.accounted})
            most = max(row.services_counted for row in self.accounted)
            covered = f"{numbers[0]}/{most}" if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}/{most}"
            rows.append(Row(("", w["total"], "", self._money(self.whole), *sums, None, None, None, covered, ""), SUM))
        columns = (
            Column("rank", w["y_rank"]),
            Column("county", w["county"]),
            Column("code", w["code"]),
            Column("gep", self.called, MONEY, self.unit),
            *(Column(name, title[self.lang], MONEY, self.unit) for name, title in CATEGORIES.items()),
            Column("per_km2", w["gep_per_km2"], NUMBER, w["per_km2_unit"], 2),
            Column("per_head", w["gep_per_head"], NUMBER, w["per_head_unit"], 0),
            Column("per_gdp", w["gep_per_gdp"], SHARE),
            Column("covered", w["covered"]),
            Column("state", w["state"]),
        )
        if self.profile.physical:  # nothing in money to rank by
            kept = [at for at, one in enumerate(columns) if one.id in {"county", "code", "covered", "state"}]
            rows = [Row(tuple(row.cells[at] for at in kept), row.kind) for row in rows]
            return Table("ranking", "1", w["y_covered_counties"], tuple(columns[at] for at in kept), tuple(rows), small=True)
        return Table("ranking", "1", w["y_ranking"], columns, tuple(rows), w["y_ranking_note"], small=True)

    def _has(self, row: YearbookRow, category: str) -> bool:
        return any(one.category == category and one.status == "accounted" for one in self.services.get(row.county, []))

    def _quantities(self) -> Table:
        """Return what services come to over the counties in quantities; a unit a row."""
        w, sums = self.words, dict[tuple[str, str], list[float]]()
        for found in self.services.values():
            for one in found:
                if one.quantity is not None:
                    sums.setdefault((one.service, one.quantity_unit or ""), []).append(one.quantity)
        rows = [
            Row(
                (
                    title[self.lang],
                    str(len(several)),
                    format_amount(math.fsum(several), print_unit_in(unit, self.lang), self.lang),
                )
            )
            for service, (_, title) in SERVICE_TITLES.items()
            for (name, unit), several in sums.items()
            if name == service
        ]
        columns = (Column("service", w["service"]), Column("counties", w["y_counties"]), Column("quantity", w["quantity"]))
        return Table("services", "3", w["y_by_service"], columns, tuple(rows), w["rounding"])

    def _prefectures(self) -> Table:
        w = self.words
        groups: dict[str, list[YearbookRow]] = {}
        for row in self.accounted:
            groups.setdefault(row.county[:PREFECTURE_DIGITS] + "00", []).append(row)
        rows = [
            Row(
                (
                    self.name(code),
                    str(len(found)),
                    self._money(_sum(row.gep for row in found)),
                    _sum(row.gep for row in found) / self.whole if self.whole > 0 else None,
                )
            )
            for code, found in sorted(groups.items())
        ]
        columns = (
            Column("prefecture", w["y_prefecture"]),
            Column("counties", w["y_counties"]),
            Column("gep", self.called, MONEY, self.unit),
            Column("share", w["share"], SHARE),
        )
        return Table("prefectures", "2", w["y_by_prefecture"], columns, tuple(rows))

    def _quantified(self) -> list[str]:
        """Return the codes of counties with a service that has a quantity and no value."""
        return [county for county, found in self.services.items() if any(one.status == QUANTITY for one in found)]

    def _count_quantities(self, row: YearbookRow) -> int:
        return sum(one.status == QUANTITY for one in self.services.get(row.county, []))

    def _by_service(self) -> Table:
        if not self.accounted and self._quantified():
            return self._quantities()
        w = self.words
        rows = []
        for service, (_, title) in SERVICE_TITLES.items():
            found = [
                one.value
                for all_of in self.services.values()
                for one in all_of
                if one.service == service and one.status == "accounted"
            ]
            if found:
                rows.append(
                    Row(
                        (
                            title[self.lang],
                            str(len(found)),
                            self._money(_sum(found)),
                            _sum(found) / self.whole if self.whole > 0 else None,
                        )
                    )
                )
        columns = (
            Column("service", w["service"]),
            Column("counties", w["y_counties"]),
            Column("value", w["value"], MONEY, self.unit),
            Column("share", w["share"], SHARE),
        )
        return Table("services", "3", w["y_by_service"], columns, tuple(rows), w["rounding"])

    def _figures(self) -> dict[str, Figure]:
        if not read_polygons(self.area.code[:PROVINCE_DIGITS]):
            return {}
        found = {}
        for identity, key, scale, unit in (
            ("map", "gep_per_km2", 1e4, self.words["f_map_unit"]),
            ("map_head", "gep_per_head", 1.0, self.words["per_head_unit"]),
        ):
            points = [
                Point(row.county, getattr(row, key) / scale, row.county)
                for row in self.accounted
                if is_known(getattr(row, key)) and row.county in read_regions()
            ]
            if points:
                found[identity] = map_figure(
                    identity,
                    f"{self.words[key]}, {self.year}" if self.lang == "en" else f"{self.year} 年{self.words[key]}",
                    points,
                    "",
                    "",
                    self.words,
                    unit,
                    self.year,
                )
        return found

    def _page(self, rank: int, row: YearbookRow) -> Page:
        w = self.words
        total = row.gep if row in self.accounted else None
        heads = []
        if is_known(row.gep_per_km2):
            heads.append(
                Headline(
                    "gep_per_km2", w["gep_per_km2"], row.gep_per_km2, format_fixed(row.gep_per_km2 / 1e4, 2), w["per_km2_unit"]
                )
            )
        if is_known(row.gep_per_head):
            heads.append(
                Headline(
                    "gep_per_head", w["gep_per_head"], row.gep_per_head, format_fixed(row.gep_per_head, 2), w["per_head_unit"]
                )
            )
        if is_known(row.gep_per_gdp):
            heads.append(Headline("gep_per_gdp", w["gep_per_gdp"], row.gep_per_gdp, format_share(row.gep_per_gdp), ""))
        rows = []
        for one in self.services.get(row.county, []):
            if one.status == "excluded":
                continue
            part = one.value / total if is_known(one.value) and is_known(total) and total > 0 else None
            status = STATUS[one.status][self.lang]
            if one.status == QUANTITY and one.quantity is not None:
                status += get_colon(self.lang) + format_amount(
                    one.quantity, print_unit_in(one.quantity_unit or "", self.lang), self.lang
                )
            rows.append(Row((SERVICE_TITLES[one.service][1][self.lang], status, self._money(one.value), part)))
        if not self.profile.physical:
            rows.append(Row((self.called, "", self._money(total), 1.0 if is_known(total) and total > 0 else None), SUM))
        columns: tuple[Column, ...] = (
            Column("service", w["service"]),
            Column("status", w["status"]),
            Column("value", w["value"], MONEY, self.unit),
            Column("share", w["share"], SHARE),
        )
        if self.profile.physical:
            columns, rows = columns[:2], [Row(one.cells[:2], one.kind) for one in rows]
        only = self._count_quantities(row)
        sentence = (
            w.say("coverage_quantities", counted=row.services_counted, count=only)
            if only
            else w.say(
                "coverage_whole" if row.services_counted == row.services_accounted else "coverage",
                counted=row.services_counted,
                accounted=row.services_accounted,
            )
        )
        return Page(
            row.county,
            self.name(row.county),
            rank,
            Headline("gep", w["quantities_only"], None, f"{only}/{row.services_counted}", w["quantities_unit"])
            if self.profile.physical
            else Headline(
                "gep", w["gep"] if self.called == "GEP" else self.called, total, print_cell(self._money(total), _MONEY), self.unit
            ),
            tuple(heads),
            sentence,
            w[f"state_{row.state}"],
            str(row.results_sha256),
            Table(f"county_{row.county}", "", "", columns, tuple(rows)),
        )
