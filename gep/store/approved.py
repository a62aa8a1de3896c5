"""Approved accounts for finance: figures of accounts whose newest result is approved, and the inputs they were computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.store.rows import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from gep.store.rows import Connection

TOTALS = ("gep", "material", "regulating", "cultural")
"""What an approved account has a total of."""


@dataclass(frozen=True)
class ApprovedAccount:
    """An approved account: what it covers, who signed which results, and its totals in CNY/yr.

    Attributes
    ----------
    current, constant : category or gep → value in prices of its own year and of `constant_year`; None: not known
    """

    county: str
    year: int
    standard: str
    run: int
    accounted: int
    counted: int
    constant_year: int | None
    signed_by: str
    signed_sha256: str
    current: Mapping[str, float | None]
    constant: Mapping[str, float | None]


@dataclass(frozen=True)
class SignedResult:
    """The results that were signed for an account, by their hash."""

    run: int
    account: int
    county: str
    sha256: str


@dataclass(frozen=True)
class ServiceFigures:
    """A service of an account: quantity in its own unit, values in CNY/yr; None: not known."""

    status: str
    quantity: float | None
    quantity_unit: str | None
    value: float | None
    value_constant: float | None


@dataclass(frozen=True)
class GivenInputs:
    """Inputs of accounts as they were given, to be read again.

    Attributes
    ----------
    figures      : county, year, variable, ecosystem, pollutant, product, value, unit, source, note, file, line: a row a figure
    inapplicable : county, year, id, source, note, file, line: a row a service or line that was stated not to apply
    """

    figures: pd.DataFrame
    inapplicable: pd.DataFrame


def list_approved(connection: Connection, year: int, standard: str) -> dict[str, ApprovedAccount]:
    """Return county code → approved account of a year under a standard; totals in CNY/yr.

    Parameters
    ----------
    standard : id
    """
    found = fetch_rows(
        connection,
        "SELECT county, year, standard, run, services_accounted, services_counted, constant_year, signed_by, signed_sha256, "
        "gep, material, regulating, cultural, gep_constant, material_constant, regulating_constant, cultural_constant "
        "FROM gep_account_approved WHERE year = ? AND standard = ?",
        [year, standard],
    )
    return {
        county: ApprovedAccount(
            county,
            of,
            under,
            run,
            accounted,
            counted,
            constant_year,
            who,
            sha256,
            dict(zip(TOTALS, totals[: len(TOTALS)], strict=True)),
            dict(zip(TOTALS, totals[len(TOTALS) :], strict=True)),
        )
        for county, of, under, run, accounted, counted, constant_year, who, sha256, *totals in found
    }


def list_states(connection: Connection, year: int, standard: str) -> dict[str, str]:
    """Return county code → state of review of its newest account of a year under a standard.

    Parameters
    ----------
    standard : id
    """
    found = fetch_rows(connection, "SELECT county, state FROM account_state WHERE year = ? AND standard = ?", [year, standard])
    return {str(county): str(state) for county, state in found}


def list_signed(connection: Connection, year: int, standard: str, counties: Iterable[str]) -> list[SignedResult]:
    """Return the hashes of the results that were signed, for the approved accounts of counties.

    Parameters
    ----------
    counties : six-digit codes
    """
    found = fetch_rows(
        connection,
        "SELECT run, account, county, signed_sha256 FROM account_state WHERE state = 'approved' AND superseded_by IS NULL AND year = ? AND standard = ? "
        "AND county IN (SELECT unnest(?))",
        [year, standard, list(counties)],
    )
    return [SignedResult(*row) for row in found]


def read_service_figures(connection: Connection, account: ApprovedAccount, service: str) -> ServiceFigures | None:
    """Return a service of an approved account; quantity in its own unit, values in CNY/yr; None where it has no such service."""
    found = fetch_rows(
        connection,
        "SELECT status, quantity, quantity_unit, value, value_constant FROM gep_service "
        "WHERE county = ? AND year = ? AND standard = ? AND service = ? AND run = ?",
        [account.county, account.year, account.standard, service, account.run],
    )
    return ServiceFigures(*found[0]) if found else None


def read_given(connection: Connection, standard: str, years: Iterable[int], counties: Iterable[str]) -> GivenInputs:
    """Return the inputs of the approved accounts of counties and years, as they were given.

    Parameters
    ----------
    counties : six-digit codes

    Returns
    -------
    GivenInputs with values in the units given
    """
    values = [standard, list(years), list(counties)]
    figures = connection.execute(
        "SELECT l.county, l.year, i.variable, i.ecosystem, i.pollutant, i.product, i.value_given AS value, i.unit_given AS unit, i.source, i.note, "
        "i.file || coalesce('!' || i.cell, '') AS file, CASE WHEN i.cell IS NULL THEN i.line ELSE 0 END AS line "
        "FROM input_given i JOIN account_state l USING (run, account) WHERE l.superseded_by IS NULL AND l.state = 'approved' "
        "AND l.standard = ? AND l.year IN (SELECT unnest(?)) AND l.county IN (SELECT unnest(?)) ORDER BY ALL",
        values,
    ).df()
    inapplicable = connection.execute(
        "SELECT l.county, l.year, n.id, n.source, n.note, n.file || coalesce('!' || n.cell, '') AS file, "
        "CASE WHEN n.cell IS NULL THEN n.line ELSE 0 END AS line FROM inapplicable_row n JOIN latest l USING (run, account) "
        "WHERE l.standard = ? AND l.year IN (SELECT unnest(?)) AND l.county IN (SELECT unnest(?)) ORDER BY ALL",
        values,
    ).df()
    return GivenInputs(figures, inapplicable)
