"""Carries a sign-off over to a new run whose inputs and results are identical."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.store.signing import APPROVED, SUBMITTED, hash_accounts

if TYPE_CHECKING:
    from gep.store.rows import Connection

_SIGNED_BEFORE = """
SELECT old.run, old.account, new.account FROM account_state new JOIN account_state old
  ON old.superseded_by = new.run AND old.county = new.county AND old.year = new.year AND old.standard = new.standard
WHERE new.run = ? AND old.state IN (?, ?) ORDER BY ALL
"""
_GIVEN = {
    "input_given": "variable, ecosystem, pollutant, product, value, price_year, value_given, unit_given, source, note",
    "inapplicable_row": "id, source, note",
}
"""What was given, wherever it stood: a workbook may have another name."""


def carry_over_sign_offs(connection: Connection, run: int) -> int:
    """Let sign-offs of superseded accounts stand in a new run that repeats them, and return how many.

    A submission or approval stands if the results have the hash that was signed and the same figures were given, with the
    same sources and notes. Its events are entered again under the new run, and `event_kept` names the run that was signed.
    All is done inside the run's own transaction.

    Parameters
    ----------
    run : number of the new run
    """
    signed = connection.execute(_SIGNED_BEFORE, [run, SUBMITTED, APPROVED]).fetchall()
    if not signed:
        return 0
    hashes = hash_accounts(connection, [(run, account) for _, _, account in signed])
    kept = 0
    for old, old_account, account in signed:
        if not all(_same_rows(connection, table, (old, old_account), (run, account)) for table in _GIVEN):
            continue
        events = connection.execute(
            "SELECT event, coalesce(kept_from, run) FROM event LEFT JOIN event_kept USING (event) "
            "WHERE run = ? AND account = ? AND account_sha256 = ? ORDER BY event",
            [old, old_account, hashes[run, account]],
        ).fetchall()
        for event, signed_run in events:
            again = connection.execute("SELECT nextval('event_number')").fetchall()[0][0]
            connection.execute(
                "INSERT INTO event SELECT ?, happened_at, kind, ?, ?, county, year, standard, account_sha256, who, note FROM event WHERE event = ?",
                [again, run, account, event],
            )
            connection.execute("INSERT INTO event_kept VALUES (?, ?)", [again, signed_run])
        kept += bool(events)
    return kept


def _same_rows(connection: Connection, table: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    rows = f"SELECT {_GIVEN[table]}, count(*) FROM {table} WHERE run = ? AND account = ? GROUP BY ALL"  # noqa: S608 - our own names
    counted = f"SELECT count(*) FROM (({rows} EXCEPT {rows}) UNION ALL ({rows} EXCEPT {rows}))"  # noqa: S608 - our own names
    return not connection.execute(counted, [*one, *other, *other, *one]).fetchall()[0][0]
