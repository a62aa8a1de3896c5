"""The parts of a report, whatever form it is written in: tables of typed cells, figures with their numbers, sections.

This is also what templates see; docs/report-templates.md lists it. Cells hold numbers in the unit of their column, unrounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gep.messages.tables import Table


@dataclass(frozen=True)
class Point:
    """A number of a figure with its label, in the figure's unit."""

    label: str
    value: float
    group: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawing of a report: what it shows, in words and in numbers of `unit`, and its SVG (empty until it is drawn)."""

    id: str
    title: str
    unit: str
    alt: str
    note: str
    points: tuple[Point, ...]
    own: str = ""
    """Of a map: code of the county to mark."""
    svg: str = ""
    year: int | None = None
    """Of a map: the year whose names stand on it; None: those of today."""


@dataclass(frozen=True)
class Where:
    """One number that went into a formula, and the cell it came from."""

    symbol: str
    title: str
    members: str
    value: float
    unit: str
    given: str
    address: str
    source: str
    mark: str
    steps: str
    beaten: str


@dataclass(frozen=True)
class Audit:
    """A rule in the numbers of one cell: arithmetic that gives the value, and where each number came from."""

    members: str
    numbers: str
    value: float
    unit: str
    origins: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Method:
    """A rule: its formula as mathematics, its source and mark, and the cells it was computed in."""

    rule: str
    title: str
    variant: str
    formula: str
    """HTML made by the formula printer; nothing in it comes from inputs."""
    text: str
    source: str
    mark: str
    unit: str
    audits: tuple[Audit, ...]


@dataclass(frozen=True)
class Service:
    """The methods of one accounted service."""

    id: str
    title: str
    value: float
    methods: tuple[Method, ...]


@dataclass(frozen=True)
class Standard:
    """The standard the account follows."""

    id: str
    title: str
    number: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """The step of review of the account: draft, submitted, approved or returned, by whom, for which hash."""

    id: str
    title: str
    who: str
    at: str
    note: str
    sha256: str
    sentence: str


@dataclass(frozen=True)
class Run:
    """The run that the report is made from."""

    run: int
    made_at: str
    program: str
    results_sha256: str
    inputs_sha256: str
    coefficients_sha256: str
    rules_sha256: str
    reason: str
    account_sha256: str = ""
    """Hash of the results of this account alone, what a sign-off names."""
    chain_sha256: str = ""
    """Head of the store's chain when the report was made; stands for all that was stored up to then."""
    chain_link: int = 0


@dataclass(frozen=True)
class Headline:
    """One of the large numbers on the first pages."""

    id: str
    title: str
    value: float | None
    shown: str
    unit: str


@dataclass(frozen=True)
class OfficeText:
    """What an office wrote for a part of a report: by whom, and where a fact in it is from."""

    part: str
    text: str
    author: str
    source: str = ""


@dataclass(frozen=True)
class Report:
    """All that a report says of one account, in one language.

    Attributes
    ----------
    county      : its name; `code` is its six digits
    money_scale : yuan in one `money_unit`
    tables, figures : by id
    facts       : numbers for templates, by name; None where they are not known
    texts       : what the office wrote, of reports for those who decide
    """

    kind: str
    lang: str
    title: str
    county: str
    code: str
    year: int
    total: Headline
    headlines: tuple[Headline, ...]
    money_unit: str
    money_scale: float
    standard: Standard
    state: State
    run: Run
    constant_year: int | None
    basis: str
    scope: tuple[tuple[str, str], ...]
    coverage: str
    summary: tuple[str, ...]
    tables: dict[str, Table]
    figures: dict[str, Figure]
    services: tuple[Service, ...]
    statements: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, str, str, str], ...] = ()
    schemes: tuple[Table, ...] = ()
    facts: dict[str, float | None] = field(default_factory=dict)
    texts: tuple[OfficeText, ...] = ()
