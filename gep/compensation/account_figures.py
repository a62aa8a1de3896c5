"""Reads figures of accounts for schemes: only approved, complete accounts of the standard and prices that the scheme names."""

from __future__ import annotations

import csv
import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.compensation.facts import Fact
from gep.messages.problems import Problem
from gep.reference.services import SERVICE_TITLES
from gep.store.signing import account_hashes
from gep.store.store import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from gep.compensation.binding import Figures
    from gep.compensation.scheme import FromAccount, Input

CATEGORIES = ("gep", "material", "regulating", "cultural")
SHOWN = 6
CENT = Decimal("0.01")


def figures_of(path: Path) -> Figures:
    """Return what reads figures of the accounts in a store; what does not fit comes back as problems, all of them."""
    recomputed: dict[tuple[str, int], dict[str, Fact]] = {}
    known: dict[tuple[str, int, tuple[str, ...]], dict[str, Fact] | list[Problem]] = {}

    def read(one: Input, codes: Mapping[str, str], year: int, now: int) -> dict[str, Fact] | list[Problem]:
        if one.account is None:
            return []
        if not path.exists():
            return [Problem("STORE", 0, f"of {now} needs accounts, and there is no store {path}", "gep run makes one")]
        with reading(path) as connection:
            if one.account.comparable and year != now:
                return _recomputed(connection, one.account, codes, year, now, recomputed)
            key = (one.account.model_dump_json(), year, tuple(codes))
            if key not in known:
                known[key] = _approved(connection, one.account, codes, year)
            return known[key]

    return read


def _approved(
    connection: duckdb.DuckDBPyConnection, wanted: FromAccount, codes: Mapping[str, str], year: int
) -> dict[str, Fact] | list[Problem]:
    rows = connection.execute(
        "SELECT county, services_accounted, services_counted, constant_year, run, signed_by, signed_sha256, gep, material, regulating, cultural, gep_constant, "
        "material_constant, regulating_constant, cultural_constant FROM gep_account_approved WHERE year = ? AND standard = ?",
        [year, wanted.standard],
    ).fetchall()
    names = (
        "county",
        "accounted",
        "counted",
        "constant_year",
        "run",
        "signed_by",
        "sha256",
        *CATEGORIES,
        *(f"{name}_constant" for name in CATEGORIES),
    )
    accounts = {str(row[0]): dict(zip(names, row, strict=True)) for row in rows}
    draft = {
        str(row[0]): str(row[1])
        for row in connection.execute(
            "SELECT county, state FROM account_state WHERE year = ? AND standard = ?", [year, wanted.standard]
        ).fetchall()
    }
    changed = _changed(connection, wanted, codes, year)
    found: dict[str, Fact] = {}
    bases = set()
    refused: dict[tuple[str, str, str], list[str]] = {}
    for member, code in codes.items():
        account = accounts.get(code)
        if account is None and code in draft:
            refused.setdefault((f"is {draft[code]}, not approved", "an approved account", "gep approve signs it"), []).append(
                code
            )
            continue
        if account is None:
            refused.setdefault(("is not there", "an approved account", "gep run computes it"), []).append(code)
            continue
        if code in changed:
            said = "is not what was approved: its results were changed in the store afterwards"
            refused.setdefault((said, "the results whose hash was signed", "gep run it again and have it approved"), []).append(
                code
            )
            continue
        if wanted.coverage == "complete" and account["accounted"] != account["counted"]:
            said = f"covers {account['accounted']} of {account['counted']} services"
            refused.setdefault((said, "a complete account", "the rest is missing, not zero"), []).append(code)
            continue
        value, unit, basis = _figure(connection, wanted, account, year)
        if value is None:
            refused.setdefault(
                (f"has no {wanted.figure} of {wanted.of} at {wanted.price} prices", "a figure of that kind", basis), []
            ).append(code)
            continue
        bases.add(account["constant_year"] if wanted.price == "constant" else year)
        number = Decimal(repr(value)).quantize(CENT) if wanted.figure == "value" else Decimal(repr(value))
        found[member] = Fact(
            wanted.of,
            code,
            year,
            "",
            Fraction(number),
            format(number, "f"),
            unit,
            "final",
            f"approved account, run {account['run']}, signed by {account['signed_by']}",
            f"{wanted.price} prices {basis}; {account['sha256'][:12]}",
            f"store run {account['run']}",
            0,
        )
    problems = [
        Problem("STORE", 0, f"of {_listed(refused_codes)} {year}: the account under {wanted.standard} {said}", expected, hint)
        for (said, expected, hint), refused_codes in refused.items()
    ]
    if len(bases) > 1:
        years = ", ".join(str(base) for base in sorted(bases))
        problems.append(
            Problem(
                "STORE", 0, f"of {year}: the accounts are in prices of {years}", "one price year", "gep run with one --price-year"
            )
        )
    return problems or found


def _changed(connection: duckdb.DuckDBPyConnection, wanted: FromAccount, codes: Mapping[str, str], year: int) -> set[str]:
    """Return the counties whose approved account no longer has the results that were signed."""
    signed = connection.execute(
        "SELECT run, account, county, signed_sha256 FROM account_state WHERE state = 'approved' AND superseded_by IS NULL AND year = ? AND standard = ? "
        "AND county IN (SELECT unnest(?))",
        [year, wanted.standard, list(codes.values())],
    ).fetchall()
    now = account_hashes(connection, [(run, account) for run, account, _, _ in signed]) if signed else {}
    return {str(county) for run, account, county, digest in signed if now[run, account] != digest}


def _listed(codes: list[str]) -> str:
    return ", ".join(codes[:SHOWN]) + (f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else "")


def _figure(
    connection: duckdb.DuckDBPyConnection, wanted: FromAccount, account: dict[str, Any], year: int
) -> tuple[float | None, str, str]:
    """Return the number, its unit and its price basis (or why there is none)."""
    if wanted.figure == "value" and wanted.of in CATEGORIES:
        constant = wanted.price == "constant"
        if constant and account["constant_year"] is None:
            return None, "", "gep run with --price-year makes a constant-price series"
        return (
            account[f"{wanted.of}_constant" if constant else wanted.of],
            "元",
            str(account["constant_year"] if constant else year),
        )
    if wanted.of not in SERVICE_TITLES:
        return None, "", f"one of {', '.join((*CATEGORIES, *SERVICE_TITLES))}"
    rows = connection.execute(
        "SELECT status, quantity, quantity_unit, value, value_constant FROM gep_service WHERE county = ? AND year = ? AND standard = ? AND service = ? AND run = ?",
        [account["county"], year, wanted.standard, wanted.of, account["run"]],
    ).fetchall()
    if not rows or rows[0][0] != "accounted":
        return None, "", f"the service is {rows[0][0] if rows else 'not in the account'}"
    _, quantity, unit, value, constant_value = rows[0]
    if wanted.figure == "quantity":
        return quantity, unit or "1", "quantity"
    return (
        (constant_value if wanted.price == "constant" else value),
        "元",
        str(account["constant_year"] if wanted.price == "constant" else year),
    )


def _recomputed(
    connection: duckdb.DuckDBPyConnection,
    wanted: FromAccount,
    codes: Mapping[str, str],
    year: int,
    now: int,
    done: dict[tuple[str, int], dict[str, Fact]],
) -> dict[str, Fact] | list[Problem]:
    """Return figures of an earlier year computed again under the rules, coefficients and price year of the year that is computed.

    The inputs are those of the approved account of the earlier year. The approved account of the year itself is computed again
    with them and must come to its approved figures, so that both years stand under the same rules.
    """
    from gep.tasks.run import run_account

    key = (wanted.model_dump_json(), year)
    if key in done:
        return done[key]
    current, base = _approved(connection, wanted, codes, now), _approved(connection, wanted, codes, year)
    if isinstance(current, list) or isinstance(base, list):
        return [*(current if isinstance(current, list) else []), *(base if isinstance(base, list) else [])]
    price_years = connection.execute(
        "SELECT DISTINCT constant_year FROM gep_account_approved WHERE year = ? AND standard = ? AND county IN (SELECT unnest(?))",
        [now, wanted.standard, list(codes.values())],
    ).fetchall()
    rows = connection.execute(
        "SELECT i.county, i.year, i.variable, i.ecosystem, i.pollutant, i.product, i.value_given, i.unit_given, i.source, i.note FROM gep_input i "
        "JOIN gep_account_approved a USING (county, year, standard, run) WHERE i.standard = ? AND i.year IN (?, ?) AND i.county IN (SELECT unnest(?)) ORDER BY ALL",
        [wanted.standard, year, now, list(codes.values())],
    ).fetchall()
    absent = connection.execute(
        "SELECT l.county, l.year, n.id, n.source, n.note FROM inapplicable_row n JOIN latest l USING (run, account) WHERE l.standard = ? AND l.year IN (?, ?) "
        "AND l.county IN (SELECT unnest(?)) ORDER BY ALL",
        [wanted.standard, year, now, list(codes.values())],
    ).fetchall()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "inputs.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")
            )
            writer.writerows([cell if cell is not None else "" for cell in row] for row in rows)
            writer.writerows(
                (county, of, name, "", "", "", "不适用", "", source or "", note or "")
                for county, of, name, source, note in absent
            )
        account = run_account([table], wanted.standard, price_years[0][0])
    totals = (
        account.totals[account.totals["category"] == wanted.of]
        if wanted.of in CATEGORIES
        else account.services[account.services["service"] == wanted.of]
    )
    column = "quantity" if wanted.figure == "quantity" else "value_constant" if wanted.price == "constant" else "value"
    listed = account.inputs.accounts
    places = {at: (str(county), int(of)) for at, (county, of) in enumerate(zip(listed["county"], listed["year"], strict=True))}
    computed = {places[int(at)]: float(value) for at, value in zip(totals["account"], totals[column], strict=True)}
    problems: list[Problem] = []
    found: dict[str, Fact] = {}
    for member, code in codes.items():
        again = (
            Decimal(repr(computed[code, now])).quantize(CENT) if wanted.figure == "value" else Decimal(repr(computed[code, now]))
        )
        if Fraction(again) != current[member].value:
            problems.append(
                Problem(
                    "STORE",
                    0,
                    f"of {code} {now} was approved at {current[member].text} and comes to {again} under the present rules",
                    "an account under the present rules",
                    "gep run it again and have it approved",
                )
            )
            continue
        number = (
            Decimal(repr(computed[code, year])).quantize(CENT)
            if wanted.figure == "value"
            else Decimal(repr(computed[code, year]))
        )
        before = base[member]
        found[member] = Fact(
            wanted.of,
            code,
            year,
            "",
            Fraction(number),
            format(number, "f"),
            before.unit,
            "final",
            f"{before.source}; computed again under the rules of {now}",
            f"approved at {before.text}; prices of {price_years[0][0]}",
            before.file,
            0,
        )
    if not problems:
        done[key] = found
    return problems or found
