"""Two accounts of a county side by side: two years by cause, two runs line by line, two standards; and counties of a year."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from gep.compare.standards import compare_standards
from gep.compare.words import name_input, say_ends, shorten_inputs
from gep.messages.numbers import YI, scale_of
from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import say, translate
from gep.messages.words import CAUSE_WORDS
from gep.office.ahead import find_band_of_change, find_change
from gep.office.rights import Action
from gep.reference.regions import look_up_division
from gep.reference.services import SERVICE_TITLES
from gep.store.county_figures import list_service_values, list_totals
from gep.store.newest import list_newest_kept
from gep.web.pages.review import read_number
from gep.web.render import show
from gep.web.route import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from gep.compare.years import Decomposition
    from gep.store.newest import NewestAccount
    from gep.store.store import Store
    from gep.web.ask import Ask

KINDS = ("years", "runs", "standards", "counties")
MOST = 1000
"""Lines of a comparison of runs that a page shows."""


def _show_compare(ask: Ask) -> Response:
    place, store = ask.place, ask.store()
    kind = ask.query.get("kind", "years")
    if kind not in KINDS:
        refuse_one("KIND", say("there is no comparison {name!r}", name=kind), ", ".join(KINDS))
    values: dict[str, Any] = {"found": None, "more": 0, "band": None}
    with store:
        newest = list_newest_kept(store, [ask.county])
        if newest:
            values |= {"years": _years, "runs": _runs, "standards": _standards, "counties": _counties}[kind](ask, store, newest)
    return show(
        ask,
        "compare.html",
        place=place,
        kind=kind,
        newest=newest,
        choices=sorted({one.year for one in newest}, reverse=True),
        titles=SERVICE_TITLES,
        causes=CAUSE_WORDS,
        scale=(scale := scale_of(values["band"].totals[1].value if values["band"] else None)),
        large=scale == YI,
        **values,
    )


def _years(ask: Ask, store: Store, newest: list[NewestAccount]) -> dict[str, Any]:
    standard = ask.query.get("standard") or newest[-1].standard
    keys = {one.year: one.key for one in newest if one.standard == standard}
    years = sorted(keys)
    one, other = read_number(ask, "one") or (years[-2:] or [0])[0], read_number(ask, "other") or (years or [0])[-1]
    if one == other or one not in keys or other not in keys:
        return {"one": one, "other": other, "standard": standard}
    first, last = min(one, other), max(one, other)
    found = find_change(ask.site.kept, store, keys[first], keys[last])
    moved = {row.name: list(_list_moved(row, (first, last), ask.lang)) for row in found.current}
    values = {"found": found, "one": first, "other": last, "standard": standard, "moved": moved, "runs_shown": found.runs}
    with suppress(Problems):  # a service that has no value in some draws, or none in common: no band to show
        values["band"] = find_band_of_change(ask.site.kept, store, keys[first], keys[last])
    return values


def _list_moved(row: Decomposition, years: tuple[int, int], lang: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield cause, input, from what to what, and part in fen; of each cause the smallest together."""
    for cause in CAUSE_WORDS:
        of = [one for one in row.inputs if one.cause == cause]
        named, others = shorten_inputs(of)
        yield from ((cause, name_input(one, lang), say_ends(one, lang, years), one.part) for one in named)
        if others:
            yield cause, translate(lang, "{count} others", count=len(others)), "", sum(one.part for one in others)


def _runs(ask: Ask, store: Store, newest: list[NewestAccount]) -> dict[str, Any]:
    year = read_number(ask, "year") or newest[-1].year
    key = next((one.key for one in newest if one.year == year), newest[-1].key)
    runs = store.history(key)
    numbers = [one.run for one in runs]
    one, other = read_number(ask, "one"), read_number(ask, "other")
    if one not in numbers or other not in numbers:
        one, other = (numbers[1], numbers[0]) if len(numbers) > 1 else (None, None)
    changes = store.differences(one, other, ask.county) if one is not None and other is not None else None
    shown = None if changes is None else changes[:MOST]
    return {
        "found": shown,
        "more": len(changes or ()) - len(shown or ()),
        "runs": runs,
        "one": one,
        "other": other,
        "year": key.year,
        "runs_shown": numbers,
    }


def _standards(ask: Ask, store: Store, newest: list[NewestAccount]) -> dict[str, Any]:
    year = read_number(ask, "year") or newest[-1].year
    keys = {one.standard: one.key for one in newest if one.year == year}
    names = list(keys)
    one, other = ask.query.get("one", ""), ask.query.get("other", "")
    if one not in keys or other not in keys or one == other:
        one, other = (names[0], names[1]) if len(names) > 1 else ("", "")
    found = compare_standards(store, keys[one], keys[other]) if one else None
    return {"found": found, "names": names, "one": one, "other": other, "year": year, "runs_shown": found.runs if found else ()}


def _counties(ask: Ask, store: Store, newest: list[NewestAccount]) -> dict[str, Any]:
    year = read_number(ask, "year") or newest[-1].year
    standard = next((one.standard for one in newest if one.year == year), newest[-1].standard)
    codes = [ask.county]
    for text in ask.query.get("with", "").replace("，", ",").replace("、", ",").split(","):
        if text.strip():
            code = look_up_division(text.strip(), "PLACE", year=year).code
            if not ask.who.sees(code):
                refuse_one("PLACE", say("{county} is not in your place", county=code), "accounts of your own place")
            codes.append(code)
    codes = list(dict.fromkeys(codes))[:12]
    totals = {one.county: one for one in list_totals(store, year, standard, codes)}
    services: dict[str, dict[str, float]] = {}
    for one in list_service_values(store, year, standard, codes):
        services.setdefault(one.service, {})[one.county] = one.value
    return {
        "found": services,
        "codes": codes,
        "totals": totals,
        "year": year,
        "standard": standard,
        "runs_shown": [one.key.run for one in list_newest_kept(store, codes) if (one.year, one.standard) == (year, standard)],
        "asked": ask.query.get("with", ""),
    }


ROUTES = (Route("/{county:code}/compare", _show_compare, Action.READ),)
