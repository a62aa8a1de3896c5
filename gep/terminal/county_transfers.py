# ruff: noqa: S608 - the queries are put together from our own words only
"""What a county gets and owes, told in words for finance staff: amounts, accounts, reasons, what is paid and what comes next."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gep.compensation.budget_subjects import accounts
from gep.compensation.scheme import FUND
from gep.compensation.summary import STAGES
from gep.messages.layout import pad, wrapped
from gep.store.store import reading
from gep.units.money import exact, in_words, separated, yuan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

Row = dict[str, Any]
UNSTATED = ("unstated", "fund", "")
_SIDES = """SELECT s.*, r.marks FROM (
  SELECT 1 AS sign, * FROM owed WHERE payee IN (SELECT unnest($counties))
  UNION ALL SELECT -1, * FROM owed WHERE payer IN (SELECT unnest($counties))) s JOIN transfer_run r USING (transfer_run)
WHERE ($year IS NULL OR s.year = $year) AND ($scheme = '' OR s.scheme = $scheme) ORDER BY s.year, s.scheme, s.posting, sign"""


def told_lines(store: Path, counties: list[str], name: str, year: int | None, scheme: str) -> Iterator[str]:
    """Yield what the booked postings mean for a county, year by year and scheme by scheme."""
    from gep.store.settled import SETTLED

    with reading(store) as connection:
        rows = _rows(connection, f"WITH {SETTLED} {_SIDES}", counties=counties, year=year, scheme=scheme)
        paid = {row["posting"]: int(row["fen"]) for row in _rows(connection, f"WITH {SETTLED} SELECT posting, fen FROM paid")}
        if not rows:
            yield from _nothing(connection, name, year, scheme)
            return
        for of_year in sorted({row["year"] for row in rows}):
            mine = [row for row in rows if row["year"] == of_year]
            yield from _year(connection, mine, paid, of_year, name)
        yield from wrapped(
            f"每一步：gep transfers -q 3 --county {name}；比上年为何变：-q 4；依据的文本：-q 12；全部问题：gep transfers --list",
            "",
            "  ",
        )


def _year(connection: duckdb.DuckDBPyConnection, rows: list[Row], paid: dict[int, int], year: int, name: str) -> Iterator[str]:
    code = rows[0]["payee"] if rows[0]["sign"] > 0 else rows[0]["payer"]
    own = (rows[0]["payee_name"] if rows[0]["sign"] > 0 else rows[0]["payer_name"]) or name
    yield f"{own} {code}  {year} 年".replace(f"{own} {own}", own)
    sums = {sign: sum(row["amount_fen"] for row in rows if row["sign"] == sign) for sign in (1, -1)}
    done = {sign: sum(paid.get(row["posting"], 0) for row in rows if row["sign"] == sign) for sign in (1, -1)}
    for label, sign, verb in (("应收", 1, "收"), ("应付", -1, "付")):
        open_ = f"已{verb} {yuan(done[sign])}，未{verb} {yuan(sums[sign] - done[sign])}" if sums[sign] or done[sign] else ""
        yield f"  {label}{pad(yuan(sums[sign]), 20, right=True)} 元  {open_}".rstrip()
    taken = sum(row["amount_fen"] for row in rows if row["sign"] < 0 and row["posting_kind"] == "deduction")
    if taken:
        yield f"    其中扣减{pad(yuan(taken), 16, right=True)} 元"
    net = sums[1] - sums[-1]
    yield f"  {'净收' if net >= 0 else '净付'}{pad(yuan(abs(net)), 20, right=True)} 元"
    yield from wrapped(in_words(abs(net)), "      ", "      ")
    for run in dict.fromkeys(row["transfer_run"] for row in rows):
        mine = [row for row in rows if row["transfer_run"] == run]
        yield ""
        yield from wrapped(f"{mine[0]['title_zh']}  {mine[0]['scheme']} {mine[0]['scheme_version']}，第 {run} 次入账", "", "  ")
        for row in mine:
            yield from _posting(connection, row, paid.get(row["posting"], 0))
    yield ""


def _posting(connection: duckdb.DuckDBPyConnection, row: Row, paid: int) -> Iterator[str]:
    gets = row["sign"] > 0
    other, verb = ("payer", "收") if gets else ("payee", "付")
    taken = row["posting_kind"] == "deduction" and not gets
    yield f"  {'扣减' if taken else '应' + verb}{pad(yuan(row['amount_fen']), 20, right=True)} 元"
    yield from wrapped(f"{row['reason']}{'（' + row['period'] + '）' if row['period'] else ''}", "    事由 ", "         ")
    name = row[f"{other}_name"] or row[other]
    code = f" {row[other]}" if str(row[other]).isdigit() else ""
    notices = _notices(connection, row["transfer_run"], row["payer"]) if gets else row["fund_notice"]
    yield from wrapped(
        f"{name}{code}{'（资金文件 ' + notices + '）' if notices else ''}", "    付方 " if gets else "    收方 ", "         "
    )
    yield from wrapped(f"支出 {_account(row['account_from'])}；收入 {_account(row['account_to'])}", "    科目 ", "         ")
    for text in _why(connection, row):
        yield from wrapped(text, "    计算 ", "         ")
    if row["clause"]:
        yield from wrapped(row["clause"], "    条款 ", "         ")
    part = f"第 {row['part']}/{row['parts']} 期，" if row["parts"] > 1 else ""
    yield from wrapped(
        f"{part}{row['due_on']} 到期，已{verb} {yuan(paid)}，未{verb} {yuan(row['amount_fen'] - paid)}", "    期限 ", "         "
    )
    yield from wrapped(str(row["voucher"]), "    凭证 ", "         ")


def _account(code: str) -> str:
    if code in UNSTATED:
        return "资金池" if code == "fund" else "文本未载明"
    known = accounts().get(code)
    return f"{code} {known['title_zh']}" if known else code


def _notices(connection: duckdb.DuckDBPyConnection, run: int, fund: str) -> str:
    """Return the numbers of the notices that brought the money of a fund."""
    if not fund.startswith(FUND):
        return ""
    found = connection.execute(
        "SELECT DISTINCT fund_notice FROM transfer_posting WHERE transfer_run = ? AND payee = ? AND fund_notice <> '' ORDER BY ALL",
        [run, fund],
    ).fetchall()
    return "、".join(str(row[0]) for row in found)


def _why(connection: duckdb.DuckDBPyConnection, row: Row) -> Iterator[str]:
    """Yield the steps of an operation that lead to the county's amount, in their order."""
    steps = connection.execute(
        "SELECT stage, step_name, value_exact, unit, note FROM transfer_step WHERE transfer_run = ? AND operation = ? AND period = ? "
        "AND place IN (?, ?) ORDER BY step",
        [row["transfer_run"], row["operation"], row["period"], row["payer"], row["payee"]],
    ).fetchall()
    parts = []
    for stage, step_name, value, unit, note in steps:
        if stage not in STAGES:
            continue
        number = Fraction(str(value))
        shown = f"{exact(number * 100, 6)}%" if stage == "share" else f"{separated(exact(number, 6))}{' ' + unit if unit else ''}"
        label = f"{STAGES[stage]} {step_name.removeprefix('claim on ')}" if stage == "overlap" else STAGES[stage]
        why = note.removesuffix(row["clause"]).strip() if row["clause"] else note
        parts.append(f"{label} {shown}{'（' + why + '）' if why else ''}")
    if parts:
        yield "，".join(parts)


def _nothing(connection: duckdb.DuckDBPyConnection, name: str, year: int | None, scheme: str) -> Iterator[str]:
    """Yield that nothing is booked for a county, and what is booked at all."""
    wanted = "、".join(filter(None, (f"{year} 年" if year is not None else "", scheme)))
    yield from wrapped(f"{name}{'：' + wanted if wanted else ''} 没有已入账的收付。", "", "  ")
    runs = connection.execute("SELECT DISTINCT scheme, year FROM transfer_standing_run ORDER BY ALL").fetchall()
    booked = "、".join(f"{one} {of}" for one, of in runs)
    yield from wrapped(f"已入账：{booked}" if booked else "库中尚无入账；gep compensate ... --post 入账", "", "  ")


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, **values: object) -> list[Row]:
    found = connection.execute(sql, values or None)
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
