"""The page of a county and year: its forms, its findings, its account, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.inputs.rows import FIRST_YEAR, LAST_YEAR
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.account_year import run_draft, sign_draft
from gep.office.drafts import read_choices, read_draft, read_steps, write_choice
from gep.office.forms import choose_standard, list_standard_titles, make_forms
from gep.office.rights import Action
from gep.office.takeover import count_left, keep_account, need_reason
from gep.office.work import find_newest_head
from gep.reference.periods import is_period
from gep.standards.standard import list_shipped_standards
from gep.store.county_figures import count_quantities_of
from gep.store.signing import SUBMITTED
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from gep.messages.problems import Problem
    from gep.store.accounts import AccountHead
    from gep.web.ask import Ask


def find_head(ask: Ask) -> AccountHead | None:
    """Return the newest account of the place and year of a page; None where there is none yet."""
    return find_newest_head(ask.store(), ask.county, ask.year, choose_standard(ask.office, ask.store(), ask.county, ask.year))


def check_year(ask: Ask) -> None:
    """Refuse a year that no account can have.

    Raises
    ------
    Problems : the year is out of range
    """
    if not (is_period(ask.year) or FIRST_YEAR <= ask.year <= LAST_YEAR):
        refuse_one(
            "YEAR",
            say("year is {text!r}", text=ask.path["year"]),
            say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR),
        )


def _show_account(ask: Ask) -> Response:
    return draw_account(ask)


def draw_account(ask: Ask, refused: Sequence[Problem] = ()) -> Response:
    """Return the page of an account.

    Parameters
    ----------
    refused : what was wrong in a file that was sent from here; stands beside the field
    """
    check_year(ask)
    place = ask.place
    head = find_head(ask)
    store = ask.store()
    with store:
        quantities = count_quantities_of(store, head.key) if head is not None else 0
    standard = choose_standard(ask.office, ask.store(), ask.county, ask.year)
    draft = read_draft(ask.office, ask.county, ask.year)
    forms = make_forms(ask.office, ask.store(), ask.county, ask.year, draft)
    return show(
        ask,
        "account.html",
        422 if refused else 200,
        place=place,
        year=ask.year,
        forms=forms,
        steps=read_steps(ask.office, ask.county, ask.year),
        head=head,
        quantities=quantities,
        standard=standard,
        price_year=read_choices(ask.office, ask.county, ask.year).get("price_year", ""),
        standards=list_standard_titles(standard),
        left=count_left(ask.office, ask.store(), ask.county, ask.year),
        refused=refused,
        tab="account",
    )


def _choose(ask: Ask) -> Response:
    check_year(ask)
    standard, price_year = ask.form.get("standard", ""), ask.form.get("price_year", "").strip()
    kept = standard == choose_standard(ask.office, ask.store(), ask.county, ask.year)
    if not kept and standard not in list_shipped_standards():
        refuse_one("STANDARD", say("the standard is {text!r}", text=standard), "、".join(list_shipped_standards()))
    if price_year and not (price_year.isascii() and price_year.isdecimal() and FIRST_YEAR <= int(price_year) <= LAST_YEAR):
        refuse_one(
            "PRICE_YEAR",
            say("year is {text!r}", text=price_year),
            say("a year from {first} to {last}, four digits", first=FIRST_YEAR, last=LAST_YEAR),
        )
    if not kept:
        write_choice(ask.office, ask.county, ask.year, "standard", standard, ask.who, ask.address)
    write_choice(ask.office, ask.county, ask.year, "price_year", price_year, ask.who, ask.address)
    return go(ask, f"/{ask.county}/{ask.year}", "the choice is kept")


def _run(ask: Ask) -> Response:
    check_year(ask)
    reason = ask.form.get("reason", "").strip()
    if not reason:
        need_reason(ask.office, ask.store(), ask.county, ask.year)
    done = run_draft(ask.office, ask.store(), ask.county, ask.year, ask.who, reason, ask.address)
    ask.site.ahead.add(done.accounts)
    return go(ask, f"/{ask.county}/{ask.year}/result", say("run {run} is stored", run=done.stored.run))


def _bring(ask: Ask) -> Response:
    """Show what the figures of the stored account would change in the forms."""
    check_year(ask)
    number = keep_account(ask.office, ask.store(), ask.county, ask.year, ask.who, ask.address)
    return go(ask, f"/{ask.county}/{ask.year}/upload/{number}")


def _submit(ask: Ask) -> Response:
    sign_draft(
        ask.office,
        ask.store(),
        ask.county,
        ask.year,
        SUBMITTED,
        ask.who,
        ask.form.get("note", "").strip(),
        ask.form.get("hash", ""),
        ask.address,
    )
    return go(ask, f"/{ask.county}/{ask.year}/result", "the account is submitted")


ROUTES = (
    Route("/{county:code}/{year:year}", _show_account, Action.READ),
    Route("/{county:code}/{year:year}/choices", _choose, Action.RUN, "POST"),
    Route("/{county:code}/{year:year}/run", _run, Action.RUN, "POST"),
    Route("/{county:code}/{year:year}/bring", _bring, Action.FILL, "POST"),
    Route("/{county:code}/{year:year}/submit", _submit, Action.SUBMIT, "POST"),
)
