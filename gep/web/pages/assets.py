"""What lies behind an account's flows: areas by type between two years, what they are worth, their condition, carbon; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.numbers import format_fixed
from gep.messages.problems import Problems
from gep.messages.tables import NUMERIC, print_cell
from gep.messages.texts import translate
from gep.office.asset_page import TABLES, make_asset_page
from gep.office.rights import Action
from gep.reference.members import find_member_title
from gep.statements.assets import tell_asset_table, tell_condition, tell_extent, tell_valued
from gep.statements.carbon import tell_difference, tell_stocks
from gep.web.pages.results import need_head
from gep.web.pages.review import read_number
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.datastructures import UploadFile
    from starlette.responses import Response

    from gep.office.asset_page import Brought
    from gep.statements.statement import Statement
    from gep.web.ask import Ask

EXAMPLE = """convention: perpetuity-mid-year
rates: [{rate: 3 %}]
growth: 0 %
author: 王五
basis: 县自然资源局试算，利率取自 2024 年贷款合同
"""


def _show(ask: Ask) -> Response:
    return _draw(ask, "", None)


def _compute(ask: Ask) -> Response:
    """Compute with what was brought; where it cannot be meant, the page says why and keeps what was typed."""
    return _draw(
        ask, ask.form.get("valuation", "").replace("\r\n", "\n"), {name: ask.files[name] for name in TABLES if name in ask.files}
    )


def _draw(ask: Ask, typed: str, files: dict[str, UploadFile] | None) -> Response:
    head, store = need_head(ask), ask.store()
    opening = read_number(ask, "opening")
    problems: Problems | None = None
    try:
        given = {name: (one.filename or "", one.file.read()) for name, one in (files or {}).items()}
        found = make_asset_page(store, head.key, opening, typed, given)
    except Problems as refused:
        problems = refused
        found = make_asset_page(store, head.key, opening)
    lang = ask.lang
    return show(
        ask,
        "assets.html",
        200 if problems is None else 422,
        place=ask.place,
        year=ask.year,
        head=head,
        found=found,
        told={"extent": tell_extent(found.extent, lang)} if found.extent else {},
        brought=list(_tell(found.brought, lang)) if found.brought else [],
        valued=found.brought is not None and found.brought.valued is not None,
        problems=problems.problems if problems else (),
        sent=files is not None,
        typed=typed,
        example=EXAMPLE,
        type_name=lambda name: find_member_title("ecosystem", name)[lang],
        fixed=format_fixed,
        cell=print_cell,
        NUMERIC=NUMERIC,
        tab="assets",
    )


def _tell(brought: Brought, lang: str) -> Iterator[tuple[str, Statement]]:
    """Yield the heading of each thing that was computed, and what is told of it."""
    if brought.valued:
        yield translate(lang, "What the flows are worth"), tell_valued(brought.valued, lang)
    if brought.table:
        one, other = (key.year for key in brought.table.years)
        yield (
            translate(lang, "What changed the value, {one} to {other}", one=one, other=other),
            tell_asset_table(brought.table, lang),
        )
    if brought.condition:
        yield translate(lang, "Condition of the ecosystems"), tell_condition(brought.condition, lang)
    if brought.stocks:
        yield translate(lang, "Carbon stock"), tell_stocks(brought.stocks, lang)
    if brought.difference:
        told = tell_difference(brought.difference, lang)
        yield told.title, told


_PAGE = "/{county:code}/{year:year}/assets"
ROUTES = (Route(_PAGE, _show, Action.READ), Route(_PAGE, _compute, Action.READ, "POST"))
