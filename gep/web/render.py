"""Draws pages: templates of `templates/web/`, texts of the one catalogue, numbers as the report prints them."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from gep.compensation.step_notes import say_note
from gep.compensation.stored_words import say_stored, say_unit
from gep.compensation.titles import find_title, name_step
from gep.inputs.workbook.layout import read_texts
from gep.messages.citing import cite, say_cited
from gep.messages.numbers import MINUS, MISSING, format_fixed, format_quantity, format_share, is_known, shorten_numbers
from gep.messages.punctuation import widen_punctuation
from gep.messages.texts import say_in, translate
from gep.office.cells import name_cell
from gep.office.drafts import FILLED
from gep.office.next_step import NextStep, find_next_step
from gep.office.page_texts import say_on_page
from gep.office.rights import ROLES, Action, Role
from gep.paths import TEMPLATES
from gep.products.thresholds import SEVERITIES
from gep.reference.marks import UNVERIFIED
from gep.reference.members import find_member_title
from gep.reference.regions import read_regions
from gep.reports.forms.html import mark_up
from gep.reports.mathematics import say_first_known
from gep.reports.words import read_words
from gep.statements.equivalents import name_totals
from gep.terminal.equivalents import find_equivalents
from gep.units.money import FEN_PER_YUAN
from gep.units.readable import print_given, print_readable, print_unit_readable
from gep.units.registry import name_unit, print_micro
from gep.web.words import ACTS, JOB_STATES, STATES, STATUSES, WAYS, name_form, name_id_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.web.ask import Ask

WEB = TEMPLATES / "web"
YI, WAN = 1e8, 1e4


@cache
def make_environment() -> Environment:
    """Return the templates, read once for all servers of a process."""
    made = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        money=print_money,
        quantity=print_quantity,
        yuan=print_yuan,
        change=print_change,
        when=print_time,
        path=quote,
        cell_name=name_cell,
        share=print_share,
        wan=print_wan,
        signed=print_signed,
        fen=print_fen_money,
        markup=mark_up,
        steps=shorten_numbers,
        widen=widen_punctuation,
        unit=print_unit_readable,
        given=print_given,
        unit_word=print_unit_choice,
        unquoted=unquote,
    )
    made.globals.update(
        Action=Action,
        ROLES=ROLES,
        STATES=STATES,
        STATUSES=STATUSES,
        WAYS=WAYS,
        ACTS=ACTS,
        JOB_STATES=JOB_STATES,
        SEVERITIES=SEVERITIES,
        WHOLE=str(read_texts()["whole"]),
        asset=name_asset,
        place_name=name_place,
        form_title=name_form,
        id_title=name_id_of,
        member_title=find_member_title,
        minute=_minute,
        now=print_now,
        doubtful=UNVERIFIED,
        first_known=print_formula,
        quantity_in=print_quantity_in,
    )
    return made


def show(ask: Ask, template: str, status: int = 200, /, **values: Any) -> Response:
    """Return a page made from a template.

    Parameters
    ----------
    values : what the template shows; beside them it has `t`, which says an English text of the catalogue in the language of the
             person, `in_lang`, which says any text or title, `cited`, a source and where in it, `token`, the hidden
             field of every form that changes something, `next_step` of a county's year, and `total_name`, what the totals are called
             of `head` or of the runs of `runs_shown`
    """

    def t(text: str, /, **filled: object) -> str:
        return translate(ask.lang, text, **filled)

    def in_lang(text: Any) -> str:
        return str(getattr(text, ask.lang)) if hasattr(text, "zh") and hasattr(text, "en") else say_on_page(text, ask.lang)

    def token() -> Markup:
        return Markup('<input type="hidden" name="csrf" value="{}">').format(ask.session.csrf if ask.session else "")

    @cache
    def total_name() -> str:
        head = values.get("head")
        return name_total(ask, values.get("runs_shown", () if head is None else (head.run,)))

    def next_step() -> NextStep | None:
        person, head, form = ask.person, values.get("head"), values.get("form")
        if person is None:
            return None
        own = (form,) if form is not None and person.role is Role.CLERK else None
        forms = values.get("forms", own)
        steps = values.get("steps") or ({form.department: values["step"]} if form is not None and values.get("step") else {})
        handed_in = {name for name, step in steps.items() if step.step == FILLED}
        return find_next_step(person.role, person.department, head.state if head is not None else "", forms, handed_in)

    shown = ask.site.templates.get_template(template).render(
        {
            "ask": ask,
            "lang": ask.lang,
            "t": t,
            "in_lang": in_lang,
            "said": ask.query.get("said", ""),
            "token": token,
            "say_stored": lambda kind, word: say_stored(kind, word, ask.lang),
            "cited": lambda source, locator: say_in(cite(source, locator), ask.lang),
            "noted": lambda note: say_cited(note, ask.lang),
            "say_note": lambda note: say_note(note, ask.lang),
            "say_unit": lambda unit: say_unit(unit, ask.lang),
            "name_step": lambda scheme, stage, name: name_step(scheme, stage, name, ask.lang),
            "title_of": lambda scheme, name: find_title(scheme, name, ask.lang),
            "total_name": total_name,
            "next_step": next_step,
            "here": "",
            **values,
        }
    )
    return Response(shown, status, media_type="text/html", headers={"Cache-Control": "no-store"})


def go(ask: Ask, url: str, said: str = "") -> Response:
    """Return an answer that leads to another page of the platform, which says a sentence."""
    ending = f"{'&' if '?' in url else '?'}said={quote(say_on_page(said, ask.lang))}" if said else ""
    return RedirectResponse(url + ending, status_code=303)


def draw_missing(templates: Environment, lang: str) -> str:
    """Return the page of an address that leads nowhere; it knows nobody and shows nothing."""
    return draw_plain(templates, lang, "There is no such page", "")


def draw_plain(templates: Environment, lang: str, said: str, back: str) -> str:
    """Return a page that knows nobody and says one sentence.

    Parameters
    ----------
    back : path of the page that leads on; empty: the work list alone
    """
    return templates.get_template("missing.html").render(
        lang=lang, said=say_in(said, lang), back=back, t=lambda text: translate(lang, text)
    )


def print_money(value: float | None, lang: str) -> str:
    """Return a value in 亿元 (billions in English), or in 万元 (millions) where it is small; a dash where there is none."""
    if not is_known(value):
        return "—"
    if abs(value) >= YI / 100:
        return f"{value / YI:,.2f} 亿元" if lang == "zh" else f"{value / (10 * YI):,.3f} billion yuan"
    return f"{value / WAN:,.2f} 万元" if lang == "zh" else f"{value / (100 * WAN):,.4f} million yuan"


def print_wan(value: float | None, scale: float = YI, decimals: int = 4) -> str:
    """Return a value in a money unit that stands in the head of its column; a dash where there is none."""
    return format_fixed(value / scale, decimals) if is_known(value) else MISSING


def print_signed(value: float | None, scale: float = YI, decimals: int = 4) -> str:
    """Return a change in a money unit, with its sign."""
    shown = print_wan(value, scale, decimals)
    return f"+{shown}" if is_known(value) and value > 0 and not shown.startswith("<") else shown


def print_fen_money(fen: int | None, scale: float = YI, decimals: int = 4) -> str:
    """Return a change of fen in a money unit, with its sign."""
    return print_signed(None if fen is None else fen / FEN_PER_YUAN, scale, decimals)


def print_share(value: float | None) -> str:
    """Return a fraction in percent; a dash where there is none."""
    return format_share(value) if is_known(value) else MISSING


def print_quantity_in(value: float | None, unit: str, lang: str) -> str:
    """Return a quantity in a unit of a readable size; a dash where there is none."""
    return " ".join(filter(None, print_readable(value, unit, lang)))


def print_unit_choice(unit: str, lang: str) -> str:
    """Return a unit that a form offers as pages print it; what is sent stays as it is offered."""
    if lang != "zh":
        return unit
    shown = re.sub(r"/(?:yr|a)(?![A-Za-z_])", "/年", print_micro(name_unit(unit).zh))
    return re.sub(r"元_(\d{4})", r"元(\1)", shown)


def print_formula(html: str, lang: str) -> str:
    """Return a formula as the store keeps it, with what it says in words in the language of the reader."""
    return say_first_known(html, read_words(lang))


def print_yuan(fen: int | None) -> str:
    """Return an amount of fen in yuan with two decimals; a dash where there is none."""
    if fen is None:
        return "—"
    whole, rest = divmod(abs(fen), 100)
    return f"{MINUS if fen < 0 else ''}{whole:,}.{rest:02}"


def print_quantity(value: float | None) -> str:
    """Return a quantity as the report prints it; a dash where there is none."""
    return format_quantity(value) if is_known(value) else "—"


def _minute(at: str) -> str:
    from gep.office.account_year import print_minute

    return print_minute(at)


def print_change(share: float | None) -> str:
    """Return a change in percent with its sign; nothing where there is none."""
    return f"{share * 100:+.1f} %".replace("-", MINUS) if is_known(share) else ""


def print_time(at: str | datetime) -> Markup:
    """Return a stored time (UTC) as date and minute on the clock of the server."""
    from gep.office.account_year import print_minute

    if not isinstance(at, str):
        at = f"{at:%Y-%m-%dT%H:%M:%S}Z"
    return Markup('<time datetime="{}">{}</time>').format(at, print_minute(at))


def print_now() -> str:
    """Return the date and minute on the clock of the server."""
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"


def name_total(ask: Ask, runs: Iterable[int]) -> str:
    """Return what the totals of some runs are called in columns: GEP, value by equivalent factors, or value where they differ."""
    store = ask.store()
    with store:
        not_gep = store.remember("not GEP", lambda: find_equivalents(store))
    return name_totals(ask.lang, tuple(runs), not_gep)


def name_place(code: str, lang: str, year: int | None = None) -> str:
    """Return what a place is called, or was called in a year; the code where it is unknown."""
    found = read_regions().get(code)
    return found.name(lang, year) if found else code


@cache
def name_asset(file: str) -> str:
    """Return the address of a file that pages load, with the beginning of its hash, so that browsers may keep it for good."""
    return f"/static/{file}?v={hashlib.sha256((WEB / 'static' / file).read_bytes()).hexdigest()[:12]}"
