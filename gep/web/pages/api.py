"""The API for programs: reading accounts, figures and postings, writing cells of many counties, runs and submissions."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import say
from gep.office.account_year import check_draft, run_draft, sign_draft
from gep.office.drafts import FILLED, Cell, read_draft, read_steps, save_cells
from gep.office.forms import make_forms
from gep.office.rights import Action
from gep.office.takeover import need_reason
from gep.reference.regions import read_regions
from gep.reference.services import SERVICE_TITLES
from gep.regional.ranking import rank_counties
from gep.regional.rollup import roll_up
from gep.store.extracts import EXTRACTS, read_extract
from gep.store.signing import SUBMITTED
from gep.tasks.explain import trace
from gep.variables.catalogue import VARIABLES
from gep.web.openapi import Operation, make_document
from gep.web.pages import api_tables
from gep.web.pages.account import check_year
from gep.web.pages.money import read_year
from gep.web.pages.results import need_head
from gep.web.programs import give, once, read_body, read_count, read_text
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from gep.web.ask import Ask

MOST, MOST_CELLS = 100_000, 20_000
FORMATS = ("json", "csv", "parquet")
TEXT = {"type": "string"}
PAGED: dict[str, dict[str, Any]] = {
    "county": {"type": "string", "description": "six-digit code, or id of a party"},
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
    "format": {"type": "string", "enum": list(FORMATS), "default": "json"},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": 1000},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
}
CELLS = {
    "type": "object",
    "required": ["cells"],
    "properties": {
        "cells": {
            "type": "array",
            "maxItems": MOST_CELLS,
            "items": {
                "type": "object",
                "required": ["county", "year", "variable", "value", "unit"],
                "properties": {
                    "county": TEXT,
                    "year": {"type": "integer"},
                    "variable": TEXT,
                    "member": {"type": "string", "description": "as the form shows it; 全县 for the whole county"},
                    "value": TEXT,
                    "unit": TEXT,
                    "source": TEXT,
                    "note": TEXT,
                    "version": {
                        "type": "integer",
                        "description": "the saving that was seen; a newer one is a conflict; absent: whatever stands there is replaced",
                    },
                },
            },
        }
    },
}
REASON = {"type": "object", "properties": {"reason": TEXT}}
SUBMISSION = {"type": "object", "properties": {"note": TEXT, "hash": TEXT}}


def _extract(name: str) -> Callable[[Ask], Response]:
    def answer(ask: Ask) -> Response:
        form = ask.query.get("format", "json")
        if form not in FORMATS:
            refuse_one("format", say("{name} is {text!r}", name="format", text=form[:40]), ", ".join(FORMATS))
        year = ask.query.get("year", "")
        table = read_extract(
            ask.store(),
            name,
            ask.who.prefix,
            county=ask.query.get("county", ""),
            year=read_year(year) if year else None,
            limit=read_count(ask, "limit", 1, MOST, 1000),
            offset=read_count(ask, "offset", 0, 10**9, 0),
        )
        return _write(table, name, form)

    return answer


def _write(table: pa.Table, name: str, form: str) -> Response:
    if form == "json":
        return give({name: table.to_pylist()})
    out = io.BytesIO()
    if form == "csv":
        from pyarrow import csv

        csv.write_csv(table, out)
        return Response(out.getvalue(), media_type="text/csv")
    from pyarrow import parquet

    parquet.write_table(table, out)
    return Response(out.getvalue(), media_type="application/vnd.apache.parquet")


def _read_account(ask: Ask) -> Response:
    head = need_head(ask)
    store = ask.store()
    with store:
        account = store.read(head.key)
        of_account = {"services": account.results, "groups": account.roll_ups, "shown": account.shown}
        return give({"account": head, **of_account, "notices": account.notices})


def _read_trace(ask: Ask) -> Response:
    head, service = need_head(ask), ask.path["service"]
    if service not in SERVICE_TITLES:
        refuse_one("SERVICE", say("there is no service {name!r}", name=service), ", ".join(SERVICE_TITLES))
    return give(trace(ask.store(), head.key, service).as_dict())


def _read_findings(ask: Ask) -> Response:
    check_year(ask)
    return give({"findings": [one.as_dict() for one in check_draft(ask.office, ask.store(), ask.place.code, ask.year)]})


def _read_forms(ask: Ask) -> Response:
    check_year(ask)
    draft = read_draft(ask.office, ask.place.code, ask.year)
    return give({"forms": make_forms(ask.office, ask.store(), ask.county, ask.year, draft)})


def _roll_up(ask: Ask) -> Response:
    check_year(ask)
    with ask.store() as store:
        return give(roll_up(store, ask.place, ask.year, ask.query.get("standard") or None, (), approved=_wants_approved(ask)))


def _rank(ask: Ask) -> Response:
    check_year(ask)
    by, standard = ask.query.get("by", "") or "gep", ask.query.get("standard") or None
    with ask.store() as store:
        return give(rank_counties(store, ask.place, ask.year, standard, by, approved=_wants_approved(ask)))


def _wants_approved(ask: Ask) -> bool:
    text = ask.query.get("approved", "")
    if text not in {"", "0", "1"}:
        refuse_one("approved", say("{name} is {text!r}", name="approved", text=text[:40]), ", ".join("01"))
    return text == "1"


def _write_cells(ask: Ask) -> object:
    cells = read_body(ask).get("cells")
    if not isinstance(cells, list) or not 0 < len(cells) <= MOST_CELLS:
        refuse_one("cells", "there is no list of cells", say("a list of 1 to {most} cells", most=MOST_CELLS))
    problems: list[Problem] = []
    grouped: dict[tuple[str, int], list[tuple[Cell, bool]]] = {}
    for number, one in enumerate(cells):
        try:
            county, year, cell, seen = _read_cell(ask, one)
        except Problems as found:
            problems += [
                Problem(f"cells[{number}].{each.file}", 0, each.found, each.expected, each.hint) for each in found.problems
            ]
            continue
        grouped.setdefault((county, year), []).append((cell, seen))
    for (county, year), group in grouped.items():
        steps = read_steps(ask.office, county, year)
        for form in {VARIABLES[cell.variable].department for cell, _ in group}:
            if form in steps and steps[form].step == FILLED:
                said = say("the form was handed in by {name}", name=steps[form].shown)
                problems.append(
                    Problem(f"{county} {year} {form}", 0, said, "an open form", "open it again at its end, and say why")
                )
    refuse(problems)
    saved, conflicts = 0, []
    for (county, year), group in grouped.items():
        there = read_draft(ask.office, county, year)
        newest = [
            cell if seen or cell.key not in there else replace(cell, version=there[cell.key].version) for cell, seen in group
        ]
        done = save_cells(ask.office, county, year, newest, ask.who, "api", ask.address)
        saved += len(done.cells)
        conflicts += [
            {
                "county": county,
                "year": year,
                "variable": one.variable,
                "member": one.member,
                "value": one.value,
                "version": one.version,
            }
            for one in done.conflicts
        ]
    return {"saved": saved, "conflicts": conflicts}


def _read_cell(ask: Ask, sent: object) -> tuple[str, int, Cell, bool]:
    if not isinstance(sent, dict):
        refuse_one("cell", "a cell is no JSON object", "a JSON object")
    county, variable = read_text(sent, "county"), read_text(sent, "variable")
    if county not in read_regions():
        refuse_one("county", say("county is {text!r}", text=county), "a six-digit GB/T 2260 code")
    year = read_year(str(sent.get("year", "")))
    if variable not in VARIABLES:
        refuse_one("variable", say("there is no variable {name!r}", name=variable), "", "gep variables lists them")
    if not ask.who.may(Action.FILL, county, VARIABLES[variable].department):
        refuse_one("county", "this is not allowed with this account")
    version = sent.get("version")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool) or not 0 <= version < 2**62):
        refuse_one("version", say("{name} is {text!r}", name="version", text=str(version)[:40]), "a whole number")
    member = read_text(sent, "member") or "全县"
    value, unit, source, note = (read_text(sent, name) for name in ("value", "unit", "source", "note"))
    return county, year, Cell(variable, member, value, unit, source, note, version or 0), version is not None


def _run(ask: Ask) -> object:
    check_year(ask)
    reason = read_text(read_body(ask), "reason")
    if not reason:
        need_reason(ask.office, ask.store(), ask.place.code, ask.year)
    done = run_draft(ask.office, ask.store(), ask.place.code, ask.year, ask.who, reason, ask.address)
    ask.site.ahead.add(done.accounts)
    return {"run": done.stored.run}


def _submit(ask: Ask) -> object:
    check_year(ask)
    body = read_body(ask)
    event = sign_draft(
        ask.office,
        ask.store(),
        ask.place.code,
        ask.year,
        SUBMITTED,
        ask.who,
        read_text(body, "note"),
        read_text(body, "hash"),
        ask.address,
    )
    return {"run": event.run, "account_sha256": event.account_sha256}


FILTER: dict[str, dict[str, Any]] = {
    "standard": TEXT,
    "approved": {"type": "string", "description": "1: only approved accounts; 0 or absent: all"},
}
ABOUT = {
    "accounts": "Newest account of each county, year and standard, with its state.",
    "services": "Services of these accounts: status, quantity, value.",
    "lines": "Lines of the services: items, pollutants, products.",
    "inputs": "Inputs as given, with where each came from.",
    "coefficients": "Coefficients used, with their sources.",
    "products": "Newest catalogue of ecological products of each county and year.",
    "alerts": "Thresholds that watched series passed, with who has seen it.",
    "series": "Monitored series by month or day, as last corrected.",
    "postings": "Standing postings of booked transfers, in fen.",
}
OPERATIONS = (
    *(
        Operation(f"/{name}", ABOUT[name], _extract(name), Action.READ_MONEY if name == "postings" else Action.READ, query=PAGED)
        for name in EXTRACTS
    ),
    Operation(
        "/accounts/{county}/{year}",
        "The newest account of a county and year, with services and notices.",
        _read_account,
        Action.READ,
    ),
    Operation("/accounts/{county}/{year}/trace/{service}", "How a value came about, down to the cell.", _read_trace, Action.READ),
    Operation("/accounts/{county}/{year}/findings", "Findings of the draft, A to D.", _read_findings, Action.READ),
    Operation("/accounts/{county}/{year}/forms", "The forms with what is typed.", _read_forms, Action.READ),
    Operation(
        "/rollups/{county}/{year}", "Sums of a city or province with what they cover.", _roll_up, Action.READ, query=FILTER
    ),
    Operation(
        "/rankings/{county}/{year}", "Counties of a city or province in order.", _rank, Action.READ, query={**FILTER, "by": TEXT}
    ),
    Operation(
        "/cells",
        "Write cells of many counties; all are refused where one is wrong.",
        once(_write_cells),
        Action.FILL,
        "POST",
        body=CELLS,
    ),
    *api_tables.OPERATIONS,
    Operation(
        "/accounts/{county}/{year}/runs",
        "Compute and store the account of the draft.",
        once(_run),
        Action.RUN,
        "POST",
        body=REASON,
    ),
    Operation(
        "/accounts/{county}/{year}/submissions",
        "Submit the newest account.",
        once(_submit),
        Action.SUBMIT,
        "POST",
        body=SUBMISSION,
    ),
)


def _show_document(ask: Ask) -> Response:
    return ask.give(make_document(OPERATIONS))


def _show_page(ask: Ask) -> Response:
    return show(ask, "api.html", operations=OPERATIONS, document=make_document(OPERATIONS), here="api")


ROUTES = (
    *(one.route for one in OPERATIONS),
    Route("/api/v1/openapi.json", _show_document, None),
    Route("/api/v1/", _show_page, Action.ENTER),
)
