"""A table of many counties' inputs: uploaded, compared with the drafts county by county, and taken where somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import say
from gep.office.account_year import print_minute
from gep.office.bulk import check_table, compare_parts, keep_table, take_parts
from gep.office.rights import Action
from gep.web.pages.review import read_number
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show(ask: Ask) -> Response:
    return show(ask, "tables.html", here="tables", refused=())


def _keep(ask: Ask) -> Response:
    file = ask.files.get("file")
    if file is None:
        refuse_one("FILE", "no file was chosen", "a table in .csv or .parquet")
    try:
        digest = keep_table(
            ask.office,
            file.filename or "",
            file.file.read(),
            ask.who,
            lambda content, ending: ask.site.workshop.make(check_table, content, ending),
            ask.address,
        )
    except Problems as problems:
        return show(ask, "tables.html", 422, here="tables", refused=problems.problems)
    return go(ask, f"/tables/{digest}")


def _compare(ask: Ask) -> Response:
    parts = compare_parts(ask.office, ask.store(), ask.path["table"], ask.who, read_number(ask, "page") or 1)
    return show(ask, "table.html", here="tables", parts=parts, table=ask.path["table"], minute=print_minute)


def _take(ask: Ask) -> Response:
    table = ask.path["table"]
    chosen = {}
    for name, stamp in ask.form.items():
        county, _, year = name.removeprefix("take.").partition(".")
        if name.startswith("take.") and year.isascii() and year.isdecimal() and len(year) == len("2023"):
            chosen[county, int(year)] = stamp
    if not chosen:
        refuse_one("PICK", "nothing is ticked", "counties and years of the table", "tick them and send the form again")
    saved, changed = take_parts(ask.office, ask.store(), table, chosen, ask.who, ask.address)
    if changed:
        said = say(
            "{count} cells are taken; {left} forms were changed by somebody else meanwhile and are shown again",
            count=saved,
            left=len(changed),
        )
    else:
        said = say("{count} cells are taken from the file", count=saved)
    return go(ask, f"/tables/{table}", said)


ROUTES = (
    Route("/tables", _show, Action.FILL),
    Route("/tables", _keep, Action.FILL, "POST"),
    Route("/tables/{table}", _compare, Action.FILL),
    Route("/tables/{table}", _take, Action.FILL, "POST"),
)
