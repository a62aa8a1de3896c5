"""Answers to the questions of finance staff: the named queries, narrowed to a county, year, scheme or day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gep.compensation.booking import compute_bridge_of
from gep.compensation.bridge import PARTS, TOGETHER
from gep.messages.problems import refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import say
from gep.reference.regions import find, find_retired, read_regions, suggest_divisions
from gep.reference.retired import read_retired
from gep.store.questions import QUESTIONS, Question
from gep.store.rows import make_dicts
from gep.store.transfers import answer_question, list_parties
from gep.store.walk import refuse_forged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.compensation.binding import ReadAccountFigures
    from gep.store.store import Store

BRIDGE = 4
"""The question what changed from last year."""
COMPARE = 17
"""The question that sets counties side by side."""

Answer = tuple[Question, list[str], list[tuple[Any, ...]]]


def list_questions() -> list[tuple[int, str, str]]:
    """Return number, name and meaning of every question of finance staff."""
    return [(one.number, one.name, f"{one.zh} · {one.en}") for one in QUESTIONS]


def find_questions(question: str, *, everything: bool = False) -> Sequence[Question]:
    """Return the questions of finance staff that a number or name means.

    Parameters
    ----------
    question   : 1 to 19, or the name of the query with or without `transfers-`
    everything : all questions instead

    Raises
    ------
    Problems : there is no such question
    """
    if everything:
        return QUESTIONS
    found = [one for one in QUESTIONS if question in {one.name, str(one.number), one.name.removeprefix("transfers-")}]
    if not found:
        hint = "question 20 is answered by the encumbrance register" if question == "20" else "gep transfers --list names them"
        refuse_one("--question", say("there is no question {name!r}", name=question), "1 to 19, or a name", hint)
    return found


def answer_questions(
    store: Store,
    questions: Sequence[Question],
    *,
    county: str = "",
    other: str = "",
    year: int | None = None,
    scheme: str = "",
    as_of: str = "",
    figures: ReadAccountFigures | None = None,
) -> list[Answer]:
    """Return the answer to each question, narrowed to what its columns allow.

    Parameters
    ----------
    county : code, name or id of a party; empty: all
    other  : a second party, for questions between two
    scheme : id; empty: all
    as_of  : day up to which it was booked, YYYY-MM-DD; empty: to this day
    figures : reads figures of approved accounts, for schemes that take some

    Raises
    ------
    Problems : an unknown county or day, or money that another program wrote into the store
    """
    counties = [code for one in (county, other) if one for code in find_parties(store, one)]
    if as_of:
        try:
            date.fromisoformat(as_of)
        except ValueError:
            refuse_one("--as-of", say("{text!r} is not a day", text=as_of), "YYYY-MM-DD")
    answers = []
    with store:
        refuse_forged(store.connection, store.path)
        for question in questions:
            columns, rows = answer_question(store, question, counties=counties, year=year, scheme=scheme, as_of=as_of)
            if question.number == BRIDGE and counties:
                rows = [part for row in rows for part in _told_apart(store, columns, row, figures)]
            answers.append(
                (question, *_side_by_side(columns, rows, counties))
                if question.number == COMPARE and other
                else (question, columns, rows)
            )
    return answers


def _told_apart(
    store: Store, columns: list[str], row: tuple[Any, ...], figures: ReadAccountFigures | None
) -> list[tuple[Any, ...]]:
    """Return a part of a bridge, own and others' inputs told apart where they were booked together: computed now, for one county."""
    at = make_dicts(columns, [row])[0]
    if at["bridge_part"] != TOGETHER:
        return [row]
    found = compute_bridge_of(store, at["scheme"], at["year"], at["county"], figures)
    if found is None:
        return [row]
    return [
        tuple({**at, "bridge_part": part, "amount": Decimal(found.parts[part]) / 100}[column] for column in columns)
        for part in PARTS[2:4]
    ]


def _side_by_side(
    columns: list[str], rows: list[tuple[Any, ...]], counties: list[str]
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return one row a step, with a column of values for each county."""
    place, value = columns.index("county"), columns.index("value_exact")
    rest = [at for at, name in enumerate(columns) if name not in {"county", "section_name", "value_exact"}]
    table: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        table.setdefault(tuple(row[at] for at in rest), {})[row[place]] = row[value]
    return [*(columns[at] for at in rest), *counties], [
        (*key, *(cells.get(code, "") for code in counties)) for key, cells in table.items()
    ]


def _list_inside(code: str) -> list[str]:
    """Return the codes of all divisions inside a city or province, those that were merged or renamed since too; none of a county."""
    width = 2 if code.endswith("0000") else 4 if code.endswith("00") else 0
    if not width:
        return []
    every = [*read_regions(), *(one.code for one in read_retired())]
    return [one for one in dict.fromkeys(every) if one[:width] == code[:width] and one != code]


def find_parties(store: Store, county: str) -> list[str]:
    """Return the codes or party ids that a county is booked under; of a city or province, with all divisions inside.

    Parameters
    ----------
    county : six-digit code, name, or id of a party

    Raises
    ------
    Problems : a name or id that no division has and under which nothing is booked
    """
    found = [region.code for region in find(county)]
    if found:
        return [*found, *(inside for code in found for inside in _list_inside(code))]
    with store:
        parties = list_parties(store)
    if county in parties:
        return [county]
    retired = [one.code for one in find_retired(county) if one.code in parties]
    if retired:
        return retired
    refuse_one(
        "--county",
        say("there is no county and no booked party {county!r}", county=county),
        "a code, a name, or a party of a scheme",
        suggest_divisions(county) or suggest_nearest(county, sorted(parties)),
    )
