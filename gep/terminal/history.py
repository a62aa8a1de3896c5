"""Prints the runs of a county and year, and what differs between two runs, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import get_colon, wrap_head, wrap_text
from gep.messages.texts import translate
from gep.messages.title import Title
from gep.messages.words import STATE
from gep.statements.equivalents import name_totals
from gep.terminal.equivalents import show_equivalents
from gep.terminal.stored_changes import say_change, say_what

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gep.store.history import Change, Entry


def print_history(found: Sequence[Entry], head: str, lang: str, not_gep: Collection[int] = ()) -> Iterator[str]:
    """Yield the runs of a county and year, the newest first.

    Parameters
    ----------
    head : first line, which names the county and year
    lang : zh or en
    not_gep : runs whose totals are values by equivalent factors
    """
    yield from wrap_head(head)
    for one in found:
        yield ""
        state = STATE[one.state][lang]
        run = translate(lang, "run {run}", run=one.run)
        yield f"{run}  {one.standard}  {one.made_at} UTC  gep {one.program}  {state}"
        value = translate(lang, "nothing") if one.value is None else f"{one.value:,.2f} {translate(lang, 'CNY/yr')}"
        if one.quantities:
            yield translate(lang, "  quantities of {count} services; the standard has no prices", count=one.quantities)
        else:
            total = translate(
                lang,
                "  GEP {value}, {accounted} of {counted} services",
                value=value,
                accounted=one.accounted,
                counted=one.counted,
            )
            yield from show_equivalents([total], lang, [one.run], not_gep)
        if one.signed_by:
            note = f"{get_colon(lang)}{one.signed_note}" if one.signed_note else ""
            signed = translate(lang, "{state} by {who} {at} UTC", state=state, who=one.signed_by, at=one.signed_at)
            yield from wrap_text(signed + note, "  ", "    ")
        if one.supersedes is not None:
            reason = one.reason or translate(lang, "no reason was given")
            supersedes = translate(lang, "supersedes run {run}: {reason}", run=one.supersedes, reason=reason)
            yield from wrap_text(supersedes, "  ", "    ")
        elif one.reason:
            yield from wrap_text(translate(lang, "reason: {reason}", reason=one.reason), "  ", "    ")
        if one.voided_run is not None:
            yield translate(lang, "  voids the approval of run {run}", run=one.voided_run)
        if one.superseded_by is not None:
            yield translate(lang, "  superseded by run {run}", run=one.superseded_by)
        yield translate(lang, "  results {digest}", digest=one.results_sha256)


MOST_CHANGES = 100


SECTIONS = {
    "run": Title("核算设置", "run"),
    "accounts": Title("核算结果", "accounts"),
    "inputs": Title("输入数据", "inputs"),
    "coefficients": Title("参数", "coefficients"),
    "rules": Title("核算规则", "rules"),
    "results": Title("结果", "results"),
}


def print_diff(found: Sequence[Change], one: int, other: int, lang: str, not_gep: Collection[int] = ()) -> Iterator[str]:
    """Yield what two runs have differently, section by section.

    Parameters
    ----------
    one, other : numbers of the runs
    lang       : zh or en
    not_gep    : runs whose totals are values by equivalent factors
    """
    total_name = name_totals(lang, (one, other), not_gep)
    yield translate(lang, "run {one} → run {other}", one=one, other=other)
    for section, title in SECTIONS.items():
        changes = [change for change in found if change.section == section]
        if not changes and section in {"run", "accounts"}:
            continue
        yield ""
        count = translate(lang, "{count:,} changed", count=len(changes)) if changes else translate(lang, "no difference")
        yield f"{title[lang]}{get_colon(lang)}{count}"
        for change in changes[:MOST_CHANGES]:
            name = f"{change.where} {say_what(change, lang, total_name)}".strip()
            places = " → ".join(dict.fromkeys(filter(None, (change.at_one, change.at_other))))
            text = f"{name}{get_colon(lang)}{_change_text(say_change(change, lang), lang)}"
            yield from wrap_text(text + (f"  [{places}]" if places else ""), "  ", "      ")
        if len(changes) > MOST_CHANGES:
            more = len(changes) - MOST_CHANGES
            yield "  " + translate(lang, "... and {count:,} more; --format json lists all of them", count=more)


def _change_text(change: Change, lang: str) -> str:
    match change.kind:
        case "added":
            return translate(lang, "added {what}", what=change.other).strip()
        case "removed":
            return translate(lang, "removed {what}", what=change.one).strip()
    return f"{change.one} → {change.other}".strip()
