"""Statements of assets: their value, extent, condition, and what changed them between two years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.assets.causes import LINES
from gep.assets.condition import GRADES, name_quality
from gep.assets.extent import ADDED, CLOSING, KINDS, NET, OPENING, REDUCED
from gep.assets.present_value import FACTOR, VALUE
from gep.messages.layout import put_in_brackets
from gep.messages.numbers import MISSING
from gep.messages.tables import MINOR, SUM, Row
from gep.messages.title import Title
from gep.reference.marks import UNVERIFIED
from gep.reference.members import find_member_title
from gep.reference.regions import name_region
from gep.reference.services import SERVICE_TITLES
from gep.statements.statement import Statement, Teller
from gep.units.money import FEN_PER_YUAN, round_to_fen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.assets.condition import Condition, Index, Section, Whole
    from gep.assets.extent import Extent
    from gep.assets.valuation import Valuation
    from gep.messages.tables import Cell, Table
    from gep.tasks.asset_accounts import AssetTable
    from gep.tasks.assets import ValuedAssets

QUALITY, GRADES_OF_WATER, SECTIONS, OWN = "condition_quality", "condition_grades", "condition_sections", "condition_own"
"""Tables of a condition account."""
STEPS = {1: Title("变好", "better"), 0: Title("不变", "as before"), -1: Title("变差", "worse")}
"""Whether a section's grade got better, word for word."""


def tell_valued(found: ValuedAssets, lang: str) -> Statement:
    """Return the value of each flow by the convention that was chosen, yuan."""
    tell, key = Teller(lang), found.key
    title = tell.say("asset value")
    if key is not None:
        text = "asset value of {county} {year} {standard} run {run}"
        title = tell.say(text, county=name_region(key.county), year=key.year, standard=key.standard, run=key.run)
    rows = [
        Row(
            (f"{one.zh if lang == 'zh' else one.en}{' *' if _is_weak(one.marks) else ''}", *map(_to_fen, (one.rent.value, value)))
        )
        for one, value in zip(found.flows, found.values, strict=True)
    ]
    whole = (sum(one.rent.value for one in found.flows), sum(found.values))
    rows.append(Row((tell.say("total"), *map(_to_fen, whole)), SUM))
    notes = []
    if any(_is_weak(one.marks) for one in found.flows):
        notes.append(tell.say("* rests on figures or statements that are not verified"))
    if found.lacking:
        names = [SERVICE_TITLES[one][1][lang] if one in SERVICE_TITLES else one for one in found.lacking]
        notes.append(tell.say("no data, not in the total: {names}", names=tell.join(names)))
    columns = (tell.name("service"), tell.yuan("yearly flow"), tell.yuan("asset value"))
    return Statement(
        lang,
        title,
        tuple(_tell_convention(found.valuation, found.factor, tell)),
        (tell.table(tell.say("present value of the flows"), columns, rows),),
        tuple(notes),
        tuple(found.calculation.explain(VALUE)),
    )


def tell_asset_table(found: AssetTable, lang: str) -> Statement:
    """Return the lines of the asset account, then every service's, yuan to the fen."""
    tell = Teller(lang)
    one, other = found.years
    title = tell.say(
        "asset account of {county} {one} to {other}, {standard}, runs {run} and {next}",
        county=one.county,
        one=one.year,
        other=other.year,
        standard=other.standard,
        run=one.run,
        next=other.run,
    )
    about = [*_tell_convention(found.valuations[0], found.factors[0].value(FACTOR), tell)]
    if found.valuations[1] is not found.valuations[0]:
        about.append((tell.say("at the closing"), ""))
        about += _tell_convention(found.valuations[1], found.factors[1].value(FACTOR), tell)
    rows = [
        Row((tell.say("opening"), found.opening / FEN_PER_YUAN), SUM),
        *(Row((LINES[name][lang], fen / FEN_PER_YUAN), MINOR) for name, fen in found.lines.items()),
        Row((put_in_brackets(tell.say("catastrophic losses"), tell.say("not stated"), lang), None), MINOR),
        Row((tell.say("net change"), (found.closing - found.opening) / FEN_PER_YUAN), SUM),
        Row((tell.say("closing"), found.closing / FEN_PER_YUAN), SUM),
    ]
    whole = tell.table(tell.say("all services"), (tell.name("line"), tell.yuan("amount")), rows)
    columns = (tell.name("service"), tell.yuan("opening"), tell.name("cause"), tell.yuan("change"), tell.yuan("closing"))
    lines: list[Row] = []
    for change in found.changes:
        causes = list(change.lines.items()) or [("", 0)]
        for at, (name, fen) in enumerate(causes):
            shown = LINES[name][lang] if name else tell.say("unchanged")
            ends = [_yuan(value) for value in (change.opening, change.closing)]
            first = (SERVICE_TITLES[change.service][1][lang], ends[0], shown, fen / FEN_PER_YUAN, ends[1])
            lines.append(Row(first if at == 0 else ("", "", shown, fen / FEN_PER_YUAN, "")))
    by_service = tell.table(tell.say("by service and cause"), columns, lines)
    note = tell.say("each line has its own cause; they add up to the fen, with no residual")
    steps = [part for each in dict.fromkeys(found.factors) for part in each.explain(FACTOR)]
    return Statement(lang, title, tuple(about), (whole, by_service), (note,), tuple(steps))


def tell_extent(found: Extent, lang: str) -> Statement:
    """Return the account type by type, then every transition with the row that says so, hm2."""
    tell = Teller(lang)
    ends = (OPENING, ADDED, REDUCED, NET, CLOSING)
    heads = ("opening", "additions", "reductions", "net change", "closing")
    columns = (tell.name("type"), *(tell.number(head, "hm^2", 2) for head in heads))
    table = [found.row(case) for case in range(len(found.types))]
    rows = [Row((row[f"title_{lang}"], *(row[name] for name in ends))) for row in table]
    sums = [None if name in {ADDED, REDUCED} and not found.is_gross else sum(row[name] or 0.0 for row in table) for name in ends]
    rows.append(Row((tell.say("total"), *sums), SUM))
    tables = [tell.table(tell.say("extent account"), columns, rows)]
    if found.transitions:
        of_change = ("earlier type", "later type", "cause", "address", "source")
        moved: list[tuple[Cell, ...]] = [
            (
                *(find_member_title("ecosystem", end)[lang] for end in (one.origin, one.target)),
                KINDS[one.kind][lang],
                one.area.address,
                one.area.source,
                one.area.value,
            )
            for one in found.transitions
        ]
        heads_of = (*map(tell.name, of_change), tell.number("area", "hm^2", 2))
        tables.append(tell.table(tell.say("what became of the land"), heads_of, moved))
    notes = []
    if not found.is_gross:
        notes.append(tell.say("only net changes: two years do not say what became what; a transition matrix does"))
    files = {
        side: "; ".join(dict.fromkeys(one.address.partition(":")[0] for one in areas.values()))
        for side, areas in (("opening", found.opening), ("closing", found.closing))
    }
    about = tuple((tell.say(side), files[side]) for side in files)
    return Statement(lang, tell.say("extent account"), about, tuple(tables), tuple(notes))


def tell_condition(found: Condition, lang: str) -> Statement:
    """Return the indices of HJ 1172, the water sections by grade, and the own indicators, as far as they were given."""
    tell = Teller(lang)
    tables, notes = [], []
    if found.quality:
        title = tell.say("ecosystem quality index of HJ 1172, 0 to 100")
        tables.append(_tell_indices(found.quality, found.quality_whole, tell, title, 1, QUALITY))
        graded = [(one.type, one) for one in found.quality]
        if found.quality_whole is not None:
            graded.append((tell.say("whole unit, by area"), found.quality_whole.index))
        for name, one in graded:
            grade = " → ".join(name_quality(value)[lang] for value in one.ends)
            notes.append(tell.say("{type}: {grade}", type=name, grade=grade))
    if found.water:
        tables += [_count_grades(found, tell), _list_sections(found.water, tell)]
        good = [found.share_good(end) for end in (0, 1)]
        if good[0] is not None and good[1] is not None:
            known = sum(one.step is not None for one in found.water)
            text = "grades I to III: {one:.1%} → {other:.1%} of the {count} sections with a grade at both ends"
            notes.append(tell.say(text, one=good[0], other=good[1], count=known))
    if found.own:
        title = tell.say("own indicators, 0 is the poorest level and 1 the reference")
        tables.append(_tell_indices(found.own, found.own_whole, tell, title, 3, OWN))
    if found.lacking:
        text = "no index of the unit: the stored accounts do not state the area of {types} in both years"
        notes.append(tell.say(text, types=tell.join(found.lacking)))
    return Statement(lang, tell.say("condition of ecosystems"), (), tuple(tables), tuple(notes))


def _tell_indices(several: Sequence[Index], whole: Whole | None, tell: Teller, title: str, decimals: int, identity: str) -> Table:
    columns = (tell.name("type"), *(tell.number(head, decimals=decimals) for head in ("opening", "change", "closing")))
    rows = []
    for one in several:
        rows.append(Row((one.type, *_to_ends(one.ends))))
        rows += [Row((name, *_to_ends(pair)), MINOR) for name, pair in one.parts.items()]
    note = []
    if whole is not None:
        rows.append(Row((tell.say("whole unit, by area"), *_to_ends(whole.index.ends)), SUM))
        opening, closing = whole.covered
        text = "types with an index cover {one:.1%} of the unit's area at the opening and {other:.1%} at the closing"
        note.append(tell.say(text, one=opening, other=closing))
    return tell.table(title, columns, rows, note, identity=identity)


def _to_ends(pair: tuple[float, float]) -> tuple[float, float, float]:
    return pair[0], pair[1] - pair[0], pair[1]


def _count_grades(found: Condition, tell: Teller) -> Table:
    before, after = found.count(0), found.count(1)
    names = [name for name in before if name or before[name] or after[name]]
    columns = (tell.name("grade"), *(tell.number(head, decimals=0) for head in ("opening", "change", "closing")))
    rows = [(_name_grade(name, tell), before[name], after[name] - before[name], after[name]) for name in names]
    return tell.table(tell.say("surface water by grade, sections"), columns, rows, identity=GRADES_OF_WATER)


def _list_sections(several: Sequence[Section], tell: Teller) -> Table:
    columns = tuple(map(tell.name, ("section", "opening", "closing", "change", "address", "source")))
    rows = []
    for one in several:
        ends = [_name_grade(end, tell) if end else MISSING for end in one.ends]
        told = "" if one.step is None else STEPS[(one.step > 0) - (one.step < 0)][tell.lang]
        rows.append((one.name, *ends, told, one.address, one.source))
    return tell.table(tell.say("sections"), columns, rows, identity=SECTIONS)


def _name_grade(name: str, tell: Teller) -> str:
    if not name:
        return tell.say("not stated")
    return GRADES[name] if tell.lang == "zh" else tell.say("worse than V") if name == "worse" else name


def _tell_convention(how: Valuation, factor: float, tell: Teller) -> Iterator[tuple[str, str]]:
    """Yield by which convention, rates and growth flows were valued, who chose them, and what a yuan a year is worth."""
    one = how.convention
    text = "{title} ({id}), {source} [{mark}]"
    yield tell.say("convention"), tell.say(text, title=one.title[tell.lang], id=one.id, source=one.source, mark=one.mark)
    first = 1
    for block in how.blocks:
        last = None if block.years is None else first + int(block.years.value) - 1
        yield (
            tell.say("rate"),
            tell.say("{rate} from year {first} on", rate=block.rate.given, first=first)
            if last is None
            else tell.say("{rate} in years {first} to {last}", rate=block.rate.given, first=first, last=last),
        )
        first = (last or 0) + 1
    yield tell.say("growth a year"), how.growth.given
    yield tell.say("chosen by"), how.author
    yield tell.say("grounds"), how.basis
    text = "1 yuan a year is worth {factor:.2f} yuan by this convention; another one gives another value."
    yield tell.say("factor"), tell.say(text, factor=factor)


def _is_weak(marks: Sequence[str]) -> bool:
    return bool(UNVERIFIED.intersection(marks))


def _to_fen(value: float) -> float:
    """Return an amount rounded to the fen, yuan."""
    return round_to_fen(value) / FEN_PER_YUAN


def _yuan(fen: int | None) -> Cell:
    return None if fen is None else fen / FEN_PER_YUAN
