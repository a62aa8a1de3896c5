"""The one gate of accounts to money and scores: only approved, unchanged accounts of the standard, coverage and prices asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from gep.messages.problems import Problem
from gep.messages.texts import Name, join_list, mark_word, say
from gep.reference.services import SERVICE_TITLES
from gep.store.approved import TOTALS, list_approved, list_signed, list_states, read_given, read_service_figures
from gep.store.keys import AccountKey
from gep.store.signing import hash_accounts
from gep.store.store import Store
from gep.units.currencies import YUAN, read_currency_of
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from gep.explain.wanted_figure import FromAccount
    from gep.store.approved import ApprovedAccount
    from gep.store.rows import Connection

    ReadApproved = Callable[[FromAccount, Mapping[str, str], int, int], "dict[str, AccountFigure] | list[Problem]"]
    """(figure wanted, member → code, year, year computed for) → member → figure, or what is refused."""
    SplitGrowth = Callable[[Connection, AccountKey, AccountKey, str, "int | None"], Mapping[str, int]]
    """(store, account of the year before, account, category or service, price year or None) → cause → fen."""

CAUSE_NAMES = {
    "quantity": ("quantity", "数量"),
    "price": ("price", "价格"),
    "coefficient": ("coefficients", "参数"),
    "coverage": ("coverage", "覆盖范围"),
    "rules": ("method", "方法"),
    "rounding": ("rounding", "取整"),
}
"""Cause of growth → what it is called in English and in Chinese."""
SHOWN = 6
CENT = Decimal("0.01")


@dataclass(frozen=True)
class AccountFigure:
    """A figure of an approved account: exact, money in whole fen of a yuan, a quantity as it is; and where it stands.

    Attributes
    ----------
    source : the run and who signed it; of a growth also what it consists of
    note   : at which prices, and the beginning of the hash that was signed
    file   : the run in the store
    rests_on : other figures of accounts that it was computed from
    """

    county: str
    year: int
    value: Decimal
    unit: str
    source: str
    note: str
    file: str
    rests_on: tuple[AccountFigure, ...] = ()

    @property
    def text(self) -> str:
        """The figure in plain decimals."""
        return format(self.value, "f")


def make_figure_reader(path: Path, split: SplitGrowth) -> ReadApproved:
    """Return a function that reads the figures of approved accounts in a store.

    It gives the figure of every member, or every problem: only approved accounts of the standard, coverage and price basis that
    is wanted are read.

    Parameters
    ----------
    path  : file of the store; where there is none, the function says so as a problem
    split : tells the growth of an account apart by cause
    """
    recomputed: dict[tuple[str, int, tuple[str, ...]], dict[str, AccountFigure]] = {}
    known: dict[tuple[str, int, tuple[str, ...]], dict[str, AccountFigure] | list[Problem]] = {}

    def read(wanted: FromAccount, codes: Mapping[str, str], year: int, now: int) -> dict[str, AccountFigure] | list[Problem]:
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
            if wanted.comparable and year != now:
                return _recompute(connection, wanted, codes, year, now, recomputed, split)
            key = (wanted.model_dump_json(), year, tuple(codes))
            if key not in known:
                find = _read_growth if wanted.figure == "growth" else None
                known[key] = (
                    find(connection, wanted, codes, year, split) if find else _read_approved(connection, wanted, codes, year)
                )
            return known[key]

    return read


def _read_growth(
    connection: Connection, wanted: FromAccount, codes: Mapping[str, str], year: int, split: SplitGrowth
) -> dict[str, AccountFigure] | list[Problem]:
    """Return the growth of every member's account over the year before, as far as it has the causes wanted, or what is wrong."""
    value = wanted.model_copy(update={"figure": "value"})
    ends = [_read_approved(connection, value, codes, of) for of in (year - 1, year)]
    wrong = [problem for end in ends if isinstance(end, list) for problem in end]
    if wrong:
        return wrong
    before, after = (end for end in ends if isinstance(end, dict))
    bases = {of: _find_price_year(connection, wanted, codes.values(), of) for of in (year - 1, year)}
    if wanted.price == "constant" and len(set(bases.values())) > 1:
        years = join_list(str(base) for base in bases.values())
        found = say("of {one} and {other}: the accounts are in prices of {years}", one=year - 1, other=year, years=years)
        return [Problem("STORE", 0, found, "one price year", "gep run with one --price-year")]
    keys = {of: _list_keys(connection, wanted, codes.values(), of) for of in (year - 1, year)}
    figures: dict[str, AccountFigure] = {}
    problems: list[Problem] = []
    for member, code in codes.items():
        parts = split(
            connection, keys[year - 1][code], keys[year][code], wanted.of, bases[year] if wanted.price == "constant" else None
        )
        whole = int((after[member].value - before[member].value) * 100)
        told = say_growth(*_code_growth(year - 1, parts)[1:-1].split(" ")[1:])
        if sum(parts.values()) != whole:
            found = say("of {code} {year}: {told}; the parts do not add up to it", code=code, year=year, told=told)
            problems.append(
                Problem("STORE", 0, found, "accounts that come to what was approved", "gep run again and have it approved")
            )
        elif refused := [cause for cause in wanted.refuse if parts.get(cause)]:
            found = say("of {code} {year}: {told}", code=code, year=year, told=told)
            expected = say(
                "a growth without {causes}, as the scheme says", causes=join_list(name_cause(cause) for cause in refused)
            )
            problems.append(
                Problem(
                    "STORE",
                    0,
                    found,
                    expected,
                    say("gep compare {code} {one} {year} shows each part", code=code, one=year - 1, year=year),
                )
            )
        counted = sum(parts.get(cause, 0) for cause in dict.fromkeys(wanted.parts)) if wanted.parts else whole
        source = f"{after[member].source}; {_code_growth(year - 1, parts)}"
        figures[member] = replace(after[member], value=Decimal(counted) / 100, source=source, rests_on=(before[member],))
    return problems or figures


def _code_growth(year: int, parts: Mapping[str, int]) -> str:
    """Return a growth as it is kept: the year before, the growth and each cause's part in yuan; `say_growth` puts it in words."""
    shares = [f"{cause}={format_yuan(fen)}" for cause, fen in parts.items() if fen]
    return f"[{' '.join(['growth', str(year), format_yuan(sum(parts.values())), *shares])}]"


def say_growth(year: str, whole: str, *shares: str) -> str:
    """Return in words what a growth consists of.

    Parameters
    ----------
    year   : the year before
    whole  : the growth, yuan
    shares : CAUSE=YUAN, of every cause that moved something
    """
    told = join_list(
        say("{cause} {amount}", cause=name_cause(cause), amount=amount)
        for cause, _, amount in (one.partition("=") for one in shares)
    )
    return (
        say("growth over {year} {whole} yuan: {told}", year=year, whole=whole, told=told)
        if shares
        else say("no growth over {year}", year=year)
    )


def name_cause(cause: str) -> Name:
    """Return what a cause of growth is called."""
    return Name(*CAUSE_NAMES[cause])


def _list_keys(connection: Connection, wanted: FromAccount, counties: Iterable[str], year: int) -> dict[str, AccountKey]:
    signed = list_signed(connection, year, wanted.standard, counties)
    return {one.county: AccountKey(one.run, one.account, one.county, year, wanted.standard) for one in signed}


def _find_price_year(connection: Connection, wanted: FromAccount, counties: Iterable[str], year: int) -> int | None:
    return _price_year(list_approved(connection, year, wanted.standard), counties)


def _read_approved(
    connection: Connection, wanted: FromAccount, codes: Mapping[str, str], year: int
) -> dict[str, AccountFigure] | list[Problem]:
    """Return the figure of every member's approved account, or what is wrong with any of them."""
    accounts = list_approved(connection, year, wanted.standard)
    states = list_states(connection, year, wanted.standard)
    changed = _list_changed(connection, wanted, codes.values(), year)
    found: dict[str, AccountFigure] = {}
    bases = set()
    refused: dict[tuple[str, str, str], list[str]] = {}
    for member, code in codes.items():
        account = accounts.get(code)
        why = _refuse(account, states.get(code), wanted, changed=code in changed)
        if why is None and account is not None:
            value, unit, basis = _read_figure(connection, wanted, account)
            if value is not None:
                bases.add(account.constant_year if wanted.price == "constant" else year)
                found[member] = _make_figure(wanted, account, value, unit, basis)
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
    if (currency := read_currency_of(wanted.standard)) != YUAN:
        return say("is in {currency}", currency=currency), say("an account in yuan: what is paid is yuan"), ""
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


def _make_figure(wanted: FromAccount, account: ApprovedAccount, value: float, unit: str, basis: str) -> AccountFigure:
    return AccountFigure(
        account.county,
        account.year,
        _round(value, wanted),
        unit,
        f"[approved {account.run} {account.signed_by}]",
        f"{wanted.price} prices {basis}; {account.signed_sha256[:12]}",
        f"store run {account.run}",
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
    done: dict[tuple[str, int, tuple[str, ...]], dict[str, AccountFigure]],
    split: SplitGrowth,
) -> dict[str, AccountFigure] | list[Problem]:
    """Return figures of an earlier year computed again under the rules, coefficients and price year of the year that is computed.

    The inputs are those of the approved account of the earlier year. The approved account of the year itself is computed again
    with them and must come to its approved figures, so that both years stand under the same rules.
    """
    key = (wanted.model_dump_json(), year, tuple(codes))
    if key in done:
        return done[key]
    current, base = _read_approved(connection, wanted, codes, now), _read_approved(connection, wanted, codes, year)
    if isinstance(current, list) or isinstance(base, list):
        return [*(current if isinstance(current, list) else []), *(base if isinstance(base, list) else [])]
    price_year = _price_year(list_approved(connection, now, wanted.standard), codes.values())
    keys = {of: _list_keys(connection, wanted, codes.values(), of) for of in (year, now)}
    computed = _compute_again(connection, wanted, codes.values(), (year, now), price_year)
    problems: list[Problem] = []
    found: dict[str, AccountFigure] = {}
    for member, code in codes.items():
        again, number = computed[code, now], computed[code, year]
        if again != current[member].value:
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
        told = ""
        if wanted.figure == "value":
            parts = split(connection, keys[year][code], keys[now][code], wanted.of, price_year)
            told = f"; {_code_growth(year, parts)}"
        found[member] = AccountFigure(
            code,
            year,
            number,
            before.unit,
            f"{before.source}; [again {now}]{told}",
            f"approved at {before.text}; prices of {price_year}",
            before.file,
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
    from gep.explain.present import compute_under_present_rules

    account = compute_under_present_rules(read_given(connection, wanted.standard, years, counties), wanted.standard, price_year)
    table, column = (account.totals, "category") if wanted.of in TOTALS else (account.services, "service")
    rows = table[table[column] == wanted.of]
    figure = "quantity" if wanted.figure == "quantity" else "value_constant" if wanted.price == "constant" else "value"
    keys = list(zip(account.inputs.accounts["county"], account.inputs.accounts["year"], strict=True))
    return {
        (str(keys[int(at)][0]), int(keys[int(at)][1])): _round(float(value), wanted)
        for at, value in zip(rows["account"], rows[figure], strict=True)
    }
