-- Transfers: computed schemes with their facts and steps, double entries that are never changed, payments, simulations.
CREATE SEQUENCE transfer_run_number START 1;
CREATE SEQUENCE posting_number START 1;
CREATE TABLE transfer_run (
  transfer_run BIGINT PRIMARY KEY, made_at TIMESTAMP NOT NULL, program VARCHAR NOT NULL, scheme VARCHAR NOT NULL,
  scheme_version VARCHAR NOT NULL, year INTEGER NOT NULL, title_zh VARCHAR NOT NULL, scheme_sha256 VARCHAR NOT NULL, scheme_text VARCHAR NOT NULL,
  inputs_sha256 VARCHAR NOT NULL, results_sha256 VARCHAR NOT NULL, reason VARCHAR NOT NULL, marks VARCHAR NOT NULL, replaces BIGINT);
COMMENT ON TABLE transfer_run IS 'a scheme computed for a year and booked; never changed';
CREATE TABLE transfer_law (
  transfer_run BIGINT NOT NULL, law_title VARCHAR NOT NULL, law_number VARCHAR NOT NULL, issuer VARCHAR NOT NULL, issued VARCHAR NOT NULL,
  locator VARCHAR NOT NULL, mark VARCHAR NOT NULL, in_force_from DATE NOT NULL, in_force_to DATE);
CREATE TABLE transfer_fact (
  transfer_run BIGINT NOT NULL, indicator VARCHAR NOT NULL, place VARCHAR NOT NULL, period VARCHAR NOT NULL, value_given VARCHAR NOT NULL,
  unit_given VARCHAR NOT NULL, fact_status VARCHAR NOT NULL, source VARCHAR NOT NULL, note VARCHAR NOT NULL, address VARCHAR NOT NULL);
CREATE TABLE transfer_step (
  transfer_run BIGINT NOT NULL, step INTEGER NOT NULL, stage VARCHAR NOT NULL, operation VARCHAR NOT NULL, place VARCHAR NOT NULL,
  period VARCHAR NOT NULL, step_name VARCHAR NOT NULL, value_exact VARCHAR NOT NULL, unit VARCHAR NOT NULL, note VARCHAR NOT NULL);
COMMENT ON TABLE transfer_step IS 'the step table: inputs, values, weights, shares, rounding, deductions; value_exact is a decimal or p/q';
CREATE TABLE transfer_posting (
  posting BIGINT PRIMARY KEY, transfer_run BIGINT NOT NULL, voucher VARCHAR NOT NULL, payer VARCHAR NOT NULL, payee VARCHAR NOT NULL,
  account_from VARCHAR NOT NULL, account_to VARCHAR NOT NULL, amount_fen BIGINT NOT NULL CHECK (amount_fen > 0), operation VARCHAR NOT NULL,
  posting_kind VARCHAR NOT NULL, period VARCHAR NOT NULL, reason VARCHAR NOT NULL, clause VARCHAR NOT NULL, fund_notice VARCHAR NOT NULL,
  due_on DATE NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL, reverses BIGINT);
COMMENT ON TABLE transfer_posting IS 'immutable double entries; a correction is a reversal, payer and payee exchanged, plus a new posting';
CREATE TABLE transfer_party (transfer_run BIGINT NOT NULL, party VARCHAR NOT NULL, party_name VARCHAR NOT NULL);
CREATE TABLE transfer_section (transfer_run BIGINT NOT NULL, section VARCHAR NOT NULL, section_name VARCHAR NOT NULL, county VARCHAR NOT NULL);
COMMENT ON TABLE transfer_section IS 'monitoring sections of a run and the party each speaks for';
CREATE TABLE transfer_future (
  transfer_run BIGINT NOT NULL, operation VARCHAR NOT NULL, payer VARCHAR NOT NULL, payee VARCHAR NOT NULL, due_year INTEGER NOT NULL,
  amount_fen BIGINT NOT NULL);
COMMENT ON TABLE transfer_future IS 'instalments of later years that the contracts of a run already fix';
CREATE TABLE transfer_bridge (
  transfer_run BIGINT NOT NULL, party VARCHAR NOT NULL, bridge_part VARCHAR NOT NULL, amount_fen BIGINT NOT NULL, before_fen BIGINT NOT NULL,
  after_fen BIGINT NOT NULL);
COMMENT ON TABLE transfer_bridge IS 'what changed from the year before, additive to the fen: pool, rule, own inputs, others'' inputs, events, rounding';
CREATE TABLE transfer_paid (
  posting BIGINT NOT NULL, paid_on DATE NOT NULL, amount_fen BIGINT NOT NULL CHECK (amount_fen > 0), voucher VARCHAR NOT NULL,
  note VARCHAR NOT NULL);
COMMENT ON TABLE transfer_paid IS 'payments made on postings; append-only';
CREATE SEQUENCE simulation_number START 1;
CREATE TABLE transfer_simulation (
  simulation BIGINT NOT NULL, made_at TIMESTAMP NOT NULL, scheme VARCHAR NOT NULL, scheme_version VARCHAR NOT NULL, year INTEGER NOT NULL,
  supposed VARCHAR NOT NULL, party VARCHAR NOT NULL, party_name VARCHAR NOT NULL, before_fen BIGINT NOT NULL, after_fen BIGINT NOT NULL,
  amount_fen BIGINT NOT NULL);
COMMENT ON TABLE transfer_simulation IS 'what-if runs that were kept; they are no postings and never become any';

CREATE VIEW transfer_standing AS
  SELECT p.*, r.scheme, r.scheme_version, r.year, r.made_at, r.title_zh, f.party_name AS payer_name, t.party_name AS payee_name
  FROM transfer_posting p JOIN transfer_run r USING (transfer_run)
  LEFT JOIN transfer_party f ON f.transfer_run = p.transfer_run AND f.party = p.payer
  LEFT JOIN transfer_party t ON t.transfer_run = p.transfer_run AND t.party = p.payee
  WHERE p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM transfer_posting v WHERE v.reverses = p.posting);
COMMENT ON VIEW transfer_standing IS 'postings that are neither reversed nor reversals';
CREATE VIEW transfer_standing_run AS
  SELECT * FROM transfer_run WHERE transfer_run IN (SELECT transfer_run FROM transfer_standing);
COMMENT ON VIEW transfer_standing_run IS 'runs whose postings stand';
