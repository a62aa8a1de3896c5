"""Writes the allocation table of a finance bureau and the notices of counties: PDF, HTML, Word and Excel, one content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from gep.compensation.in_numbers import show_formulas
from gep.compensation.members import name_party
from gep.compensation.titles import find_title
from gep.files.page import render_page
from gep.files.writing import write_whole
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import mark_word, say
from gep.paths import TEMPLATES
from gep.reports.allocation_table import (
    DEDUCTION,
    UNITS,
    Notice,
    count_decimals,
    format_amount,
    list_amounts,
    make_grid,
    make_notices,
    make_table,
)
from gep.reports.forms.pdf import make_font_faces, render_pdf
from gep.reports.grids import Grid
from gep.reports.payment_notice import describe_calculation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gep.compensation.compute import Result
    from gep.compensation.issued import Booked
    from gep.reports.allocation_table import AllocationTable, Issue

FORMS = (".pdf", ".html", ".docx", ".xlsx")
MOST_MOVES = 14
"""Lines of a notice that stay on its page."""
WIDE = 6
"""Columns of a table beyond which the page lies."""


def write_allocation(result: Result, issue: Issue, target: Path, booked: Booked | None = None) -> None:
    """Write the table with its calculation sheet, by the ending of the target; whole or not at all.

    Parameters
    ----------
    booked : the booking of the result; None: it is a trial

    Raises
    ------
    Problems : another ending than FORMS, another unit than 元 and 万元, or a target that cannot be written
    """
    refuse(find_wrong_issue(issue, target, None))
    table = make_table(result, issue, booked)
    decimals = count_decimals([*list_amounts(table.sheets), table.total], issue.unit)
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from gep.reports.forms.allocation_excel import write_excel

        content = write_excel(result, table, decimals, booked)
    elif ending == ".docx":
        from gep.reports.forms.allocation_word import write_word

        content = write_word(table, describe_calculation(result), list_formulas(result), decimals, booked)
    else:
        page = _render(result, table, decimals, booked, None)
        content = page.encode() if ending == ".html" else render_pdf(page)
    with write_whole(target, "allocation table") as temporary:
        temporary.write_bytes(content)


def write_notices(result: Result, issue: Issue, target: Path, booked: Booked | None = None, only: str = "") -> int:
    """Write the notice of each county, one page each, or of one county, as PDF or HTML; return how many.

    Parameters
    ----------
    only : code or id of one member; empty: all

    Raises
    ------
    Problems : nobody to notify, another ending, another unit, or a target that cannot be written
    """
    refuse(find_wrong_issue(issue, None, target))
    table, notices = make_table(result, issue, booked), make_notices(result, issue, booked, only)
    if not notices:
        refuse_one("--notices", say("nobody gets or owes anything"), "a member of the scheme with money")
    amounts = [
        amount for one in notices for amount in (one.net, *(fen for _, fen in one.lines), *(move.fen for move in one.moves))
    ]
    page = _render(result, table, count_decimals(amounts, issue.unit), booked, notices)
    with write_whole(target, "notices") as temporary:
        temporary.write_bytes(page.encode() if target.suffix.lower() == ".html" else render_pdf(page))
    return len(notices)


def find_wrong_issue(issue: Issue, table: Path | None, notices: Path | None) -> Iterator[Problem]:
    """Yield why a table or notices cannot be issued: an ending that they are not written in, a unit that nobody pays in.

    Parameters
    ----------
    table, notices : files to write; None: not asked for
    """
    for target, forms in ((table, FORMS), (notices, FORMS[:2])):
        if target is not None and target.suffix.lower() not in forms:
            shown = target.suffix or mark_word("a file without ending")
            found = say("allocation tables are not written as {shown}", shown=shown)
            if target is notices:
                found = say("notices are not written as {shown}", shown=shown)
            yield Problem(str(target), 0, found, ", ".join(forms))
    if issue.unit not in UNITS:
        yield Problem("--unit", 0, say("the unit is {unit!r}", unit=issue.unit), "元, 万元")


IN_WORDS = {
    "sum": "合计",
    "smaller": "取小",
    "larger": "取大",
    "mean": "平均",
    "min": "取小",
    "max": "取大",
    "at_least_zero": "负数取零",
    "share": "占比",
    "weighted": "加权",
    "bands": "分档",
    "deadband": "死区",
    "member": "仅限",
    "shown_in": "折算为",
    "ceil": "进整",
    "floor": "舍整",
    "rank_highest": "从大到小名次",
    "rank_lowest": "从小到大名次",
    "earlier": "往年数",
    "in_year": "某年数",
    "product": "连乘",
    "result": "所得",
    "over": "沿",
    "by": "归入",
    "since": "起始年",
    "years": "前推年数",
    "party": "各单位",
    "section": "断面",
    "quarter": "季度",
    "month": "月份",
    "week": "周",
    "day": "日",
    "above": "以上",
    "and": "且",
    "or": "或",
    "not": "非",
    "if": "若",
    "else": "否则",
    "year": "年份",
    "days_in_month": "当月天数",
    "days_in_quarter": "当季天数",
    "days_in_year": "全年天数",
    "days_in_force": "施行天数",
    "months_in_force": "施行月数",
}
"""Words of the language of formulas as they stand on a calculation sheet."""


PARTS = {
    "by": "权重",
    "base": "底数",
    "floor": "保底",
    "cap": "封顶",
    "amount": "金额",
    "when": "条件",
    "rate": "比例",
    "total": "总价",
    "quantity": "数量",
    "unit_price": "单价",
    "floor_price": "底价",
}
"""Parts of an operation as they stand on a calculation sheet."""


def list_formulas(result: Result) -> Grid:
    """Return the formulas of the values and operations: of what, in the words of the scheme, and in symbols."""
    scheme = result.ready.scheme
    titles = {f"rule.{at}": one.title or one.name for at, one in enumerate(scheme.rule)}
    shown = []
    for where, written, symbols in show_formulas(result.ready):
        kind, _, name = where.partition(".")
        if kind == "rule":
            at, _, rest = name.partition(".")
            of = f"{titles.get(f'rule.{at}', '')}{_say_part(rest)}"
        elif kind == "funds":
            fund = name.partition(".")[0]
            of = f"{scheme.funds[fund].title or fund}：出资"
        else:
            of = find_title(scheme, name)
        if kind in {"rule", "values", "funds"}:
            shown.append((of, _say_names(result, written), symbols))
    return Grid(("事项", "公式（文字）", "公式（符号）"), tuple(shown))


def _say_part(path: str) -> str:
    """Return which part of an operation a formula is, such as cases.1.amount: the amount of its second case."""
    *where, name = path.split(".")
    number = f"第 {int(where[1]) + 1} 种情形" if len(where) > 1 and where[0] == "cases" else ""
    said = f"{number}{PARTS.get(name, '')}"
    return f"：{said}" if said else ""


def _say_names(result: Result, written: str) -> str:
    """Return a formula in words: titles in place of ids, and the functions and axes in Chinese."""
    import re

    scheme = result.ready.scheme
    operations = {one.name: one.title or one.name for one in scheme.rule}

    def said(found: re.Match[str]) -> str:
        name = found[0]
        if name in IN_WORDS and written[found.end() : found.end() + 1] == "(":
            return IN_WORDS[name]  # a function, whatever else is called like it
        title = find_title(scheme, name)
        if title != name or name in {*scheme.inputs, *scheme.constants, *scheme.values}:
            return title
        return name_party(scheme, name) if name in scheme.parties else operations.get(name) or IN_WORDS.get(name, name)

    return re.sub(r"[a-z][a-z0-9_]*", said, written)


def _list_moves(notice: Notice, unit: str, decimals: int) -> Grid:
    """Return what a notice lists of the money of a member, at most as many lines as stay on its page."""
    rows = tuple(
        (
            f"{'暂扣：' if move.kind == DEDUCTION else ''}{move.reason}",
            move.source_name,
            move.target_name,
            format_amount(move.fen, unit, decimals),
            move.clause,
            "不拨付" if move.kind == DEDUCTION else move.due,
            move.voucher or "—",
        )
        for move in notice.moves[:MOST_MOVES]
    )
    return Grid(("事由", "付方", "收方", "金额", "条款", "应付日", "凭证"), rows, frozenset({3}))


def _render(result: Result, table: AllocationTable, decimals: int, booked: Booked | None, notices: list[Notice] | None) -> str:
    scheme, unit = result.ready.scheme, table.issue.unit
    head = f"　链头 {booked.head.sha256[:16]}（第 {booked.head.link} 环）" if booked is not None else ""
    return render_page(
        "allocation.html",
        css=Markup(make_font_faces() + (TEMPLATES / "report.css").read_text("utf-8")),
        table=table,
        unit=unit,
        lying=notices is None and max(len(one.columns) for one in table.sheets) > WIDE,
        amount=lambda fen: format_amount(fen, unit, decimals),
        make_grid=lambda sheet: make_grid(sheet, unit, decimals),
        make_moves=lambda notice: _list_moves(notice, unit, decimals),
        most=MOST_MOVES,
        foot=f"{scheme.id} {scheme.version}　结果 {result.sha256[:16]}{head}",
        maker=booked.maker if booked is not None else "",
        checker=booked.checker if booked is not None else "",
        formulas=list_formulas(result),
        calculation=describe_calculation(result),
        notices=notices,
        basis="、".join(f"《{one.title}》{f'（{one.number}）' if one.number else ''}" for one in scheme.legal),
        year=result.year,
    )
