"""Reads figures of accounts for schemes: only approved, complete accounts of the standard and prices that the scheme names."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.facts import Fact
from gep.explain.present import compute_under_present_rules
from gep.messages.problems import Problem
from gep.messages.texts import join_list, mark_word, say
from gep.reference.services import SERVICE_TITLES
from gep.store.approved import TOTALS, list_approved, list_signed, list_states, read_given, read_service_figures
from gep.store.signing import hash_accounts
from gep.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gep.compensation.binding import ReadAccountFigures
    from gep.compensation.scheme import FromAccount, Input
    from gep.store.approved import ApprovedAccount
    from gep.store.rows import Connection

SHOWN = 6
CENT = Decimal("0.01")


def make_account_reader(path: Path) -> ReadAccountFigures:
    """Return a function that reads the figures of a scheme's input from the accounts in a store.

    It gives the figure of every member as a fact, or every problem: only approved accounts of the standard, coverage and
    price basis that the input names are read.

    Parameters
    ----------
    path : file of the store; where there is none, the function says so as a problem
    """
    recomputed: dict[tuple[str, int], dict[str, Fact]] = {}
    known: dict[tuple[str, int, tuple[str, ...]], dict[str, Fact] | list[Problem]] = {}

    def read(one: Input, codes: Mapping[str, str], year: int, now: int) -> dict[str, Fact] | list[Problem]:
        if one.account is None:
            return []
        if not path.exists():
            return [
                Problem(
                    "STORE",
                    0,
                    say("of {now} needs accounts, and there is no store {path}", now=now, path=path),
                    "gep run makes one",
                )
            ]
        with Store(path) as connection:
            if one.account.comparable and year != now:
                return _recompute(connection, one.account, codes, year, now, recomputed)
            key = (one.account.model_dump_json(), year, tuple(codes))
            if key not in known:
                known[key] = _read_approved(connection, one.account, codes, year)
            return known[key]

    return read


def _read_approved(
    connection: Connection, wanted: FromAccount, codes: Mapping[str, str], year: int
) -> dict[str, Fact] | list[Problem]:
    """Return the figure of every member's approved account, or what is wrong with any of them."""
    accounts = list_approved(connection, year, wanted.standard)
    states = list_states(connection, year, wanted.standard)
    changed = _list_changed(connection, wanted, codes.values(), year)
    found: dict[str, Fact] = {}
    bases = set()
    refused: dict[tuple[str, str, str], list[str]] = {}
    for member, code in codes.items():
        account = accounts.get(code)
        why = _refuse(account, states.get(code), wanted, changed=code in changed)
        if why is None and account is not None:
            value, unit, basis = _read_figure(connection, wanted, account)
            if value is not None:
                bases.add(account.constant_year if wanted.price == "constant" else year)
                found[member] = _make_fact(wanted, account, value, unit, basis)
                continue
            why = (
                say(
                    "has no {figure} of {of} at {price} prices",
                    figure=mark_word(wanted.figure),
                    of=wanted.of,
                    price=mark_word(wanted.price),
                ),
                "a figure of that kind",
                basis,
            )
        if why is not None:
            refused.setdefault(why, []).append(code)
    problems = [
        Problem(
            "STORE",
            0,
            say(
                "of {of} {year}: the account under {standard} {said}",
                of=_list_codes(of),
                year=year,
                standard=wanted.standard,
                said=said,
            ),
            expected,
            hint,
        )
        for (said, expected, hint), of in refused.items()
    ]
    if len(bases) > 1:
        years = join_list(str(base) for base in sorted(bases, key=str))
        found_bases = say("of {year}: the accounts are in prices of {years}", year=year, years=years)
        problems.append(Problem("STORE", 0, found_bases, "one price year", "gep run with one --price-year"))
    return problems or found


def _refuse(
    account: ApprovedAccount | None, state: str | None, wanted: FromAccount, *, changed: bool
) -> tuple[str, str, str] | None:
    """Return why an account cannot be used, what is expected and what to do; None: it can."""
    if account is None and state is not None:
        return say("is {state}, not approved", state=mark_word(state)), "an approved account", "gep approve signs it"
    if account is None:
        return say("is not there"), "an approved account", "gep run computes it"
    if changed:
        return (
            say("is not what was approved: its results were changed in the store afterwards"),
            "the results whose hash was signed",
            "gep run it again and have it approved",
        )
    if wanted.coverage == "complete" and account.accounted != account.counted:
        return (
            say("covers {accounted} of {counted} services", accounted=account.accounted, counted=account.counted),
            "a complete account",
            "the rest is missing, not zero",
        )
    return None


def _list_changed(connection: Connection, wanted: FromAccount, counties: Iterable[str], year: int) -> set[str]:
    """Return the counties whose approved account no longer has the results that were signed."""
    signed = list_signed(connection, year, wanted.standard, counties)
    now = hash_accounts(connection, [(one.run, one.account) for one in signed]) if signed else {}
    return {one.county for one in signed if now[one.run, one.account] != one.sha256}


def _list_codes(codes: list[str]) -> str:
    shown: str = join_list(codes[:SHOWN])
    return say("{names} and {count} more", names=shown, count=len(codes) - SHOWN) if len(codes) > SHOWN else shown


def _read_figure(connection: Connection, wanted: FromAccount, account: ApprovedAccount) -> tuple[float | None, str, str]:
    """Return the number, its unit and its price basis (or why there is none)."""
    constant = wanted.price == "constant"
    basis = str(account.constant_year if constant else account.year)
    if wanted.figure == "value" and wanted.of in TOTALS:
        if constant and account.constant_year is None:
            return None, "", "gep run with --price-year makes a constant-price series"
        return (account.constant if constant else account.current)[wanted.of], "元", basis
    if wanted.of not in SERVICE_TITLES:
        return None, "", say("one of {names}", names=join_list((*TOTALS, *SERVICE_TITLES)))
    service = read_service_figures(connection, account, wanted.of)
    if service is None or service.status != "accounted":
        return None, "", say("the service is {state}", state=mark_word(service.status if service else "not in the account"))
    if wanted.figure == "quantity":
        return service.quantity, service.quantity_unit or "1", "quantity"
    return (service.value_constant if constant else service.value), "元", basis


def _make_fact(wanted: FromAccount, account: ApprovedAccount, value: float, unit: str, basis: str) -> Fact:
    number = _round(value, wanted)
    return Fact(
        wanted.of,
        account.county,
        account.year,
        "",
        Fraction(number),
        format(number, "f"),
        unit,
        "final",
        f"approved account, run {account.run}, signed by {account.signed_by}",
        f"{wanted.price} prices {basis}; {account.signed_sha256[:12]}",
        f"store run {account.run}",
        0,
    )


def _round(value: float, wanted: FromAccount) -> Decimal:
    """Return money in yuan as whole fen, half to even, and a quantity as it is."""
    number = Decimal(repr(value))
    return number.quantize(CENT) if wanted.figure == "value" else number


def _recompute(
    connection: Connection,
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
    key = (wanted.model_dump_json(), year)
    if key in done:
        return done[key]
    current, base = _read_approved(connection, wanted, codes, now), _read_approved(connection, wanted, codes, year)
    if isinstance(current, list) or isinstance(base, list):
        return [*(current if isinstance(current, list) else []), *(base if isinstance(base, list) else [])]
    price_year = _price_year(list_approved(connection, now, wanted.standard), codes.values())
    computed = _compute_again(connection, wanted, codes.values(), (year, now), price_year)
    problems: list[Problem] = []
    found: dict[str, Fact] = {}
    for member, code in codes.items():
        again, number = computed[code, now], computed[code, year]
        if Fraction(again) != current[member].value:
            said = say(
                "of {code} {now} was approved at {text} and comes to {again} under the present rules",
                code=code,
                now=now,
                text=current[member].text,
                again=again,
            )
            problems.append(
                Problem("STORE", 0, said, "an account under the present rules", "gep run it again and have it approved")
            )
            continue
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
            f"approved at {before.text}; prices of {price_year}",
            before.file,
            0,
        )
    if not problems:
        done[key] = found
    return problems or found


def _price_year(accounts: Mapping[str, ApprovedAccount], counties: Iterable[str]) -> int | None:
    """Return the one price year of the counties' accounts; they were read and have one, or have none."""
    return next(accounts[county].constant_year for county in counties if county in accounts)


def _compute_again(
    connection: Connection, wanted: FromAccount, counties: Iterable[str], years: tuple[int, int], price_year: int | None
) -> dict[tuple[str, int], Decimal]:
    """Return the figure of every county and year under the present rules."""
    account = compute_under_present_rules(read_given(connection, wanted.standard, years, counties), wanted.standard, price_year)
    table, column = (account.totals, "category") if wanted.of in TOTALS else (account.services, "service")
    rows = table[table[column] == wanted.of]
    figure = "quantity" if wanted.figure == "quantity" else "value_constant" if wanted.price == "constant" else "value"
    keys = list(zip(account.inputs.accounts["county"], account.inputs.accounts["year"], strict=True))
    return {
        (str(keys[int(at)][0]), int(keys[int(at)][1])): _round(float(value), wanted)
        for at, value in zip(rows["account"], rows[figure], strict=True)
    }
