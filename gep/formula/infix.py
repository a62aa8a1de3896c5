"""A formula as people write it, read into nodes: a whitelist over Python's own grammar that refuses everything else.

k0 * (k_codmn * codmn / codmn_0 + k_tp * tp / tp_0)        p <= p_limit and not accident
sum(met, over=month)        share(area, over=party)        stake if polluted else missed * per_missed
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from typing import TYPE_CHECKING

from gep.formula.nodes import (
    ANGLES,
    DAY,
    MONTH,
    PARTY,
    QUARTER,
    RESULT,
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
    InUnits,
    InYear,
    Larger,
    Member,
    Not,
    Observed,
    Power,
    Rank,
    RoundTo,
    Share,
    ShownIn,
    Since,
    Smaller,
    Total,
    Weighted,
    deadband,
)
from gep.messages.problems import Problem
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.messages.title import Title
from gep.units.registry import UnitError, parse_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gep.formula.nodes import Node

    Reading = Callable[["_Reader", ast.Call], Node]

SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS: dict[type[ast.cmpop], str] = {ast.LtE: "<=", ast.Lt: "<", ast.GtE: ">=", ast.Gt: ">", ast.Eq: "=="}
AXES = (PARTY, SECTION, QUARTER, MONTH, WEEK, DAY)
ABOVE = "above"
"""Upper end of the last band."""
MOST_NAMES = 60
"""Names that a refusal lists; where there are more, it says what lists them."""
LONGEST, DEEPEST, MOST_TERMS, MOST_YEARS = 4000, 100, 200, 99
"""Characters, levels and terms in a row that a formula may have, and years it may look back."""
_DECIMAL = re.compile(r"[0-9]{1,60}(\.[0-9]{1,60})?")
_OTHER_SIGNS = str.maketrans("（），＋－×÷＊／＜＞＝≤≥−：“”", '(),+-*/*/<>=<>-:""')


class FormulaError(ValueError):
    """A text that is not a formula: what was found, in which column, what was expected and what to do."""

    def __init__(self, found: str, column: int, expected: str = "", hint: str = "") -> None:
        self.found, self.column, self.expected, self.hint = found, column, expected, hint
        super().__init__(found)

    @property
    def text(self) -> str:
        """Return what was found, with its column."""
        return say("{found} (column {column})", found=self.found, column=self.column) if self.column else self.found

    def problem(self, file: str, line: int) -> Problem:
        """Return the same as a problem of a file, to be raised with others."""
        return Problem(file, line, self.text, self.expected, self.hint)


def parse(
    formula: str,
    names: Mapping[str, Node],
    unknown: str = "there is no quantity {name!r}",
    axes: tuple[str, ...] = AXES,
    functions: Mapping[str, Reading] | None = None,
) -> Node:
    """Return the tree of a formula that somebody wrote, such as `p <= p_limit and not accident`.

    Parameters
    ----------
    names     : what a name in the formula stands for; nothing else is known; a name may have a dot in it
    unknown   : how it is said that a name is none of them, with {name!r} in it
    axes      : what may be summed over
    functions : what may be called, `FUNCTIONS` for schemes, `RULE_FUNCTIONS` for rules; None: those of schemes

    Raises
    ------
    FormulaError : the text is not a formula, or names what is not known
    """
    text = formula.replace("\n", " ")
    indent = len(text) - len(text.lstrip())
    _refuse_strange_signs(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text.strip(), mode="eval").body
            known = FUNCTIONS if functions is None else functions
            return _Reader(text.strip(), names, indent, unknown, axes, known).node(body)
    except SyntaxError as error:
        raise _not_understood(text, error.offset + indent if error.offset else len(text) + 1, names) from None
    except (ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, FormulaError):
            raise
        raise FormulaError(say("the formula cannot be read"), 0, say("one line of names, numbers and signs")) from None


def _refuse_strange_signs(text: str) -> None:
    if not text.strip():
        raise FormulaError(say("the formula is empty"), 0, say("names, numbers and signs, such as a * (b - c)"))
    if len(text) > LONGEST:
        found = say("a formula of {count} characters", count=len(text))
        raise FormulaError(found, 0, say("at most {count}", count=LONGEST), say("give its parts names"))
    for at, sign in enumerate(re.sub(r'"[^"]*"', lambda quoted: "x" * len(quoted[0]), text), start=1):
        if sign in "#\\`@$;{}'" or not (sign.isascii() and sign.isprintable()):
            plain = sign.translate(_OTHER_SIGNS)
            hint = say("write {sign}", sign={"≤": "<=", "≥": ">="}.get(sign, plain)) if plain != sign else ""
            expected = say("small letters, digits and _, numbers, + - * / ( ) , <= < >= > ==, and, or, not, if, else")
            raise FormulaError(say("{sign!r} is not a sign of a formula", sign=sign), at, expected, hint)


def _not_understood(text: str, column: int, names: Mapping[str, Node]) -> FormulaError:
    """Return what is wrong with a text that has no grammar: a number, a word that has a meaning of its own, or its place."""
    before = text[: column - 1]
    begin = len(before) - len(re.search(r"[\w.%]*$", before)[0])  # type: ignore[index]
    expected: str = say("names, numbers and signs, such as a * (b - c)")
    reserved = [word for word in re.findall(r"\w+", text) if word in names and keyword.iskeyword(word)]
    if reserved:
        advice = say("{name} is a word of formulas; give that quantity another name", name=reserved[0])
        return FormulaError(say("{text!r} is not a formula", text=text.strip()), text.index(reserved[0]) + 1, expected, advice)
    number = re.match(r"[0-9][\w.%]*", text[begin:])
    if number and not _DECIMAL.fullmatch(number[0]):
        return _no_number(number[0], begin + 1)
    lonely = re.search(r"(?<![<>=!])=(?!=)", re.sub(r"\b(over|by|years)\s*=", "", text))
    hint: str = ""
    if lonely:
        hint = say("a single = does not compare; write ==")
    return FormulaError(say("{text!r} is not a formula", text=text.strip()), min(column, len(text) + 1), expected, hint)


def _no_number(written: str, column: int) -> FormulaError:
    expected = 'digits with at most one decimal point, such as "0.50"'
    return FormulaError(say("{written!r} is not a decimal number", written=written), column, expected)


class _Reader:
    """Makes nodes of Python's own tree, one whitelist; remembers the text, for columns and for numbers as they were written."""

    def __init__(
        self,
        text: str,
        names: Mapping[str, Node],
        indent: int,
        unknown: str,
        axes: tuple[str, ...],
        functions: Mapping[str, Reading],
    ) -> None:
        self.encoded, self.names, self.indent, self.unknown = text.encode(), names, indent, unknown
        self.axes, self.functions = axes, functions
        self.depth = 0

    def node(self, part: ast.expr) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refused(part, say("the formula is nested too deeply"), say("at most {count} levels", count=DEEPEST))
        made = self._made(part)
        self.depth -= 1
        return made

    def _made(self, part: ast.expr) -> Node:
        match part:
            case ast.Name(id=name):
                return self._named(part, name)
            case ast.Attribute(value=ast.Name(id=service), attr=name) if any("." in one for one in self.names):
                return self._named(part, f"{service}.{name}")
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self._number(part)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value) as operand) if not isinstance(
                value, bool
            ):
                return self._number(operand, "-")
            case ast.UnaryOp(op=ast.USub(), operand=right) | ast.BinOp(left=ast.Constant(value=0), op=ast.Sub(), right=right) if (
                "exp" in self.functions
            ):
                return Binary("*", Constant(-1.0, "1", "-1"), self.node(right))
            case ast.BinOp(left=left, op=ast.Pow(), right=right) if "exp" in self.functions:
                return Power(self.node(left), self.node(right))
            case ast.BinOp(op=sign) if type(sign) in SIGNS:
                return self._chain(part)
            case ast.BinOp(op=ast.Pow() | ast.BitXor()):
                found = say("{text!r} is a power", text=self.text(part))
                raise self.refused(part, found, say("a product"), say("write a * a"))
            case ast.Compare(ops=[ast.NotEq()]):
                found = say("{text!r} compares with !=", text=self.text(part))
                raise self.refused(part, found, say("one of < <= == >= >"), say("write not a == b"))
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in COMPARISONS:
                return Compare(COMPARISONS[type(sign)], self.node(left), self.node(right))
            case ast.Compare(ops=[_, _, *_]):
                raise self.refused(
                    part.comparators[1],
                    say("several comparisons in a row"),
                    say("one comparison"),
                    say("write a <= b and b <= c"),
                )
            case ast.BoolOp(op=ast.And(), values=values):
                return AllOf(tuple(self.node(value) for value in values))
            case ast.BoolOp(op=ast.Or(), values=values):
                return AnyOf(tuple(self.node(value) for value in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.node(operand))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return If(self.node(test), self.node(body), self.node(orelse))
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                return self.functions[name](self, part)
            case ast.Call(func=ast.Name(id=name)):
                expected = say("one of {names}", names=join_list(sorted(self.functions)))
                raise self.refused(
                    part, say("there is no function {name!r}", name=name), expected, suggest_nearest(name, self.functions)
                )
            case ast.UnaryOp(op=ast.USub()):
                raise self.refused(part, say("a minus before what is not a number"), say("a difference"), say("write 0 - x"))
        found = say("{text!r} has no meaning in a formula", text=self.text(part))
        raise self.refused(part, found, say("names, numbers, + - * /, comparisons, and, or, not, if … else and functions"))

    def _chain(self, part: ast.BinOp) -> Node:
        """Return a row of terms or factors, which is no nesting however long it is, up to MOST_TERMS."""
        rest: list[tuple[str, ast.expr]] = []
        first: ast.expr = part
        while isinstance(first, ast.BinOp) and type(first.op) in SIGNS:
            rest.append((SIGNS[type(first.op)], first.right))
            first = first.left
        if len(rest) >= MOST_TERMS:
            found = say("a row of {count} terms", count=len(rest) + 1)
            raise self.refused(part, found, say("at most {count}", count=MOST_TERMS), say("give its parts names"))
        made = self.node(first)
        for sign, right in reversed(rest):
            made = Binary(sign, made, self.node(right))
        return made

    def _named(self, part: ast.expr, name: str) -> Node:
        if name in self.names:
            return self.names[name]
        expected = say("one of {names}", names=join_list(sorted(self.names)))
        if len(self.names) > MOST_NAMES:
            expected = say("a name of gep variables, gep coefficients, gep rules or of the file itself")
        found = say(self.unknown, name=name)
        raise self.refused(part, found, expected, suggest_nearest(name, self.names))

    def _number(self, part: ast.Constant, sign: str = "") -> Constant:
        written = self.text(part)
        if not _DECIMAL.fullmatch(written):
            raise _no_number(written, self.column(part))
        return Constant(float(sign + written), "1", sign + written)

    def text(self, part: ast.expr) -> str:
        return self.encoded[part.col_offset : part.end_col_offset].decode()

    def column(self, part: ast.expr) -> int:
        return len(self.encoded[: part.col_offset].decode()) + 1 + self.indent

    def refused(self, part: ast.expr, found: str, expected: str = "", hint: str = "") -> FormulaError:
        return FormulaError(found, self.column(part), expected, hint)

    def arguments(
        self, call: ast.Call, form: str, count: int, keys: Iterable[str] = ()
    ) -> tuple[list[ast.expr], dict[str, ast.expr]]:
        """Return the arguments of a call: so many, or at least two where `count` is 0, and exactly the named ones."""
        named = {one.arg or "**": one.value for one in call.keywords}
        fits = len(call.args) == count if count else len(call.args) > 1
        if not fits or set(named) != set(keys) or len(named) != len(call.keywords):
            found = say("{text!r} does not have the right parts", text=self.text(call))
            raise self.refused(call, found, form)
        return call.args, named

    def axis(self, part: ast.expr) -> str:
        if isinstance(part, ast.Name) and part.id in self.axes:
            return part.id
        found, near = say("there is no axis {name!r}", name=self.text(part)), suggest_nearest(self.text(part), self.axes)
        raise self.refused(part, found, say("one of {names}", names=join_list(self.axes)), near)

    def year(self, part: ast.expr) -> int:
        written = self.text(part)
        if not re.fullmatch(r"(19|20)[0-9]{2}", written):
            raise self.refused(part, say("the year is {text!r}", text=written), say("a year such as 2019"))
        return int(written)

    def pairs(self, parts: list[ast.expr], form: str) -> list[tuple[ast.expr, ast.expr]]:
        found = []
        for part in parts:
            if not (isinstance(part, ast.List) and len(part.elts) == 2):  # noqa: PLR2004 - a pair
                raise self.refused(part, say("{text!r} is not a pair", text=self.text(part)), form)
            found.append((part.elts[0], part.elts[1]))
        return found


def _folded(how: str) -> Reading:
    def read(reader: _Reader, call: ast.Call) -> Node:
        keys = {one.arg for one in call.keywords}
        if keys == {"since"} or how == "product":
            form = say("{name}(x, since=2018)", name=_NAMES.get(how, how))
            args, named = reader.arguments(call, form, 1, {"since"})
            return Since(reader.node(args[0]), reader.year(named["since"]), how)
        if how in TWO_OR_MORE and not keys:
            form = say("{name}(a, b, …), or {name}(x, over=month)", name=_NAMES[how])
            parts = [reader.node(one) for one in reader.arguments(call, form, 0)[0]]
            made = parts[0]
            for part in parts[1:]:
                made = TWO_OR_MORE[how](made, part)
            return made
        form = say("{name}(x, over=month), over one of {axes}", name=_NAMES[how], axes=join_list(reader.axes))
        args, named = reader.arguments(call, form, 1, {"over", "by"} if "by" in keys else {"over"})
        over, by = reader.axis(named["over"]), reader.axis(named["by"]) if "by" in keys else ""
        if by and (over, by) not in BELONGS:
            forms = join_list(f"over={one}, by={other}" for one, other in BELONGS)
            raise reader.refused(
                named["by"], say("{over} does not belong to {by}", over=over, by=by), say("one of {names}", names=forms)
            )
        argument = reader.node(args[0])
        return Total(argument, over) if how == "sum" and not by else Fold(argument, over, how, by)

    return read


def _read_share(reader: _Reader, call: ast.Call) -> Node:
    args, named = reader.arguments(call, "share(x, over=party)", 1, {"over"})
    return Share(reader.node(args[0]), reader.axis(named["over"]))


def _read_rank(first: str) -> Callable[[_Reader, ast.Call], Node]:
    def read(reader: _Reader, call: ast.Call) -> Node:
        args, named = reader.arguments(call, f"rank_{first}(x, over=party)", 1, {"over"})
        return Rank(reader.node(args[0]), reader.axis(named["over"]), first)

    return read


def _read_earlier(reader: _Reader, call: ast.Call) -> Node:
    args, named = reader.arguments(call, "earlier(x, years=1)", 1, {"years"})
    years = reader.text(named["years"])
    if not re.fullmatch(r"[1-9][0-9]?", years):
        found = say("the years looked back are {text!r}", text=years)
        raise reader.refused(named["years"], found, say("a whole number from 1 to {most}", most=MOST_YEARS))
    return Earlier(reader.node(args[0]), int(years))


def _read_in_year(reader: _Reader, call: ast.Call) -> Node:
    (argument, year), _ = reader.arguments(call, "in_year(x, 2019)", 2)
    return InYear(reader.node(argument), reader.year(year))


def _read_round(how: str) -> Callable[[_Reader, ast.Call], Node]:
    def read(reader: _Reader, call: ast.Call) -> Node:
        argument, step = (reader.node(one) for one in reader.arguments(call, f"{how}(x, step)", 2)[0])
        return RoundTo(argument, step, how)

    return read


def _read_result(reader: _Reader, call: ast.Call) -> Node:
    (name,), _ = reader.arguments(call, "result(operation)", 1)
    if not isinstance(name, ast.Name):
        raise reader.refused(name, say("{text!r} is not the name of an operation", text=reader.text(name)), "result(operation)")
    return Observed(RESULT + name.id, name.id, "元", (PARTY,), Title(name.id, name.id))


def _read_bands(reader: _Reader, call: ast.Call) -> Node:
    form = "bands(x, [0.1, a], [0.5, b], [above, c])"
    if len(call.args) < 2 or call.keywords:  # noqa: PLR2004 - what is looked up, and a band
        raise reader.refused(call, say("{text!r} does not have the right parts", text=reader.text(call)), form)
    argument, *bands = call.args
    rows = reader.pairs(bands, form)
    limits: list[str] = []
    for at, (limit, _) in enumerate(rows):
        written = reader.text(limit)
        if written == ABOVE and at == len(rows) - 1:
            continue
        if not _DECIMAL.fullmatch(written.removeprefix("-")):
            found = say("a band ends at {text!r}", text=written)
            raise reader.refused(limit, found, say("a decimal, or {above} in the last band", above=ABOVE))
        if limits and float(written) <= float(limits[-1]):
            raise reader.refused(limit, say("the bands do not rise"), say("each upper end above the one before"))
        limits.append(written)
    return Bands(reader.node(argument), tuple(limits), tuple(reader.node(value) for _, value in rows))


def _read_weighted(reader: _Reader, call: ast.Call) -> Node:
    form = "weighted([w_water, water], [w_forest, forest])"
    if not call.args or call.keywords:
        raise reader.refused(call, say("{text!r} does not have the right parts", text=reader.text(call)), form)
    return Weighted(tuple((reader.node(weight), reader.node(part)) for weight, part in reader.pairs(call.args, form)))


def _read_member(reader: _Reader, call: ast.Call) -> Node:
    (name,), _ = reader.arguments(call, "member(id)", 1)
    if not isinstance(name, ast.Name):
        raise reader.refused(name, say("{text!r} is not the id of a member", text=reader.text(name)), "member(id)")
    return Member(name.id, PARTY)


def _read_at_least_zero(reader: _Reader, call: ast.Call) -> Node:
    return AtLeastZero(reader.node(reader.arguments(call, "at_least_zero(x)", 1)[0][0]))


def _read_smaller(reader: _Reader, call: ast.Call) -> Node:
    left, right = (reader.node(one) for one in reader.arguments(call, "smaller(a, b)", 2)[0])
    return Smaller(left, right)


def _read_deadband(reader: _Reader, call: ast.Call) -> Node:
    argument, band = (reader.node(one) for one in reader.arguments(call, "deadband(x, band)", 2)[0])
    return deadband(argument, band)


def _read_function(name: str) -> Reading:
    def read(reader: _Reader, call: ast.Call) -> Node:
        return Function(name, reader.node(reader.arguments(call, f"{name}(x)", 1)[0][0]))

    return read


def _read_first_known(reader: _Reader, call: ast.Call) -> Node:
    return FirstKnown(tuple(reader.node(one) for one in reader.arguments(call, "first_known(a, b, …)", 0)[0]))


def _read_quoted_unit(reader: _Reader, call: ast.Call, form: str) -> tuple[ast.expr, str]:
    (argument, unit), _ = reader.arguments(call, form, 2)
    if not (isinstance(unit, ast.Constant) and isinstance(unit.value, str)):
        raise reader.refused(unit, say("{text!r} is not a unit in quotes", text=reader.text(unit)), form)
    try:
        parse_unit(unit.value)
    except UnitError as error:
        raise reader.refused(unit, error.args[0], say("a unit")) from None
    return argument, unit.value


def _read_number(reader: _Reader, call: ast.Call) -> Node:
    form = 'number(0.1, "m")'
    argument, unit = _read_quoted_unit(reader, call, form)
    made = reader.node(argument)
    if not isinstance(made, Constant):
        raise reader.refused(argument, say("{text!r} is not a number", text=reader.text(argument)), form)
    return Constant(made.value, unit, made.text)


def _read_in_units(reader: _Reader, call: ast.Call) -> Node:
    argument, unit = _read_quoted_unit(reader, call, 'in_units(x, "mm")')
    return InUnits(reader.node(argument), unit)


def _read_shown_in(reader: _Reader, call: ast.Call) -> Node:
    form = 'shown_in(x, "万元")'
    (argument, unit), _ = reader.arguments(call, form, 2)
    if not (isinstance(unit, ast.Constant) and isinstance(unit.value, str)):
        raise reader.refused(unit, say("{text!r} is not a unit in quotes", text=reader.text(unit)), form)
    return ShownIn(reader.node(argument), unit.value)


_NAMES = {"sum": "sum", "mean": "mean", "least": "min", "most": "max"}
BELONGS = ((SECTION, PARTY), (MONTH, QUARTER), (DAY, MONTH), (DAY, QUARTER))
"""Axes whose members belong to those of another."""
TWO_OR_MORE: dict[str, type[Smaller | Larger]] = {"least": Smaller, "most": Larger}
FUNCTIONS: dict[str, Reading] = {
    **{name: _folded(how) for how, name in _NAMES.items()},
    "share": _read_share,
    "rank_highest": _read_rank("highest"),
    "rank_lowest": _read_rank("lowest"),
    "earlier": _read_earlier,
    "bands": _read_bands,
    "weighted": _read_weighted,
    "member": _read_member,
    "product": _folded("product"),
    "in_year": _read_in_year,
    "ceil": _read_round("ceil"),
    "floor": _read_round("floor"),
    "result": _read_result,
    "at_least_zero": _read_at_least_zero,
    "smaller": _read_smaller,
    "deadband": _read_deadband,
    "shown_in": _read_shown_in,
}
"""Function of a formula → what reads a call of it."""

RULE_FUNCTIONS: dict[str, Reading] = {
    **{name: FUNCTIONS[name] for name in ("sum", "mean", "min", "max", "share", "bands", "at_least_zero")},
    "exp": _read_function("exp"),
    "ln": _read_function("ln"),
    "E1": _read_function("E1"),
    "log10": _read_function("log10"),
    **{name: _read_function(name) for name in ANGLES},
    "first_known": _read_first_known,
    "number": _read_number,
    "in_units": _read_in_units,
}
"""What a formula of a rule may call; a rule knows one year and no parties, and may take powers, logarithms and sines."""
