-- What is sold, pledged or compensated: entries and releases, only ever added.
CREATE TABLE encumbrance (
  encumbrance BIGINT PRIMARY KEY, entered_at TIMESTAMP NOT NULL, entered_by VARCHAR NOT NULL, act VARCHAR NOT NULL,
  right_kind VARCHAR NOT NULL, subject VARCHAR NOT NULL, county VARCHAR, parcel VARCHAR, project VARCHAR, vintage INTEGER,
  first_tonne BIGINT, last_tonne BIGINT, issued_tonnes BIGINT, year INTEGER, standard VARCHAR, run BIGINT, service VARCHAR,
  line VARCHAR, pollutant VARCHAR, item VARCHAR, held_quantity DECIMAL(38, 9), quantity_unit VARCHAR, account_quantity DOUBLE,
  starts DATE NOT NULL, ends DATE, party VARCHAR NOT NULL, document VARCHAR NOT NULL, note VARCHAR NOT NULL, releases BIGINT);
COMMENT ON TABLE encumbrance IS 'append-only: an entry is never changed, a release is a row of its own';

CREATE VIEW encumbrance_state AS
  SELECT e.* EXCLUDE (releases), r.encumbrance AS released_by, r.starts AS released_on,
    least(e.ends, r.starts - 1) AS held_until
  FROM encumbrance e LEFT JOIN encumbrance r ON r.releases = e.encumbrance WHERE e.act = 'add';
COMMENT ON VIEW encumbrance_state IS 'one row an entry with its release; held_until before starts means that it never held';
