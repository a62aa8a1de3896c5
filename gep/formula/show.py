"""A formula as people read it: symbols as text, and the same as HTML for the report."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gep.formula.nodes import (
    DAY,
    MONTH,
    PARTY,
    QUARTER,
    SECTION,
    WEEK,
    AllOf,
    AnyOf,
    AtLeastZero,
    Bands,
    Binary,
    Compare,
    Constant,
    Earlier,
    FirstKnown,
    Fold,
    Function,
    If,
    IfAtMost,
    InUnits,
    InYear,
    Larger,
    Leaf,
    Member,
    Node,
    Not,
    Power,
    Rank,
    RoundTo,
    Rule,
    Share,
    ShownIn,
    Since,
    Smaller,
    Sum,
    Total,
    Weighted,
)
from gep.units.registry import print_unit

if TYPE_CHECKING:
    from collections.abc import Callable

INDEX = {"ecosystem": "i", "pollutant": "j", PARTY: "p", SECTION: "s", QUARTER: "q", MONTH: "m", WEEK: "w", DAY: "d"}
"""Letter of an axis in a printed formula; every item axis is `k`."""
COMPARED = {"<=": " ≤ ", "<": " < ", ">=": " ≥ ", ">": " > ", "==": " = "}
FOLDS = {"sum": "Σ", "mean": "mean", "least": "min", "most": "max"}
SINCE = {**FOLDS, "product": "Π"}
SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " / "}
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}
ATOM, POWER = 9, 3
COMPARISON, BOTH, EITHER = 0, -1, -2
"""How strongly comparisons, ∧ and ∨ bind: less than any sign."""


def find_index_letter(axis: str) -> str:
    """Return the letter that marks an axis in a printed formula: i, j, p, s, q or m, and k for any item axis."""
    return INDEX.get(axis, "k")


def show_text(node: Node) -> str:
    """Return a formula in symbols, such as `Σ_i A_i × (P − R_i)`.

    Raises
    ------
    TypeError : a kind of node that is not printed; a mistake of ours
    """
    return _text(node)[0]


def show_equation(rule: Rule, node: Node) -> str:
    """Return a rule as `symbol = formula`, the formula that a standard chose for it."""
    return f"{_named(rule)} = {show_text(node)}"


def show_number(value: float) -> str:
    """Return a number with every digit it was computed with, thousands marked."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return "?"
    shown = repr(float(value))
    if "e" in shown:
        return shown
    whole, _, part = shown.partition(".")
    sign, digits = ("−", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}"
    return f"{sign}{grouped}.{part}" if part not in {"", "0"} else f"{sign}{grouped}"


def put_brackets(part: tuple[str, int], least: int, *, strictly: bool = False) -> str:
    """Return a printed part, in brackets if it binds less than the sign beside it.

    Parameters
    ----------
    part  : a text, and how strongly its outermost sign binds
    least : how strongly it must bind to stand without brackets
    strictly : brackets also for what binds equally
    """
    shown, strength = part
    return f"({shown})" if strength < least or (strictly and strength == least) else shown


def join(sign: str, left: tuple[str, int], right: tuple[str, int]) -> tuple[str, int]:
    """Return two printed parts joined by a sign, with brackets where they are needed.

    Parameters
    ----------
    sign : one of + - * /; subtraction and division bracket an equal on the right
    left, right : a text, and how strongly its outermost sign binds

    Returns
    -------
    the text, and how strongly the sign binds
    """
    strength = STRENGTH[sign]
    return (f"{put_brackets(left, strength)}{SIGNS[sign]}{put_brackets(right, strength, strictly=sign in '-/')}", strength)


def _named(node: Leaf | Rule) -> str:
    letters = "".join(find_index_letter(axis) for axis in node.axes)
    if not letters:
        return node.symbol
    return f"{node.symbol},{letters}" if "_" in node.symbol else f"{node.symbol}_{letters}"


def _text(node: Node) -> tuple[str, int]:
    match node:
        case Constant():
            return show_constant(node)
        case Leaf() | Rule():
            return _named(node), ATOM
        case Binary(sign=sign, left=left, right=right):
            return join(sign, _text(left), _text(right))
        case Power(base=base, exponent=exponent):
            return f"{put_brackets(_text(base), POWER, strictly=True)}^{put_brackets(_text(exponent), ATOM)}", POWER
        case Function(name=name, argument=argument):
            return f"{name}({show_text(argument)})", ATOM
        case Smaller(left=left, right=right):
            return f"min({show_text(left)}; {show_text(right)})", ATOM
        case AtLeastZero(argument=argument):
            return f"max(0; {show_text(argument)})", ATOM
        case FirstKnown(options=options):
            return f"known({'; '.join(show_text(option) for option in options)})", ATOM
        case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
            return f"if({show_text(left)} ≤ {show_text(right)}; {show_text(then)}; {show_text(otherwise)})", ATOM
        case Total(argument=argument, over=over):
            return f"Σ_{find_index_letter(over)} {put_brackets(_text(argument), 2)}", 1
        case InUnits(argument=argument, unit=unit):
            return f"{{{show_text(argument)} in {unit}}}", ATOM
        case Sum(parts=((_, part),)):
            return _text(part)
        case Sum(parts=parts):
            return " + ".join(put_brackets(_text(part), 1) for _, part in parts), 1
    return show_scheme_node(node, _text, lambda sign, index: f"{sign}[{index}]" if index.startswith("t") else f"{sign}_{index}")


def show_constant(node: Constant) -> tuple[str, int]:
    """Return a number as the published text has it.

    Returns
    -------
    the text, and how strongly its outermost sign binds
    """
    shown = (node.text or show_number(node.value)).replace("-", "−")
    return shown, 2 if "/" in shown else COMPARISON if shown.startswith("−") else ATOM


def show_scheme_node(node: Node, part: Callable[[Node], tuple[str, int]], indexed: Callable[[str, str], str]) -> tuple[str, int]:
    """Return the nodes that schemes write, the same as text and as HTML.

    Parameters
    ----------
    part    : prints a part of the node, with how strongly it binds
    indexed : puts an index to a sign

    Raises
    ------
    TypeError : a kind of node that is not printed; a mistake of ours
    """
    match node:
        case Larger(left=left, right=right):
            return f"max({part(left)[0]}; {part(right)[0]})", ATOM
        case Compare(sign=sign, left=left, right=right):
            return f"{put_brackets(part(left), 1)}{COMPARED[sign]}{put_brackets(part(right), 1)}", COMPARISON
        case AllOf(parts=parts):
            return " ∧ ".join(put_brackets(part(one), COMPARISON) for one in parts), BOTH
        case AnyOf(parts=parts):
            return " ∨ ".join(put_brackets(part(one), BOTH) for one in parts), EITHER
        case Not(argument=argument):
            return f"¬{put_brackets(part(argument), ATOM)}", ATOM
        case If(condition=condition, then=then, otherwise=otherwise):
            return f"if({'; '.join(part(one)[0] for one in (condition, then, otherwise))})", ATOM
        case Fold(argument=argument, over=over, how="sum", by=by):
            return f"{indexed('Σ', f'{find_index_letter(over)}∈{find_index_letter(by)}')} {put_brackets(part(argument), 2)}", 1
        case Fold(argument=argument, over=over, how=how):
            return f"{indexed(FOLDS[how], find_index_letter(over))}({part(argument)[0]})", ATOM
        case Share(argument=argument, over=over):
            whole = f"{indexed('Σ', find_index_letter(over))} {put_brackets(part(argument), 2)}"
            return f"{put_brackets(part(argument), 2)} / ({whole})", 2
        case Rank(argument=argument, over=over, first=first):
            return f"{indexed(f'rank_{first}', find_index_letter(over))}({part(argument)[0]})", ATOM
        case Weighted(parts=weighted):
            return " + ".join(join("*", part(weight), part(one))[0] for weight, one in weighted), 1
        case Bands(argument=argument, limits=limits, values=values):
            ends = (*(f"≤ {end}" for end in limits), f"> {limits[-1]}") if limits else ("",)
            rows = "; ".join(f"{end}: {part(value)[0]}" for end, value in zip(ends, values, strict=False))
            return f"bands({part(argument)[0]}; {rows})", ATOM
        case Earlier(argument=argument, years=years):
            return indexed(put_brackets(part(argument), ATOM), f"t−{years}"), ATOM
        case InYear(argument=argument, year=year):
            return indexed(put_brackets(part(argument), ATOM), f"t={year}"), ATOM
        case Since(argument=argument, first=first, how=how):
            return f"{indexed(SINCE[how], f't≥{first}')} {put_brackets(part(argument), ATOM)}", 1
        case RoundTo(argument=argument, step=step, how=how):
            return f"{how}({part(argument)[0]}; {part(step)[0]})", ATOM
        case Member(id=name, over=over):
            return f"[{find_index_letter(over)} = {name}]", ATOM
        case ShownIn(argument=argument):
            return part(argument)
    raise TypeError(node)


def show_html_equation(rule: Rule, node: Node) -> str:
    """Return a rule as `symbol = formula` in HTML, the formula that a standard chose for it.

    Italics, subscripts and fractions are marked; the report's stylesheet gives them their looks.

    Raises
    ------
    TypeError : a kind of node that is not printed; a mistake of ours
    """
    return f'<span class="formula">{_html_name(rule)} = {_html(node)[0]}</span>'


def _html_name(node: Leaf | Rule) -> str:
    base, _, below = node.symbol.partition("_")
    letters = "".join(find_index_letter(axis) for axis in node.axes)
    sub = ",".join(part for part in (below, letters) if part)
    return f"<i>{escape(base)}</i>" + (f"<sub>{escape(sub)}</sub>" if sub else "")


def _html(node: Node) -> tuple[str, int]:
    match node:
        case Constant():
            return escape(show_constant(node)[0]), show_constant(node)[1]
        case Leaf() | Rule():
            return _html_name(node), ATOM
        case Binary(sign="/", left=left, right=right):
            above, below = _html(left)[0], _html(right)[0]
            return f'<span class="frac"><span>{above}</span><span class="below">{below}</span></span>', ATOM
        case Binary(sign=sign, left=left, right=right):
            return join(sign, _html(left), _html(right))
        case Power(base=base, exponent=exponent):
            return f"{put_brackets(_html(base), POWER, strictly=True)}<sup>{_html(exponent)[0]}</sup>", POWER
        case Function(name="exp", argument=argument):
            return f"e<sup>{_html(argument)[0]}</sup>", POWER
        case Function(name=name, argument=argument):
            return f"{name}({_html(argument)[0]})", ATOM
        case Smaller(left=left, right=right):
            return f"min({_html(left)[0]}; {_html(right)[0]})", ATOM
        case AtLeastZero(argument=argument):
            return f"max(0; {_html(argument)[0]})", ATOM
        case FirstKnown(options=options):
            return f"known({'; '.join(_html(option)[0] for option in options)})", ATOM
        case IfAtMost(left=left, right=right, then=then, otherwise=otherwise):
            parts = [_html(part)[0] for part in (left, right, then, otherwise)]
            return f"if({parts[0]} ≤ {parts[1]}; {parts[2]}; {parts[3]})", ATOM
        case Total(argument=argument, over=over):
            return f'<span class="sum">Σ<sub>{find_index_letter(over)}</sub></span> {put_brackets(_html(argument), 2)}', 1
        case InUnits(argument=argument, unit=unit):
            return f"{{{_html(argument)[0]} in {escape(print_unit(unit))}}}", ATOM
        case Sum(parts=((_, part),)):
            return _html(part)
        case Sum(parts=parts):
            return " + ".join(put_brackets(_html(part), 1) for _, part in parts), 1
    return show_scheme_node(node, _html, lambda sign, index: f'<span class="sum">{sign}<sub>{escape(index)}</sub></span>')
