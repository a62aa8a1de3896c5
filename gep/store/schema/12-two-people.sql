-- Money by two people: schemes registered before they may post; what one prepared, and what another decided. Rows are only ever added.
CREATE SEQUENCE registration_number START 1;
CREATE TABLE scheme_registration (
  registration BIGINT PRIMARY KEY, registered_at TIMESTAMP NOT NULL, who VARCHAR NOT NULL, scheme VARCHAR NOT NULL, scheme_version VARCHAR NOT NULL,
  title_zh VARCHAR NOT NULL, legal_basis VARCHAR NOT NULL, in_force_from DATE NOT NULL, in_force_to DATE, scheme_sha256 VARCHAR NOT NULL,
  written_text VARCHAR NOT NULL, scheme_text VARCHAR NOT NULL, reason VARCHAR NOT NULL);
COMMENT ON TABLE scheme_registration IS 'append-only: schemes that may post, each with its whole text; a changed text is a new version';
CREATE SEQUENCE prepared_number START 1;
CREATE TABLE transfer_prepared (
  prepared BIGINT PRIMARY KEY, prepared_at TIMESTAMP NOT NULL, who VARCHAR NOT NULL, login VARCHAR NOT NULL, act VARCHAR NOT NULL,
  registration BIGINT, scheme VARCHAR NOT NULL, year INTEGER NOT NULL, settles_to DATE, results_sha256 VARCHAR NOT NULL, inputs_sha256 VARCHAR NOT NULL,
  posting_count BIGINT NOT NULL, amount_fen BIGINT NOT NULL, reason VARCHAR NOT NULL, despite VARCHAR NOT NULL, transfer_run BIGINT, payments VARCHAR NOT NULL);
COMMENT ON TABLE transfer_prepared IS 'append-only: a booking, a reversal or payments that wait for another person';
CREATE TABLE prepared_fact (
  prepared BIGINT NOT NULL, indicator VARCHAR NOT NULL, place VARCHAR NOT NULL, period VARCHAR NOT NULL, value_given VARCHAR NOT NULL,
  unit_given VARCHAR NOT NULL, fact_status VARCHAR NOT NULL, source VARCHAR NOT NULL, note VARCHAR NOT NULL, address VARCHAR NOT NULL);
COMMENT ON TABLE prepared_fact IS 'the facts that a prepared booking rests on';
CREATE TABLE transfer_decided (
  prepared BIGINT NOT NULL, decided_at TIMESTAMP NOT NULL, who VARCHAR NOT NULL, login VARCHAR NOT NULL, decision VARCHAR NOT NULL,
  note VARCHAR NOT NULL, transfer_run BIGINT);
COMMENT ON TABLE transfer_decided IS 'append-only: what another person made of what was prepared';
