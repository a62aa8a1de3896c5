"""Until when forms are due: set by a reviewer or an administrator for a place, for all departments or for one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from gep.inputs.rows import FIRST_YEAR, LAST_YEAR
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.drafts import read_deadlines, write_deadline
from gep.office.rights import Action
from gep.reference.regions import look_up_division
from gep.variables.declare import DEPARTMENTS
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show(ask: Ask) -> Response:
    found = sorted((*key, day) for key, day in read_deadlines(ask.office).items() if ask.who.sees(key[0]))
    return show(ask, "deadlines.html", deadlines=found, departments=DEPARTMENTS)


def _set(ask: Ask) -> Response:
    place = look_up_division(ask.form.get("place", "").strip())
    year, day, department = (ask.form.get(name, "").strip() for name in ("year", "day", "department"))
    if not ask.who.sees(place.code):
        refuse_one("PLACE", say("{place} does not lie in your place", place=place.code), ask.who.place)
    if not (year.isascii() and year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR):
        refuse_one(
            "YEAR",
            say("year is {text!r}", text=year),
            say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR),
        )
    if department not in {"", *DEPARTMENTS}:
        refuse_one("DEPARTMENT", say("the department is {name!r}", name=department), "、".join(DEPARTMENTS))
    try:
        kept = date.fromisoformat(day).isoformat() if day else ""
    except ValueError:
        refuse_one("DAY", say("the day is {text!r}", text=day), "a date such as 2026-03-31")
    write_deadline(ask.office, place.code, int(year), department, kept, ask.who.name, ask.address)
    return go(ask, "/deadlines", "the deadline is kept" if kept else "there is no deadline any more")


ROUTES = (Route("/deadlines", _show, Action.SCHEDULE), Route("/deadlines", _set, Action.SCHEDULE, "POST"))
