"""Accounts of people, for the administrator: made, changed, closed, given a new one-time password, which is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import say
from gep.office.people import add_person, change_person, find_person, list_people, reset_password
from gep.office.rights import Action, Person, Role
from gep.variables.declare import DEPARTMENTS
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask

PAGE = 100
"""Accounts on a page."""


def read_role(text: str) -> Role:
    """Return the role of a form.

    Raises
    ------
    Problems : there is no such role
    """
    if text not in set(Role):
        refuse_one("ROLE", say("the role is {text!r}", text=text), ", ".join(Role))
    return Role(text)


def _read(ask: Ask, name: str, *, active: bool = True) -> Person:
    place, department = ask.form.get("place", "").strip(), ask.form.get("department", "").strip()
    return Person(name, ask.form.get("shown", "").strip(), read_role(ask.form.get("role", "")), place, department, active=active)


def _show_people(ask: Ask) -> Response:
    return _list(ask)


def _list(ask: Ask, status: int = 200, **more: object) -> Response:
    search = ask.query.get("search", "").strip()
    found = [
        one for one in list_people(ask.office) if search in one.name or search in one.shown or one.place.startswith(search or "-")
    ]
    page = int(ask.query["page"]) if ask.query.get("page", "").isdecimal() and ask.query["page"].isascii() else 1
    pages = max(1, -(-len(found) // PAGE))
    page = max(1, min(page, pages))
    values = {"form": dict(ask.form), "problems": (), "made": None, "password": "", **more}
    people = found[(page - 1) * PAGE : page * PAGE]
    return show(
        ask, "people.html", status, people=people, search=search, page=page, pages=pages, departments=DEPARTMENTS, **values
    )


def _add(ask: Ask) -> Response:
    try:
        person = _read(ask, ask.form.get("name", "").strip())
        ask.store().know_units()
        password = add_person(ask.office, person, ask.who.name, ask.address)
    except Problems as problems:
        return _list(ask, 422, problems=problems.problems)
    return _list(ask, form={}, made=person, password=password)


def _find(ask: Ask) -> Person:
    found = find_person(ask.office, ask.path["name"])
    if found is None:
        refuse_one("NAME", say("there is no account {name!r}", name=ask.path["name"]))
    return found


def _show_person(ask: Ask) -> Response:
    return show(ask, "person.html", person=_find(ask), departments=DEPARTMENTS, password="", problems=())


def _change(ask: Ask) -> Response:
    person = _find(ask)
    try:
        ask.store().know_units()
        change_person(ask.office, _read(ask, person.name, active=ask.form.get("active") == "1"), ask.who.name, ask.address)
    except Problems as problems:
        return show(ask, "person.html", 422, person=person, departments=DEPARTMENTS, password="", problems=problems.problems)
    return go(ask, f"/people/{person.name}", "the account is changed; whoever was logged in with it has to log in anew")


def _reset(ask: Ask) -> Response:
    person = _find(ask)
    password = reset_password(ask.office, person.name, ask.who.name, ask.address)
    return show(ask, "person.html", person=person, departments=DEPARTMENTS, password=password, problems=())


ROUTES = (
    Route("/people", _show_people, Action.ADMINISTER),
    Route("/people", _add, Action.ADMINISTER, "POST"),
    Route("/people/{name}", _show_person, Action.ADMINISTER),
    Route("/people/{name}", _change, Action.ADMINISTER, "POST"),
    Route("/people/{name}/password", _reset, Action.ADMINISTER, "POST"),
)
