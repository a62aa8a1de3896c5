"""Prints what a county gets and owes, in words for finance staff: amounts, subjects, reasons, what is paid and what follows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.compensation.budget_subjects import read_budget_subjects
from gep.compensation.scheme import FUND
from gep.compensation.step_notes import say_note
from gep.compensation.stored_words import say_reason, say_stored, say_unit
from gep.compensation.summary import STAGES
from gep.messages.layout import get_comma, measure_width, pad, put_in_brackets, wrap_text
from gep.messages.texts import translate
from gep.store.transfers import list_booked, list_notices, list_sides, list_steps
from gep.units.money import format_exact, format_yuan, separate_thousands, write_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.store.store import Store
    from gep.store.transfers import Side

UNSTATED = ("unstated", "fund", "")
AMOUNT = {"zh": 24, "en": 38}
"""Columns of the name of an amount and the amount."""


def print_county(store: Store, counties: list[str], name: str, year: int | None, scheme: str, lang: str) -> Iterator[str]:
    """Yield what the booked postings mean for a county, year by year and scheme by scheme; amounts in yuan with two decimals.

    Parameters
    ----------
    counties : codes or ids of parties it is booked under
    name     : as it was asked for
    year     : None: all years
    scheme   : id; empty: all
    lang     : zh or en
    """
    with store:
        sides = list_sides(store, counties, year, scheme)
        if not sides:
            yield from _nothing(store, name, year, scheme, lang)
            return
        for of_year in sorted({one.year for one in sides}):
            yield from _year(store, [one for one in sides if one.year == of_year], of_year, name, lang)
        yield from wrap_text(
            translate(
                lang,
                "every step: gep transfers -q 3 --county {name}; why it changed from last year: -q 4; the texts it rests on: -q 12; "
                "all questions: gep transfers --list",
                name=name,
            ),
            "",
            "  ",
        )


def _year(store: Store, rows: list[Side], year: int, name: str, lang: str) -> Iterator[str]:
    code = rows[0].payee if rows[0].sign > 0 else rows[0].payer
    own = (rows[0].payee_name if rows[0].sign > 0 else rows[0].payer_name) or name
    yield translate(lang, "{own} {code}  {year}", own=own, code=code, year=year).replace(f"{own} {own}", own)
    taken = sum(row.amount_fen for row in rows if _is_withheld(row))
    due = [row for row in rows if not _is_withheld(row)]
    sums = {sign: sum(row.amount_fen for row in due if row.sign == sign) for sign in (1, -1)}
    done = {sign: sum(row.paid_fen for row in due if row.sign == sign) for sign in (1, -1)}
    held = {1: sum(row.held_fen for row in due if row.sign == 1), -1: 0}
    unit = translate(lang, "yuan")
    for label, sign in (("to receive", 1), ("to pay", -1)):
        left = sums[sign] - done[sign] - held[sign]
        open_ = _open(sign, done[sign], left, lang) if sums[sign] or done[sign] else ""
        yield f"  {_amount(label, sums[sign], lang)} {unit}  {open_}".rstrip()
        if taken and sign > 0:
            yield f"    {_amount('of which withheld', taken, lang)} {unit}"
    net = sums[1] - taken - sums[-1]
    yield f"  {_amount('net receipt' if net >= 0 else 'net payment', abs(net), lang)} {unit}"
    if lang == "zh":
        yield from wrap_text(write_in_words(abs(net)), "      ", "      ")
    for run in dict.fromkeys(row.transfer_run for row in rows):
        mine = [row for row in rows if row.transfer_run == run]
        yield ""
        title = f"{mine[0].title_zh}  {mine[0].scheme} {mine[0].scheme_version}"
        yield from wrap_text(translate(lang, "{title}, booking {run}", title=title, run=run), "", "  ")
        for row in mine:
            yield from _posting(store, row, lang)
    yield ""


def _is_withheld(row: Side) -> bool:
    """Whether a posting takes back what was given: it is withheld, and nobody pays it."""
    return row.sign < 0 and row.posting_kind == "deduction"


def _posting(store: Store, row: Side, lang: str) -> Iterator[str]:
    gets = row.sign > 0
    other, name = (row.payer, row.payer_name) if gets else (row.payee, row.payee_name)
    taken = row.posting_kind == "deduction" and not gets
    label = "deducted" if taken else "to receive" if gets else "to pay"
    yield f"  {_amount(label, row.amount_fen, lang)} {translate(lang, 'yuan')}"
    yield from _named("for", put_in_brackets(say_reason(row.reason, lang), row.period, lang), lang)
    code = f" {other}" if other.isdigit() else ""
    notices = _notices(store, row.transfer_run, row.payer) if gets else row.fund_notice
    brought = translate(lang, "notice {notices}", notices=notices) if notices else ""
    yield from _named("payer" if gets else "payee", put_in_brackets(f"{name or other}{code}", brought, lang), lang)
    spent, received = _account(row.subject_from, lang), _account(row.subject_to, lang)
    subjects = translate(lang, "expenditure {spent}; revenue {received}", spent=spent, received=received)
    yield from _named("subjects", subjects, lang)
    for text in _why(store, row, lang):
        yield from _named("computed", text, lang)
    if row.clause:
        yield from _named("clause", row.clause, lang)
    part = translate(lang, "part {part} of {parts}, ", part=row.part, parts=row.parts) if row.parts > 1 else ""
    left = row.amount_fen - row.paid_fen - row.held_fen
    state = translate(lang, "withheld, not paid out") if taken else _open(1 if gets else -1, row.paid_fen, left, lang)
    yield from _named("due", translate(lang, "{part}due on {day}, {state}", part=part, day=row.due_on, state=state), lang)
    yield from _named("voucher", str(row.voucher), lang)


def _amount(label: str, fen: int, lang: str) -> str:
    name = translate(lang, label)
    return name + pad(format_yuan(fen), AMOUNT[lang] - measure_width(name), right=True)


def _named(label: str, text: str, lang: str) -> Iterator[str]:
    columns = 9 if lang == "zh" else 15
    yield from wrap_text(text, pad(f"    {translate(lang, label)} ", columns), " " * columns)


def _open(sign: int, done: int, rest: int, lang: str) -> str:
    template = "received {done}, open {rest}" if sign > 0 else "paid {done}, open {rest}"
    return translate(lang, template, done=format_yuan(done), rest=format_yuan(rest))


def _account(code: str, lang: str) -> str:
    if code in UNSTATED:
        return translate(lang, "pool of money") if code == "fund" else translate(lang, "not stated by the text")
    known = read_budget_subjects().get(code)
    return f"{code} {known['title_zh']}" if known else code


def _notices(store: Store, run: int, fund: str) -> str:
    """Return the numbers of the notices that brought the money of a fund."""
    if not fund.startswith(FUND):
        return ""
    return "、".join(list_notices(store, run, fund))


def _why(store: Store, row: Side, lang: str) -> Iterator[str]:
    """Yield the steps of an operation that lead to the county's amount, in their order."""
    parts = []
    for step in list_steps(store, row):
        if step.stage not in STAGES:
            continue
        number = Fraction(step.value_exact)
        shown = (
            f"{format_exact(number * 100, 6)}%"
            if step.stage == "share"
            else f"{separate_thousands(format_exact(number, 6))}{' ' + unit if (unit := say_unit(step.unit, lang)) else ''}"
        )
        label = say_stored("stage", step.stage, lang)
        if step.stage == "overlap":
            label = f"{label} {step.step_name.removeprefix('claim on ')}"
        why = say_note(step.note.removesuffix(row.clause).strip() if row.clause else step.note, lang)
        parts.append(put_in_brackets(f"{label} {shown}", why, lang))
    if parts:
        yield ("，" if lang == "zh" else ", ").join(parts)


def _nothing(store: Store, name: str, year: int | None, scheme: str, lang: str) -> Iterator[str]:
    """Yield that nothing is booked for a county, and what is booked at all."""
    wanted = " ".join(filter(None, (str(year) if year is not None else "", scheme)))
    yield from wrap_text(translate(lang, "nothing is booked for {name}", name=f"{name} {wanted}".strip()), "", "  ")
    booked = get_comma(lang).join(f"{one.scheme} {one.year}" for one in list_booked(store))
    text = (
        translate(lang, "booked: {booked}", booked=booked)
        if booked
        else translate(lang, "nothing is booked yet; gep compensate ... --post books")
    )
    yield from wrap_text(text, "", "  ")
