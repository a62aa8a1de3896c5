"""Stands before every page: who asks, may they, does the form carry the token of the session; and says what went wrong in words."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from anyio.to_thread import run_sync
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from gep.messages.problems import Problem, Problems, RuleError
from gep.messages.texts import say
from gep.office.page_texts import list_on_page
from gep.office.sessions import find_session
from gep.office.tokens import find_token
from gep.reference.regions import is_division_code
from gep.web.ask import Ask
from gep.web.render import draw_plain, show

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from gep.messages.texts import Text
    from gep.office.rights import Person
    from gep.office.sessions import Session
    from gep.web.ask import Site
    from gep.web.route import Route

COOKIE = "gep_session"
LANGUAGE = "gep_lang"
LARGEST = 32 * 1024 * 1024
"""Bytes of a request."""
HEARD_OUT = 8 * LARGEST
"""Bytes that are let pass of a request that is too large, so that its browser comes to hear why."""
NOBODY = "000000"
FIELDS = 20_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
log = logging.getLogger("gep.web")


class TooSlow(Exception):
    """A request takes longer to arrive than is waited for."""


class TooLarge(Exception):
    """A request is larger than what is taken."""


def guard(route: Route, site: Site) -> Callable[[Request], Awaitable[Response]]:
    """Return the function that answers a route, with all that stands before it."""

    async def endpoint(request: Request) -> Response:
        with site.ahead.visited():
            return await answer(request)

    async def answer(request: Request) -> Response:
        try:
            taken = await _read(request, site.slowest)
        except TooLarge:
            response = _say_too_large(route, site, request)
        except TooSlow:
            response = Response("", 408, headers={"Connection": "close"})
        else:
            try:
                limit = None if route.method == "GET" else site.changers
                response = await run_sync(_answer, route, site, request, *taken, limiter=limit)
            finally:
                for file in taken[1].values():
                    await file.close()
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return endpoint


async def _read(request: Request, slowest: float) -> tuple[dict[str, str], dict[str, UploadFile], bytes]:
    """Return form, files and body of a request.

    Raises
    ------
    TooLarge : it has more bytes than are taken, or says so
    TooSlow  : its bytes do not arrive in time
    """
    if request.method == "GET":
        return {}, {}, b""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal():
        raise TooLarge
    body, count = bytearray(), 0
    try:
        async with asyncio.timeout(slowest):
            async for part in request.stream():
                count += len(part)
                if count <= LARGEST:
                    body += part
                elif count > HEARD_OUT:
                    break
    except TimeoutError:
        raise TooSlow from None
    if count > LARGEST or int(announced) > LARGEST:
        raise TooLarge
    whole = bytes(body)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return {}, {}, whole

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": whole, "more_body": False}

    from starlette.exceptions import HTTPException
    from starlette.requests import Request as Parsed

    try:
        form = await Parsed(request.scope, again).form(max_fields=FIELDS, max_files=20)
    except HTTPException:
        raise TooLarge from None
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    uploads = [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile)]
    files = {name: value for name, value in uploads if value.filename}
    for name, value in uploads:
        if files.get(name) is not value:
            await value.close()
    return texts, files, whole


def _answer(
    route: Route, site: Site, request: Request, form: dict[str, str], files: dict[str, UploadFile], body: bytes
) -> Response:
    session = find_session(site.office, request.cookies.get(COOKIE, ""))
    person, by_token = (session.person if session else None), False
    if route.api and person is None:
        bearer = request.headers.get("authorization", "")
        person = find_token(site.office, bearer.removeprefix("Bearer ")) if bearer.startswith("Bearer ") else None
        by_token = person is not None
    ask = _make_ask(route, site, request, person, session, form, files, body)
    try:
        if not is_division_code(ask.path.get("county", "") or NOBODY):
            ask.store().know_units()
        refused = _refuse(route, ask, request, by_token=by_token)
        return refused if refused is not None else route.answer(ask)
    except Problems as problems:
        return show_problems(ask, route, problems)
    except RuleError as error:
        log.exception("a rule cannot be right")
        return _failed(ask, route, str(error))
    except Exception:
        number = secrets.token_hex(4)
        log.exception("failure %s at %s %s", number, request.method, request.url.path)
        return _failed(ask, route, number)


def _say_too_large(route: Route, site: Site, request: Request) -> Response:
    """Return a page, or JSON, that says that what was sent is too large; who sent it is not looked at."""
    found = say("what was sent is larger than {size} MB, or has more than {count:,} fields", size=LARGEST >> 20, count=FIELDS)
    if route.api or request.query_params.get("as") == "json":
        return Response(json.dumps(Problems([Problem("BODY", 0, found)]).as_dict()), 413, media_type="application/json")
    lang = "en" if request.cookies.get(LANGUAGE) == "en" else "zh"
    back = request.headers.get("referer", "")
    url = urlsplit(back)
    here = url.path if url.netloc == request.url.netloc and url.path.startswith("/") and not url.path.startswith("//") else "/"
    return Response(draw_plain(site.templates, lang, found, here), 413, media_type="text/html")


def show_problems(ask: Ask, route: Route, problems: Problems, status: int = 422) -> Response:
    """Return everything that was wrong, as a page or as JSON."""
    if wants_json(ask, route):
        return ask.give(problems.as_dict() if route.api else list_on_page(problems), status)
    return show(ask, "problems.html", status, problems=problems.problems, title="This cannot be done as it stands")


def wants_json(ask: Ask, route: Route) -> bool:
    """Whether the answer is for a program or for the script of a page."""
    return route.api or ask.query.get("as") == "json" or ask.form.get("as") == "json"


def _failed(ask: Ask, route: Route, number: str) -> Response:
    if wants_json(ask, route):
        return _tell(
            ask,
            say("the fault is ours ({number})", number=number),
            "",
            "try again; if it fails again, tell the operator the number",
            500,
        )
    return show(ask, "failed.html", 500, number=number)


def _tell(ask: Ask, found: Text, expected: str, hint: str, status: int) -> Response:
    """Return why a program is not answered, in both languages, with what to do."""
    return ask.give(Problems([Problem("REQUEST", 0, found, expected, hint)]).as_dict(), status)


def _make_ask(
    route: Route,
    site: Site,
    request: Request,
    person: Person | None,
    session: Session | None,
    form: dict[str, str],
    files: dict[str, UploadFile],
    body: bytes,
) -> Ask:
    lang = request.cookies.get(LANGUAGE, "zh")
    query = dict(request.query_params)
    if query.get("lang") in {"zh", "en"}:
        lang = query["lang"]
    return Ask(
        site=site,
        method=route.method,
        url=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        lang=lang if lang in {"zh", "en"} else "zh",
        person=person,
        session=session,
        path={name: str(value) for name, value in request.path_params.items()},
        query=query,
        form=form,
        files=files,
        body=body,
        address=request.client.host if request.client else "",
        key=request.headers.get("idempotency-key", ""),
    )


def _refuse(route: Route, ask: Ask, request: Request, *, by_token: bool) -> Response | None:
    """Return why a request is not answered; None: it is."""
    if route.needs is None and ask.session is None:
        return None
    as_json = wants_json(ask, route)
    if ask.person is None:
        if as_json:
            return _tell(
                ask,
                say("nobody is logged in, or the session has ended"),
                "a session, or a token that is in force",
                "log in again, or ask an administrator for a token",
                401,
            )
        if route.method == "POST":
            return show(ask, "login.html", 401, next=ask.url, carried=dict(ask.form), name="")
        return RedirectResponse(f"/login?next={quote(ask.url, safe='')}", 303)
    if route.method == "POST" and not by_token:
        given = request.headers.get("x-csrf") or ask.form.get("csrf", "")
        if ask.session is None or not secrets.compare_digest(given.encode(), ask.session.csrf.encode()):
            return _forbid(ask, json=as_json)
    if ask.person.must_change and not route.change_password:
        return (
            _tell(ask, say("the one-time password must be changed first"), "", "log in with a browser and choose a password", 403)
            if as_json
            else RedirectResponse("/password", 303)
        )
    if route.needs is not None and not ask.person.may(route.needs, ask.path.get("county"), ask.path.get("department")):
        return _forbid(ask, json=as_json)
    return None


def _forbid(ask: Ask, *, json: bool) -> Response:
    if json:
        return _tell(
            ask,
            say("this is not allowed with this account"),
            "an account or token whose role and place include it",
            "ask an administrator",
            403,
        )
    return show(ask, "forbidden.html", 403)
