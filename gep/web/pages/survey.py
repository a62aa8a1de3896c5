"""The sheet of the land survey (三调): areas by class, the ecosystem types they are, and the button that takes them over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.drafts import Cell, save_cells
from gep.office.land_survey import UNITS, judge_survey, name_type, read_survey, transfer_survey
from gep.office.page_texts import say_on_page
from gep.office.rights import Action
from gep.reference.survey_types import SURVEY
from gep.variables.declare import NATURAL_RESOURCES
from gep.web.pages.account import check_year, find_head
from gep.web.pages.forms import FIELDS, is_bounded, may_write, need_open, plain, read_cells
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show(ask: Ask) -> Response:
    check_year(ask)
    sheet = read_survey(ask.office, ask.county, ask.year)
    return show(
        ask,
        "survey.html",
        place=ask.place,
        year=ask.year,
        head=find_head(ask),
        sheet=sheet,
        judged=judge_survey([row.cell for row in sheet.rows if row.cell.value]),
        writable=may_write(ask, NATURAL_RESOURCES),
        name_type=name_type,
        SURVEY=SURVEY,
        UNITS=UNITS,
        tab="forms",
    )


def _need_right(ask: Ask) -> None:
    """Refuse who fills another department's form, and a form that is handed in.

    Raises
    ------
    Problems : the sheet is not the person's to fill
    """
    check_year(ask)
    if not ask.may(Action.FILL, ask.county, NATURAL_RESOURCES):
        refuse_one("FORM", "this is not allowed with this account", "somebody of the department that has the land survey")
    need_open(ask, NATURAL_RESOURCES)


def _save(ask: Ask) -> Response:
    _need_right(ask)
    cells, way = read_cells(ask, frozenset({SURVEY}))
    good = [one for one in cells if is_bounded(one) and one.member]
    saved = save_cells(ask.office, ask.county, ask.year, good, ask.who, way, ask.address)
    judged = judge_survey([one for one in saved.cells if one.value])
    sheet = read_survey(ask.office, ask.county, ask.year)
    return ask.give(
        {
            "cells": [
                {
                    **plain(one),
                    "findings": [
                        {
                            "grade": "A",
                            "found": say_on_page(each.found, ask.lang),
                            "expected": say_on_page(each.expected, ask.lang),
                            "hint": say_on_page(each.hint, ask.lang),
                        }
                        for each in judged.get(one.key, ())
                    ],
                }
                for one in saved.cells
            ],
            "conflicts": [plain(one) for one in saved.conflicts],
            "refused": [{**plain(one), "findings": []} for one in cells if one not in good],
            "filled": sum(bool(row.cell.value) for row in sheet.rows),
            "wanted": 0,
        }
    )


def _save_whole(ask: Ask) -> Response:
    _need_right(ask)
    cells = []
    for at, row in enumerate(read_survey(ask.office, ask.county, ask.year).rows):
        if f"value.{at}" not in ask.form:
            continue
        texts = {name: ask.form.get(f"{name}.{at}", "").strip() for name in FIELDS}
        version = ask.form.get(f"version.{at}", "0")
        new = Cell(
            SURVEY, ask.form.get(f"member.{at}", row.code).strip(), **texts, version=int(version) if version.isdecimal() else 0
        )
        if new.member and is_bounded(new) and new.content != row.cell.content and (new.value or row.cell.version):
            cells.append(new)
    saved = save_cells(ask.office, ask.county, ask.year, cells, ask.who, "typed", ask.address)
    return go(ask, f"/{ask.county}/{ask.year}/survey", say("{count} cells are saved", count=len(saved.cells)))


def _transfer(ask: Ask) -> Response:
    _need_right(ask)
    seen = {}
    for name, version in ask.form.items():
        if name.startswith("take.") and version.isdecimal():
            seen[name.removeprefix("take.")] = int(version)
    saved = transfer_survey(ask.office, ask.county, ask.year, seen, ask.who, ask.address)
    if saved.conflicts:
        found = say(
            "{count} cells are taken; {left} were changed by somebody else meanwhile and are shown again",
            count=len(saved.cells),
            left=len(saved.conflicts),
        )
        return go(ask, f"/{ask.county}/{ask.year}/survey", found)
    return go(
        ask,
        f"/{ask.county}/{ask.year}/form/{NATURAL_RESOURCES}",
        say("{count} areas are taken from the land survey", count=len(saved.cells)),
    )


_SHEET = "/{county:code}/{year:year}/survey"
ROUTES = (
    Route(_SHEET, _show, Action.READ),
    Route(_SHEET, _save_whole, Action.FILL, "POST"),
    Route(f"{_SHEET}/cells", _save, Action.FILL, "POST", api=True),
    Route(f"{_SHEET}/transfer", _transfer, Action.FILL, "POST"),
)
