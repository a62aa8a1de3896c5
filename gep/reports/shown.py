"""The table of figures that the standard only shows: value of a hectare, share of GDP, sums of its own; in no total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.account.missing import explain_missing
from gep.messages.numbers import is_known
from gep.messages.tables import NUMBER, Column, Row, Table
from gep.rules.service import SHOWN
from gep.units.readable import print_unit_readable

if TYPE_CHECKING:
    from gep.reports.stored import Stored
    from gep.reports.words import Words


def list_shown_figures(stored: Stored, words: Words) -> Table:
    """T-H6: what the standard only shows, with its formula, or what it lacks."""
    formulas = {
        step.rule.id: str(stored.rebuilt.rule_of[step.rule.id]["formula"])
        for step in stored.rebuilt.steps
        if step.variant == SHOWN
    }
    rows, own = [], stored.rebuilt.standard.own.leaves
    for one in stored.shown:
        known = is_known(one.value)
        lacks = "" if known else words["lacks"] + explain_missing(one.missing or "", words.lang, stored.head.year, own)
        unit = print_unit_readable(one.unit, words.lang)
        cells = (one.name(words.lang), one.value if known else None, unit, lacks or formulas[one.figure])
        rows.append(Row(cells))
    columns = (
        Column("figure", words["index_name"]),
        Column("value", words["value"], NUMBER),
        Column("unit", words["unit"]),
        Column("formula", words["shown_formula"]),
    )
    return Table("shown", "H6", words["shown"], columns, tuple(rows), words["shown_note"] if rows else "", small=True)
