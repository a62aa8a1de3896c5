-- Accounts in another currency than the yuan: the key of their standard ends in it, and their values say it.
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
  SELECT a.county, g.name_zh, g.name_en, a.year, r.standard, t.material, t.regulating, t.cultural, t.gep, coalesce(nullif(regexp_extract(r.standard, '[+][0-9a-f]{12}[.]([A-Z]{3})$', 1), ''), 'CNY') || '/yr' AS value_unit,
    r.constant_year, t.material_constant, t.regulating_constant, t.cultural_constant, t.gep_constant, t.services_accounted,
    t.services_counted, t.gep / nullif(f.land_area, 0) AS gep_per_km2, t.gep / nullif(f.population, 0) AS gep_per_head,
    t.gep / nullif(f.gdp, 0) AS gep_per_gdp, r.results_sha256, a.run, a.account, s.state, s.voided_run, s.voided_by,
    s.superseded_by, s.signed_by, s.signed_at, s.signed_note, s.signed_sha256
  FROM account a JOIN run r USING (run) JOIN account_state s USING (run, account) LEFT JOIN totals t USING (run, account)
  LEFT JOIN facts f USING (run, account) LEFT JOIN region g ON g.code = a.county;
CREATE OR REPLACE VIEW gep_service AS
  WITH items AS (
    SELECT run, account, service, sum(quantity) FILTER (detail) AS quantity, min(quantity_unit) FILTER (detail) AS quantity_unit
    FROM line_result GROUP BY run, account, service
    HAVING count(DISTINCT line) = count(DISTINCT line) FILTER (detail) AND count(DISTINCT quantity_unit) FILTER (detail) = 1
      AND count(*) FILTER (detail) = count(quantity) FILTER (detail) AND count(*) FILTER (detail) = count(item) FILTER (detail))
  SELECT l.county, l.year, l.standard, s.service, s.category, s.status, s.missing, s.reason,
         CASE WHEN s.quantity IS NULL AND s.status = 'accounted' THEN i.quantity ELSE s.quantity END AS quantity,
         CASE WHEN s.quantity IS NULL AND s.status = 'accounted' THEN i.quantity_unit ELSE s.quantity_unit END AS quantity_unit,
         s.unit_price, s.price_unit, s.value, coalesce(nullif(regexp_extract(l.standard, '[+][0-9a-f]{12}[.]([A-Z]{3})$', 1), ''), 'CNY') || '/yr' AS value_unit, s.value_constant, r.constant_year, l.run, l.state, l.voided_run
  FROM service_result s JOIN account_state l USING (run, account) JOIN run r USING (run)
  LEFT JOIN items i ON i.run = s.run AND i.account = s.account AND i.service = s.service WHERE l.superseded_by IS NULL;
CREATE OR REPLACE VIEW gep_service_item AS
  SELECT l.county, l.year, l.standard, s.service, s.line, s.detail, s.pollutant, s.item, s.status, s.quantity, s.quantity_unit,
         s.unit_price, s.price_unit, s.value, coalesce(nullif(regexp_extract(l.standard, '[+][0-9a-f]{12}[.]([A-Z]{3})$', 1), ''), 'CNY') || '/yr' AS value_unit, s.value_constant, l.run, l.state, l.voided_run
  FROM line_result s JOIN account_state l USING (run, account) WHERE l.superseded_by IS NULL;
CREATE OR REPLACE VIEW gep_service_ecosystem AS
  SELECT l.county, l.year, l.standard, s.service, s.ecosystem, s.value, coalesce(nullif(regexp_extract(l.standard, '[+][0-9a-f]{12}[.]([A-Z]{3})$', 1), ''), 'CNY') || '/yr' AS value_unit, s.value_constant, l.run,
         l.state, l.voided_run
  FROM ecosystem_result s JOIN account_state l USING (run, account) WHERE l.superseded_by IS NULL;
