"""Statements about accounts by equivalent factors: their totals are not called GEP, and a note says what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gep.messages.layout import get_comma
from gep.messages.texts import translate

if TYPE_CHECKING:
    from collections.abc import Collection

    from gep.messages.tables import Table
    from gep.statements.statement import Statement


def name_totals(lang: str, runs: Collection[object], not_gep: Collection[object]) -> str:
    """Return what the totals of some runs are called: GEP; equivalent value where all are; value where only some are."""
    are = {run in not_gep for run in runs}
    if True not in are:
        return translate(lang, "GEP")
    return translate(lang, "value") if False in are else translate(lang, "equivalent value")


def say_equivalents(lang: str, runs: Collection[object], not_gep: Collection[object]) -> str:
    """Return a sentence on which of some runs have totals by equivalent factors; at least one has."""
    if all(run in not_gep for run in runs):
        return translate(lang, "The totals are values by equivalent factors, not GEP.")
    which = get_comma(lang).join(str(run) for run in sorted({run for run in runs if run in not_gep}, key=str))
    return translate(lang, "The totals of run {runs} are values by equivalent factors, not GEP.", runs=which)


def tell_equivalents(found: Statement, runs: Collection[object], not_gep: Collection[object]) -> Statement:
    """Return a statement about some runs without calling GEP what are values by equivalent factors, and with a note that says so.

    Parameters
    ----------
    runs    : that the statement is about, by number; of many by the id of their standard
    not_gep : those whose totals are values by equivalent factors
    """
    if not any(run in not_gep for run in runs):
        return found
    lang = found.lang
    gep, name = translate(lang, "GEP"), name_totals(lang, runs, not_gep)
    tables = tuple(_rename(table, gep, name) for table in found.tables)
    note = say_equivalents(lang, runs, not_gep)
    return replace(found, title=found.title.replace(gep, name).replace("GEP", name), tables=tables, notes=(*found.notes, note))


def _rename(table: Table, gep: str, name: str) -> Table:
    rows = tuple(replace(row, cells=tuple(name if cell == gep else cell for cell in row.cells)) for row in table.rows)
    return replace(table, rows=rows)
