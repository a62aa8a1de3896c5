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
