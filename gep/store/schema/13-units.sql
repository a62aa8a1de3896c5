-- Accounting units of somebody's own, as they were when a run was stored: a row where a run knew a unit otherwise than the runs before it.
CREATE TABLE accounting_unit (
  run BIGINT NOT NULL, unit_id VARCHAR NOT NULL, name_zh VARCHAR NOT NULL, name_en VARCHAR NOT NULL, unit_kind VARCHAR NOT NULL,
  memberships VARCHAR NOT NULL, area_km2 DOUBLE, valid_from INTEGER, valid_to INTEGER, successor VARCHAR, disjoint BOOLEAN NOT NULL,
  polygon VARCHAR, address VARCHAR NOT NULL);
COMMENT ON TABLE accounting_unit IS 'append-only: units of the tables of users; the newest row of a unit holds';
