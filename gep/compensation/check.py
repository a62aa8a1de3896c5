"""Finds what is not valid in a scheme: unknown names, cycles, units that do not fit, weights that do not sum to one."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gep.compensation.budget_subjects import read_budget_subjects
from gep.compensation.check_money import check_money, find_fixed_number, read_fixed_numbers
from gep.compensation.check_names import check_names
from gep.compensation.formulas import list_names_in, list_results, measure_formula, read_meanings, sort_axes
from gep.compensation.members import NATION
from gep.compensation.scheme import DOWNSTREAM, HORIZONTAL, REQUIRED, SELF, UPSTREAM, CountiesOf
from gep.explain.wanted_figure import find_wrong_parts
from gep.formula.nodes import PARTY, RESULT, SECTION, Binary, Leaf, Member, Weighted
from gep.formula.show import show_text
from gep.formula.walk import walk_parts
from gep.messages.texts import join_list, mark_word, say
from gep.reference.regions import find_retired, read_units_of_today
from gep.units.exact import convert_to_base, find_dimension
from gep.units.money import format_exact, parse_decimal
from gep.units.registry import UnitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gep.compensation.scheme import Scheme
    from gep.formula.check import Meaning
    from gep.formula.nodes import Node

    Tell = Callable[..., None]
    Trees = Mapping[tuple[str, ...], Node]

SEVEN_ITEMS_FROM = date(2024, 6, 1)
"""Regulation on ecological compensation, State Council order 779, in force from this day."""


MOST_DEEP = 100
"""Values that may build on one another, one naming the next; more of them side by side are no matter."""


def check(scheme: Scheme, trees: Trees, tell: Tell, *, whole: bool) -> tuple[tuple[str, ...], dict[str, Meaning]]:
    """Tell everything that is not valid in a scheme; return the order of its values, and what every name means.

    What follows from an expression that cannot be read (`whole` is false), a unit that is none or a name nobody declared is not told again.

    Parameters
    ----------
    trees : formulas by the path they stand at
    tell  : takes each problem as path, found, expected, hint
    whole : whether all formulas could be read

    Returns
    -------
    Names of values, each after those it uses; unit and axes by name
    """
    _check_head(scheme, tell)
    _check_parties(scheme, tell)
    check_names(scheme, tell)
    if scheme.late is not None:
        _decimal(scheme.late.rate, ("late", "rate"), tell)
    if scheme.register_ is not None:
        one = scheme.inputs.get(scheme.register_.input)
        if one is None or one.by != "party" or one.account is None or one.account.figure != "quantity":
            tell(
                ("register", "input"),
                say("{name} is no quantity of an account by party", name=scheme.register_.input),
                "an input with by: party and account: {figure: quantity, ...}",
            )
    measured = _check_numbers(scheme, tell)
    _check_accounts(scheme, tell)
    types = read_meanings(scheme)
    known = _check_names(scheme, trees, tell, whole=whole)
    order = _ordered(scheme, trees, tell)
    told = tell if whole and known and measured and len(order) == len(scheme.values) else _silent
    for name in order:
        if ("values", name) in trees:
            types[name] = measure_formula(trees["values", name], ("values", name), types, told)
    for name in scheme.notes:
        if told is tell and name in scheme.values and types[name].axes:
            axes = join_list([mark_word(axis) for axis in sort_axes(types[name].axes)])
            tell(
                ("notes", name),
                say("{id} varies over {axes}", id=name, axes=axes),
                "one number of the whole scheme, such as a sum",
            )
    _check_weights(scheme, trees, tell)
    check_money(
        scheme,
        trees,
        lambda path: measure_formula(trees[path], path, types, told) if path in trees and told is tell else None,
        tell,
    )
    return order, types


def _silent(path: tuple[str, ...], found: str, expected: str = "", hint: str = "", near: Any = None) -> None:
    """Tell nothing."""


def _check_head(scheme: Scheme, tell: Tell) -> None:
    effective = scheme.effective
    if effective.to is not None and effective.to < effective.from_:
        tell(
            ("effective", "to"),
            say("the scheme ends on {to}, before it begins on {from_}", to=effective.to, from_=effective.from_),
            "a later day",
        )
    for at, legal in enumerate(scheme.legal):
        if not legal.locator.strip():
            tell(("legal", str(at), "locator"), "the legal basis has no locator", "article, page or address where it can be read")
    in_force = effective.to is None or effective.to >= SEVEN_ITEMS_FROM
    if scheme.kind == HORIZONTAL and in_force and scheme.agreement is None:
        tell(
            ("kind",),
            "the horizontal scheme has no agreement",
            "agreement: {scope, goals, duties, mode, term, breach, other}",
            "the regulation in force since 2024-06-01 asks for all seven items",
        )
    for at, one in enumerate(scheme.supersedes):
        if one == f"{scheme.id} {scheme.version}":
            tell(("supersedes", str(at)), "the scheme supersedes itself", "an earlier version")


def _check_parties(scheme: Scheme, tell: Tell) -> None:
    known = read_units_of_today()
    for name, party in scheme.parties.items():
        if party.code not in {"", REQUIRED} and party.code not in known and not _was_known(party.code, scheme):
            tell(
                ("parties", name, "code"),
                say("there is no division {code!r}", code=party.code),
                "a GB/T 2260 code, or none for a company",
            )
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or name == SELF:
            tell(
                ("parties", name),
                say("{name!r} cannot be the id of a party", name=name),
                "small letters, digits and _, and not self",
            )
    codes = Counter(party.code for party in scheme.parties.values() if party.code not in {"", REQUIRED})
    for name, party in scheme.parties.items():
        if codes[party.code] > 1:
            tell(("parties", name, "code"), say("two parties have the code {code}", code=party.code), "each party once")
    if isinstance(scheme.members, CountiesOf):
        if scheme.members.counties_of not in {NATION, *known}:
            tell(
                ("members", "counties_of"),
                say("there is no division {counties_of!r}", counties_of=scheme.members.counties_of),
                "the code of a province or prefecture",
            )
    else:
        if not scheme.members:
            tell(("members",), "there are no members", "ids of parties, or {counties_of: CODE}")
        seen: set[str] = set()
        for at, member in enumerate(scheme.members):
            _known_party(scheme, member, ("members", str(at)), "a member", tell)
            if member in seen:
                tell(("members", str(at)), say("the member {member} appears twice", member=member), "each member once")
            seen.add(member)
    members = frozenset(() if isinstance(scheme.members, CountiesOf) else scheme.members)
    for name, section in scheme.sections.items():
        if isinstance(scheme.members, CountiesOf):
            expected = "" if section.member in known else "the code of a member"
        else:
            expected = "" if section.member in members else say("a member: {members}", members=join_list(scheme.members))
        if expected:
            path = ("sections", name, "party" if section.party else "upstream")
            tell(path, say("the section {name} speaks for {party!r}", name=name, party=section.member), expected)
        for side in (UPSTREAM, DOWNSTREAM):
            end = getattr(section, side)
            if (
                end
                and end != section.member
                and end not in scheme.parties
                and not (isinstance(scheme.members, CountiesOf) and end in known)
            ):
                tell(
                    ("sections", name, side),
                    say("{side} of the section {name} is {party!r}", side=side, name=name, party=end),
                    "a party, or the code of a member",
                    near=(end, scheme.parties),
                )
        if section.upstream and section.upstream == section.downstream:
            tell(
                ("sections", name), say("the section {name} has the same party on both sides", name=name), "two different parties"
            )


def _was_known(code: str, scheme: Scheme) -> bool:
    """Return whether a code was that of a county when the scheme began."""
    return any(one.year >= scheme.effective.from_.year for one in find_retired(code))


def _known_party(scheme: Scheme, name: str, path: tuple[str, ...], what: str, tell: Tell) -> None:
    if name not in scheme.parties:
        tell(
            path,
            say("{what} is {name!r}, which is not a party", what=mark_word(what), name=name),
            say("one of {names}", names=join_list(scheme.parties)),
            near=(name, scheme.parties),
        )


def _check_numbers(scheme: Scheme, tell: Tell) -> bool:
    """Tell what is wrong with constants and inputs; return whether every unit can be read."""
    measured = True
    for name, constant in scheme.constants.items():
        path = ("constants", name)
        if isinstance(constant.value, dict):
            for member, text in constant.value.items():
                _decimal(text, (*path, "value", member), tell)
            of_sections = bool(scheme.sections) and set(constant.value) == set(scheme.sections)
            if not isinstance(scheme.members, CountiesOf) and set(constant.value) != set(scheme.members) and not of_sections:
                tell(
                    (*path, "value"),
                    say("{name} is given for {value}", name=name, value=join_list(constant.value)),
                    say("one for every member: {members}", members=join_list(scheme.members)),
                )
        elif constant.value != REQUIRED:
            _decimal(constant.value, (*path, "value"), tell)
        elif not constant.note:
            tell(
                path,
                say("{name} is REQUIRED and the document does not say why", name=name),
                "note: what is not known, and who has it",
            )
        measured &= _unit(constant.unit, (*path, "unit"), tell)
        if name in scheme.inputs or name in scheme.values:
            tell(
                path,
                say(
                    "{name} is a constant and {other}",
                    name=name,
                    other=mark_word("an input" if name in scheme.inputs else "a value"),
                ),
                "one meaning a name",
            )
    for name, one in scheme.inputs.items():
        path = ("inputs", name)
        measured &= _unit(one.unit, (*path, "unit"), tell)
        if one.range is not None:
            ends = [_decimal(end, (*path, "range"), tell) for end in one.range]
            if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
                tell((*path, "range"), say("the range of {name} ends below its beginning", name=name), "[least, most]")
        if name in scheme.values:
            tell(path, say("{name} is an input and a value", name=name), "one meaning a name")
        if one.by == SECTION and not scheme.sections:
            tell(
                (*path, "by"),
                say("{name} is given by section, and there are no sections", name=name),
                "sections: {ID: {name, party}}",
            )
        if one.needed_if and one.needed_if not in scheme.constants:
            tell(
                (*path, "needed_if"),
                say("{name} is needed if {needed_if!r}, which is not a constant", name=name, needed_if=one.needed_if),
                say("one of {names}", names=join_list(scheme.constants)),
            )
        if one.missing == "carry" and one.every == "year":
            tell(
                (*path, "missing"),
                say("{name} is yearly and has no earlier period to carry on", name=name),
                "refuse, skip or {as, because}",
            )
        if one.indicators is not None and (one.by != PARTY or one.every != "year" or one.account is not None):
            tell(
                (*path, "indicators"),
                say("{name} is what indicators come to, and not one figure a member and year", name=name),
                "by: party, every: year, and no account",
            )
        if one.indicators is not None and one.indicators.figure != "score" and not one.indicators.of:
            tell((*path, "indicators"), say("{name} does not say of which indicator", name=name), "of: ID")
        if one.account is not None:
            for found, expected, hint in find_wrong_parts(one.account):
                tell((*path, "account"), say("{name} {found}", name=name, found=found), expected, hint)
    return measured


def _decimal(text: str, path: tuple[str, ...], tell: Tell) -> Fraction | None:
    try:
        return parse_decimal(text)
    except ValueError as error:
        tell(path, error.args[0], 'digits with at most one decimal point, such as "0.50"')
        return None


def _unit(text: str, path: tuple[str, ...], tell: Tell) -> bool:
    try:
        find_dimension(text)
        convert_to_base(text)
    except UnitError as error:
        tell(path, error.args[0], "a unit such as 万元, mg/L, m3, t, %, water_class or score")
        return False
    return True


def _check_accounts(scheme: Scheme, tell: Tell) -> None:
    def told(found: Any, path: tuple[str, ...]) -> None:
        for side, code in (("from", found.from_), ("to", found.to)):
            if code not in read_budget_subjects():
                tell(
                    (*path, side),
                    say("the account {code!r} is not known", code=code),
                    "a code of coefficients/schemes/accounts.csv, or unstated",
                )

    told(scheme.accounts, ("accounts",))
    for at, operation in enumerate(scheme.rule):
        if operation.accounts is not None:
            told(operation.accounts, ("rule", str(at), "accounts"))
    for name, fund in scheme.funds.items():
        for at, source in enumerate(fund.sources):
            if source.accounts is not None:
                told(source.accounts, ("funds", name, "sources", str(at), "accounts"))


def _check_names(scheme: Scheme, trees: Trees, tell: Tell, *, whole: bool) -> bool:
    """Tell names that mean nothing; return whether all can be followed. Names in formulas were told when those were read."""
    used: set[str] = {one.needed_if for one in scheme.inputs.values()} | set(scheme.notes)
    used |= {name for invariant in scheme.invariants for name in invariant.sum_is_one}
    for name in scheme.titles:
        if name not in scheme.values and name not in scheme.constants:
            titled = [*scheme.values, *scheme.constants]
            tell(
                ("titles", name),
                say("{name!r} has a title and is no value or constant", name=name),
                say("one of {names}", names=join_list(titled)),
                near=(name, titled),
            )
    for name in scheme.notes:
        if name not in scheme.values:
            tell(
                ("notes", name),
                say("{name!r} is noted and is not a value", name=name),
                say("one of {names}", names=join_list(scheme.values)),
                near=(name, scheme.values),
            )
    for path, tree in trees.items():
        used |= set(list_names_in(tree))
        _check_results(scheme, trees, path, tree, tell)
        for part in walk_parts(tree):
            if isinstance(part, Member) and not isinstance(scheme.members, CountiesOf) and part.id not in scheme.members:
                tell(
                    path,
                    say("{id!r} is not a member", id=part.id),
                    say("one of {names}", names=join_list(scheme.members)),
                    near=(part.id, scheme.members),
                )
    if not whole:
        return False
    for group, names in (("inputs", scheme.inputs), ("constants", scheme.constants), ("values", scheme.values)):
        for name in names:
            if name not in used:
                tell(
                    (group, name),
                    say("{name} is declared and nothing uses it", name=name),
                    "a use of it",
                    "take it out, or use it in the rule",
                )
    return True


def _check_results(scheme: Scheme, trees: Trees, path: tuple[str, ...], tree: Node, tell: Tell) -> None:
    """Tell results of operations that are none, or that come after the one that needs them."""
    operations = [one.name for one in scheme.rule]
    for name in list_names_in(tree):
        operation = name.removeprefix(RESULT)
        if name.startswith(RESULT) and operation not in operations:
            tell(
                path,
                say("there is no operation {name!r}", name=operation),
                say("one of {names}", names=join_list(operations)),
                near=(operation, operations),
            )
    if path[0] == "values":
        return
    before = operations[: int(path[1])] if path[0] == "rule" else operations if path[0] == "invariants" else []
    for operation in sorted(list_results(trees, tree)):
        if operation in operations and operation not in before:
            tell(
                path,
                say("the result of {operation} is needed before it is there", operation=operation),
                say("an earlier operation, or earlier(result({operation}), years=1)", operation=operation),
            )


def _ordered(scheme: Scheme, trees: Trees, tell: Tell) -> tuple[str, ...]:
    """Return the values, each behind those it names; tell those that name themselves, and those that build too high on one another."""
    order: list[str] = []
    state: dict[str, int] = {}
    deep: dict[str, int] = {}
    too_deep: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if state.get(name) == 1:
            circle = " → ".join((*above[above.index(name) :], name))
            tell(
                ("values", name),
                say("the values go in a circle: {circle}", circle=circle),
                "values that end in inputs and constants",
            )
            return
        if name in state or ("values", name) not in trees:
            return
        if len(above) > MOST_DEEP:
            too_deep.append(name)
            return
        state[name] = 1
        named = [used for used in list_names_in(trees["values", name]) if used in scheme.values]
        for used in named:
            visit(used, (*above, name))
        deep[name] = 1 + max((deep.get(used, 0) for used in named), default=0)
        too_deep.extend([name] if deep[name] > MOST_DEEP else [])
        state[name] = 2
        order.append(name)

    for name in scheme.values:
        if not too_deep:
            visit(name, ())
    if too_deep:
        tell(
            ("values", too_deep[0]),
            say("more than {count} values build on one another up to {name}", count=MOST_DEEP, name=too_deep[0]),
            say("at most {count}", count=MOST_DEEP),
            "put several steps into one formula",
        )
    return tuple(order)


def _check_weights(scheme: Scheme, trees: Trees, tell: Tell) -> None:
    for path, tree in trees.items():
        for part in walk_parts(tree):
            if isinstance(part, Weighted):
                weights = [
                    read_fixed_numbers(scheme.constants[weight.id])
                    if isinstance(weight, Leaf) and weight.id in scheme.constants
                    else find_fixed_number(scheme, weight)
                    for weight, _ in part.parts
                ]
                wrong = next((whole for whole in _sum_by_member(weights) if whole != 1), None)
                if wrong is not None:
                    tell(path, say("the weights sum to {whole}", whole=format_exact(wrong)), "exactly 1")
            if isinstance(part, Binary) and part.sign == "/" and find_fixed_number(scheme, part.right) == 0:
                tell(path, say("{part} divides by zero", part=show_text(part)), "a divisor other than 0")
    for at, invariant in enumerate(scheme.invariants):
        path = ("invariants", str(at))
        stated = [bool(invariant.sum_is_one), bool(invariant.zero_sum), bool(invariant.fund_is_spent), bool(invariant.equal)]
        if sum(stated) != 1:
            tell(path, "the invariant states nothing, or several things", "one of sum_is_one, zero_sum, fund_is_spent, equal")
        unknown = [name for name in invariant.sum_is_one if name not in scheme.constants]
        if unknown:
            tell(path, say("sum_is_one names {unknown}", unknown=join_list(unknown)), "constants")
        elif invariant.sum_is_one:
            found = [read_fixed_numbers(scheme.constants[name]) for name in invariant.sum_is_one]
            alone = found[0] if len(found) == 1 and isinstance(found[0], dict) else None
            wrong = next((whole for whole in _sum_by_member([*alone.values()] if alone else found) if whole != 1), None)
            if wrong is not None:
                tell(
                    path,
                    say("{sum_is_one} sum to {whole}", sum_is_one=join_list(invariant.sum_is_one), whole=format_exact(wrong)),
                    "exactly 1",
                )
        if invariant.zero_sum and invariant.zero_sum not in {one.name for one in scheme.rule if one.op == "clear"}:
            tell(path, say("zero_sum names {zero_sum!r}", zero_sum=invariant.zero_sum), "the name of a clear operation")
        if invariant.fund_is_spent and invariant.fund_is_spent not in scheme.funds:
            tell(
                path,
                say("fund_is_spent names {fund_is_spent!r}", fund_is_spent=invariant.fund_is_spent),
                say("one of {names}", names=join_list(scheme.funds)),
            )


def _sum_by_member(weights: Sequence[Fraction | dict[str, Fraction] | None]) -> list[Fraction]:
    """Return what weights sum to, for each member where some of them vary; empty where one is not known."""
    members = list(dict.fromkeys(member for one in weights if isinstance(one, dict) for member in one))
    wholes = [_sum([one.get(member) if isinstance(one, dict) else one for one in weights]) for member in members or [""]]
    return [whole for whole in wholes if whole is not None]


def _sum(weights: Sequence[Fraction | None]) -> Fraction | None:
    known = [weight for weight in weights if weight is not None]
    return sum(known, Fraction(0)) if len(known) == len(weights) else None
