"""The result of a county and year, and the trace of each number down to the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.rights import Action
from gep.reference.services import SERVICE_TITLES
from gep.tasks.explain import trace
from gep.web.pages.account import check_year, find_head
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.store.accounts import AccountHead
    from gep.web.ask import Ask


def need_head(ask: Ask) -> AccountHead:
    """Return the newest account of the place and year of a page.

    Raises
    ------
    Problems : there is none yet
    """
    check_year(ask)
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
        runs = store.history(head.key)
    return show(
        ask,
        "result.html",
        place=ask.place,
        year=ask.year,
        head=head,
        account=account,
        runs=runs,
        titles=SERVICE_TITLES,
        tab="result",
    )


def _show_trace(ask: Ask) -> Response:
    head = need_head(ask)
    service = ask.path["service"]
    if service not in SERVICE_TITLES:
        refuse_one("SERVICE", say("there is no service {name!r}", name=service), ", ".join(SERVICE_TITLES))
    found = trace(ask.store(), head.key, service)
    return show(
        ask, "trace.html", place=ask.place, year=ask.year, head=head, trace=found, service=SERVICE_TITLES[service], tab="result"
    )


ROUTES = (
    Route("/{county:code}/{year:year}/result", _show_result, Action.READ),
    Route("/{county:code}/{year:year}/trace/{service}", _show_trace, Action.READ),
)
