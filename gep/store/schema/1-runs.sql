-- Runs and their results. Tables hold runs, which are never changed; views are what readers use.
CREATE TABLE store_version (version INTEGER NOT NULL);
COMMENT ON COLUMN store_version.version IS 'version of this schema';

CREATE SEQUENCE run_number START 1;
CREATE TABLE run (
  run BIGINT PRIMARY KEY, made_at TIMESTAMP NOT NULL, program VARCHAR NOT NULL, standard VARCHAR NOT NULL,
  standard_text VARCHAR NOT NULL, price_index VARCHAR NOT NULL, constant_year INTEGER, files VARCHAR NOT NULL,
  inputs_sha256 VARCHAR NOT NULL, coefficients_sha256 VARCHAR NOT NULL, rules_sha256 VARCHAR NOT NULL,
  results_sha256 VARCHAR NOT NULL, reason VARCHAR NOT NULL);
CREATE TABLE account (run BIGINT NOT NULL, account INTEGER NOT NULL, county VARCHAR NOT NULL, year INTEGER NOT NULL);
CREATE TABLE input_row (
  run BIGINT NOT NULL, account INTEGER NOT NULL, variable VARCHAR NOT NULL, ecosystem VARCHAR, pollutant VARCHAR,
  product VARCHAR, value DOUBLE NOT NULL, price_year INTEGER NOT NULL, value_given VARCHAR NOT NULL, unit_given VARCHAR,
  source VARCHAR, note VARCHAR, file VARCHAR NOT NULL, line BIGINT NOT NULL);
CREATE TABLE inapplicable_row (
  run BIGINT NOT NULL, account INTEGER NOT NULL, id VARCHAR NOT NULL, source VARCHAR, note VARCHAR, file VARCHAR, line BIGINT);
CREATE TABLE rule (
  run BIGINT NOT NULL, place INTEGER NOT NULL, rule VARCHAR NOT NULL, scope VARCHAR NOT NULL, variant VARCHAR NOT NULL,
  symbol VARCHAR NOT NULL, unit VARCHAR NOT NULL, title_zh VARCHAR NOT NULL, title_en VARCHAR NOT NULL,
  formula VARCHAR NOT NULL, factor DOUBLE NOT NULL, tree VARCHAR NOT NULL, head VARCHAR NOT NULL, source VARCHAR NOT NULL,
  clause VARCHAR NOT NULL, mark VARCHAR NOT NULL, caution VARCHAR NOT NULL);
CREATE TABLE coefficient_row (
  coefficients_sha256 VARCHAR NOT NULL, row_id INTEGER NOT NULL, coefficient VARCHAR NOT NULL, "set" VARCHAR NOT NULL,
  value DOUBLE NOT NULL, unit VARCHAR NOT NULL, computed DOUBLE NOT NULL, price_year INTEGER NOT NULL, low DOUBLE, high DOUBLE,
  year VARCHAR, region VARCHAR NOT NULL, ecosystem VARCHAR, pollutant VARCHAR, product VARCHAR, applies_from INTEGER,
  applies_to INTEGER, source VARCHAR NOT NULL, locator VARCHAR NOT NULL, mark VARCHAR NOT NULL, note VARCHAR, file VARCHAR NOT NULL,
  line INTEGER NOT NULL);
CREATE TABLE coefficient_choice (
  run BIGINT NOT NULL, pattern INTEGER NOT NULL, coefficient VARCHAR NOT NULL, ecosystem VARCHAR, pollutant VARCHAR,
  product VARCHAR, row_id INTEGER NOT NULL, beaten VARCHAR NOT NULL);
CREATE TABLE coefficient_account (run BIGINT NOT NULL, account INTEGER NOT NULL, pattern INTEGER NOT NULL);
CREATE TABLE price_ratio (run BIGINT NOT NULL, price_index VARCHAR NOT NULL, given INTEGER NOT NULL, wanted INTEGER NOT NULL, ratio DOUBLE);
CREATE TABLE service_result (
  run BIGINT NOT NULL, account INTEGER NOT NULL, service VARCHAR NOT NULL, category VARCHAR NOT NULL, status VARCHAR NOT NULL,
  missing VARCHAR, reason VARCHAR, quantity DOUBLE, quantity_unit VARCHAR, unit_price DOUBLE, price_unit VARCHAR,
  value DOUBLE, value_constant DOUBLE);
CREATE TABLE line_result (
  run BIGINT NOT NULL, account INTEGER NOT NULL, service VARCHAR NOT NULL, line VARCHAR NOT NULL, detail BOOLEAN NOT NULL,
  pollutant VARCHAR, item VARCHAR, status VARCHAR NOT NULL, quantity DOUBLE, quantity_unit VARCHAR, unit_price DOUBLE,
  price_unit VARCHAR, value DOUBLE, value_constant DOUBLE);
CREATE TABLE ecosystem_result (
  run BIGINT NOT NULL, account INTEGER NOT NULL, service VARCHAR NOT NULL, ecosystem VARCHAR NOT NULL, value DOUBLE,
  value_constant DOUBLE);
CREATE TABLE total_result (
  run BIGINT NOT NULL, account INTEGER NOT NULL, category VARCHAR NOT NULL, value DOUBLE, value_constant DOUBLE,
  accounted INTEGER NOT NULL, counted INTEGER NOT NULL);
CREATE TABLE notice (run BIGINT NOT NULL, account INTEGER NOT NULL, code VARCHAR NOT NULL, service VARCHAR, text_zh VARCHAR NOT NULL USING COMPRESSION zstd,
  text_en VARCHAR NOT NULL USING COMPRESSION zstd);
CREATE TABLE region (code VARCHAR PRIMARY KEY, name_zh VARCHAR NOT NULL, name_en VARCHAR NOT NULL, level VARCHAR NOT NULL, parent VARCHAR);
CREATE TABLE name (id VARCHAR PRIMARY KEY, kind VARCHAR NOT NULL, title_zh VARCHAR NOT NULL, title_en VARCHAR NOT NULL);

CREATE VIEW latest AS
  SELECT a.run, a.account, a.county, a.year, r.standard FROM account a JOIN run r USING (run)
  QUALIFY row_number() OVER (PARTITION BY a.county, a.year, r.standard ORDER BY a.run DESC) = 1;
COMMENT ON VIEW latest IS 'the newest run of each county, year and standard; older ones are superseded, not deleted';

CREATE VIEW gep_service AS
  SELECT l.county, l.year, l.standard, s.service, s.category, s.status, s.missing, s.reason, s.quantity, s.quantity_unit,
         s.unit_price, s.price_unit, s.value, 'CNY/yr' AS value_unit, s.value_constant, r.constant_year, l.run
  FROM service_result s JOIN latest l USING (run, account) JOIN run r USING (run);
CREATE VIEW gep_service_item AS
  SELECT l.county, l.year, l.standard, s.service, s.line, s.detail, s.pollutant, s.item, s.status, s.quantity, s.quantity_unit,
         s.unit_price, s.price_unit, s.value, 'CNY/yr' AS value_unit, s.value_constant, l.run
  FROM line_result s JOIN latest l USING (run, account);
CREATE VIEW gep_service_ecosystem AS
  SELECT l.county, l.year, l.standard, s.service, s.ecosystem, s.value, 'CNY/yr' AS value_unit, s.value_constant, l.run
  FROM ecosystem_result s JOIN latest l USING (run, account);
CREATE VIEW gep_input AS
  SELECT l.county, l.year, l.standard, i.variable, i.ecosystem, i.pollutant, i.product, i.value, i.price_year, i.value_given,
         i.unit_given, i.source, i.note, i.file || ':' || i.line AS address, l.run
  FROM input_row i JOIN latest l USING (run, account);
CREATE VIEW gep_coefficient_used AS
  SELECT l.county, l.year, l.standard, c.coefficient, c.ecosystem, c.pollutant, c.product, w.value, w.unit, w.computed,
         w.price_year, p.ratio AS index_ratio, w.computed * coalesce(p.ratio, CASE WHEN w.price_year = 0 THEN 1 END) AS value_used,
         w."set", w.region, w.low, w.high, w.source, w.locator, w.mark, w.note, w.file || ':' || w.line AS address, c.beaten, l.run
  FROM coefficient_account a JOIN latest l USING (run, account) JOIN coefficient_choice c USING (run, pattern)
  JOIN run r USING (run) JOIN coefficient_row w ON w.coefficients_sha256 = r.coefficients_sha256 AND w.row_id = c.row_id
  LEFT JOIN price_ratio p ON p.run = l.run AND p.given = w.price_year AND p.wanted = l.year;
CREATE VIEW gep_account AS
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
  SELECT l.county, g.name_zh, g.name_en, l.year, l.standard, t.material, t.regulating, t.cultural, t.gep, 'CNY/yr' AS value_unit,
    r.constant_year, t.material_constant, t.regulating_constant, t.cultural_constant, t.gep_constant, t.services_accounted,
    t.services_counted, t.gep / nullif(f.land_area, 0) AS gep_per_km2, t.gep / nullif(f.population, 0) AS gep_per_head,
    t.gep / nullif(f.gdp, 0) AS gep_per_gdp, r.results_sha256, l.run
  FROM latest l JOIN run r USING (run) LEFT JOIN totals t USING (run, account) LEFT JOIN facts f USING (run, account)
  LEFT JOIN region g ON g.code = l.county;
COMMENT ON VIEW gep_account IS 'one row a county, year and standard: what is accounted for, and how much of the list that is';
