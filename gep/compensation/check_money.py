"""Finds what is not valid in the money of a scheme: from nowhere, to nowhere, in a circle, or shares that do not sum to one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gep.compensation.formulas import sort_axes
from gep.compensation.scheme import DOWNSTREAM, FUND, LARGEST_REMAINDER, NEXT_YEAR, REQUIRED, SELF, UPSTREAM, CountiesOf
from gep.formula.nodes import PARTY, SECTION, Constant, Leaf
from gep.messages.texts import join_list, mark_word, say
from gep.units.exact import MONEY, NUMBER, convert_to_base, print_dimension
from gep.units.money import format_exact, parse_decimal
from gep.units.registry import UnitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gep.compensation.scheme import Constant as Fixed
    from gep.compensation.scheme import Scheme
    from gep.formula.check import Meaning
    from gep.formula.nodes import Node

    Tell = Callable[..., None]
    Kind = Callable[[tuple[str, ...]], Meaning | None]


def check_money(scheme: Scheme, trees: Mapping[tuple[str, ...], Node], kind: Kind, tell: Tell) -> None:
    """Tell what is wrong with funds and operations.

    Parameters
    ----------
    trees : formulas by the path they stand at
    kind  : gives unit and axes of the formula at a path
    tell  : takes each problem as path, found, expected, hint
    """
    _check_sources(scheme, trees, kind, tell)
    names = [operation.name for operation in scheme.rule]
    for at, operation in enumerate(scheme.rule):
        path = ("rule", str(at))
        if names.index(operation.name) != at:
            tell((*path, "name"), say("two operations are called {name}", name=operation.name), "each name once")
        _number(kind((*path, "when")), (*path, "when"), "the condition", tell)
        _CHECKS[operation.op](scheme, operation, path, trees, kind, tell)
    for at, invariant in enumerate(scheme.invariants):
        for side in range(len(invariant.equal)):
            kind(("invariants", str(at), "equal", str(side)))
    _check_flow(scheme, tell)
    days = [(due.year, due.months, due.day) for due in scheme.settlement.due]
    by_part = scheme.settlement.settle in {"quarter", "month"}
    for at, due in enumerate(scheme.settlement.due):
        if ("-" in due.day) == by_part or (by_part and due.year) or (not by_part and due.months):
            tell(
                ("settlement", "due", str(at), "day"),
                say(
                    "what is settled by the {every} is due on {day!r}",
                    every=mark_word(scheme.settlement.settle or "year"),
                    day=due.day,
                ),
                '{day: "15", months: 1}: a day of the month, so many months after the period'
                if by_part
                else '{day: "03-31", year: 1}',
            )
    order = ("month", "quarter", "year")
    settled = scheme.settlement.settle or "year"
    if order.index(settled) < order.index(scheme.settlement.compute):
        tell(
            ("settlement", "settle"),
            say(
                "what is computed by the {compute} is settled by the {settle}",
                compute=mark_word(scheme.settlement.compute),
                settle=mark_word(settled),
            ),
            "a period that is not shorter than the computing period",
        )
    if scheme.settlement.year_begins[:2] not in {"01", "04", "07", "10"} and any(
        one.every == "quarter" for one in scheme.inputs.values()
    ):
        tell(
            ("settlement", "year_begins"),
            say("the year begins on {day} and figures are given by the quarter", day=scheme.settlement.year_begins),
            "01-01, 04-01, 07-01 or 10-01",
        )
    if days != sorted(set(days)):
        tell(("settlement", "due"), "the due days do not follow each other", "each later than the one before")


def _check_sources(scheme: Scheme, trees: Mapping[tuple[str, ...], Node], kind: Kind, tell: Tell) -> None:
    for name, fund in scheme.funds.items():
        if fund.rest not in {"refuse", NEXT_YEAR, *scheme.parties}:
            tell(
                ("funds", name, "rest"),
                say("what is left of {name} goes to {rest!r}", name=name, rest=fund.rest),
                say("refuse, {next_year} or a party: {parties}", next_year=NEXT_YEAR, parties=join_list(scheme.parties)),
            )
        if fund.residual not in {"refuse", LARGEST_REMAINDER, *scheme.parties, *_members(scheme)}:
            tell(
                ("funds", name, "residual"),
                say("what roundings leave of {name} goes to {residual!r}", name=name, residual=fund.residual),
                say("refuse, largest_remainder or a party: {parties}", parties=join_list(scheme.parties)),
            )
        for at, source in enumerate(fund.sources):
            path = ("funds", name, "sources", str(at))
            if source.carry_in == bool(source.from_):
                tell(
                    path,
                    say("the source of {name} is neither a party nor a carry-in, or both", name=name),
                    "from and amount, or carry_in: true",
                )
                continue
            if source.carry_in:
                continue
            if source.from_ not in {SELF, *scheme.parties}:
                tell(
                    (*path, "from"),
                    say("a payer is {from_!r}, which is not a party", from_=source.from_),
                    say("self, or one of {parties}", parties=join_list(scheme.parties)),
                    near=(source.from_, scheme.parties),
                )
            if source.amount is None:
                tell(path, say("the source of {name} states no amount", name=name), "amount: an expression in money")
            found = kind((*path, "amount"))
            _money(found, (*path, "amount"), tell)
            number = find_fixed_number(scheme, trees.get((*path, "amount")))
            if number is not None and number < 0:
                tell(
                    (*path, "amount"),
                    say(
                        "the fund {name} is given a negative amount: {number}",
                        name=name,
                        number=_show_stated(scheme, trees[*path, "amount"]),
                    ),
                    "an amount from 0 up",
                    "who pays whom is said by from and to",
                )
            if found is not None and source.from_ != SELF and found.axes:
                tell(
                    (*path, "amount"),
                    say("one payer, and the amount runs over {axes}", axes=_axes(found.axes)),
                    "an amount without axes, or from: self",
                )


def _members(scheme: Scheme) -> tuple[str, ...]:
    return () if isinstance(scheme.members, CountiesOf) else scheme.members


def _axes(axes: frozenset[str]) -> str:
    return join_list([mark_word(one) for one in sort_axes(axes)] or [mark_word("no axis")])


def find_fixed_number(scheme: Scheme, node: Node | None) -> Fraction | None:
    """Return the number of a literal or of a constant that is known, in its base unit (30 % is 0.3); otherwise None."""
    if isinstance(node, Constant):
        return Fraction(node.text)
    if isinstance(node, Leaf) and node.id in scheme.constants:
        found = read_fixed_numbers(scheme.constants[node.id])
        return found if isinstance(found, Fraction) else None
    return None


def read_fixed_numbers(one: Fixed) -> Fraction | dict[str, Fraction] | None:
    """Return the number of a constant in its base unit, or that of each member; None where one is not known or not readable."""
    try:
        factor = convert_to_base(one.unit)
        if isinstance(one.value, dict):
            return {member: parse_decimal(text) * factor for member, text in one.value.items()}
        return parse_decimal(one.value) * factor if one.value != REQUIRED else None
    except (ValueError, UnitError):
        return None


def _show_stated(scheme: Scheme, node: Node) -> str:
    """Return a fixed number as the document states it, with its unit."""
    one = scheme.constants[node.id] if isinstance(node, Leaf) else None
    return f"{one.value} {one.unit}".removesuffix(" 1") if one else node.text if isinstance(node, Constant) else ""


def _money(found: Meaning | None, path: tuple[str, ...], tell: Tell) -> None:
    if found is not None and found.unit is not None and found.unit.dimensions != MONEY:
        tell(path, say("the amount measures {dimensions}", dimensions=print_dimension(found.measured.dimensions)), "money")


def _number(found: Meaning | None, path: tuple[str, ...], what: str, tell: Tell) -> None:
    if found is not None and found.unit is not None and found.unit.dimensions != NUMBER:
        tell(
            path,
            say("{what} measures {dimensions}", what=mark_word(what), dimensions=print_dimension(found.measured.dimensions)),
            "a pure number",
        )


def _by_party(found: Meaning | None, path: tuple[str, ...], what: str, tell: Tell, *, may_be_one: bool = False) -> None:
    if found is None or found.axes == {PARTY} or (may_be_one and not found.axes):
        return
    tell(
        path,
        say("{what} runs over {axes}", what=mark_word(what), axes=_axes(found.axes)),
        "party",
        "bring periods to the year with sum, mean, max or min",
    )


def _fund(scheme: Scheme, name: str, path: tuple[str, ...], tell: Tell) -> None:
    if name not in scheme.funds:
        tell(
            path,
            say("there is no fund {name!r}", name=name),
            say("one of {names}", names=join_list(scheme.funds or [mark_word("none")])),
            near=(name, scheme.funds),
        )


def _endpoint(scheme: Scheme, text: str, path: tuple[str, ...], tell: Tell) -> None:
    if text.startswith(FUND):
        name, _, later = text.removeprefix(FUND).partition(":")
        _fund(scheme, name, path, tell)
        if later not in {"", NEXT_YEAR}:
            tell(
                path,
                say("{text!r} is not a place for money", text=text),
                say("{fund}NAME or {fund}NAME:{next_year}", fund=FUND, next_year=NEXT_YEAR),
            )
    elif text != SELF and text not in scheme.parties:
        tell(
            path,
            say("{text!r} is not a party", text=text),
            say("self, a fund as {fund}NAME, or one of {parties}", fund=FUND, parties=join_list(scheme.parties)),
            near=(text, scheme.parties),
        )


def _allocate(scheme: Scheme, one: Any, path: tuple[str, ...], trees: Any, kind: Kind, tell: Tell) -> None:  # noqa: ARG001 - one signature for all operations
    _fund(scheme, one.fund, (*path, "fund"), tell)
    _by_party(kind((*path, "by")), (*path, "by"), "the weight", tell)
    for field in ("base", "floor", "cap"):
        found = kind((*path, field))
        _money(found, (*path, field), tell)
        _by_party(found, (*path, field), f"the {field}", tell, may_be_one=field != "base")
    found = kind((*path, "amount"))
    _money(found, (*path, "amount"), tell)
    if found is not None and found.axes:
        tell((*path, "amount"), say("the amount to share out runs over {axes}", axes=_axes(found.axes)), "an amount without axes")


def _subpools(scheme: Scheme, one: Any, path: tuple[str, ...], trees: Any, kind: Kind, tell: Tell) -> None:  # noqa: ARG001 - one signature for all operations
    if len(one.funds) < 2:  # noqa: PLR2004 - one pool has no parts
        tell((*path, "funds"), "there are fewer than two sub-pools", "two funds or more, or op: allocate")
    for name in one.funds:
        _fund(scheme, name, (*path, "funds", name), tell)
        _by_party(kind((*path, "funds", name)), (*path, "funds", name), "the weight", tell)


def _split(scheme: Scheme, one: Any, path: tuple[str, ...], trees: Any, kind: Kind, tell: Tell) -> None:  # noqa: ARG001 - one signature for all operations
    _fund(scheme, one.fund, (*path, "fund"), tell)
    for name in one.into:
        _fund(scheme, name, (*path, "into", name), tell)
        if name == one.fund:
            tell((*path, "into", name), say("{name} is split into itself", name=name), "other funds")
    _shares(one.into, (*path, "into"), "the shares", tell)


def _shares(shares: Mapping[str, str], path: tuple[str, ...], what: str, tell: Tell) -> None:
    try:
        numbers = [parse_decimal(share) for share in shares.values()]
    except ValueError as error:
        tell(path, error.args[0], "decimals that sum to 1")
        return
    if any(number < 0 for number in numbers):
        tell(path, say("{what} hold a negative one", what=mark_word(what)), "shares from 0 to 1")
    if sum(numbers) != 1:
        tell(
            path,
            say("{what} sum to {numbers}", what=mark_word(what), numbers=format_exact(sum(numbers, Fraction(0)))),
            "exactly 1",
        )


def _pay(scheme: Scheme, one: Any, path: tuple[str, ...], trees: Any, kind: Kind, tell: Tell) -> None:  # noqa: ARG001 - one signature for all operations
    if one.within:
        _fund(scheme, one.within, (*path, "within"), tell)
    parts = [kind((*path, "cases", str(at), field)) for at in range(len(one.cases)) for field in ("amount", "when")]
    axes = {axis for part in (*parts, kind((*path, "when"))) if part is not None for axis in part.axes}
    stated: list[tuple[str, ...]] = [("when",)] if one.when is not None else []
    stated += [
        ("cases", str(at), field)
        for at, case in enumerate(one.cases)
        for field in ("amount", "when")
        if getattr(case, field) is not None
    ]
    known = all(kind((*path, *where)) is not None for where in stated)
    for at, case in enumerate(one.cases):
        inside = (*path, "cases", str(at))
        for end, side in ((case.from_, "from"), (case.to, "to")):
            if end not in {UPSTREAM, DOWNSTREAM} or end in scheme.parties:
                _endpoint(scheme, end, (*inside, side), tell)
            elif SECTION not in axes and known:
                tell(
                    (*inside, side),
                    say("{end} pays or is paid, and nothing runs over sections", end=end),
                    "an amount or condition by section",
                )
            elif lacking := [name for name, of in scheme.sections.items() if not getattr(of, end)]:
                tell(
                    (*inside, side),
                    say("the sections {names} state no {end}", names=join_list(lacking[:6]), end=end),
                    "sections: {ID: {name, upstream, downstream}}",
                )
        if case.from_ == case.to:
            tell(inside, say("{from_} pays itself", from_=case.from_), "two different parties")
        if one.within and case.from_ != FUND + one.within:
            tell(
                (*inside, "from"),
                say("the payment is within {within} and comes from {from_}", within=one.within, from_=case.from_),
                say("from: {fund}{within}", fund=FUND, within=one.within),
            )
        found = kind((*inside, "amount"))
        _money(found, (*inside, "amount"), tell)
        condition = kind((*inside, "when"))
        _number(condition, (*inside, "when"), "the condition", tell)
        if SELF in {case.from_, case.to} and PARTY not in axes and known:
            tell(
                inside, "self pays or is paid, and no amount or condition runs over parties", "a value by party, or a named party"
            )
        if case.when is None and at < len(one.cases) - 1:
            tell(inside, "the case always holds, and others follow it", "a case without when stands last")


def _charge(scheme: Scheme, one: Any, path: tuple[str, ...], trees: Any, kind: Kind, tell: Tell) -> None:  # noqa: ARG001 - one signature for all operations
    found = kind((*path, "amount"))
    _money(found, (*path, "amount"), tell)
    if found is not None and found.axes:
        tell((*path, "amount"), say("the bill runs over {axes}", axes=_axes(found.axes)), "an amount without axes")
    _by_party(kind((*path, "by")), (*path, "by"), "the contribution", tell)
    _endpoint(scheme, one.to, (*path, "to"), tell)


def _deduct(scheme: Scheme, one: Any, path: tuple[str, ...], trees: Any, kind: Kind, tell: Tell) -> None:
    at = int(path[1])
    earlier = [operation.name for operation in scheme.rule[:at]]
    for place, name in enumerate(one.taken_from):
        if name not in earlier:
            tell(
                (*path, "taken_from", str(place)),
                say("the deduction is taken from {name!r}, which is not an earlier operation", name=name),
                say("one of {names}", names=join_list(earlier or [mark_word("none")])),
                near=(name, earlier),
            )
    if (one.rate is None) == (one.amount is None):
        tell(path, "the deduction states neither or both of rate and amount", "one of the two")
    rate = kind((*path, "rate"))
    _number(rate, (*path, "rate"), "the rate", tell)
    number = find_fixed_number(scheme, trees.get((*path, "rate")))
    if number is not None and not 0 <= number <= 1:
        tell((*path, "rate"), say("the rate of the deduction is {number}", number=format_exact(number)), "between 0 and 1")
    for field in ("amount", "cap"):
        found = kind((*path, field))
        _money(found, (*path, field), tell)
    for field in ("rate", "amount", "cap", "when"):
        found = kind((*path, field))
        if found is not None and found.axes - {PARTY}:
            tell((*path, field), say("{field} runs over {axes}", field=field, axes=_axes(found.axes)), "party, or no axis")
    if isinstance(one.to, str):
        _endpoint(scheme, one.to, (*path, "to"), tell)
        if one.to == SELF:
            tell((*path, "to"), "the deduction goes back to the one it is taken from", "another party or a fund")
    else:
        for name in one.to:
            _endpoint(scheme, name, (*path, "to", name), tell)
        _shares(one.to, (*path, "to"), "the shares of the deduction", tell)


def _contract(scheme: Scheme, one: Any, path: tuple[str, ...], trees: Any, kind: Kind, tell: Tell) -> None:
    _endpoint(scheme, one.from_, (*path, "from"), tell)
    _endpoint(scheme, one.to, (*path, "to"), tell)
    if one.from_ == one.to:
        tell(path, say("{from_} pays itself", from_=one.from_), "two different parties")
    by_price = one.quantity is not None and one.unit_price is not None
    if (one.total is not None) == by_price or (one.total is None and not by_price):
        tell(path, "the contract states no price, or two", "total, or quantity and unit_price")
    _money(kind((*path, "total")), (*path, "total"), tell)
    if by_price:
        quantity, price = kind((*path, "quantity")), kind((*path, "unit_price"))
        if quantity is not None and price is not None:
            product = (quantity.measured * price.measured).dimensions
            if product not in {MONEY, NUMBER}:
                tell(
                    (*path, "unit_price"),
                    say("quantity times price measures {product}", product=print_dimension(product)),
                    "money",
                )
    for field in ("total", "quantity", "unit_price", "floor_price"):
        number = find_fixed_number(scheme, trees.get((*path, field)))
        if number is not None and number < 0:
            tell(
                (*path, field),
                say("{field} is negative: {number}", field=field, number=_show_stated(scheme, trees[*path, field])),
                "a number from 0 up",
            )


def _clear(scheme: Scheme, one: Any, path: tuple[str, ...], trees: Any, kind: Kind, tell: Tell) -> None:  # noqa: ARG001 - one signature for all operations
    found = kind((*path, "amount"))
    _money(found, (*path, "amount"), tell)
    _by_party(found, (*path, "amount"), "the amount", tell)
    _endpoint(scheme, one.through, (*path, "through"), tell)
    if one.residual:
        _endpoint(scheme, one.residual, (*path, "residual"), tell)


_CHECKS: dict[str, Callable[..., None]] = {
    "allocate": _allocate,
    "subpools": _subpools,
    "split": _split,
    "pay": _pay,
    "charge": _charge,
    "deduct": _deduct,
    "contract": _contract,
    "clear": _clear,
}


def _check_flow(scheme: Scheme, tell: Tell) -> None:
    """Tell funds that nothing comes into or leaves, and funds that feed each other."""
    into: dict[str, set[str]] = {name: set() for name in scheme.funds}
    out: set[str] = set()
    fed = {name for name, fund in scheme.funds.items() if fund.sources}
    for one in scheme.rule:
        if one.op == "split":
            out.add(one.fund)
            fed |= set(one.into)
            if one.fund in into:
                into[one.fund] |= set(one.into)
        elif one.op == "allocate":
            out.add(one.fund)
        elif one.op == "subpools":
            out |= set(one.funds)
        else:
            ends = [(case.from_, case.to) for case in one.cases] if one.op == "pay" else [("", to) for to in _targets(one)]
            for source, target in ends:
                if source.startswith(FUND):
                    out.add(source.removeprefix(FUND).partition(":")[0])
                if target.startswith(FUND) and not target.endswith(NEXT_YEAR):
                    fed.add(target.removeprefix(FUND))
    for name, fund in scheme.funds.items():
        if name not in fed:
            tell(("funds", name), say("nothing comes into the fund {name}", name=name), "sources, a split or a deduction")
        later = fund.rest == NEXT_YEAR or any(f"{FUND}{name}:{NEXT_YEAR}" in _targets(one) for one in scheme.rule)
        if later and not any(source.carry_in for source in fund.sources):
            tell(
                ("funds", name),
                say("the fund {name} puts money aside for next year and never takes it in", name=name),
                "a source {carry_in: true}",
                "otherwise that money is lost",
            )
        if name not in out and fund.rest == "refuse":
            tell(
                ("funds", name),
                say("nothing takes money out of the fund {name}", name=name),
                "an operation, or rest: next_year or a party",
            )
        seen: set[str] = set()
        waiting = set(into[name])
        while waiting:
            other = waiting.pop()
            if other == name:
                tell(
                    ("funds", name),
                    say("the fund {name} is split into funds that are split into it", name=name),
                    "splits that end",
                )
                break
            if other not in seen:
                seen.add(other)
                waiting |= into.get(other, set())


def _targets(one: Any) -> list[str]:
    to = getattr(one, "to", None)
    return list(to) if isinstance(to, dict) else [to] if isinstance(to, str) else []
