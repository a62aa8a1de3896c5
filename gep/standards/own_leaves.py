"""The figures and parameters that a standard declares, as leaves of formulas; and what is wrong with their declarations."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from gep.formula.infix import RULE_FUNCTIONS
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, Coefficient, Leaf, Observed
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.messages.title import Title
from gep.rules.catalogue import SERVICES
from gep.standards.own import OwnVariable
from gep.units.registry import UnitError, parse_unit, remove_price_year
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from gep.standards.own import OwnCoefficient, OwnParts

    Tell = Callable[[tuple[str, ...], str, str, str], None]
    """Takes keys from the outermost to the part, what was found there, what was expected and what to do."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
ORDER = (ECOSYSTEM, POLLUTANT)
"""Axes that stand before the lists of a county's own."""


def make_own_leaves(standard: OwnParts, known: Mapping[str, Leaf], tell: Tell) -> dict[str, Leaf]:
    """Return the leaves that a standard declares, by id; those that cannot stand are told and left out.

    Parameters
    ----------
    known : leaves of the program by id
    """
    found: dict[str, Leaf] = {}
    for kind, declared in (("variables", standard.variables), ("coefficients", standard.coefficients)):
        for identity, one in declared.items():
            if _fits(kind, identity, one, {*known, *SERVICES, *found}, tell):
                found[identity] = _make_leaf(identity, one)
    leaves = (make_members_leaf(identity, axis) for identity, axes in standard.limits.items() for axis in axes)
    return found | {leaf.id: leaf for leaf in leaves}


_COUNTED = {
    ECOSYSTEM: ("types", "δ", Title("该项计入的地类", "types that the line counts"), Title("计入的地类", "types that count")),
    POLLUTANT: (
        "pollutants",
        "ε",
        Title("该项计入的污染物", "pollutants that the line counts"),
        Title("计入的污染物", "pollutants that count"),
    ),
}


def make_members_leaf(owner: str, axis: str) -> Coefficient:
    """Return the parameter that is 1 for the ecosystem types or pollutants a line or service counts, and 0 for all others."""
    ending, letter, of_line, of_service = _COUNTED[axis]
    name, title = owner.replace(".", "_"), of_line
    symbol = make_symbol(name.partition("_")[2], letter)
    if owner in SERVICES:
        whole = SERVICES[owner].title
        title = Title(f"{whole.zh}{of_service.zh}", f"{whole.en}, {of_service.en}")
        symbol = make_symbol(name, letter)
    return Coefficient(f"{name}_{ending}", symbol=symbol, unit="1", axes=(axis,), title=title, least=0, most=1)


def make_symbol(name: str, letter: str) -> str:
    """Return letters for a formula: a letter, and the beginnings of the words of an id as its index."""
    return f"{letter}_{''.join(word[:4] for word in name.split('_'))}"


def _fits(kind: str, identity: str, one: OwnVariable | OwnCoefficient, taken: Container[str], tell: Tell) -> bool:
    """Return whether a declaration can stand; what is wrong with it is told."""
    path, fits = (kind, identity), True

    def wrong(found: str, expected: str, hint: str = "", *more: str) -> None:
        nonlocal fits
        fits = False
        tell((*path, *more), found, expected, hint)

    if not NAME.fullmatch(identity) or keyword.iskeyword(identity) or identity in RULE_FUNCTIONS:
        wrong(say("{id!r} cannot be an id", id=identity), say("small letters, digits and _, beginning with a letter"))
    if identity in taken:
        wrong(say("{id} is already an id of the program", id=identity), say("an id of its own"))
    for axis in one.axes:
        if not NAME.fullmatch(axis):
            wrong(say("{id!r} cannot be an id", id=axis), say("small letters, digits and _, beginning with a letter"), "", "axes")
    if len(set(one.axes) - set(ORDER)) > 1 or len(set(one.axes)) < len(one.axes):
        wrong(
            say("{id} varies over {axes}", id=identity, axes=join_list(one.axes)),
            say("ecosystem, pollutant and at most one other list, each once"),
            "",
            "axes",
        )
    try:
        if remove_price_year(one.unit) != one.unit or parse_unit(one.unit).scale != 1:
            wrong(
                say("the unit of {id} is {unit!r}", id=identity, unit=one.unit),
                say("a unit without scale and price year"),
                "",
                "unit",
            )
    except UnitError as error:
        wrong(say("the unit of {id} is {unit!r}", id=identity, unit=one.unit), say("a unit"), error.args[0], "unit")
    department = getattr(one, "department", None)
    if department is not None and department not in DEPARTMENTS:
        near = suggest_nearest(department, DEPARTMENTS)
        wrong(
            say("{what} is {name!r}", what=say("a department"), name=department),
            say("one of {names}", names=join_list(DEPARTMENTS)),
            near,
            "department",
        )
    if getattr(one, "extent", False) and not one.axes:
        wrong(say("{id} says who its members are, and has no axes", id=identity), "axes: [ecosystem]", "", "extent")
    if one.least is not None and one.most is not None and one.least > one.most:
        wrong(
            say("{id}: least {least:g} is above most {most:g}", id=identity, least=one.least, most=one.most),
            say("least below most"),
            "",
            "least",
        )
    return fits


def _make_leaf(identity: str, one: OwnVariable | OwnCoefficient) -> Leaf:
    axes = tuple(sorted(one.axes, key=lambda axis: ORDER.index(axis) if axis in ORDER else len(ORDER)))
    symbol, title = one.symbol or make_symbol(identity, identity[0]), Title(one.title.zh, one.title.en)
    if isinstance(one, OwnVariable):
        return Observed(
            identity,
            symbol=symbol,
            unit=one.unit,
            axes=axes,
            title=title,
            department=one.department,
            about=Title(one.about or one.title.zh, one.about or one.title.en),
            extent=one.extent,
            whole=one.whole,
            least=one.least,
            most=one.most,
        )
    return Coefficient(identity, symbol=symbol, unit=one.unit, axes=axes, title=title, least=one.least, most=one.most)
