"""The catalogue of products of a county and year, and the alerts of its watched series; forms and series go in from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problem, Problems
from gep.messages.texts import say
from gep.office.product_page import enter_products, enter_watch, read_products, write_product_form
from gep.office.rights import Action
from gep.products.catalogue import KINDS
from gep.web.pages.account import check_year, find_head
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from gep.web.ask import Ask

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _show(ask: Ask) -> Response:
    return _draw(ask)


def _draw(ask: Ask, at: str = "", problems: Sequence[Problem] = ()) -> Response:
    """Return the page; what was wrong in a file stands beside the field it was sent by."""
    check_year(ask)
    found = read_products(ask.store(), ask.county, ask.year)
    return show(
        ask,
        "products.html",
        422 if problems else 200,
        place=ask.place,
        year=ask.year,
        head=find_head(ask),
        found=found,
        kinds={name: title for name, title in KINDS.items() if any(one.kind == name for one in found.products)},
        at=at,
        problems=problems,
        tab="products",
    )


def _form(ask: Ask) -> Response:
    check_year(ask)
    return ask.download(write_product_form(ask.county, ask.year), f"{ask.county}-{ask.year}-products.xlsx", _KIND)


def _list_files(ask: Ask) -> list[tuple[str, bytes]]:
    return [(one.filename, one.file.read()) for one in ask.files.values() if one.filename]


def _enter(ask: Ask) -> Response:
    check_year(ask)
    try:
        with ask.store().alone() as store:
            edition, count = enter_products(ask.office, store.path, ask.county, ask.year, _list_files(ask), ask.who, ask.address)
    except Problems as problems:
        return _draw(ask, "catalogue", problems.problems)
    said = say("edition {edition} of the catalogue is kept: {count} entries", edition=edition, count=count)
    return go(ask, f"/{ask.county}/{ask.year}/products", said)


def _watch(ask: Ask) -> Response:
    check_year(ask)
    reason = ask.form.get("reason", "")
    try:
        with ask.store().alone() as store:
            reports, passed, new = enter_watch(ask.office, store.path, ask.county, _list_files(ask), reason, ask.who, ask.address)
    except Problems as problems:
        return _draw(ask, "series", problems.problems)
    said = say(
        "{reports} new reports are kept; {passed} thresholds are passed, {new} of them for the first time",
        reports=reports,
        passed=passed,
        new=new,
    )
    return go(ask, f"/{ask.county}/{ask.year}/products", said)


_PAGE = "/{county:code}/{year:year}/products"
ROUTES = (
    Route(_PAGE, _show, Action.READ),
    Route(f"{_PAGE}/form", _form, Action.READ),
    Route(_PAGE, _enter, Action.RUN, "POST"),
    Route(f"{_PAGE}/watch", _watch, Action.RUN, "POST"),
)
