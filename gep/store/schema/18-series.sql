-- Monitored series as they were reported, a row a report; a correction is a further row and says why. Rows are only ever added.
CREATE TABLE series_point (
  county VARCHAR NOT NULL, variable VARCHAR NOT NULL, product_place VARCHAR NOT NULL, period VARCHAR NOT NULL, correction INTEGER NOT NULL, entered_at TIMESTAMP NOT NULL,
  who VARCHAR NOT NULL, value_given VARCHAR NOT NULL, point_value DOUBLE NOT NULL, unit_given VARCHAR NOT NULL, source VARCHAR NOT NULL, address VARCHAR NOT NULL,
  correction_reason VARCHAR NOT NULL);
COMMENT ON TABLE series_point IS 'append-only: monitored series by month or day; the newest correction of a period holds';
CREATE VIEW series_state AS
  SELECT county, CAST(substr(period, 1, 4) AS INTEGER) AS year, s.* EXCLUDE (county) FROM series_point s
  SEMI JOIN (SELECT county, variable, product_place, period, max(correction) AS correction FROM series_point GROUP BY ALL) n
  USING (county, variable, product_place, period, correction);
COMMENT ON VIEW series_state IS 'one row a report of a monitored series, as last corrected; never turned into a year';
