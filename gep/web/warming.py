"""Opens each kind of page once after the start, for nobody, while nobody asks, so that the first visitors do not wait for what a page first loads."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from gep.messages.problems import Problems
from gep.office import judging
from gep.office.rights import Action, Person, Role
from gep.reference.regions import is_division_code, read_divisions
from gep.reference.services import SERVICE_TITLES
from gep.store.newest import read_newest
from gep.variables.declare import DEPARTMENTS
from gep.web.ask import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.store.store import Store
    from gep.web.ask import Site
    from gep.web.route import Route

READS = {Action.ENTER, Action.READ, Action.READ_MONEY, Action.AUDIT}
LEFT_OUT = ("/download/", "/export", "/file", "/notice", "/allocation", "/answer/workbook")
"""What makes files for somebody."""
NOBODY = Person("", "", Role.AUDITOR)
"""Stands for those who will come; nothing is noted of it."""
YEARS = 4
"""Of which what is typed is judged without delay from the start: this one, and those before it."""
log = logging.getLogger("gep.web")


def warm_up(site: Site, routes: Sequence[Route]) -> Iterator[None]:
    """Prepare, piece by piece, what those who come first will need: judging what they type, then the pages."""
    this_year = datetime.now().astimezone().year
    yield from judging.warm_up(range(this_year, this_year - YEARS, -1))
    yield from open_pages(site, routes)


def open_pages(site: Site, routes: Sequence[Route]) -> Iterator[None]:
    """Draw each page that shows something once, piece by piece; what there is nothing for yet is left out."""
    for at, name in enumerate(site.templates.list_templates(["html"])):
        site.templates.get_template(name)
        if at % 8 == 0:
            yield
    filled = _find_something(site.keeper.store())
    for route in routes:
        if route.method != "GET" or route.api or route.needs not in READS or any(part in route.path for part in LEFT_OUT):
            continue
        path = {name: value for name, value in filled.items() if f"{{{name}" in route.path}
        if len(path) < route.path.count("{"):
            continue
        try:
            route.answer(Ask(site, "GET", route.path, "zh", NOBODY, None, path, {}))
        except Problems:
            pass
        except Exception:  # whoever asks for the page will be told
            log.exception("the first drawing of %s", route.path)
        yield


def _find_something(store: Store) -> dict[str, str]:
    """Return what may stand in the paths of pages: of an account where there is one, else of any county this year."""
    stored = [key for key in read_newest(store) if is_division_code(key[0])]
    anywhere = next(code for code, one in read_divisions().items() if one.level == "county")
    county, year = stored[-1] if stored else (anywhere, datetime.now().astimezone().year)
    return {
        "county": county,
        "year": f"{year}",
        "department": next(iter(DEPARTMENTS)),
        "service": next(iter(SERVICE_TITLES)),
        "chart": "shares.svg",
    }
