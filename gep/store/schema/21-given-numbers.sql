-- A figure that was given as a number is kept as one, and not a second time where it is the value itself; what was given as text stays text.
ALTER TABLE input_row ALTER COLUMN value_given DROP NOT NULL;
ALTER TABLE input_row ADD COLUMN number_given DOUBLE;
CREATE VIEW input_given AS
  SELECT run, account, variable, ecosystem, pollutant, product, value, price_year,
         coalesce(value_given, CAST(coalesce(number_given, value) AS VARCHAR)) AS value_given, unit_given, source, note, file, line, cell
  FROM input_row;
COMMENT ON VIEW input_given IS 'one row a figure of a run, as it was given and in the unit of its variable';
CREATE OR REPLACE VIEW gep_input AS
  SELECT l.county, l.year, l.standard, i.variable, i.ecosystem, i.pollutant, i.product, i.value, i.price_year, i.value_given,
         i.unit_given, i.source, i.note, i.file || coalesce('!' || i.cell, ':' || i.line) AS address, l.run, l.state, l.voided_run
  FROM input_given i JOIN account_state l USING (run, account) WHERE l.superseded_by IS NULL;
