-- Where a figure came from that was not typed; files that were uploaded and wait to be taken; what a reviewer says about a cell.
ALTER TABLE cell ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE TABLE upload (
  upload INTEGER PRIMARY KEY, county TEXT NOT NULL, year INTEGER NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, cells TEXT NOT NULL,
  person TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE remark (
  remark INTEGER PRIMARY KEY, county TEXT NOT NULL, year INTEGER NOT NULL, variable TEXT NOT NULL, member TEXT NOT NULL,
  version INTEGER NOT NULL, text TEXT NOT NULL, person TEXT NOT NULL, shown TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX remark_key ON remark (county, year, remark);
PRAGMA user_version = 3;
