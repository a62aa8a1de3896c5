"""Questions to a store: named queries, and SQL that can only read."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from gep.messages.problems import refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.records import dataclass
from gep.store.questions import NAMED as TRANSFERS
from gep.store.rows import make_dicts

if TYPE_CHECKING:
    import duckdb

TIME_LIMIT = 20.0
"""Seconds a query may take."""


MOST_ROWS = 1_000_000
"""Rows a query may answer with."""
MOST_BYTES = 1_000_000_000
"""Bytes of all cells of an answer; a million rows of twenty numbers take half of it."""
AT_A_TIME = 64
"""Rows that are taken before their size is looked at."""


FINANCE = ("approved", "approved-services")
"""Named queries that answer with approved results only."""


NAMED: dict[str, tuple[str, str]] = {
    "accounts": ("one row a county, year and standard", "SELECT * FROM gep_account ORDER BY county, year, standard"),
    "services": ("one row a service", "SELECT * FROM gep_service ORDER BY county, year, standard, service"),
    "items": ("one row a line and item", "SELECT * FROM gep_service_item ORDER BY ALL"),
    "ecosystems": (
        "value by service and ecosystem type",
        "SELECT * FROM gep_service_ecosystem ORDER BY county, year, service, ecosystem",
    ),
    "shown": ("figures that the standard only shows", "SELECT * FROM gep_shown ORDER BY ALL"),
    "inputs": ("every input with its address", "SELECT * FROM gep_input ORDER BY county, year, address"),
    "coefficients-used": (
        "every coefficient used, its source and what it beat",
        "SELECT * FROM gep_coefficient_used ORDER BY ALL",
    ),
    "missing": (
        "services without data and what they lack",
        "SELECT county, year, standard, service, missing FROM gep_service WHERE status = 'no data' ORDER BY ALL",
    ),
    "approved": ("for finance: approved accounts only", "SELECT * FROM gep_account_approved ORDER BY county, year, standard"),
    "approved-services": (
        "for finance: services of approved accounts only",
        "SELECT * FROM gep_service_approved ORDER BY county, year, standard, service",
    ),
    "states": (
        "review: state, signature and what voided it, of every run",
        "SELECT * FROM account_state ORDER BY county, year, standard, run",
    ),
    "events": ("review: every step ever taken", "SELECT * FROM event ORDER BY event"),
    "findings": ("what the checks found, with the written explanations", "SELECT * FROM explanation ORDER BY ALL"),
    "runs": ("all runs with their hashes", "SELECT * EXCLUDE (standard_text) FROM run ORDER BY run"),
    "products": (
        "the newest catalogue of ecological products of each county and year",
        "SELECT * FROM product_catalogue ORDER BY ALL",
    ),
    "series": ("monitored series by month or day, as last corrected", "SELECT * FROM series_state ORDER BY ALL"),
    "alerts": ("thresholds that were passed, and who has seen it", "SELECT * FROM alert_state ORDER BY ALL"),
    "encumbrances": (
        "what is sold, pledged or compensated, and until when",
        "SELECT * FROM encumbrance_state ORDER BY encumbrance",
    ),
    "regions": (
        "codes and names of all divisions",
        """SELECT g.code, coalesce(n.name_zh, g.name_zh) AS name_zh, coalesce(n.name_en, g.name_en) AS name_en, g.level, g.parent FROM region g
        LEFT JOIN unit_called n ON n.unit_id = g.code AND n.called_until = 9999 ORDER BY g.code""",
    ),
    **TRANSFERS,
}
"""Name → (what it answers, SQL)."""


@dataclass(frozen=True)
class Answer:
    """The answer to a question: rows of values under their columns."""

    columns: list[str]
    rows: list[tuple[Any, ...]]

    def as_dicts(self) -> list[dict[str, Any]]:
        """Return the rows by the names of their columns."""
        return make_dicts(self.columns, self.rows)


def run_query(connection: duckdb.DuckDBPyConnection, text: str, seconds: float = TIME_LIMIT) -> Answer:
    """Return the columns and rows of a named query or of SQL; stops after twenty seconds, before a program that waits to write gives up.

    Parameters
    ----------
    text    : name of a query (`gep query --list`), or one SELECT
    seconds : how long it may take

    Raises
    ------
    Problems : SQL that is wrong, is anything but one question, takes too long or answers with too many rows
    """
    import duckdb

    if text in NAMED:
        text = NAMED[text][1]
    elif len(text.split()) == 1:
        refuse_one(
            "QUERY",
            say("there is no query {text!r}", text=text),
            say("one of {names}, or SQL", names=join_list(NAMED)),
            suggest_nearest(text, NAMED) or "gep query --list names them",
        )
    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        asked = connection.extract_statements(text)
        if len(asked) != 1 or asked[0].type not in {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}:
            kinds = ", ".join(one.type.name for one in asked) or "nothing"
            refuse_one(
                "QUERY", say("the query is {kinds}", kinds=kinds), "one SELECT; the store is only read", "gep query --list"
            )
        found = connection.execute(asked[0])
        columns = [column[0] for column in found.description or []]
        rows = _fetch(found)
    except duckdb.InterruptException:
        refuse_one(
            "QUERY", say("the query took more than {seconds:g} seconds and was stopped", seconds=seconds), "a smaller question"
        )
    except duckdb.Error as error:
        if "pytz" in str(error):
            found_text = "a moment with a time zone is asked for"
            refuse_one(
                "QUERY",
                found_text,
                "a moment without one, as the store keeps them (UTC)",
                "write now()::TIMESTAMP, or CAST(... AS TIMESTAMP)",
            )
        refuse_one("QUERY", str(error).splitlines()[0], "SQL that reads the views; gep query --list")
    finally:
        timer.cancel()
    if len(rows) > MOST_ROWS:
        refuse_one("QUERY", say("the query answers with more than {rows:,} rows", rows=MOST_ROWS), "a smaller question, or LIMIT")
    return Answer(columns, rows)


def _fetch(found: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Return the rows of an answer, one more than may be at most.

    Raises
    ------
    Problems : they take more memory than an answer to people can
    """
    rows: list[tuple[Any, ...]] = []
    size = 0
    while len(rows) <= MOST_ROWS and (some := found.fetchmany(AT_A_TIME)):
        rows += some
        size += sum(sys.getsizeof(cell) for row in some for cell in row)
        if size > MOST_BYTES:
            expected = say("at most {size:.0f} MB", size=MOST_BYTES / 1e6)
            refuse_one("QUERY", "the answer is too large", expected, "a smaller question, or LIMIT")
    return rows
