"""Puts the platform together: its routes, files, and the store it serves."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.routing import Route as Path
from starlette.staticfiles import StaticFiles

from gep.messages.problems import Problem, Problems
from gep.messages.texts import say
from gep.office.database import Office
from gep.office.workshop import Workshop
from gep.paths import TEMPLATES
from gep.store.keeper import Keeper
from gep.store.kept import Kept
from gep.web.ahead import Ahead
from gep.web.ask import Site
from gep.web.guard import HEADERS, guard
from gep.web.jobs import Jobs
from gep.web.pages import (
    account,
    api,
    assets,
    compare,
    deadlines,
    downloads,
    findings,
    forms,
    home,
    journal,
    knowledge,
    login,
    money,
    people,
    price_index,
    products,
    province,
    results,
    review,
    scenario,
    settings,
    survey,
    tables,
    tokens,
    uncertainty,
    uploads,
)
from gep.web.paths import register
from gep.web.render import WEB, draw_missing, make_environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path as File

    from starlette.requests import Request
    from starlette.types import Scope

    from gep.web.route import Route

KEPT = 2048
"""Answers about accounts, and drawings, that a server keeps."""
ROUTES: tuple[Route, ...] = (
    *login.ROUTES,
    *home.ROUTES,
    *deadlines.ROUTES,
    *account.ROUTES,
    *forms.ROUTES,
    *uploads.ROUTES,
    *tables.ROUTES,
    *survey.ROUTES,
    *findings.ROUTES,
    *results.ROUTES,
    *uncertainty.ROUTES,
    *scenario.ROUTES,
    *assets.ROUTES,
    *products.ROUTES,
    *downloads.ROUTES,
    *review.ROUTES,
    *province.ROUTES,
    *compare.ROUTES,
    *knowledge.ROUTES,
    *price_index.ROUTES,
    *people.ROUTES,
    *tokens.ROUTES,
    *settings.ROUTES,
    *journal.ROUTES,
    *money.ROUTES,
    *api.ROUTES,
)
"""Every address of the platform, with what it takes to come there."""


def make_app(store: File, *, secure: bool = False, slowest: float = 120.0) -> Starlette:
    """Return the platform of a store.

    Parameters
    ----------
    store  : path; the office lies beside it
    secure : whether people reach the server by TLS
    slowest : seconds in which a request must have arrived whole
    """
    register()
    keeper, office, workshop = Keeper(store), Office(store), Workshop()
    jobs = Jobs(office, province.make_kinds(keeper, workshop))
    kept = Kept(KEPT)
    site = Site(keeper, office, jobs, make_environment(), kept, Ahead(keeper, kept), secure, slowest, workshop=workshop)

    @asynccontextmanager
    async def live(_: Starlette) -> AsyncIterator[None]:
        site.jobs.go_on()
        yield
        site.jobs.close()
        site.ahead.close()
        site.workshop.close()
        site.keeper.close()
        site.office.close()

    app = Starlette(
        routes=[
            *(Path(one.path, guard(one, site), methods=[one.method]) for one in ROUTES),
            Mount("/static", _Static(directory=WEB / "static")),
            Mount("/fonts", _Static(directory=TEMPLATES / "fonts")),
        ],
        lifespan=live,
        exception_handlers={404: _not_found, 405: _not_found},
    )
    app.state.site = site
    return app


class _Static(StaticFiles):
    """Files that pages load; their addresses hold their hash, so browsers keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response


def _not_found(request: Request, error: Exception) -> Response:
    site: Site = request.app.state.site
    lang = "en" if request.cookies.get("gep_lang") == "en" else "zh"
    status = int(getattr(error, "status_code", 404))
    if request.url.path.startswith("/api/"):
        found = say("there is no such address, or it is asked in another way")
        hint = "/api/v1/openapi.json lists the addresses and how each is asked"
        told = json.dumps(
            Problems([Problem("REQUEST", 0, found, "an address of this interface", hint)]).as_dict(), ensure_ascii=False
        )
        return Response(told, status, media_type="application/json", headers=dict(HEADERS))
    return Response(draw_missing(site.templates, lang), status, media_type="text/html", headers=dict(HEADERS))
