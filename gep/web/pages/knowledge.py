"""What the program knows: standards and their differences, coefficients and prices with sources and marks, variables, methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.formula.show import show_html_equation
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.differences import list_told_differences
from gep.office.forms import make_plan_of
from gep.office.rights import Action
from gep.reports.mathematics import say_first_known
from gep.reports.words import read_words
from gep.standards.differences import list_standards
from gep.standards.glossary import list_coefficient_rows, list_coefficients, list_variables
from gep.standards.standard import DEFAULT, list_shipped_standards
from gep.tasks.standard_choice import describe_choice
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _chosen(ask: Ask, name: str, default: str) -> str:
    found = ask.query.get(name) or default
    if found not in list_shipped_standards():
        refuse_one("STANDARD", say("the standard is {text!r}", text=found), ", ".join(list_shipped_standards()))
    return found


def _show_standards(ask: Ask) -> Response:
    known = list(list_shipped_standards())
    one, other = _chosen(ask, "one", DEFAULT), _chosen(ask, "other", next(name for name in known if name != DEFAULT))
    return show(
        ask,
        "standards.html",
        choice=describe_choice(ask.store()),
        standards=ask.site.kept.find("standards", list_standards),
        known=known,
        one=one,
        other=other,
        differences=ask.site.kept.find(("standards", one, other, ask.lang), lambda: list_told_differences(one, other, ask.lang)),
        tab="standards",
    )


def _show_coefficients(ask: Ask) -> Response:
    search = ask.query.get("search", "").strip().lower()
    rows = [one for one in list_coefficients() if search in one["id"] or search in " ".join(one["title"].values()).lower()]
    return show(ask, "coefficients.html", rows=rows, search=ask.query.get("search", ""), tab="coefficients")


def _show_coefficient(ask: Ask) -> Response:
    identity = ask.path["coefficient"]
    rows = list_coefficient_rows(identity, None, None)
    title = next(one["title"] for one in list_coefficients() if one["id"] == identity)
    return show(ask, "coefficient.html", identity=identity, title=title, rows=rows, tab="coefficients")


def _show_variables(ask: Ask) -> Response:
    search = ask.query.get("search", "").strip().lower()
    rows = [one for one in list_variables(None, None) if search in one["id"] or search in " ".join(one["title"].values()).lower()]
    return show(ask, "variables.html", rows=rows, search=ask.query.get("search", ""), tab="variables")


def _show_methods(ask: Ask) -> Response:
    standard = _chosen(ask, "standard", DEFAULT)
    plan, words = make_plan_of(standard), read_words(ask.lang)
    rows = [(step.rule, step.variant, say_first_known(show_html_equation(step.rule, step.formula), words)) for step in plan.steps]
    return show(ask, "methods.html", rows=rows, standard=standard, known=list_shipped_standards(), tab="methods")


ROUTES = (
    Route("/knowledge", _show_standards, Action.ENTER),
    Route("/knowledge/coefficients", _show_coefficients, Action.ENTER),
    Route("/knowledge/coefficients/{coefficient}", _show_coefficient, Action.ENTER),
    Route("/knowledge/variables", _show_variables, Action.ENTER),
    Route("/knowledge/methods", _show_methods, Action.ENTER),
)
