"""The findings of a draft, grouped, each with its written explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.findings import GRADES
from gep.messages.texts import say_in
from gep.office.account_year import group_findings
from gep.office.drafts import read_draft, write_explanation
from gep.office.forms import find_form_of
from gep.office.rights import Action
from gep.variables.declare import DEPARTMENTS
from gep.web.pages.account import check_year, find_head
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show_findings(ask: Ask) -> Response:
    check_year(ask)
    department = ask.query.get("department", "")
    findings = ask.site.checker.check(ask.office, ask.store(), ask.county, ask.year)
    groups = group_findings(findings, department, read_draft(ask.office, ask.county, ask.year))
    return show(
        ask,
        "findings.html",
        place=ask.place,
        year=ask.year,
        head=find_head(ask),
        form_of=find_form_of,
        groups=groups,
        grades=GRADES,
        department=department,
        departments=DEPARTMENTS,
        writable=ask.may(Action.FILL, ask.county),
        tab="findings",
    )


def _explain(ask: Ask) -> Response:
    check_year(ask)
    finding = (ask.form.get("code", ""), ask.form.get("place", ""), ask.form.get("found", ""))
    write_explanation(ask.office, ask.county, ask.year, finding, ask.form.get("text", "").strip()[:4000], ask.who, ask.address)
    return go(ask, f"/{ask.county}/{ask.year}/findings", say_in("the explanation is kept", "en"))


ROUTES = (
    Route("/{county:code}/{year:year}/findings", _show_findings, Action.READ),
    Route("/{county:code}/{year:year}/findings", _explain, Action.FILL, "POST"),
)
