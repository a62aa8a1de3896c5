"""Every route and every role: who comes in, who is turned away; and what every answer carries."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from platform_site import PEOPLE, Platform, Visitor

from gep.office.rights import ALLOWED, Action, Person, Role
from gep.web.app import ROUTES
from gep.web.guard import HEADERS
from gep.web.route import Route

PLACE = {
    "county": "361027",
    "year": "2022",
    "department": "气象局",
    "service": "water_conservation",
    "name": "li",
    "scheme": "jx-basin-pool",
    "number": "1",
}


def address(route: Route, **other: str) -> str:
    found = route.path
    for name, value in {**PLACE, **other}.items():
        for kind in (f"{{{name}}}", f"{{{name}:code}}", f"{{{name}:year}}"):
            found = found.replace(kind, value)
    return found


def ask(visitor: Visitor, route: Route, url: str) -> int:
    answer = visitor.get(url) if route.method == "GET" else visitor.post(url)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, (url, name)
    return int(answer.status_code)


GUARDED = [route for route in ROUTES if route.needs is not None]


RIGHTS = {(one.role, one.place): one for one in PEOPLE}
"""Somebody for each pair of role and place: rights hang on nothing else."""


@pytest.mark.parametrize("person", RIGHTS.values(), ids=lambda one: f"{one.role}-{one.name}")
def test_each_role_comes_only_where_it_may(platform: Platform, person: Person) -> None:
    name, role = person.name, person.role
    here = platform.visit(name)
    for route in GUARDED:
        assert route.needs is not None
        status = ask(here, route, address(route))
        expected = person.may(
            route.needs, "361027" if "{county" in route.path else None, "气象局" if "{department" in route.path else None
        )
        assert (status != 403) == expected, (role, route.method, route.path, status)
        assert status < 500, (route.path, status)
    assert here.get("/session").json()["csrf"], "no page but that of logging out ends a session"


def test_no_page_fails_before_anything_is_stored(kept_site: Path, tmp_path: Path) -> None:
    for file in kept_site.glob("gep.*"):
        if file.name != "gep.duckdb":
            shutil.copy(file, tmp_path)
    empty = Platform(tmp_path / "gep.duckdb")
    try:
        for person in PEOPLE[:-1]:
            here = empty.visit(person.name)
            for route in GUARDED:
                if route.method == "GET":
                    answer = here.get(address(route))
                    assert answer.status_code < 500, (person.name, route.path)
    finally:
        empty.close()
    assert not (tmp_path / "gep.duckdb").exists()


@pytest.mark.parametrize("route", GUARDED, ids=lambda one: f"{one.method} {one.path}")
def test_nobody_comes_in_without_logging_in(platform: Platform, route: Route) -> None:
    answer = platform.visit().get(address(route)) if route.method == "GET" else platform.visit().post(address(route), csrf="")
    assert answer.status_code in {303, 401}
    assert answer.status_code == 401 or answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("route", [one for one in GUARDED if one.method == "POST"], ids=lambda one: one.path)
def test_a_form_without_the_token_of_the_session_is_refused(platform: Platform, route: Route) -> None:
    assert route.needs is not None
    for person in PEOPLE:
        if person.may(route.needs, "361027" if "{county" in route.path else None):
            assert platform.visit(person.name).post(address(route), csrf="made-up").status_code == 403
            return
    pytest.fail("nobody may do this")


def test_an_administrator_sees_no_figure_and_a_reviewer_edits_none() -> None:
    assert not ALLOWED[Role.ADMINISTRATOR] & {Action.READ, Action.FILL, Action.RUN, Action.REVIEW, Action.PREPARE}
    assert not ALLOWED[Role.REVIEWER] & {Action.FILL, Action.RUN, Action.SUBMIT}
    assert not ALLOWED[Role.AUDITOR] & (set(Action) - {Action.ENTER, Action.READ, Action.READ_MONEY, Action.AUDIT})
