-- Cells of workbooks, written explanations, and the events of review and sign-off.
ALTER TABLE input_row ADD COLUMN cell VARCHAR;
ALTER TABLE inapplicable_row ADD COLUMN cell VARCHAR;

CREATE TABLE explanation (
  run BIGINT NOT NULL, account INTEGER NOT NULL, check_code VARCHAR NOT NULL, grade VARCHAR NOT NULL, address VARCHAR NOT NULL,
  found VARCHAR NOT NULL, explanation VARCHAR NOT NULL);
COMMENT ON TABLE explanation IS 'findings of gep check at the time of the run, with what the county wrote about them';

CREATE SEQUENCE event_number START 1;
CREATE TABLE event (
  event BIGINT PRIMARY KEY, happened_at TIMESTAMP NOT NULL, kind VARCHAR NOT NULL, run BIGINT NOT NULL, account INTEGER NOT NULL,
  county VARCHAR NOT NULL, year INTEGER NOT NULL, standard VARCHAR NOT NULL, account_sha256 VARCHAR NOT NULL, who VARCHAR NOT NULL,
  note VARCHAR NOT NULL);
COMMENT ON TABLE event IS 'append-only: submitted, approved and returned, each for the exact result it names';

CREATE VIEW account_state AS
  WITH last AS (
    SELECT run, account, kind, who, note, happened_at, account_sha256 FROM event
    QUALIFY row_number() OVER (PARTITION BY run, account ORDER BY event DESC) = 1)
  SELECT a.run, a.account, a.county, a.year, r.standard, coalesce(e.kind, 'draft') AS state, e.who AS signed_by,
    e.happened_at AS signed_at, e.note AS signed_note, e.account_sha256 AS signed_sha256,
    (SELECT max(v.run) FROM event v WHERE v.county = a.county AND v.year = a.year AND v.standard = r.standard AND v.run < a.run
       AND v.kind = 'approved') AS voided_run
  FROM account a JOIN run r USING (run) LEFT JOIN last e USING (run, account);
COMMENT ON VIEW account_state IS 'draft, submitted, approved or returned; voided_run is an earlier run whose approval a later run has voided';

CREATE OR REPLACE VIEW gep_input AS
  SELECT l.county, l.year, l.standard, i.variable, i.ecosystem, i.pollutant, i.product, i.value, i.price_year, i.value_given,
         i.unit_given, i.source, i.note, i.file || coalesce('!' || i.cell, ':' || i.line) AS address, l.run
  FROM input_row i JOIN latest l USING (run, account);
CREATE VIEW gep_account_approved AS
  SELECT g.*, s.signed_by, s.signed_at, s.signed_sha256
  FROM gep_account g JOIN account_state s USING (run, county, year, standard) WHERE s.state = 'approved';
COMMENT ON VIEW gep_account_approved IS 'what finance uses: only accounts whose newest result is approved';
