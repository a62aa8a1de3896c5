-- What takes long: kept from before it begins until it is looked at, so that a server that was stopped goes on with it.
CREATE TABLE job (
  job TEXT PRIMARY KEY, kind TEXT NOT NULL, given TEXT NOT NULL, lang TEXT NOT NULL, person TEXT NOT NULL, state TEXT NOT NULL, said TEXT NOT NULL,
  done INTEGER NOT NULL, total INTEGER NOT NULL, result TEXT NOT NULL, made_at TEXT NOT NULL, ended_at TEXT NOT NULL);
CREATE INDEX job_person ON job (person, made_at);
PRAGMA user_version = 4;
