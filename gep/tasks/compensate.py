"""Compensation: from a scheme's name, a year and tables of facts to amounts; kept as a simulation; booked by `gep.tasks.two_people`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gep.compensation import booking
from gep.compensation.compute import compute
from gep.compensation.facts import Facts, read_facts
from gep.compensation.find import find_scheme, find_versions, is_in_force, refuse_overlaps
from gep.compensation.late import Late, compute_interest
from gep.compensation.members import name_party
from gep.compensation.periods import parse_through
from gep.compensation.reading import list_scheme_ids, read_scheme
from gep.compensation.registering import read_registered
from gep.compensation.summary import sum_parties
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import join_list, mark_word, name_id, say
from gep.paths import print_path
from gep.store.transfers import list_booked_facts, list_carried, list_due
from gep.store.two_people import list_registrations
from gep.store.walk import refuse_forged
from gep.tasks.account_figures import read_accounts
from gep.tasks.scores import add_scores
from gep.units.money import format_yuan, parse_decimal, write_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    import pandas as pd

    from gep.compensation.band import Band
    from gep.compensation.checked import CheckedScheme
    from gep.compensation.compute import Result
    from gep.store.store import Store


class Compensation(NamedTuple):
    """A scheme computed for a year: as it is (`base`), with what was supposed (`simulated`), and the facts it rests on."""

    base: Result
    simulated: Result | None
    facts: Facts

    @property
    def result(self) -> Result:
        """The simulation if anything was supposed, else the result as it is."""
        return self.simulated or self.base

    @property
    def parties(self) -> pd.DataFrame:
        """One row a party: party, code, name, and what it receives, pays and nets, in whole fen."""
        import pandas as pd

        return pd.DataFrame(sum_parties(self.result), columns=["party", "code", "name", "received", "paid", "net"])

    @property
    def steps(self) -> pd.DataFrame:
        """One row a step of the computation, in order; values are exact, as text, in the step's unit."""
        import pandas as pd

        rows = [
            {
                "stage": one.stage,
                "operation": one.operation,
                "place": one.place,
                "period": one.period,
                "name": one.name,
                "value": write_decimal(one.value),
                "unit": one.unit,
                "note": one.note,
            }
            for one in self.result.steps
        ]
        return pd.DataFrame(rows)


def compensate(
    store: Store,
    scheme: str,
    year: int,
    facts: Iterable[Path | str] | Facts = (),
    what_if: Iterable[str] = (),
    through: str = "",
    indicators: Iterable[Path | str] = (),
) -> Compensation:
    """Compute a compensation scheme for a year, to the fen; nothing is booked.

    Where the rule leaves something REQUIRED that is supposed, there is no result as it is, and the simulation stands for both.

    Parameters
    ----------
    store   : where approved accounts, last year's funds and the facts of booked runs stand; it need not be there yet
    scheme  : id of a shipped scheme, or path of a YAML file
    facts   : tables of facts, or folders of them, or facts that were read; none: those of the booked run of the year
    through : end of an in-year run: 2020-06, 2020Q2; empty: the whole year
    indicators : tables of figures of indicators, for a scheme that takes their scores
    what_if : suppositions NAME=VALUE, NAME@PLACE=VALUE or NAME@PLACE@PERIOD=VALUE, in the unit that the scheme states

    Returns
    -------
    Compensation with tables `parties` (whole fen) and `steps`; `result` is the simulation if anything was supposed

    Raises
    ------
    Problems : an unknown scheme, everything that is wrong in it or in the facts, and what it needs and does not have

    Examples
    --------
    >>> found = gep.compensate(gep.open_store("outputs/gep.duckdb"), "jx-basin-pool", 2016, facts=["basin_pool.csv"])
    >>> found.parties[["name", "received"]]
    """
    ready = find_scheme_of(store, scheme, year)
    paths = [] if isinstance(facts, Facts) else [Path(one) for one in facts]
    rows = facts if isinstance(facts, Facts) else read_facts(paths) if paths else _read_booked_facts(store, ready.scheme.id, year)
    rows = add_scores(ready, rows, year, [Path(one) for one in indicators], store)
    figures = read_accounts(store)
    carried = booking.make_carried_lookup(store.path, ready.scheme.id, year)
    booked = booking.make_booked_lookup(store.path, ready.scheme.id)
    changes = _parse_what_if(what_if)
    last = _parse_through(through)
    if not changes:
        return Compensation(compute(ready, rows, year, figures=figures, carried=carried, through=last, booked=booked), None, rows)
    simulated = compute(ready, rows, year, what_if=changes, figures=figures, carried=carried, through=last, booked=booked)
    try:
        base = compute(ready, rows, year, figures=figures, carried=carried, through=last, booked=booked)
    except Problems:
        base = simulated
    return Compensation(base, simulated, rows)


def find_scheme_of(store: Store, scheme: str, year: int) -> CheckedScheme:
    """Return the version of a scheme that rules a year: of a file, of the shipped ones, or of those registered in the store.

    Raises
    ------
    Problems : no such scheme, no version for the year, or everything wrong in the file
    """
    store.know_units()
    identity, _, version = scheme.partition(" ")
    if Path(scheme).suffix.lower() in {".yaml", ".yml"} or identity in list_scheme_ids() or not store.exists:
        return find_scheme(scheme, year)
    with store:
        known = [one for one in list_registrations(store, identity) if not version or one.scheme_version == version]
    for one in reversed(known):
        ready = read_registered(one)
        if is_in_force(ready, year):
            return ready
    return find_scheme(scheme, year)


def estimate_band(store: Store, found: Compensation, share: str, party: str = "") -> Band:
    """Return how far the amounts of a what-if run move if a county's own figure of an account is off by a share.

    Parameters
    ----------
    share : between 0 and 1, as text: 0.1
    party : id of a member; empty: all members

    Returns
    -------
    Band with the lowest and highest net amount of each member, in fen; see `gep.compensation.band`

    Raises
    ------
    Problems : no share between 0 and 1, or nothing in the scheme that rests on an account
    """
    from gep.compensation.band import compute_band

    result = found.result
    figures = read_accounts(store)
    carried = booking.make_carried_lookup(store.path, result.ready.scheme.id, result.year)
    what_if = {name: parse_decimal(value) for name, value in result.what_if.items()}

    def rerun(changes: dict[str, Fraction]) -> Result:
        return compute(
            result.ready,
            found.facts,
            result.year,
            what_if=what_if | changes,
            figures=figures,
            carried=carried,
            span=result.span,
            booked=result.values.booked,
        )

    try:
        wanted = parse_decimal(share)
    except ValueError as error:
        refuse_one("--band", error.args[0], "a share between 0 and 1, such as 0.1")
    return compute_band(result, wanted, rerun, party)


def list_late(store: Store, day: date) -> list[Late]:
    """Return the postings of schemes that state a rate for late payment and were or are paid late, with the interest to a day.

    Raises
    ------
    Problems : there is no store, or another program wrote money into it
    """
    found = []
    with store:
        refuse_forged(store.connection, store.path)
        for one in list_due(store, day):
            rate = parse_decimal(str(json.loads(one.scheme_text).get("late", {}).get("rate", "0")))
            left, days, interest = compute_interest(one.amount_fen, one.due_on, one.payments, rate, day)
            if days and rate:
                found.append(Late(one.voucher, one.payer, one.payee, one.due_on, left, days, rate, interest))
    return found


def keep_simulation(store: Store, base: Result, simulated: Result, band: Band | None = None) -> int:
    """Keep a what-if run in the store and return its number; see `gep.compensation.booking.keep_simulation`."""
    return booking.keep_simulation(store.path, base, simulated, band)


def list_out_of_step(store: Store) -> list[str]:
    """Return a sentence for each booked year that took in other money from the year before than that year now puts aside."""
    with store:
        funds = list_carried(store)
    return [
        say(
            "{scheme} {year} is out of step: its {fund} took in {taken} yuan, and {before} now puts aside {aside}; compute and post it again",
            scheme=one.scheme,
            year=one.year,
            fund=one.fund,
            taken=format_yuan(_fen(one.taken)),
            before=one.year - 1,
            aside=format_yuan(one.aside_fen),
        )
        for one in funds
        if _fen(one.taken) != one.aside_fen
    ]


def find_party(result: Result, county: str) -> str:
    """Return the id of the party that a code, name or id means.

    Raises
    ------
    Problems : the scheme has no such party
    """
    scheme = result.ready.scheme
    called = {
        **{name_party(scheme, party): party for party in scheme.parties},
        **{one.code: name for name, one in scheme.parties.items() if one.code},
    }
    called |= {party: party for party in scheme.parties} | result.places.called
    if county not in called:
        refuse_one(
            "--county",
            say("{scheme} has no party {party!r}", scheme=name_id(scheme.id, {scheme.id: scheme}), party=county),
            say("one of {names} ...", names=join_list(list(called)[:12])),
        )
    return called[county]


def _read_booked_facts(store: Store, scheme: str, year: int) -> Facts:
    if not store.exists:
        return Facts({}, "")
    with store:
        return booking.make_facts(list_booked_facts(store, scheme, year), "facts of the store")


def list_schemes_in_force(scheme: str, year: int, through: str = "") -> list[str]:
    """Return what to compute for a year: a scheme as it is named, or each of several versions that rule a part of the year.

    Parameters
    ----------
    scheme  : id of a shipped scheme, a file, or a folder with the versions of one scheme
    through : end of an in-year run; versions that begin after it are left out

    Raises
    ------
    Problems : a folder without a scheme of the year, or with several schemes
    """
    folder = Path(scheme)
    if folder.is_dir():
        read = [(path, read_scheme(path)) for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml")))]
        ids = sorted({one.scheme.id for _, one in read})
        last = _parse_through(through) or date.max
        ruling = sorted(
            (one.scheme.effective.from_, str(path))
            for path, one in read
            if is_in_force(one, year) and one.scheme.effective.from_ <= last
        )
        if len(ids) != 1 or not ruling:
            refuse_one(
                print_path(folder),
                say("the folder has {names}", names=join_list(ids) if len(ids) > 1 else mark_word("no scheme of the year")),
                say("the versions of one scheme, in force in {year}", year=year),
            )
        refuse_overlaps([one for _, one in read])
        return [path for _, path in ruling]
    if folder.suffix.lower() in {".yaml", ".yml"}:
        return [scheme]
    last = _parse_through(through) or date.max
    ruling_versions = [one for one in find_versions(scheme) if is_in_force(one, year) and one.scheme.effective.from_ <= last]
    return [f"{one.scheme.id} {one.scheme.version}" for one in ruling_versions] if len(ruling_versions) > 1 else [scheme]


def _parse_through(text: str) -> date | None:
    if not text:
        return None
    found = parse_through(text)
    if found is None:
        refuse_one("--through", say("{text!r} is not the end of a month", text=text), "2020-06, 2020Q2 or 2020-06-30")
    return found


def _fen(text: str) -> int:
    return int(parse_decimal(text) * 100)


def _parse_what_if(what_if: Iterable[str]) -> dict[str, Fraction]:
    problems = []
    found: dict[str, Fraction] = {}
    for one in what_if:
        name, equals, value = one.partition("=")
        try:
            if not equals:
                raise ValueError(say("{text!r} is not a supposition", text=one))
            found[name.strip()] = parse_decimal(value)
        except ValueError as error:
            problems.append(Problem("--what-if", 0, error.args[0], "NAME=VALUE with a decimal, such as w_gep=0.05"))
    refuse(problems)
    return found
