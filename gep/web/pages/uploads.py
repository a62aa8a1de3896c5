"""Workbooks down and up: what is typed as a workbook, and a filled workbook or table beside the draft before it is taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import say
from gep.office.account_year import print_minute
from gep.office.downloads import make_draft_workbook
from gep.office.forms import list_form_names
from gep.office.rights import Action
from gep.office.uploads import ANY_FILE, compare_upload, keep_upload, take_upload
from gep.web.pages.account import check_year, draw_account, find_head
from gep.web.pages.forms import draw_refused
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask

_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _download(ask: Ask) -> Response:
    check_year(ask)
    department = ask.path.get("department", "")
    if department and department not in list_form_names(ask.office, ask.store(), ask.county, ask.year):
        refuse_one("DEPARTMENT", say("the department is {name!r}", name=department))
    content = make_draft_workbook(ask.office, ask.store(), ask.place, ask.year, department)
    return ask.download(content, "-".join(filter(None, (ask.county, str(ask.year), department))) + ".xlsx", _KIND)


def _keep(ask: Ask) -> Response:
    check_year(ask)
    department = ask.path.get("department", "")
    file = ask.files.get("file")
    if file is None:
        refuse_one("FILE", "no file was chosen", ANY_FILE)
    name, content = file.filename or "", file.file.read()
    try:
        number = keep_upload(ask.office, ask.store(), ask.county, ask.year, name, content, ask.who, ask.address, department)
    except Problems as problems:  # said on the page it was sent from
        if department:
            return draw_refused(ask, problems.problems)
        return draw_account(ask, problems.problems)
    return go(ask, f"/{ask.county}/{ask.year}/upload/{number}")


def _compare(ask: Ask) -> Response:
    check_year(ask)
    upload = compare_upload(ask.office, ask.store(), ask.county, ask.year, _number(ask), ask.who)
    return show(
        ask,
        "upload.html",
        place=ask.place,
        year=ask.year,
        head=find_head(ask),
        upload=upload,
        keys=[json.dumps([*one.given.key, one.given.version], ensure_ascii=False) for one in upload.differences],
        minute=print_minute,
        tab="forms",
    )


def _take(ask: Ask) -> Response:
    check_year(ask)
    seen = {}
    for name, text in ask.form.items():
        if name.startswith("take."):
            try:
                variable, member, version = json.loads(text)
                seen[str(variable), str(member)] = int(version)
            except (ValueError, TypeError, RecursionError):
                refuse_one("BODY", "this is not what the form sends")
    saved = take_upload(ask.office, ask.store(), ask.county, ask.year, _number(ask), seen, ask.who, ask.address)
    if saved.conflicts:
        found = say(
            "{count} cells are taken; {left} were changed by somebody else meanwhile and are shown again",
            count=len(saved.cells),
            left=len(saved.conflicts),
        )
        return go(ask, f"/{ask.county}/{ask.year}/upload/{_number(ask)}", found)
    return go(ask, f"/{ask.county}/{ask.year}", say("{count} cells are taken from the file", count=len(saved.cells)))


def _number(ask: Ask) -> int:
    """Return the number of the file in the path.

    Raises
    ------
    Problems : it is none
    """
    text = ask.path["number"]
    if not (text.isascii() and text.isdecimal() and len(text) < len("1000000000")):
        refuse_one(
            "FILE", say("there is no uploaded file {number}", number=text[:40]), "a file that you uploaded", "upload it again"
        )
    return int(text)


_YEAR = "/{county:code}/{year:year}"
_FORM = f"{_YEAR}/form/{{department}}"
ROUTES = (
    Route(f"{_YEAR}/workbook", _download, Action.READ),
    Route(f"{_FORM}/workbook", _download, Action.READ),
    Route(f"{_YEAR}/upload", _keep, Action.FILL, "POST"),
    Route(f"{_FORM}/upload", _keep, Action.FILL, "POST"),
    Route(f"{_YEAR}/upload/{{number}}", _compare, Action.FILL),
    Route(f"{_YEAR}/upload/{{number}}", _take, Action.FILL, "POST"),
)
