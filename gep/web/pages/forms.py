"""A form of a county's year: cells saved as they are typed, judged at once, with their history and what a reviewer says of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from gep.messages.problems import refuse_one
from gep.messages.texts import say, say_in
from gep.office.account_year import print_minute
from gep.office.cells import list_readers
from gep.office.checking import list_needed, place_findings, say_need
from gep.office.drafts import FILLED, LONGEST, REOPENED, Cell, read_cell_history, read_draft, read_steps, save_cells, take_step
from gep.office.forms import Form, count_form, list_form_names, make_form, measure_change, read_last
from gep.office.judging import judge_cells
from gep.office.page_texts import say_on_page
from gep.office.remarks import read_remarks, read_remarks_of_cell, write_remark
from gep.office.rights import Action
from gep.reference.services import SERVICE_TITLES
from gep.web.pages.account import check_year, find_head
from gep.web.render import go, print_change, show
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from gep.messages.findings import Finding
    from gep.messages.problems import Problem
    from gep.web.ask import Ask

FIELDS = ("value", "unit", "source", "note")
MOST = 2000
"""Cells that are taken at once."""
FAR = 0.5
"""A change from last year that is shown as a large one, as a share."""


def refuse_form(ask: Ask) -> NoReturn:
    """Refuse a form that the account does not have.

    Raises
    ------
    Problems : always
    """
    names = list_form_names(ask.office, ask.store(), ask.county, ask.year)
    refuse_one("DEPARTMENT", say("the department is {name!r}", name=ask.path["department"]), "、".join(names))


def find_form(ask: Ask) -> Form:
    """Return the form in the path, with what is typed.

    Raises
    ------
    Problems : the account has no such form
    """
    check_year(ask)
    draft = read_draft(ask.office, ask.county, ask.year)
    form = make_form(ask.office, ask.store(), ask.county, ask.year, ask.path["department"], draft)
    if form is None:
        refuse_form(ask)
    return form


def may_write(ask: Ask, department: str) -> bool:
    """Whether the person may fill a form as it stands: it is theirs, and not handed in."""
    step = read_steps(ask.office, ask.county, ask.year).get(department)
    return ask.may(Action.FILL, ask.county, department) and (step is None or step.step != FILLED)


def _show_form(ask: Ask) -> Response:
    return _draw(ask, find_form(ask), {}, {})


def draw_refused(ask: Ask, refused: Sequence[Problem]) -> Response:
    """Return the form from which a file was sent, with what was wrong in it beside the field."""
    return _draw(ask, find_form(ask), {}, {}, 422, refused)


def _draw(
    ask: Ask,
    form: Form,
    mine: Mapping[tuple[str, str], Cell],
    said: Mapping[tuple[str, str], Cell],
    status: int = 200,
    refused: Sequence[Problem] = (),
) -> Response:
    """Return the page of a form.

    Parameters
    ----------
    mine : cells that were typed and not saved, shown in place of what is saved
    said : cells of others that stand in their way
    refused : what was wrong in a file
    """
    if mine:
        form = replace(form, rows=tuple(replace(row, cell=mine.get(row.cell.key, row.cell)) for row in form.rows))
    department = form.department
    step = read_steps(ask.office, ask.county, ask.year).get(department)
    head = find_head(ask)
    return show(
        ask,
        "form.html",
        status,
        place=ask.place,
        year=ask.year,
        form=form,
        step=step,
        head=head,
        writable=may_write(ask, department),
        mine_to_fill=ask.may(Action.FILL, ask.county, department),
        may_remark=ask.may(Action.REVIEW, ask.county),
        judged=judge_cells(ask.county, ask.year, [row.cell for row in form.rows if row.filled]),
        remarks=read_remarks(ask.office, ask.county, ask.year),
        typists=sorted({row.cell.shown for row in form.rows if row.cell.shown}),
        conflicts=said,
        refused=refused,
        FAR=FAR,
        tab="forms",
    )


def _save(ask: Ask) -> Response:
    """Take cells from the script of the page, as JSON; each is kept or refused by itself."""
    check_year(ask)
    department = ask.path["department"]
    count = count_form(ask.office, ask.store(), ask.county, ask.year, department, {})
    if count is None:
        refuse_form(ask)
    need_open(ask, department)
    cells, way = read_cells(ask, count.variables)
    good = [one for one in cells if is_bounded(one)]
    refused = [one for one in cells if not is_bounded(one)]
    saved = save_cells(ask.office, ask.county, ask.year, good, ask.who, way, ask.address)
    judged = judge_cells(ask.county, ask.year, [one for one in saved.cells if one.value.strip()])
    now = count_form(ask.office, ask.store(), ask.county, ask.year, department, read_draft(ask.office, ask.county, ask.year))
    too_long = [
        {
            "grade": "A",
            "found": say_in(_LONG, ask.lang),
            "expected": say_in(say("at most {count} characters", count=LONGEST), ask.lang),
        }
    ]
    return ask.give(
        {
            "cells": [
                {**plain(one), "findings": [say_finding(found, ask.lang) for found in judged.get(one.key, ())]}
                for one in saved.cells
            ],
            "conflicts": [plain(one) for one in saved.conflicts],
            "refused": [{**plain(one), "findings": too_long} for one in refused],
            "filled": now.filled if now else 0,
            "wanted": now.wanted if now else 0,
        }
    )


def _save_whole(ask: Ask) -> Response:
    """Take the whole form without a script; what somebody else changed meanwhile is shown beside what was typed, to decide."""
    form = find_form(ask)
    need_open(ask, form.department)
    cells, way = [], "typed"
    for at, row in enumerate(form.rows):
        if f"value.{at}" not in ask.form:
            continue
        version = ask.form.get(f"version.{at}", "0")
        texts = {name: ask.form.get(f"{name}.{at}", "").strip() for name in FIELDS}
        member = ask.form.get(f"member.{at}", row.member).strip()
        if ask.form.get("take") == str(at) and row.reference:
            way = "reference"
            texts = {
                "value": row.reference.value,
                "unit": row.reference.unit,
                "source": row.reference.source,
                "note": say_in("reference value", ask.lang),
            }
        new = Cell(row.variable, member, **texts, version=int(version) if version.isdecimal() else 0)
        if (row.own and not member) or not (new.value or new.source or new.note or row.cell.version):
            continue
        if new.content != row.cell.content:
            cells.append(new)
    if len(cells) > MOST:
        refuse_one("BODY", say("{count} cells at once", count=len(cells)), say("at most {count}", count=MOST))
    bad = [one for one in cells if not is_bounded(one)]
    saved = save_cells(ask.office, ask.county, ask.year, [one for one in cells if one not in bad], ask.who, way, ask.address)
    if saved.conflicts or bad:
        there = {one.key: one for one in saved.conflicts}
        mine = {one.key: replace(one, version=there[one.key].version) for one in cells if one.key in there} | {
            one.key: one for one in bad
        }
        return _draw(ask, find_form(ask), mine, there, 409)
    return go(ask, _url(ask, form.department), say("{count} cells are saved", count=len(saved.cells)))


def _check(ask: Ask) -> Response:
    """Return what a check of all cells finds at the cells of a form, and what services still need of it."""
    check_year(ask)
    department = ask.path["department"]
    count = count_form(ask.office, ask.store(), ask.county, ask.year, department, {})
    if count is None:
        refuse_form(ask)
    findings = ask.site.checker.check(ask.office, ask.store(), ask.county, ask.year)
    draft = read_draft(ask.office, ask.county, ask.year)
    last = read_last(ask.store(), ask.county, ask.year)
    changes = {key: measure_change(ask.year, cell, last.get(key)) for key, cell in draft.items() if key[0] in count.variables}
    placed = place_findings(findings, ask.office, ask.county, ask.year)
    return ask.give(
        {
            "cells": [
                {"variable": key[0], "member": key[1], "findings": [say_finding(one, ask.lang) for one in found]}
                for key, found in placed.items()
                if key[0] in count.variables
            ],
            "changes": [
                {"variable": key[0], "member": key[1], "change": print_change(one), "far": abs(one) > FAR}
                for key, one in changes.items()
                if one is not None
            ],
            "needed": [say_need(one, ask.lang) for one in list_needed(findings, department)],
        }
    )


def _show_history(ask: Ask) -> Response:
    form = find_form(ask)
    variable, member = ask.query.get("variable", ""), ask.query.get("member", "")
    row = next((row for row in form.rows if row.variable == variable), None)
    if row is None:
        refuse_one("VARIABLE", say("the form has no {name!r}", name=variable))
    past = read_cell_history(ask.office, ask.county, ask.year, variable, member)
    return show(
        ask,
        "history.html",
        place=ask.place,
        year=ask.year,
        form=form,
        row=row,
        member=member,
        past=past,
        remarks=read_remarks_of_cell(ask.office, ask.county, ask.year, (variable, member)),
        readers={name: SERVICE_TITLES[name][1] for name in list_readers(variable)},
        head=find_head(ask),
        writable=may_write(ask, form.department),
        may_remark=ask.may(Action.REVIEW, ask.county),
        tab="forms",
    )


def _put_back(ask: Ask) -> Response:
    """Save an earlier content of a cell again."""
    form = find_form(ask)
    need_open(ask, form.department)
    variable, member = ask.form.get("variable", ""), ask.form.get("member", "")
    past = read_cell_history(ask.office, ask.county, ask.year, variable, member)
    earlier = next((one for one in past if str(one.version) == ask.form.get("version")), None)
    if earlier is None or variable not in {row.variable for row in form.rows}:
        refuse_one("VARIABLE", say("the form has no {name!r}", name=variable))
    seen = ask.form.get("seen", "")
    new = replace(earlier, version=int(seen) if seen.isdecimal() else 0)
    saved = save_cells(ask.office, ask.county, ask.year, [new], ask.who, "undo", ask.address)
    said = "somebody changed the cell meanwhile; look again" if saved.conflicts else "the earlier value is back"
    return go(ask, _url(ask, form.department), said)


def _remark(ask: Ask) -> Response:
    """Attach a reviewer's note to a cell."""
    form = find_form(ask)
    variable, member = ask.form.get("variable", ""), ask.form.get("member", "")
    text = ask.form.get("text", "").strip()
    row = next((row for row in form.rows if (row.variable, row.member) == (variable, member)), None)
    if row is None:
        refuse_one("VARIABLE", say("the form has no {name!r}", name=variable))
    if not text or len(text) > LONGEST:
        refuse_one("TEXT", "the note is empty or too long", say("at most {count} characters", count=LONGEST))
    write_remark(ask.office, ask.county, ask.year, (variable, member), row.cell.version, text, ask.who, ask.address)
    return go(ask, _url(ask, form.department), "the note stands at the cell")


def _take_step(ask: Ask) -> Response:
    form = find_form(ask)
    step = REOPENED if ask.form.get("step") == REOPENED else FILLED
    note = ask.form.get("note", "").strip()[:LONGEST]
    take_step(ask.office, ask.county, ask.year, form.department, step, ask.who, note, ask.address)
    return go(ask, _url(ask, form.department), "the form is handed in" if step == FILLED else "the form is open again")


def need_open(ask: Ask, department: str) -> None:
    """Refuse to change a form that is handed in.

    Raises
    ------
    Problems : it is
    """
    step = read_steps(ask.office, ask.county, ask.year).get(department)
    if step is not None and step.step == FILLED:
        refuse_one(
            "FORM",
            say("the form was handed in by {name}", name=step.shown),
            "an open form",
            "open it again at its end, and say why",
        )


def read_cells(ask: Ask, known: frozenset[str]) -> tuple[list[Cell], str]:
    """Return the cells that a script sent, and how they were entered.

    Raises
    ------
    Problems : the body is not what the script sends, or too many cells
    """
    try:
        sent: Any = json.loads(ask.body)
        cells = [
            Cell(str(one["variable"]), str(one["member"]).strip(), *_texts(one), int(one.get("version", 0)))
            for one in sent["cells"]
        ]
        way = str(sent.get("way", "typed"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        refuse_one(
            "BODY", "this is not what the form sends", "cells with variable, member, value, unit, source, note and version"
        )
    if len(cells) > MOST:
        refuse_one("BODY", say("{count} cells at once", count=len(cells)), say("at most {count}", count=MOST))
    for cell in cells:
        if cell.variable not in known:
            refuse_one("VARIABLE", say("the form has no {name!r}", name=cell.variable))
    return cells, way if way in {"typed", "pasted", "reference", "undo"} else "typed"


def is_bounded(cell: Cell) -> bool:
    """Whether the texts of a cell can be kept: none too long, none with a null character or half a letter."""
    return not any(
        len(text) > LONGEST or "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
        for text in (*cell.content, cell.member)
    )


_LONG = "a text is too long, or holds a character that nobody sees"


def say_finding(finding: Finding, lang: str) -> dict[str, str]:
    """Return a finding as the script of a form shows it."""
    one = finding.problem
    return {"grade": finding.grade, **{name: say_on_page(getattr(one, name), lang) for name in ("found", "expected", "hint")}}


def _texts(sent: Any) -> tuple[str, str, str, str]:
    value, unit, source, note = (str(sent.get(name, "")).strip() for name in FIELDS)
    return value, unit, source, note


def plain(cell: Cell) -> dict[str, object]:
    """Return a cell as the script of a form reads it."""
    return {
        "variable": cell.variable,
        "member": cell.member,
        **dict(zip(FIELDS, cell.content, strict=True)),
        "version": cell.version,
        "shown": cell.shown,
        "at": print_minute(cell.at),
    }


def _url(ask: Ask, department: str) -> str:
    return f"/{ask.county}/{ask.year}/form/{department}"


_FORM = "/{county:code}/{year:year}/form/{department}"
ROUTES = (
    Route(_FORM, _show_form, Action.READ),
    Route(_FORM, _save_whole, Action.FILL, "POST"),
    Route(f"{_FORM}/cells", _save, Action.FILL, "POST", api=True),
    Route(f"{_FORM}/check", _check, Action.READ, api=True),
    Route(f"{_FORM}/history", _show_history, Action.READ),
    Route(f"{_FORM}/history", _put_back, Action.FILL, "POST"),
    Route(f"{_FORM}/remark", _remark, Action.REVIEW, "POST"),
    Route(f"{_FORM}/step", _take_step, Action.FILL, "POST"),
)
