"""Figures that counties gave: those of the year before an account, and everything else that its workbook held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.given import GivenAccount, GivenAnswer, GivenRow
from gep.records import dataclass
from gep.reference.periods import find_before
from gep.reference.retired import list_codes_over_time
from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    import pandas as pd

    from gep.store.rows import Connection


@dataclass(frozen=True)
class GivenFigure:
    """A figure of an account in the variable's own unit; ids of members are empty where it has none."""

    variable: str
    ecosystem: str
    pollutant: str
    product: str
    value: float


def list_figures(connection: Connection, county: str, year: int) -> list[GivenFigure]:
    """Return the figures of the newest account of a county and year, whatever its standard; none without one.

    Parameters
    ----------
    county : six-digit code

    Returns
    -------
    Values in the variable's own unit
    """
    found = fetch_rows(
        connection,
        "SELECT variable, coalesce(ecosystem, ''), coalesce(pollutant, ''), coalesce(product, ''), value FROM input_row "
        "JOIN (SELECT run, account FROM account WHERE county = ? AND year = ? ORDER BY run DESC LIMIT 1) USING (run, account) ORDER BY ALL",
        [county, year],
    )
    return [GivenFigure(*row) for row in found]


def read_given_account(connection: Connection, county: str, year: int, standard: str | None = None) -> GivenAccount | None:
    """Return what was handed in for the newest account of a county and year; None without one.

    Parameters
    ----------
    county   : six-digit code
    standard : key of a standard whose accounts go before those of others; None: the newest of all
    """
    found = fetch_rows(
        connection,
        "SELECT run, account, standard, constant_year FROM account JOIN run USING (run) "
        "WHERE county IN (SELECT unnest(?)) AND year = ? ORDER BY standard = ? DESC, run DESC LIMIT 1",
        [list(list_codes_over_time(county)), year, standard or ""],
    )
    if not found:
        return None
    run, account, used, constant_year = found[0]
    rows = fetch_rows(
        connection,
        "SELECT variable, coalesce(ecosystem, ''), coalesce(pollutant, ''), coalesce(product, ''), value, price_year, value_given, "
        "coalesce(unit_given, ''), coalesce(source, ''), coalesce(note, '') FROM input_given WHERE run = ? AND account = ? "
        "ORDER BY file, line, variable, ecosystem, pollutant, product",
        [run, account],
    )
    answers = fetch_rows(
        connection,
        "SELECT id, coalesce(source, ''), coalesce(note, '') FROM inapplicable_row WHERE run = ? AND account = ? ORDER BY ALL",
        [run, account],
    )
    return GivenAccount(
        county, year, used, constant_year, tuple(GivenRow(*row) for row in rows), tuple(GivenAnswer(*row) for row in answers)
    )


def read_figures_before(connection: Connection, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return the newest stored figures of the year before each of many accounts.

    Parameters
    ----------
    accounts : columns county and year

    Returns
    -------
    county, year (of the account, not of the figure), variable, ecosystem, pollutant, product (coded texts), value in the
    variable's own unit, in any order
    """
    pairs = [
        (str(code), before, int(year), find_before(int(year)))
        for code, year in zip(accounts["county"], accounts["year"], strict=True)
        for before in list_codes_over_time(str(code))
    ]
    frame: pd.DataFrame = connection.execute(
        """WITH newest AS (
             SELECT w.county, w.year, run, account
             FROM (SELECT unnest($counties) AS county, unnest($before) AS earlier, unnest($years) AS year, unnest($last) AS last) w
             JOIN account a ON a.county = w.earlier AND a.year = w.last
             QUALIFY run = max(run) OVER (PARTITION BY w.county, w.year))
           SELECT n.county, n.year, i.variable, coalesce(i.ecosystem, '') AS ecosystem, coalesce(i.pollutant, '') AS pollutant,
                  coalesce(i.product, '') AS product, i.value
           FROM newest n JOIN input_row i USING (run, account)""",
        {
            "counties": [one[0] for one in pairs],
            "before": [one[1] for one in pairs],
            "years": [one[2] for one in pairs],
            "last": [one[3] for one in pairs],
        },
    ).df()
    return frame.astype(dict.fromkeys(("county", "variable", "ecosystem", "pollutant", "product"), "category"))
