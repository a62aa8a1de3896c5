-- What a prepared booking came to, all its rows in one text, so that confirming it books what was looked at and need not compute it again.
CREATE TABLE prepared_run (prepared BIGINT NOT NULL, content VARCHAR NOT NULL);
COMMENT ON TABLE prepared_run IS 'append-only: rows of a prepared run that follows from its scheme and its facts alone';
