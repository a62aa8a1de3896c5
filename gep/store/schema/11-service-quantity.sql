-- The quantity of a service whose items have one unit is their sum; in the view alone, the results stay as they were computed and signed.
CREATE OR REPLACE VIEW gep_service AS
  WITH items AS (
    SELECT run, account, service, sum(quantity) FILTER (detail) AS quantity, min(quantity_unit) FILTER (detail) AS quantity_unit
    FROM line_result GROUP BY run, account, service
    HAVING count(DISTINCT line) = count(DISTINCT line) FILTER (detail) AND count(DISTINCT quantity_unit) FILTER (detail) = 1
      AND count(*) FILTER (detail) = count(quantity) FILTER (detail) AND count(*) FILTER (detail) = count(item) FILTER (detail))
  SELECT l.county, l.year, l.standard, s.service, s.category, s.status, s.missing, s.reason,
         CASE WHEN s.quantity IS NULL AND s.status = 'accounted' THEN i.quantity ELSE s.quantity END AS quantity,
         CASE WHEN s.quantity IS NULL AND s.status = 'accounted' THEN i.quantity_unit ELSE s.quantity_unit END AS quantity_unit,
         s.unit_price, s.price_unit, s.value, 'CNY/yr' AS value_unit, s.value_constant, r.constant_year, l.run, l.state, l.voided_run
  FROM service_result s JOIN account_state l USING (run, account) JOIN run r USING (run)
  LEFT JOIN items i ON i.run = s.run AND i.account = s.account AND i.service = s.service WHERE l.superseded_by IS NULL;
COMMENT ON VIEW gep_service IS 'one row a service; the quantity of a service of several items is their sum where all have one unit, else empty';
