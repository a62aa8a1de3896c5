-- Links hash texts by runs from here on; a program that does not know that would say of rows that are right that they are not.
COMMENT ON TABLE chain_link IS 'append-only: one link a table and transaction over the rows it added; link_sha256 of the last one is the head; the first byte of row_marks says how rows_sha256 is made (3: runs of texts, 2 or none: text by text)';
