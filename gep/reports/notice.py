"""The payment notice of a scheme and year (资金分配表 and 计算说明) as PDF or HTML. Jinja is known here for transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from gep.compensation.binding import name_of
from gep.compensation.booking import end_of, fund_name
from gep.compensation.known_accounts import accounts
from gep.compensation.money import exact, in_words, yuan
from gep.compensation.scheme import FUND
from gep.compensation.show import FEW, totals
from gep.files import written
from gep.places import TEMPLATES
from gep.problems import Problem, Problems
from gep.reports.pdf import font_faces, pdf

if TYPE_CHECKING:
    from pathlib import Path

    from gep.compensation.compute import Result

STAGES = {
    "weight": "权重",
    "share": "份额",
    "exact": "取整前（元）",
    "rounding": "取整（元）",
    "amount": "金额（元）",
    "deduction": "扣减（元）",
    "payment": "支付（元）",
}


def write_notice(result: Result, target: Path) -> None:
    """Write the notice of a result, by the ending of the target; whole or not at all.

    Raises
    ------
    Problems : a target that is neither .pdf nor .html, or cannot be written
    """
    if target.suffix.lower() not in {".pdf", ".html"}:
        raise Problems(
            [Problem(str(target), 0, f"notices are not written as {target.suffix or 'a file without ending'}", ".pdf or .html")]
        )
    html = render(result)
    content = html.encode() if target.suffix.lower() == ".html" else pdf(html)
    with written(target, "notice") as temporary:
        temporary.write_bytes(content)


def render(result: Result) -> str:
    """Return the notice as one HTML page; everything that comes from files is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("notice.html").render(_context(result))


def _context(result: Result) -> dict[str, Any]:
    scheme = result.ready.scheme
    known = accounts()
    rows = [
        {"code": row["code"] if row["code"] != row["party"] or row["code"].isdigit() else "", "name": row["name"], "received": yuan(row["received"]), "paid": yuan(row["paid"]),
         "net": yuan(row["net"]), "words": in_words(row["net"])}
        for row in totals(result)
    ]  # fmt: skip
    paid_out = sum(fen for fen in result.net().values() if fen > 0)
    postings = [
        {"from": _named(result, one.source), "to": _named(result, one.target), "amount": yuan(one.fen), "reason": one.reason, "clause": one.clause, "due": one.due,
         "accounts": " → ".join(known[code]["title_zh"] if code in known else "资金" for code in (one.account_from, one.account_to)), "notice": one.notice}
        for one in result.postings
    ]  # fmt: skip
    few = len(result.places.codes) <= FEW
    steps = [
        {"stage": one.stage, "what": f"{one.operation} {one.name}", "place": " ".join(filter(None, (one.place, one.period))), "value": exact(one.value, 8), "unit": one.unit, "note": one.note}
        for one in result.steps if few or (not one.place or one.place.startswith(FUND))
    ]  # fmt: skip
    return {
        "css": Markup(font_faces() + (TEMPLATES / "report.css").read_text("utf-8")), "title": scheme.title.zh, "year": result.year, "scheme": f"{scheme.id} {scheme.version}",
        "simulation": ", ".join(f"{name} = {value}" for name, value in result.supposed.items()), "rows": rows, "postings": postings, "steps": steps,
        "matrix": _matrix(result) if not few else [], "stages": list(STAGES.values()),
        "total": yuan(paid_out), "total_words": in_words(paid_out), "funds": _funds(result),
        "legal": [f"{one.title} {one.number}（{one.issuer}，{one.date}）[{one.mark}] {one.locator}" for one in scheme.legal],
        "rounding": f"{scheme.rounding.unit}，最大余数法，并列时依 {'、'.join(scheme.rounding.tie_break)}", "marks": result.marks,
        "sha256": result.sha256, "scheme_sha256": result.ready.sha256,
    }  # fmt: skip


def _named(result: Result, end: str) -> str:
    return (
        fund_name(result, end)
        or f"{name_of(result.ready.scheme, end)} {code if (code := end_of(result, end)) != end or code.isdigit() else ''}".strip()
    )


def _matrix(result: Result) -> list[dict[str, Any]]:
    """Return weight, share, exact amount, rounding and amount of every member, one line a member and operation."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for step in result.steps:
        if step.stage in STAGES and step.place in result.places.codes:
            found.setdefault((step.operation, step.place), {})[step.stage] = exact(step.value, 6)
    return [
        {
            "operation": operation,
            "place": f"{place} {result.places.names[place]}",
            "cells": [cells.get(stage, "") for stage in STAGES],
        }
        for (operation, place), cells in found.items()
    ]


def _funds(result: Result) -> list[dict[str, str]]:
    found = []
    for name, fund in result.ready.scheme.funds.items():
        inflow = sum(flow.fen for flow in result.flows if flow.target == FUND + name)
        inflow += sum(
            int(step.value * 100)
            for step in result.steps
            if step.place == FUND + name and step.name == "carried in from last year"
        )
        outflow = sum(flow.fen for flow in result.flows if flow.source == FUND + name)
        found.append({"name": fund.title or name, "in": yuan(inflow), "out": yuan(outflow), "rest": yuan(inflow - outflow)})
    return found
