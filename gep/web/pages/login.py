"""Logging in and out, one's own password, and the language of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from gep.messages.problems import Problems
from gep.office.people import set_password
from gep.office.rights import Action
from gep.office.sessions import log_in, log_out
from gep.web.guard import COOKIE, LANGUAGE
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show_login(ask: Ask) -> Response:
    return show(ask, "login.html", next=_local(ask.query.get("next", "/")), carried={}, name="")


def _log_in(ask: Ask) -> Response:
    name = ask.form.get("name", "")
    onward = _local(ask.form.get("next", "/"))
    carried = {key.removeprefix("carried."): value for key, value in ask.form.items() if key.startswith("carried.")}
    try:
        token = log_in(ask.office, name, ask.form.get("password", ""), ask.address)
    except Problems as problems:
        return show(ask, "login.html", 401, next=onward, carried=carried, name=name, problems=problems.problems)
    response: Response
    if carried:
        from gep.office.sessions import find_session

        session = find_session(ask.office, token)
        carried["csrf"] = session.csrf if session else ""
        response = show(ask, "carry.html", next=onward, carried=carried)
    else:
        response = RedirectResponse(onward, 303)
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=ask.site.secure, path="/")
    return response


def _log_out(ask: Ask) -> Response:
    if ask.session is not None:
        log_out(ask.office, ask.session, ask.address)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _show_password(ask: Ask) -> Response:
    return show(ask, "password.html")


def _change_password(ask: Ask) -> Response:
    new = ask.form.get("new", "")
    try:
        if new != ask.form.get("again", ""):
            from gep.messages.problems import refuse_one

            refuse_one("PASSWORD", "the new password was written differently the second time", "", "write it twice the same")
        set_password(ask.office, ask.who.name, ask.form.get("old", ""), new, ask.address)
    except Problems as problems:
        return show(ask, "password.html", 422, problems=problems.problems)
    return go(ask, "/", "the password was changed")


def _tell_session(ask: Ask) -> Response:
    return ask.give({"csrf": ask.session.csrf if ask.session else ""})


def _change_language(ask: Ask) -> Response:
    response = RedirectResponse(_local(ask.form.get("next", "/")), 303)
    lang = "en" if ask.form.get("to") == "en" else "zh"
    response.set_cookie(LANGUAGE, lang, max_age=31_536_000, samesite="lax", secure=ask.site.secure, path="/")
    return response


def _local(url: str) -> str:
    """Return an address of this platform; anything that leads elsewhere is the first page."""
    plain = url.isprintable() and url.startswith("/") and not url.startswith(("//", "/\\")) and "\\" not in url
    return url if plain else "/"


ROUTES = (
    Route("/login", _show_login, None),
    Route("/login", _log_in, None, "POST", change_password=True),
    Route("/logout", _log_out, None, "POST", change_password=True),
    Route("/session", _tell_session, Action.ENTER, api=True),
    Route("/language", _change_language, None, "POST", change_password=True),
    Route("/password", _show_password, Action.ENTER, change_password=True),
    Route("/password", _change_password, Action.ENTER, "POST", change_password=True),
)
