-- What people do before there is an account. Only `person`, `session`, `failure`, `token` and `setting` are ever changed or deleted.
CREATE TABLE person (
  name TEXT PRIMARY KEY, shown TEXT NOT NULL, role TEXT NOT NULL, place TEXT NOT NULL, department TEXT NOT NULL,
  password TEXT NOT NULL, must_change INTEGER NOT NULL, active INTEGER NOT NULL, made_at TEXT NOT NULL, made_by TEXT NOT NULL);
CREATE TABLE session (
  token TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (name), csrf TEXT NOT NULL, made_at REAL NOT NULL, seen_at REAL NOT NULL,
  address TEXT NOT NULL);
CREATE INDEX session_person ON session (person);
CREATE TABLE failure (name TEXT PRIMARY KEY, count INTEGER NOT NULL, last REAL NOT NULL);
CREATE TABLE token (
  token TEXT PRIMARY KEY, label TEXT NOT NULL, role TEXT NOT NULL, place TEXT NOT NULL, department TEXT NOT NULL,
  made_at TEXT NOT NULL, made_by TEXT NOT NULL, ends_at TEXT NOT NULL, active INTEGER NOT NULL);
CREATE TABLE answered (key TEXT NOT NULL, token TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (token, key));
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE cell (
  version INTEGER PRIMARY KEY, county TEXT NOT NULL, year INTEGER NOT NULL, variable TEXT NOT NULL, member TEXT NOT NULL,
  value TEXT NOT NULL, unit TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL, person TEXT NOT NULL, shown TEXT NOT NULL,
  at TEXT NOT NULL, way TEXT NOT NULL);
CREATE INDEX cell_key ON cell (county, year, variable, member, version);
CREATE TABLE choice (
  version INTEGER PRIMARY KEY, county TEXT NOT NULL, year INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  person TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX choice_key ON choice (county, year, name, version);
CREATE TABLE step (
  version INTEGER PRIMARY KEY, county TEXT NOT NULL, year INTEGER NOT NULL, department TEXT NOT NULL, step TEXT NOT NULL,
  note TEXT NOT NULL, person TEXT NOT NULL, shown TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX step_key ON step (county, year, department, version);
CREATE TABLE explanation (
  version INTEGER PRIMARY KEY, county TEXT NOT NULL, year INTEGER NOT NULL, code TEXT NOT NULL, place TEXT NOT NULL, found TEXT NOT NULL,
  text TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX explanation_key ON explanation (county, year, version);
CREATE TABLE deadline (place TEXT NOT NULL, year INTEGER NOT NULL, department TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (place, year, department));
CREATE TABLE journal (
  entry INTEGER PRIMARY KEY, at TEXT NOT NULL, person TEXT NOT NULL, address TEXT NOT NULL, act TEXT NOT NULL, object TEXT NOT NULL,
  result TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
PRAGMA user_version = 1;
