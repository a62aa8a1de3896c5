"""Prints VEP of parcels, the quota ledger and lots on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.assets.parcel import MEANINGS
from gep.encumbrance.entries import format_decimal
from gep.messages.layout import lay_out_table, wrap_text
from gep.messages.numbers import MISSING, format_fixed
from gep.messages.texts import say_in, translate
from gep.reference.regions import name_region
from gep.terminal.trace import print_trace
from gep.units.money import format_yuan, round_to_fen
from gep.units.registry import print_unit_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.assets.lots import Lot
    from gep.assets.parcel import Parcel
    from gep.assets.quota import Ledger


def print_vep(found: Parcel, lang: str, sha256: str = "") -> Iterator[str]:
    """Yield the meaning, the cash flow by year, the present value, loan cover, and how it was computed."""
    yield translate(
        lang, "VEP of parcel {parcel}, {county}: {title}", parcel=found.number, county=found.county, title=found.title
    )
    yield from wrap_text(translate(lang, "what is meant: {meaning}", meaning=MEANINGS[found.meaning][lang]), "  ", "    ")
    yield from wrap_text(
        translate(lang, "products: {names}", names=("、" if lang == "zh" else ", ").join(found.products)), "  ", "    "
    )
    yield translate(lang, "  rate {rate}, {timing}", rate=found.rate, timing=translate(lang, found.timing))
    yield from wrap_text(translate(lang, "chosen by {author}: {basis}", author=found.author, basis=found.basis), "  ", "    ")
    heads = ["year", "realisable income", "cost", "net, yuan", *(("instalment", "cover") if found.has_loan else ())]
    rows = []
    for case in range(len(found.years)):
        year = found.year(case)
        cover = year.get("cover")
        money = [
            format_yuan(round_to_fen(year[name])) if year.get(name) is not None else MISSING
            for name in ("income", "expense", "net", *(("instalment",) if found.has_loan else ()))
        ]
        rows.append([year["year"], *money, *([MISSING if cover is None else format_fixed(cover, 2)] if found.has_loan else [])])
    yield from lay_out_table([translate(lang, one) for one in heads], rows)
    yield translate(lang, "present value: {yuan} yuan", yuan=format_yuan(found.vep_fen))
    if found.has_loan and found.loan_to_value is None:
        yield translate(lang, "loan: nothing is left to lend on")
    elif found.least_cover is not None:
        yield translate(
            lang,
            "loan: {share:.1%} of the present value; the poorest year covers its instalment {cover:.2f} times",
            share=found.loan_to_value or 0.0,
            cover=found.least_cover,
        )
    if sha256:
        yield f"sha256 {sha256}"
    yield from wrap_text(translate(lang, "no text prescribes formula or rate: another choice gives another value"), "", "  ")
    yield ""
    yield from print_trace(found.whole.explain("vep"), lang)
    yield from print_trace(found.yearly.explain("net", 0), lang)


def print_ledger(found: Ledger, lang: str) -> Iterator[str]:
    """Yield every plot with its state and the entry that holds it, and hectares by kind and state."""
    heads = [translate(lang, one) for one in ("plot", "kind", "hm2", "grade", "accepted", "state", "party", "entry")]
    rows = []
    for plot in found.plots:
        row = found.row(plot)
        rows.append(
            [
                f"{name_region(plot.county)} {plot.number}",
                translate(lang, plot.kind),
                format_fixed(plot.area.value, 4),
                plot.grade,
                str(plot.accepted or MISSING),
                translate(lang, row["state"]),
                row["party"] or "",
                row["entry"] or "",
            ]
        )
    yield from lay_out_table(heads, rows)
    for plot in found.plots:
        row = found.row(plot)
        if row["state"] != "in part" and len(row["entries"]) < 2:  # noqa: PLR2004 - the table has told of one
            continue
        for one in row["entries"]:
            text = "{plot}: {area} hm2 to {party} since {day}, {document}, entry {entry}"
            told = {"area": format_fixed(one["area"], 4), "party": one["party"], "day": one["since"], "document": one["document"]}
            yield from wrap_text(translate(lang, text, plot=plot.number, entry=one["entry"], **told), "  ", "    ")
        left = format_fixed(row["remaining"], 4)
        yield from wrap_text(translate(lang, "{plot}: {area} hm2 left", plot=plot.number, area=left), "  ", "    ")
    for kind, sums in found.sums().items():
        parts = [f"{translate(lang, state)} {format_fixed(area, 4)}" for state, area in sums.items()]
        yield translate(
            lang, "{kind}, hm2: {parts}", kind=translate(lang, kind), parts=("、" if lang == "zh" else ", ").join(parts)
        )


def print_lots(found: Sequence[Lot], lang: str) -> Iterator[str]:
    """Yield every lot: how much there is, is held and is free, and the first letters of its hash."""
    heads = [translate(lang, one) for one in ("lot", "what", "unit", "amount", "held", "free")]
    rows = []
    for one in found:
        unit = print_unit_in(one.subject.quantity_unit or "", lang)
        amounts = [format_decimal(value) for value in (one.amount, one.held, one.free)]
        rows.append([one.as_dict()["sha256"][:12], say_in(one.name, lang), unit, *amounts])
    yield from lay_out_table(heads, rows)
    yield from wrap_text(
        translate(lang, "what is free here is what is left when the lot is made; a sale is checked again when it is entered"),
        "",
        "  ",
    )
