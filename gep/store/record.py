"""The record of one account in the store, read whole: enough to compute the account again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.records import dataclass
from gep.reference.periods import as_year, is_period
from gep.store.rows import remember, remember_large

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from gep.store.rows import Connection


@dataclass(frozen=True)
class StoredRecord:
    """The record of one account, kept by a store or a certificate; enough to compute it again.

    Attributes
    ----------
    head   : county, year, run, standard_text, constant_year, hashes
    rules  : place, rule, scope, variant, formula, factor, tree, head, source, clause, mark ...; in order of evaluation
    inputs : variable, members, value (in the unit of computation, money of `price_year`), value_given, unit_given, file, line,
             cell
    used   : the coefficient rows that were chosen: variable, members, computed, price_year, value, unit, address, beaten ...
    ratios : (price year given, price year wanted) → ratio, None without an index
    reasons : id of a service or line that does not apply → why
    """

    head: Mapping[str, Any]
    rules: pd.DataFrame
    inputs: pd.DataFrame
    used: pd.DataFrame
    ratios: Mapping[tuple[int, int], float | None]
    reasons: Mapping[str, str]

    @property
    def year(self) -> int:
        """The accounting year."""
        return as_year(self.head["year"])

    @property
    def basis_year(self) -> int:
        """The year whose yuan it was computed in: its own, of a period the price year that was asked for; 0 where that has none."""
        return _find_basis(self.head)


def read_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _find_basis(head: Mapping[str, Any]) -> int:
    if not is_period(head["year"]):
        return int(head["year"])
    return int(head["constant_year"]) if head["constant_year"] == head["constant_year"] and head["constant_year"] else 0


def read_record(connection: Connection, run: int, account: int) -> StoredRecord:
    """Return all that the store keeps of an account, enough to compute it again; do not change its tables.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run

    Raises
    ------
    IndexError : the run has no such account
    """
    return remember_large(connection, ("record", run, account), lambda: _read_record(connection, run, account))


def _read_rules(connection: Connection, run: int) -> pd.DataFrame:
    return connection.execute("SELECT * EXCLUDE (run) FROM rule WHERE run = ? ORDER BY place", [run]).df()


def _read_record(connection: Connection, run: int, account: int) -> StoredRecord:
    head = connection.execute(
        "SELECT r.*, a.county, a.year FROM run r JOIN account a USING (run) WHERE run = ? AND account = ?", [run, account]
    ).df()
    known = read_records(head)[0]
    rules = remember(connection, ("rules", run), lambda: _read_rules(connection, run))
    inputs = connection.execute(
        "SELECT * EXCLUDE (run, account) FROM input_given WHERE run = ? AND account = ? "
        "ORDER BY file, line, cell, variable, ecosystem, pollutant, product",
        [run, account],
    ).df()
    used = connection.execute(
        """SELECT c.coefficient AS variable, c.ecosystem, c.pollutant, c.product, w.computed, w.price_year, p.ratio, w.value, w.unit, w.source,
                  w.locator, w.mark, w.region, w."set", w.low, w.high, w.note, w.file || ':' || w.line AS address, c.beaten
           FROM coefficient_account a JOIN coefficient_choice c USING (run, pattern) JOIN run r USING (run)
           JOIN coefficient_row w ON w.coefficients_sha256 = r.coefficients_sha256 AND w.row_id = c.row_id
           LEFT JOIN price_ratio p ON p.run = r.run AND p.given = w.price_year AND p.wanted = ?
           WHERE a.run = ? AND a.account = ? ORDER BY ALL""",
        [_find_basis(known), run, account],
    ).df()
    ratios = connection.execute("SELECT given, wanted, ratio FROM price_ratio WHERE run = ?", [run]).fetchall()
    stated = connection.execute(
        "SELECT id, coalesce(nullif(note, ''), source, '') FROM inapplicable_row WHERE run = ? AND account = ?", [run, account]
    ).fetchall()
    marked = connection.execute(
        "SELECT service, reason FROM service_result WHERE run = ? AND account = ? AND status = 'not applicable'", [run, account]
    ).fetchall()
    reasons = {str(identity): str(reason or "") for identity, reason in (*stated, *marked)}
    return StoredRecord(
        known, rules, inputs, used, {(int(given), int(wanted)): ratio for given, wanted, ratio in ratios}, reasons
    )
