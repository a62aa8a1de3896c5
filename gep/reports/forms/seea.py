"""The account in the tables of SEEA Ecosystem Accounting: extent, supply and use in physical terms and in money, crosswalk.

Source: System of Environmental-Economic Accounting, Ecosystem Accounting (white cover, 2021): extent account (table 4.1),
supply and use of ecosystem services (tables 7.1 and 9.1), reference list of services (table 6.3). The table numbers are
recalled and were not read again. What the store cannot fill is marked `..`, never zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.numbers import is_known
from gep.messages.tables import MINOR, MONEY, NUMBER, SUM, Cell, Column, Row, Table
from gep.reference.services import SERVICE_TITLES
from gep.reports.forms.excel import begin_book
from gep.rules.catalogue import SERVICES

if TYPE_CHECKING:
    from gep.reports.model import Report
    from gep.reports.words import Words

UNKNOWN = ".."
OUTSIDE = ("none", "other", "abiotic flow, outside ecosystem services")
"""SEEA classes of services that are no ecosystem service there; they stand below the total."""
USERS = ("agriculture", "industry", "government", "households", "exports")


def write_seea(report: Report, words: Words) -> bytes:
    """Return the SEEA tables of an account as the bytes of an .xlsx file.

    Source: SEEA Ecosystem Accounting, 2021, extent account and supply and use tables.
    """
    book = begin_book(report, words)
    book.pairs(
        "SEEA EA",
        [
            (words["county"], f"{report.county} ({report.code})"),
            (words["year"], report.year),
            (words["state"], report.state.sentence),
            (words["standard"], f"{report.standard.title} ({report.standard.id})"),
            (words["note"], words["seea_note"]),
            (words["summary"], report.coverage),
        ],
    )
    for table in make_seea_tables(report, words):
        book.table(table)
    return book.content()


def make_seea_tables(report: Report, words: Words) -> list[Table]:
    """Return extent (km²), physical supply and use (units of the services), monetary supply and use, and the crosswalk.

    Source: SEEA Ecosystem Accounting, 2021.
    """
    return [
        _extent(report, words),
        _supply(report, words, money=False),
        _use(report, words, money=False),
        _supply(report, words, money=True),
        _use(report, words, money=True),
        _crosswalk(report, words),
    ]


def _extent(report: Report, words: Words) -> Table:
    """Opening extent, change and closing extent; additions and reductions are not told apart by areas alone."""
    extent = report.tables["extent"]
    has_change = any(column.id == "change" for column in extent.columns)
    names = [str(row.cells[0]) for row in extent.rows if row.kind != MINOR]
    closing = [row.cells[1] for row in extent.rows if row.kind != MINOR]
    change = [row.cells[3] if has_change else None for row in extent.rows if row.kind != MINOR]
    opening = [one - two if is_known(one) and is_known(two) else None for one, two in zip(closing, change, strict=True)]
    rows = [
        Row((words["seea_opening"], *map(_marked, opening))),
        Row((words["seea_additions"], *([UNKNOWN] * len(names)))),
        Row((words["seea_reductions"], *([UNKNOWN] * len(names)))),
        Row((words["seea_net"], *map(_marked, change))),
        Row((words["seea_closing"], *map(_marked, closing)), SUM),
    ]
    columns = (Column("entry", "km²"), *(Column(f"type_{at}", name, NUMBER, "km²") for at, name in enumerate(names, 1)))
    return Table("seea_extent", "1", words["seea_extent"], columns, tuple(rows), words["seea_marks"])


def _marked(value: Cell) -> Cell:
    return UNKNOWN if value is None else value


def _services(report: Report) -> list[str]:
    """Return the accounted services, those inside SEEA first."""
    found = [service.id for service in report.services]
    return sorted(found, key=lambda name: (SERVICES[name].seea in OUTSIDE, list(SERVICE_TITLES).index(name)))


def _title(identity: str, lang: str) -> str:
    return SERVICE_TITLES[identity][1][lang]


def _supply(report: Report, words: Words, *, money: bool) -> Table:
    """Supply of each service by ecosystem type; what is not spread over types stands apart."""
    detail = report.tables["matrix" if money else "quantity_matrix"]
    tops = detail.columns[1:-2] if money else detail.columns[3:-2]
    rows: list[Row] = []
    totals: list[list[float]] = [[] for _ in range(len(tops) + 2)]
    outside: list[Row] = []
    found = {str(row.cells[0]): row.cells for row in detail.rows if row.kind != SUM}
    for name in _services(report):
        title = _title(name, report.lang)
        if money:
            cells = found.get(title, (title, *([None] * len(tops)), report_value(report, name), report_value(report, name)))[1:]
            row = Row((title, SERVICES[name].seea, report.money_unit, *map(_marked, cells)))
            (outside if SERVICES[name].seea in OUTSIDE else rows).append(row)
            if SERVICES[name].seea not in OUTSIDE:
                for at, cell in enumerate(cells):
                    if is_known(cell):
                        totals[at].append(cell)
        else:
            own = [row for row in detail.rows if row.cells[0] == title]
            for one in own:
                made = Row((f"{title} {one.cells[1]}".strip(), SERVICES[name].seea, one.cells[2], *map(_marked, one.cells[3:])))
                (outside if SERVICES[name].seea in OUTSIDE else rows).append(made)
            if not own:
                (outside if SERVICES[name].seea in OUTSIDE else rows).extend(_goods(report, name, len(tops)))
    if money and rows:
        rows.append(
            Row((words["seea_total"], "", report.money_unit, *(sum(column) if column else UNKNOWN for column in totals)), SUM)
        )
    rows += outside
    kind = MONEY if money else NUMBER
    columns = (
        Column("service", words["service"]),
        Column("seea", words["seea_class"]),
        Column("unit", words["unit"]),
        *(Column(f"type_{at}", one.title, kind) for at, one in enumerate(tops, 1)),
        Column("whole", words["whole"], kind),
        Column("total", words["seea_supply"], kind),
    )
    key = "seea_supply_money" if money else "seea_supply_physical"
    return Table(
        key,
        "4" if money else "2",
        words[key],
        columns,
        tuple(rows),
        f"{words['seea_marks']}{words['sentence_space']}{words['seea_outside']}",
    )


def _goods(report: Report, name: str, types: int) -> list[Row]:
    """Return the physical supply of a service whose quantities are goods, one row each; nobody says which type supplies them."""
    title, seea = _title(name, report.lang), SERVICES[name].seea
    found = []
    for row in report.tables["quantities"].rows:
        service, item, quantity, unit = row.cells[:4]
        if str(service).partition(" · ")[0] == title and is_known(quantity):
            found.append(Row((f"{title} {item or ''}".strip(), seea, unit, *([UNKNOWN] * types), quantity, quantity)))
    return found or [Row((title, seea, UNKNOWN, *([UNKNOWN] * (types + 2))))]


def report_value(report: Report, service: str) -> float | None:
    """Return the value of a service in the unit of the report."""
    found = next((one.value for one in report.services if one.id == service), None)
    return found / report.money_scale if is_known(found) else None


def _use(report: Report, words: Words, *, money: bool) -> Table:
    """Use equals supply; the store does not hold who uses a service, so users are marked and the whole is not allocated."""
    supply = _supply(report, words, money=money)
    rows = [Row((*row.cells[:3], *([UNKNOWN] * len(USERS)), row.cells[-1], row.cells[-1]), row.kind) for row in supply.rows]
    kind = MONEY if money else NUMBER
    columns = (
        *supply.columns[:3],
        *(Column(name, words[f"seea_{name}"], kind) for name in USERS),
        Column("not_allocated", words["seea_unallocated"], kind),
        Column("total", words["seea_use"], kind),
    )
    key = "seea_use_money" if money else "seea_use_physical"
    return Table(
        key,
        "5" if money else "3",
        words[key],
        columns,
        tuple(rows),
        f"{words['seea_marks']}{words['sentence_space']}{words['seea_users']}",
    )


def _crosswalk(report: Report, words: Words) -> Table:
    """Every service of the report with its class in the SEEA reference list and its status."""
    status = {str(row.cells[0]): row.cells[1] for row in report.tables["catalogue"].rows}
    rows = [
        Row(
            (
                name,
                _title(name, report.lang),
                service.seea if service.seea != "none" else words["seea_none"],
                words["seea_no" if service.seea in OUTSIDE else "seea_yes"],
                status.get(_title(name, report.lang)),
            )
        )
        for name, service in sorted(SERVICES.items(), key=lambda item: list(SERVICE_TITLES).index(item[0]))
    ]
    columns = (
        Column("id", "id"),
        Column("service", words["service"]),
        Column("seea", words["seea_class"]),
        Column("inside", words["seea_inside"]),
        Column("status", words["status"]),
    )
    return Table("seea_crosswalk", "6", words["seea_crosswalk"], columns, tuple(rows))
