"""Runs of a county and year: which superseded which and why, and what differs between two runs, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.texts import Text, say
from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Entry:
    """One run of a county, year and standard; `value` is the total in CNY/yr, None where there is none."""

    run: int
    standard: str
    made_at: str
    program: str
    reason: str
    value: float | None
    accounted: int
    counted: int
    state: str
    signed_by: str
    signed_at: str
    signed_note: str
    supersedes: int | None
    superseded_by: int | None
    voided_run: int | None
    results_sha256: str
    quantities: int = 0
    """Services that have a quantity and no value, as their standard has no prices."""


@dataclass(frozen=True)
class Change:
    """One thing that two runs have differently."""

    section: str
    """`run`, `accounts`, `inputs`, `coefficients`, `rules` or `results`."""
    where: str
    """County and year, or nothing where it holds for the whole run."""
    what: str
    kind: str
    one: str
    other: str
    at_one: str = ""
    at_other: str = ""


def list_runs(connection: Connection, place: AccountKey, standard: str | None = None) -> list[Entry]:
    """Return the runs of a county and year, the newest first.

    Parameters
    ----------
    standard : id; None: under all standards
    """
    rows = connection.execute(
        """SELECT a.run, r.standard, strftime(r.made_at, '%Y-%m-%d %H:%M'), r.program, r.reason, t.value, coalesce(t.accounted, 0),
                  coalesce(t.counted, 0), s.state, coalesce(s.signed_by, ''), coalesce(strftime(s.signed_at, '%Y-%m-%d %H:%M'), ''),
                  coalesce(s.signed_note, ''),
                  lag(a.run) OVER (PARTITION BY r.standard ORDER BY a.run), lead(a.run) OVER (PARTITION BY r.standard ORDER BY a.run),
                  s.voided_run, r.results_sha256,
                  (SELECT count(*) FROM service_result q WHERE q.run = a.run AND q.account = a.account AND q.status = 'quantity only')
           FROM account a JOIN run r USING (run) JOIN account_state s USING (run, account)
           LEFT JOIN total_result t ON t.run = a.run AND t.account = a.account AND t.category = 'gep'
           WHERE a.county = ? AND a.year = ? AND (? IS NULL OR r.standard = ?) ORDER BY a.run DESC""",
        [place.county, place.year, standard, standard],
    ).fetchall()
    return [Entry(*row) for row in rows]


def list_superseded(connection: Connection, run: int) -> list[tuple[str, int, int]]:
    """Return county, year and newest earlier run of each account that a run supersedes."""
    return connection.execute(
        """SELECT n.county, n.year, max(o.run) FROM account n JOIN run rn ON rn.run = n.run
           JOIN account o ON o.county = n.county AND o.year = n.year AND o.run < n.run
           JOIN run ro ON ro.run = o.run AND ro.standard = rn.standard
           WHERE n.run = ? GROUP BY ALL ORDER BY ALL""",
        [run],
    ).fetchall()


def describe_unexplained(before: Sequence[tuple[str, int, int]], run: int) -> Text:
    """Return the sentence that a run supersedes earlier ones and no reason was given.

    Parameters
    ----------
    before : as `list_superseded` returns it
    """
    if len(before) == 1:
        county, year, earlier = before[0]
        what = say("run {earlier} of {county} {year}", earlier=earlier, county=county, year=year)
    else:
        what = say("earlier runs of {count:,} accounts", count=len(before))
    return say("run {run} supersedes {what}; no reason was given (--reason says why)", run=run, what=what)


def list_differences(connection: Connection, one: int, other: int, county: str | None = None) -> list[Change]:
    """Return everything that two runs have differently, line by line.

    Parameters
    ----------
    one, other : numbers of the runs
    county : six-digit code; None: all counties that both runs have

    Raises
    ------
    Problems : there is no such run, or no account that both runs have
    """
    known = [int(row[0]) for row in connection.execute("SELECT run FROM run ORDER BY run").fetchall()]
    shown = say("the store has runs {first} to {last}", first=known[0], last=known[-1]) if known else "the store has no run"
    lacking = [
        Problem("RUN", 0, say("there is no run {run}", run=run), shown) for run in dict.fromkeys((one, other)) if run not in known
    ]
    if lacking:
        raise Problems(lacking)
    both = connection.execute(
        "SELECT count(*) FROM account a JOIN account b USING (county, year) WHERE a.run = ? AND b.run = ? AND (? IS NULL OR county = ?)",
        [one, other, county, county],
    ).fetchall()[0][0]
    if not both:
        refuse_one(
            "RUN",
            say("runs {one} and {other} have no county and year in common of {county}", one=one, other=other, county=county)
            if county
            else say("runs {one} and {other} have no county and year in common", one=one, other=other),
            "two runs of one county-year",
            _suggest_comparison(connection, one, other, county),
        )
    values = {"one": one, "other": other, "county": county}
    found = [*_heads(connection, one, other), *_accounts(connection, values)]
    for section, source in SOURCES.items():
        rows = connection.execute(_PAIRED.format(source=source), values).fetchall()
        found += [_change(section, *row) for row in rows]
    return found


def _suggest_comparison(connection: Connection, one: int, other: int, county: str | None) -> str:
    """Return the comparison that says why two runs of a county in two years differ; empty where they have no county in common."""
    found = connection.execute(
        "SELECT a.county, a.year, b.year FROM account a JOIN account b USING (county) WHERE a.run = ? AND b.run = ? AND (? IS NULL OR county = ?) ORDER BY ALL LIMIT 1",
        [one, other, county, county],
    ).fetchall()
    if not found:
        return ""
    code, year, other_year = found[0]
    return say("gep compare {county} {one} {other} says why the years differ", county=code, one=year, other=other_year)


_PAIRED = """
WITH shared AS (SELECT county, year FROM account WHERE run = $one INTERSECT SELECT county, year FROM account WHERE run = $other),
  every AS ({source}),
  mine AS (SELECT * FROM every WHERE year = 0 OR ((county, year) IN (SELECT (county, year) FROM shared) AND ($county IS NULL OR county = $county)))
SELECT county, year, name, a.figure, b.figure, a.rest, b.rest, a.address, b.address
FROM (SELECT * FROM mine WHERE run = $one) a FULL JOIN (SELECT * FROM mine WHERE run = $other) b USING (county, year, name)
WHERE a.figure IS DISTINCT FROM b.figure OR a.rest IS DISTINCT FROM b.rest ORDER BY ALL
"""
"""Rows of two runs side by side, where they differ; a row is named, has a figure to print, the rest that counts, and an address."""

SOURCES = {
    "inputs": """SELECT a.run, a.county, a.year, trim(i.variable || ' ' || concat_ws(' ', nullif(i.ecosystem, ''), nullif(i.pollutant, ''), nullif(i.product, ''))) AS name,
        trim(i.value_given || ' ' || coalesce(i.unit_given, '')) AS figure,
        concat_ws('; ', nullif(i.source, ''), nullif(i.note, ''), 'computed as ' || i.value) AS rest,
        i.file || coalesce('!' || i.cell, ':' || i.line) AS address
      FROM input_given i JOIN account a USING (run, account) WHERE a.run IN ($one, $other)
      UNION ALL SELECT a.run, a.county, a.year, n.id, 'not applicable', concat_ws('; ', nullif(n.source, ''), nullif(n.note, '')),
        n.file || coalesce('!' || n.cell, ':' || n.line) FROM inapplicable_row n JOIN account a USING (run, account) WHERE a.run IN ($one, $other)""",
    "coefficients": """SELECT a.run, a.county, a.year, trim(c.coefficient || ' ' || concat_ws(' ', nullif(c.ecosystem, ''), nullif(c.pollutant, ''), nullif(c.product, ''))) AS name,
        w.value || ' ' || w.unit || CASE WHEN w.price_year > 0 AND w.price_year <> a.year THEN coalesce(' × ' || p.ratio, ', no index') ELSE '' END AS figure,
        concat_ws(', ', w.source, w.locator, 'set ' || w."set", w.region, '[' || w.mark || ']') AS rest, w.file || ':' || w.line AS address
      FROM coefficient_account k JOIN account a USING (run, account) JOIN coefficient_choice c USING (run, pattern) JOIN run r USING (run)
      JOIN coefficient_row w ON w.coefficients_sha256 = r.coefficients_sha256 AND w.row_id = c.row_id
      LEFT JOIN price_ratio p ON p.run = a.run AND p.given = w.price_year AND p.wanted = CASE WHEN a.year > 9999 THEN (SELECT constant_year FROM run WHERE run.run = a.run) ELSE a.year END WHERE a.run IN ($one, $other)""",
    "rules": """SELECT run, '' AS county, 0 AS year, rule AS name, variant || ': ' || formula AS figure,
        concat_ws(', ', source, clause, '[' || mark || ']', 'factor ' || factor, 'tree ' || left(sha256(tree), 12)) AS rest, '' AS address
      FROM rule WHERE run IN ($one, $other)""",
    "results": """SELECT a.run, a.county, a.year, s.service AS name, coalesce(s.value || ' CNY/yr', s.status) AS figure,
        concat_ws('; ', s.status, nullif(s.missing, ''), nullif(s.reason, ''), 'constant ' || s.value_constant) AS rest, '' AS address
      FROM service_result s JOIN account a USING (run, account) WHERE a.run IN ($one, $other)
      UNION ALL SELECT a.run, a.county, a.year, concat_ws(' ', l.line, nullif(l.pollutant, ''), nullif(l.item, '')) || CASE WHEN l.detail THEN ' (of it)' ELSE '' END,
        coalesce(concat_ws(' × ', l.quantity || ' ' || l.quantity_unit, l.unit_price || ' ' || l.price_unit), l.value || ' CNY/yr', l.status), l.status, ''
      FROM line_result l JOIN account a USING (run, account) WHERE a.run IN ($one, $other) AND l.quantity IS NOT NULL
      UNION ALL SELECT a.run, a.county, a.year, 'total of ' || t.category, coalesce(t.value || ' CNY/yr', 'nothing'),
        concat_ws('; ', t.accounted || ' of ' || t.counted || ' services', 'constant ' || t.value_constant), ''
      FROM total_result t JOIN account a USING (run, account) WHERE a.run IN ($one, $other)""",
}
"""Section → the rows of both runs: run, county, year (0: holds for the whole run), name, figure, rest, address."""


def _heads(connection: Connection, one: int, other: int) -> list[Change]:
    names = ("standard", "program", "price_index", "constant_year")
    heads = connection.execute(f"SELECT run, {', '.join(names)} FROM run WHERE run IN (?, ?)", [one, other]).fetchall()  # noqa: S608 - our own names
    rows = {head[0]: head[1:] for head in heads}
    pairs = zip(names, rows[one], rows[other], strict=True)
    return [Change("run", "", name, CHANGED, _text(before), _text(after)) for name, before, after in pairs if before != after]


def _accounts(connection: Connection, values: dict[str, Any]) -> list[Change]:
    rows = connection.execute(
        """SELECT county, year, a.run FROM (SELECT * FROM account WHERE run = $one) a
           FULL JOIN (SELECT * FROM account WHERE run = $other) b USING (county, year)
           WHERE (a.run IS NULL OR b.run IS NULL) AND ($county IS NULL OR county = $county) ORDER BY county, year""",
        values,
    ).fetchall()
    return [
        Change("accounts", f"{county} {year}", "account", ADDED if run is None else REMOVED, "", "") for county, year, run in rows
    ]


def _change(
    section: str,
    county: str,
    year: int,
    name: str,
    one: str | None,
    other: str | None,
    rest: str | None,
    rest_other: str | None,
    at_one: str | None,
    at_other: str | None,
) -> Change:
    kind = ADDED if one is None else REMOVED if other is None else CHANGED
    if one == other:  # the figure stands, what is said of it does not
        one, other = f"{one} ({rest})", f"{other} ({rest_other})"
    return Change(section, f"{county} {year}" if year else "", name, kind, one or "", other or "", at_one or "", at_other or "")


def _text(value: Any) -> str:
    return "none" if value is None else str(value)
