# ruff: noqa: S608 - the queries are put together from our own words only
"""The part of several questions that finds the payments made on each posting."""

from __future__ import annotations

_SAME = ("scheme", "year", "payer", "payee", "operation", "posting_kind", "period", "part")
"""What a posting and the one that takes its place in a correction have in common."""


SETTLED = f"""heirs AS (SELECT {", ".join(_SAME)}, min(posting) AS heir FROM transfer_standing GROUP BY ALL),
made AS (
  SELECT d.amount_fen, CASE WHEN v.posting IS NULL THEN p.posting ELSE coalesce(h.heir, p.posting) END AS posting
  FROM transfer_paid d JOIN transfer_posting p ON p.posting = d.posting JOIN transfer_run r ON r.transfer_run = p.transfer_run
  LEFT JOIN transfer_posting v ON v.reverses = p.posting
  LEFT JOIN heirs h ON {" AND ".join(f"h.{name} = {'r' if name in {'scheme', 'year'} else 'p'}.{name}" for name in _SAME)}),
paid AS (SELECT posting, sum(amount_fen) AS fen FROM made GROUP BY posting),
kept AS (SELECT transfer_run, payer, sum(amount_fen) AS fen FROM transfer_standing WHERE posting_kind = 'deduction' GROUP BY ALL),
held AS (
  SELECT posting, CAST(greatest(0, least(amount_fen, fen - before)) AS BIGINT) AS held_fen FROM (
    SELECT s.posting, s.amount_fen, k.fen, coalesce(sum(s.amount_fen) OVER (PARTITION BY s.transfer_run, s.payee ORDER BY s.posting
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM transfer_standing s JOIN kept k ON k.transfer_run = s.transfer_run AND k.payer = s.payee WHERE s.posting_kind <> 'deduction')),
owed AS (
  SELECT * FROM transfer_standing
  UNION ALL BY NAME
  SELECT p.* REPLACE (0 AS amount_fen, '已冲销，冲销前已付：' || p.reason AS reason), r.scheme, r.scheme_version, r.year, r.made_at, r.title_zh,
    f.party_name AS payer_name, t.party_name AS payee_name
  FROM transfer_posting p JOIN transfer_run r USING (transfer_run)
  LEFT JOIN transfer_party f ON f.transfer_run = p.transfer_run AND f.party = p.payer
  LEFT JOIN transfer_party t ON t.transfer_run = p.transfer_run AND t.party = p.payee
  WHERE p.posting IN (SELECT posting FROM paid) AND EXISTS (SELECT 1 FROM transfer_posting v WHERE v.reverses = p.posting))"""
"""Tables of a query: `paid`, fen by the posting they count for; `held`, fen of a posting that a deduction of the same run withholds
from whom it pays, in the order of the vouchers, and that is therefore never due; and `owed`, standing postings and what was paid on reversed ones.

A payment on a reversed posting counts for the standing one between the same parties for the same; where there is none the
reversed posting stays with an amount of 0, so that what was paid on it is owed back.
"""
