"""What a county gets and owes, told in words for finance staff: amounts, accounts, reasons, what is paid and what comes next."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.budget_subjects import accounts
from gep.compensation.scheme import FUND
from gep.compensation.step_notes import say_note
from gep.compensation.summary import STAGES
from gep.messages.layout import pad, wrapped
from gep.store.transfers import list_booked, list_notices, list_sides, list_steps
from gep.units.money import exact, in_words, separated, yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.store.store import Store
    from gep.store.transfers import Side

UNSTATED = ("unstated", "fund", "")


def county_lines(store: Store, counties: list[str], name: str, year: int | None, scheme: str) -> Iterator[str]:
    """Yield what the booked postings mean for a county, year by year and scheme by scheme."""
    with store:
        sides = list_sides(store, counties, year, scheme)
        if not sides:
            yield from _nothing(store, name, year, scheme)
            return
        for of_year in sorted({one.year for one in sides}):
            yield from _year(store, [one for one in sides if one.year == of_year], of_year, name)
        yield from wrapped(
            f"每一步：gep transfers -q 3 --county {name}；比上年为何变：-q 4；依据的文本：-q 12；全部问题：gep transfers --list",
            "",
            "  ",
        )


def _year(store: Store, rows: list[Side], year: int, name: str) -> Iterator[str]:
    code = rows[0].payee if rows[0].sign > 0 else rows[0].payer
    own = (rows[0].payee_name if rows[0].sign > 0 else rows[0].payer_name) or name
    yield f"{own} {code}  {year} 年".replace(f"{own} {own}", own)
    sums = {sign: sum(row.amount_fen for row in rows if row.sign == sign) for sign in (1, -1)}
    done = {sign: sum(row.paid_fen for row in rows if row.sign == sign) for sign in (1, -1)}
    for label, sign, verb in (("应收", 1, "收"), ("应付", -1, "付")):
        open_ = f"已{verb} {yuan(done[sign])}，未{verb} {yuan(sums[sign] - done[sign])}" if sums[sign] or done[sign] else ""
        yield f"  {label}{pad(yuan(sums[sign]), 20, right=True)} 元  {open_}".rstrip()
    taken = sum(row.amount_fen for row in rows if row.sign < 0 and row.posting_kind == "deduction")
    if taken:
        yield f"    其中扣减{pad(yuan(taken), 16, right=True)} 元"
    net = sums[1] - sums[-1]
    yield f"  {'净收' if net >= 0 else '净付'}{pad(yuan(abs(net)), 20, right=True)} 元"
    yield from wrapped(in_words(abs(net)), "      ", "      ")
    for run in dict.fromkeys(row.transfer_run for row in rows):
        mine = [row for row in rows if row.transfer_run == run]
        yield ""
        yield from wrapped(f"{mine[0].title_zh}  {mine[0].scheme} {mine[0].scheme_version}，第 {run} 次入账", "", "  ")
        for row in mine:
            yield from _posting(store, row)
    yield ""


def _posting(store: Store, row: Side) -> Iterator[str]:
    gets = row.sign > 0
    other, name, verb = (row.payer, row.payer_name, "收") if gets else (row.payee, row.payee_name, "付")
    taken = row.posting_kind == "deduction" and not gets
    yield f"  {'扣减' if taken else '应' + verb}{pad(yuan(row.amount_fen), 20, right=True)} 元"
    yield from wrapped(f"{row.reason}{'（' + row.period + '）' if row.period else ''}", "    事由 ", "         ")
    code = f" {other}" if other.isdigit() else ""
    notices = _notices(store, row.transfer_run, row.payer) if gets else row.fund_notice
    yield from wrapped(
        f"{name or other}{code}{'（资金文件 ' + notices + '）' if notices else ''}",
        "    付方 " if gets else "    收方 ",
        "         ",
    )
    yield from wrapped(f"支出 {_account(row.account_from)}；收入 {_account(row.account_to)}", "    科目 ", "         ")
    for text in _why(store, row):
        yield from wrapped(text, "    计算 ", "         ")
    if row.clause:
        yield from wrapped(row.clause, "    条款 ", "         ")
    part = f"第 {row.part}/{row.parts} 期，" if row.parts > 1 else ""
    yield from wrapped(
        f"{part}{row.due_on} 到期，已{verb} {yuan(row.paid_fen)}，未{verb} {yuan(row.amount_fen - row.paid_fen)}",
        "    期限 ",
        "         ",
    )
    yield from wrapped(str(row.voucher), "    凭证 ", "         ")


def _account(code: str) -> str:
    if code in UNSTATED:
        return "资金池" if code == "fund" else "文本未载明"
    known = accounts().get(code)
    return f"{code} {known['title_zh']}" if known else code


def _notices(store: Store, run: int, fund: str) -> str:
    """Return the numbers of the notices that brought the money of a fund."""
    if not fund.startswith(FUND):
        return ""
    return "、".join(list_notices(store, run, fund))


def _why(store: Store, row: Side) -> Iterator[str]:
    """Yield the steps of an operation that lead to the county's amount, in their order."""
    parts = []
    for step in list_steps(store, row):
        if step.stage not in STAGES:
            continue
        number = Fraction(step.value_exact)
        shown = (
            f"{exact(number * 100, 6)}%"
            if step.stage == "share"
            else f"{separated(exact(number, 6))}{' ' + step.unit if step.unit else ''}"
        )
        label = (
            f"{STAGES[step.stage]} {step.step_name.removeprefix('claim on ')}" if step.stage == "overlap" else STAGES[step.stage]
        )
        why = say_note(step.note.removesuffix(row.clause).strip() if row.clause else step.note, "zh")
        parts.append(f"{label} {shown}{'（' + why + '）' if why else ''}")
    if parts:
        yield "，".join(parts)


def _nothing(store: Store, name: str, year: int | None, scheme: str) -> Iterator[str]:
    """Yield that nothing is booked for a county, and what is booked at all."""
    wanted = "、".join(filter(None, (f"{year} 年" if year is not None else "", scheme)))
    yield from wrapped(f"{name}{'：' + wanted if wanted else ''} 没有已入账的收付。", "", "  ")
    booked = "、".join(f"{one.scheme} {one.year}" for one in list_booked(store))
    yield from wrapped(f"已入账：{booked}" if booked else "库中尚无入账；gep compensate ... --post 入账", "", "  ")
