"""Tokens of programs, for the administrator: made, shown once, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problems
from gep.office.rights import Action
from gep.office.tokens import close_token, list_tokens, make_token
from gep.variables.declare import DEPARTMENTS
from gep.web.pages.people import read_role
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show_tokens(ask: Ask) -> Response:
    return _list(ask)


def _list(ask: Ask, status: int = 200, **more: object) -> Response:
    values = {"form": dict(ask.form), "problems": (), "made": "", **more}
    return show(ask, "tokens.html", status, tokens=list_tokens(ask.office), departments=DEPARTMENTS, **values)


def _make(ask: Ask) -> Response:
    form = {name: ask.form.get(name, "").strip() for name in ("label", "place", "ends_at", "department")}
    try:
        role = read_role(ask.form.get("role", ""))
        made = make_token(
            ask.office, form["label"], role, form["place"], form["ends_at"], ask.who.name, form["department"], ask.address
        )
    except Problems as problems:
        return _list(ask, 422, problems=problems.problems)
    return _list(ask, form={}, made=made)


def _close(ask: Ask) -> Response:
    close_token(ask.office, ask.form.get("label", ""), ask.who.name, ask.address)
    return go(ask, "/tokens", "the token is closed")


ROUTES = (
    Route("/tokens", _show_tokens, Action.ADMINISTER),
    Route("/tokens", _make, Action.ADMINISTER, "POST"),
    Route("/tokens/close", _close, Action.ADMINISTER, "POST"),
)
