"""The payment notice of a scheme and year (资金分配表 and 计算说明) as PDF or HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from gep.compensation.booking import name_fund
from gep.compensation.budget_subjects import read_budget_subjects
from gep.compensation.formulas import TRUE_OR_FALSE
from gep.compensation.members import name_party
from gep.compensation.own_texts import read_locator
from gep.compensation.run_rows import end_of
from gep.compensation.scheme import FUND
from gep.compensation.step_notes import say_note
from gep.compensation.stored_words import say_reason, say_step_name, say_stored, say_unit
from gep.compensation.summary import FEW, sum_parties
from gep.compensation.titles import find_title
from gep.files.page import render_page
from gep.files.writing import write_whole
from gep.messages.problems import refuse_one
from gep.messages.texts import mark_word, say, say_in
from gep.paths import TEMPLATES
from gep.reports.forms.pdf import make_font_faces, render_pdf
from gep.reports.grids import Grid
from gep.units.money import FEN_PER_YUAN, format_exact, format_yuan, separate_thousands, write_in_words

if TYPE_CHECKING:
    from pathlib import Path

    from gep.compensation.compute import Result
    from gep.compensation.steps import Step
    from gep.store.chain import Head

STAGES = {
    "weight": "权重",
    "share": "份额",
    "exact": "取整前（元）",
    "rounding": "取整（元）",
    "amount": "金额（元）",
    "deduction": "扣减（元）",
    "payment": "收付（付为负，元）",
}
PARTIES = ("代码", "名称", "应收（元）", "应付（元）", "净额（元）", "大写")
POSTINGS = ("付方", "收方", "金额（元）", "事由", "科目", "应付日")
STEPS = ("环节", "名称", "地点、期间", "数值", "单位", "说明")


def write_notice(result: Result, target: Path, head: Head | None = None) -> None:
    """Write the notice of a result as PDF or HTML, by the ending of the target; whole or not at all.

    Parameters
    ----------
    head : of the chain of the store that the accounts are read from and postings are booked in; None: there is no store

    Raises
    ------
    Problems : a target that is neither .pdf nor .html, or cannot be written
    """
    if target.suffix.lower() not in {".pdf", ".html"}:
        refuse_one(
            str(target),
            say("notices are not written as {shown}", shown=target.suffix or mark_word("a file without ending")),
            ".pdf or .html",
        )
    html = render(result, head)
    content = html.encode() if target.suffix.lower() == ".html" else render_pdf(html)
    with write_whole(target, "notice") as temporary:
        temporary.write_bytes(content)


def render(result: Result, head: Head | None = None) -> str:
    """Return the notice as one HTML page; everything that comes from files is escaped.

    Parameters
    ----------
    head : of the chain of the store; None: there is no store
    """
    return render_page("notice.html", head=head, **describe_calculation(result))


def describe_calculation(result: Result) -> dict[str, Any]:
    """Return what notices say of a result, in Chinese: amounts, postings, steps, the lines of each member, funds, legal texts, marks."""
    scheme = result.ready.scheme
    known = read_budget_subjects()
    parties = [
        (
            row["code"] if row["code"] != row["party"] or row["code"].isdigit() else "",
            row["name"],
            format_yuan(row["received"]),
            format_yuan(row["paid"]),
            format_yuan(row["net"]),
            write_in_words(row["net"]),
        )
        for row in sum_parties(result)
    ]
    paid_out = sum(fen for fen in result.net().values() if fen > 0)
    postings = [
        (
            _named(result, one.source),
            _named(result, one.target),
            format_yuan(one.fen),
            f"{say_reason(one.reason, 'zh')} {one.notice}".strip(),
            " → ".join(
                known[code]["title_zh"] if code in known else say_stored("subject", code, "zh")
                for code in (one.subject_from, one.subject_to)
            ),
            one.due,
        )
        for one in result.postings
    ]
    few = len(result.places.codes) <= FEW
    steps = [
        (
            say_stored("stage", one.stage, "zh"),
            name_step(result, one),
            " ".join(filter(None, (name_place(result, one.place), _name_period(result, one.period)))),
            _value(one),
            "" if one.unit == TRUE_OR_FALSE else say_unit(one.unit, "zh"),
            say_note(one.note, "zh"),
        )
        for one in result.steps
        if few or (not one.place or one.place.startswith(FUND))
    ]
    return {
        "css": Markup(make_font_faces() + (TEMPLATES / "report.css").read_text("utf-8")),
        "title": scheme.title.zh,
        "year": result.year,
        "scheme": f"{scheme.id} {scheme.version}",
        "simulation": ", ".join(f"{name} = {value}" for name, value in result.what_if.items()),
        "parties": Grid(PARTIES, tuple(parties), frozenset({2, 3, 4})),
        "postings": Grid(POSTINGS, tuple(postings), frozenset({2})),
        "steps": Grid(STEPS, tuple(steps), frozenset({3})),
        "matrix": Grid((), ()) if few else _matrix(result),
        "total": format_yuan(paid_out),
        "total_words": write_in_words(paid_out),
        "funds": _funds(result),
        "legal": [
            f"{one.title} {one.number}（{one.issuer}，{one.date}）[{one.mark}] {say_in(read_locator(one.locator), 'zh')}"
            for one in scheme.legal
        ],
        "rounding": f"{say_stored('unit', scheme.rounding.unit, 'zh')}，最大余数法，并列时依{'、'.join(say_stored('tie', one, 'zh') for one in scheme.rounding.tie_break)}",
        "marks": [say_in(mark, "zh") for mark in result.marks],
        "sha256": result.sha256,
        "scheme_sha256": result.ready.sha256,
    }


def _named(result: Result, end: str) -> str:
    return (
        name_fund(result, end)
        or f"{name_party(result.ready.scheme, end)} {code if (code := end_of(result, end)) != end or code.isdigit() else ''}".strip()
    )


def name_step(result: Result, step: Step) -> str:
    """Return what a step is called in the scheme: the title of the input or operation, otherwise its id."""
    scheme = result.ready.scheme
    if step.stage == "input":
        titles = [one.title for name, one in scheme.inputs.items() if step.name in {name, one.indicator} and one.title]
        return titles[0] if titles else say_step_name(step.name, "zh")
    if step.stage in {"value", "constant"}:
        return find_title(scheme, step.name)
    payer = step.name.removeprefix("paid in by ")
    if step.stage == "fund" and payer != step.name:
        return f"{name_party(scheme, payer)}缴入"
    title = next((one.title for one in scheme.rule if one.name == step.operation), "")
    if step.stage == "payment" and title:
        source, _, target = step.name.partition(" → ")
        return f"{title}：{name_place(result, source)} → {name_place(result, target)}" if target else title
    return title or say_step_name(step.name, "zh")


def name_place(result: Result, place: str) -> str:
    """Return the name of a member, party, section or fund."""
    scheme = result.ready.scheme
    if place in scheme.sections:
        return scheme.sections[place].name
    if place.startswith(FUND):
        return name_fund(result, place)
    return name_party(scheme, place) if place else ""


def _name_period(result: Result, period: str) -> str:
    """Return a period as it is printed: the sections of a payment by name."""
    sections = result.ready.scheme.sections
    return " ".join(sections[part].name if part in sections else part for part in period.split(" "))


def _matrix(result: Result) -> Grid:
    """Return weight, share, exact amount, rounding and amount of every member, one line a member and operation."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for step in result.steps:
        if step.stage in STAGES and step.place in result.places.codes:
            found.setdefault((step.operation, step.place), {})[step.stage] = _value(step)
    for (operation, place), fen in _sum_up_payments(result).items():
        found.setdefault((operation, place), {})["payment"] = format_yuan(fen)
    titles = {one.name: one.title or one.name for one in result.ready.scheme.rule}
    used = [stage for stage in STAGES if any(stage in cells for cells in found.values())]
    rows, above = [], ""
    for (operation, place), cells in found.items():
        named = titles.get(operation, operation) if operation != above else ""  # once, above the rows it holds for
        above = operation
        rows.append((named, result.places.names[place], *(cells.get(stage, "") for stage in used)))
    columns = ("运算", "县（市、区）", *(STAGES[stage] for stage in used))
    return Grid(columns, tuple(rows), frozenset(range(2, len(columns))))


def _sum_up_payments(result: Result) -> dict[tuple[str, str], int]:
    """Return what members get less what they pay by operations that pay one by one: of all periods and sections, in fen."""
    paying = {step.operation for step in result.steps if step.stage == "payment"}
    found: dict[tuple[str, str], int] = {}
    for flow in result.flows:
        for place, fen in ((flow.source, -flow.fen), (flow.target, flow.fen)):
            if flow.operation in paying and place in result.places.codes:
                found[flow.operation, place] = found.get((flow.operation, place), 0) + fen
    return found


def _value(step: Step) -> str:
    """Return the number of a step: money that is whole fen with two decimals, all else exact or marked as rounded."""
    if step.unit == TRUE_OR_FALSE:
        return "是" if step.value else "否"
    if step.unit == "元" and (step.value * FEN_PER_YUAN).denominator == 1:
        return format_yuan(int(step.value * FEN_PER_YUAN))
    return separate_thousands(format_exact(step.value, 6))


def _funds(result: Result) -> Grid:
    found = []
    for name, fund in result.ready.scheme.funds.items():
        inflow = sum(flow.fen for flow in result.flows if flow.target == FUND + name)
        inflow += sum(
            int(step.value * 100)
            for step in result.steps
            if step.place == FUND + name and step.name == "carried in from last year"
        )
        outflow = sum(flow.fen for flow in result.flows if flow.source == FUND + name)
        found.append((fund.title or name, format_yuan(inflow), format_yuan(outflow), format_yuan(inflow - outflow)))
    return Grid(("资金", "收入（元）", "支出（元）", "结余（元）"), tuple(found), frozenset({1, 2, 3}))
