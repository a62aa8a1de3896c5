# ruff: noqa: S608 - the queries are put together from our own words only
"""Payments made on postings: recorded once, and still counted when a correction takes the place of the posting they were made on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from gep.compensation.money import decimal, yuan
from gep.problems import Problem, refuse
from gep.store import writing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SAME = ("scheme", "year", "payer", "payee", "operation", "posting_kind", "period", "part")
"""What a posting and the one that takes its place in a correction have in common."""

SETTLED = f"""heirs AS (SELECT {", ".join(_SAME)}, min(posting) AS heir FROM transfer_standing GROUP BY ALL),
made AS (
  SELECT d.amount_fen, CASE WHEN v.posting IS NULL THEN p.posting ELSE coalesce(h.heir, p.posting) END AS posting
  FROM transfer_paid d JOIN transfer_posting p ON p.posting = d.posting JOIN transfer_run r ON r.transfer_run = p.transfer_run
  LEFT JOIN transfer_posting v ON v.reverses = p.posting
  LEFT JOIN heirs h ON {" AND ".join(f"h.{name} = {'r' if name in {'scheme', 'year'} else 'p'}.{name}" for name in _SAME)}),
paid AS (SELECT posting, sum(amount_fen) AS fen FROM made GROUP BY posting),
owed AS (
  SELECT * FROM transfer_standing
  UNION ALL BY NAME
  SELECT p.* REPLACE (0 AS amount_fen, '已冲销，冲销前已付：' || p.reason AS reason), r.scheme, r.scheme_version, r.year, r.made_at, r.title_zh,
    f.party_name AS payer_name, t.party_name AS payee_name
  FROM transfer_posting p JOIN transfer_run r USING (transfer_run)
  LEFT JOIN transfer_party f ON f.transfer_run = p.transfer_run AND f.party = p.payer
  LEFT JOIN transfer_party t ON t.transfer_run = p.transfer_run AND t.party = p.payee
  WHERE p.posting IN (SELECT posting FROM paid) AND EXISTS (SELECT 1 FROM transfer_posting v WHERE v.reverses = p.posting))"""
"""Tables of a query: `paid`, fen by the posting they count for, and `owed`, standing postings and what was paid on reversed ones.

A payment on a reversed posting counts for the standing one between the same parties for the same; where there is none the
reversed posting stays with an amount of 0, so that what was paid on it is owed back.
"""


def record_paid(path: Path, rows: Iterable[dict[str, str]], shown: str) -> int:
    """Record payments on postings; refuse a posting that does not stand or is paid more than it is.

    Raises
    ------
    Problems : every row that cannot be meant
    """
    problems: list[Problem] = []
    count = 0
    with writing(path) as connection:
        for line, row in enumerate(rows, start=2):
            found = connection.execute(
                f"WITH {SETTLED} SELECT amount_fen - coalesce(fen, 0) FROM transfer_standing LEFT JOIN paid USING (posting) WHERE voucher = ?",
                [row["posting_voucher"]],
            ).fetchall()
            try:
                fen = decimal(row["amount"]) * 100
                day = date.fromisoformat(row["paid_on"])
            except ValueError as error:
                problems.append(Problem(shown, line, str(error), "amount as decimal yuan, paid_on as YYYY-MM-DD"))
                continue
            if not found:
                problems.append(Problem(shown, line, f"there is no standing posting {row['posting_voucher']!r}",
                                        "a voucher of gep query transfers-open"))  # fmt: skip
            elif fen.denominator != 1 or not 0 < fen <= found[0][0]:
                problems.append(Problem(shown, line, f"{row['posting_voucher']} is paid {row['amount']} yuan",
                                        f"whole fen, at most the {yuan(int(found[0][0]))} still open"))  # fmt: skip
            else:
                connection.execute(
                    "INSERT INTO transfer_paid SELECT posting, ?, ?, ?, ? FROM transfer_standing WHERE voucher = ?",
                    [day, int(fen), row.get("voucher") or "", row.get("note") or "", row["posting_voucher"]],
                )
                count += 1
        refuse(problems)
    return count
