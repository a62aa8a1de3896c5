"""Prints an account, or a list of accounts, on a terminal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from gep.account.said_notices import say_notice
from gep.account.status import QUANTITY
from gep.account.totals_said import NEGATIVE, NOT_GEP
from gep.messages.layout import (
    format_money,
    get_colon,
    get_comma,
    measure_width,
    name_money_unit,
    pad,
    put_in_brackets,
    wrap_head,
    wrap_text,
)
from gep.messages.texts import translate
from gep.messages.words import CATEGORY_ORDER, RATIOS, STATE, STATUS, pick_language
from gep.reference.periods import count_years, is_period
from gep.rules.catalogue import SERVICES
from gep.units.currencies import YUAN, read_currency_of
from gep.units.readable import format_digits, print_unit_readable
from gep.units.registry import print_unit

WHOLE = 10_000
"""From here on a quantity is printed without decimals."""

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gep.store.accounts import AccountHead, StoredAccount


def print_account(found: StoredAccount, lang: str) -> Iterator[str]:
    """Yield the summary of one account in lines of 80 columns: services, what the total covers, ratios, review, cautions.

    Parameters
    ----------
    lang : zh or en
    """
    from gep.account.missing import explain_missing
    from gep.reference.services import CATEGORIES, SERVICE_TITLES

    head = found.head
    run = translate(lang, "run {run}", run=head.run)
    title = f"{head.name_zh if lang == 'zh' else head.name_en} {head.county}  {head.year}  {head.standard}  {run}"
    yield from wrap_head(title)
    yield from wrap_text(head.state_zh if lang == "zh" else head.state_en, "", "  ")
    yield ""
    service, status = translate(lang, "service"), translate(lang, "status")
    only = [one for one in found.results if one.status == QUANTITY]
    value = translate(lang, "quantity") if only else translate(lang, "value ({unit})", unit=name_money_unit(lang))
    yield f"{pad(service, 28)}{pad(status, 16)}{pad(value, 18, right=True)}"
    for category in CATEGORY_ORDER:
        services = [one for one in found.results if one.category == category and one.status != "excluded"]
        if not services:
            continue
        worth = "" if only else format_money(getattr(head, category))
        yield f"{pad(CATEGORIES[category][lang], 44)}{pad(worth, 18, right=True)}".rstrip()
        for one in services:
            status = STATUS[one.status][lang]
            yield f"  {pad(SERVICE_TITLES[one.service][1][lang], 26)}{pad(status, 16)}{pad('' if only else format_money(one.value), 18, right=True)}".rstrip()
            if one.status == QUANTITY:  # each of its lines
                yield from _quantities(found, one.service, lang)
        for part in found.roll_ups:
            if part.category == category:
                covered = f"{part.accounted}/{part.counted}"
                title = part.title_zh if lang == "zh" else part.title_en
                label = translate(lang, "  of which {title} ({covered})", title=title, covered=covered)
                yield f"{pad(label, 44)}{pad(format_money(part.value), 18, right=True)}"
    equivalents = any(one.code == NOT_GEP for one in found.notices)
    name = translate(lang, "value by equivalent factors (not GEP)") if equivalents else translate(lang, "GEP")
    if not only:
        yield f"{pad(name, 44)}{pad(format_money(head.gep), 18, right=True)}"
    below = found.lines if any(one.code == NEGATIVE for one in found.notices) else None
    if below is not None:
        negative = below[(~below["detail"].astype(bool)) & (below["value"] < 0)]["value"].sum()
        yield f"{pad(translate(lang, '  of which negative'), 44)}{pad(format_money(negative), 18, right=True)}"
    if only:
        yield translate(lang, "  quantities of {count} services; the standard has no prices", count=len(only))
    covered = f"{head.services_accounted or len(only)}/{head.services_counted}"
    yield translate(lang, "  covers {covered} services; the rest is missing, not zero", covered=covered)
    if is_period(head.year) and head.gep is not None:
        label = translate(lang, "  sum of the {count} years", count=count_years(head.year))
        yield f"{pad(label, 44)}{pad(format_money(head.gep * count_years(head.year)), 18, right=True)}"
    if head.constant_year is not None:
        label = translate(lang, "  in prices of {constant_year}", constant_year=head.constant_year)
        yield f"{pad(label, 44)}{pad(format_money(head.gep_constant), 18, right=True)}"
    yield from _shown(found, lang)
    for key, (called, scale, unit) in RATIOS.items():
        ratio = getattr(head, key)
        if ratio is not None:
            label = called[lang].replace("GEP", translate(lang, "equivalent value")) if equivalents else called[lang]
            yield f"{pad('  ' + label, 44)}{pad(f'{ratio / scale:,.2f} {unit[lang]}'.strip(), 18, right=True)}"
    lacking = [one for one in found.results if one.status == "no data"]
    if lacking:
        yield ""
        yield translate(lang, "services without data, and what they lack:")
        for one in lacking:
            text = f"{SERVICE_TITLES[one.service][1][lang]}{get_colon(lang)}{explain_missing(one.missing or '', lang, head.year, lambda: found.own_leaves)}"
            yield from wrap_text(text, "  ", "    ")
    apart = [one for one in found.results if one.status == "not applicable"]
    if apart:
        yield ""
        yield translate(lang, "services that do not apply:")
        for one in apart:
            yield from wrap_text(
                f"{SERVICE_TITLES[one.service][1][lang]}{get_colon(lang)}{pick_language(one.reason or '', lang)}", "  ", "    "
            )
    notices = [one for one in found.notices if one.code not in {"unverified", "review"}]
    texts = [(one, say_notice(one.text_zh, one.text_en, lang)) for one in notices]
    unverified = sum(1 for one in found.notices if one.code == "unverified")
    if notices:
        yield ""
        yield translate(lang, "notices:")
        for text in sorted({text for _, text in texts}):
            concerned = get_comma(lang).join(
                SERVICE_TITLES[one.service][1][lang] for one, said in texts if said == text and one.service in SERVICE_TITLES
            )
            yield from wrap_text(put_in_brackets(text, concerned, lang), "  ", "    ")
    if unverified:
        yield ""
        text = translate(lang, "{unverified} statements on method are unverified; the report lists them", unverified=unverified)
        yield from wrap_text(text, "", "  ")


MOST_SAID = 200
"""Lines of figures without effect; all of them stand in the JSON form, the notices and the reports."""


def _quantities(found: StoredAccount, service: str, lang: str) -> Iterator[str]:
    """Yield the quantities of the lines of a service, each with its unit."""
    titles = {line.id: line.title[lang] for line in SERVICES[service].lines}
    titles |= {name: title[lang] for name, title in found.own_titles.items()}
    rows = found.lines
    for row in rows[(rows["service"] == service) & ~rows["detail"].astype(bool)].to_dict("records"):
        quantity = float(row["quantity"])
        if not isnan(quantity):
            name = " ".join(filter(None, (titles.get(row["line"], row["line"]), row["pollutant"], row["item"])))
            text = f"{quantity:{',.0f' if abs(quantity) >= WHOLE else ',.6g'}} {print_unit(row['quantity_unit'])}"
            yield f"    {pad(name, 40)}{pad(text, 18, right=True)}"


def _shown(found: StoredAccount, lang: str) -> Iterator[str]:
    """Yield the figures that the standard only shows, each with its unit; what has no value says what it lacks."""
    from gep.account.missing import explain_missing

    if found.shown:
        yield translate(lang, "  only shown, in no total:")
    for one in found.shown:
        name = one.name(lang)
        if one.value is None:
            why = explain_missing(one.missing or "", lang, found.head.year, lambda: found.own_leaves)
            yield from wrap_text(get_colon(lang).join(filter(None, (name, STATUS["no data"][lang], why))), "    ", "      ")
        else:
            yield f"    {pad(name, 40)}{pad(f'{format_digits(one.value)} {print_unit_readable(one.unit, lang)}', 18, right=True)}"


def print_unread(unread: Sequence[Mapping[str, object]], lang: str) -> Iterator[str]:
    """Yield a line for each figure of several accounts that has no effect.

    Parameters
    ----------
    unread : as in `gep.tasks.run.Run`
    """
    for one in unread[:MOST_SAID]:
        text = "{county} {year}: {name} = {given}, {place}: read by nothing under this standard"
        if one["whole"]:
            text = "{county} {year}: {name} = {given}, {place}: agrees with its parts, which are counted in its place"
        name = " ".join((str(one["variable"]), *one["members"]))  # type: ignore[misc]
        said = {key: one[key] for key in ("county", "year", "given", "place")}
        yield from wrap_text(translate(lang, text, name=name, **said), "", "  ")
    if len(unread) > MOST_SAID:
        yield translate(lang, "and {count} more; --format json lists all", count=len(unread) - MOST_SAID)


_CODE_WIDTH, _NAME_WIDTH = 6, 15


def print_accounts(
    found: Iterable[AccountHead],
    lang: str,
    quantities: Mapping[tuple[int, int], int] | None = None,
    not_gep: Collection[int] = (),
) -> Iterator[str]:
    """Yield one line an account: county, year, standard, total, what it covers, state of review.

    Parameters
    ----------
    lang       : zh or en
    quantities : (run, account) → services that have a quantity and no value, of accounts without prices
    not_gep    : runs whose totals are values by equivalent factors; they are marked, and the column is not headed GEP
    """
    found = list(found)
    marked = any(one.run in not_gep for one in found)
    money = "value ({unit})" if marked else "GEP ({unit})"
    names = ("code", "county", "year", "standard", money, "of", "state")
    heads = [translate(lang, name, unit=name_money_unit(lang)) for name in names]
    wide = 10 if any(is_period(one.year) for one in found) else 5
    yield (
        f"{pad(heads[0], 7)}{pad(heads[1], 16)}{pad(heads[2], wide)}{pad(heads[3], 14)}{pad(heads[4], 14, right=True)}"
        f"{pad(heads[5], 6, right=True)}  {heads[6]}"
    )
    for one in found:
        name = (one.name_zh if lang == "zh" else one.name_en) or ""
        if not_in_column := [
            text for text, width in ((one.county, _CODE_WIDTH), (name, _NAME_WIDTH)) if measure_width(text) > width
        ]:
            yield from wrap_text(" ".join(not_in_column), "", "  ")  # longer than their columns: on lines of their own
        only = (quantities or {}).get((one.run, one.account), 0)
        covered = f"{one.services_accounted or only}/{one.services_counted}"
        total = translate(lang, "quantity only") if only and not one.services_accounted else format_money(one.gep)
        if (currency := read_currency_of(one.standard)) != YUAN and one.gep is not None:
            total += f" {currency}"  # the head of the column says yuan
        if one.run in not_gep:
            total += "*"
        yield (
            f"{pad('' if one.county in not_in_column else one.county, 7)}{pad('' if name in not_in_column else name, 16)}{pad(str(one.year), wide)}{pad(one.standard, 14)}{pad(total, 14, right=True)}"
            f"{pad(covered, 6, right=True)}  {_state(one, lang)}"
        )
    if marked:
        yield f"* {translate(lang, 'value by equivalent factors (not GEP)')}"


def _state(one: AccountHead, lang: str) -> str:
    """Return the state of review in a word or two: `draft, 3→5` is an approval of run 3 that run 5 voided."""
    if one.hash_matches is False:
        return translate(lang, "hash differs")
    text = STATE[one.state][lang]
    if one.state != "approved" and one.voided_run is not None:
        voided = "{text}, {voided_by} voids {voided_run}"
        return translate(lang, voided, text=text, voided_by=one.voided_by, voided_run=one.voided_run)
    return text
