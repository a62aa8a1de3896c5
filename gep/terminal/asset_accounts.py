"""Prints extent accounts and asset tables on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.assets.causes import LINES
from gep.assets.extent import ADDED, CLOSING, KINDS, NET, OPENING, REDUCED
from gep.assets.present_value import FACTOR
from gep.messages.layout import lay_out_table, pad, wrap_text
from gep.messages.numbers import MISSING, format_fixed
from gep.messages.table_layout import fit_table
from gep.messages.texts import translate
from gep.reference.members import find_member_title
from gep.reference.services import SERVICE_TITLES
from gep.terminal.assets import print_convention
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.assets.extent import Extent
    from gep.tasks.asset_accounts import AssetTable

NAME, NUMBER = 44, 26


def print_extent(found: Extent, lang: str) -> Iterator[str]:
    """Yield the account type by type, then every transition with the row that says so."""
    yield translate(lang, "extent account, hm2")
    heads = [translate(lang, one) for one in ("type", "opening", "additions", "reductions", "net change", "closing")]
    rows = []
    for case in range(len(found.types)):
        row = found.row(case)
        rows.append([row[f"title_{lang}"], *(_area(row[name]) for name in (OPENING, ADDED, REDUCED, NET, CLOSING))])
    sums = [sum(found.row(case)[name] or 0.0 for case in range(len(found.types))) for name in (OPENING, NET, CLOSING)]
    rows.append([translate(lang, "total"), _area(sums[0]), "", "", _area(sums[1]), _area(sums[2])])
    yield from lay_out_table(heads, rows)
    if not found.is_gross:
        yield from wrap_text(
            translate(lang, "only net changes: two years do not say what became what; a transition matrix does"), "", "  "
        )
    for one in found.transitions:
        ends = [find_member_title("ecosystem", end)[lang] for end in (one.origin, one.target)]
        kind = KINDS[one.kind][lang]
        yield from wrap_text(
            f"{ends[0]} → {ends[1]}  {_area(one.area.value)}  {kind}  {one.area.address}  {one.area.source}", "  ", "    "
        )
    yield from wrap_text(
        translate(
            lang,
            "opening from {opening}; closing from {closing}",
            **{
                side: "; ".join(dict.fromkeys(one.address.partition(":")[0] for one in areas.values()))
                for side, areas in (("opening", found.opening), ("closing", found.closing))
            },
        ),
        "",
        "  ",
    )


def print_asset_table(found: AssetTable, lang: str) -> Iterator[str]:
    """Yield the lines of the asset account, then every service's, and the convention."""
    one, other = found.years
    yield translate(
        lang,
        "asset account of {county} {one} to {other}, {standard}, runs {run} and {next}; yuan",
        county=one.county,
        one=one.year,
        other=other.year,
        standard=other.standard,
        run=one.run,
        next=other.run,
    )
    yield _line(translate(lang, "opening"), format_yuan(found.opening))
    for name, fen in found.lines.items():
        yield _line(f"  {LINES[name][lang]}", format_yuan(fen, signed=True) if fen else "0")
    yield _line(translate(lang, "  catastrophic losses"), translate(lang, "not stated"))
    yield _line(translate(lang, "net change"), format_yuan(found.closing - found.opening, signed=True))
    yield _line(translate(lang, "closing"), format_yuan(found.closing))
    yield from wrap_text(translate(lang, "each line has its own cause; they add up to the fen, with no residual"), "", "  ")
    yield ""
    heads = [translate(lang, name) for name in ("service", "opening", "cause", "yuan", "closing")]
    rows: list[list[object]] = []
    for change in found.changes:
        title = SERVICE_TITLES[change.service][1][lang]
        causes = list(change.lines.items()) or [("", 0)]
        for at, (name, fen) in enumerate(causes):
            ends = [format_yuan(value) if value is not None else MISSING for value in (change.opening, change.closing)]
            shown = LINES[name][lang] if name else translate(lang, "unchanged")
            rows.append(
                [
                    title if at == 0 else "",
                    ends[0] if at == 0 else "",
                    shown,
                    format_yuan(fen, signed=True) if fen else "0",
                    ends[1] if at == 0 else "",
                ]
            )
    yield from fit_table(heads, rows, 110, lang)
    yield ""
    yield from print_convention(found.valuations[0], found.factors[0].value(FACTOR), lang)
    if found.valuations[1] is not found.valuations[0]:
        yield translate(lang, "at the closing:")
        yield from print_convention(found.valuations[1], found.factors[1].value(FACTOR), lang)


def _area(value: float | None) -> str:
    return MISSING if value is None else format_fixed(value, 2)


def _line(name: str, value: str) -> str:
    return pad(name, NAME) + pad(value, NUMBER, right=True)
