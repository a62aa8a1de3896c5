"""Reports for those who decide: to the people's congress, of an area's state, at the end of a term, of targets by department.

What a section says comes from the store; what the office thinks of it comes from a file of texts with their authors. A section of
the office's own in which nothing was written says so.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from gep.account.status import NO_DATA
from gep.files.yaml_lines import read_typed_document, validate_document
from gep.indicators.assess import STATUS_TITLES
from gep.indicators.indicator import TEXT, print_signs
from gep.indicators.query import ask
from gep.indicators.sets import load_set
from gep.messages.numbers import format_fixed
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.tables import GROUP, NUMBER, RATIO, Cell, Column, Row, Table
from gep.messages.texts import join_list, say
from gep.messages.words import STATUS
from gep.reports.content import make_report
from gep.reports.model import OfficeText
from gep.reports.outline import BODIES, BRIEFINGS
from gep.reports.watched import list_alerts, list_products
from gep.reports.words import read_words
from gep.statements.assets import tell_condition
from gep.tasks.account_figures import read_approved
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gep.assets.condition import Condition
    from gep.indicators.assess import Assessed
    from gep.reports.bands import Bands
    from gep.reports.model import Report
    from gep.reports.words import Words
    from gep.store.keys import AccountKey
    from gep.store.store import Store

OVERVIEW = ("land_area", "population", "gdp")
"""What an overview tells of the place, where the account has it."""
NEEDS_OPENING = ("term",)
NEEDS_INDICATORS = ("assessment",)
SET = "ganzhou-2035"
_ID = re.compile(r"([（(])[a-z][a-z0-9_]*(?:[，：]|[,:] )")
"""The id that stands before the department in what a service lacks: who decides reads titles."""


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    part: str
    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    author: str = ""
    source: str = ""


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    author: Annotated[str, Field(min_length=1, max_length=200)]
    texts: Annotated[list[_Text], Field(max_length=500)] = []
    departments: dict[str, list[str]] = {}


@dataclass(frozen=True)
class Briefing:
    """What is asked for.

    Attributes
    ----------
    kind  : one of BRIEFINGS
    texts : file of what the office wrote, and of the departments that answer for indicators; None: nothing
    since : year of the opening account; None: the last that is stored before
    figures : tables of figures of the indicators; none: the report has no targets
    indicator_set : id or file of the set they are of
    condition : condition of ecosystems over the same years; None: nobody gave it
    """

    kind: str
    texts: Path | None = None
    since: int | None = None
    figures: tuple[Path, ...] = ()
    indicator_set: str = SET
    condition: Condition | None = None


def read_office_texts(path: Path, kind: str) -> tuple[tuple[OfficeText, ...], dict[str, str]]:
    """Return what an office wrote for the parts of a report, and which department answers for which indicator.

    Parameters
    ----------
    path : YAML with author and texts, each of which has part, text and, where they differ or are asked for, author and source
    kind : of the report, one of BRIEFINGS

    Raises
    ------
    Problems : everything that is wrong in the file; a part that the report does not have; a fact of the overview without a source
    """
    document = read_typed_document(path, "the file holds no texts", "author, texts")
    read = validate_document(_Texts, document)
    problems, found = [], []
    for at, one in enumerate(read.texts):
        line = document.line(("texts", str(at)))
        if one.part not in BRIEFINGS[kind]:
            said = say("there is no part {name!r} in this report", name=one.part)
            hint = suggest_nearest(one.part, BRIEFINGS[kind])
            problems.append(Problem(document.file, line, said, join_list(BRIEFINGS[kind]), hint))
        if one.part == "overview" and not one.source:
            problems.append(Problem(document.file, line, "a fact about the place has no source", "source: where it is from"))
        found.append(OfficeText(one.part, one.text, one.author or read.author, one.source))
    departments: dict[str, str] = {}
    for name, indicators in read.departments.items():
        for identity in indicators:
            if identity in departments:
                said = say("{name} stands under {first} and {second}", name=identity, first=departments[identity], second=name)
                problems.append(Problem(document.file, document.line(("departments", name)), said, "one department each"))
            departments[identity] = name
    refuse(problems)
    return tuple(found), departments


def make_briefing(
    store: Store, key: AccountKey, asked: Briefing, lang: str, folder: Path | None = None, bands: Bands | None = None
) -> Report:
    """Return a report of a kind for those who decide, from the store and from what the office wrote.

    Parameters
    ----------
    folder : templates and texts of one's own
    bands  : how sure the account is; None: nobody asked

    Raises
    ------
    Problems : no account of the opening year, a kind that needs what was not given or has no part for what was, and what is wrong in
               the files
    """
    if asked.kind in NEEDS_OPENING and asked.since is None:
        refuse_one("--since", "the opening year is missing", "the year before the term began, of which an account is stored")
    if asked.kind in NEEDS_INDICATORS and not asked.figures:
        refuse_one("--indicators", "there are no figures of indicators", "tables of figures, as gep indicators takes them")
    for part, option, given in (("targets", "--indicators", asked.figures), ("condition", "--quality", asked.condition)):
        if given and part not in BRIEFINGS[asked.kind]:
            kinds = [name for name, parts in BRIEFINGS.items() if part in parts]
            found = say(
                "a report of the kind {kind} has no part {part}, so these figures have no effect", kind=asked.kind, part=part
            )
            refuse_one(option, found, say("--kind {names}", names=join_list(kinds)))
    written, departments = read_office_texts(asked.texts, asked.kind) if asked.texts is not None else ((), {})
    words = read_words(lang, folder)
    report = make_report(store, key.run, key.account, lang, folder, asked.since, bands)
    tables = [
        _tell_overview(report, words),
        _list_missing(report, words),
        list_products(store, key, words),
        list_alerts(store, key, words),
    ]
    if asked.condition is not None:
        tables += _tell_condition(asked.condition, lang)
    if asked.figures:
        judged = ask(load_set(asked.indicator_set), asked.figures, key.county, key.year, None, accounts=read_approved(store))
        here = next(one for one in judged.found if one.place == judged.place)
        tables += [
            _list_targets(here, judged.target_year, words, departments),
            _sum_departments(here, judged.target_year, words, departments),
        ]
    made = {**report.tables, **{one.id: one for one in tables}}
    parts = [BODIES[name] for name in BRIEFINGS[asked.kind] if name in BODIES]
    shown = [made[name] for names, _ in parts for name in names if name in made and made[name].rows]
    figures = [report.figures[name] for _, names in parts for name in names if name in report.figures]
    return replace(
        report,
        kind=asked.kind,
        title=words[f"kind_{asked.kind}"],
        tables={one.id: replace(one, code=str(at)) for at, one in enumerate(shown, 1)},
        figures={one.id: one for one in figures},
        texts=written,
    )


def _tell_overview(report: Report, words: Words) -> Table:
    """Return the facts of the place that the account has, each with its source and cell."""
    inputs = report.tables["inputs"]
    names = {VARIABLES[name].title[report.lang] for name in OVERVIEW}
    kept = ("variable", "given", "unit", "source", "address")
    columns = tuple(column for column in inputs.columns if column.id in kept)
    places = [at for at, column in enumerate(inputs.columns) if column.id in kept]
    unit = [column.id for column in inputs.columns].index("unit")
    rows = tuple(
        Row(tuple(words.unit(str(row.cells[at])) if at == unit else row.cells[at] for at in places))
        for row in inputs.rows
        if row.cells[0] in names
    )
    return Table("overview", "", words["facts_of_place"], columns, rows, small=True)


def _tell_condition(found: Condition, lang: str) -> list[Table]:
    """Return the tables of a condition account, what it says of them beneath the last."""
    told = tell_condition(found, lang)
    *before, last = told.tables
    return [*before, replace(last, note=" ".join(filter(None, (last.note, *told.notes))))]


def _list_missing(report: Report, words: Words) -> Table:
    """Return the services that have no value for want of data, with what each lacks."""
    catalogue = report.tables["catalogue"]
    kept = tuple(column for column in catalogue.columns if column.id in {"service", "status", "reason"})
    places = [catalogue.columns.index(column) for column in kept]
    lacking = STATUS[NO_DATA][report.lang]
    rows = tuple(
        Row(tuple(_ID.sub(r"\1", str(row.cells[at] or "")) for at in places))
        for row in catalogue.rows
        if row.kind != GROUP and row.cells[1] == lacking
    )
    return Table("missing", "", words["not_accounted"], kept, rows, small=True)


def _list_targets(one: Assessed, goal: int, words: Words, departments: Mapping[str, str]) -> Table:
    """Return every indicator with its figure, target, gap and score; a score is from 0 to 100."""
    rows = []
    for row in one.rows:
        judged = next(part for part in row.judged if part.year == goal)
        figure = row.figure
        cells: tuple[Cell, ...] = (
            row.indicator.number,
            row.indicator.name(words.lang),
            departments.get(row.indicator.id, ""),
            figure.given if figure is not None else None,
            "" if row.indicator.unit == TEXT else words.unit(row.indicator.unit),
            print_signs(judged.printed),
            STATUS_TITLES[judged.status][words.lang],
            judged.gap,
            None if judged.score is None else 100 * judged.score,
            figure.address if figure is not None else "",
        )
        rows.append(Row(cells))
    columns = (
        Column("number", words["number"], RATIO, decimals=0),
        Column("indicator", words["indicator"]),
        Column("department", words["department"]),
        Column("figure", words["figure_given"]),
        Column("unit", words["unit"]),
        Column("target", words.say("target_of", year=goal)),
        Column("status", words["status"]),
        Column("gap", words["gap"], NUMBER),
        Column("score", words["score"], NUMBER, decimals=1),
        Column("address", words["address"]),
    )
    return Table("targets", "", words["targets"], columns, tuple(rows), _say_score(one, words), small=True)


def _sum_departments(one: Assessed, goal: int, words: Words, departments: Mapping[str, str]) -> Table:
    """Return the mean score of each department over the indicators it answers for that can be scored, and how many cannot."""
    counted = {indicator.id for indicator in one.counted}
    scores: dict[str, list[float | None]] = {}
    for row in one.rows:
        if row.indicator.id in counted:
            judged = next(part for part in row.judged if part.year == goal)
            scores.setdefault(departments.get(row.indicator.id, ""), []).append(judged.score)
    rows = []
    for name in sorted(scores, key=lambda name: (not name, name)):
        known = [score for score in scores[name] if score is not None]
        mean = 100 * math.fsum(known) / len(known) if known else None
        rows.append(Row((name or words["nobody_named"], len(scores[name]), len(scores[name]) - len(known), mean)))
    columns = (
        Column("department", words["department"]),
        Column("indicators", words["indicators_counted"], RATIO, decimals=0),
        Column("lacking", words["indicators_lacking"], RATIO, decimals=0),
        Column("score", words["score"], NUMBER, decimals=1),
    )
    return Table("departments", "", words["departments"], columns, tuple(rows), words["departments_note"])


def _say_score(one: Assessed, words: Words) -> str:
    if one.score is None:
        return words.say("score_lacks", count=len(one.lacking))
    return words.say("score_of_place", score=format_fixed(one.score, 1))
