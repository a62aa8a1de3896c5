"""The content of a county report, from the store alone: no template, no drawing, the same for every form."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

from gep.account.said_notices import say_notice
from gep.account.status import ACCOUNTED, QUANTITY
from gep.explain.explain import Explained, explain_service
from gep.files.yaml_lines import load
from gep.messages.numbers import YI, format_fixed, format_share, is_known, scale_of
from gep.messages.tables import MONEY, Cell, Column, Row, Table, print_cell
from gep.messages.words import pick_language
from gep.paths import COEFFICIENTS
from gep.reference.county_references import is_taken_over
from gep.reference.periods import count_years, find_first_year, find_last_year, is_period
from gep.reference.services import SERVICE_TITLES
from gep.reports.bands import list_bands, list_swings
from gep.reports.methods import make_methods
from gep.reports.model import Headline, Report, Run, Service, Standard, State
from gep.reports.schemes import make_scheme_tables
from gep.reports.sensitivity import LARGEST, find_sensitivities
from gep.reports.sentences import Sentences
from gep.reports.shown import list_shown_figures
from gep.reports.stored import read_stored
from gep.reports.tables import Tables
from gep.reports.words import read_words as words_of
from gep.reports.words import say_basis
from gep.store.signing import state_in_words
from gep.units.currencies import YUAN, read_currencies, show_money_in

if TYPE_CHECKING:
    from pathlib import Path

    from gep.reports.bands import Bands
    from gep.reports.stored import Stored
    from gep.reports.words import Words
    from gep.store.accounts import AccountHead
    from gep.store.signing import ReviewState
    from gep.store.store import Store

STATES = ("draft", "submitted", "approved", "returned")


def make_report(
    store: Store,
    run: int,
    account: int,
    lang: str,
    texts: Path | None = None,
    since: int | None = None,
    bands: Bands | None = None,
) -> Report:
    """Return all that the report of an account says, from the store alone; figures are numbers and words, not yet drawn.

    Parameters
    ----------
    run     : number of the run
    account : its number in the run
    lang    : zh or en
    texts   : folder with a catalogue of the user's own, which goes before the shipped one
    since   : the earlier year that it is compared with; None: the last that is stored before
    bands   : how sure the account is; None: nobody asked, and the report says nothing of it

    Returns
    -------
    Report whose cells hold unrounded numbers in the unit of their column

    Raises
    ------
    IndexError : the run has no such account
    Problems : no account of the earlier year that is asked for
    """
    stored = read_stored(store, run, account, since)
    return build(stored, words_of(lang, texts), bands)


def build(stored: Stored, words: Words, bands: Bands | None = None) -> Report:
    """Return the report of an account that has been read from the store."""
    words = words if stored.rebuilt.standard.measures == "gep" else words.for_equivalents()
    words = words.for_quantities() if stored.physical else words
    words = words.for_currency(stored.rebuilt.standard.currency)
    from gep.reports.pictures import make_figures

    head, lang = stored.head, words.lang
    scale = scale_of(head.gep)
    unit = words["yi" if scale == YI else "wan"]
    county = head.name_zh if lang == "zh" else head.name_en
    county = county or head.county
    tables = Tables(stored, words, scale, unit)
    sentences = Sentences(stored, words, scale, unit, county)
    explained = _explained(stored)
    services = tuple(_service(stored, tables, identity, parts, words) for identity, parts in explained.items())
    asked = {origin.id for parts in explained.values() for part in parts for origin in part.origins}
    made = [
        tables.extent(),
        tables.catalogue(),
        tables.quantities(),
        tables.quantity_matrix(),
        tables.prices(asked),
        tables.values(),
        tables.matrix(),
        tables.matrix_detail(),
        tables.indices(),
        list_shown_figures(stored, words),
        tables.series(),
        tables.quantity_series(),
        tables.change(),
        tables.change_inputs(),
        _sensitivity(stored, tables, words),
        list_bands(bands, tables, words),
        list_swings(bands, tables, words),
        tables.inputs(),
        tables.coefficients(asked),
        _explanations(stored, words),
    ]
    by_id = {table.id: table for table in made}
    standard = stored.rebuilt.standard
    report = Report(
        kind="county",
        lang=lang,
        title=words["title"],
        county=county,
        code=head.county,
        year=head.year,
        total=_total(stored, tables, words),
        headlines=_headlines(head, words),
        money_unit=unit,
        money_scale=scale,
        standard=Standard(
            standard.key,
            standard.title[lang],
            standard.number,
            tuple(words.wide(pick_language(note, lang)) for note in standard.notes),
        ),
        state=_state(stored.state, words),
        run=_run(stored),
        constant_year=head.constant_year,
        basis=words["quantities_basis"] if stored.physical else _say_basis(head, standard.price_index, words),
        scope=_scope(stored, words, county),
        coverage=sentences.coverage(),
        summary=sentences.summary(),
        tables=by_id,
        figures=make_figures(stored, by_id, words, county),
        services=services,
        statements=_statements(stored, words),
        sources=_sources(stored, by_id, explained, words.lang),
        schemes=make_scheme_tables(stored.postings, head.county, words),
        history=tuple(
            (
                words[f"state_{one.kind}"] if one.kind in STATES else one.kind,
                one.who,
                f"{one.happened_at:%Y-%m-%d %H:%M}",
                one.note or "",
            )
            for one in stored.events
        ),
        facts={
            key: _or_none(getattr(head, key))
            for key in ("gep", "material", "regulating", "cultural", "gep_constant", "gep_per_km2", "gep_per_head", "gep_per_gdp")
        },
    )
    named: Report = show_money_in(report, standard.currency)
    return named


def _total(stored: Stored, tables: Tables, words: Words) -> Headline:
    """Return what stands large on the first page: the total under its name, or how many services have quantities without prices."""
    head, standard = stored.head, stored.rebuilt.standard
    if stored.physical:
        only = sum(one.status == QUANTITY for one in stored.services)
        return Headline("gep", words["quantities_only"], None, f"{only}/{head.services_counted}", words["quantities_unit"])
    called = words["equivalents_total"] if standard.measures == "equivalents" else words["gep"]
    return Headline("gep", called, _or_none(head.gep), print_cell(tables.money(head.gep), Column("", "", MONEY)), tables.unit)


def _or_none(value: float | None) -> float | None:
    return value if is_known(value) else None


def _headlines(head: AccountHead, words: Words) -> tuple[Headline, ...]:
    """Return the indices that stand large on the first page; those that are not known are left out."""
    found = []
    for key, scale, unit in (("gep_per_km2", 1e4, words["per_km2_unit"]), ("gep_per_head", 1.0, words["per_head_unit"])):
        if is_known(getattr(head, key)):
            found.append(Headline(key, words[key], getattr(head, key), format_fixed(getattr(head, key) / scale, 2), unit))
    if is_known(head.gep_per_gdp):
        found.append(Headline("gep_per_gdp", words["gep_per_gdp"], head.gep_per_gdp, format_share(head.gep_per_gdp), ""))
    return tuple(found)


def _state(row: ReviewState, words: Words) -> State:
    state = row.state if row.state in STATES else "draft"
    at = f"{row.signed_at:%Y-%m-%d %H:%M}" if row.signed_at else ""
    zh, en = state_in_words(row)
    sentence = words.wide(zh) + "。" if words.lang == "zh" else f"{en[:1].upper()}{en[1:]}."
    return State(
        state, words[f"state_{state}"], row.signed_by or "", at, row.signed_note or "", row.signed_sha256 or "", sentence
    )


def _run(stored: Stored) -> Run:
    head = stored.rebuilt.head
    return Run(
        int(head["run"]),
        f"{head['made_at']:%Y-%m-%d %H:%M}",
        str(head["program"]),
        str(head["results_sha256"]),
        str(head["inputs_sha256"]),
        str(head["coefficients_sha256"]),
        str(head["rules_sha256"]),
        str(head["reason"] or ""),
        stored.account_sha256,
        stored.chain.sha256,
        stored.chain.link,
    )


def _say_basis(head: AccountHead, index: str, words: Words) -> str:
    """Return in whose yuan values are: of the accounting year, of a period the price year it was computed in."""
    if is_period(head.year):
        return words.say("basis_period", year=head.constant_year, index=index)
    return say_basis(head.year, index, words)


def _say_period(year: int, words: Words) -> str:
    if is_period(year):
        return words.say("scope_several_years", first=find_first_year(year), last=find_last_year(year), count=count_years(year))
    return words.say("scope_period_text", year=year)


def _scope(stored: Stored, words: Words, county: str) -> tuple[tuple[str, str], ...]:
    """Return area, period, boundary, price base, standard and version, each a name and a text."""
    head, standard = stored.head, stored.rebuilt.standard
    rows = [
        ("scope_area", f"{county} ({head.county})"),
        ("scope_period", _say_period(head.year, words)),
        ("scope_boundary", words.say("scope_boundary_text", code=head.county)),
    ]
    if not stored.physical:
        rows.append(("scope_prices", _say_basis(head, standard.price_index, words)))
    if standard.currency != YUAN:
        rows.append(("scope_currency", f"{read_currencies()[standard.currency][words.lang == 'en']} ({standard.currency})"))
    if head.constant_year and not is_period(head.year) and not stored.physical:
        rows.append(("scope_constant", words.say("scope_constant_text", year=head.constant_year)))
    title = standard.title[words.lang]
    rows.append(("scope_standard", f"{title} {standard.number} ({standard.key}, {standard.shown_mark})"))
    rows.append(("scope_version", f"gep {stored.rebuilt.head['program']}"))
    return tuple((words[key], words.wide(text)) for key, text in rows)


def _explained(stored: Stored) -> dict[str, list[Explained]]:
    return {
        one.service: [part for part in explain_service(stored.rebuilt, one.service) if not math.isnan(part.value)]
        for one in stored.services
        if one.status in {ACCOUNTED, QUANTITY}
    }


def _service(stored: Stored, tables: Tables, identity: str, parts: list[Explained], words: Words) -> Service:
    """Return the rules of a service."""
    value = next((value for one, value in stored.accounted() if one.service == identity), math.nan)
    return Service(identity, SERVICE_TITLES[identity][1][words.lang], value, make_methods(parts, words.lang, tables.leaf))


def _sensitivity(stored: Stored, tables: Tables, words: Words) -> Table:
    """Return how the largest services move with their numbers."""
    largest = [one.service for one, _ in sorted(stored.accounted(), key=lambda one: -abs(one[1]))[:LARGEST]]
    rows = []
    taken = {str(row["variable"]) for row in stored.inputs if is_taken_over(str(row["source"]))}
    for one in find_sensitivities(stored.rebuilt, stored.used, largest):
        span = words.say(
            "range_known" if one.ranged else "range_tenth", low=format_fixed(one.low, 2), high=format_fixed(one.high, 2)
        )
        cells: tuple[Cell, ...] = (
            tables.service(one.service),
            tables.leaf(one.leaf) + (f" ({words['taken_over']})" if one.leaf in taken else ""),
            span,
            tables.money(one.at_low),
            tables.money(one.value),
            tables.money(one.at_high),
        )
        rows.append(Row(cells))
    unit = tables.unit
    columns = (
        Column("service", words["service"]),
        Column("factor", words["factor"]),
        Column("range", words["range"]),
        Column("at_low", words["at_low"], MONEY, unit),
        Column("value", words["value"], MONEY, unit),
        Column("at_high", words["at_high"], MONEY, unit),
    )
    return Table("sensitivity", "J", words["sensitivity"], columns, tuple(rows), words["sensitivity_note"], small=True)


def _explanations(stored: Stored, words: Words) -> Table:
    """Return what the checks found and what the county wrote about it."""
    found = "found_zh" if words.lang == "zh" else "found"
    rows = tuple(
        Row((one["check_code"], one["grade"], one["address"], one[found], one["explanation"])) for one in stored.explanations
    )
    columns = (
        Column("code", words["check"]),
        Column("grade", words["grade"]),
        Column("address", words["address"]),
        Column("found", words["found"]),
        Column("explanation", words["explanation"]),
    )
    return Table("explanations", "I3", words["explanations"], columns, rows, small=True)


def _statements(stored: Stored, words: Words) -> tuple[tuple[str, str], ...]:
    """Return what a reader must be told, each text once with the services it concerns."""
    found: dict[str, list[str]] = {}
    for one in stored.notices:
        if one.code == "review":  # the state has its own places
            continue
        names = found.setdefault(say_notice(one.text_zh, one.text_en, words.lang), [])
        if one.service in SERVICE_TITLES:
            names.append(SERVICE_TITLES[one.service][1][words.lang])
    return tuple((words.join(list(dict.fromkeys(names))), text) for text, names in found.items())


@cache
def _all_sources() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = load((COEFFICIENTS / "sources.yaml").read_text("utf-8"))
    return found


def _sources(
    stored: Stored, tables: dict[str, Table], explained: dict[str, list[Explained]], lang: str
) -> tuple[tuple[str, str], ...]:
    """Return the sources cited by rules and coefficients, in full; in English by their English titles where they have one."""
    known_sources = {**_all_sources(), **{key: one.model_dump() for key, one in stored.rebuilt.standard.sources.items()}}
    cited = {part.source for parts in explained.values() for part in parts} | {stored.rebuilt.standard.source}
    cited |= {
        str(cell).partition(",")[0] for name in ("coefficients", "prices") for cell in tables[name].column("source") if cell
    }
    found = []
    for key in sorted(cited & set(known_sources)):
        source = known_sources[key]
        parts = [
            (source.get("title_en") if lang == "en" else None) or source["title"],
            *(str(source[name]) for name in ("number", "issued_by", "date", "doi", "url") if source.get(name)),
        ]
        found.append((key, ". ".join(parts)))
    return tuple(found)
