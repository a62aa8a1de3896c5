"""The one parser: what it reads, what it refuses and in which column; and that every reader knows every node."""

from __future__ import annotations

import ast
import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from arithmetic import recompute
from hypothesis import given, settings
from hypothesis import strategies as st

from gep.formula import audit, exact, nodes, show, stored, walk, written
from gep.formula.check import RULES, derive_factor, measure
from gep.formula.evaluate import Evaluation, EvaluationInputs, Step
from gep.formula.infix import FUNCTIONS, FormulaError, parse
from gep.formula.nodes import Constant, Node, Observed, Rule
from gep.messages.title import Title

if TYPE_CHECKING:
    from collections.abc import Sequence

T = Title("", "")
NAMES = {name: Observed(name, name, "1", (), T) for name in ("a", "b", "c", "water", "forest", "p", "p_limit", "accident")}
BY_LAKE = Observed("x", "x", "1", ("lake",), T, extent=True)


def read(formula: str) -> Node:
    return parse(formula, NAMES)


@pytest.mark.parametrize(
    "formula",
    [
        "a",
        "0.50",
        "-0.5 * a",
        "a - (b - c)",
        "a * (b + c) / (a * b)",
        "(a <= b) + (b < c)",
        "p <= p_limit and not accident",
        "a >= 0 or b > 1 and c == 2",
        "(a or b) and c",
        "not (a and b)",
        "b if a else 0 if c else 1",
        "(b if a else c) + 1",
        "min(a, b, c) - max(a, 0)",
        "at_least_zero(a - b)",
        "sum(sum(a <= b, over=month), over=section)",
        "sum(a, over=section, by=party)",
        "mean(a, over=quarter) + min(a, over=party) - max(b, over=month)",
        "share(a, over=party)",
        "rank_highest(a, over=party)",
        "rank_lowest(a, over=party)",
        "weighted([0.7, share(water, over=party)], [0.3, forest])",
        "bands(a, [0.1, 0], [0.5, b], [above, c])",
        "bands(a, [1, b], [2, c])",
        "a - earlier(a, years=1)",
        "not accident and member(yunnan)",
        'shown_in(a * b, "万元")',
    ],
)
def test_what_is_read_is_written_back(formula: str) -> None:
    tree = read(formula)
    assert written.write(tree) == formula
    assert stored.write(read(written.write(tree))) == stored.write(tree)


@pytest.mark.parametrize(
    ("formula", "found", "hint"),
    [
        ("", "the formula is empty", ""),
        ("watre * 2", "there is no quantity 'watre' (column 1)", "did you mean water?"),
        ("2 * (a + forst)", "there is no quantity 'forst' (column 10)", "did you mean forest?"),
        ("a ** 2", "'a ** 2' is a power (column 1)", "write a * a"),
        ("b + a ^ 2", "'b + a ^ 2' is a power (column 1)", "write a * a"),
        ("a; b", "';' is not a sign of a formula (column 2)", ""),
        ("a （b）", "'（' is not a sign of a formula (column 3)", "write ("),
        ("a ≤ b", "'≤' is not a sign of a formula (column 3)", "write <="),
        ("a # half", "'#' is not a sign of a formula (column 3)", ""),
        ("ａ + 1", "'ａ' is not a sign of a formula (column 1)", ""),
        ("a <= b <= c", "several comparisons in a row (column 11)", "write a <= b and b <= c"),
        ("a = b", "'a = b' is not a formula (column 3)", "a single = does not compare; write =="),
        ("a != b", "'a != b' compares with != (column 1)", "write not a == b"),
        ("-a", "a minus before what is not a number (column 1)", "write 0 - x"),
        ("1e3", "'1e3' is not a decimal number (column 1)", ""),
        ("a + 1_000", "'1_000' is not a decimal number (column 5)", ""),
        ("5%", "'5%' is not a decimal number (column 1)", ""),
        ("0x1F", "'0x1F' is not a decimal number (column 1)", ""),
        ("1,000", "'1,000' has no meaning in a formula (column 1)", ""),
        ("True", "'True' has no meaning in a formula (column 1)", ""),
        ("a.b", "'a.b' has no meaning in a formula (column 1)", ""),
        ("a[0]", "'a[0]' has no meaning in a formula (column 1)", ""),
        ("lambda: a", "'lambda: a' has no meaning in a formula (column 1)", ""),
        ("(a := 1)", "'a := 1' has no meaning in a formula (column 2)", ""),
        ("[a for a in b]", "'[a for a in b]' has no meaning in a formula (column 1)", ""),
        ("shares(a, over=party)", "there is no function 'shares' (column 1)", "did you mean share?"),
        ("open(a)", "there is no function 'open' (column 1)", ""),
        ("sum(a, over=year)", "there is no axis 'year' (column 13)", ""),
        ("sum(a, b)", "'sum(a, b)' does not have the right parts (column 1)", ""),
        ("min(a)", "'min(a)' does not have the right parts (column 1)", ""),
        ("max(*a)", "'max(*a)' does not have the right parts (column 1)", ""),
        ("sum(a, over=month, over=party)", "'sum(a, over=month, over=party)' does not have the right parts (column 1)", ""),
        ("sum(a, over=month, by=party)", "month does not belong to party (column 23)", ""),
        ("earlier(a, years=0)", "the years looked back are '0' (column 18)", ""),
        ("bands(a, [0.5, b], [0.1, c])", "the bands do not rise (column 21)", ""),
        ("bands(a, [above, b], [0.1, c])", "a band ends at 'above' (column 11)", ""),
        ("bands(a, 0.5, b)", "'0.5' is not a pair (column 10)", ""),
        ("shown_in(a, t)", "'t' is not a unit in quotes (column 13)", ""),
        ("+".join(["a"] * 500), "a row of 500 terms (column 1)", "give its parts names"),
        ("not " * 101 + "a", "the formula is nested too deeply (column 401)", ""),
        ("a" * 5000, "a formula of 5000 characters", "give its parts names"),
        ("(" * 1500, None, ""),
    ],
)
def test_everything_else_is_refused_with_its_column(formula: str, found: str | None, hint: str) -> None:
    with pytest.raises(FormulaError) as caught:
        read(formula)
    problem = caught.value.problem("file.yaml", 7)
    assert found is None or (problem.where, problem.found) == ("file.yaml:7", found)
    assert problem.hint == hint or not hint
    assert problem.expected


def test_a_row_of_terms_is_no_nesting() -> None:
    for sign in " + ", " - ", " * ", " / ":
        formula = sign.join(["a", "b"] * 100)
        assert written.write(read(formula)) == formula


def test_a_quantity_may_be_called_like_a_word_of_formulas_and_is_told_so() -> None:
    with pytest.raises(FormulaError) as caught:
        parse("2 * class", {"class": NAMES["a"]})
    assert caught.value.hint == "class is a word of formulas; give that quantity another name"


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    try:
        tree = read(text)
    except FormulaError:
        return
    assert stored.write(read(written.write(tree))) == stored.write(tree)


leaf = st.sampled_from(["a", "b", "c", "0.25", "3"])
trees = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "<=", "<", ">=", ">", "==", "and", "or"]), inner).map(
            lambda three: f"({three[0]}) {three[1]} ({three[2]})"
        ),
        inner.map(lambda one: f"not ({one})"),
        inner.map(lambda one: f"at_least_zero({one})"),
        st.tuples(inner, inner).map(lambda two: f"min({two[0]}, {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"max({two[0]}, {two[1]})"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]}) if ({three[1]}) else ({three[2]})"),
        st.tuples(inner, inner, inner).map(lambda three: f"bands({three[0]}, [0.5, {three[1]}], [above, {three[2]}])"),
        st.tuples(inner, inner).map(lambda two: f"weighted([0.25, {two[0]}], [0.75, {two[1]}])"),
    ),
    max_leaves=12,
)
cells = st.decimals(min_value=-4, max_value=4, places=2)


class Fixed:
    """Names with one number each."""

    def __init__(self, numbers: dict[str, Fraction]) -> None:
        self.numbers = numbers

    def named(self, name: str, _: int) -> exact.Column:
        return exact.make_constant(self.numbers[name])

    def members(self, _: str) -> Sequence[str]:
        return ()

    def belongs_to(self, *_: str) -> str:
        return ""

    def spread(self, column: exact.Column, *_: object) -> exact.Column:
        return column

    def refused(self, _: Node, found: str, *__: str) -> Exception:
        return ValueError(found)


def floats(formula: Node, numbers: dict[str, float]) -> tuple[float, str]:
    """What the float evaluator gives, and the printed line."""
    rule = Rule("r", "r", "1", (), T, {})
    step = Step(rule, "own", formula, 1.0)
    evaluation = Evaluation(
        [step], EvaluationInputs(1, {name: np.full((1, 1, 1, 1), number) for name, number in numbers.items()})
    )
    return float(evaluation.run()["r"].reshape(-1)[0]), audit.print_audit_line(evaluation, step, (0, 0, 0, 0)).arithmetic


@settings(max_examples=400, deadline=None)
@given(trees, cells, cells, cells)
def test_both_evaluators_and_the_printed_line_agree(formula: str, a: object, b: object, c: object) -> None:
    tree = read(formula)
    numbers = {name: Fraction(str(number)) for name, number in (("a", a), ("b", b), ("c", c))}
    exactly = exact.evaluate(tree, 2023, Fixed(numbers)).scalar
    found, line = floats(tree, {name: float(number) for name, number in numbers.items()})
    if any(sign in formula for sign in ("<", ">", "=", "bands", "if", "not", "and", "or")):
        return  # a last digit may decide a comparison
    assert found == pytest.approx(float(exactly), rel=1e-9, abs=1e-9)
    assert recompute(line) == pytest.approx(found, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("formula", "value", "line"),
    [
        ("a <= b and not (c == 4)", 1, "2 ≤ 3.5 ∧ ¬(4 = 4)"),
        ("a > b or c >= 4", 1, "2 > 3.5 ∨ 4 ≥ 4"),
        ("b if a < b else c", 3.5, "if(2 < 3.5; 3.5; 4)"),
        ("(a < b) + (b < c)", 2, "(2 < 3.5) + (3.5 < 4)"),
        ("bands(a, [0.1, 0], [2, b], [above, c])", 3.5, "3.5"),
        ("max(a, b, c)", 4, "max(max(2; 3.5); 4)"),
        ("weighted([0.25, a], [0.75, c])", 3.5, "0.25 × 2 + 0.75 × 4"),
    ],
)
def test_values_by_hand(formula: str, value: float, line: str) -> None:
    if formula.startswith("a <="):
        value = 0  # c is 4
    numbers = {"a": 2.0, "b": 3.5, "c": 4.0}
    tree = read(formula)
    assert floats(tree, numbers) == (value, line)
    assert exact.evaluate(tree, 2023, Fixed({name: Fraction(str(number)) for name, number in numbers.items()})).scalar == value
    assert recompute(line) == value


def test_an_unknown_part_makes_a_condition_unknown() -> None:
    for formula in ("a <= b", "a and b", "a or b", "not a", "b if a else c", "bands(a, [1, b], [above, c])", "max(a, b)"):
        assert np.isnan(floats(read(formula), {"a": float("nan"), "b": 1.0, "c": 2.0})[0]), formula


@pytest.mark.parametrize(
    ("node", "value", "line"),
    [
        (nodes.Fold(BY_LAKE, "lake", "mean"), 2.0, "(1 + 3) / 2"),
        (nodes.Fold(BY_LAKE, "lake", "least"), 1.0, "min(1; 3)"),
        (nodes.Fold(BY_LAKE, "lake", "most"), 3.0, "max(1; 3)"),
        (nodes.Fold(BY_LAKE, "lake", "sum"), 4.0, "1 + 3"),
        (nodes.total(nodes.Share(BY_LAKE, "lake"), "lake"), 1.0, "1 / (1 + 3) + 3 / (1 + 3)"),
    ],
)
def test_folds_of_rules_run_over_the_members_an_account_lists(node: Node, value: float, line: str) -> None:
    rule = Rule("r", "r", "1", (), T, {})
    values = np.array([np.nan, 1.0, 3.0]).reshape(1, 1, 1, 3)
    step = Step(rule, "own", node, derive_factor(rule, node))
    evaluation = Evaluation([step], EvaluationInputs(1, {"x": values}, {"x": ~np.isnan(values)}))
    assert float(evaluation.run()["r"].reshape(-1)[0]) == value
    assert audit.print_audit_line(evaluation, step, (0, 0, 0, 0)).arithmetic.replace("; ", "; ") == line


EVERY = {
    "Constant": Constant(0.5, "1", "0.50"),
    "Observed": NAMES["a"],
    "Coefficient": nodes.Coefficient("k", "k", "1", (), T),
    "Rule": Rule("r", "r", "1", (), T, {}),
    "Binary": read("a + b"),
    "Power": NAMES["a"] ** 2,
    "Function": nodes.exp(NAMES["a"]),
    "Smaller": read("min(a, b)"),
    "Larger": read("max(a, b)"),
    "AtLeastZero": read("at_least_zero(a)"),
    "FirstKnown": nodes.first_known(NAMES["a"], NAMES["b"]),
    "IfAtMost": nodes.if_at_most(NAMES["a"], NAMES["b"], then=NAMES["c"], otherwise=NAMES["p"]),
    "InUnits": nodes.in_units(NAMES["a"], "1"),
    "Sum": nodes.Sum((("a", NAMES["a"]),)),
    "Applying": nodes.Applying((("a", NAMES["a"]),)),
    "Total": nodes.total(BY_LAKE, "lake"),
    "Compare": read("a <= b"),
    "AllOf": read("a and b"),
    "AnyOf": read("a or b"),
    "Not": read("not a"),
    "If": read("b if a else c"),
    "Fold": nodes.Fold(BY_LAKE, "lake", "mean"),
    "Rank": nodes.Rank(BY_LAKE, "lake", "highest"),
    "Share": nodes.Share(BY_LAKE, "lake"),
    "Weighted": read("weighted([0.5, a], [0.5, b])"),
    "Bands": read("bands(a, [1, b], [above, c])"),
    "Earlier": read("earlier(a, years=1)"),
    "Member": read("member(yunnan)"),
    "InYear": read("in_year(a, 2019)"),
    "Since": read("product(a, since=2019)"),
    "RoundTo": read("ceil(a, b)"),
    "ShownIn": read('shown_in(a, "%")'),
}
"""Every node once."""
OF_SCHEMES = {"Earlier", "InYear", "Member", "Rank", "RoundTo", "Since"}


def kinds() -> set[str]:
    found = {
        name
        for name, kind in vars(nodes).items()
        if isinstance(kind, type) and issubclass(kind, Node) and kind not in {Node, nodes.Leaf}
    }
    return found - {"Formula", "Variant"}


def test_every_node_is_among_them() -> None:
    assert set(EVERY) == kinds()


@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_reader_knows_every_node(name: str) -> None:
    node = EVERY[name]
    rule = Rule("r", "r", "1", (), T, {})
    assert show.show_text(node)
    html = show.show_html_equation(rule, node)
    assert html.count("<span") == html.count("</span>")
    assert isinstance(nodes.children(node), tuple)
    assert isinstance(nodes.axes_of(node), frozenset)
    assert [leaf.id for leaf in walk.list_leaves(node)] == list(dict.fromkeys(leaf.id for leaf in walk.list_leaves(node)))
    again = stored.read(json.loads(json.dumps(stored.write(node))), {"r": rule})
    assert stored.write(again) == stored.write(node)
    if name in OF_SCHEMES:
        with pytest.raises(Exception, match="belongs to schemes"):
            measure(node, RULES)
        return
    assert not measure(node, RULES).measured.dimensions
    values = {leaf: np.full((1, 1, 1, 1), 1.5) for leaf in (*NAMES, "k")} | {"x": np.array([1.0, 2.0]).reshape(1, 1, 1, 2)}
    own = Step(Rule("own", "o", "1", (), T, {}), "own", node, 1.0)
    evaluation = Evaluation(
        [Step(rule, "own", Constant(2.0), 1.0), own], EvaluationInputs(1, values, {"x": ~np.isnan(values["x"])})
    )
    evaluation.run()
    assert not np.isnan(evaluation.results["own"]).any()
    assert audit.print_audit_line(evaluation, own, (0, 0, 0, 0)).numbers


def test_every_function_is_on_the_page_for_finance_staff() -> None:
    page = (Path(__file__).parents[2] / "docs" / "schemes.md").read_text("utf-8")
    assert {name for name in FUNCTIONS if f"{name}(" not in page} == {"smaller"}  # the older name of min


def test_the_parser_calls_nothing() -> None:
    tree = ast.parse((Path(parse.__code__.co_filename)).read_text("utf-8"))
    assert not {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)} & {
        "eval",
        "exec",
        "compile",
    }
