# ruff: noqa: S608 - the queries are put together from our own words only
"""The part of several questions that finds the payments made on each posting."""

from __future__ import annotations

_SAME = ("scheme", "year", "payer", "payee", "operation", "posting_kind", "period", "part")
"""What a posting and the one that takes its place in a correction have in common."""


OPEN = "posting_kind <> 'deduction' AND (payee NOT LIKE 'fund:%' OR (payer NOT LIKE 'fund:%' AND posting_kind <> 'contribution'))"
"""Postings that somebody has to pay: not what is withheld, nor what its payers put into a fund or funds give each other."""

SETTLED = f"""heirs AS (SELECT {", ".join(_SAME)}, min(posting) AS heir FROM transfer_standing GROUP BY ALL),
made AS (
  SELECT d.amount_fen, d.paid_on, CASE WHEN v.posting IS NULL THEN p.posting ELSE coalesce(h.heir, p.posting) END AS posting
  FROM transfer_paid d JOIN transfer_posting p ON p.posting = d.posting JOIN transfer_run r ON r.transfer_run = p.transfer_run
  LEFT JOIN transfer_posting v ON v.reverses = p.posting
  LEFT JOIN heirs h ON {" AND ".join(f"h.{name} = {'r' if name in {'scheme', 'year'} else 'p'}.{name}" for name in _SAME)}),
paid AS (SELECT posting, sum(amount_fen) AS fen FROM made GROUP BY posting),
cuts AS (
  SELECT transfer_run, payer, operation, fen, row_number() OVER (PARTITION BY transfer_run, payer ORDER BY first_one) AS turn FROM (
    SELECT transfer_run, payer, operation, sum(amount_fen) AS fen, min(posting) AS first_one
    FROM transfer_standing WHERE posting_kind = 'deduction' GROUP BY ALL)),
cut_from AS (
  SELECT transfer_run, cut, unnest(names) AS operation, unnest(range(len(names))) AS place FROM (
    SELECT transfer_run, rule->>'name' AS cut, CAST(rule->'taken_from' AS VARCHAR[]) AS names FROM (
      SELECT transfer_run, unnest(CAST(json_extract(scheme_text, '$.rule') AS JSON[])) AS rule FROM transfer_run
      WHERE transfer_run IN (SELECT transfer_run FROM cuts)) WHERE rule->>'op' = 'deduct')),
withheld(posting, transfer_run, payee, operation, amount_fen, held_fen, turn) AS (
  SELECT posting, transfer_run, payee, operation, amount_fen, CAST(0 AS BIGINT), CAST(0 AS BIGINT) FROM transfer_standing s
  WHERE posting_kind <> 'deduction' AND EXISTS (SELECT 1 FROM cuts k WHERE k.transfer_run = s.transfer_run AND k.payer = s.payee)
  UNION ALL
  SELECT posting, transfer_run, payee, operation, amount_fen, held_fen + CAST(greatest(0, least(amount_fen - held_fen, fen - before)) AS BIGINT), turn + 1 FROM (
    SELECT w.*, k.fen, coalesce(sum(w.amount_fen - w.held_fen) OVER (PARTITION BY w.transfer_run, w.payee ORDER BY coalesce(f.place, 1000000), w.posting
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM withheld w JOIN cuts k ON k.transfer_run = w.transfer_run AND k.payer = w.payee AND k.turn = w.turn + 1
    LEFT JOIN cut_from f ON f.transfer_run = w.transfer_run AND f.cut = k.operation AND f.operation = w.operation)),
held AS (SELECT posting, max(held_fen) AS held_fen FROM withheld GROUP BY posting),
owed AS (
  SELECT * FROM transfer_standing
  UNION ALL BY NAME
  SELECT p.* REPLACE (0 AS amount_fen, '已冲销，冲销前已付：' || p.reason AS reason), r.scheme, r.scheme_version, r.year, r.made_at, r.title_zh,
    f.party_name AS payer_name, t.party_name AS payee_name
  FROM transfer_posting p JOIN transfer_run r USING (transfer_run)
  LEFT JOIN transfer_party f ON f.transfer_run = p.transfer_run AND f.party = p.payer
  LEFT JOIN transfer_party t ON t.transfer_run = p.transfer_run AND t.party = p.payee
  WHERE p.posting IN (SELECT posting FROM paid) AND EXISTS (SELECT 1 FROM transfer_posting v WHERE v.reverses = p.posting))"""
"""Tables of a query `WITH RECURSIVE`: `paid`, fen by the posting they count for; `held`, fen of a posting that a deduction of the same run withholds
from whom it pays, out of the operations it is taken from in their order (what is netted: in the order of the vouchers), one
deduction after the other, and that is therefore never due; and `owed`, standing postings and what was paid on reversed ones.

A payment on a reversed posting counts for the standing one between the same parties for the same; where there is none the
reversed posting stays with an amount of 0, so that what was paid on it is owed back.
"""
