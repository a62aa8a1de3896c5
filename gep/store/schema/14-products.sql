-- The catalogue of ecological products by edition, alerts of watched series, and who has seen which. Rows are only ever added.
CREATE TABLE product_entry (
  edition BIGINT NOT NULL, entered_at TIMESTAMP NOT NULL, who VARCHAR NOT NULL, county VARCHAR NOT NULL, year INTEGER NOT NULL, product VARCHAR NOT NULL,
  product_kind VARCHAR NOT NULL, product_place VARCHAR NOT NULL, value_given VARCHAR NOT NULL, amount_value DOUBLE NOT NULL, unit_given VARCHAR NOT NULL,
  quality_grade VARCHAR NOT NULL, season_months VARCHAR NOT NULL, department VARCHAR NOT NULL, evidence VARCHAR NOT NULL, address VARCHAR NOT NULL);
COMMENT ON TABLE product_entry IS 'append-only: catalogues of ecological products; the newest edition of a county and year holds';
CREATE TABLE product_alert (
  alert VARCHAR NOT NULL, entered_at TIMESTAMP NOT NULL, who VARCHAR NOT NULL, county VARCHAR NOT NULL, threshold_id VARCHAR NOT NULL, threshold_title VARCHAR NOT NULL,
  variable VARCHAR NOT NULL, product_place VARCHAR NOT NULL, period VARCHAR NOT NULL, passed_when VARCHAR NOT NULL, severity VARCHAR NOT NULL,
  threshold_basis VARCHAR NOT NULL, watched_on DATE NOT NULL, address VARCHAR NOT NULL);
COMMENT ON TABLE product_alert IS 'append-only: thresholds that were passed, each once by place and period';
CREATE TABLE alert_seen (
  alert VARCHAR NOT NULL, county VARCHAR NOT NULL, entered_at TIMESTAMP NOT NULL, who VARCHAR NOT NULL, login VARCHAR NOT NULL, note VARCHAR NOT NULL);
COMMENT ON TABLE alert_seen IS 'append-only: who has seen an alert and what is done about it';
CREATE VIEW product_catalogue AS
  SELECT p.* FROM product_entry p SEMI JOIN (SELECT county, year, max(edition) AS edition FROM product_entry GROUP BY ALL) n USING (county, year, edition);
COMMENT ON VIEW product_catalogue IS 'the newest edition of the catalogue of each county and year';
CREATE VIEW alert_state AS
  SELECT a.county, CAST(substr(a.period, 1, 4) AS INTEGER) AS year, a.* EXCLUDE (county), s.who AS seen_by, s.entered_at AS seen_at, s.note AS seen_note
  FROM product_alert a LEFT JOIN alert_seen s ON s.alert = a.alert AND s.county = a.county;
COMMENT ON VIEW alert_state IS 'one row an alert, with who has seen it';
