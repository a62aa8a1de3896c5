-- Sign-offs that stand in a later run with the very same result.
CREATE TABLE event_kept (event BIGINT PRIMARY KEY, kept_from BIGINT NOT NULL);
COMMENT ON TABLE event_kept IS 'append-only: events that repeat a sign-off under a later run with the same results and inputs';

CREATE OR REPLACE VIEW account_state AS
  WITH last AS (
    SELECT run, account, kind, who, note, happened_at, account_sha256, kept_from FROM event LEFT JOIN event_kept USING (event)
    QUALIFY row_number() OVER (PARTITION BY run, account ORDER BY event DESC) = 1),
  signed AS (
    SELECT a.run, a.account, a.county, a.year, r.standard, coalesce(e.kind, 'draft') AS state, e.who AS signed_by,
      e.happened_at AS signed_at, e.note AS signed_note, e.account_sha256 AS signed_sha256, e.kept_from,
      lead(a.run) OVER (PARTITION BY a.county, a.year, r.standard ORDER BY a.run) AS superseded_by
    FROM account a JOIN run r USING (run) LEFT JOIN last e USING (run, account)),
  chain AS (
    SELECT s.*, CASE WHEN k.kept THEN s.superseded_by END AS kept_in
    FROM signed s LEFT JOIN (SELECT DISTINCT run, county, year, standard, true AS kept FROM event JOIN event_kept USING (event)) k
      ON k.run = s.superseded_by AND k.county = s.county AND k.year = s.year AND k.standard = s.standard)
  SELECT run, account, county, year, standard, state, signed_by, signed_at, signed_note, signed_sha256, superseded_by,
    max(CASE WHEN state = 'approved' AND kept_in IS NULL THEN run END) OVER earlier AS voided_run,
    max(CASE WHEN state = 'approved' AND kept_in IS NULL THEN superseded_by END) OVER earlier AS voided_by, kept_from, kept_in
  FROM chain
  WINDOW earlier AS (PARTITION BY county, year, standard ORDER BY run ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING);
COMMENT ON VIEW account_state IS 'draft, submitted, approved or returned; voided_run is an earlier run whose approval run voided_by has voided';
