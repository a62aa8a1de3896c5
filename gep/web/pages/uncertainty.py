"""How far an account may be off: bands by draws of its uncertain numbers, and whether the change from last year is more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.numbers import YI
from gep.office.rights import Action
from gep.reference.members import find_member_title, is_ecosystem
from gep.reference.services import SERVICE_TITLES
from gep.reports.numbers import scale_of
from gep.rules.catalogue import COEFFICIENTS
from gep.store.newest import list_newest
from gep.tasks.uncertainty import find_change_band, find_uncertainty
from gep.variables.catalogue import VARIABLES
from gep.web.pages.results import need_head
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask

DRAWS, SEED = 1000, 1
SHARES = (0.05, 0.5, 0.95)


def _show_uncertainty(ask: Ask) -> Response:
    head, store = need_head(ask), ask.store()
    key = head.key
    with store:
        newest = list_newest(store, [ask.county])
    earlier = [one.key for one in newest if one.standard == head.standard and one.year < head.year]
    found = ask.site.kept.find(  # a run stays as it is, and the draws are the same each time
        (str(store.path), key, "uncertainty"), lambda: find_uncertainty(store, key, DRAWS, SEED)
    )
    change = None
    if earlier:
        last = max(earlier, key=lambda one: one.year)
        change = ask.site.kept.find(
            (str(store.path), last, key, "uncertainty"), lambda: find_change_band(store, (last, key), DRAWS, SEED)
        )
    scale = scale_of(head.gep)
    return show(
        ask,
        "uncertainty.html",
        place=ask.place,
        year=ask.year,
        head=head,
        found=found,
        change=change,
        bands=(found.total, *found.services),
        shares=SHARES,
        titles={name: titles[1] for name, titles in SERVICE_TITLES.items()},
        members={one.parameter.key: _name_members(one.parameter.member, ask.lang) for one in found.swings},
        leaves={**VARIABLES, **COEFFICIENTS},
        scale=scale,
        large=scale == YI,
        tab="result",
    )


def _name_members(members: str, lang: str) -> str:
    """Return members with the names of ecosystem types and pollutants; products keep theirs."""
    axes = [(name, "ecosystem" if is_ecosystem(name) else "pollutant") for name in members.split()]
    return " ".join(find_member_title(axis, name)[lang] for name, axis in axes)


ROUTES = (Route("/{county:code}/{year:year}/uncertainty", _show_uncertainty, Action.READ),)
