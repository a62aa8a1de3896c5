"""The desk: from a scheme's name, a year and tables to a result, on one store."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from gep.compensation import booking
from gep.compensation.account_figures import figures_of
from gep.compensation.compute import Result, compute
from gep.compensation.facts import Facts, read_facts
from gep.compensation.find import scheme_for
from gep.compensation.members import name_of
from gep.compensation.payments import record_paid
from gep.files.table import decode
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import listed, named, say, word
from gep.paths import printed_path
from gep.store.store import reading
from gep.units.money import decimal, yuan

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction
    from pathlib import Path

    from gep.compensation.band import Band

_OUT_OF_STEP = """SELECT r.scheme, r.year, s.place, s.value_exact, coalesce((SELECT sum(p.amount_fen) FROM transfer_standing p
  WHERE p.year < r.year AND p.payee = 'fund:' || r.scheme || ':' || r.year || ':' || replace(s.place, 'fund:', '')), 0)
FROM transfer_step s JOIN transfer_standing_run r USING (transfer_run) WHERE s.stage = 'fund' AND s.step_name = 'carried in from last year'
  AND EXISTS (SELECT 1 FROM transfer_run b WHERE b.scheme = r.scheme AND b.year = r.year - 1) ORDER BY ALL"""
PAID = ("posting_voucher", "paid_on", "amount")


class Desk:
    """What commands ask for, on the store at a path (which need not be there yet)."""

    def __init__(self, store: Path) -> None:
        self.store = store

    def compute(
        self, scheme: str, year: int, inputs: Iterable[Path], what_if: Iterable[str]
    ) -> tuple[Result, Result | None, Facts]:
        """Return the result as it is, the simulation if anything is supposed, and the facts used.

        Where the rule leaves something REQUIRED that is supposed, there is no result as it is, and the simulation stands for both.
        """
        ready = scheme_for(scheme, year)
        paths = list(inputs)
        facts = read_facts(paths) if paths else self._stored_facts(ready.scheme.id, year)
        figures = figures_of(self.store)
        carried = booking.carried_from(self.store, ready.scheme.id, year)
        supposed = _supposed(what_if)
        if not supposed:
            return compute(ready, facts, year, figures=figures, carried=carried), None, facts
        simulated = compute(ready, facts, year, supposed=supposed, figures=figures, carried=carried)
        try:
            base = compute(ready, facts, year, figures=figures, carried=carried)
        except Problems:
            base = simulated
        return base, simulated, facts

    def band(self, result: Result, facts: Facts, share: str, county: str = "") -> Band:
        """Return how far the amounts of a what-if run move if a county's own figure of an account is off by a share; see `band.band`."""
        from gep.compensation.band import band

        figures = figures_of(self.store)
        carried = booking.carried_from(self.store, result.ready.scheme.id, result.year)
        supposed = {name: decimal(value) for name, value in result.supposed.items()}

        def rerun(changes: dict[str, Fraction]) -> Result:
            return compute(result.ready, facts, result.year, supposed=supposed | changes, figures=figures, carried=carried)

        try:
            wanted = decimal(share)
        except ValueError as error:
            refuse_one("--band", error.args[0], "a share between 0 and 1, such as 0.1")
        return band(result, wanted, rerun, county)

    def _stored_facts(self, scheme: str, year: int) -> Facts:
        if not self.store.exists():
            return Facts({}, "")
        with reading(self.store) as connection:
            rows = connection.execute(
                "SELECT indicator, place, period, value_given, unit_given, fact_status, source, note, address FROM transfer_fact "
                "WHERE transfer_run = (SELECT max(transfer_run) FROM transfer_standing_run WHERE scheme = ? AND year = ?)",
                [scheme, year],
            ).fetchall()
        return booking.facts_of(rows, "facts of the store")

    def book(self, result: Result, facts: Facts, reason: str) -> booking.Booked:
        """Book a result; see `booking.book`."""
        return booking.book(result, facts, self.store, reason, figures_of(self.store))

    def keep(self, base: Result, supposed: Result, band: Band | None = None) -> int:
        """Keep a simulation; see `booking.keep_simulation`."""
        return booking.keep_simulation(self.store, base, supposed, band)

    def reverse(self, run: int, reason: str) -> int:
        """Take a booked run back; see `booking.reverse`."""
        return booking.reverse(self.store, run, reason)

    def out_of_step(self) -> list[str]:
        """Return the booked years that took in other money from the year before than it now puts aside: it was corrected since."""
        with reading(self.store) as connection:
            rows = connection.execute(_OUT_OF_STEP).fetchall()
        return [
            say(
                "{scheme} {year} is out of step: its {fund} took in {taken} yuan, and {before} now puts aside {aside}; compute and post it again",
                scheme=scheme,
                year=year,
                fund=fund,
                taken=yuan(int(decimal(taken) * 100)),
                before=year - 1,
                aside=yuan(int(aside)),
            )
            for scheme, year, fund, taken, aside in rows
            if int(decimal(taken) * 100) != int(aside)
        ]

    def paid(self, path: Path) -> int:
        """Record payments from a CSV table; return how many.

        Raises
        ------
        Problems : a file that cannot be read, and every row that cannot be meant
        """
        shown = printed_path(path)
        try:
            text = decode(path.read_bytes())
        except OSError as error:
            refuse_one(
                shown, say("the file cannot be read: {why}", why=word(error.strerror or type(error).__name__)), "a CSV table"
            )
        rows = list(csv.DictReader(io.StringIO(text or "")))
        if not rows or not set(PAID) <= set(rows[0]):
            refuse_one(
                shown,
                "the table has no payments",
                say("the columns {wanted}", wanted=",".join((*PAID, "voucher", "note"))),
                line=1,
            )
        return record_paid(self.store, rows, shown)

    @staticmethod
    def party(result: Result, county: str) -> str:
        """Return the party that a code, name or id means.

        Raises
        ------
        Problems : the scheme has no such party
        """
        scheme = result.ready.scheme
        called = {
            **{name_of(scheme, party): party for party in scheme.parties},
            **{one.code: name for name, one in scheme.parties.items() if one.code},
        }
        called |= {party: party for party in scheme.parties} | result.places.called
        if county not in called:
            refuse_one(
                "--county",
                say("{scheme} has no party {party!r}", scheme=named(scheme.id, {scheme.id: scheme}), party=county),
                say("one of {names} ...", names=listed(list(called)[:12])),
            )
        return called[county]


def _supposed(what_if: Iterable[str]) -> dict[str, Fraction]:
    problems = []
    found: dict[str, Fraction] = {}
    for one in what_if:
        name, equals, value = one.partition("=")
        try:
            if not equals:
                raise ValueError(say("{text!r} is not a supposition", text=one))
            found[name.strip()] = decimal(value)
        except ValueError as error:
            problems.append(Problem("--what-if", 0, error.args[0], "NAME=VALUE with a decimal, such as w_gep=0.05"))
    refuse(problems)
    return found
