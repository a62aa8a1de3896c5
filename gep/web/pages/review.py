"""The queue of a reviewer, and the page of an account that waits: everything `gep review` says, to approve or to return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.office.account_year import sign_draft
from gep.office.rights import Action
from gep.reference.services import SERVICE_TITLES
from gep.review.review import review_account
from gep.store.signing import APPROVED, RETURNED
from gep.web.pages.results import need_head
from gep.web.render import go, show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask


def _show_queue(ask: Ask) -> Response:
    store = ask.store()
    heads = [] if not store.exists else [one for one in store.accounts() if ask.who.sees(one.county) and one.state == "submitted"]
    return show(ask, "queue.html", heads=heads)


def _show_review(ask: Ask) -> Response:
    head = need_head(ask)
    store = ask.store()
    with store:
        found = review_account(store, head.key)
    return show(ask, "review.html", place=ask.place, year=ask.year, head=head, review=found, titles=SERVICE_TITLES, tab="review")


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
    )
    return go(ask, "/review", "the account is approved" if step == APPROVED else "the account is returned")


ROUTES = (
    Route("/review", _show_queue, Action.READ),
    Route("/{county:code}/{year:year}/review", _show_review, Action.READ),
    Route("/{county:code}/{year:year}/review", _decide, Action.REVIEW, "POST"),
)
