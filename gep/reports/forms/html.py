"""A report as HTML: templates, escaping, superscripts. The frontier to Jinja; a broken template is told with file and line."""

from __future__ import annotations

import base64
import re
import traceback
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError, TemplateSyntaxError, pass_context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from gep.formula.show import show_number
from gep.messages.layout import get_colon
from gep.messages.numbers import shorten_numbers
from gep.messages.problems import Problems, refuse_one
from gep.messages.tables import NUMERIC, Column, Table, print_cell
from gep.messages.texts import say
from gep.paths import TEMPLATES
from gep.reference.marks import UNVERIFIED
from gep.reports.forms.logo import KINDS, find_logo
from gep.reports.layout import lay_out, share_words
from gep.reports.mathematics import say_first_known, show_short
from gep.reports.model import Report
from gep.reports.outline import BODIES, BRIEFINGS, WRITTEN, Section, find_first_table, make_outline
from gep.reports.words import read_utf8
from gep.reports.words import read_words as words_of
from gep.units.currencies import read_currency_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2.runtime import Context

    from gep.messages.tables import Column, Table
    from gep.reports.model import Method
    from gep.reports.words import Words
    from gep.reports.yearbook import Yearbook
    from gep.statements.statement import Statement

SHIPPED = "shipped"
_POWER = re.compile("10\\^([−-]?\\d+)")
_SUPERSCRIPTS = {letter: str(at) for at, letter in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {"⁻": "−", "⁺": "+"}
_SUBSCRIPTS = {letter: str(at) for at, letter in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_HIGH = re.compile(f"[{''.join(_SUPERSCRIPTS)}]+")
_LOW = re.compile(f"[{''.join(_SUBSCRIPTS)}]+")


def mark_up(text: object) -> Markup:
    """Return a text escaped, with powers of ten and raised or lowered figures as markup: the font has not all of them."""
    shown = str(escape(text))
    if "^" in shown:
        shown = _POWER.sub(r"10<sup>\1</sup>", shown)
    shown = _HIGH.sub(lambda found: f"<sup>{''.join(_SUPERSCRIPTS[one] for one in found[0])}</sup>", shown)
    shown = _LOW.sub(lambda found: f"<sub>{''.join(_SUBSCRIPTS[one] for one in found[0])}</sub>", shown)
    return Markup(shown)


def render_html(report: Report | Yearbook, templates: Path | None = None, *, fonts: str = "") -> str:
    """Return the report as one HTML page; everything that comes from inputs is escaped.

    Parameters
    ----------
    templates : folder with the user's own templates, style sheet, texts and logo, which go before the shipped ones
    fonts     : `@font-face` rules put before the style sheet

    Raises
    ------
    Problems : a template of the user's that is wrong, with file and line
    """
    words = words_of(report.lang, templates)
    words = words.for_currency(read_currency_of(report.standard.id)) if isinstance(report, Report) else words
    sections = make_outline(report, words) if isinstance(report, Report) else []
    numbers = {name: at for at, name in enumerate(report.figures, 1)}
    context = {
        "report": report,
        "words": words,
        "outline": sections,
        "sections": _Sections({one.id: one for one in sections}),
        "css": Markup(fonts + _css(templates)),
        "logo": _logo(templates),
        "cells": _cells,
        "lay_out": lay_out,
        "share_words": share_words,
        "begins_with": lambda section: find_first_table(report, section) if isinstance(report, Report) else None,
        "numeric": _numeric,
        "mark_class": _mark_class,
        "bodies": BODIES,
        "written": WRITTEN,
        "number_of": lambda figure: numbers.get(figure.id, ""),
    }
    name = "briefing" if report.kind in BRIEFINGS else "report" if report.kind == "county" else report.kind
    return render(f"{name}.html", context, templates)


def render_statement(
    told: Statement, methods: Sequence[Method], made_of: Sequence[tuple[str, str]], words: Words, *, fonts: str = ""
) -> str:
    """Return the statement of a calculation as one HTML page; everything that comes from inputs is escaped.

    Parameters
    ----------
    methods : the rules of its steps
    made_of : files with their hash
    fonts   : `@font-face` rules put before the style sheet
    """
    context = {
        "told": told,
        "methods": methods,
        "made_of": made_of,
        "words": words,
        "tables": [replace(one, code=str(at), note="") for at, one in enumerate(told.tables, 1)],
        "notes": [one.note.splitlines() for one in told.tables],
        "colon": get_colon(told.lang),
        "css": Markup(fonts + _css(None)),
        "cells": _cells,
        "lay_out": lay_out,
        "share_words": share_words,
        "numeric": _numeric,
        "mark_class": _mark_class,
    }
    return render("statement.html", context, None)


def render(name: str, context: dict[str, Any], templates: Path | None) -> str:
    """Return a template filled in.

    Parameters
    ----------
    name      : the template's file
    context   : what it sees, by name
    templates : folder with the user's own templates, which go before the shipped ones

    Raises
    ------
    Problems : a template that is wrong, with file and line
    """
    try:
        return _environment(templates).get_template(name).render(context)
    except TemplateSyntaxError as error:
        refuse_one(
            _shown(error.filename or error.name or name),
            say("the template is wrong: {error}", error=error.message),
            "Jinja; docs/report-templates.md",
            line=error.lineno,
        )
    except Problems:
        raise
    except Exception as error:
        place = _place(error)
        if place is None and not isinstance(error, TemplateError):
            raise
        file, line = place or (name, 0)
        refuse_one(
            _shown(file),
            say("the template cannot be filled in: {error}", error=error),
            "names that docs/report-templates.md lists",
            line=line,
        )


class _Sections(dict[str, Section]):
    """Sections by id; one that the report has not is nothing."""

    def __missing__(self, key: str) -> None:
        return None


def _shown(file: str) -> str:
    return str(Path(file))


def _place(error: BaseException) -> tuple[str, int] | None:
    """Return the last line of a template that an error went through."""
    found = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith((".html", ".css", ".txt"))]
    return (found[-1].filename, found[-1].lineno or 0) if found else None


@lru_cache(maxsize=4)
def _environment(templates: Path | None) -> ImmutableSandboxedEnvironment:
    """Return where templates are found and what they may do: read what docs/report-templates.md lists, and nothing else."""
    shipped = FileSystemLoader(TEMPLATES)
    for path in sorted(templates.glob("*.html")) if templates else []:
        read_utf8(path)
    loaders: list[Any] = [FileSystemLoader(templates)] if templates else []
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([*loaders, PrefixLoader({SHIPPED: shipped}), shipped]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {
            "rich": mark_up,
            "exact": show_number,
            "short": show_short,
            "arithmetic": shorten_numbers,
            "mathematics": _mathematics,
            "unit": _unit,
            "symbol": _symbol,
        }
    )
    return environment


def _css(templates: Path | None) -> str:
    """Return the style sheet, the user's after the shipped one."""
    text = (TEMPLATES / "report.css").read_text("utf-8")
    own = templates / "report.css" if templates else None
    return text + (read_utf8(own) if own is not None and own.exists() else "")


def _logo(templates: Path | None) -> str:
    """Return the user's logo as an address that holds the picture itself."""
    path = find_logo(templates)
    return "" if path is None else f"data:{KINDS[path.name]};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _numeric(column: Column) -> bool:
    return column.kind in NUMERIC


def _mark_class(mark: str) -> str:
    return "K" if mark in UNVERIFIED else "V"


@pass_context
def _unit(context: Context, text: str) -> Markup:
    """Return a unit in the words of the report's language."""
    return mark_up(context["words"].unit(text))


def _symbol(text: str) -> Markup:
    base, _, below = text.partition("_")
    return Markup(f"<i>{escape(base)}</i>" + (f"<sub>{escape(below)}</sub>" if below else ""))


def _cells(table: Table) -> Markup:
    """Return the rows of a table; written here and not in the template, since it is most of a report."""
    found = []
    for row in table.rows:
        if row.kind == "group":
            found.append(f'<tr class="group"><td colspan="{len(table.columns)}">{mark_up(row.cells[0])}</td></tr>')
            continue
        cells = []
        for cell, column in zip(row.cells, table.columns, strict=True):
            shown = mark_up(print_cell(cell, column))
            if column.kind == "mark" and cell:
                shown = Markup(f'<span class="mark {_mark_class(str(cell))}">{escape(cell)}</span>')
            cells.append(f'<td class="r">{shown}</td>' if column.kind in NUMERIC else f"<td>{shown}</td>")
        found.append(f'<tr class="{row.kind}">{"".join(cells)}</tr>' if row.kind else f"<tr>{''.join(cells)}</tr>")
    return Markup("\n".join(found))


@pass_context
def _mathematics(context: Context, formula: str) -> str:
    """Return a formula as HTML, what is taken where there is no data said in words."""
    return say_first_known(formula, context["words"])
