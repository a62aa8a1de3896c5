"""The work list: what waits for the person who is logged in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gep.office.journal import note_act
from gep.office.rights import Action, Role
from gep.office.work import list_work
from gep.store.products import see_alert
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show_home(ask: Ask) -> Response:
    if ask.who.role is Role.ADMINISTRATOR:
        return go(ask, "/people")
    year = ask.query.get("year", "")
    wanted = int(year) if year.isdecimal() and len(year) == len("2026") else None
    page = max(1, int(ask.query["page"])) if ask.query.get("page", "").isdecimal() else 1
    work = list_work(
        ask.office,
        ask.store(),
        ask.site.touched,
        ask.who,
        year=wanted,
        search=ask.query.get("search", ""),
        page=page,
        today=datetime.now().astimezone().date().isoformat(),
    )
    return show(ask, "home.html", work=work, search=ask.query.get("search", ""))


def _begin(ask: Ask) -> Response:
    from gep.reference.regions import find, look_up_division

    ask.store().know_units()
    text = ask.form.get("county", "").strip()
    own = [one for one in find(text) if one.address]
    place = own[0] if len(own) == 1 else look_up_division(text, level="county")
    year = ask.form.get("year", "").strip()
    return go(ask, f"/{place.code}/{year}")


def _see(ask: Ask) -> Response:
    """Note that the person has seen an alert, and what is done about it."""
    alert, note = (ask.form.get(name, "").strip() for name in ("alert", "note"))
    found = see_alert(ask.store().path, alert, ask.who.shown, note, ask.who.name, ask.who.prefix)
    with ask.office.changing() as connection:
        note_act(connection, ask.who.name, ask.address, "alert seen", f"{found.county} {found.alert}", note)
    return go(ask, "/", "the alert is noted as seen")


ROUTES = (
    Route("/", _show_home, Action.ENTER),
    Route("/begin", _begin, Action.READ, "POST"),
    Route("/alerts/seen", _see, Action.FILL, "POST"),
)
