"""The queue of a reviewer, exceptions first; the page of an account that waits; many signed with one note after looking at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.account.status import QUANTITY
from gep.messages.numbers import scale_of
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.account_year import sign_draft
from gep.office.ahead import find_weights
from gep.office.queue import list_queue, read_choices_of_form, sign_many
from gep.office.result import make_result
from gep.office.rights import Action, cut_zeros
from gep.reference.services import SERVICE_TITLES
from gep.regional.ranking import compare_neighbours
from gep.review.review import group_findings, review_account
from gep.store.signing import APPROVED, RETURNED, SUBMITTED
from gep.tasks.fallen import list_fallen_approvals
from gep.web.pages.results import need_head
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.regional.ranking import Neighbours
    from gep.review.review import Review
    from gep.store.store import Store
    from gep.web.ask import Ask


def read_number(ask: Ask, name: str) -> int | None:
    """Return a whole number of the query; None where there is none."""
    text = ask.query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("999999") else None


def _show_queue(ask: Ask) -> Response:
    store = ask.store()
    place = ask.query.get("place", "").strip()
    if place and not (place.isascii() and place.isdecimal()):
        from gep.reference.regions import look_up_division

        place = look_up_division(place, "PLACE").code
    year = read_number(ask, "year")
    page = read_number(ask, "page") or 1
    queue = list_queue(store, ask.who, prefix=cut_zeros(place), year=year, page=page) if store.exists else None
    runs = [one.head.run for one in queue.rows] if queue else []
    return show(ask, "queue.html", queue=queue, place_asked=ask.query.get("place", ""), year=year, runs_shown=runs)


def _show_review(ask: Ask) -> Response:
    head = need_head(ask)
    store = ask.store()
    with store:
        link = store.head().link
        account = store.read(head.key)
        found = make_result(store, account, ask.lang)
    review, beside = ask.site.kept.find((link, head.key, "review"), lambda: _look(store, head.key.county, head.key.year, ask))
    return show(
        ask,
        "review.html",
        told=list_fallen_approvals(store, head.key.county, head.key.year),
        place=ask.place,
        year=ask.year,
        head=head,
        review=review,
        groups=group_findings(review.findings),
        beside=beside,
        found=found,
        quantities=sum(row.status == QUANTITY for category in found.categories for row in category.rows),
        scale=scale_of(head.gep),
        titles=SERVICE_TITLES,
        decides=head.state == SUBMITTED and head.superseded_by is None and ask.may(Action.REVIEW, ask.county),
        tab="review",
    )


def _look(store: Store, county: str, year: int, ask: Ask) -> tuple[Review, Neighbours]:
    """Return what there is to look at before signing, and the neighbours of the county."""
    head = need_head(ask)
    with store:
        weighed = find_weights(ask.site.kept, store, head.key)
        return review_account(store, head.key, weighed), compare_neighbours(store, county, year, head.standard)


def _decide(ask: Ask) -> Response:
    step = APPROVED if ask.form.get("step") == APPROVED else RETURNED
    sign_draft(
        ask.office,
        ask.store(),
        ask.county,
        ask.year,
        step,
        ask.who,
        ask.form.get("note", "").strip(),
        ask.form.get("hash", ""),
        ask.address,
        ask.form.get("standard") or None,
    )
    return go(ask, "/review", "the account is approved" if step == APPROVED else "the account is returned")


def _look_at_many(ask: Ask) -> Response:
    """Show the exceptions of the chosen accounts; what follows from there is `_sign_many`."""
    choices = {(one.county, one.year, one.standard): one for one in read_choices_of_form(ask.form)}
    if not choices:
        refuse_one("PICK", "no account was chosen", "at least one account of the queue", "tick them and send the form again")
    rows = []
    page, pages = 1, 1
    while page <= pages:
        queue = list_queue(ask.store(), ask.who, page=page)
        rows += [one for one in queue.rows if (one.head.county, one.head.year, one.head.standard) in choices]
        page, pages = page + 1, queue.pages
    return show(ask, "many.html", rows=rows)


def _sign_many(ask: Ask) -> Response:
    step = APPROVED if ask.form.get("step") == APPROVED else RETURNED
    choices = read_choices_of_form(ask.form)
    if not choices:
        refuse_one("PICK", "no account was chosen", "at least one account of the queue", "tick them and send the form again")
    for one in choices:
        if not ask.may(Action.REVIEW, one.county):
            refuse_one("PICK", say("{county} is not in your place", county=one.county), "accounts of your own place")
    done, problems = sign_many(ask.office, ask.store(), ask.who, choices, step, ask.form.get("note", "").strip(), ask.address)
    if problems:
        return show(ask, "many_done.html", 422, done=done, problems=problems, step=step)
    said = "{count} accounts are approved" if step == APPROVED else "{count} accounts are returned"
    return go(ask, "/review", say(said, count=len(done)))


ROUTES = (
    Route("/review", _show_queue, Action.READ),
    Route("/review/look", _look_at_many, Action.REVIEW, "POST"),
    Route("/review/many", _sign_many, Action.REVIEW, "POST"),
    Route("/{county:code}/{year:year}/review", _show_review, Action.READ),
    Route("/{county:code}/{year:year}/review", _decide, Action.REVIEW, "POST"),
)
