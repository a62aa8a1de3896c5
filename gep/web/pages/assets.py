"""What lies behind an account's flows: areas by type between two years, what they are worth, their condition, carbon; nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.assets.causes import LINES
from gep.assets.condition import GRADES, name_quality
from gep.carbon.formulas import POOL_TITLES
from gep.messages.numbers import format_fixed
from gep.messages.problems import Problems
from gep.messages.texts import translate
from gep.office.asset_page import TABLES, list_pools, list_rates, make_asset_page
from gep.office.rights import Action
from gep.reference.members import find_member_title
from gep.reference.services import SERVICE_TITLES
from gep.web.pages.results import need_head
from gep.web.pages.review import read_number
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile
    from starlette.responses import Response

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
        brought=found.brought,
        problems=problems.problems if problems else (),
        sent=files is not None,
        typed=typed,
        example=EXAMPLE,
        type_name=lambda name: find_member_title("ecosystem", name)[lang],
        fixed=format_fixed,
        lines={name: title[lang] for name, title in LINES.items()},
        grades={
            name: GRADES[name] if lang == "zh" else translate(lang, "worse than V") if name == "worse" else name
            for name in GRADES
        },
        quality=lambda value: name_quality(value)[lang],
        pools={name: titles[lang == "en"] for name, titles in POOL_TITLES.items()},
        list_pools=list_pools,
        list_rates=list_rates,
        titles={name: titles[1] for name, titles in SERVICE_TITLES.items()},
        tab="assets",
    )


_PAGE = "/{county:code}/{year:year}/assets"
ROUTES = (Route(_PAGE, _show, Action.READ), Route(_PAGE, _compute, Action.READ, "POST"))
