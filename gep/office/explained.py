"""The trace of a number as a page tells it: rule by rule, the formula as mathematics, in numbers, and where each number came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gep.explain.conversions import say_conversion
from gep.explain.trace import describe_choice, explain_not_accounted, make_trace
from gep.messages.punctuation import widen_punctuation
from gep.messages.texts import say_in
from gep.reference.marks import UNVERIFIED
from gep.reference.members import find_member_title, read_ecosystems
from gep.reports.mathematics import say_first_known
from gep.reports.words import read_words
from gep.units.readable import print_readable, print_unit_readable

if TYPE_CHECKING:
    from gep.explain.explain import Explained, Origin
    from gep.explain.trace import Trace
    from gep.store.keys import AccountKey
    from gep.store.store import Store


@dataclass(frozen=True)
class OriginRow:
    """A number that went into a formula, in the language of the reader; `beaten`: its level and what it was preferred to."""

    symbol: str
    title: str
    members: str
    value: float
    unit: str
    given: str
    steps: str
    address: str
    source: str
    mark: str
    doubtful: bool
    beaten: str


@dataclass(frozen=True)
class CellRow:
    """A rule in the numbers of one cell: arithmetic that gives the value, and its numbers."""

    members: str
    numbers: str
    value: str
    unit: str
    exact: float
    exact_unit: str
    origins: tuple[OriginRow, ...]


@dataclass(frozen=True)
class RuleRow:
    """A rule: its formula as HTML that the formula printer made, its source, and the cells it was computed in."""

    id: str
    title: str
    html: str
    source: str
    clause: str
    mark: str
    doubtful: bool
    cells: tuple[CellRow, ...]


@dataclass(frozen=True)
class ExplainedPage:
    """A trace for a page; `why_not` says why there is no value, `unread` are figures that nothing reads."""

    trace: Trace
    rules: tuple[RuleRow, ...]
    why_not: str
    unread: tuple[dict[str, str], ...]


def explain_for_page(store: Store, key: AccountKey, service: str | None, lang: str) -> ExplainedPage:
    """Return the trace of a service of a stored account, or of its total.

    Parameters
    ----------
    service : id; None: the total
    lang    : zh or en

    Raises
    ------
    Problems : the account's standard counts no such service
    """
    with store:
        trace = make_trace(store, key, service, None)
    groups: dict[str, list[Explained]] = {}
    for step in trace.steps:
        groups.setdefault(step.rule, []).append(step)
    return ExplainedPage(
        trace,
        tuple(_rule(steps, lang) for steps in groups.values()),
        explain_not_accounted(trace, lang),
        tuple(one for one in trace.unread if not one["whole"]),
    )


def _rule(steps: list[Explained], lang: str) -> RuleRow:
    first = steps[0]
    return RuleRow(
        first.rule,
        widen_punctuation(first.title_zh) if lang == "zh" else first.title_en,
        say_first_known(first.html, read_words(lang)),
        first.source,
        say_in(first.clause, lang),
        first.mark,
        first.mark in UNVERIFIED,
        tuple(_cell(step, lang) for step in steps),
    )


def _cell(step: Explained, lang: str) -> CellRow:
    value, unit = print_readable(step.value, step.unit, lang)
    return CellRow(
        name_members(step.members, lang),
        step.numbers,
        value,
        unit,
        step.value,
        print_unit_readable(step.unit, lang),
        tuple(_origin(one, lang) for one in step.origins),
    )


def _origin(one: Origin, lang: str) -> OriginRow:
    return OriginRow(
        one.symbol,
        widen_punctuation(one.title_zh) if lang == "zh" else one.title_en,
        name_members(one.members, lang),
        one.value,
        print_unit_readable(one.unit, lang),
        one.as_given,
        say_conversion(one.steps, lang),
        one.address,
        one.source,
        one.mark,
        one.mark in UNVERIFIED,
        describe_choice(one, lang) if one.level or one.beaten else "",
    )


def name_members(members: str, lang: str) -> str:
    """Return members with the names of ecosystem types; pollutants and products keep theirs."""
    return " ".join(find_member_title("ecosystem", name)[lang] if name in read_ecosystems() else name for name in members.split())
