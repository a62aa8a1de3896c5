-- Figures that a standard only shows: value of a hectare, share of GDP, sums of its own. No total counts them.
CREATE TABLE shown_result (
  run BIGINT NOT NULL, account INTEGER NOT NULL, figure VARCHAR NOT NULL, service VARCHAR, ecosystem VARCHAR, pollutant VARCHAR,
  item VARCHAR, value DOUBLE, unit VARCHAR NOT NULL, value_constant DOUBLE, missing VARCHAR);
CREATE VIEW gep_shown AS
  SELECT l.county, l.year, l.standard, s.figure, r.title_zh, r.title_en, s.service, s.ecosystem, s.pollutant, s.item, s.value, s.unit,
         s.value_constant, s.missing, l.run, l.state, l.voided_run
  FROM shown_result s JOIN account_state l USING (run, account) LEFT JOIN rule r ON r.run = s.run AND r.rule = s.figure WHERE l.superseded_by IS NULL;
COMMENT ON VIEW gep_shown IS 'figures that the standard only shows, beside the totals and never in them; unit of each stands beside it';
