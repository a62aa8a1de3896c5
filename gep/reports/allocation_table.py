"""The table by which a finance bureau issues money (资金分配表): what stands in it, in any form; Chinese throughout.

Funders stand apart from receivers, counties under their cities with subtotals; money that is withheld is shown as withheld and
never as due; the net indicator is what remains. All amounts are whole fen and are printed exactly in the unit of the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gep.compensation.booking import name_fund
from gep.compensation.budget_subjects import BudgetSubjects, SubjectTable, read_budget_subjects
from gep.compensation.members import name_party
from gep.compensation.own_texts import read_locator
from gep.compensation.run_rows import end_of
from gep.compensation.scheme import FUND
from gep.compensation.stored_words import say_reason, say_stored
from gep.files.written_days import in_china
from gep.messages.texts import say_in
from gep.reference.regions import read_regions
from gep.reports.grids import Grid
from gep.units.money import FEN_PER_YUAN, write_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from gep.compensation.compute import Result
    from gep.compensation.issued import Booked
    from gep.store.transfers import Booking

YUAN, WAN = "元", "万元"
UNITS = {YUAN: FEN_PER_YUAN, WAN: FEN_PER_YUAN * 10_000}
"""Unit of a table → fen."""
COUNTY, CITY, TOTAL = "county", "city", "total"
"""What a row is."""
DEDUCTION = "deduction"
EXAMPLE = ("示例", "虚构", "EXAMPLE", "invented")
"""Words in the source or note of a fact that say that its figure is an example."""
WITHHELD = "暂扣（不拨付）"


@dataclass(frozen=True)
class Move:
    """Money from one to another, in fen, as a result states it or a posting books it; ends by code, party or fund."""

    source: str
    source_name: str
    target: str
    target_name: str
    fen: int
    operation: str
    kind: str
    subject_from: str
    subject_to: str
    reason: str
    clause: str
    notice: str
    due: str
    voucher: str = ""


@dataclass(frozen=True)
class Issue:
    """What the bureau adds: annex, number of the document, who issues it when, and the unit of the amounts."""

    annex: str = "附件"
    number: str = ""
    issuer: str = ""
    dated: str = ""
    unit: str = YUAN
    subjects: SubjectTable = field(default_factory=SubjectTable)


@dataclass(frozen=True)
class Row:
    """A row: what it is, and its cells; a whole number is money in fen, None an empty cell."""

    kind: str
    cells: tuple[str | int | None, ...]


@dataclass(frozen=True)
class Sheet:
    """A table of the paper; `money` are the columns of amounts."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def money(self) -> frozenset[int]:
        """The columns that hold amounts."""
        return frozenset(at for row in self.rows for at, cell in enumerate(row.cells) if isinstance(cell, int))


@dataclass(frozen=True)
class AllocationTable:
    """The paper: heads, state, its tables, the total in words, and what stands at its foot."""

    title: str
    issue: Issue
    example: bool
    state: str
    details: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    total: int
    words: str
    difference: Sheet | None
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """What one county is told on one page."""

    code: str
    name: str
    lines: tuple[tuple[str, int], ...]
    net: int
    words: str
    moves: tuple[Move, ...]
    subjects: tuple[BudgetSubjects, ...]


def list_moves(result: Result) -> list[Move]:
    """Return the postings of a result as moves."""

    def name(end: str) -> str:
        return name_fund(result, end) or name_party(result.ready.scheme, end)

    return [
        Move(
            end_of(result, one.source),
            name(one.source),
            end_of(result, one.target),
            name(one.target),
            one.fen,
            one.operation,
            one.kind,
            one.subject_from,
            one.subject_to,
            say_reason(one.reason, "zh"),
            one.clause,
            one.notice,
            one.due,
        )
        for one in result.postings
    ]


def read_moves(postings: Iterable[Booking]) -> list[Move]:
    """Return booked postings as moves, with their vouchers."""
    return [
        Move(
            one.payer,
            one.payer_name,
            one.payee,
            one.payee_name,
            one.amount_fen,
            one.operation,
            one.posting_kind,
            one.subject_from,
            one.subject_to,
            say_reason(one.reason, "zh"),
            one.clause,
            one.fund_notice,
            one.due_on.isoformat(),
            one.voucher,
        )
        for one in postings
    ]


def is_example(result: Result) -> bool:
    """Whether a figure that a result rests on says of itself that it is an example."""
    said = (text for one in result.used for text in (one.source, one.note))
    return any(word in text for text in said for word in EXAMPLE)


def make_table(result: Result, issue: Issue, booked: Booked | None = None) -> AllocationTable:
    """Return the table of a result, as a trial (试算) or as it was booked.

    Parameters
    ----------
    booked : the booking of this very result; its postings are printed, which of an in-year run are the differences
    """
    scheme = result.ready.scheme
    moves = read_moves(booked.postings) if booked is not None else list_moves(result)
    members = {end_of(result, member) for member in result.places.codes}
    titles = {one.name: one.title for one in scheme.rule}
    receivers, total = _make_receivers(moves, members, _list_empty(result))
    funders = _make_funders(result, moves, members)
    sheets = [
        funders,
        receivers,
        *_list_other(moves, members, result.ready.scheme.id, result.year),
        _make_subjects(moves, members, issue, titles),
    ]
    state, details = _tell_state(result, moves, booked)
    whole = "" if result.span.is_whole else f"（{result.span.first:%Y-%m-%d} 至 {result.span.last:%Y-%m-%d}）"
    named = re.sub(r"（[0-9]{4} ?年[^）]*）$", "", scheme.title.zh)
    title = f"{result.year} 年{whole}{named}资金分配表"
    difference = _make_difference(read_moves(booked.before), moves, members) if booked is not None and booked.before else None
    return AllocationTable(
        title,
        issue,
        is_example(result),
        state,
        details,
        tuple(sheets),
        total,
        write_in_words(total),
        difference,
        (
            f"补偿办法 {scheme.id} {scheme.version}",
            *(
                f"依据：{one.title} {one.number}（{one.issuer}，{one.date}）{say_in(read_locator(one.locator), 'zh')}"
                for one in scheme.legal
            ),
        ),
    )


def make_notices(result: Result, issue: Issue, booked: Booked | None = None, only: str = "") -> list[Notice]:
    """Return the notice of each member that gets or owes anything, by code.

    Parameters
    ----------
    only : code or id of one member; empty: all
    """
    moves = read_moves(booked.postings) if booked is not None else list_moves(result)
    named = {end_of(result, member): name for member, name in result.places.names.items()}
    found = []
    for code in sorted(named):
        mine = tuple(one for one in moves if code in {one.source, one.target})
        if not mine or (only and code != only):
            continue
        got, kept, owed = _sum_of(mine, code)
        lines = (("分配额", got), (WITHHELD, kept), ("应缴", owed))
        subjects = tuple(
            dict.fromkeys(issue.subjects.find(one.operation, code, named[code]) for one in mine if one.target == code)
        )
        net = got - kept - owed
        found.append(
            Notice(
                code,
                named[code],
                tuple(line for line in lines if line[1] or line[0] == "分配额"),
                net,
                write_in_words(abs(net)),
                mine,
                subjects,
            )
        )
    return found


def format_amount(fen: int, unit: str, decimals: int) -> str:
    """Return an amount in the unit of a table, exactly: with as many decimals as the smallest part of any needs; nothing as a dash.

    Parameters
    ----------
    decimals : see `count_decimals`
    """
    if fen == 0:
        return "—"
    sign, scale = "-" if fen < 0 else "", UNITS[unit]
    whole, rest = divmod(abs(fen), scale)
    digits = f"{rest:0{len(str(scale)) - 1}d}"[:decimals]
    return f"{sign}{whole:,}.{digits}" if decimals else f"{sign}{whole:,}"


def make_grid(sheet: Sheet, unit: str, decimals: int) -> Grid:
    """Return a table of the paper as it is printed.

    Parameters
    ----------
    decimals : see `count_decimals`
    """
    rows = tuple(
        tuple(format_amount(cell, unit, decimals) if isinstance(cell, int) else cell or "" for cell in row.cells)
        for row in sheet.rows
    )
    return Grid(sheet.columns, rows, sheet.money, frozenset(at for at, row in enumerate(sheet.rows) if row.kind != COUNTY))


def count_decimals(amounts: Iterable[int], unit: str) -> int:
    """Return how many decimals amounts need in a unit so that each is exact: at least 2."""
    most = len(str(UNITS[unit])) - 1
    return next((digits for digits in range(2, most) if all(fen % 10 ** (most - digits) == 0 for fen in amounts)), most)


def list_amounts(sheets: Iterable[Sheet]) -> list[int]:
    """Return all amounts of tables, in fen."""
    return [cell for sheet in sheets for row in sheet.rows for cell in row.cells if isinstance(cell, int)]


def _sum_of(moves: Iterable[Move], code: str) -> tuple[int, int, int]:
    """Return what a member is given, what of it is withheld, and what it pays, in fen."""
    got = kept = owed = 0
    for one in moves:
        if one.target == code:
            got += one.fen
        elif one.source == code and one.kind == DEDUCTION:
            kept += one.fen
        elif one.source == code:
            owed += one.fen
    return got, kept, owed


def _list_empty(result: Result) -> dict[str, str]:
    """Return the members that took part in sharing a fund and got nothing: code or id → name."""
    places = result.places
    shared = {step.place for step in result.steps if step.stage == "amount" and step.place in places.codes}
    return {end_of(result, one): places.names[one] for one in shared}


def _make_receivers(moves: Sequence[Move], members: set[str], empty: Mapping[str, str]) -> tuple[Sheet, int]:
    """Return the counties under their cities, with subtotals and a total, and the sum that is issued.

    Parameters
    ----------
    empty : members that are printed even if no money moves to or from them, with their names
    """
    sums = dict.fromkeys(empty, (0, 0, 0)) | {code: _sum_of(one, code) for code, one in _group(moves, members).items()}
    named = {end: name for one in moves for end, name in ((one.source, one.source_name), (one.target, one.target_name))}
    names = {**empty, **named}
    withheld, owed = any(one[1] for one in sums.values()), any(one[2] for one in sums.values())
    columns = ["序号", "单位", "分配额", *([WITHHELD] if withheld else []), *(["应缴"] if owed else []), "净下达指标"]

    def cells(parts: tuple[int, int, int]) -> tuple[int, ...]:
        got, kept, paid = parts
        return (got, *((kept,) if withheld else ()), *((paid,) if owed else ()), got - kept - paid)

    def add(codes: Iterable[str]) -> tuple[int, int, int]:
        found = [sums[code] for code in codes]
        return (sum(one[0] for one in found), sum(one[1] for one in found), sum(one[2] for one in found))

    cities: dict[str, list[str]] = {}
    for code in sorted(sums):
        cities.setdefault(_find_city(code), []).append(code)
    rows, number = [], 0
    for city, codes in cities.items():
        if (city and len(cities) > 1) or (city and len(codes) > 1):
            rows.append(Row(CITY, ("", f"{read_regions()[city].name_zh}小计", *cells(add(codes)))))
        for code in codes:
            number += 1
            own = f"{names[code]}本级" if code == city else names[code]
            rows.append(Row(COUNTY, (str(number), own, *cells(sums[code]))))
    whole = add(sums)
    rows.append(Row(TOTAL, ("", "合计", *cells(whole))))
    note = (
        f"净下达指标＝分配额{f'－{WITHHELD}' if withheld else ''}{'－应缴' if owed else ''}；"
        f"{'暂扣的资金不下达，去处见“结转与扣减”；' if withheld else ''}下达合计＝分配额{f'－{WITHHELD}' if withheld else ''}。"
        if withheld or owed
        else ""
    )
    return Sheet("二、分配明细", tuple(columns), tuple(rows), note), whole[0] - whole[1]


def _group(moves: Iterable[Move], members: set[str]) -> dict[str, list[Move]]:
    found: dict[str, list[Move]] = {}
    for one in moves:
        for end in {one.source, one.target} & members:
            found.setdefault(end, []).append(one)
    return found


def _find_city(code: str) -> str:
    """Return the code of the city above a county; empty where it lies under none."""
    one = read_regions().get(code)
    if one is None:
        return ""
    if one.level != "county":
        return code if one.level in {"city", "prefecture"} else ""
    above = read_regions().get(one.parent)
    return above.code if above is not None and not above.code.endswith("0000") else ""


def _make_funders(result: Result, moves: Sequence[Move], members: set[str]) -> Sheet:
    rows = [
        Row(COUNTY, ("上年结转", name_fund(result, step.place), "", int(step.value * FEN_PER_YUAN)))
        for step in result.steps
        if step.name == "carried in from last year" and step.value
    ]
    sums: dict[tuple[str, str, str], int] = {}
    for one in moves:
        if one.source.startswith(FUND) or (one.source in members and not one.target.startswith(FUND)):
            continue
        if one.kind == DEDUCTION:
            continue
        what = one.target_name if one.target.startswith(FUND) else one.reason
        key = (one.source_name, what, one.notice)
        sums[key] = sums.get(key, 0) + one.fen
    rows += [Row(COUNTY, (*key, fen)) for key, fen in sums.items()]
    total = sum(int(row.cells[-1] or 0) for row in rows)
    rows.append(Row(TOTAL, ("合计", "", "", total)))
    return Sheet("一、资金来源", ("出资单位", "资金或事由", "资金文号", "金额"), tuple(rows))


def _list_other(moves: Sequence[Move], members: set[str], scheme: str, year: int) -> list[Sheet]:
    """Return where the money goes that no member gets: carried into the next year, withheld, returned, paid between members."""
    rows = []
    for one in moves:
        if one.kind == DEDUCTION or (one.source.startswith(FUND) and one.target not in members):
            later = one.target.startswith(FUND) and not one.target.startswith(f"{FUND}{scheme}:{year}:")
            to = "结转下年" if later else "转入"
            what = WITHHELD if one.kind == DEDUCTION else "结转" if later else "划转" if one.target.startswith(FUND) else "退回"
            rows.append(Row(COUNTY, (one.source_name, what, f"{to}：{one.target_name}", one.clause or one.reason, one.fen)))
    found = []
    if rows:
        found.append(Sheet("三、结转与扣减", ("付出", "事项", "去处", "依据", "金额"), tuple(rows)))
    pairs = [one for one in moves if one.source in members and not one.target.startswith(FUND) and one.kind != DEDUCTION]
    if pairs:
        lines = tuple(Row(COUNTY, (one.source_name, one.target_name, one.reason, one.clause, one.due, one.fen)) for one in pairs)
        found.append(Sheet("横向支付", ("付方", "收方", "事由", "条款", "应付日", "金额"), lines))
    return found


def _make_subjects(moves: Sequence[Move], members: set[str], issue: Issue, titles: dict[str, str]) -> Sheet:
    """Return the budget subjects, one row for each set of them, with the amount that is issued under it."""
    sums: dict[tuple[str, ...], int] = {}
    for one in moves:
        if one.target not in members:
            continue
        own = issue.subjects.find(one.operation, one.target, one.target_name)
        subject = own.function_class or _name_subject(one.subject_from if not one.source.startswith(FUND) else one.subject_to)
        key = (
            titles.get(one.operation) or one.reason,
            subject,
            own.economic_class,
            own.fund_nature,
            own.project_code,
            own.indicator_number or one.notice,
        )
        sums[key] = sums.get(key, 0) + one.fen
    rows = tuple(Row(COUNTY, (*(cell or "—" for cell in key), fen)) for key, fen in sums.items())
    return Sheet("预算科目", ("事项", "功能分类", "经济分类", "资金性质", "项目代码", "指标文号", "分配额"), rows)


def _name_subject(code: str) -> str:
    known = read_budget_subjects().get(code)
    return f"{code} {known['title_zh']}" if known and code.isdigit() else say_stored("subject", code, "zh")


def _make_difference(before: Sequence[Move], now: Sequence[Move], members: set[str]) -> Sheet:
    """Return what a correction changes for each member."""
    names = {end: name for one in (*before, *now) for end, name in ((one.source, one.source_name), (one.target, one.target_name))}
    sides = [_group(moves, members) for moves in (before, now)]
    rows, sums = [], [0, 0]
    for code in sorted({*sides[0], *sides[1]}):
        nets = []
        for side in sides:
            got, kept, owed = _sum_of(side.get(code, ()), code)
            nets.append(got - kept - owed)
        sums = [sums[0] + nets[0], sums[1] + nets[1]]
        if nets[0] != nets[1]:
            rows.append(Row(COUNTY, (names[code], nets[0], nets[1], nets[1] - nets[0])))
    rows.append(Row(TOTAL, ("合计", sums[0], sums[1], sums[1] - sums[0])))
    return Sheet("更正差额表", ("单位", "更正前净下达指标", "更正后净下达指标", "差额"), tuple(rows), "未列出的单位金额不变。")


def _tell_state(result: Result, moves: Sequence[Move], booked: Booked | None) -> tuple[str, tuple[str, ...]]:
    if result.what_if:
        supposed = "，".join(f"{name} = {value}" for name, value in result.what_if.items())
        return "模拟（不入账）", (f"假设：{supposed}",)
    if booked is None:
        return "试算（未入账）", (f"结果 sha256 {result.sha256[:16]}",)
    vouchers = [one.voucher for one in moves if one.voucher]
    several = f"{vouchers[0]} 至 {vouchers[-1]}，共 {len(vouchers)} 张" if len(vouchers) > 1 else "、".join(vouchers)
    run = booked.run
    state = (
        f"已入账：第 {run.transfer_run} 次入账，{_say_day(run.made_at)}"
        if run.stands
        else f"已冲销：第 {run.transfer_run} 次入账"
    )
    details = [f"凭证 {several}"]
    if run.replaces is not None:
        details.append(f"取代第 {run.replaces} 次入账，事由：{run.reason}")
    if booked.maker:
        details += [f"编制 {booked.maker}", f"复核 {booked.checker}"]
    if booked.fallen:
        state += "（所依据的核算结果已失效，待更正）"
        details += [say_in(text, "zh") for text in booked.fallen]
    details.append(f"链头（第 {booked.head.link} 环） {booked.head.sha256[:16]}")
    return state, tuple(details)


def _say_day(moment: datetime) -> str:
    moment = in_china(moment)
    return f"{moment.year} 年 {moment.month} 月 {moment.day} 日"
