"""The tables of a county report, T-A to T-I of the field's practice; cells hold numbers, unrounded, in their column's unit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gep.account.missing import explain_missing
from gep.compare.words import name_input, say_ends, shorten_inputs
from gep.explain.rebuild import print_address
from gep.formula.check import is_priced
from gep.formula.nodes import Coefficient, Observed
from gep.messages.citing import cite
from gep.messages.numbers import is_known
from gep.messages.tables import GROUP, MARK, MINOR, MONEY, NUMBER, RATIO, SHARE, SUM, Cell, Column, Row, Table
from gep.messages.texts import say_in
from gep.messages.words import CAUSE_WORDS, STATUS, pick_language
from gep.reference.members import find_ecosystem, find_member_title, list_types_above, order_ecosystems, read_ecosystems
from gep.reference.regions import describe_change
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.reports.comparison import compare_with_last_year
from gep.rules.catalogue import SERVICES
from gep.units.money import FEN_PER_YUAN
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gep.formula.nodes import Leaf
    from gep.reports.stored import Stored
    from gep.reports.words import Words
    from gep.rules.service import Service
    from gep.store.accounts import AccountHead

ACCOUNTED, EXCLUDED = "accounted", "excluded"
AREA = "area"
LOCAL = "local"
"""Mark of a coefficient or price that the county entered itself."""


class Tables:
    """Makes the tables of one account in one language."""

    def __init__(self, stored: Stored, words: Words, scale: float, unit: str) -> None:
        self.stored, self.words, self.scale, self.unit = stored, words, scale, unit
        self.lang = words.lang
        self.head = stored.head

    def money(self, value: float | None) -> float | None:
        """Return yuan in the money unit of the report."""
        return value / self.scale if is_known(value) else None

    def service(self, identity: str) -> str:
        """Return the name of a service."""
        return SERVICE_TITLES[identity][1][self.lang] if identity in SERVICE_TITLES else identity

    def ecosystem(self, identity: str) -> str:
        """Return the name of an ecosystem type; empty is the county as a whole."""
        return find_member_title("ecosystem", identity)[self.lang] if identity else self.words["whole"]

    def members(self, row: dict[str, Any]) -> str:
        """Return ecosystem type, pollutant and product of a row, in words."""
        parts = [find_member_title(axis, row[axis])[self.lang] for axis in ("ecosystem", "pollutant") if row[axis]]
        return " ".join([*parts, *([find_member_title("product", row["product"])[self.lang]] if row["product"] else [])])

    @property
    def services(self) -> Mapping[str, Service]:
        """Return all services with their lines, those of the account's standard among them."""
        return self.stored.rebuilt.standard.known_services

    def find_leaf(self, identity: str) -> Leaf | None:
        """Return a variable or coefficient of the program or of the account's standard; None where there is none."""
        found = VARIABLES.get(identity)
        return self.stored.rebuilt.standard.known_leaves.get(identity) if found is None else found

    def _coefficient(self, identity: str) -> Coefficient | None:
        found = self.find_leaf(identity)
        return found if isinstance(found, Coefficient) else None

    def leaf(self, identity: str) -> str:
        """Return the name of a variable or coefficient."""
        found = self.find_leaf(identity)
        return self.words.wide(found.title[self.lang]) if found is not None else identity

    def _money_column(self, identity: str, title: str) -> Column:
        return Column(identity, title, MONEY, self.unit)

    def extent(self) -> Table:
        """T-A: area by ecosystem type in two levels, share, and change where an earlier year is stored."""
        w = self.words
        areas = _areas(self.stored.inputs)
        earlier = self.stored.earlier
        old = _areas([{**row, "variable": AREA} for row in earlier.areas]) if earlier else {}
        whole = sum(value for name, value in areas.items())
        columns = [
            Column("ecosystem", w["ecosystem"]),
            Column("area", w["area"], NUMBER, "km²", 2),
            Column("share", w["share"], SHARE),
        ]
        if old:
            columns.append(Column("change", w.say("change_since", year=earlier.year if earlier else ""), NUMBER, "km²", 2))
        rows = []

        def add(name: str, value: float, before: float | None, kind: str = "") -> None:
            cells: list[Cell] = [name, value, value / whole if whole else None]
            if old:
                cells.append(None if before is None else value - before)
            rows.append(Row(tuple(cells), kind))

        known = {name: found for name in order_ecosystems({*read_ecosystems(), *areas, *old}) if (found := find_ecosystem(name))}
        for top in [one for one in known.values() if not one.parent]:
            below = [one for one in known.values() if one.parent == top.id and areas.get(one.id)]
            if below:
                family = [top.id, *(one.id for one in known.values() if one.parent == top.id)]
                before = sum(old[name] for name in family if name in old) if any(name in old for name in family) else None
                add(self.ecosystem(top.id), sum(areas.get(name, 0.0) for name in family), before)
                for one in below:
                    add(self.ecosystem(one.id), areas[one.id], old.get(one.id), MINOR)
            elif areas.get(top.id):
                add(self.ecosystem(top.id), areas[top.id], old.get(top.id))
        if rows:
            add(w["total"], whole, sum(old.values()) if old else None, SUM)
        return Table("extent", "A", w["extent"], tuple(columns), tuple(rows), w["extent_note"] if rows else w["no_extent"])

    def catalogue(self) -> Table:
        """T-B: every service, whether it is in, and why not."""
        w = self.words
        choices = self.stored.rebuilt.standard.choices
        rows = []
        for category, title in CATEGORIES.items():
            rows.append(Row((title[self.lang], None, None, None, None), GROUP))
            for one in self.stored.services:
                if one.category != category:
                    continue
                reason = pick_language(one.reason or "", self.lang)
                if one.missing:
                    reason = w["lacks"] + explain_missing(
                        one.missing, self.lang, self.head.year, self.stored.rebuilt.standard.own.leaves
                    )
                choice = choices.get(one.service)
                status = STATUS[one.status][self.lang]
                rows.append(
                    Row(
                        (
                            self.service(one.service),
                            status,
                            w.wide(reason),
                            w.wide(pick_language(choice.clause, self.lang)) if choice else "",
                            choice.mark if choice else "",
                        )
                    )
                )
        columns = (
            Column("service", w["service"]),
            Column("status", w["status"]),
            Column("reason", w["reason"]),
            Column("clause", w["clause"]),
            Column("mark", w["mark"], MARK),
        )
        return Table("catalogue", "B", w["catalogue"], columns, tuple(rows), small=True)

    def quantities(self) -> Table:
        """T-C: physical quantities with unit and method variant."""
        w = self.words
        rows = []
        headlines = {one.service: one for one in self.stored.services if SERVICES[one.service].headline is not None}
        if self.stored.physical:  # the lines of such an account are its quantities
            headlines = {}
        for row in self.stored.lines:
            whole = headlines.pop(row["service"], None)
            if whole is not None and whole.quantity is not None and is_known(whole.quantity):
                title = SERVICES[whole.service].headline.title[self.lang]  # type: ignore[union-attr]  # it has one
                cells = (
                    f"{self.service(whole.service)} · {title}",
                    "",
                    whole.quantity,
                    self.words.unit(whole.quantity_unit or ""),
                    "",
                )
                rows.append(Row(cells))
            if not is_known(row["quantity"]):
                continue
            name, item = self._line(row)
            rows.append(
                Row((name, item, row["quantity"], self.words.unit(row["quantity_unit"] or ""), self._variant(row["line"])))
            )
        columns = (
            Column("service", w["service"]),
            Column("item", w["item"]),
            Column("quantity", w["quantity"], NUMBER),
            Column("unit", w["unit"]),
            Column("variant", w["variant"]),
        )
        return Table("quantities", "C", w["quantities"], columns, tuple(rows), "" if rows else w["no_quantities"])

    def _line(self, row: dict[str, Any]) -> tuple[str, str]:
        titles = {line.id: line.title for service in self.services.values() for line in service.lines}
        title, service = titles[row["line"]][self.lang], self.service(row["service"])
        axis, name = ("pollutant", row["pollutant"]) if row["pollutant"] else ("product", row["item"] or "")
        item = find_member_title(axis, name)[self.lang]
        return (title if title == service else f"{service} · {title}"), item

    def _variant(self, line: str) -> str:
        found = next((one for service in self.services.values() for one in service.lines if one.id == line), None)
        names = {rule.id for rule in found.quantities} if found else set()
        steps = self.stored.rebuilt.evaluation.steps
        rules = self.stored.rebuilt.standard.known_rules
        ways = {name: rules[name].variants.get(steps[name].variant) for name in sorted(names) if name in steps}
        said_ways = dict.fromkeys(way.title[self.lang] if way else steps[name].variant for name, way in ways.items())
        return self.words.join([self.words.wide(way) for way in said_ways])

    def prices(self, asked: set[str]) -> Table:
        """T-D: prices: as printed, in whose year's yuan, the index to the account's year, as used, and the source."""
        w = self.words
        rows = []
        for row in self.stored.inputs:
            leaf = self._coefficient(row["variable"])
            if leaf is None or row["variable"] not in asked or not is_priced(leaf):
                continue
            same = row["price_year"] in {0, None, self.head.year}
            rows.append(
                Row(
                    (
                        self.leaf(leaf.id),
                        self.members(row),
                        row["value"],
                        self.words.unit(leaf.unit),
                        str(row["price_year"] or ""),
                        1.0 if same else None,
                        row["value"] if same else None,
                        row["source"] or "",
                        LOCAL,
                    )
                )
            )
        for row in self.stored.used:
            leaf = self._coefficient(row["coefficient"])
            if leaf is None or row["coefficient"] not in asked or not is_priced(leaf):
                continue
            ratio = row["ratio"] if row["price_year"] else 1.0
            used = row["computed"] * ratio if is_known(ratio) else None
            rows.append(
                Row(
                    (
                        self.leaf(leaf.id),
                        self.members(row),
                        row["computed"],
                        self.words.unit(leaf.unit),
                        str(row["price_year"]) if row["price_year"] else "",
                        ratio,
                        used,
                        say_in(cite(row["source"], row["locator"]), self.lang),
                        row["mark"],
                    )
                )
            )
        columns = (
            Column("price", w["price"]),
            Column("member", w["member"]),
            Column("given", w["printed"], NUMBER),
            Column("unit", w["unit"]),
            Column("price_year", w["price_year"]),
            Column("index", w["index"], RATIO, decimals=4),
            Column("used", w["used"], NUMBER),
            Column("source", w["source"]),
            Column("mark", w["mark"], MARK),
        )
        return Table(
            "prices", "D", w["prices_table"], columns, tuple(rows), w["prices_note"] if rows else w["no_prices"], small=True
        )

    def values(self) -> Table:
        """T-E: value of every accounted service, current and constant prices, share of the total."""
        w, head = self.words, self.head
        constant_year = head.constant_year
        whole = head.gep
        rows = []

        def add(name: str, value: float | None, constant: float | None, kind: str) -> None:
            part = value / whole if is_known(value) and is_known(whole) and whole > 0 else None
            cells: list[Cell] = [name, self.money(value)]
            if constant_year:
                cells.append(self.money(constant))
            rows.append(Row((*cells, part), kind))

        for category, title in CATEGORIES.items():
            inside = [one for one in self.stored.services if one.category == category and one.status == ACCOUNTED]
            for one in inside:
                add(self.service(one.service), one.value, one.value_constant, MINOR)
            add(title[self.lang], getattr(head, category), getattr(head, f"{category}_constant"), SUM)
        name = "GEP" if self.stored.rebuilt.standard.measures == "gep" else w["title_of_equivalents"]
        add(name, whole, head.gep_constant, SUM)
        below = [row for row in self.stored.lines if not row["detail"] and is_known(row["value"]) and row["value"] < 0]
        if below:
            constants = [row["value_constant"] for row in below]
            constant = sum(constants) if all(is_known(one) for one in constants) else None
            add(w["of_which_negative"], sum(row["value"] for row in below), constant, "")
        rows = [] if self.stored.physical else rows
        columns = [Column("service", w["service"]), self._money_column("value", w["current"])]
        if constant_year:
            columns.append(self._money_column("value_constant", w.say("constant", year=constant_year)))
        columns.append(Column("share", w["share"], SHARE))
        return Table("value", "E", w["value_table"], tuple(columns), tuple(rows), w["rounding"])

    def matrix(self) -> Table:
        """T-F: value by service and first-level ecosystem type; what is not spread over types stands apart."""
        w = self.words
        cells = _by_top(self.stored.ecosystems)
        services = [one for one in self.stored.services if one.status == ACCOUNTED]
        tops = [
            one.id
            for one in read_ecosystems().values()
            if not one.parent and any((service.service, one.id) in cells for service in services)
        ]
        columns = [
            Column("service", w["service"]),
            *(self._money_column(name, self.ecosystem(name)) for name in tops),
            self._money_column("whole", w["whole"]),
            self._money_column("total", w["total"]),
        ]
        rows = []
        if tops:
            for one in services:
                row = [cells.get((one.service, name)) for name in (*tops, "")]
                rows.append(Row((self.service(one.service), *(self.money(value) for value in row), self.money(one.value))))
            sums = [[value for one in services if (value := cells.get((one.service, name))) is not None] for name in (*tops, "")]
            rows.append(
                Row(
                    (w["total"], *(self.money(sum(column)) if column else None for column in sums), self.money(self.head.gep)),
                    SUM,
                )
            )
        return Table("matrix", "F", w["matrix"], tuple(columns), tuple(rows), w["matrix_note"] if rows else "", small=True)

    def quantity_matrix(self) -> Table:
        """Physical quantity by service and first-level ecosystem type, for lines whose quantity is computed type by type."""
        w, evaluation = self.words, self.stored.rebuilt.evaluation
        labels = list(self.stored.rebuilt.labels.ecosystem)
        tops = [one.id for one in read_ecosystems().values() if not one.parent]
        found: list[tuple[str, str, str, dict[str, float], float]] = []
        for row in self.stored.lines:
            if row["detail"] or not is_known(row["quantity"]):
                continue
            name, item = self._line(row)
            types = {one["ecosystem"] for one in self.stored.ecosystems if one["service"] == row["service"] and one["ecosystem"]}
            types = {one for one in labels if one} if self.stored.physical else types
            by_top: dict[str, float] = {}
            for rule in self._quantity_rules(row["line"]):
                cells = evaluation.results.get(rule)
                if cells is None or cells.shape[1] != len(labels) or cells.shape[2] > 1 or cells.shape[3] > 1:
                    continue
                for one in sorted(
                    types, key=labels.index
                ):  # one order, or the last digit of a sum differs from process to process
                    value = float(cells[0, labels.index(one), 0, 0])
                    if self.stored.physical and not is_known(value):
                        continue
                    top = list_types_above(one)[-1]
                    by_top[top] = by_top.get(top, 0.0) + value
            if by_top and not math.isclose(sum(by_top.values()), row["quantity"], rel_tol=1e-9):
                by_top = {}
            parts = f"{name.partition(' · ')[2]} {item}".strip()
            found.append(
                (self.service(row["service"]), parts, self.words.unit(row["quantity_unit"] or ""), by_top, row["quantity"])
            )
        used = [top for top in tops if any(top in one[3] for one in found)]
        rows = [
            Row((service, parts, unit, *(by_top.get(top) for top in used), None if by_top else quantity, quantity))
            for service, parts, unit, by_top, quantity in found
        ]
        columns = (
            Column("service", w["service"]),
            Column("item", w["item"]),
            Column("unit", w["unit"]),
            *(Column(top, self.ecosystem(top), NUMBER) for top in used),
            Column("whole", w["whole"], NUMBER),
            Column("total", w["total"], NUMBER),
        )
        return Table("quantity_matrix", "C2", w["quantity_matrix"], columns, tuple(rows), small=True)

    def _quantity_rules(self, line: str) -> list[str]:
        found = next((one for service in self.services.values() for one in service.lines if one.id == line), None)
        return [rule.id for rule in found.quantities] if found else []

    def matrix_detail(self) -> Table:
        """T-F in full: value by service and second-level type, one row each."""
        w = self.words
        order = order_ecosystems({row["ecosystem"] for row in self.stored.ecosystems})
        rows = sorted(
            (row for row in self.stored.ecosystems if row["ecosystem"] and is_known(row["value"])),
            key=lambda row: (list(SERVICE_TITLES).index(row["service"]), order.index(row["ecosystem"])),
        )
        shown = tuple(
            Row((self.service(row["service"]), self.ecosystem(row["ecosystem"]), self.money(row["value"]))) for row in rows
        )
        columns = (Column("service", w["service"]), Column("ecosystem", w["ecosystem"]), self._money_column("value", w["value"]))
        return Table("matrix_detail", "F2", w["matrix_detail"], columns, shown, small=True)

    def indices(self) -> Table:
        """T-H: GEP per km², per head and over GDP, with the figure each was divided by."""
        w, head = self.words, self.head
        bases = {row["variable"]: row for row in self.stored.inputs if row["variable"] in {"land_area", "population", "gdp"}}
        wan = 1e4
        rows = []
        for key, variable, scale, unit in (
            ("gep_per_km2", "land_area", wan, w["per_km2_unit"]),
            ("gep_per_head", "population", 1.0, w["per_head_unit"]),
            ("gep_per_gdp", "gdp", 1.0, ""),
        ):
            if is_known(getattr(head, key)):
                base = bases[variable]
                rows.append(
                    Row(
                        (
                            w[key],
                            getattr(head, key) / scale,
                            unit,
                            f"{self.leaf(variable)} {base['value_given']} {w.unit(base['unit_given'] or '')}".strip(),
                            base["address"],
                        )
                    )
                )
        columns = (
            Column("index", w["index_name"]),
            Column("value", w["value"], NUMBER),
            Column("unit", w["unit"]),
            Column("base", w["divided_by"]),
            Column("address", w["address"]),
        )
        return Table("indices", "H", w["indices"], columns, tuple(rows), "" if rows else w["no_indices"])

    def series(self) -> Table:
        """All years of the county in the store under the same standard; growth only between years that cover the same services."""
        w = self.words
        rows: list[Row] = []
        before: AccountHead | None = None
        for one in self.stored.series if len(self.stored.series) > 1 and not self.stored.physical else []:
            same = before is not None and one.services_accounted == before.services_accounted
            growth = one.gep / before.gep - 1 if before and same and is_known(one.gep) and before.gep else None
            constant = None
            common = before and same and one.constant_year and one.constant_year == before.constant_year
            if before and common and is_known(one.gep_constant) and before.gep_constant:
                constant = one.gep_constant / before.gep_constant - 1
            rows.append(
                Row(
                    (
                        str(one.year),
                        self.money(one.gep),
                        self.money(one.gep_constant),
                        str(one.constant_year or ""),
                        f"{one.services_accounted}/{one.services_counted}",
                        growth,
                        constant,
                        str(one.run),
                    )
                )
            )
            before = one
        columns = (
            Column("year", w["year"]),
            self._money_column("gep", w["gep_current"]),
            self._money_column("gep_constant", w["gep_constant"]),
            Column("constant_year", w["price_year"]),
            Column("covered", w["covered"]),
            Column("growth", w["growth"], SHARE),
            Column("growth_constant", w["growth_constant"], SHARE),
            Column("run", w["run"]),
        )
        change = say_in(describe_change(one.county for one in self.stored.series), w.lang)
        note = f"{w['series_note']} {change}" if rows and change else w["series_note"]
        return Table("series", "H2", w["series"], columns, tuple(rows), note)

    def quantity_series(self) -> Table:
        """Quantity of each line in all years of the county in the store, of an account without prices."""
        w, years = self.words, self.stored.lines_of_years
        found: dict[tuple[str, str, str], dict[int, float]] = {}
        for year, lines in years.items() if len(years) > 1 else ():
            for row in lines:
                if row["detail"] or not is_known(row["quantity"]):
                    continue
                of_line = found.setdefault((*self._line(row), self.words.unit(row["quantity_unit"] or "")), {})
                of_line[year] = row["quantity"]
        rows = [Row((*name, *(of_line.get(year) for year in years))) for name, of_line in found.items()]
        columns = (
            Column("service", w["service"]),
            Column("item", w["item"]),
            Column("unit", w["unit"]),
            *(Column(f"y{year}", str(year), NUMBER) for year in years),
        )
        return Table("quantity_series", "H5", w["series"], columns, tuple(rows), small=True)

    def change(self) -> Table:
        """Changes of each service since the earlier year, and the parts of each: quantity, price, coefficients, coverage."""
        w, earlier = self.words, self.stored.earlier
        found = compare_with_last_year(self.stored)
        rows = [
            Row(
                (
                    self.service(one.service),
                    self.money(one.before),
                    self.money(one.after),
                    self.money(one.change),
                    self.money(one.quantity),
                    self.money(one.price),
                    self.money(one.coefficient),
                    self.money(one.coverage),
                )
            )
            for one in found
        ]
        both = [one for one in found if one.change is not None]
        if rows:
            sums: list[Cell] = [
                self.money(sum(getattr(one, part) for one in both)) if both else None
                for part in ("before", "after", "change", "quantity", "price", "coefficient", "coverage")
            ]
            rows.append(Row((w["in_both"], *sums), SUM))
        year = earlier.year if earlier else ""
        columns = (
            Column("service", w["service"]),
            self._money_column("before", str(year)),
            self._money_column("after", str(self.head.year)),
            self._money_column("change", w["change"]),
            self._money_column("quantity", w["by_quantity"]),
            self._money_column("price", w["by_price"]),
            self._money_column("coefficient", w["by_coefficient"]),
            self._money_column("coverage", w["by_coverage"]),
        )
        return Table("change", "H3", w.say("change_title", year=year), columns, tuple(rows), w["change_note"])

    def change_inputs(self) -> Table:
        """The parts of each change down to its inputs: from what to what each went, and what it moved the service by."""
        w, earlier = self.words, self.stored.earlier
        rows = []
        for split in earlier.splits if earlier else ():
            of_service = []
            for cause, words in CAUSE_WORDS.items():
                named, others = shorten_inputs([one for one in split.inputs if one.cause == cause])
                for one in named:
                    ends = say_ends(one, self.lang, (earlier.year if earlier else 0, self.head.year))
                    of_service.append((words[self.lang], name_input(one, self.lang), ends, self.money(one.part / FEN_PER_YUAN)))
                if others:
                    part = self.money(sum(one.part for one in others) / FEN_PER_YUAN)
                    of_service.append((words[self.lang], w.say("others", count=len(others)), "", part))
            if of_service:
                rows.append(Row((self.service(split.name), None, None, None), GROUP))
                rows += [Row(cells) for cells in of_service]
        columns = (
            Column("cause", w["cause"]),
            Column("input", w["change_input"]),
            Column("ends", w["change_ends"]),
            self._money_column("part", w["change"]),
        )
        return Table("change_inputs", "H4", w["change_inputs"], columns, tuple(rows), w["change_inputs_note"], small=True)

    def inputs(self) -> Table:
        """T-I: every input as given, its source and the cell it stands in."""
        w = self.words
        unread = {(row["variable"], print_address(row)): row["whole"] for row in self.stored.rebuilt.unread}
        rows = tuple(
            Row(
                (
                    self.leaf(row["variable"]),
                    self.members(row),
                    row["value_given"],
                    row["unit_given"] or "",
                    self._source(row, unread.get((row["variable"], row["address"]))),
                    row["address"],
                    self._department(row["variable"]),
                )
            )
            for row in self.stored.inputs
        )
        columns = (
            Column("variable", w["variable"]),
            Column("member", w["member"]),
            Column("given", w["given"]),
            Column("unit", w["unit"]),
            Column("source", w["source"]),
            Column("address", w["address"]),
            Column("department", w["department"]),
        )
        return Table("inputs", "I", w["inputs"], columns, rows, w["inputs_note"], small=True)

    def _source(self, row: dict[str, Any], whole: bool | None) -> str:  # noqa: FBT001 - three states of one thing
        """Return the source of an input, its note, and where nothing reads it that its parts are counted, or nothing is."""
        note = self.words.say("remark", note=row["note"]) if row["note"] else ""
        effect = "" if whole is None else self.words["agreeing_whole" if whole else "unread"]
        return f"{row['source'] or ''}{note}{effect}"

    def _department(self, variable: str) -> str:
        """Return the department that holds an input; a coefficient in its place is the county's own."""
        leaf = self.find_leaf(variable)
        if not isinstance(leaf, Observed):
            return self.words["local"]
        return leaf.department if self.lang == "zh" else DEPARTMENTS.get(leaf.department, leaf.department)

    def coefficients(self, asked: set[str]) -> Table:
        """Every coefficient the accounted services rest on, with its source, what it was preferred to, and its mark."""
        w = self.words
        rows = []
        for row in self.stored.used:
            if row["coefficient"] not in asked:
                continue
            leaf = self._coefficient(row["coefficient"])
            ratio = row["ratio"] if row["price_year"] else 1.0
            used = row["computed"] * ratio if is_known(ratio) else None
            beaten = w.say("preferred", rows=row["beaten"]) if row["beaten"] else ""
            rows.append(
                Row(
                    (
                        self.leaf(row["coefficient"]),
                        self.members(row),
                        row["value"],
                        self.words.unit(row["unit"]),
                        used,
                        self.words.unit(leaf.unit) if leaf is not None else "",
                        say_in(cite(row["source"], row["locator"], row["region"]), self.lang) + beaten,
                        row["address"],
                        row["mark"],
                    )
                )
            )
        columns = (
            Column("coefficient", w["coefficient"]),
            Column("member", w["member"]),
            Column("given", w["printed"], NUMBER),
            Column("unit_given", w["unit"]),
            Column("used", w["used"], NUMBER),
            Column("unit", w["unit"]),
            Column("source", w["source"]),
            Column("address", w["address"]),
            Column("mark", w["mark"], MARK),
        )
        return Table(
            "coefficients", "I2", w["coefficients"], columns, tuple(rows), w["marks_note"] if rows else w["nothing"], small=True
        )


def _areas(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return the stated areas by type; 0 is stated, absent is unknown."""
    return {row["ecosystem"]: row["value"] for row in rows if row["variable"] == AREA and row["ecosystem"]}


def _by_top(rows: list[dict[str, Any]]) -> dict[tuple[str, str], float]:
    """Return values by service and first-level type."""
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        if not is_known(row["value"]):
            continue
        name = row["ecosystem"] or ""
        key = (row["service"], list_types_above(name)[-1])
        found[key] = found.get(key, 0.0) + row["value"]
    return found
