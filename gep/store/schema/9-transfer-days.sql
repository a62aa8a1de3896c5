-- Which days of its year a transfer run settles: those on which a version was in force, up to the end of an in-year run.
CREATE TABLE transfer_days (transfer_run BIGINT NOT NULL, first_day DATE NOT NULL, last_day DATE NOT NULL);
COMMENT ON TABLE transfer_days IS 'days of its year that a run settles; a run without a row settles the whole calendar year';
