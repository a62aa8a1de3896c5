-- Cells of workbooks, written explanations, and the events of review and sign-off.
ALTER TABLE input_row ADD COLUMN cell VARCHAR;
ALTER TABLE inapplicable_row ADD COLUMN cell VARCHAR;

CREATE TABLE explanation (
  run BIGINT NOT NULL, account INTEGER NOT NULL, check_code VARCHAR NOT NULL, grade VARCHAR NOT NULL, address VARCHAR NOT NULL,
  found VARCHAR NOT NULL USING COMPRESSION zstd, explanation VARCHAR NOT NULL);
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
    QUALIFY row_number() OVER (PARTITION BY run, account ORDER BY event DESC) = 1),
  chain AS (
    SELECT a.run, a.account, a.county, a.year, r.standard, coalesce(e.kind, 'draft') AS state, e.who AS signed_by,
      e.happened_at AS signed_at, e.note AS signed_note, e.account_sha256 AS signed_sha256,
      lead(a.run) OVER (PARTITION BY a.county, a.year, r.standard ORDER BY a.run) AS superseded_by
    FROM account a JOIN run r USING (run) LEFT JOIN last e USING (run, account))
  SELECT *,
    max(CASE WHEN state = 'approved' THEN run END) OVER earlier AS voided_run,
    max(CASE WHEN state = 'approved' THEN superseded_by END) OVER earlier AS voided_by
  FROM chain
  WINDOW earlier AS (PARTITION BY county, year, standard ORDER BY run ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING);
COMMENT ON VIEW account_state IS 'draft, submitted, approved or returned; voided_run is an earlier run whose approval run voided_by has voided';

CREATE OR REPLACE VIEW gep_input AS
  SELECT l.county, l.year, l.standard, i.variable, i.ecosystem, i.pollutant, i.product, i.value, i.price_year, i.value_given,
         i.unit_given, i.source, i.note, i.file || coalesce('!' || i.cell, ':' || i.line) AS address, l.run, l.state, l.voided_run
  FROM input_row i JOIN account_state l USING (run, account) WHERE l.superseded_by IS NULL;
CREATE OR REPLACE VIEW gep_coefficient_used AS
  SELECT l.county, l.year, l.standard, c.coefficient, c.ecosystem, c.pollutant, c.product, w.value, w.unit, w.computed,
         w.price_year, p.ratio AS index_ratio, w.computed * coalesce(p.ratio, CASE WHEN w.price_year = 0 THEN 1 END) AS value_used,
         w."set", w.region, w.low, w.high, w.source, w.locator, w.mark, w.note, w.file || ':' || w.line AS address, c.beaten, l.run,
         l.state, l.voided_run
  FROM coefficient_account a JOIN account_state l USING (run, account) JOIN coefficient_choice c USING (run, pattern)
  JOIN run r USING (run) JOIN coefficient_row w ON w.coefficients_sha256 = r.coefficients_sha256 AND w.row_id = c.row_id
  LEFT JOIN price_ratio p ON p.run = l.run AND p.given = w.price_year AND p.wanted = l.year
  WHERE l.superseded_by IS NULL;
CREATE VIEW gep_account_run AS
  WITH totals AS (
    SELECT run, account,
      max(CASE WHEN category = 'material' THEN value END) AS material, max(CASE WHEN category = 'regulating' THEN value END) AS regulating,
      max(CASE WHEN category = 'cultural' THEN value END) AS cultural, max(CASE WHEN category = 'gep' THEN value END) AS gep,
      max(CASE WHEN category = 'material' THEN value_constant END) AS material_constant,
      max(CASE WHEN category = 'regulating' THEN value_constant END) AS regulating_constant,
      max(CASE WHEN category = 'cultural' THEN value_constant END) AS cultural_constant,
      max(CASE WHEN category = 'gep' THEN value_constant END) AS gep_constant,
      max(CASE WHEN category = 'gep' THEN accounted END) AS services_accounted, max(CASE WHEN category = 'gep' THEN counted END) AS services_counted
    FROM total_result GROUP BY run, account),
  facts AS (
    SELECT run, account, max(CASE WHEN variable = 'land_area' THEN value END) AS land_area,
      max(CASE WHEN variable = 'population' THEN value END) AS population, max(CASE WHEN variable = 'gdp' THEN value END) AS gdp
    FROM input_row WHERE variable IN ('land_area', 'population', 'gdp') GROUP BY run, account)
  SELECT a.county, g.name_zh, g.name_en, a.year, r.standard, t.material, t.regulating, t.cultural, t.gep, 'CNY/yr' AS value_unit,
    r.constant_year, t.material_constant, t.regulating_constant, t.cultural_constant, t.gep_constant, t.services_accounted,
    t.services_counted, t.gep / nullif(f.land_area, 0) AS gep_per_km2, t.gep / nullif(f.population, 0) AS gep_per_head,
    t.gep / nullif(f.gdp, 0) AS gep_per_gdp, r.results_sha256, a.run, a.account, s.state, s.voided_run, s.voided_by,
    s.superseded_by, s.signed_by, s.signed_at, s.signed_note, s.signed_sha256
  FROM account a JOIN run r USING (run) JOIN account_state s USING (run, account) LEFT JOIN totals t USING (run, account)
  LEFT JOIN facts f USING (run, account) LEFT JOIN region g ON g.code = a.county;
COMMENT ON VIEW gep_account_run IS 'one row an account of every run, superseded ones too, with its state of review';
CREATE OR REPLACE VIEW gep_account AS
  SELECT * EXCLUDE (account, superseded_by, signed_by, signed_at, signed_note, signed_sha256) FROM gep_account_run WHERE superseded_by IS NULL;
COMMENT ON VIEW gep_account IS 'one row a county, year and standard: what is accounted for, how much of the list that is, and its state of review';
CREATE OR REPLACE VIEW gep_service AS
  SELECT l.county, l.year, l.standard, s.service, s.category, s.status, s.missing, s.reason, s.quantity, s.quantity_unit,
         s.unit_price, s.price_unit, s.value, 'CNY/yr' AS value_unit, s.value_constant, r.constant_year, l.run, l.state, l.voided_run
  FROM service_result s JOIN account_state l USING (run, account) JOIN run r USING (run) WHERE l.superseded_by IS NULL;
CREATE OR REPLACE VIEW gep_service_item AS
  SELECT l.county, l.year, l.standard, s.service, s.line, s.detail, s.pollutant, s.item, s.status, s.quantity, s.quantity_unit,
         s.unit_price, s.price_unit, s.value, 'CNY/yr' AS value_unit, s.value_constant, l.run, l.state, l.voided_run
  FROM line_result s JOIN account_state l USING (run, account) WHERE l.superseded_by IS NULL;
CREATE OR REPLACE VIEW gep_service_ecosystem AS
  SELECT l.county, l.year, l.standard, s.service, s.ecosystem, s.value, 'CNY/yr' AS value_unit, s.value_constant, l.run,
         l.state, l.voided_run
  FROM ecosystem_result s JOIN account_state l USING (run, account) WHERE l.superseded_by IS NULL;
CREATE VIEW gep_account_approved AS
  SELECT * EXCLUDE (account, superseded_by, signed_note) FROM gep_account_run WHERE superseded_by IS NULL AND state = 'approved';
COMMENT ON VIEW gep_account_approved IS 'what finance uses: only accounts whose newest result is approved';
CREATE VIEW gep_service_approved AS SELECT * FROM gep_service WHERE state = 'approved';
COMMENT ON VIEW gep_service_approved IS 'what finance uses: services of accounts whose newest result is approved';
