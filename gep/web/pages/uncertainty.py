"""How far an account may be off: bands by draws of its uncertain numbers, and whether the change from last year is more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.numbers import YI, scale_of
from gep.office.ahead import find_band, find_band_of_change
from gep.office.rights import Action
from gep.reference.members import find_member_title, is_ecosystem
from gep.reference.periods import comes_before
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.store.newest import list_newest_kept
from gep.variables.catalogue import VARIABLES
from gep.web.pages.results import need_head
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask

SHARES = (0.05, 0.5, 0.95)


def _show_uncertainty(ask: Ask) -> Response:
    head, store = need_head(ask), ask.store()
    key = head.key
    with store:
        newest = list_newest_kept(store, [ask.county])
    earlier = [one.key for one in newest if one.standard == head.standard and comes_before(one.year, head.year)]
    found = find_band(ask.site.kept, store, key)
    change = None
    if earlier:
        last = max(earlier, key=lambda one: one.year)
        change = find_band_of_change(ask.site.kept, store, last, key)
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
