"""Closes funds: at the end each is empty to the fen; what rounding leaves, or what is left altogether, goes where the scheme says."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gep.compensation.scheme import FUND, LARGEST_REMAINDER, NEXT_YEAR
from gep.messages.texts import say
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from gep.compensation.ledger import Ledger
    from gep.messages.problems import Problems


@dataclass(frozen=True)
class Named:
    """What stands where an operation would, for money that no operation moves."""

    name: str
    title: str
    accounts: Any
    clause: str = ""


def close_funds(ledger: Ledger) -> None:
    """Send what is left of every fund where the scheme says.

    What separate roundings leave or lack (at most one rounding unit a payment) goes to the fund's `residual`; anything else to
    its `rest`.

    Raises
    ------
    Problems : a fund that pays out more than came in, or keeps money that nothing takes out
    """
    for name, fund in ledger.ready.scheme.funds.items():
        left = ledger.balance.get(name, 0)
        out = [at for at, flow in enumerate(ledger.flows) if flow.source == f"{FUND}{name}"]
        by_rounding = 0 < abs(left) <= len(out) * ledger.unit
        if by_rounding and fund.residual != "refuse":
            _give_residual(ledger, name, left, out)
            left = 0
        if left < 0:
            raise _overdrawn(ledger, name, left, len(out) if by_rounding else 0)
        if left == 0:
            continue
        if fund.rest == "refuse":
            raise _kept(ledger, name, left, len(out) if by_rounding else 0)
        one = Named(f"rest_{name}", fund.title or name, None)
        target = f"{FUND}{name}:{NEXT_YEAR}" if fund.rest == NEXT_YEAR else fund.rest
        ledger.move(one, "rest", f"{FUND}{name}", target, left, Fraction(left), reason=f"{fund.title or name}: rest")


def _give_residual(ledger: Ledger, name: str, left: int, out: list[int]) -> None:
    """Change payments of a fund by what their roundings left or lack: by largest remainder, or all of it in one party's payment."""
    to = ledger.ready.scheme.funds[name].residual
    sign, unit, codes = (1 if left > 0 else -1), ledger.unit, ledger.codes
    if to == LARGEST_REMAINDER:
        order = sorted(
            out,
            key=lambda at: (
                -sign * (ledger.flows[at].raw - ledger.flows[at].fen),
                codes.get(ledger.flows[at].target, ledger.flows[at].target),
                at,
            ),
        )
        whole, rest = divmod(abs(left), unit)
        changes = [(at, sign * unit) for at in order[:whole]] + ([(order[whole % len(order)], sign * rest)] if rest else [])
    else:
        changes = [(at, left) for at in out if ledger.flows[at].target == to][:1]
    fund = Named(f"residual_{name}", ledger.ready.scheme.funds[name].title or name, None)
    if not changes:  # a party that the fund does not pay takes what is left, and pays what is lacking
        ends = (f"{FUND}{name}", to) if left > 0 else (to, f"{FUND}{name}")
        ledger.move(fund, "rest", *ends, abs(left), Fraction(abs(left)), reason=f"{fund.title}: residual")
        return
    for at, change in changes:
        flow = ledger.flows[at]
        if flow.fen + change < 0:
            changes = []
            break
        ledger.flows[at] = flow._replace(fen=flow.fen + change)
        ledger.balance[name] -= change
        ledger.step(
            fund, "rounding", flow.target, "residual of rounding", Fraction(change, 100), "元", flow.operation, flow.period
        )
    if not changes:
        raise _overdrawn(ledger, name, left, len(out))
    ledger.flows[:] = [flow for flow in ledger.flows if flow.fen]


def _overdrawn(ledger: Ledger, name: str, left: int, rounded: int) -> Problems:
    text = say(
        "the fund {name} of {year} pays out {value} yuan more than came in", name=name, year=ledger.year, value=format_yuan(-left)
    )
    if rounded:
        return ledger.refused(
            ("funds", name), _by_rounding(ledger, text, rounded), "payments within the fund", _WAYS_WHERE_IT_LACKS
        )
    return ledger.refused(("funds", name), text, "payments within the fund")


def _kept(ledger: Ledger, name: str, left: int, rounded: int) -> Problems:
    text = say(
        "the fund {name} of {year} keeps {left} yuan that nothing takes out", name=name, year=ledger.year, left=format_yuan(left)
    )
    if rounded:
        return ledger.refused(("funds", name), _by_rounding(ledger, text, rounded), "a fund that is spent to the fen", _WAYS)
    return ledger.refused(("funds", name), text, "a fund that is spent to the fen", "rest: next_year, or the party it returns to")


_WAYS = "three ways out: op: allocate shares the fund out in one rounding; residual: largest_remainder or a party; rest: next_year or a party"


_WAYS_WHERE_IT_LACKS = "two ways out: op: allocate shares the fund out in one rounding; residual: largest_remainder or a party, which bears what is lacking"


def _by_rounding(ledger: Ledger, text: str, count: int) -> str:
    unit = format_yuan(ledger.unit)
    return say("{text}: {count} payments were each rounded to {unit} yuan", text=text, count=count, unit=unit)
