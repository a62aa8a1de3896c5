"""How far the values of a report may be off: bands by draws, the numbers that move the total most, and the change beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.messages.numbers import format_fixed, format_share
from gep.messages.tables import MONEY, RATIO, SUM, Cell, Column, Row, Table
from gep.reference.members import find_member_title, is_ecosystem

if TYPE_CHECKING:
    from gep.reports.tables import Tables
    from gep.reports.words import Words
    from gep.uncertainty.simulate import Band, Swing, Uncertainty
    from gep.uncertainty.together import ChangeBand

SHARES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Bands:
    """How sure an account is, and its change from the year it is compared with, if there is one."""

    account: Uncertainty
    change: ChangeBand | None = None


def list_bands(bands: Bands | None, tables: Tables, words: Words) -> Table:
    """Return the total and the services with the quantiles of the draws; no rows where nobody asked."""
    rows = []
    if bands is not None:
        found = bands.account
        rows = [
            _band(found.total, words["gep"], tables, SUM),
            *(_band(one, tables.service(one.id), tables) for one in found.services),
        ]
        if bands.change is not None:
            title = words.say("change_band", year=bands.change.years[0])
            rows.append(_band(bands.change.change, title, tables, SUM))
    columns = (
        Column("service", words["service"]),
        Column("value", words["as_stored"], MONEY, tables.unit),
        Column("mean", words["mean_of_draws"], MONEY, tables.unit),
        *(Column(f"p{100 * share:g}", f"{100 * share:g} %", MONEY, tables.unit) for share in SHARES),
    )
    return Table("bands", "J2", words["bands"], columns, tuple(rows), _note(bands, words) if bands else "")


def list_swings(bands: Bands | None, tables: Tables, words: Words) -> Table:
    """Return the numbers that move the total most, each alone; their shares of the variance where they were asked for."""
    swings = [one for one in bands.account.swings if one.width] if bands else []
    rows = []
    for one in swings:
        cells: tuple[Cell, ...] = (
            _name(one, tables, words),
            tables.money(one.at_low),
            tables.money(one.at_high),
            one.first,
            one.total,
        )
        rows.append(Row(cells))
    columns: tuple[Column, ...] = (
        Column("factor", words["factor"]),
        Column("at_low", words["at_5"], MONEY, tables.unit),
        Column("at_high", words["at_95"], MONEY, tables.unit),
        Column("first", words["first_order"], RATIO, decimals=2),
        Column("total", words["total_order"], RATIO, decimals=2),
    )
    if not any(one.first is not None for one in swings):
        columns, rows = columns[:3], [Row(row.cells[:3]) for row in rows]
    return Table("swings", "J3", words["swings"], columns, tuple(rows), words["swings_note"] if rows else "", small=True)


def _band(band: Band, title: str, tables: Tables, kind: str = "") -> Row:
    numbers = (band.value, band.mean, *(band.quantiles[share] for share in SHARES))
    return Row((title, *(tables.money(one) for one in numbers)), kind)


def _name(swing: Swing, tables: Tables, words: Words) -> str:
    parameter = swing.parameter
    if parameter.spread.kind in {"maps", "confusion"}:
        return words[f"land_by_{parameter.spread.kind}"]
    members = " ".join(
        find_member_title("ecosystem" if is_ecosystem(name) else "product", name)[words.lang] for name in parameter.member.split()
    )
    return f"{tables.leaf(parameter.leaf)} {members}".strip()


def _note(bands: Bands, words: Words) -> str:
    """Say how the bands were made, of how much nothing is known, and whether the change is more than they are wide."""
    found = bands.account
    parts = [
        words.say("bands_made", draws=f"{found.draws:,}", seed=found.seed),
        words.say("bands_known", known=found.parameters, all=found.numbers, share=format_share(found.covered)),
    ]
    change = bands.change
    if change is not None:
        sure = "change_outside" if change.outside else "change_inside"
        parts.append(words.say(sure, year=change.years[0], share=format_fixed(100 * change.increase, 0)))
    return words["sentence_space"].join(parts)
