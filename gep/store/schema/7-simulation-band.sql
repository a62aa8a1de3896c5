-- How far amounts of a kept simulation move if a county's own figure of an account is off by a stated share.
CREATE TABLE transfer_simulation_band (
  simulation BIGINT NOT NULL, party VARCHAR NOT NULL, off_by VARCHAR NOT NULL, low_fen BIGINT NOT NULL, high_fen BIGINT NOT NULL);
COMMENT ON TABLE transfer_simulation_band IS 'ranges of kept what-if runs: each county''s own figure lower and higher by the share off_by, the others as they are';
