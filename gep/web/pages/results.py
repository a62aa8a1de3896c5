"""The result of a county and year, its charts, and the trace of each number down to the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from gep.account.status import QUANTITY
from gep.account.totals_said import NOT_GEP
from gep.messages.numbers import YI, scale_of
from gep.messages.problems import refuse_one
from gep.messages.texts import say, translate
from gep.office.cells import find_cells
from gep.office.charts import CHARTS, WATERFALL, draw_chart
from gep.office.explained import explain_for_page
from gep.office.quantities import make_quantity_table
from gep.office.result import make_result
from gep.office.rights import Action
from gep.reference.regions import find_province
from gep.reference.services import SERVICE_TITLES
from gep.reports.maps import read_polygons
from gep.store.county_figures import count_quantities_of
from gep.store.signing import hash_account
from gep.web.pages.account import check_year, find_head
from gep.web.render import show
from gep.web.route import Route
from gep.web.words import CHART_TITLES, DOWNLOADS

if TYPE_CHECKING:
    from gep.office.result import Result
    from gep.store.accounts import AccountHead
    from gep.web.ask import Ask

TOTAL = "gep"
"""What the trace of the whole account is called in its address."""
_A_YEAR = "private, max-age=31536000, immutable"


def need_head(ask: Ask) -> AccountHead:
    """Return the newest account of the place and year of a page, or that of the run that was asked for.

    Raises
    ------
    Problems : there is none yet, or the run has none
    """
    check_year(ask)
    run = ask.query.get("run", "")
    if run.isdecimal():
        store = ask.store()
        with store:
            return store.read(store.find(ask.county, ask.year, ask.query.get("standard") or None, int(run))).head
    head = find_head(ask)
    if head is None:
        found = say("there is no account of {county} for {year} yet", county=ask.county, year=ask.year)
        refuse_one("COUNTY", found, "", "fill in the forms and run the account")
    return head


def _show_result(ask: Ask) -> Response:
    head = need_head(ask)
    store = ask.store()
    with store:
        account = store.read(head.key)
        found = make_result(store, account, ask.lang)
        runs = store.history(head.key)
        link = store.head().link
        submits = head.superseded_by is None and head.state in {"draft", "returned"} and ask.may(Action.SUBMIT, ask.county)
        submit_hash = hash_account(store, head.run, head.account)[:16] if submits else ""
    quantities = sum(row.status == QUANTITY for category in found.categories for row in category.rows)
    scale = scale_of(head.gep)
    no_gep = any(one.code == NOT_GEP for one in account.notices)
    return show(
        ask,
        "result.html",
        place=ask.place,
        year=ask.year,
        head=head,
        account=account,
        found=found,
        runs=runs,
        charts=_list_charts(head, found),
        chart_query=f"v={link}&run={head.run}&standard={head.standard}&lang={ask.lang}",
        submit_hash=submit_hash,
        titles_of_charts=CHART_TITLES,
        downloads=DOWNLOADS,
        scale=scale,
        large=scale == YI,
        tab="result",
        quantities=quantities,
        quantity_table=make_quantity_table(store, head.key, ask.lang) if quantities else None,
        called=translate(ask.lang, "value by equivalent factors (not GEP)") if no_gep else translate(ask.lang, "GEP"),
    )


def _list_charts(head: AccountHead, found: Result) -> list[str]:
    """Return the charts that there are numbers for, as far as the page knows."""
    has = {
        "shares": any(category.value is not None for category in found.categories),
        "series": found.has_years and sum(one.gep is not None for one in found.years) > 1,
        WATERFALL: any(row.change is not None for category in found.categories for row in category.rows),
        "map": head.gep_per_km2 is not None and head.county in read_polygons(find_province(head.county)),
        "ecosystems": found.ecosystems,
    }
    return [name for name in CHARTS if has[name]]


def _show_chart(ask: Ask) -> Response:
    head = need_head(ask)
    name = ask.path["chart"].removesuffix(".svg")
    if name not in CHARTS:
        refuse_one("CHART", say("there is no chart {name!r}", name=name), ", ".join(CHARTS))
    store = ask.store()
    with store:
        link = store.head().link
    figure = ask.site.kept.find((link, head.key, name, ask.lang), lambda: draw_chart(store, head.key, name, ask.lang))
    if figure is None:
        refuse_one("CHART", "there are no numbers for this chart", "", "the tables of the result say what is missing")
    kept = _A_YEAR if ask.query.get("v") == str(link) else "no-store"
    return Response(figure.svg, media_type="image/svg+xml", headers={"Cache-Control": kept})


def _show_trace(ask: Ask) -> Response:
    head = need_head(ask)
    service = ask.path["service"]
    if service not in SERVICE_TITLES and service != TOTAL:
        refuse_one("SERVICE", say("there is no service {name!r}", name=service), ", ".join(SERVICE_TITLES))
    store = ask.store()
    with store:
        quantities = count_quantities_of(store, head.key)
    found = explain_for_page(ask.store(), head.key, None if service == TOTAL else service, ask.lang)
    return show(
        ask,
        "trace.html",
        place=ask.place,
        year=ask.year,
        head=head,
        found=found,
        quantities=quantities,
        cells=find_cells(ask.office, ask.county, ask.year),
        service=service,
        titles=SERVICE_TITLES,
        tab="result",
    )


ROUTES = (
    Route("/{county:code}/{year:year}/result", _show_result, Action.READ),
    Route("/{county:code}/{year:year}/chart/{chart}", _show_chart, Action.READ),
    Route("/{county:code}/{year:year}/trace/{service}", _show_trace, Action.READ),
)
