-- What units of somebody's own were called from one year to another; an account shows the name of its year.
CREATE TABLE unit_name (run BIGINT NOT NULL, unit_id VARCHAR NOT NULL, name_zh VARCHAR NOT NULL, name_en VARCHAR NOT NULL, valid_from INTEGER, valid_to INTEGER);
COMMENT ON TABLE unit_name IS 'append-only: names of units of users by period, the latest without an end; the rows of the newest run of a unit hold';
CREATE VIEW unit_called AS
  SELECT unit_id, name_zh, name_en, CASE WHEN row_number() OVER called = 1 THEN 0 ELSE coalesce(valid_from, 0) END AS called_from,
    coalesce(lead(valid_from) OVER called, 9999) AS called_until
  FROM (SELECT * FROM unit_name QUALIFY run = max(run) OVER (PARTITION BY unit_id))
  WINDOW called AS (PARTITION BY unit_id ORDER BY coalesce(valid_from, 0));
COMMENT ON VIEW unit_called IS 'what a unit is called from the year it starts to the year before it ends';
CREATE OR REPLACE VIEW gep_account_run AS
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
  SELECT a.county, coalesce(n.name_zh, g.name_zh) AS name_zh, coalesce(n.name_en, g.name_en) AS name_en, a.year, r.standard, t.material, t.regulating, t.cultural, t.gep, coalesce(nullif(regexp_extract(r.standard, '[+][0-9a-f]{12}[.]([A-Z]{3})$', 1), ''), 'CNY') || '/yr' AS value_unit,
    r.constant_year, t.material_constant, t.regulating_constant, t.cultural_constant, t.gep_constant, t.services_accounted,
    t.services_counted, t.gep / nullif(f.land_area, 0) AS gep_per_km2, t.gep / nullif(f.population, 0) AS gep_per_head,
    t.gep / nullif(f.gdp, 0) AS gep_per_gdp, r.results_sha256, a.run, a.account, s.state, s.voided_run, s.voided_by,
    s.superseded_by, s.signed_by, s.signed_at, s.signed_note, s.signed_sha256
  FROM account a JOIN run r USING (run) JOIN account_state s USING (run, account) LEFT JOIN totals t USING (run, account)
  LEFT JOIN facts f USING (run, account) LEFT JOIN region g ON g.code = a.county
  LEFT JOIN unit_called n ON n.unit_id = a.county AND a.year % 10000 >= n.called_from AND a.year % 10000 < n.called_until;
