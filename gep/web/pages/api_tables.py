"""Tables of many counties' inputs by the API: sent, compared with the drafts, taken."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from gep.messages.problems import refuse_one
from gep.messages.texts import say, say_in
from gep.office.bulk import PAGE, Part, check_table, compare_parts, keep_table, take_parts
from gep.office.product_page import DOCUMENTS, enter_watch
from gep.office.rights import Action
from gep.web.openapi import Operation
from gep.web.programs import give, once, read_body, read_count, read_text

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.messages.problems import Problem
    from gep.web.ask import Ask

TEXT = {"type": "string"}
TABLE: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "description": "name of the table, in .csv or .parquet", "example": "inputs.csv"},
        "text": {"type": "string", "description": "a table in CSV"},
        "base64": {"type": "string", "description": "in its place: the bytes of the file, for Parquet"},
    },
}
TAKEN = {
    "type": "object",
    "required": ["parts"],
    "properties": {
        "parts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["county", "year", "stamp"],
                "properties": {
                    "county": TEXT,
                    "year": {"type": "integer"},
                    "stamp": {"type": "string", "description": "as it was answered: the state of the draft that was compared"},
                },
            },
        }
    },
}


def _read_table(ask: Ask) -> tuple[str, bytes]:
    body = read_body(ask)
    name, text, packed = read_text(body, "file"), body.get("text"), body.get("base64")
    if isinstance(text, str) and packed is None:
        content = text.encode("utf-8", "replace")
    elif isinstance(packed, str) and text is None:
        try:
            content = base64.b64decode(packed, validate=True)
        except (binascii.Error, ValueError):
            refuse_one("base64", "this is not base64")
    else:
        refuse_one("BODY", "there is no table", "one of text and base64")
    return name, content


def _send(ask: Ask) -> object:
    name, content = _read_table(ask)
    digest = keep_table(
        ask.office, name, content, ask.who, lambda *given: ask.site.workshop.make(check_table, *given), ask.address
    )
    return _tell(ask, digest, 1)


def _compare(ask: Ask) -> Response:
    return give(_tell(ask, ask.path["table"], read_count(ask, "page", 1, 10**6, 1)))


def _tell(ask: Ask, digest: str, page: int) -> object:
    parts = compare_parts(ask.office, ask.store(), digest, ask.who, page)
    return {
        "table": digest,
        "file": parts.file,
        "count": parts.count,
        "page": parts.page,
        "pages": parts.pages,
        "parts": [_tell_part(one) for one in parts.rows],
    }


def _tell_part(one: Part) -> object:
    upload = one.upload
    return {
        "county": one.county,
        "year": one.year,
        "stamp": one.stamp,
        "same": upload.same,
        "not_yours": upload.others,
        "problems": [_say(each) for each in upload.problems],
        "differences": [
            {
                "form": each.form,
                "variable": each.given.variable,
                "member": each.given.member,
                "now": {"value": each.now.value, "unit": each.now.unit, "by": each.now.shown},
                "given": {
                    "value": each.given.value,
                    "unit": each.given.unit,
                    "source": each.given.source,
                    "note": each.given.note,
                    "address": each.given.origin,
                },
                "findings": [{"grade": found.grade, **_say(found.problem)} for found in upload.judged.get(each.given.key, ())],
            }
            for each in upload.differences
        ],
    }


def _say(problem: Problem) -> dict[str, Any]:
    return {"where": problem.where, **{name: say_in(getattr(problem, name), "en") for name in ("found", "expected", "hint")}}


def _take(ask: Ask) -> object:
    sent = read_body(ask).get("parts")
    if not isinstance(sent, list) or not 0 < len(sent) <= PAGE:
        refuse_one("parts", "there is no list of parts", say("a list of 1 to {most} parts", most=PAGE))
    chosen = {}
    for one in sent:
        year = one.get("year") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not isinstance(year, int) or isinstance(year, bool):
            refuse_one("parts", "a part is no county, year and stamp", "county, year and stamp as they were answered")
        chosen[read_text(one, "county"), year] = read_text(one, "stamp")
    saved, changed = take_parts(ask.office, ask.store(), ask.path["table"], chosen, ask.who, ask.address)
    return {"saved": saved, "changed": [{"county": county, "year": year} for county, year in changed]}


def _keep_series(ask: Ask) -> object:
    sent = _read_table(ask)
    if sent[0].lower().endswith(DOCUMENTS):
        refuse_one("file", say("the file ends in {ending!r}", ending=".yaml"), "a table in .csv or .parquet")
    reason = read_text(read_body(ask), "reason")
    with ask.store().alone() as store:
        reports, _, _ = enter_watch(ask.office, store.path, ask.county, [sent], reason, ask.who, ask.address)
    return {"county": ask.county, "new": reports}


OPERATIONS = (
    Operation(
        "/series/{county}",
        "Keep reports of monitored series by month or day, each once; the table has variable, place, time, value, unit, source.",
        once(_keep_series),
        Action.RUN,
        "POST",
        body={
            **TABLE,
            "properties": {
                **TABLE["properties"],
                "reason": {"type": "string", "description": "why figures differ from those kept; without it they are refused"},
            },
        },
    ),
    Operation(
        "/tables",
        "Send a table of the inputs of many counties; it is checked and compared with the drafts, and nothing changes yet.",
        once(_send),
        Action.FILL,
        "POST",
        body=TABLE,
    ),
    Operation(
        "/tables/{table}",
        "What a table that was sent would change in the drafts, a page of counties and years.",
        _compare,
        Action.FILL,
        query={"page": {"type": "integer", "minimum": 1, "default": 1}},
    ),
    Operation(
        "/tables/{table}/taken",
        "Take what a table has of counties and years into their drafts, as they were compared.",
        once(_take),
        Action.FILL,
        "POST",
        body=TAKEN,
    ),
)
