"""The price index: what the program has, and the years after it, entered by an administrator with their source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.coefficients.shipped import read_shipped_tables
from gep.inputs.workbook.layout import list_units
from gep.messages.problems import Problems
from gep.messages.texts import say
from gep.office.index_entry import write_index_year
from gep.office.price_index import INDEX, read_index_years
from gep.office.rights import Action
from gep.variables.base import price_index
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show_index(ask: Ask) -> Response:
    return _draw(ask, {})


def _draw(ask: Ask, typed: dict[str, str], status: int = 200, problems: Problems | None = None) -> Response:
    entered = read_index_years(ask.office)
    shipped = sorted(read_shipped_tables().price_index[INDEX].items(), reverse=True)
    return show(
        ask,
        "price_index.html",
        status,
        entered=entered,
        shipped=shipped,
        units=list_units(price_index),
        typed={"year": str(entered.next), "value": "", "unit": "%", "source": "", **typed},
        problems=problems.problems if problems else (),
        tab="index",
    )


def _enter(ask: Ask) -> Response:
    typed = {name: ask.form.get(name, "").strip() for name in ("year", "value", "unit", "source")}
    year = (
        int(typed["year"]) if typed["year"].isascii() and typed["year"].isdecimal() and len(typed["year"]) == len("2026") else 0
    )
    seen = ask.form.get("seen", "")
    try:
        write_index_year(
            ask.office,
            year,
            typed["value"],
            typed["unit"],
            typed["source"],
            int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < len(str(2**60)) else 0,
            ask.who,
            ask.address,
        )
    except Problems as problems:
        return _draw(ask, typed, 422, problems)
    said = "the index of {year} holds for all counties" if typed["value"] else "the index of {year} is taken back"
    return go(ask, "/knowledge/index", say(said, year=year))


ROUTES = (Route("/knowledge/index", _show_index, Action.ENTER), Route("/knowledge/index", _enter, Action.ADMINISTER, "POST"))
