"""The form of a department: cells saved as they are typed, a workbook down and up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gep.messages.problems import refuse_one
from gep.messages.texts import say, say_in
from gep.office.account_year import print_minute
from gep.office.drafts import LONGEST, Cell, read_cell_history, read_draft, read_steps, save_cells, take_step
from gep.office.forms import Form, make_forms
from gep.office.judging import judge_cells
from gep.office.rights import Action
from gep.web.pages.account import check_year, find_head
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask

FIELDS = ("value", "unit", "source", "note")
MOST = 2000
"""Cells that are taken at once."""


def _find_form(ask: Ask) -> Form:
    """Return the form in the path.

    Raises
    ------
    Problems : the account has no such form
    """
    check_year(ask)
    forms = make_forms(ask.office, ask.store(), ask.county, ask.year, read_draft(ask.office, ask.county, ask.year))
    for form in forms:
        if form.department == ask.path["department"]:
            return form
    refuse_one(
        "DEPARTMENT", say("the department is {name!r}", name=ask.path["department"]), "、".join(form.department for form in forms)
    )


def _show_form(ask: Ask) -> Response:
    form = _find_form(ask)
    department = form.department
    return show(
        ask,
        "form.html",
        place=ask.place,
        year=ask.year,
        form=form,
        step=read_steps(ask.office, ask.county, ask.year).get(department),
        head=find_head(ask),
        writable=ask.may(Action.FILL, ask.county, department),
        judged=judge_cells(ask.county, ask.year, [row.cell for row in form.rows if row.filled]),
        tab="forms",
    )


def _save(ask: Ask) -> Response:
    """Take cells from the script of the page, as JSON."""
    form = _find_form(ask)
    cells, way = _read_cells(ask, {row.variable for row in form.rows})
    saved = save_cells(ask.office, ask.county, ask.year, cells, ask.who, way, ask.address)
    judged = judge_cells(ask.county, ask.year, [one for one in saved.cells if one.value.strip()])
    fresh = _find_form(ask)
    return ask.give(
        {
            "cells": [
                {**_plain(one), "findings": [_say(found, ask.lang) for found in judged.get(one.key, ())]} for one in saved.cells
            ],
            "conflicts": [_plain(one) for one in saved.conflicts],
            "filled": fresh.filled,
            "wanted": fresh.wanted,
        }
    )


def _save_whole(ask: Ask) -> Response:
    """Take the whole form without a script."""
    form = _find_form(ask)
    cells = []
    for at, row in enumerate(form.rows):
        if f"value.{at}" not in ask.form:
            continue
        texts = {name: ask.form.get(f"{name}.{at}", "").strip() for name in FIELDS}
        version = ask.form.get(f"version.{at}", "0")
        member = ask.form.get(f"member.{at}", row.member).strip()
        new = Cell(row.variable, member, **texts, version=int(version) if version.isdecimal() else 0)
        if new.content != row.cell.content and (new.value or row.cell.version):
            cells.append(new)
    saved = save_cells(ask.office, ask.county, ask.year, _bounded(cells), ask.who, "typed", ask.address)
    url = f"/{ask.county}/{ask.year}/form/{form.department}"
    if saved.conflicts:
        return go(
            ask,
            url,
            say("{count} cells were changed by somebody else meanwhile and are as they left them", count=len(saved.conflicts)),
        )
    return go(ask, url, say("{count} cells are saved", count=len(saved.cells)))


def _show_history(ask: Ask) -> Response:
    form = _find_form(ask)
    variable, member = ask.query.get("variable", ""), ask.query.get("member", "")
    past = read_cell_history(ask.office, ask.county, ask.year, variable, member)
    row = next((row for row in form.rows if row.variable == variable), None)
    if row is None:
        refuse_one("VARIABLE", say("the form has no {name!r}", name=variable))
    return show(
        ask,
        "history.html",
        place=ask.place,
        year=ask.year,
        form=form,
        row=row,
        member=member,
        past=past,
        head=find_head(ask),
        tab="forms",
    )


def _take_step(ask: Ask) -> Response:
    form = _find_form(ask)
    step = "reopened" if ask.form.get("step") == "reopened" else "filled"
    note = ask.form.get("note", "").strip()
    take_step(ask.office, ask.county, ask.year, form.department, step, ask.who, note, ask.address)
    said = "the form is handed in" if step == "filled" else "the form is open again"
    return go(ask, f"/{ask.county}/{ask.year}/form/{form.department}", said)


def _read_cells(ask: Ask, known: set[str]) -> tuple[list[Cell], str]:
    """Return the cells that a script sent, and how they were entered.

    Raises
    ------
    Problems : the body is not what the script sends
    """
    try:
        sent: Any = json.loads(ask.body)
        cells = [
            Cell(str(one["variable"]), str(one["member"]).strip(), *_texts(one), int(one.get("version", 0)))
            for one in sent["cells"]
        ]
        way = str(sent.get("way", "typed"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        refuse_one(
            "BODY", "this is not what the form sends", "cells with variable, member, value, unit, source, note and version"
        )
    for cell in cells:
        if cell.variable not in known:
            refuse_one("VARIABLE", say("the form has no {name!r}", name=cell.variable))
    return _bounded(cells), way if way in {"typed", "pasted", "reference", "undo"} else "typed"


def _texts(sent: Any) -> tuple[str, str, str, str]:
    value, unit, source, note = (str(sent.get(name, "")).strip() for name in FIELDS)
    return value, unit, source, note


def _bounded(cells: list[Cell]) -> list[Cell]:
    """Return cells that are not too many or too long.

    Raises
    ------
    Problems : too many cells, or a text that is too long or holds a null character
    """
    if len(cells) > MOST:
        refuse_one("BODY", say("{count} cells at once", count=len(cells)), say("at most {count}", count=MOST))
    for cell in cells:
        if any(len(text) > LONGEST or "\0" in text for text in (*cell.content, cell.member)):
            refuse_one(
                "BODY",
                "a text is too long, or holds a character that nobody sees",
                say("at most {count} characters", count=LONGEST),
            )
    return cells


def _plain(cell: Cell) -> dict[str, object]:
    return {
        "variable": cell.variable,
        "member": cell.member,
        **dict(zip(FIELDS, cell.content, strict=True)),
        "version": cell.version,
        "shown": cell.shown,
        "at": print_minute(cell.at),
    }


def _say(finding: Any, lang: str) -> dict[str, str]:
    one = finding.problem
    return {"grade": finding.grade, **{name: say_in(getattr(one, name), lang) for name in ("found", "expected", "hint")}}


_FORM = "/{county:code}/{year:year}/form/{department}"
ROUTES = (
    Route(_FORM, _show_form, Action.READ),
    Route(_FORM, _save_whole, Action.FILL, "POST"),
    Route(f"{_FORM}/cells", _save, Action.FILL, "POST", api=True),
    Route(f"{_FORM}/history", _show_history, Action.READ),
    Route(f"{_FORM}/step", _take_step, Action.FILL, "POST"),
)
