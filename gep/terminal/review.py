"""Prints the reviewer's list on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.account.missing import explain_missing
from gep.account.said_notices import say_notice
from gep.messages.layout import format_money, get_comma, name_money_unit, put_in_brackets, wrap_head, wrap_text
from gep.messages.numbers import MINUS, MISSING, format_digits, format_share
from gep.messages.texts import join_list, say_in, translate
from gep.messages.words import STATUS, pick_language
from gep.reference.services import SERVICE_TITLES
from gep.review.review import group_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.review.outliers import Outlier, Unusual
    from gep.review.review import Review, Weight

SHOWN = 12
"""How many parameters or estimates are printed; JSON has all."""
_COLON = {"zh": "：", "en": ": "}


def print_review(found: Review, lang: str) -> Iterator[str]:
    """Yield the reviewer's list, section by section; a section with nothing in it says so."""
    head = found.head
    run = translate(lang, "run {run}", run=found.run)
    yield from wrap_head(f"{head[f'name_{lang}']} {found.county}  {found.year}  {found.standard}  {run}")
    yield from wrap_text(head[f"state_{lang}"], "", "  ")
    yield translate(lang, "sha256 {digest}", digest=found.account_sha256)
    covered = f"{head['services_accounted']}/{head['services_counted']}"
    if found.quantities:
        yield translate(lang, "  quantities of {count} services; the standard has no prices", count=found.quantities).strip()
    else:
        yield f"GEP {format_money(head['gep'])} {name_money_unit(lang)}" + (
            translate(lang, ", {covered} services", covered=covered)
        )
    for one in found.does_not_follow:
        stored, again = _tell_apart(one["stored"], one["recomputed"])
        text = translate(
            lang,
            "!! {rule}: {stored} is stored, the stored inputs give {recomputed}; something was changed",
            rule=one["rule"],
            stored=stored,
            recomputed=again,
        )
        yield from wrap_text(text, "", "   ")
    yield from _findings(found, lang)
    note = translate(lang, "(by how much GEP changes when the figure is raised by 1 %)")
    yield from _weights(translate(lang, "2 unverified parameters"), note, found.unverified, lang)
    for part in found.unverified_methods:
        text = translate(lang, "{statements} statements on method unverified; of GEP", statements=part["statements"])
        yield from wrap_text(f"{_name(part['service'], lang)}{_COLON[lang]}{text} {_percent(part['share'])}", "  ", "    ")
    yield from _weights(translate(lang, "3 estimated inputs"), note, found.estimates, lang)
    yield from _unusual(translate(lang, "4 against the past"), found.past, lang)
    yield from _unusual(translate(lang, "5 against similar counties (per km²)"), found.others, lang)
    yield from _not_accounted(found, lang)
    yield from _largest(found, lang)
    yield from _cautions(found, lang)


def _findings(found: Review, lang: str) -> Iterator[str]:
    yield ""
    yield translate(
        lang, "1 open findings of grade A and B, and totals unlike published ones: {count}", count=len(found.findings)
    )
    for one, (first, *others) in group_findings(found.findings):
        said = one["found_zh" if lang == "zh" else "found"]
        yield from wrap_text(f"{one['grade']} {first}: {said} ({one['check_code']})", "  ", "    ")
        if others:
            places = say_in(join_list(others), lang)
            text = translate(lang, "also at {places} ({count} in all)", places=places, count=len(others) + 1)
            yield from wrap_text(text, "    ", "      ")
    if found.explained:
        yield (translate(lang, "  {explained} more of grade B are explained in writing", explained=found.explained))


def _weights(title: str, note: str, weights: tuple[Weight, ...], lang: str) -> Iterator[str]:
    yield ""
    yield from wrap_text(f"{title} {note}", "", "  ")
    for one in weights[:SHOWN]:
        yield from wrap_text(f"{_change(one):>9}  {_title(one, lang)} {one.id} {_marks(one)}".rstrip(), "  ", "             ")
        where = ", ".join(one.addresses[:3]) + (" ..." if len(one.addresses) > 3 else "")  # noqa: PLR2004 - what fits a line
        yield from wrap_text(where, "            ", "            ")
    if len(weights) > SHOWN:
        rest = len(weights) - SHOWN
        yield translate(lang, "  {rest} more; --format json lists them", rest=rest)
    if not weights:
        yield translate(lang, "  none")


def _unusual(title: str, found: Unusual, lang: str) -> Iterator[str]:
    yield ""
    yield from wrap_text(translate(lang, "{title}: {basis}", title=title, basis=getattr(found, f"basis_{lang}")), "", "  ")
    for one in found.outliers:
        yield from wrap_text(_outlier(one, lang), "  ", "    ")
    if found.compared and not found.outliers:
        yield translate(lang, "  {compared} compared, none stands out", compared=found.compared)


def _outlier(one: Outlier, lang: str) -> str:
    name = "GEP" if one.service == "gep" else _name(one.service, lang)
    z = "" if one.z is None else f", z = {one.z:+.1f}"
    value, usual = f"{one.value:,.0f}", f"{one.usual:,.0f}"
    return translate(
        lang,
        "{name}: {value}, usual {usual} CNY, × {ratio}{z}",
        name=name,
        value=value,
        usual=usual,
        ratio=format_digits(one.ratio, 3),
        z=z,
    )


def _not_accounted(found: Review, lang: str) -> Iterator[str]:
    yield ""
    yield translate(lang, "6 services not accounted: {count}", count=len(found.not_accounted))
    for one in found.not_accounted:
        why = (
            explain_missing(one["missing"], lang, found.year)
            if one["status"] == "no data"
            else pick_language(one["reason"] or "", lang)
        )
        status = translate(lang, " ({status})", status=STATUS[one["status"]][lang])
        yield from wrap_text(f"{_name(one['service'], lang)}{status}{_COLON[lang]}{why}", "  ", "    ")


def _largest(found: Review, lang: str) -> Iterator[str]:
    yield ""
    if found.resting_on_largest is None:
        yield translate(lang, "7 no coefficient carries the total")
        return
    share = _percent(found.resting_on_largest)
    text = translate(
        lang,
        "7 {share} of the total rests on the {count} largest coefficients (of each service, what the heaviest carries)",
        share=share,
        count=len(found.largest),
    )
    yield from wrap_text(text, "", "  ")
    for one in found.largest:
        yield from wrap_text(f"{_change(one):>9}  {_title(one, lang)} {one.id} {_marks(one)}".rstrip(), "  ", "             ")


def _cautions(found: Review, lang: str) -> Iterator[str]:
    """Yield what the engine warns of, P1 to P20, each once with the services it is about."""
    told: dict[str, list[str]] = {}
    for one in found.head["notices"]:
        if one["code"] not in {"unverified", "review"}:
            names = told.setdefault(say_notice(one["text_zh"], one["text_en"], lang), [])
            names += [_name(one["service"], lang)] if one["service"] in SERVICE_TITLES else []
    yield ""
    yield translate(lang, "8 cautions of the account: {count}", count=len(told))
    for text, names in told.items():
        yield from wrap_text(put_in_brackets(text, get_comma(lang).join(dict.fromkeys(names)), lang), "  ", "    ")


def _change(one: Weight) -> str:
    """Return by how many percent GEP changes when a figure is raised by 1 %: its elasticity."""
    return f"{one.share:+.3f} %".replace("-", MINUS)


def _tell_apart(one: float | None, other: float | None) -> tuple[str, str]:
    """Return two amounts of money with as many decimals as it takes to see that they differ."""
    for decimals in (2, 6, 10):
        shown = tuple(MISSING if value is None else f"{value:,.{decimals}f}" for value in (one, other))
        if shown[0] != shown[1]:
            break
    return shown[0], shown[1]


def _name(service: str, lang: str) -> str:
    title: str = SERVICE_TITLES[service][1][lang]
    return title


def _title(one: Weight, lang: str) -> str:
    return str(getattr(one, f"title_{lang}"))


def _marks(one: Weight) -> str:
    return f"[{' '.join(one.marks)}]" if one.marks else ""


def _percent(share: Any) -> str:
    return MISSING if share is None else format_share(share)
