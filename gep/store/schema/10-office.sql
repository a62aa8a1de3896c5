-- Heads of the journal of the office beside the store, written down at each backup: whoever makes one of the two chains anew has to make both.
CREATE TABLE office_head (noted_at TIMESTAMP NOT NULL, office_entry BIGINT NOT NULL, office_sha256 VARCHAR NOT NULL);
COMMENT ON TABLE office_head IS 'append-only: heads of the journal of the office beside the store, one a backup';
