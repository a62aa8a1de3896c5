"""How an account was computed, in the language of a reader: each rule, its cells in numbers, and where every number came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.explain.conversions import say_conversion
from gep.explain.trace import describe_choice
from gep.messages.citing import cite
from gep.messages.punctuation import widen_punctuation
from gep.messages.texts import say_in
from gep.reference.members import find_member_title, is_ecosystem
from gep.reports.model import Audit, Method, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gep.explain.explain import Explained, Origin


def make_methods(cells: Iterable[Explained], lang: str, name_leaf: Callable[[str], str] | None = None) -> tuple[Method, ...]:
    """Return the rules of some cells in the order of the trace: the value first, what it rests on below.

    Parameters
    ----------
    cells     : each with the numbers it was computed from, in the unit of its rule
    name_leaf : the name of a variable or coefficient by its id; None: as the store keeps it
    """
    rules: dict[str, list[Explained]] = {}
    for cell in cells:
        rules.setdefault(cell.rule, []).append(cell)
    return tuple(_make_method(of, lang, name_leaf) for of in rules.values())


def _make_method(cells: list[Explained], lang: str, name_leaf: Callable[[str], str] | None) -> Method:
    first = cells[0]
    return Method(
        first.rule,
        _title(first, lang),
        first.variant,
        first.html,
        first.formula,
        say_in(cite(first.source, first.clause) if first.clause else first.source, lang),
        first.mark,
        first.unit,
        tuple(_make_audit(cell, lang, name_leaf) for cell in cells),
    )


def _make_audit(cell: Explained, lang: str, name_leaf: Callable[[str], str] | None) -> Audit:
    origins = tuple(
        Where(
            one.symbol,
            name_leaf(one.id) if name_leaf else _title(one, lang),
            _name_members(one.members, lang),
            one.value,
            one.unit,
            one.as_given,
            one.address,
            say_in(one.source, lang),
            one.mark,
            say_conversion(one.steps, lang),
            describe_choice(one, lang) if one.level or one.beaten else "",
        )
        for one in cell.origins
    )
    return Audit(_name_members(cell.members, lang), cell.numbers, cell.value, cell.unit, origins)


def _title(one: Explained | Origin, lang: str) -> str:
    return widen_punctuation(one.title_zh) if lang == "zh" else one.title_en


def _name_members(members: str, lang: str) -> str:
    """Return members with the names of ecosystem types and, in English, of common products; pollutants keep theirs."""
    return " ".join(find_member_title("ecosystem" if is_ecosystem(name) else "product", name)[lang] for name in members.split())
