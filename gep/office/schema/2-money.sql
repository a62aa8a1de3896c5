-- Computations of schemes that one person prepared and another has to confirm; only ever added to.
CREATE TABLE prepared (
  prepared INTEGER PRIMARY KEY, scheme TEXT NOT NULL, year INTEGER NOT NULL, sha256 TEXT NOT NULL, postings INTEGER NOT NULL, amount INTEGER NOT NULL,
  facts TEXT NOT NULL, reason TEXT NOT NULL, despite TEXT NOT NULL, person TEXT NOT NULL, shown TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE decided (
  prepared INTEGER PRIMARY KEY REFERENCES prepared (prepared), decision TEXT NOT NULL, note TEXT NOT NULL, run INTEGER,
  person TEXT NOT NULL, shown TEXT NOT NULL, at TEXT NOT NULL);
PRAGMA user_version = 2;
