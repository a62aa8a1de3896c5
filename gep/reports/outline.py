"""The sections of a county report in their order, the same in every form that has pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gep.reports.model import Report
    from gep.reports.words import Words

NUMBERED = (
    "summary",
    "scope",
    "extent",
    "catalogue",
    "methods",
    "quantities",
    "value",
    "indices",
    "comparison",
    "sensitivity",
    "schemes",
    "unverified",
    "signoff",
)
ANNEXES = ("annex_a", "annex_b", "annex_c", "annex_d", "annex_e")
_TITLES = {"quantities": "quantities_prices", "value": "value_table"}


@dataclass(frozen=True)
class Section:
    """A heading of the report; annexes have no number."""

    id: str
    number: str
    title: str


def make_outline(report: Report, words: Words) -> list[Section]:
    """Return the sections that the report has, numbered in their order."""
    has = {
        "comparison": bool(report.tables["series"].rows),
        "sensitivity": bool(report.tables["sensitivity"].rows),
        "schemes": bool(report.schemes),
        "annex_d": bool(report.tables["matrix_detail"].rows or report.tables["quantity_matrix"].rows),
    }
    numbered = [name for name in NUMBERED if has.get(name, True)]
    found = [Section(name, str(at), words[_TITLES.get(name, name)]) for at, name in enumerate(numbered, 1)]
    return found + [Section(name, "", words[name]) for name in ANNEXES if has.get(name, True)]
