-- The chain: every row of every other table, linked by hash in the transaction that writes it. See docs/review.md.
CREATE TABLE chain_link (
  link BIGINT NOT NULL, linked_at TIMESTAMP NOT NULL, occasion VARCHAR NOT NULL, table_name VARCHAR NOT NULL, first_row BIGINT NOT NULL,
  row_count BIGINT NOT NULL, row_key VARCHAR NOT NULL, covered_columns VARCHAR NOT NULL, rows_sha256 VARCHAR NOT NULL,
  row_marks BLOB NOT NULL, previous_sha256 VARCHAR NOT NULL, link_sha256 VARCHAR NOT NULL);
COMMENT ON TABLE chain_link IS 'append-only: one link a table and transaction over the rows it added; link_sha256 of the last one is the head';
